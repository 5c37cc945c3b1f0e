"""Files that never change, sent so that a browser asks for them once, and compressed once."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import threading
from pathlib import Path

from starlette.responses import FileResponse, Response

from formcheck.files import replace_when_done

IMMUTABLE = "public, max-age=31536000, immutable"
# An address without a version: asked for again each time, and answered by "not modified".
REVALIDATED = "no-cache"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".task": "application/octet-stream",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
# What is compressed by itself is sent as it is.
PACKED = {".mp3", ".mp4", ".png", ".woff2", ".ico"}


class Compressed:
    """Keep a gzip copy of files, made once for each state of a file.

    Parameters
    ----------
    folder
        Where the copies are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def of(self, path: Path) -> Path | None:
        """Return the copy of a file, making it when it is not there; None where that fails."""
        try:
            state = path.stat()
            key = f"{path.resolve()}|{state.st_size}|{state.st_mtime_ns}"
            copy = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.gz"
            if copy.is_file():
                return copy
            with self._lock:  # two browsers that come first need one copy
                if not copy.is_file():
                    self._folder.mkdir(parents=True, exist_ok=True)
                    with (
                        path.open("rb") as source,
                        replace_when_done(copy) as temporary,
                        gzip.open(temporary, "wb", compresslevel=9) as target,
                    ):
                        shutil.copyfileobj(source, target)
            return copy
        except OSError:
            return None


def inside(folder: Path | None, name: str) -> Path | None:
    """Return the file of that name in a folder or below it; None where there is none."""
    if folder is None or "\\" in name or "\0" in name:
        return None
    root = os.path.realpath(folder)
    path = os.path.realpath(os.path.join(root, name))
    if os.path.commonpath([root, path]) != root or not os.path.isfile(path):
        return None
    return Path(path)


def file_response(
    path: Path,
    cache: str,
    accepts: str,
    compressed: Compressed,
    headers: dict[str, str] | None = None,
) -> Response:
    """Send a file.

    Parameters
    ----------
    path
        The file.
    cache
        What a browser may keep.
    accepts
        The request's Accept-Encoding.
    compressed
        Where the compressed copies are.
    """
    told = {"Cache-Control": cache}
    media_type = TYPES.get(path.suffix, "application/octet-stream")
    sent = path
    if path.suffix not in PACKED:
        told["Vary"] = "Accept-Encoding"
        copy = compressed.of(path) if takes_gzip(accepts) else None
        if copy is not None:
            sent, told["Content-Encoding"] = copy, "gzip"
    return FileResponse(sent, headers=told, media_type=media_type)


def takes_gzip(accepts: str) -> bool:
    """Whether an Accept-Encoding allows gzip.

    Examples
    --------
    >>> takes_gzip("gzip, deflate, br"), takes_gzip("gzip;q=0, *"), takes_gzip("*")
    (True, False, True)
    """
    weights = {}
    for part in accepts.lower().split(","):
        name, _, weight = part.strip().partition(";")
        try:
            weights[name.strip()] = float(weight.replace(" ", "").removeprefix("q=") or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0

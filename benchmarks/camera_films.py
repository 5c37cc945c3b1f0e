"""Films in place of a camera: Chromium shows one over and over, from when the camera is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
RATE = 30  # Chromium's, whatever the film says
SIZE = (640, 480)
# Chromium's own chatter with its maker is switched off, so that only the page's requests are left.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Clip:
    """A video, at the camera's rate and size, whole and in the middle."""

    path: Path
    cut: Callable[[Picture], Picture] = lambda picture: picture

    def __iter__(self) -> Iterator[Picture]:
        due = 0.0
        with av.open(self.path) as source:
            for shown in source.decode(video=0):
                while shown.time >= due - 1e-6:
                    yield fitted(self.cut(shown.to_ndarray(format="rgb24")))
                    due += 1 / RATE

    @property
    def seconds(self) -> float:
        return sum(1 for _ in self) / RATE


def fitted(picture: Picture) -> Picture:
    """Return a picture as the camera shows it: whole, in the middle, on grey."""
    height, width = picture.shape[:2]
    scale = min(SIZE[0] / width, SIZE[1] / height)
    w, h = round(scale * width), round(scale * height)
    small = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
    out = nobody()
    x, y = (SIZE[0] - w) // 2, (SIZE[1] - h) // 2
    out[y : y + h, x : x + w] = small.reformat(w, h).to_ndarray(format="rgb24")
    return out


def nobody() -> Picture:
    """Return a grey picture."""
    return np.full((SIZE[1], SIZE[0], 3), 110, np.uint8)


def film(path: Path, clip: Clip, before_s: float, after_s: float, nobody_s: float) -> Path:
    """Write a film: the clip, its first and last picture for a while, and nobody for a while."""
    pictures = list(clip)
    begin, end = [pictures[0]] * round(before_s * RATE), [pictures[-1]] * round(after_s * RATE)
    return written(path, [*begin, *pictures, *end, *[nobody()] * round(nobody_s * RATE)])


def written(path: Path, pictures: Iterable[Picture]) -> Path:
    """Write a film of frames, each of the camera's size."""
    with av.open(path, "w", format="mjpeg") as target:
        stream = target.add_stream("mjpeg", rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuvj420p"
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            target.mux(stream.encode(frame.reformat(format="yuvj420p")))
        target.mux(stream.encode())
    return path

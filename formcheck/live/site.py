"""The live page's addresses, beside Streamlit's own on the same server."""

from __future__ import annotations

import gc
import html
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import platformdirs
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from formcheck.errors import FormcheckError
from formcheck.live.conductor import REST_S, dosage_of
from formcheck.live.files import (
    IMMUTABLE,
    PACKED,
    REVALIDATED,
    TYPES,
    Compressed,
    file_response,
    inside,
)
from formcheck.live.headers import LIVE, VIEWS, SecurityHeaders
from formcheck.live.socket import COOKIE, Limits, Sessions
from formcheck.live.visit import sessions_folder
from formcheck.pose.models import CACHE_VARIABLE, DEFAULT_MODEL, MODELS, model_path
from formcheck.report import camera_places
from formcheck.spec import Spec, catalogue
from formcheck.view_map import view_maps
from formcheck.web.samples import FOLDER as PICTURES
from formcheck.web.samples import samples_of
from formcheck.web.texts import SAFETY, STRENGTH_LAST

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
TOKEN = '<meta name="formcheck-token" content="">'
# A year, in seconds: the browser's name says nothing about the person, and lets a page come back.
COOKIE_S = 31_536_000

NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>formcheck</title>
<h1>The live page is not set up yet</h1>
<p>Run <code>make setup</code> in the folder of formcheck, then start the app again.</p>
<p><a href="/">Back to reviewing a video</a></p>
</html>
"""


def cache_folder() -> Path:
    """Return where compressed copies are kept."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named or platformdirs.user_cache_dir("formcheck", appauthor=False)) / "gzip"


@dataclass
class LiveSite:
    """What the live page needs, and where it is.

    Attributes
    ----------
    dist
        The built page.
    vision
        The npm package that tracks poses in the browser.
    pictures
        The sample videos.
    sessions_folder
        Where sessions are saved.
    compressed_folder
        Where compressed copies are kept.
    limits
        How much the server takes.
    """

    dist: Path = FRONTEND / "dist"
    vision: Path = FRONTEND / "node_modules" / "@mediapipe" / "tasks-vision"
    pictures: Path = PICTURES
    sessions_folder: Path = field(default_factory=sessions_folder)
    compressed_folder: Path = field(default_factory=cache_folder)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.sessions_folder, self.limits)
        self._compressed = Compressed(self.compressed_folder)

    def routes(self) -> list[BaseRoute]:
        """Return the addresses, for an app of Starlette or Streamlit."""
        return [
            Route(LIVE, self._page),
            Route(f"{LIVE}/exercises.json", self._exercises),
            Route(f"{LIVE}/assets/{{name:path}}", self._asset),
            Route(f"{LIVE}/wasm/{{version}}/{{name:path}}", self._wasm),
            Route(f"{LIVE}/models/{{version}}/{{name}}", self._model),
            Route(f"{LIVE}/pictures/{{name}}", self._picture),
            Route(f"{VIEWS}/{{exercise}}.svg", _views),
            WebSocketRoute(f"{LIVE}/socket", self._socket),
            Route(f"{LIVE}/{{rest:path}}", _nothing),
        ]

    @staticmethod
    def middleware() -> list[Middleware]:
        """Return what all of the app's responses go through."""
        return [Middleware(SecurityHeaders)]

    @asynccontextmanager
    async def lifespan(self, _: object = None) -> AsyncIterator[None]:
        """Look after the sessions as long as the app runs."""
        await run_in_threadpool(catalogue)  # a second, which the first visitor need not wait
        # What is imported stays: to look through it for garbage would hold everybody up for 90 ms.
        gc.collect()
        gc.freeze()
        async with self.sessions.running():
            yield

    def prepare(self) -> None:
        """Compress what browsers will ask for, at set-up: else the first visitor waits for it."""
        folders = (self.dist / "assets", self.vision / "wasm")
        files = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
        for path in [*files, *self._models.values()]:
            if path.is_file() and path.suffix not in PACKED:
                self._compressed.of(path)

    # -- the page -----------------------------------------------------------------------------

    def _page(self, request: Request) -> Response:
        page = self.dist / "live.html"
        try:
            text = page.read_text(encoding="utf-8")
        except OSError:
            return HTMLResponse(NOT_BUILT, status_code=503)
        visitor = self.sessions.visitor(request.cookies.get(COOKIE))
        token = html.escape(self.sessions.token(visitor))
        text = text.replace(TOKEN, TOKEN.replace('""', f'"{token}"'))
        response = HTMLResponse(text, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            COOKIE,
            visitor,
            max_age=COOKIE_S,
            path=LIVE,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    def _exercises(self, request: Request) -> Response:
        return JSONResponse(self._all_exercises, headers={"Cache-Control": REVALIDATED})

    @cached_property
    def _all_exercises(self) -> dict[str, Any]:
        exercises = {id: one.spec for id, one in catalogue().items() if one.spec.kind != "avoid"}
        told = [self._exercise(spec, set(exercises)) for spec in exercises.values()]
        return {
            "exercises": sorted(told, key=lambda one: str(one["name"])),
            "safety": [line.replace("*", "") for line in SAFETY],
            "wasm": f"{LIVE}/wasm/{self._version}" if self._version else None,
            "models": {
                name: f"{LIVE}/models/{MODELS[name].sha256[:16]}/{path.name}"
                for name, path in self._models.items()
            },
            "model": DEFAULT_MODEL,
        }

    def _exercise(self, spec: Spec, known: set[str]) -> dict[str, Any]:
        samples = samples_of(spec.id, known, self.pictures)
        dosage = dosage_of(spec)
        sets, often, held_s = dosage.least
        cautions = [*spec.cautions, *([STRENGTH_LAST] if spec.group == "strength" else [])]
        return {
            "id": spec.id,
            "name": spec.name,
            "kind": spec.kind,
            "sides": list(spec.judged_sides) if spec.sides == "each" else [],
            "summary": spec.summary,
            "instructions": list(spec.instructions),
            "feel": spec.feel,
            "cautions": cautions,
            "equipment": list(spec.equipment),
            "position": spec.position.name,
            "camera": next(iter(spec.cameras.values())).text,
            "views": _described(spec),
            "dosage": {
                "document": dosage.document or None,
                "sets": sets,
                "times": often,
                "hold_s": held_s,
                "each_side": dosage.each_side,
                "rest_s": REST_S,
            },
            "picture": f"{LIVE}/pictures/{samples[0].path.name}" if samples else None,
        }

    # -- files --------------------------------------------------------------------------------

    @cached_property
    def _version(self) -> str | None:
        """The version of the package that tracks poses; None where it is not here."""
        try:
            package = json.loads((self.vision / "package.json").read_text(encoding="utf-8"))
            return str(package["version"])
        except (OSError, ValueError, KeyError):
            return None

    @cached_property
    def _models(self) -> dict[str, Path]:
        """The pose models that can be had here, by name."""
        found = {}
        for name in MODELS:
            try:
                found[name] = model_path(name)
            except FormcheckError:
                continue
        return found

    def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        return self._send(request, inside(self.dist / "assets", name), IMMUTABLE)

    def _wasm(self, request: Request) -> Response:
        found = None
        if request.path_params["version"] == self._version:
            found = inside(self.vision / "wasm", request.path_params["name"])
        return self._send(request, found, IMMUTABLE)

    def _model(self, request: Request) -> Response:
        version, name = request.path_params["version"], request.path_params["name"]
        for model, path in self._models.items():
            if path.name == name and MODELS[model].sha256[:16] == version:
                return self._send(request, path, IMMUTABLE)
        return _nothing(request)

    def _picture(self, request: Request) -> Response:
        name = request.path_params["name"]
        found = inside(self.pictures, name) if name.endswith(".mp4") else None
        return self._send(request, found, REVALIDATED)

    def _send(self, request: Request, path: Path | None, cache: str) -> Response:
        if path is None:
            return _nothing(request)
        accepts = request.headers.get("accept-encoding", "")
        return file_response(path, cache, accepts, self._compressed)

    # -- the connection -----------------------------------------------------------------------

    async def _socket(self, socket: WebSocket) -> None:
        await self.sessions.serve(socket)


def _described(spec: Spec) -> dict[str, Any] | None:
    """Return where an exercise's map of camera positions is, and what it shows in words."""
    view_map = view_maps().get(spec.id)
    if view_map is None:
        return None
    return {
        "plot": f"{VIEWS}/{spec.id}.svg",
        "alt": camera_places.alternative(spec, view_map),
        "lines": camera_places.lines(spec, view_map),
    }


def _views(request: Request) -> Response:
    exercise = request.path_params["exercise"]
    view_map, loaded = view_maps().get(exercise), catalogue().get(exercise)
    if view_map is None or loaded is None:
        return _nothing(request)
    return Response(
        camera_places.plot(loaded.spec, view_map),
        media_type=TYPES[".svg"],
        headers={"Cache-Control": REVALIDATED},
    )


def _nothing(request: Request) -> Response:
    return PlainTextResponse("There is nothing here.", status_code=404)

"""A page without a browser: it sends recorded landmarks to the real server, and reads answers."""

from __future__ import annotations

import json
import re
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from websockets.sync.client import ClientConnection, connect

from formcheck.body import PoseFrame, Recording
from formcheck.live.protocol import write_frame
from formcheck.live.site import LiveSite

PAGE = '<!doctype html><html lang="en"><meta name="formcheck-token" content=""></html>'
ANSWER_S = 30


def make_dist(folder: Path) -> Path:
    """Make what the frontend's build makes, as small as can be."""
    (folder / "assets").mkdir(parents=True)
    (folder / "live.html").write_text(PAGE)
    (folder / "assets" / "live-abc123.js").write_text("console.log('live')\n" * 100)
    return folder


def make_vision(folder: Path) -> Path:
    """Make what the npm package for the browser has, as small as can be."""
    (folder / "wasm").mkdir(parents=True)
    (folder / "package.json").write_text('{"version": "0.10.34"}')
    (folder / "wasm" / "vision_wasm_internal.wasm").write_bytes(b"\0asm" + bytes(5000))
    return folder


@contextmanager
def serving(site: LiveSite) -> Iterator[str]:
    """Run the site's routes on a free port of this machine; gives the host and port."""
    app = Starlette(routes=site.routes(), middleware=site.middleware(), lifespan=site.lifespan)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # who comes before the server is ready waits
    config = uvicorn.Config(app, log_level="warning", ws="websockets-sansio", ws_ping_interval=20)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@dataclass
class Page:
    """One browser's page.

    `messages` is all that it was told, `sent` the number of the last frame.
    """

    host: str
    cookie: str = ""
    token: str = ""
    socket: ClientConnection | None = None
    session: str = ""
    sent: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    opened: ExitStack = field(default_factory=ExitStack)

    def load(self) -> Page:
        request = urllib.request.Request(f"http://{self.host}/live")
        if self.cookie:
            request.add_header("Cookie", self.cookie)
        with urllib.request.urlopen(request, timeout=ANSWER_S) as response:
            self.cookie = response.headers["Set-Cookie"].partition(";")[0]
            self.token = re.search(r'formcheck-token" content="(\w+)"', response.read().decode())[1]
        return self

    def open(self, origin: str | None = None) -> ClientConnection:
        opening = connect(
            f"ws://{self.host}/live/socket",
            origin=origin or f"http://{self.host}",
            additional_headers={"Cookie": self.cookie} if self.cookie else {},
            open_timeout=ANSWER_S,
        )
        self.socket = self.opened.enter_context(opening)
        return self.socket

    def begin(self, *exercises: str, **how: Any) -> dict[str, Any]:
        self.open()
        routine = [{"exercise": exercise, **how} for exercise in exercises]
        self.say(type="begin", token=self.token, routine=routine, model="full", now=0.0)
        return self.welcomed()

    def resume(self) -> dict[str, Any]:
        self.open()
        self.say(type="resume", token=self.token, session=self.session, now=0.0)
        return self.welcomed()

    def welcomed(self) -> dict[str, Any]:
        welcome = self.until("welcome")
        self.session = welcome["session"]
        return welcome

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def send(self, frame: PoseFrame) -> None:
        self.sent += 1
        self.socket.send(write_frame(self.sent, frame))

    def hear(self) -> dict[str, Any]:
        message = json.loads(self.socket.recv(ANSWER_S))
        self.messages.append(message)
        return message

    def until(self, type: str) -> dict[str, Any]:
        while True:
            message = self.hear()
            if message["type"] == type:
                return message

    def until_frame(self, number: int) -> dict[str, Any]:
        while True:
            message = self.until("now")
            if message["frame"] >= number:
                return message

    def play(self, recording: Recording, ahead: int = 8) -> dict[str, Any]:
        """Send frames, waiting for answers now and then, until they are all answered."""
        for frame in recording:
            self.send(frame)
            if self.sent % ahead == 0:
                self.until_frame(self.sent)
        last = self.messages[-1]
        return last if last.get("frame") == self.sent else self.until_frame(self.sent)

    def close(self) -> None:
        self.opened.close()

    def said(self, kind: str | None = None) -> list[str]:
        return [
            one["text"]
            for message in self.messages
            for one in message.get("say", [])
            if kind in (None, one["kind"])
        ]

    def stages(self) -> list[str]:
        """The stages that were gone through, in order."""
        stages = [message["stage"] for message in self.messages if message["type"] == "now"]
        return [s for i, s in enumerate(stages) if i == 0 or stages[i - 1] != s]

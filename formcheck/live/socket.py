"""The connection: who may open one, what is taken from it, and what happens when it is lost."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from formcheck.live.protocol import (
    Asked,
    Beat,
    Begin,
    Do,
    Forget,
    Message,
    ProtocolError,
    Resume,
    read_frame,
    read_message,
    write_message,
)
from formcheck.live.visit import Ended, Visit, conclude, routine_of
from formcheck.pose.models import MODELS

COOKIE = "formcheck_visitor"
UNEXPECTED = (
    "Something went wrong, and it is not your fault: there is no result. Please tell whoever runs"
    " formcheck; the details are in its log."
)
NOT_FORGOTTEN = "Not all of it could be deleted. Please try again, or tell whoever runs formcheck."
_ELSEWHERE = "This session goes on in another window."
# Frames that are judged in one go, before others have their turn: some milliseconds.
FRAMES_AT_ONCE = 4
# A page that is not understood so often is not ours.
MOST_MISTAKES = 20
_COOKIE_FORM = re.compile(r"[A-Za-z0-9_-]{32}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one visitor, and all together, may ask of the server.

    Attributes
    ----------
    frames_a_s, burst
        Frames, on the whole and at once: after a lost connection a page sends a minute again.
    waiting
        Frames that wait to be judged; then no more are read until some are.
    sessions, sessions_each
        At a time, in all and of one browser.
    first_s, silent_s
        How long to wait for the first message, and for any.
    beat_s
        How long the server itself is silent at most.
    detached_s, over_s
        How long a session waits for its page, while it is under way and once it is over.
    sweep_s
        How often it is looked for those who wait no more.
    """

    frames_a_s: float = 60.0
    burst: float = 2400.0
    waiting: int = 64
    sessions: int = 500
    sessions_each: int = 4
    first_s: float = 10.0
    silent_s: float = 30.0
    beat_s: float = 2.0
    detached_s: float = 15 * 60.0
    over_s: float = 60.0
    sweep_s: float = 15.0


class Refused(ProtocolError):
    """The connection is not to go on; the text says why."""


@dataclass(slots=True, eq=False)
class _Kept:
    """A session, whether its page is there or not.

    Attributes
    ----------
    bucket, filled
        How many messages may come now, and when that was reckoned.
    task
        What serves its connection; None while its page is not there.
    left
        Since when that is so.
    concluding
        What reviews and saves an exercise that has ended; it goes on when the connection is lost.
    result
        The last exercise's, told again when the page comes back: it may have been lost on the way.
    """

    visit: Visit
    bucket: float
    filled: float
    task: asyncio.Task[Any] | None = None
    left: float | None = None
    concluding: asyncio.Task[None] | None = None
    result: dict[str, Any] | None = None


class Sessions:
    """All sessions of a server.

    Parameters
    ----------
    folder
        Where they are saved.
    limits
        How much may be asked for.
    """

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder = folder
        self.limits = limits or Limits()
        self._secret = secrets.token_bytes(32)
        self._kept: dict[str, _Kept] = {}

    def __len__(self) -> int:
        return len(self._kept)

    # -- who is who ---------------------------------------------------------------------------

    def visitor(self, cookie: str | None) -> str:
        """Return the browser's name from its cookie, else a new one."""
        if cookie is not None and _COOKIE_FORM.fullmatch(cookie):
            return cookie
        return secrets.token_urlsafe(24)

    def token(self, visitor: str) -> str:
        """Return what only a page that this server gave to this browser knows."""
        return hmac.new(self._secret, visitor.encode(), hashlib.sha256).hexdigest()

    async def _admit(self, visitor: str, first: Message) -> _Kept:
        if not isinstance(first, Begin | Resume):
            raise Refused("The first message must begin or resume a session.")
        if not hmac.compare_digest(first.token.encode(), self.token(visitor).encode()):
            raise Refused("This page is out of date. Please load it again.")
        if isinstance(first, Begin):
            return await self._begin(visitor, first)
        return self._find(visitor, first)

    async def _begin(self, visitor: str, begin: Begin) -> _Kept:
        limits = self.limits
        if begin.model not in MODELS:
            raise Refused("There is no such pose model. Please load the page again.")
        try:
            routine = routine_of(begin)
        except ProtocolError as error:
            raise Refused(str(error)) from error
        own = [kept for kept in self._kept.values() if kept.visit.visitor == visitor]
        # Who loads the page again and again does not come back to the sessions before.
        waiting = sorted((kept for kept in own if kept.left is not None), key=lambda k: k.left or 0)
        for kept in waiting[: max(0, len(own) - limits.sessions_each + 1)]:
            own.remove(kept)
            await self._lose(kept)
        if len(own) >= limits.sessions_each:
            raise Refused("You have too many sessions open. Close some, and load the page again.")
        if len(self._kept) >= limits.sessions:
            raise Refused("Too many people are exercising now. Please try again later.")
        visit = Visit(secrets.token_urlsafe(16), visitor, routine, begin.model)
        kept = _Kept(visit, limits.burst, time.monotonic())
        self._kept[visit.id] = kept
        return kept

    def _find(self, visitor: str, resume: Resume) -> _Kept:
        kept = self._kept.get(resume.session)
        if kept is None or kept.visit.visitor != visitor:
            raise Refused("This session is over. Please begin again.")
        return kept

    # -- one connection -----------------------------------------------------------------------

    async def serve(self, socket: WebSocket) -> None:
        """Serve one connection, from its opening to its end."""
        visitor = socket.cookies.get(COOKIE)
        if not is_own_origin(socket) or visitor is None or not _COOKIE_FORM.fullmatch(visitor):
            await socket.close()  # before it is accepted: 403
            return
        await socket.accept()
        try:
            async with asyncio.timeout(self.limits.first_s):
                first = await socket.receive()
            if first["type"] == "websocket.disconnect":
                return
            kept = await self._admit(visitor, read_text(first))
        except TimeoutError:
            await refuse(socket, "Nothing was heard from the page.")
        except ProtocolError as error:
            await refuse(socket, str(error))
        else:
            await self._attach(kept, socket)

    async def _attach(self, kept: _Kept, socket: WebSocket) -> None:
        """Serve a session's new connection; the one it had is dead, or another window's."""
        if kept.task is not None:
            kept.task.cancel(_ELSEWHERE)
        task = asyncio.current_task()
        kept.task, kept.left = task, None
        try:
            await Connection(self, kept, socket).run()
        except WebSocketDisconnect:
            pass
        except ProtocolError as error:
            await refuse(socket, str(error))
        except asyncio.CancelledError:
            if kept.task is task:
                raise  # the server ends
            await refuse(socket, _ELSEWHERE)
        finally:
            if kept.task is task:
                kept.task, kept.left = None, time.monotonic()

    # -- the end of sessions ------------------------------------------------------------------

    async def conclude(self, kept: _Kept) -> dict[str, Any] | None:
        """Review and save what has ended; return the result, None if nothing has."""
        ended = kept.visit.ended()
        if ended is None:
            return None
        kept.concluding = asyncio.create_task(self._conclude(kept, ended))
        await asyncio.shield(kept.concluding)
        return kept.result

    async def _conclude(self, kept: _Kept, ended: Ended) -> None:
        # In a thread: to compress minutes of landmarks takes longer than others should wait.
        try:
            kept.result, saved = await asyncio.to_thread(conclude, ended, self.folder)
        except Exception:
            _log.exception("a live review failed")
            kept.result = {"type": "problem", "text": UNEXPECTED, "final": False}
            return
        if saved is not None:
            kept.visit.saved.append(saved)

    async def _lose(self, kept: _Kept) -> None:
        if kept.concluding is not None:
            await kept.concluding
        if kept.task is None:
            self._kept.pop(kept.visit.id, None)
            kept.visit.lose()
            await self.conclude(kept)
            kept.visit.close()

    async def sweep(self) -> None:
        """End the sessions whose pages have not come back."""
        now = time.monotonic()
        for kept in list(self._kept.values()):
            wait_s = self.limits.over_s if kept.visit.over else self.limits.detached_s
            if kept.left is not None and now - kept.left >= wait_s:
                await self._lose(kept)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look after the sessions while the server runs; save those under way when it ends."""

        async def look_after() -> None:
            while True:
                await asyncio.sleep(self.limits.sweep_s)
                try:
                    await self.sweep()
                except Exception:
                    _log.exception("sessions could not be ended")

        task = asyncio.create_task(look_after())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            for kept in list(self._kept.values()):
                kept.task = None
                await self._lose(kept)


class Connection:
    """One connection of a session: one task reads, one judges and answers, one keeps it alive."""

    def __init__(self, sessions: Sessions, kept: _Kept, socket: WebSocket) -> None:
        self._sessions, self._kept, self._socket = sessions, kept, socket
        self._limits = sessions.limits
        self._waiting: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue(self._limits.waiting)
        self._heard = self._spoke = time.monotonic()
        self._mistakes = 0
        self._owed = False  # an answer to the frames that were taken

    async def run(self) -> None:
        """Serve until the page leaves.

        Raises
        ------
        ProtocolError
            If the page is not to be served any more.
        WebSocketDisconnect
            If the connection is lost.
        """
        kept, visit = self._kept, self._kept.visit
        if kept.concluding is not None:
            await asyncio.shield(kept.concluding)
        await self._send(
            {
                "type": "welcome",
                "session": visit.id,
                "received": visit.received,
                "item": visit.item(),
            }
        )
        if kept.result is not None:
            await self._send(kept.result)
        others = [asyncio.create_task(one) for one in (self._read(), self._beat())]
        try:
            while True:
                await self._answer()
        finally:
            for other in others:
                other.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    async def _read(self) -> None:
        """Take what comes, as long as there is room for it; then the network has to wait."""
        while True:
            event = await self._socket.receive()
            self._heard = time.monotonic()
            await self._waiting.put(event)
            if event["type"] == "websocket.disconnect":
                return

    async def _beat(self) -> None:
        """Say something in time, so that the page knows that it is heard."""
        while True:
            now = time.monotonic()
            if now - self._heard > self._limits.silent_s:
                await self._waiting.put({"type": "websocket.disconnect"})
                return
            silent_s = now - self._spoke
            if silent_s >= self._limits.beat_s:
                await self._send({"type": "beat"})
                silent_s = 0.0
            await asyncio.sleep(self._limits.beat_s - silent_s)

    async def _answer(self) -> None:
        """Take the next messages, and answer the last of them."""
        visit = self._kept.visit
        event = await self._waiting.get()
        for taken in range(FRAMES_AT_ONCE):
            if event["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(event.get("code", 1005))
            self._owed |= await self._take(event)
            if visit.ending or self._waiting.empty() or taken == FRAMES_AT_ONCE - 1:
                break
            event = self._waiting.get_nowait()
        if self._owed and (self._waiting.empty() or visit.ending):
            self._owed = False
            await self._send(visit.now())
        result = await self._sessions.conclude(self._kept)
        if result is not None:
            await self._send(result)
        if visit.move_on():
            await self._send({"type": "item", **visit.item()})
        if not self._waiting.empty():
            await asyncio.sleep(0)  # others have their turn, however much waits here

    async def _take(self, event: MutableMapping[str, Any]) -> bool:
        """Take one message; return whether the state is another one now."""
        self._draw()
        try:
            data = event.get("bytes")
            if data is not None:
                return self._kept.visit.take(read_frame(data))
            return await self._do(read_text(event))
        except ProtocolError as error:
            self._mistakes += 1
            if self._mistakes > MOST_MISTAKES:
                raise
            await self._send({"type": "problem", "text": str(error), "final": False})
            return False

    async def _do(self, message: Message) -> bool:
        visit = self._kept.visit
        match message:
            case Do(what=what):
                visit.act(what)
                await self._tell_over()
                return True
            case Asked():
                await asyncio.to_thread(visit.note, message)
            case Forget():
                if not await asyncio.to_thread(visit.forget):
                    raise ProtocolError(NOT_FORGOTTEN)
                await self._send({"type": "forgotten"})
            case Beat():
                pass
            case _:
                raise ProtocolError("This session has begun already.")
        return False

    async def _tell_over(self) -> None:
        """Take back that another exercise comes, when the person ends it all in between."""
        result = self._kept.result
        if self._kept.visit.over and result is not None and result.get("next"):
            self._kept.result = {**result, "next": False}
            await self._send(self._kept.result)

    def _draw(self) -> None:
        """Count a message against the rate that is allowed."""
        kept, limits, now = self._kept, self._limits, time.monotonic()
        kept.bucket = min(limits.burst, kept.bucket + (now - kept.filled) * limits.frames_a_s) - 1.0
        kept.filled = now
        if kept.bucket < 0:
            raise Refused("Too much came at once. Please load the page again.")

    async def _send(self, message: dict[str, Any]) -> None:
        self._spoke = time.monotonic()
        await self._socket.send_text(write_message(message))


def is_own_origin(socket: WebSocket) -> bool:
    """Whether the page that asks came from this server."""
    origin, host = socket.headers.get("origin"), socket.headers.get("host")
    if origin is None or not host:
        return False
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def read_text(event: MutableMapping[str, Any]) -> Message:
    """Return the message in what was received.

    Raises
    ------
    ProtocolError
        If there is none.
    """
    text = event.get("text")
    if text is None:
        raise ProtocolError("A text was expected.")
    return read_message(text)


async def refuse(socket: WebSocket, text: str) -> None:
    """Say why it does not go on, and close."""
    with suppress(RuntimeError, WebSocketDisconnect):  # it may be closed already
        await socket.send_text(write_message({"type": "problem", "text": text, "final": True}))
        await socket.close(1008)

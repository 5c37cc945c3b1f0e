"""Before the exercise: whether somebody is seen, from the right place, and in position."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from formcheck.body import Array, PoseFrame
from formcheck.engine.camera_check import CameraCheck
from formcheck.engine.core import Engine, Now
from formcheck.engine.events import PositionEntered
from formcheck.engine.view import how_to_turn
from formcheck.geometry import interior_angle
from formcheck.measures import MID, Seen
from formcheck.spec import Spec

# What is told is of so long: the last one to two windows.
WINDOW_S = 1.0
# What was seen before the position was taken for sure, and belongs to the exercise already.
BEFORE_S = 3.0
MOST_BEFORE = 100
# In position for this long only with the frame turned: the camera lies on its side or upside down.
TURNED_S = 1.5
TURNED = {
    1: "The picture is on its side. Turn the phone or the camera upright.",
    2: "The picture is upside down. Turn the phone or the camera round.",
    3: "The picture is on its side. Turn the phone or the camera upright.",
}
# How often to check; nobody turns a camera faster.
TURN_EVERY_S = 0.2
# Standing knees are straighter than this: turned by a quarter, someone standing would seem to lie.
STRAIGHT_DEG = 150.0
# A trunk and thighs at least this upright (share of their length) are those of somebody who stands.
UPRIGHT = 0.8
STANDING_THIGH = 0.5

# In this order: seen end-on everybody looks small, so the camera's place comes before the distance.
GOOD = {
    "seen": "You are seen.",
    "whole": "All of you is in the picture.",
    "place": "The camera stands in the right place.",
    "near": "You are near enough.",
    "position": "You are in position.",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to be right before the start.

    Attributes
    ----------
    id
        Which.
    ok
        None where it cannot be said yet.
    text
        What is good, or what to do.
    spoken
        The first of it: more is not remembered.
    map
        Whether the map of camera positions helps with it: from another one more can be seen.
    """

    id: str
    ok: bool | None
    text: str
    spoken: str
    map: bool = False


class Checks:
    """Look at somebody who gets ready.

    Attributes
    ----------
    recent
        The last frames, oldest first: what came before the start, and belongs to it.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._engine = Engine(spec)
        self._best = next(iter(spec.cameras.values()))
        # Two that take turns: the older one, which is told of, always has a window behind it.
        self._windows = [CameraCheck(spec), CameraCheck(spec)]
        self._since = math.nan
        self._t = math.nan
        self._entered = math.nan
        self._turned = {quarters: Engine(spec) for quarters in TURNED}
        self._turn_next = -math.inf
        self._turned_since = dict.fromkeys(TURNED, math.nan)
        self.recent: deque[PoseFrame] = deque(maxlen=MOST_BEFORE)
        self.now: Now = self._engine.now()

    def feed(self, frame: PoseFrame) -> list[Check]:
        """Take a frame and return all checks, the first to be put right first."""
        for event in self._engine.feed(frame):
            if isinstance(event, PositionEntered):
                self._entered = event.since
        self.now = now = self._engine.now()
        self._turn(frame, now)
        self.recent.append(frame)
        while self.recent[0].t < frame.t - BEFORE_S:
            self.recent.popleft()
        dt = min(frame.t - self._t, WINDOW_S) if self._t == self._t else 0.0
        self._t = frame.t
        if not frame.t - self._since < WINDOW_S:
            self._since = frame.t
            self._windows.reverse()
            self._windows[1].clear()
        for window in self._windows:
            window.update(dt, now.seen, now.camera, now.fit, frame.width / frame.height)
        return self._all(now)

    def since_position(self) -> list[PoseFrame]:
        """Return the frames from when the position was taken, with a moment before it."""
        return [f for f in self.recent if not f.t < self._entered - self._spec.gate.enter_s]

    def _all(self, now: Now) -> list[Check]:
        problems = self._windows[0].problems()
        away = not now.found and not now.in_position
        unfit = not now.in_position and self._stands(now.seen)
        turned = self._turned_for(now)
        checks = []
        for id, good in GOOD.items():
            to_do = problems.get(id, [])
            ok: bool | None = not to_do
            if id == "seen":
                ok = ok and not away
                to_do = to_do or ["Step into the picture."]
            elif id == "place" and turned is not None:
                ok, to_do = False, [TURNED[turned]]
            elif id == "position":
                ok = None if away else now.in_position
                to_do = [now.amiss or f"Get into position: {self._spec.position.name}."]
            elif away or unfit:
                ok = None  # who stands will be elsewhere in the picture when lying down
            elif id == "place" and not now.in_position:
                ok = self._place(now, ok)
            elsewhere = id == "place" and (turned is None and ok is False)
            if id == "place" and ok and "form" in problems:
                what = "timed" if self._spec.kind == "hold" else "counted"
                but = f"From here you are {what}, but your form can't be judged."
                good = " ".join([but, *problems["form"]])
                elsewhere = True
            text = good if ok else " ".join(to_do)
            spoken = text if ok or not to_do else to_do[0]
            checks.append(Check(id, ok, text, spoken, elsewhere))
        return checks

    def _turn(self, frame: PoseFrame, now: Now) -> None:
        """Follow whether the person would be in position if the picture were turned."""
        if frame.t < self._turn_next:
            return
        self._turn_next = frame.t + TURN_EVERY_S
        for quarters, engine in self._turned.items():
            engine.feed(frame.turned(quarters))
            if now.in_position or not engine.gate_open or self._stands_straight(now.seen):
                self._turned_since[quarters] = math.nan
            elif math.isnan(self._turned_since[quarters]):
                self._turned_since[quarters] = frame.t

    def _turned_for(self, now: Now) -> int | None:
        """Return how the picture has to be turned for the person to be in position, if at all."""
        if not math.isnan(now.last_in_position_s):
            return None
        since = self._turned_since
        return next((q for q in TURNED if now.t - since[q] >= TURNED_S), None)

    def _stands_straight(self, seen: Seen | None) -> bool:
        """Whether somebody stands, legs straight: turned by a quarter, that looks like lying."""
        if seen is None or not self._stands(seen):
            return False
        hip, knee, ankle = (seen.world[MID[j]].tolist() for j in ("hip", "knee", "ankle"))
        return not interior_angle(hip, knee, ankle) < STRAIGHT_DEG

    def _place(self, now: Now, ok: bool | None) -> bool | None:
        """Judge the camera's place of somebody who is not in position yet.

        A body that is held otherwise has another side up, so of its height nothing can be said.
        """
        if ok or now.camera is None:
            return True if ok else None
        turn = now.camera.off(self._best.seen_from) > self._best.within_deg
        return False if turn and how_to_turn(now.camera, self._best) is not None else None

    def _stands(self, seen: Seen | None) -> bool:
        """Whether somebody stands upright who is to lie, kneel or sit another way."""
        if seen is None or self._spec.position.faces == "head":
            return False
        neck, hip, knee = (seen.world[MID[joint]] for joint in ("shoulder", "hip", "knee"))
        # NaN, where it is not known, is neither.
        return _share_up(hip, neck) >= UPRIGHT and _share_up(knee, hip) >= STANDING_THIGH


def _share_up(low: Array, high: Array) -> float:
    """Return how upright the way between two points is: 1 straight up, -1 straight down."""
    length = math.dist(low, high)
    return float(low[1] - high[1]) / length if length else 0.0  # y runs down

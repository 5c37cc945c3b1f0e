"""The camera check: in frame, near enough, and seen from the right place."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from formcheck.body import INDEX
from formcheck.engine.events import CameraReport
from formcheck.engine.view import View, how_to_turn
from formcheck.measures import Seen, point_indices
from formcheck.spec import ELSEWHERE, Spec

T = TypeVar("T")

# A body that spans less than this of the picture is too small to be measured: at 480 lines its
# trunk is then under 40 px, and a pixel of jitter is over 1 deg.
LEAST_SPAN = 0.25
# Advice is given when its reason held for this share of the time looked at.
WORTH_TELLING = 0.2
# Where directions to the camera have a mean that is shorter than this, each being 1 long, they were
# several: it is the mean of two that are 90 deg apart.
LEAST_AGREED = 0.7
# Who is lost so often was in view all along: the tracker finds people by head and shoulders.
LOST_OFTEN = 3

_NOSE = INDEX["nose"]
_WORDS = {
    "eye": "face",
    "ear": "head",
    "nose": "head",
    "shoulder": "shoulders",
    "elbow": "elbows",
    "wrist": "hands",
    "index": "hands",
    "hip": "hips",
    "knee": "knees",
    "ankle": "feet",
    "heel": "feet",
    "foot_index": "feet",
}


class CameraCheck:
    """Collect, over some time, how the person is seen, and say what to change."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._best = next(iter(spec.cameras.values()))
        self._counted, self._judged = set(spec.counted_from), spec.judged_from
        # own and other are both sides in turn
        self._needs = sorted(
            {(name, point_indices(name, side)) for name in spec.needs for side in spec.judged_sides}
        )
        self.clear()

    def clear(self) -> None:
        """Begin a new stretch of time."""
        self._total = self._found = self._seen = 0.0
        self._small = 0.0
        self._head_outside = 0.0  # with something that is needed
        self._lost = 0  # how often
        self._level = [0.0, 0.0, 0.0]  # the direction to the camera, times seconds
        self._there = False
        # seconds of each
        self._views: dict[str, float] = defaultdict(float)
        self._setups: dict[str | None, float] = defaultdict(float)
        self._outside: dict[str, float] = defaultdict(float)
        self._hidden: dict[str, float] = defaultdict(float)
        self._turns: dict[str, float] = defaultdict(float)

    @property
    def seen_fraction(self) -> float:
        """Share of the time in which all that the exercise needs was clearly seen."""
        return self._seen / self._total if self._total else 0.0

    def update(
        self, dt: float, seen: Seen | None, view: View | None, fit: str | None, aspect: float
    ) -> None:
        """Add one frame that stands for `dt` seconds.

        `fit` is the set-up that the view fits, or elsewhere; `aspect` is picture width over height.
        """
        self._total += dt
        self._lost += self._there and seen is None
        self._there = seen is not None
        if seen is None:
            return
        self._found += dt
        clear, near = seen.clear, seen.near
        all_clear = True
        for name, places in self._needs:
            i = places[near]
            if clear[i]:
                continue
            all_clear = False
            if _is_outside(seen, i, aspect):
                self._outside[_word(name)] += dt
            else:
                self._hidden[_word(name)] += dt
        if all_clear:
            self._seen += dt
        elif _is_outside(seen, _NOSE, aspect):
            self._head_outside += dt
        if view is not None:
            self._views[view.name] += dt
            self._setups[fit] += dt
            for axis, part in enumerate(view.level):
                self._level[axis] += dt * part
            if fit not in self._judged:
                turn = how_to_turn(view, self._best)
                if turn is not None:
                    self._turns[turn] += dt
        if seen.lengths["trunk"] + seen.lengths["thigh"] + seen.lengths["shank"] < LEAST_SPAN:
            self._small += dt

    def share(self, cameras: Iterable[str]) -> float:
        """Return the share of the time with somebody in view in which one of these set-ups fits."""
        return sum(self._setups.get(c, 0.0) for c in cameras) / self._found if self._found else 0.0

    def problems(self) -> dict[str, list[str]]:
        """Return what to change, in sentences, by what is not right.

        The keys are ``seen``, ``place`` (of the camera), ``form`` (which that place does not
        show), ``whole`` (the body in the picture), ``clear`` (nothing in between) and ``near``;
        what is right is not among them.
        """
        if not self._found:
            return {
                "seen": [
                    "No one detected. Make sure your whole body is in frame and well lit.",
                    "If you are far from the camera, come closer.",
                ]
            }
        worth = WORTH_TELLING * self._found
        problems = {}
        fit, turn = _most(self._setups), _most(self._turns)
        better = [*([turn] if turn else []), self._best.text]
        if fit not in self._counted:
            problems["place"] = better
        elif fit not in self._judged and self._judged:
            problems["form"] = better
        outside = [word for word, s in self._outside.items() if s >= worth]
        if outside:
            if "shoulders" in outside and self._head_outside >= worth and "head" not in outside:
                outside.insert(outside.index("shoulders"), "head")
            problems["whole"] = [f"Your {_list(outside)} out of frame: move the camera back."]
        hidden = [word for word, s in self._hidden.items() if s >= worth and word not in outside]
        if hidden:
            problems["clear"] = [
                f"Your {_list(hidden)} sometimes hidden. Move anything that blocks the camera."
            ]
        if self._small >= worth:
            problems["near"] = ["Come closer: you are too small in the frame."]
        if self._found < (1.0 - WORTH_TELLING) * self._total:
            problems["seen"] = ["You were out of view for part of the time."]
            if self._lost >= LOST_OFTEN and "shoulders" not in outside:
                problems["seen"] = [
                    "Your head and shoulders seem to be out of frame: move the camera back until"
                    " your whole body is in view."
                ]
        return problems

    @property
    def _cut_off(self) -> bool:
        """Whether something that the exercise needs is out of frame for most of the time."""
        return any(s > 0.5 * self._found for s in self._outside.values())

    def report(self) -> CameraReport:
        """Say how the camera stood over the time looked at."""
        advice = [sentence for about in self.problems().values() for sentence in about]
        if not self._found:
            return CameraReport(advice=advice)
        fit = _most(self._setups)
        setup = None if fit == ELSEWHERE else fit
        ok = fit in self._counted and not self._cut_off and self._found > 0.5 * self._total
        view = _most(self._views) or "unknown"
        return CameraReport(view=view, setup=setup, ok=ok, advice=advice, towards=self._towards)

    @property
    def _towards(self) -> tuple[float, float, float] | None:
        """The mean direction to the camera; None where it was in several, as after a turn."""
        viewed_s, length = sum(self._views.values()), math.hypot(*self._level)
        if not viewed_s or length < LEAST_AGREED * viewed_s:
            return None
        left, head, front = self._level
        return left / length, head / length, front / length


def _is_outside(seen: Seen, i: int, aspect: float) -> bool:
    x, y = seen.picture[i]
    return x == x and not (0.0 <= x <= aspect and 0.0 <= y <= 1.0)


def _word(point: str) -> str:
    return _WORDS[point if point in _WORDS else point.partition("_")[2]]


def _most(seconds: dict[T, float]) -> T | None:
    return max(seconds, key=lambda key: seconds[key]) if seconds else None


def _list(words: list[str]) -> str:
    text = " and ".join(words) if len(words) < 3 else ", ".join(words[:-1]) + f" and {words[-1]}"
    return f"{text} are" if len(words) > 1 or words[0].endswith(("s", "feet")) else f"{text} is"

"""Recognise which exercise of the catalogue it is, or that it is none.

Every exercise's own rules look at the same landmarks. The one whose counted repetitions and holds
explain most of the time is it, with two exceptions: who holds still is holding, although the way
there and back makes a repetition of it; and of two holds that explain about as much, the one that
asks for more is it, as both knees drawn up are also both knees crossed and drawn up. Guided
exercises are left out: there is nothing to see of them but lying still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from formcheck.body import PoseFrame
from formcheck.engine.core import Engine
from formcheck.engine.sight import Sight
from formcheck.spec import LoadedSpec, Spec

# Less than this of an exercise is no exercise: a short repetition, or a hold that just counts.
LEAST_S = 2.0
# A repetition with a form error is explained half: it may be another movement.
WITH_ERROR = 0.5
# Someone holds, rather than repeats, when the hold lasts for this share of the repetitions: rolling
# to the side and back, with a pause, comes to 0.31-0.51; held there for 4 s, to 0.61 (rendered).
HOLDS_FROM = 0.56
# Two holds explain about as much when the shorter one is this share of the longer: 0.94-0.97 for
# one that is a part of the other (rendered).
ABOUT_AS_MUCH = 0.9
# One condition more or less is chance: the two lunges, of which neither is a part of the other.
MORE = 2


@dataclass(frozen=True, slots=True)
class Recognition:
    """The exercises that were seen, the likeliest first.

    Attributes
    ----------
    seconds
        Per exercise, how long its repetitions and holds were; none that was not seen.
    """

    seconds: dict[str, float]

    @property
    def exercise(self) -> str | None:
        """The likeliest exercise's id; None when it is none of them."""
        best = next(iter(self.seconds), None)
        return best if best is not None and self.seconds[best] >= LEAST_S else None

    @property
    def confidence(self) -> float:
        """The likeliest exercise's share of all that were seen, 0 to 1."""
        total = sum(self.seconds.values())
        return next(iter(self.seconds.values())) / total if total else 0.0


def recognise(frames: Iterable[PoseFrame], specs: Iterable[LoadedSpec]) -> Recognition:
    """Return which of the exercises the frames show."""
    engines = [Engine(one.spec) for one in specs if one.spec.guide is None]
    together(frames, engines)
    return from_engines(engines)


def together(
    frames: Iterable[PoseFrame],
    engines: Iterable[Engine],
    on_frame: Callable[[int], None] | None = None,
) -> None:
    """Let engines judge the same frames; what is seen is worked out once for all.

    `on_frame` is called with each frame's number after all have judged it.
    """
    engines, sight = list(engines), Sight()
    for i, frame in enumerate(frames):
        sighting = sight(frame)
        for engine in engines:
            engine.take(frame.t, sighting, frame.width / frame.height)
        if on_frame is not None:
            on_frame(i)
    for engine in engines:
        engine.finish()


def from_engines(engines: Iterable[Engine]) -> Recognition:
    """Return what engines that have judged the same frames found."""
    seen = [(_covered_s(engine), engine.spec) for engine in engines if engine.spec.guide is None]
    seen = sorted((one for one in seen if one[0] > 0), key=lambda one: (-one[0], one[1].id))
    if seen:
        best = _likeliest(seen)
        seen.sort(key=lambda one: one is not best)
    return Recognition({spec.id: seconds for seconds, spec in seen})


def _likeliest(seen: list[tuple[float, Spec]]) -> tuple[float, Spec]:
    """Return the one it is, of all that were seen, with their seconds, the longest first."""
    longest = seen[0]
    share = ABOUT_AS_MUCH if longest[1].kind == "hold" else HOLDS_FROM
    holds = [one for one in seen if one[1].kind == "hold" and one[0] >= share * longest[0]]
    if not holds:
        return longest
    asks = _asks_for(holds[0][1]) + MORE
    held = [one for one in holds if one[0] >= ABOUT_AS_MUCH * holds[0][0]]
    more = [one for one in held if _asks_for(one[1]) >= asks]
    return max(more, key=lambda one: _asks_for(one[1]), default=holds[0])


def _asks_for(spec: Spec) -> int:
    """Return how many conditions a hold has to fulfil."""
    return len(spec.gate.conditions) + (len(spec.hold.conditions) if spec.hold else 0)


def _covered_s(engine: Engine) -> float:
    """Return for how long there was a counted repetition or a hold, on either side."""
    counted = [r for r in engine.repetitions if r.counted]
    moved = [(r.start_s, r.end_s) for r in counted]
    wrong_s = _together_s([(r.start_s, r.end_s) for r in counted if r.faults])
    held = [(hold.start_s, hold.end_s) for hold in engine.holds]
    return _together_s(moved + held) - (1.0 - WITH_ERROR) * wrong_s


def _together_s(spans: list[tuple[float, float]]) -> float:
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total

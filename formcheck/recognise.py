"""Recognise which exercise of the catalogue it is, or that it is none.

Every exercise's own rules look at the same landmarks. The one whose counted repetitions and holds
explain most of the time is it. Guided exercises are left out: there is nothing to see of them but
lying still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from formcheck.body import PoseFrame
from formcheck.engine.core import Engine
from formcheck.engine.sight import Sight
from formcheck.spec import LoadedSpec

# Less than this of an exercise is no exercise: a short repetition, or a hold that just counts.
LEAST_S = 2.0


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
    found = {engine.spec.id: _covered_s(engine) for engine in engines if engine.spec.guide is None}
    order = sorted((id for id in found if found[id] > 0), key=lambda id: (-found[id], id))
    return Recognition({id: found[id] for id in order})


def _covered_s(engine: Engine) -> float:
    """Return for how long there was a counted repetition or a hold, on either side."""
    spans = [(r.start_s, r.end_s) for r in engine.repetitions if r.counted]
    spans += [(h.start_s, h.end_s) for h in engine.holds]
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total

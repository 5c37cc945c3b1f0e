"""Recognise which exercise of the catalogue it is, one of which two, or that it is none.

Every exercise's own rules look at the same landmarks. The one whose counted repetitions and holds
explain most of the time is it, with three exceptions: who holds is still, so what is "held" while
the body moves does not count; who holds still is holding, although the way there and back makes a
repetition of it; and of two holds that explain about as much, the one that asks for more is it, as
both knees drawn up are also both knees crossed and drawn up. Guided exercises are left out: there
is nothing to see of them but lying still.

How sure that is, is another question: see `confidence.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from formcheck.body import INDEX, Array, PoseFrame
from formcheck.confidence import Evidence, Span, Spans, chances
from formcheck.engine.conditions import asked
from formcheck.engine.core import LONGEST_FRAME_S, Engine
from formcheck.engine.sight import Sight, Sighting
from formcheck.spec import AnyOf, LoadedSpec, Spec

Answer = Literal["one", "two", "none"]

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

# The body moves when the joints do by this many trunk lengths a second, over half a second. While
# people hold it is 0.0 to 0.2 on average, 0.4 where the tracker trembles; 0.4 to 1.1 in "holds"
# through which somebody goes on squatting or standing up (motion capture).
MOVES = 0.5
OVER_S = 0.5
# All but the few joints that move most: an arm may tremble, or be moved, during a hold.
MOST_JOINTS = 80.0
LOOK_EVERY_S = 0.09
JOINTS = [
    INDEX["nose"],
    *(
        INDEX[f"{side}_{joint}"]
        for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
        for side in ("left", "right")
    ),
]

# Another exercise shares the time, or the position, of one when it does for this share of it.
SHARED = 0.5
# Of two that share their time, neither is the likelier when one explains this share of the other:
# 0.8 and 0.98 in real people seated against a wall and on a chair.
CLOSE = 0.75

# A film is as long as this at least: a second of anything is not much, however short the film.
LEAST_S = 8.0

# An exercise is the answer when it is more likely than not, two together when it is one of them in
# three of five. A second one is named beside the first when that is right in less than four of five
# such films, and the second in at least one of seven.
LIKELY, TOGETHER = 0.5, 0.6
SURE = 0.8
WORTH_NAMING = 0.15


class Watch:
    """Look at the body while engines look at exercises: is it still, and how plain is its posture.

    Call it with each frame's time and what was seen in it.
    """

    def __init__(self) -> None:
        self._t: list[float] = []
        self._joints: list[list[Sequence[float]]] = []
        self._length: list[float] = []
        self._postures: list[dict[str, float]] = []
        self._speeds: Array | None = None
        self.seen_s = 0.0  # for how long somebody was seen

    def __call__(self, t: float, sighting: Sighting) -> None:
        """Take the next frame."""
        seen = sighting.seen
        if seen is None or (self._t and t - self._t[-1] < LOOK_EVERY_S):
            return
        if self._t:
            self.seen_s += min(t - self._t[-1], LONGEST_FRAME_S)
        self._t.append(t)
        self._joints.append([seen.picture[joint] for joint in JOINTS])
        self._length.append(seen.lengths["trunk"])
        self._postures.append(dict(seen.postures))
        self._speeds = None

    def still(self, spans: Spans) -> float:
        """Return for which share of some spans the body was still, 0 to 1; 1 where nobody knows."""
        speeds = self._speed()[self._during(spans)]
        speeds = speeds[np.isfinite(speeds)]
        return float(np.mean(speeds < MOVES)) if len(speeds) else 1.0

    def likelihood(self, postures: Iterable[str], spans: Spans) -> float:
        """Return how likely some postures were together, on average over some spans, 0 to 1."""
        names = tuple(postures)
        known = [self._postures[i] for i in np.flatnonzero(self._during(spans))]
        likely = [sum(one[name] for name in names) for one in known if one]
        return sum(likely) / len(likely) if likely else 0.0

    def _during(self, spans: Spans) -> np.ndarray:
        t = np.array(self._t)
        inside = np.zeros(len(t), dtype=bool)
        for start, end in spans:
            inside |= (start <= t) & (t <= end)
        return inside

    def _speed(self) -> Array:
        """Return the body's speed at each look, trunk lengths a second; NaN where not known."""
        if self._speeds is not None:
            return self._speeds
        t = np.array(self._t)
        joints = np.array(self._joints, dtype=float).reshape(len(t), len(JOINTS), 2)
        speeds = np.full(len(t), np.nan)
        for i in range(len(t)):
            # From a quarter of a second before to as long after.
            first, last = np.searchsorted(t, (t[i] - OVER_S / 2, t[i] + OVER_S / 2))
            last = min(int(last), len(t) - 1)
            way = np.hypot(*(joints[last] - joints[first]).T)
            way = way[np.isfinite(way)]
            if last > first and len(way) and t[last] - t[first] <= 2 * OVER_S:
                most = float(np.percentile(way, MOST_JOINTS))
                speeds[i] = most / max(self._length[i], 1e-3) / (t[last] - t[first])
        self._speeds = speeds
        return speeds


@dataclass(frozen=True, slots=True)
class Recognition:
    """How likely each exercise is.

    Attributes
    ----------
    chances
        Per exercise, how likely it is, 0 to 1, the likeliest first. What is missing to 1 is the
        chance that it is none of them.
    seconds
        Per exercise that was seen, how long its repetitions and holds were, weighed.

    Examples
    --------
    >>> Recognition({"bridge": 0.95}).answer, Recognition({"bridge": 0.3}).answer
    ('one', 'none')
    >>> found = Recognition({"bridge": 0.6, "plank": 0.3})
    >>> found.answer, found.exercise, found.other
    ('two', 'bridge', 'plank')
    """

    chances: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def ranked(self) -> list[str]:
        """The exercises that it may be, the likeliest first."""
        return list(self.chances)

    @property
    def confidence(self) -> float:
        """How likely the likeliest exercise is, 0 to 1."""
        return next(iter(self.chances.values()), 0.0)

    @property
    def answer(self) -> Answer:
        """Whether it is one exercise, one of two, or none."""
        first, second = [*self.chances.values(), 0.0, 0.0][:2]
        if first < LIKELY and first + second < TOGETHER:
            return "none"
        return "two" if first < SURE and second >= WORTH_NAMING else "one"

    @property
    def exercise(self) -> str | None:
        """The exercise's id, of two the likelier one's; None when it is none of them."""
        return None if self.answer == "none" else self.ranked[0]

    @property
    def other(self) -> str | None:
        """The second exercise's id when it is one of two; else None."""
        return self.ranked[1] if self.answer == "two" else None


def from_engines(engines: Iterable[Engine], watch: Watch) -> Recognition:
    """Return what engines that have judged the same frames found; `watch` is from `together`."""
    found = evidence_of(engines, watch)
    return Recognition(chances(found), {one.exercise: one.seconds for one in found})


def recognise(frames: Iterable[PoseFrame], specs: Iterable[LoadedSpec]) -> Recognition:
    """Return which of the exercises the frames show."""
    engines = [Engine(one.spec) for one in specs if one.spec.guide is None]
    return from_engines(engines, together(frames, engines))


def together(
    frames: Iterable[PoseFrame],
    engines: Iterable[Engine],
    on_frame: Callable[[int], None] | None = None,
) -> Watch:
    """Let engines judge the same frames; what is seen is worked out once for all.

    `on_frame` is called with each frame's number after all have judged it. What it returns is for
    `from_engines`.
    """
    engines, sight, watch = list(engines), Sight(), Watch()
    for i, frame in enumerate(frames):
        sighting = sight(frame)
        watch(frame.t, sighting)
        for engine in engines:
            engine.take(frame.t, sighting, frame.width / frame.height)
        if on_frame is not None:
            on_frame(i)
    for engine in engines:
        engine.finish()
    return watch


def evidence_of(engines: Iterable[Engine], watch: Watch) -> list[Evidence]:
    """Return what speaks for each exercise that was seen, the likeliest first."""
    engines = [engine for engine in engines if engine.spec.guide is None]
    seen = [(_evidence(engine, engines, watch), engine.spec) for engine in engines]
    seen = sorted((one for one in seen if one[0].seconds > 0), key=_longest)
    if not seen:
        return []
    best = _likeliest(seen)
    seen.sort(key=lambda one: one is not best)
    first, *others = seen
    close = tuple(one[0].exercise for one in others if _is_close(first, one))
    return [replace(first[0], close=close), *(one for one, _ in others)]


def _evidence(engine: Engine, engines: list[Engine], watch: Watch) -> Evidence:
    """Return what speaks for an exercise; `close` is not known yet."""
    spans = _joined(_moved(engine) + _held(engine))
    seconds = explained_s(engine, watch)
    return Evidence(
        exercise=engine.spec.id,
        seconds=seconds,
        share=seconds / max(watch.seen_s, LEAST_S),
        posture=watch.likelihood(engine.spec.gate.postures, spans),
        spans=tuple(spans),
        unseen=tuple(
            other.spec.id
            for other in engines
            if spans
            and other is not engine
            and other.cannot_show
            and _shared_s(spans, other.in_position) >= SHARED * _total_s(spans)
        ),
    )


def _is_close(first: tuple[Evidence, Spec], other: tuple[Evidence, Spec]) -> bool:
    """Whether an exercise explains the same time as the likeliest one about as well."""
    (one, spec), (two, others) = first, other
    both_held = spec.kind == others.kind == "hold"
    return (
        two.seconds >= CLOSE * one.seconds
        and _shared_s(one.spans, two.spans) >= SHARED * _total_s(one.spans)
        and not (both_held and _asks_for(spec) >= _asks_for(others) + MORE)
    )


def _longest(seen: tuple[Evidence, Spec]) -> tuple[float, str]:
    return -seen[0].seconds, seen[0].exercise


def explained_s(engine: Engine, watch: Watch) -> float:
    """Return for how long there was a counted repetition or a still hold, on either side.

    A hold is weighed by how likely its posture was; a repetition goes through more than one.
    """
    moved, held = _moved(engine), _held(engine)
    # How quick a repetition was says nothing of which movement it is.
    pace = {fault.id for fault in engine.spec.faults if fault.phase == "after"}
    wrong = [(r.start_s, r.end_s) for r in engine.repetitions if r.counted and {*r.faults} - pace]
    beside_s = _total_s(moved + held) - _total_s(moved)
    in_posture = watch.likelihood(engine.spec.gate.postures, held)
    explained = _total_s(moved) - (1.0 - WITH_ERROR) * _total_s(wrong)
    return explained + beside_s * watch.still(held) * in_posture


def _moved(engine: Engine) -> list[Span]:
    return [(r.start_s, r.end_s) for r in engine.repetitions if r.counted]


def _held(engine: Engine) -> list[Span]:
    # A shallow hold is what rests in several exercises look like.
    return [(hold.start_s, hold.end_s) for hold in engine.holds if not hold.shallow]


def _likeliest(seen: list[tuple[Evidence, Spec]]) -> tuple[Evidence, Spec]:
    """Return the one it is, of all that were seen, the longest first."""
    longest, spec = seen[0]
    share = ABOUT_AS_MUCH if spec.kind == "hold" else HOLDS_FROM
    holds = [
        one for one in seen if one[1].kind == "hold" and one[0].seconds >= share * longest.seconds
    ]
    if not holds:
        return seen[0]
    asks = _asks_for(holds[0][1]) + MORE
    held = [one for one in holds if one[0].seconds >= ABOUT_AS_MUCH * holds[0][0].seconds]
    more = [one for one in held if _asks_for(one[1]) >= asks]
    return max(more, key=lambda one: _asks_for(one[1]), default=holds[0])


def _asks_for(spec: Spec) -> int:
    """Return how many conditions a hold has to fulfil, seen from the spec's first set-up."""
    if spec.hold is None:
        return len(spec.gate.conditions)
    conditions = (*spec.gate.conditions, *spec.hold.conditions)
    return sum(isinstance(one, AnyOf) or asked(one, spec.hold.cameras[0]) for one in conditions)


def _joined(spans: Spans) -> list[Span]:
    """Return spans in the order of time, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _total_s(spans: Spans) -> float:
    return sum(end - start for start, end in _joined(spans))


def _shared_s(some: Spans, others: Spans) -> float:
    return sum(
        max(0.0, min(end, until) - max(start, since))
        for start, end in _joined(some)
        for since, until in _joined(others)
    )

"""What most exercises share: from rest to a peak and back, rightly or with a form error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from samples.exercises.plan import Plan
from samples.posture import (
    Fault,
    Furniture,
    Hold,
    Posture,
    Repetition,
    Script,
    mirrored,
    swapped,
)

# Changes a posture (as for the left side) by so much.
Shape = Callable[[Posture, float], Posture]


def add(**per_size: float) -> Shape:
    """Return a shape that adds multiples of the size to angles, which are then no longer free."""

    def shape(posture: Posture, size: float) -> Posture:
        angles = {n: posture.angles.get(n, 0.0) + f * size for n, f in per_size.items()}
        return _bound(posture.bent(**angles), per_size)

    return shape


def put(**per_size: float) -> Shape:
    """Return a shape that makes angles multiples of the size."""

    def shape(posture: Posture, size: float) -> Posture:
        return _bound(posture.bent(**{n: f * size for n, f in per_size.items()}), per_size)

    return shape


def both_sides(shape: Callable[..., Shape], **per_size: float) -> Shape:
    """Return `add` or `put` for the limbs of both sides."""
    return shape(**{f"{side}_{n}": f for n, f in per_size.items() for side in ("left", "right")})


def lean(per_size: float = 1.0) -> Shape:
    """Return a shape that raises the head end of the trunk by multiples of the size."""

    def shape(posture: Posture, size: float) -> Posture:
        return replace(posture, trunk_elevation=posture.trunk_elevation + per_size * size)

    return shape


def roll(per_size: float = 1.0) -> Shape:
    """Return a shape that turns the pelvis about the long axis."""

    def shape(posture: Posture, size: float) -> Posture:
        return replace(posture, pelvis_roll=posture.pelvis_roll + per_size * size)

    return shape


def turn(per_size: float = 1.0) -> Shape:
    """Return a shape that turns an upright body to its left."""

    def shape(posture: Posture, size: float) -> Posture:
        return replace(posture, heading=posture.heading + per_size * size)

    return shape


def lift(*regions: str) -> Shape:
    """Return a shape that takes regions off what they touch."""

    def shape(posture: Posture, size: float) -> Posture:
        del size
        return posture.lifting(*regions)

    return shape


def let_go(*joints: str) -> Shape:
    """Return a shape in which hands leave the body."""

    def shape(posture: Posture, size: float) -> Posture:
        del size
        return replace(posture, reaches=tuple(r for r in posture.reaches if r.joint not in joints))

    return shape


def fixed(**angles: float) -> Shape:
    """Return a shape that gives angles a value, whatever the size."""

    def shape(posture: Posture, size: float) -> Posture:
        del size
        return _bound(posture.bent(**angles), angles)

    return shape


def falls_short(rest: Posture, way: float) -> Shape:
    """Return a shape that leaves the size undone of a way as long as given, in the same unit."""

    def shape(posture: Posture, size: float) -> Posture:
        left = size / way
        names = {*rest.angles, *posture.angles}
        peak = {name: posture.angles.get(name, 0.0) for name in names}
        angles = {n: x + left * (rest.angles.get(n, 0.0) - x) for n, x in peak.items()}
        rises = posture.trunk_elevation - rest.trunk_elevation
        return replace(
            posture.bent(**angles), trunk_elevation=rest.trunk_elevation + (1 - left) * rises
        )

    return shape


def together(*shapes: Shape) -> Shape:
    """Return one shape after the other."""

    def shape(posture: Posture, size: float) -> Posture:
        for each in shapes:
            posture = each(posture, size)
        return posture

    return shape


def _bound(posture: Posture, names: Mapping[str, float]) -> Posture:
    """Return a posture in which the placement may not change these angles."""
    return replace(posture, free=tuple(name for name in posture.free if name not in names))


@dataclass(frozen=True, slots=True)
class Flaw:
    """A form error that a drill can show.

    Attributes
    ----------
    size, unit
        How much of it is usual.
    peak, rest
        What it changes of the peak, and of the posture that the repetition starts from.
    lowering, rising
        Whether the size is the duration of the way back, or there, in seconds.
    late
        Whether it sets in during a hold, not with it.
    via
        What it changes of the stations between.
    direct
        Whether the stations are left out.
    """

    size: float
    unit: str = "degrees"
    peak: Shape | None = None
    rest: Shape | None = None
    lowering: bool = False
    rising: bool = False
    late: bool = True
    via: Shape | None = None
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Drill:
    """An exercise that goes from rest to a peak and back, written for the left side.

    Attributes
    ----------
    exercise
        Its id.
    rest, peak
        The two ends; `second` is another peak to go on to before the way back (cat and cow).
    flaws
        Its form errors by id.
    sides
        ``alternate`` from one repetition to the next, ``one`` (someone lies on the other), or none.
    told
        What the truth lists: repetitions, holds or both; ``rest_hold`` is one hold of the rest
        posture, from taking it to leaving it, with repetitions in between.
    via
        Stations on the way to the peak, and in reverse on the way back.
    ready
        Stations before the first repetition and after the last.
    way_s
        Least and most seconds of a way.
    vary
        By how much angles of the peak differ from clip to clip, degrees.
    """

    exercise: str
    rest: Posture
    peak: Posture
    flaws: Mapping[str, Flaw]
    sides: Literal["none", "alternate", "one"] = "none"
    told: Literal["repetitions", "holds", "both", "rest_hold"] = "both"
    second: Posture | None = None
    via: tuple[Posture, ...] = ()
    ready: tuple[Posture, ...] = ()
    way_s: tuple[float, float] = (1.3, 2.0)
    vary: Mapping[str, float] = field(default_factory=dict)
    furniture: tuple[Furniture, ...] = ()

    @property
    def faults(self) -> dict[str, tuple[float, str]]:
        """The usual size and unit of each form error."""
        return {name: (flaw.size, flaw.unit) for name, flaw in self.flaws.items()}

    def __call__(self, plan: Plan) -> Script:
        """Return the script of a plan."""
        return _Performer(self, plan).script()


class _Performer:
    """Writes the script of one plan of a drill."""

    def __init__(self, drill: Drill, plan: Plan) -> None:
        self._drill, self._plan = drill, plan
        self._rng = np.random.default_rng(plan.seed)
        varied = {n: self._rng.uniform(-v, v) for n, v in drill.vary.items()}
        self._varied = {n: drill.peak.angles.get(n, 0.0) + v for n, v in varied.items()}
        # The same posture is the same object, so that it is placed only once.
        self._made: dict[tuple[str, str, str | None], Posture] = {}

    def script(self) -> Script:
        drill, plan = self._drill, self._plan
        first = self._rest(0)
        ready = [self._sided(posture, self._side(0)) for posture in drill.ready]
        stations = [*ready, first]
        script = Script(drill.exercise, stations[0], plan.tempo, furniture=self._furniture())
        script.stay(self._rng.uniform(1.0, 1.8))
        for station in stations[1:]:
            script.move(station, 1.5)
        if ready:
            script.stay(0.6)
        since = script.clock_s
        for i in range(plan.repetitions):
            self._repeat(script, i)
        if drill.told == "rest_hold":
            script.holds.append(Hold(since, script.clock_s))
        for station in reversed(ready):
            script.move(station, 1.5)
        script.stay(0.8)
        return script

    def _side(self, repetition: int) -> str | None:
        if self._drill.sides == "none":
            return None
        same = self._drill.sides == "one" or repetition % 2 == 0
        return self._plan.side if same else {"left": "right", "right": "left"}[self._plan.side]

    def _furniture(self) -> tuple[Furniture, ...]:
        """Return the furniture; the wall behind a back is on the other side of the other back."""
        if self._drill.sides != "one" or self._plan.side == "left":
            return self._drill.furniture
        return tuple(
            replace(piece, at=(piece.at[0], -piece.at[1], piece.at[2]))
            for piece in self._drill.furniture
        )

    def _sided(self, posture: Posture, side: str | None) -> Posture:
        return mirrored(posture) if side == "right" else posture

    def _posture(self, which: str, side: str | None, fault: str | None) -> Posture:
        """Return the rest, the peak or the second peak, on a side and with a form error."""
        if which == "rest" and self._drill.sides == "alternate" and self._rest_is_even():
            side = None
        key = (which, side or "", fault)
        if key not in self._made:
            posture: Posture = getattr(self._drill, which)
            if which == "peak":
                posture = posture.bent(**self._varied)
            flaw = self._drill.flaws.get(fault or "")
            shape = flaw and (flaw.rest if which == "rest" else flaw.peak)
            if shape:
                posture = shape(posture, self._plan.size or 0.0)
            self._made[key] = self._sided(posture, side)
        return self._made[key]

    def _rest(self, repetition: int) -> Posture:
        """Return what a repetition starts from and comes back to."""
        fault = self._plan.fault if self._plan.shows_fault(repetition) else None
        flaw = self._drill.flaws.get(fault or "")
        return self._posture("rest", self._side(repetition), fault if flaw and flaw.rest else None)

    def _rest_is_even(self) -> bool:
        angles = self._drill.rest.angles
        return all(angles.get(swapped(name)) == value for name, value in angles.items())

    def _repeat(self, script: Script, i: int) -> None:
        drill, plan, rng = self._drill, self._plan, self._rng
        side = self._side(i)
        fault = plan.fault if plan.shows_fault(i) else None
        flaw = drill.flaws.get(fault or "")
        size = plan.size or 0.0
        rest = self._rest(i)
        faulty = fault if flaw and flaw.peak else None
        late = bool(flaw and flaw.late and flaw.peak and drill.told == "holds")
        late = late and plan.hold_s >= 3.0
        via = () if flaw and flaw.direct else tuple(self._via(side, fault))
        if script.moves or rest is not script.start:
            last = script.moves[-1].to if script.moves else script.start
            if rest is not last:
                script.move(rest, rng.uniform(0.9, 1.3))
        begin = script.clock_s
        way = rng.uniform(*drill.way_s)
        if flaw and flaw.rising:
            way = size / plan.tempo
        for station in via:
            script.move(station, way / (len(via) + 1) * 1.2)
        reached = self._posture("peak", side, None if late else faulty)
        script.move(reached, way / (len(via) + 1) * (1.2 if via else 1.0))
        peak = held_from = script.clock_s
        held = plan.hold_s * rng.uniform(0.85, 1.15)
        wrong_from = begin if not late else 0.0
        if late:
            script.stay(0.45 * held)
            wrong_from = script.clock_s
            script.move(self._posture("peak", side, faulty), rng.uniform(0.7, 1.1))
            script.stay(0.55 * held)
        else:
            script.stay(held)
        held_to = script.clock_s
        wrong_to = held_to
        if drill.second is not None:
            script.move(self._posture("second", side, faulty), rng.uniform(*drill.way_s) * 1.5)
            script.stay(plan.hold_s * rng.uniform(0.85, 1.15))
        back = rng.uniform(*drill.way_s)
        if flaw and (flaw.lowering or flaw.rising):
            back = size / plan.tempo
        if flaw and flaw.lowering:
            wrong_from, wrong_to = script.clock_s, script.clock_s + size
        for station in reversed(via):
            script.move(station, back / (len(via) + 1) * 1.2)
        script.move(rest, back / (len(via) + 1) * (1.2 if via else 1.0))
        if drill.told != "holds":
            script.repetitions.append(Repetition(begin, peak, script.clock_s, side))
            wrong_to = wrong_to if flaw and flaw.lowering else script.clock_s
        if drill.told in ("holds", "both"):
            script.holds.append(Hold(held_from, held_to, side))
        if flaw and fault:
            script.faults.append(Fault(fault, wrong_from, wrong_to, size, flaw.unit, i))
        script.stay(rng.uniform(0.6, 1.3))

    def _via(self, side: str | None, fault: str | None) -> list[Posture]:
        out = []
        flaw = self._drill.flaws.get(fault or "")
        shape = flaw.via if flaw else None
        for n, station in enumerate(self._drill.via):
            key = (f"via{n}", side or "", fault if shape else None)
            if shape and key not in self._made:
                station = shape(station, self._plan.size or 0.0)
            out.append(self._made.setdefault(key, self._sided(station, side)))
        return out

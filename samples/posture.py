"""The motion language: postures, and scripts that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from samples.angles import ANGLES, SIDES

Facing = Literal["down", "up"]

# Which joints and regions belong to an arm; all other sided ones belong to a leg.
ARM = ("shoulder", "elbow", "forearm", "wrist", "hand", "upper_arm")


def limb(name: str) -> str | None:
    """Return the limb of an angle, joint or region, None for the trunk.

    Examples
    --------
    >>> limb("left_elbow_flexion"), limb("right_heel"), limb("thorax")
    ('left_arm', 'right_leg', None)
    """
    side, _, rest = name.partition("_")
    if side not in SIDES:
        return None
    return f"{side}_{'arm' if rest.startswith(ARM) else 'leg'}"


@dataclass(frozen=True, slots=True)
class Over:
    """A joint that stands vertically over another, or `ahead_m` further towards the head.

    With `aside_m` it also stands over it sideways, or so far to the left; None leaves that open.
    """

    upper: str
    lower: str
    ahead_m: float = 0.0
    aside_m: float | None = None


@dataclass(frozen=True, slots=True)
class Posture:
    """One posture: clinical angles, how the trunk lies in the room, and what touches the floor.

    Attributes
    ----------
    facing
        Where the front of the trunk looks when the body lies flat, head towards +x.
    angles
        Clinical angles, degrees (see `samples.angles`); those not named are zero.
    trunk_elevation
        Head end up, degrees: 0 lying, 90 upright. Only a wish when `trunk_firmness` is small.
    pelvis_roll
        Left side of the pelvis up, degrees.
    contacts
        Regions that touch the floor.
    planted
        Regions that stay where they first touched it.
    free
        Angles the placement may change so that the contacts hold; never the angle under test.
    over
        Joints that stand over others.
    trunk_firmness
        Weight of the wished trunk elevation; the contacts decide it by default.
    """

    facing: Facing
    angles: Mapping[str, float]
    trunk_elevation: float = 0.0
    pelvis_roll: float = 0.0
    contacts: frozenset[str] = frozenset()
    planted: frozenset[str] = frozenset()
    free: tuple[str, ...] = ()
    over: tuple[Over, ...] = ()
    trunk_firmness: float = 0.02

    def __post_init__(self) -> None:
        unknown = sorted(({*self.angles} | {*self.free}) - {*ANGLES})
        if unknown:
            raise ValueError(f"no such angle: {', '.join(unknown)}")

    def bent(self, **angles: float) -> Posture:
        """Return this posture with some angles changed."""
        return replace(self, angles={**self.angles, **angles})

    def bears(self, name: str) -> bool:
        """Whether the limb of an angle or joint touches something.

        Only then may the placement change it: a free joint of a lifted limb would go anywhere.
        """
        own = limb(name)
        return own is None or any(limb(region) == own for region in self.contacts)

    def lifting(self, *regions: str) -> Posture:
        """Return this posture with some regions off the floor."""
        return replace(self, contacts=self.contacts - {*regions}, planted=self.planted - {*regions})


def sided(*names: str) -> tuple[str, ...]:
    """Return the names for the left and the right side.

    Examples
    --------
    >>> sided("heel")
    ('left_heel', 'right_heel')
    """
    return tuple(f"{side}_{name}" for name in names for side in ("left", "right"))


@dataclass(frozen=True, slots=True)
class Move:
    """The way from the posture before to `to`, beginning at `start_s`."""

    to: Posture
    start_s: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Repetition:
    """A repetition as performed, from leaving rest to being back; at the peak the way up ends."""

    start_s: float
    peak_s: float
    end_s: float
    side: str | None


@dataclass(frozen=True, slots=True)
class Hold:
    """A time in which a held posture is kept."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A form error, when and by how much; `repetition` counts from 0, None for a hold."""

    id: str
    start_s: float
    end_s: float
    size: float
    unit: str
    repetition: int | None


@dataclass
class Script:
    """What a person does, built move by move.

    `tempo` is a factor on all durations given, `clock_s` the time reached so far.
    """

    exercise: str
    start: Posture
    tempo: float = 1.0
    moves: list[Move] = field(default_factory=list)
    clock_s: float = 0.0
    repetitions: list[Repetition] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def move(self, to: Posture, seconds: float) -> None:
        """Go to a posture."""
        self.moves.append(Move(to, self.clock_s, seconds * self.tempo))
        self.clock_s += seconds * self.tempo

    def stay(self, seconds: float) -> None:
        """Stay in the posture reached."""
        self.clock_s += seconds * self.tempo

    def postures(self) -> Iterable[Posture]:
        """Yield the postures in order, the start first."""
        yield self.start
        yield from (move.to for move in self.moves)

    def at(self, t: float) -> tuple[int, float]:
        """Return which move is on at time t (-1 before the first), and its phase 0..1.

        The phase follows the minimum-jerk course of a natural reaching movement.
        """
        index = -1
        for i, move in enumerate(self.moves):
            if t >= move.start_s:
                index = i
        if index < 0:
            return index, 0.0
        move = self.moves[index]
        tau = float(np.clip((t - move.start_s) / move.seconds, 0.0, 1.0))
        return index, tau**3 * (10.0 - 15.0 * tau + 6.0 * tau**2)

"""The motion language: postures, and scripts that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from samples.angles import ANGLES, SIDES

# "left" lies on the left side, "right" on the right one.
Facing = Literal["down", "up", "left", "right"]

# Which joints and regions belong to an arm; all other sided ones belong to a leg.
ARM = ("shoulder", "elbow", "forearm", "wrist", "hand", "upper_arm", "girdle")


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
class Surface:
    """A plane that can be touched: the floor, the top of a seat, a wall.

    Attributes
    ----------
    normal
        (x, y, z) unit vector out of it.
    level_m
        Where the plane lies along its normal.
    solid
        Whether no region at all may go through it, like a wall without an opening.
    """

    normal: tuple[float, float, float] = (0.0, 0.0, 1.0)
    level_m: float = 0.0
    solid: bool = False


FLOOR = Surface()


@dataclass(frozen=True, slots=True)
class Reach:
    """A joint that is at another joint, or `off_m` (ahead, left, up in the room) from it.

    This is how a hand takes hold of a knee: only the arm's free angles should be able to do it.
    """

    joint: str
    at: str
    off_m: tuple[float, float, float] = (0.0, 0.0, 0.0)


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
        Turn about the long axis of the lying body, degrees: +y goes up. Someone prone lifts the
        left side of the pelvis, someone on the right side rolls backwards.
    heading
        Turn of an upright body to its left, degrees.
    contacts
        Regions that touch something.
    on
        What a region touches, if not the floor.
    planted
        Regions that stay where they first touched it.
    free
        Angles the placement may change so that the contacts hold; never the angle under test.
    over
        Joints that stand over others.
    trunk_firmness
        Weight of the wished trunk elevation; the contacts decide it by default.
    reaches
        Hands that are somewhere on the body.
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
    on: Mapping[str, Surface] = field(default_factory=dict)
    reaches: tuple[Reach, ...] = ()
    heading: float = 0.0

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
        touching = (*self.contacts, *(reach.joint for reach in self.reaches))
        return own is None or any(limb(region) == own for region in touching)

    def lifting(self, *regions: str) -> Posture:
        """Return this posture with some regions off the floor."""
        return replace(self, contacts=self.contacts - {*regions}, planted=self.planted - {*regions})


def swapped(name: str) -> str:
    """Return the same name on the other side.

    Examples
    --------
    >>> swapped("left_heel"), swapped("thorax")
    ('right_heel', 'thorax')
    """
    side, _, rest = name.partition("_")
    other = {"left": "right", "right": "left"}.get(side)
    return f"{other}_{rest}" if other else name


def mirrored(posture: Posture) -> Posture:
    """Return a posture with left and right exchanged."""
    turned = ("side_bend", "rotation")
    facing: Facing = {"left": "right", "right": "left"}.get(posture.facing, posture.facing)  # type: ignore[assignment]
    return replace(
        posture,
        facing=facing,
        angles={
            swapped(name): -value if limb(name) is None and name.endswith(turned) else value
            for name, value in posture.angles.items()
        },
        pelvis_roll=-posture.pelvis_roll,
        heading=-posture.heading,
        contacts=frozenset(map(swapped, posture.contacts)),
        planted=frozenset(map(swapped, posture.planted)),
        free=tuple(map(swapped, posture.free)),
        on={swapped(name): surface for name, surface in posture.on.items()},
        over=tuple(
            Over(swapped(o.upper), swapped(o.lower), o.ahead_m,
                 None if o.aside_m is None else -o.aside_m)
            for o in posture.over
        ),
        reaches=tuple(
            Reach(swapped(r.joint), swapped(r.at), (r.off_m[0], -r.off_m[1], r.off_m[2]))
            for r in posture.reaches
        ),
    )  # fmt: skip


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
    """A time in which a held posture is kept: fully reached, and not yet being left."""

    start_s: float
    end_s: float
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A form error, when and by how much; `repetition` counts from 0, None for a hold."""

    id: str
    start_s: float
    end_s: float
    size: float
    unit: str
    repetition: int | None


@dataclass(frozen=True, slots=True)
class Furniture:
    """A box to draw: its middle and size in metres, and an sRGB colour."""

    at: tuple[float, float, float]
    size: tuple[float, float, float]
    colour: tuple[int, int, int]


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
    furniture: tuple[Furniture, ...] = ()

    def move(self, to: Posture, seconds: float) -> None:
        """Go to a posture."""
        self.moves.append(Move(to, self.clock_s, seconds * self.tempo))
        self.clock_s += seconds * self.tempo

    def stay(self, seconds: float) -> None:
        """Stay in the posture reached."""
        self.clock_s += seconds * self.tempo

    def rested(self, pauses_s: Iterable[float]) -> Script:
        """Return it with a further rest after each repetition; what comes after is later."""
        ends = [repetition.end_s for repetition in self.repetitions]
        pauses = list(zip(ends, pauses_s, strict=False))

        def begun(t: float) -> float:
            return t + sum(pause for end, pause in pauses if end <= t)

        def ended(t: float) -> float:
            return t + sum(pause for end, pause in pauses if end < t)

        return replace(
            self,
            moves=[replace(m, start_s=begun(m.start_s)) for m in self.moves],
            clock_s=ended(self.clock_s),
            repetitions=[
                replace(r, start_s=begun(r.start_s), peak_s=begun(r.peak_s), end_s=ended(r.end_s))
                for r in self.repetitions
            ],
            holds=[replace(h, start_s=begun(h.start_s), end_s=ended(h.end_s)) for h in self.holds],
            faults=[
                replace(f, start_s=begun(f.start_s), end_s=ended(f.end_s)) for f in self.faults
            ],
        )

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

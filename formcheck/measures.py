"""The closed vocabulary of measures that an exercise spec may use.

A measure is a number with a unit, made of landmarks or of other measures. There is no code in
specs: a new *kind* of measure is added here, a new *measure* in a spec.

Points are named ``<which>_<joint>``. ``left`` and ``right`` are the person's own; ``near`` and
``far`` are the sides towards and away from the camera; ``mid`` is halfway between the two;
``own`` and ``other`` are, in an exercise with sides, the side being judged and the opposite one.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from formcheck import geometry
from formcheck.body import INDEX, LANDMARKS, N_LANDMARKS, TRUNK, Array, Posture

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

# Joints that may be named in a point; each exists on both sides but the nose.
JOINTS = (
    "eye",
    "ear",
    "shoulder",
    "elbow",
    "wrist",
    "index",
    "hip",
    "knee",
    "ankle",
    "heel",
    "foot_index",
)
# Halfway points are appended to the 33 landmarks, in the order of JOINTS.
MID: dict[str, int] = {joint: N_LANDMARKS + i for i, joint in enumerate(JOINTS)}
MID_PAIRS = [(INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]) for joint in JOINTS]
WHICH = ("left", "right", "near", "far", "mid", "own", "other")

# Body lengths that distances are given in: the bone whose running length is the yardstick.
LENGTHS: dict[str, tuple[str, str]] = {
    "trunk": ("shoulder", "hip"),
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
}
# The same as the tracker gives them in space, metres: it fits everybody to one size of body, within
# a tenth (footage and renders).
LENGTHS_M = {"trunk": 0.5, "thigh": 0.4, "shank": 0.4, "upper_arm": 0.27, "forearm": 0.24}
Length = Literal["trunk", "thigh", "shank", "upper_arm", "forearm"]

# What a repetition itself can be asked once it is over; seconds, and the range in the unit of the
# measure that is counted.
REPETITION_QUANTITIES = ("rising_s", "hold_s", "lowering_s", "duration_s", "range")


def check_point(name: str) -> str:
    """Return the point's name when it is one.

    Raises
    ------
    ValueError
        With the names that exist.
    """
    which, _, joint = name.partition("_")
    if name == "nose" or (which in WHICH and joint in JOINTS):
        return name
    raise ValueError(
        f"there is no point {name!r}: use nose, or one of {', '.join(WHICH)}"
        f" followed by _ and one of {', '.join(JOINTS)}"
    )


def point_indices(name: str, side: Side | None) -> tuple[int, int]:
    """Return the point's place among the landmarks and midpoints: (left is near, right is near)."""
    if name == "nose":
        return INDEX["nose"], INDEX["nose"]
    which, _, joint = name.partition("_")
    if which == "mid":
        return MID[joint], MID[joint]
    if which in ("near", "far"):
        left, right = INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]
        return (left, right) if which == "near" else (right, left)
    if which in ("own", "other"):
        if side is None:
            raise ValueError(f"{name!r} needs an exercise with sides")
        which = side if which == "own" else ("right" if side == "left" else "left")
    index = INDEX[f"{which}_{joint}"]
    return index, index


@dataclass(slots=True)
class Seen:
    """What the measures of one frame are made of; it is not changed once it is made.

    Attributes
    ----------
    t
        Seconds.
    points
        33 landmarks and the midpoints: (x, y), y up, in picture heights; turned level.
    picture
        The same as they lie in the picture.
    world
        The same in space, one row a point: (x, y, z) metres, y down, z away from the camera.
    clear
        Per point: the camera sees it.
    usable
        Per point: it has a plausible place, though perhaps only the tracker's guess.
    near
        0 when the left side is nearer to the camera, 1 when the right is.
    lengths
        The person's running body lengths in picture heights, by the names of `LENGTHS`.
    postures
        How likely each posture is, 0 to 1.
    roll_deg
        By how much the picture was turned clockwise to be level: `points` and `world` are turned.
    in_view
        Per point: it is really in view, not only said to be, so that form may be judged by it.
    taken
        Measures of these points that were taken already: both sides, and movements to avoid, often
        look at the same ones.
    """

    t: float
    points: list[Sequence[float]]
    picture: list[Sequence[float]]
    world: Array
    clear: list[bool]
    usable: list[bool]
    near: int
    lengths: dict[str, float]
    postures: Mapping[str, float] = field(default_factory=dict)
    roll_deg: float = 0.0
    in_view: list[bool] = field(default_factory=lambda: [True] * (N_LANDMARKS + len(JOINTS)))
    taken: dict[object, Value] = field(default_factory=dict, init=False, repr=False, compare=False)


class Value(NamedTuple):
    """A measure's value in one frame: NaN when unknown; `clear` when all it is made of is seen."""

    value: float
    clear: bool

    @property
    def known(self) -> float:
        """The value where it is clearly seen, else NaN."""
        return self.value if self.clear else math.nan


UNKNOWN = Value(math.nan, False)


class Values(dict[str, Value]):
    """The measures of one frame by name, each taken when it is first asked for.

    Most of a spec's measures matter in one phase of the exercise only.

    Parameters
    ----------
    measures
        All measures of a spec, those that others are made of before those.
    side
        The side that is judged, None where there are none.

    Attributes
    ----------
    camera
        The spec's camera set-up that fits the view of this frame, or None.
    """

    __slots__ = ("_evaluate", "_follow", "_seen", "camera")

    def __init__(self, measures: Mapping[str, _Measure], side: Side | None) -> None:
        super().__init__()
        self._evaluate = {name: measure.compile(side) for name, measure in measures.items()}
        # What remembers earlier frames is taken in each.
        self._follow = [name for name, measure in measures.items() if measure.remembers]
        self._seen: Seen | None = None
        self.camera: str | None = None

    def look(self, seen: Seen | None, camera: str | None) -> None:
        """Begin with another frame; None for one in which everything is unknown."""
        self.clear()
        self._seen, self.camera = seen, camera
        if seen is not None:
            for name in self._follow:
                self[name]

    def __missing__(self, name: str) -> Value:
        evaluate = self._evaluate[name]
        value = self[name] = UNKNOWN if self._seen is None else evaluate(self._seen, self)
        return value

    def kept(self) -> Values:
        """Return a copy that stays when the next frame is looked at, and is cheap until asked."""
        kept = Values.__new__(Values)
        kept.update(self)
        kept._evaluate, kept._follow = self._evaluate, self._follow
        kept._seen, kept.camera = self._seen, self.camera
        return kept

    def known(self) -> dict[str, float]:
        """Return all of them, NaN where not clearly seen."""
        return {name: self[name].known for name in self._evaluate}


Evaluate = Callable[[Seen, Values], Value]
# Picks a measure's points out of all; an `itemgetter` is the quickest that does.
Pick = Callable[[Sequence[Any] | Array], tuple[Any, ...]]


class _Measure(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    remembers: ClassVar[bool] = False  # earlier frames

    @abstractmethod
    def compile(self, side: Side | None) -> Evaluate:
        """Return what takes the measure of a frame."""

    def unit(self, units: dict[str, str]) -> str:
        return "deg"

    def parts(self) -> tuple[str, ...]:
        """Name the other measures that this one is made of."""
        return ()

    def needs(self) -> tuple[str, ...]:
        """Name the points that this one is made of."""
        return ()


class PostureLikelihood(_Measure):
    """How likely it is that the person is in one of some postures, 0 to 1."""

    kind: Literal["posture"]
    of: tuple[Posture, ...] = Field(min_length=1)

    def unit(self, units: dict[str, str]) -> str:
        return "likelihood"

    def compile(self, side: Side | None) -> Evaluate:
        postures = self.of

        def evaluate(seen: Seen, _: Values) -> Value:
            if not seen.postures:
                return UNKNOWN
            return Value(math.fsum(seen.postures[name] for name in postures), True)

        return evaluate


class _OfPoints(_Measure):
    """A measure of so many points; subclasses say how many and what they mean."""

    points: tuple[str, ...]
    # Computed from these, too, after the ones that a spec names.
    also: ClassVar[tuple[str, ...]] = ()

    @field_validator("points")
    @classmethod
    def _known_points(cls, points: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check_point(name) for name in points)

    def needs(self) -> tuple[str, ...]:
        return self.points

    @abstractmethod
    def compute(self, seen: Seen, pick: Pick) -> float:
        """Return the value from the points that are picked out of all."""

    def compile(self, side: Side | None) -> Evaluate:
        of_sides = any(name.startswith(("own_", "other_")) for name in self.points)
        return self._compiled(side if of_sides else None)

    @cache  # one for all engines: it remembers nothing  # noqa: B019
    def _compiled(self, side: Side | None) -> Evaluate:
        pairs = [point_indices(name, side) for name in (*self.points, *self.also)]
        picks: tuple[Pick, Pick] = (
            itemgetter(*[left for left, _ in pairs]),
            itemgetter(*[right for _, right in pairs]),
        )
        compute = self.compute

        def evaluate(seen: Seen, _: Values) -> Value:
            value = seen.taken.get(evaluate)
            if value is None:
                pick = picks[seen.near]
                clear = False not in pick(seen.clear)
                if clear or False not in pick(seen.usable):
                    value = Value(compute(seen, pick), clear)
                else:
                    value = UNKNOWN
                seen.taken[evaluate] = value
            return value

        return evaluate


def _in_space(seen: Seen, pick: Pick) -> list[list[float]]:
    """Return points in space, as plain numbers."""
    return [point.tolist() for point in pick(seen.world)]


class _Flat(_OfPoints):
    """Computed in the picture."""

    formula: ClassVar[Callable[..., float]]  # of the points

    def compute(self, seen: Seen, pick: Pick) -> float:
        return self.formula(*pick(seen.points))


class JointAngle(_OfPoints):
    """Interior angle at the middle of three points, 0-180 deg, in the picture or in space."""

    kind: Literal["joint_angle"]
    points: tuple[str, str, str]
    space: Literal["picture", "world"] = "picture"

    def compute(self, seen: Seen, pick: Pick) -> float:
        if self.space == "world":
            return geometry.interior_angle(*_in_space(seen, pick))
        return geometry.interior_angle(*pick(seen.points))


class LineAngle(_Flat):
    """Angle at the middle point, past 180 deg when it lies above the line of the outer two."""

    kind: Literal["line_angle"]
    points: tuple[str, str, str]

    formula = staticmethod(geometry.line_angle)


class Inclination(_Flat):
    """How far the segment from the first to the second point rises from level, -90 to 90 deg."""

    kind: Literal["inclination"]
    points: tuple[str, str]

    formula = staticmethod(geometry.inclination)


class Elevation(_Flat):
    """Angle of the first segment against the second's direction, positive when higher, deg."""

    kind: Literal["elevation"]
    points: tuple[str, str, str, str]

    formula = staticmethod(geometry.elevation)


class Lean(_Flat):
    """How far the second point is off straight below the first, deg.

    Positive to the side on which the fourth point lies of the third, as the toes of the heel.
    """

    kind: Literal["lean"]
    points: tuple[str, str, str, str]

    formula = staticmethod(geometry.lean)


class Tilt(_OfPoints):
    """How far the segment from the first to the second point is off upright, 0-180 deg, in space.

    From every view, but not finer than the camera's own tilt.
    """

    kind: Literal["tilt"]
    points: tuple[str, str]

    def compute(self, seen: Seen, pick: Pick) -> float:
        (ax, ay, az), (bx, by, bz) = _in_space(seen, pick)
        return geometry.angle_between((bx - ax, by - ay, bz - az), (0.0, -1.0, 0.0))


class SegmentAngle(_Flat):
    """Angle between two segments' directions, 0-180 deg."""

    kind: Literal["segment_angle"]
    points: tuple[str, str, str, str]

    formula = staticmethod(geometry.segment_angle)


class Turn(_OfPoints):
    """Turn of the shoulder line against the hip line about the trunk, in space, deg; + to the left.

    Depth from one camera is coarse: use it for large turns only.
    """

    kind: Literal["turn"]
    points: tuple[str, ...] = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")

    def compute(self, seen: Seen, pick: Pick) -> float:
        ls, rs, lh, rh = _in_space(seen, pick)
        shoulders = [p - q for p, q in zip(ls, rs, strict=True)]
        hips = [p - q for p, q in zip(lh, rh, strict=True)]
        axis = [(a + b) - (c + d) for a, b, c, d in zip(ls, rs, lh, rh, strict=True)]
        return geometry.turn_between(hips, shoulders, axis)


class Sideways(_OfPoints):
    """How far the second point is from the first, about the trunk, off straight ahead, deg.

    In space: of knees that roll to a side, which no picture shows from everywhere. + to the left.
    Its middle is off by up to 25 deg from oblique cameras, the way to either side is not.
    """

    kind: Literal["sideways"]
    points: tuple[str, str]

    also: ClassVar[tuple[str, ...]] = tuple(LANDMARKS[i] for i in TRUNK)

    def compute(self, seen: Seen, pick: Pick) -> float:
        a, b, ls, rs, lh, rh = _in_space(seen, pick)
        up = [p + q - r - s for p, q, r, s in zip(ls, rs, lh, rh, strict=True)]
        left = [p - q for p, q in zip(ls, rs, strict=True)]
        front = geometry.cross(left, up)
        out = [q - p for p, q in zip(a, b, strict=True)]
        return geometry.turn_between(front, out, up)


class _InLengths(_OfPoints):
    """A distance, given in one of the person's own body lengths."""

    length: Length

    def unit(self, units: dict[str, str]) -> str:
        return self.length

    @abstractmethod
    def across(self, seen: Seen, *points: geometry.Point) -> float:
        """Return the distance in picture heights."""

    def compute(self, seen: Seen, pick: Pick) -> float:
        scale = seen.lengths.get(self.length, math.nan)
        return self.across(seen, *pick(seen.points)) / scale if scale > 0 else math.nan


class Lift(_InLengths):
    """Height of the first point above the second, in a body length; in the picture or in space."""

    kind: Literal["lift"]
    points: tuple[str, str]
    space: Literal["picture", "world"] = "picture"

    def compute(self, seen: Seen, pick: Pick) -> float:
        if self.space == "picture":
            return super().compute(seen, pick)
        (_, a, _), (_, b, _) = _in_space(seen, pick)
        return (b - a) / LENGTHS_M[self.length]

    def across(self, seen: Seen, *points: geometry.Point) -> float:
        a, b = points
        return a[1] - b[1]


class Separation(_InLengths):
    """Distance of two points in the picture, in a body length."""

    kind: Literal["separation"]
    points: tuple[str, str]

    def across(self, seen: Seen, *points: geometry.Point) -> float:
        return geometry.distance(*points)


class Ahead(_InLengths):
    """How far the first point is headwards of the second along the floor, in a body length.

    For a body that lies, kneels or is propped along the picture.
    """

    kind: Literal["ahead"]
    points: tuple[str, str]

    def across(self, seen: Seen, *points: geometry.Point) -> float:
        hips, shoulders = MID["hip"], MID["shoulder"]
        if not (seen.usable[hips] and seen.usable[shoulders]):
            return math.nan
        headwards = math.copysign(1.0, seen.points[shoulders][0] - seen.points[hips][0])
        a, b = points
        return headwards * (a[0] - b[0])


class Along(_InLengths):
    """How far the first point lies from the second, towards where the fourth is from the third.

    As of knees that roll to a side, along the line of the hips.
    """

    kind: Literal["along"]
    points: tuple[str, str, str, str]

    def across(self, seen: Seen, *points: geometry.Point) -> float:
        a, b, c, d = points
        return geometry.along((a[0] - b[0], a[1] - b[1]), (d[0] - c[0], d[1] - c[1]))


class Balance(_InLengths):
    """How far the body's weight is ahead of the heels, towards the toes, in a body length.

    Nobody can stay where it is behind them without something to sit on or lean on. In the picture,
    for a camera at the side, or in space. The shares of the body's weight, and where along each
    limb they act, are those of Winter, Biomechanics and Motor Control of Human Movement, table 4.1;
    each limb's share is divided between its ends.
    """

    kind: Literal["balance"]
    points: tuple[str, ...] = ("mid_heel", "mid_foot_index")
    space: Literal["picture", "world"] = "picture"

    WEIGHTS: ClassVar[dict[str, float]] = {
        "mid_ear": 0.081,
        "mid_shoulder": 0.280,
        "mid_elbow": 0.038,
        "mid_wrist": 0.030,
        "mid_hip": 0.362,
        "mid_knee": 0.140,
        "mid_ankle": 0.040,
        "mid_heel": 0.0145,
        "mid_foot_index": 0.0145,
    }
    also: ClassVar[tuple[str, ...]] = tuple(WEIGHTS)

    def compute(self, seen: Seen, pick: Pick) -> float:
        if self.space == "picture":
            return super().compute(seen, pick)
        across = [(x, z) for x, _, z in _in_space(seen, pick)]
        return self._ahead_of_heels(across) / LENGTHS_M[self.length]

    def across(self, seen: Seen, *points: geometry.Point) -> float:
        return self._ahead_of_heels([(x, 0.0) for x, _ in points])

    def _ahead_of_heels(self, across: list[tuple[float, float]]) -> float:
        """Return it along the floor; NaN where the feet point nowhere."""
        (hx, hz), (tx, tz), *body = across
        weights = self.WEIGHTS.values()
        x = math.fsum(w * px for w, (px, _) in zip(weights, body, strict=True))
        z = math.fsum(w * pz for w, (_, pz) in zip(weights, body, strict=True))
        return geometry.along((x - hx, z - hz), (tx - hx, tz - hz))


class _Derived(_Measure):
    """Made of other measures."""

    of: tuple[str, ...]

    def parts(self) -> tuple[str, ...]:
        return self.of

    def unit(self, units: dict[str, str]) -> str:
        return units[self.of[0]]


class _Combined(_Derived):
    """Made of other measures of the same frame."""

    @abstractmethod
    def combine(self, values: list[float]) -> float:
        """Return the value from the others' values."""

    @cache  # as of points  # noqa: B019
    def compile(self, side: Side | None) -> Evaluate:
        names, combine = self.of, self.combine

        def evaluate(_: Seen, values: Values) -> Value:
            parts = [values[name] for name in names]
            return Value(combine([v.value for v in parts]), all([v.clear for v in parts]))

        return evaluate


class Difference(_Combined):
    """The first measure less the second."""

    kind: Literal["difference"]
    of: tuple[str, str]

    def combine(self, values: list[float]) -> float:
        return values[0] - values[1]


class ToOwnSide(_Derived):
    """A measure that is positive to the left, made positive to the judged side."""

    kind: Literal["to_own_side"]
    of: tuple[str]

    def compile(self, side: Side | None) -> Evaluate:
        name, sign = self.of[0], -1.0 if side == "right" else 1.0
        return lambda _, values: Value(sign * values[name].value, values[name].clear)


class Opposite(_Combined):
    """A measure with its sign turned, as out is the opposite of in."""

    kind: Literal["opposite"]
    of: tuple[str]

    def combine(self, values: list[float]) -> float:
        return -values[0]


class Size(_Combined):
    """A measure without its sign."""

    kind: Literal["size"]
    of: tuple[str]

    def combine(self, values: list[float]) -> float:
        return abs(values[0])


class Smallest(_Combined):
    """The smallest of several measures; unknown if one of them is."""

    kind: Literal["smallest"]

    def combine(self, values: list[float]) -> float:
        return math.nan if any(map(math.isnan, values)) else min(values)


class Largest(_Combined):
    """The largest of several measures; unknown if one of them is."""

    kind: Literal["largest"]

    def combine(self, values: list[float]) -> float:
        return math.nan if any(map(math.isnan, values)) else max(values)


class Either(_Derived):
    """The mean of several measures, clearly seen when one of them is: the other knee is hidden."""

    kind: Literal["either"]

    @cache  # as of points  # noqa: B019
    def compile(self, side: Side | None) -> Evaluate:
        names = self.of

        def evaluate(_: Seen, values: Values) -> Value:
            known = [value for name in names if not math.isnan((value := values[name]).value)]
            if not known:
                return UNKNOWN
            mean = math.fsum(value.value for value in known) / len(known)
            return Value(mean, any(value.clear for value in known))

        return evaluate


class FromMiddle(_Derived):
    """How far another measure is from the middle of where it lately was.

    Rest lies in the middle of a movement to both sides; where that is depends on the camera. It
    is set by the first `settles_s` and then follows values `near` it; when there were none for
    `patience_s`, it was not the middle, and a new one is set. By default that is longer than
    anybody rolls to a side and back; a stretch needs longer than it is held.
    """

    kind: Literal["from_middle"]
    of: tuple[str]
    near: float = Field(gt=0)
    patience_s: float = Field(12.0, gt=0)
    # In the first frames of a person the tracker is up to 11 deg off where it stays (rendered); who
    # is moving already when first seen has left the middle by then.
    settles_s: float = Field(0.0, ge=0)

    remembers: ClassVar[bool] = True
    FOLLOWS_S: ClassVar[float] = 4.0

    def compile(self, side: Side | None) -> Evaluate:
        name, patience_s = self.of[0], self.patience_s
        middle = near_t = last_t = since = math.nan

        def evaluate(seen: Seen, values: Values) -> Value:
            nonlocal middle, near_t, last_t, since
            now = values[name]
            if math.isnan(now.value):
                return UNKNOWN
            if not seen.t - near_t < patience_s:
                since = seen.t
            if seen.t - since <= self.settles_s:
                middle, near_t = now.value, seen.t
            elif abs(now.value - middle) <= self.near:
                share = 1.0 - math.exp(-(seen.t - last_t) / self.FOLLOWS_S)
                middle, near_t = middle + share * (now.value - middle), seen.t
            last_t = seen.t
            return Value(now.value - middle, now.clear)

        return evaluate


class Floor(_Combined):
    """Another measure, but never less than `at`: what lies below is as good as rest.

    With sides, it keeps one side's movement from being the other's in reverse.
    """

    kind: Literal["floor"]
    of: tuple[str]
    at: float

    def combine(self, values: list[float]) -> float:
        return math.nan if math.isnan(values[0]) else max(values[0], self.at)


class _Lately(_Derived):
    """Computed from where another measure was within the last moments."""

    of: tuple[str]

    remembers: ClassVar[bool] = True

    @abstractmethod
    def span_s(self) -> float:
        """Return how far it looks back, seconds."""

    @abstractmethod
    def over(self, past: Sequence[tuple[float, float]]) -> float:
        """Return the value, NaN if unknown, from times and values; the first is before the span."""

    def compile(self, side: Side | None) -> Evaluate:
        name, span, over = self.of[0], self.span_s(), self.over
        past: deque[tuple[float, float]] = deque()

        def evaluate(seen: Seen, values: Values) -> Value:
            now = values[name]
            if math.isnan(now.value):
                past.clear()
                return UNKNOWN
            past.append((seen.t, now.value))
            while len(past) > 1 and past[1][0] <= seen.t - span:
                past.popleft()
            value = over(past)
            return UNKNOWN if math.isnan(value) else Value(value, now.clear)

        return evaluate


class Speed(_Lately):
    """How fast another measure changes, per second, over about the last third of a second."""

    kind: Literal["speed"]

    # Over a shorter span the tracker's jitter (about 1 deg a frame) drowns slow movements.
    SPAN_S: ClassVar[float] = 0.33

    def unit(self, units: dict[str, str]) -> str:
        return f"{units[self.of[0]]}/s"

    def span_s(self) -> float:
        return self.SPAN_S

    def over(self, past: Sequence[tuple[float, float]]) -> float:
        (before, then), (t, now) = past[0], past[-1]
        return (now - then) / (t - before) if t > before else math.nan


class Spread(_Lately):
    """How far another measure moved about within the last `over_s` seconds: 0 when it rests."""

    kind: Literal["spread"]
    over_s: float = Field(gt=0)

    def span_s(self) -> float:
        return self.over_s

    def over(self, past: Sequence[tuple[float, float]]) -> float:
        if past[0][0] > past[-1][0] - self.over_s:
            return math.nan
        every = [v for _, v in past]
        return max(every) - min(every)


class ByCamera(_Measure):
    """One measure under each camera set-up: where a posture is read differently from there."""

    kind: Literal["by_camera"]
    cameras: dict[str, str]

    def parts(self) -> tuple[str, ...]:
        return tuple(self.cameras.values())

    def unit(self, units: dict[str, str]) -> str:
        return units[next(iter(self.cameras.values()))]

    def compile(self, side: Side | None) -> Evaluate:
        cameras = self.cameras

        def evaluate(_: Seen, values: Values) -> Value:
            name = cameras.get(values.camera or "")
            return UNKNOWN if name is None else values[name]

        return evaluate


Measure = Annotated[
    JointAngle
    | LineAngle
    | Inclination
    | Elevation
    | Lean
    | Tilt
    | SegmentAngle
    | Turn
    | Sideways
    | PostureLikelihood
    | Lift
    | Separation
    | Ahead
    | Along
    | Balance
    | Difference
    | ToOwnSide
    | Opposite
    | Size
    | Smallest
    | Largest
    | Either
    | FromMiddle
    | Floor
    | Speed
    | Spread
    | ByCamera,
    Field(discriminator="kind"),
]

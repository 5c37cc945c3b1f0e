"""From tracker output to what is really seen of one person.

A landmark is *clear* when the tracker calls it visible and present, it lies inside the picture and
it is plausible; it is *usable* when only the tracker's visibility is lacking: then its place is a
guess, which may tell that a limb is back at rest but never that it moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.body import (
    BONES,
    INDEX,
    N_LANDMARKS,
    PRESENCE,
    TRUNK,
    VISIBILITY,
    Array,
    PoseFrame,
    X,
    Y,
)
from formcheck.engine.evidence import PostureEvidence
from formcheck.engine.in_view import InView
from formcheck.engine.level import Level
from formcheck.engine.smoothing import OneEuro
from formcheck.measures import LENGTHS, MID_PAIRS, Seen

# MediaPipe's own default for a landmark to be drawn; near limbs measured .97-1, far ones .06-.6.
LEAST_VISIBILITY = 0.5
LEAST_PRESENCE = 0.5

# Smoothing, chosen on rendered people whose every joint is known (docs/engine.md has the table):
# half of the trembling for one frame of lag; at 1 Hz the lag is 0.1-0.16 s.
LEAST_CUTOFF_HZ = 3.0
BETA_HZ = 6.0  # per picture height a second

# A landmark may move this far between two frames, in trunk lengths: jitter, plus a limb's speed
# (a brisk kick moves an ankle by 3.5 m/s, seven trunk lengths a second).
LANDMARK_JITTER = 0.25
LANDMARK_SPEED = 7.0
# The trunk's middle moves more slowly: getting up or lying down is about 2 trunk lengths a second.
PERSON_JITTER = 0.4
PERSON_SPEED = 4.0
PERSON_RESIZE = 1.7  # nobody's trunk grows or shrinks by this factor from one frame to the next
# A bone may look shorter than it is (foreshortened), but never much longer than it, or another bone
# of the arms or legs, ever looked: they are about as long, and thighs seen end-on roll to the side.
BONE_STRETCH = 1.5
BONE_JITTER = 0.15  # trunk lengths, for bones seen end-on
# How long the tracker may be elsewhere before whoever it follows is taken for the person.
PATIENCE_S = 2.0


def _ends(a: str, b: str) -> tuple[str, str]:
    """Return which joints a bone joins, whatever the side."""
    return a.split("_", 1)[1], b.split("_", 1)[1]


_TRUNK = np.array(TRUNK)
# Of the landmarks followed by where they last were: the ends of each bone, then now and then.
_FROM = np.array([*(INDEX[a] for a, _ in BONES), *range(N_LANDMARKS)])
_TO = np.array([*(INDEX[b] for _, b in BONES), *range(N_LANDMARKS, 2 * N_LANDMARKS)])
# The end of a bone that is in doubt when the bone is too long: the one farther from the trunk.
_FAR_END = {i: INDEX[b] for i, (a, b) in enumerate(BONES) if a.split("_")[0] == b.split("_")[0]}
_ALIKE = [
    [i for i, bone in enumerate(BONES) if _ends(*bone) in pairs]
    for pairs in (
        {("hip", "knee"), ("knee", "ankle")},
        {("shoulder", "elbow"), ("elbow", "wrist")},
    )
]
# Each point is halfway between two landmarks: the landmarks themselves, then the midpoints.
_POINT_A = np.array([*range(N_LANDMARKS), *(a for a, _ in MID_PAIRS)])
_POINT_B = np.array([*range(N_LANDMARKS), *(b for _, b in MID_PAIRS)])
# By column of an image: in the picture, visible, and there.
_LEAST = np.array([0.0, 0.0, -np.inf, LEAST_VISIBILITY, LEAST_PRESENCE])
_MOST = np.array([1.0, 1.0, np.inf, np.inf, np.inf])
_LENGTH_BONES = {
    name: [
        next(i for i, bone in enumerate(BONES) if bone == (f"{side}_{a}", f"{side}_{b}"))
        for side in ("left", "right")
    ]
    for name, (a, b) in LENGTHS.items()
}
_SIDE_JOINTS = ("shoulder", "elbow", "hip", "knee", "ankle")
_SIDED = np.array([INDEX[f"{side}_{j}"] for side in ("left", "right") for j in _SIDE_JOINTS])
_LEFT_LESS_RIGHT = np.zeros(N_LANDMARKS)
for _joint in _SIDE_JOINTS:
    _LEFT_LESS_RIGHT[INDEX[f"left_{_joint}"]] = 1.0 / len(_SIDE_JOINTS)
    _LEFT_LESS_RIGHT[INDEX[f"right_{_joint}"]] = -1.0 / len(_SIDE_JOINTS)
_SIDED_LESS = _LEFT_LESS_RIGHT[_SIDED]


def _reachable(then: Place, now: Place) -> bool:
    """Whether one body can have come from one place to the other in the time between."""
    elapsed, size = now[0] - then[0], max(now[3], then[3])
    moved = math.hypot(now[1] - then[1], now[2] - then[2])
    if moved > (PERSON_JITTER + PERSON_SPEED * elapsed) * size:
        return False
    return size / min(now[3], then[3]) <= PERSON_RESIZE * (1.0 + elapsed)


def _rate(dt: float, tau: float) -> float:
    return 1.0 - math.exp(-dt / tau)


Place = tuple[float, float, float, float]  # t, the trunk's middle x and y, its length


@dataclass(slots=True)
class Sighting:
    """One frame, looked at.

    Attributes
    ----------
    found
        The tracker found somebody.
    changed
        From this frame on it is somebody (or something) else: start afresh.
    seen
        What the measures are made of; None when nobody was found, or not the person we follow.
    """

    found: bool
    changed: bool
    seen: Seen | None


def _turn(places: Array, clockwise_deg: float) -> None:
    """Turn the picture, and what is seen in space with it, about the camera's axis.

    Rows: x and y in the picture, y up; x and y in space, y down.
    """
    cos = math.cos(math.radians(clockwise_deg))
    sin = math.sin(math.radians(clockwise_deg))
    x, y, wx, wy = places[:4]
    places[0], places[1] = cos * x + sin * y, cos * y - sin * x
    places[2], places[3] = cos * wx - sin * wy, cos * wy + sin * wx


class Sight:
    """Follow one person through the frames; see the module's text.

    Call it with each frame in turn.
    """

    def __init__(self) -> None:
        self._smooth = OneEuro(LEAST_CUTOFF_HZ, BETA_HZ)
        self._postures = PostureEvidence()
        self._level = Level()
        self._in_view = InView()
        self._t = math.nan
        self._shape: tuple[int, int] | None = None  # of the pictures, pixels
        # The last accepted places, NaN where never, and when they were accepted.
        self._last: Array | None = None
        self._last_t: Array | float = math.nan
        self._bones = [0.0] * len(BONES)  # running bone lengths, picture heights
        self._side = 0.0  # evidence that the left side is nearer
        self._near = -1
        self._anchor: Place | None = None  # where the person was last
        self._stranger: Place | None = None  # where somebody else was last, if that is who is seen
        self._stranger_since = math.nan

    def __call__(self, frame: PoseFrame) -> Sighting:
        """Return what this frame shows."""
        t = frame.t
        dt = t - self._t if self._t == self._t else 0.0
        self._t = t
        # One row a coordinate, and the fewest calls that will do: at this size it is NumPy's calls
        # that cost, most of all on a server, where other people's frames are in its caches.
        image = frame.image
        raw = np.empty((5, N_LANDMARKS))
        np.multiply(image[:, X], frame.width / frame.height, raw[0])
        np.subtract(1.0, image[:, Y], raw[1])
        raw[2:] = frame.world.T
        places = raw[:2]
        (lsx, rsx, lhx, rhx), (lsy, rsy, lhy, rhy) = places.take(_TRUNK, 1).tolist()
        x, y = (lsx + rsx + lhx + rhx) / 4, (lsy + rsy + lhy + rhy) / 4
        if not math.isfinite(x + y):
            return Sighting(False, False, None)
        # Seen end-on the trunk is short; its width is a floor to the yardstick.
        size = max(
            math.hypot(lsx + rsx - lhx - rhx, lsy + rsy - lhy - rhy) / 2,
            math.hypot(lsx - rsx, lsy - rsy),
            math.hypot(lhx - rhx, lhy - rhy),
            1e-3,
        )
        here = (t, x, y, size)
        # In a picture of another shape nothing is where it was: the phone was turned.
        shape = (frame.width, frame.height)
        changed = self._shape is not None and shape != self._shape
        self._shape = shape
        if changed:
            self._start_afresh()
        elif self._is_stranger(here):
            if t - self._stranger_since < PATIENCE_S:
                return Sighting(True, False, None)
            changed = True
            self._start_afresh()
        self._stranger, self._anchor = None, here
        plausible = self._plausible(t, dt, places, size)
        fine = (image >= _LEAST) & (image <= _MOST)
        there = fine[:, X] & fine[:, Y]
        there &= fine[:, PRESENCE]
        if plausible is not None:
            there &= plausible
        usable, clear = there.tolist(), (there & fine[:, VISIBILITY]).tolist()
        usable += [usable[a] and usable[b] for a, b in MID_PAIRS]
        clear += [clear[a] and clear[b] for a, b in MID_PAIRS]
        whole = plausible is None and math.isfinite(np.add.reduce(raw, None))
        if not whole:
            known = np.isfinite(raw)
            raw[~(known if plausible is None else known & plausible)] = np.nan
        self._choose_side(dt, image[:, VISIBILITY].copy(), raw[4])
        smooth = self._smooth(t, raw, whole)
        everything = smooth.take(_POINT_A, 1)
        everything += smooth.take(_POINT_B, 1)
        everything *= 0.5
        picture = points = everything[:2].T.tolist()
        bones = self._bones
        lengths = {
            name: bones[i] if bones[i] > bones[j] else bones[j]
            for name, (i, j) in _LENGTH_BONES.items()
        }
        world = everything[2:].T
        postures = self._postures.update(t, everything[:2].T, world, there)
        roll_deg = self._level.update(t, points, world, usable, lengths["trunk"], postures)
        if roll_deg:
            _turn(everything, roll_deg)
            points = everything[:2].T.tolist()
        seen = Seen(
            t,
            points,
            picture,
            world,
            clear,
            usable,
            self._near,
            lengths,
            postures,
            roll_deg,
            self._in_view.update(frame, lengths["trunk"]),
        )
        return Sighting(True, changed, seen)

    def _is_stranger(self, here: Place) -> bool:
        """Whether the body in this frame cannot be the one we follow, by place and size.

        Once the tracker has leapt to a stranger, it is back only when it leaps back: a stranger
        who is followed from frame to frame does not become the person by staying.
        """
        if self._anchor is None:
            return False
        if self._stranger is not None and _reachable(self._stranger, here):
            self._stranger = here
            return True
        if _reachable(self._anchor, here):
            return False
        if self._stranger is None:
            self._stranger_since = here[0]
        self._stranger = here
        return True

    def _start_afresh(self) -> None:
        self._smooth.reset()
        self._postures.reset()
        self._level.reset()
        self._in_view.reset()
        self._last = None
        self._bones = [0.0] * len(BONES)
        self._side, self._near = 0.0, -1

    def _plausible(
        self, t: float, dt: float, places: Array, size: float
    ) -> NDArray[np.bool_] | None:
        """Return which landmarks can be where the tracker has them; None when all can."""
        last = places if self._last is None else self._last
        apart = np.concatenate((places, last), 1)
        apart = apart.take(_FROM, 1) - apart.take(_TO, 1)
        distance = np.hypot(apart[0], apart[1])
        length = distance[: len(BONES)].tolist()
        if self._last is None:
            self._last, self._last_t = places.copy(), t
            self._bones = [0.0 if math.isnan(bone) else bone for bone in length]
            found: NDArray[np.bool_] = np.isfinite(places[0]) & np.isfinite(places[1])
            return found
        age = t - self._last_t
        allowed = (LANDMARK_JITTER + LANDMARK_SPEED * age) * size
        near: NDArray[np.bool_] = distance[len(BONES) :] <= allowed  # NaN is not
        whole = np.count_nonzero(near) == N_LANDMARKS
        if whole:
            self._last, self._last_t = places.copy(), t
        else:
            self._last = np.where(near, places, self._last)
            self._last_t = np.where(near, t, self._last_t)
        stretched = self._stretched(length, size)
        for i in stretched:
            near[_FAR_END[i]] = False
        # The running length follows growth within two seconds and shrinks over ten.
        grow, shrink = _rate(dt, 2.0), _rate(dt, 10.0)
        self._bones = [
            then + (now - then) * grow
            if now > then
            else then + (now - then) * shrink
            if now <= then
            else then  # NaN is neither
            for now, then in zip(length, self._bones, strict=True)
        ]
        return None if whole and not stretched else near

    def _stretched(self, length: list[float], size: float) -> list[int]:
        """Return which bones of the limbs are longer than they can be."""
        slack = BONE_JITTER * size
        bones = self._bones
        for i in _FAR_END:
            if length[i] > BONE_STRETCH * bones[i] + slack:
                break
        else:
            return []  # within the narrowest limit there is
        # Coming nearer makes all bones longer; one that grows alone is the tracker's error.
        growths = [now / max(then, 1e-6) for now, then in zip(length, bones, strict=True)]
        most = BONE_STRETCH * max(1.0, sorted(growths)[len(growths) // 2])
        longest = bones.copy()
        for alike in _ALIKE:
            longest_of_them = max([longest[i] for i in alike])
            for i in alike:
                longest[i] = longest_of_them
        return [i for i in _FAR_END if length[i] > most * longest[i] + slack]

    def _choose_side(self, dt: float, vis: Array, depth: Array) -> None:
        """Add this frame's evidence for the near side; change it only on a clear majority."""
        by_sight = float(vis @ _LEFT_LESS_RIGHT)
        by_depth = -float(depth.take(_SIDED) @ _SIDED_LESS)
        evidence = by_sight + 2.0 * by_depth  # depth is in metres
        if not -1.0 <= evidence <= 1.0:
            evidence = math.copysign(1.0, evidence) if math.isfinite(evidence) else self._side
        if self._near < 0:
            self._side = evidence
            self._near = 0 if evidence >= 0 else 1
            return
        self._side += _rate(dt, 1.5) * (evidence - self._side)
        if self._near == 0 and self._side < -0.15:
            self._near = 1
        elif self._near == 1 and self._side > 0.15:
            self._near = 0

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

from formcheck.body import BONES, INDEX, PRESENCE, VISIBILITY, Array, PoseFrame
from formcheck.engine.smoothing import OneEuro
from formcheck.measures import LENGTHS, MID_PAIRS, Seen

# MediaPipe's own default for a landmark to be drawn; near limbs measured .97-1, far ones .06-.6.
LEAST_VISIBILITY = 0.5
LEAST_PRESENCE = 0.5

# Smoothing, chosen on rendered people whose every joint is known (see docs/engine.md): at 2 Hz and
# below, peaks come late; without it, angles of a still body tremble by 1-2 deg.
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
# A bone may look shorter than it is (foreshortening), never much longer than it ever looked.
BONE_STRETCH = 1.5
BONE_JITTER = 0.15  # trunk lengths, for bones seen end-on
# How long the tracker may be elsewhere before whoever it follows is taken for the person.
PATIENCE_S = 3.0
# A landmark refused this long is where the tracker says: it was lost before, not now.
STUBBORN_S = 0.4

_TRUNK = np.array([INDEX[n] for n in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")])
_BONE_A = np.array([INDEX[a] for a, _ in BONES])
_BONE_B = np.array([INDEX[b] for _, b in BONES])
# The end of a bone that is in doubt when the bone is too long: the one farther from the trunk.
_LIMB = np.array([i for i, (a, _) in enumerate(BONES) if a.split("_")[0] == BONES[i][1].split("_")[0]])
_MID_A = np.array([a for a, _ in MID_PAIRS])
_MID_B = np.array([b for _, b in MID_PAIRS])
_LENGTH_BONES = {
    name: [
        next(i for i, bone in enumerate(BONES) if bone == (f"{side}_{a}", f"{side}_{b}"))
        for side in ("left", "right")
    ]
    for name, (a, b) in LENGTHS.items()
}
_SIDE_JOINTS = ("shoulder", "elbow", "hip", "knee", "ankle")
_LEFT = np.array([INDEX[f"left_{j}"] for j in _SIDE_JOINTS])
_RIGHT = np.array([INDEX[f"right_{j}"] for j in _SIDE_JOINTS])


def _rate(dt: float, tau: float) -> float:
    return 1.0 - math.exp(-dt / tau)


@dataclass(slots=True)
class Sighting:
    """One frame, looked at.

    Attributes
    ----------
    found
        The tracker found somebody.
    same
        It is the person we follow; when not, nothing of this frame is used.
    changed
        From this frame on it is somebody (or something) else: start afresh.
    seen
        What the measures are made of; None when nothing may be used.
    """

    found: bool
    same: bool
    changed: bool
    seen: Seen | None


class Sight:
    """Follow one person through the frames; see the module's text.

    Call it with each frame in turn.
    """

    def __init__(self) -> None:
        self._smooth = OneEuro(LEAST_CUTOFF_HZ, BETA_HZ)
        self._t = math.nan
        self._last: Array | None = None  # last accepted places, NaN where never
        self._last_t: Array | None = None  # when they were accepted
        self._bones = np.zeros(len(BONES))  # running bone lengths, picture heights
        self._side = 0.0  # evidence that the left side is nearer
        self._near = -1
        self._anchor: tuple[float, float, float, float] | None = None  # t, x, y, trunk length
        self._stranger_since = math.nan

    def __call__(self, frame: PoseFrame) -> Sighting:
        """Return what this frame shows."""
        t = frame.t
        dt = t - self._t if self._t == self._t else 0.0
        self._t = t
        image = frame.image
        places = np.empty((33, 2))
        places[:, 0] = image[:, 0] * (frame.width / frame.height)
        places[:, 1] = 1.0 - image[:, 1]
        trunk = places[_TRUNK]
        middle = trunk.sum(axis=0) / 4
        x, y = float(middle[0]), float(middle[1])
        if not math.isfinite(x + y):
            return Sighting(False, False, False, None)
        size = math.hypot(
            float(trunk[0, 0] + trunk[1, 0] - trunk[2, 0] - trunk[3, 0]),
            float(trunk[0, 1] + trunk[1, 1] - trunk[2, 1] - trunk[3, 1]),
        ) / 2
        # Seen end-on the trunk is short; its width is a floor to the yardstick.
        size = max(size, math.dist(trunk[0], trunk[1]), math.dist(trunk[2], trunk[3]), 1e-3)
        changed = False
        if self._anchor is not None and self._is_elsewhere(t, x, y, size):
            if self._stranger_since != self._stranger_since:
                self._stranger_since = t
            if t - self._stranger_since < PATIENCE_S:
                return Sighting(True, False, False, None)
            changed = True
            self._start_afresh()
        self._stranger_since = math.nan
        self._anchor = (t, x, y, size)
        plausible = self._plausible(t, dt, places, size)
        vis, pres = image[:, VISIBILITY], image[:, PRESENCE]
        inside = (
            (image[:, 0] >= 0.0) & (image[:, 0] <= 1.0) & (image[:, 1] >= 0.0) & (image[:, 1] <= 1.0)
        )
        usable = plausible & inside & (pres >= LEAST_PRESENCE)
        clear = usable & (vis >= LEAST_VISIBILITY)
        self._choose_side(dt, vis, frame.world)
        raw = np.concatenate((places, frame.world), axis=1)
        raw[~plausible] = np.nan
        smooth = self._smooth(t, raw)
        middle_of = 0.5 * (smooth[_MID_A] + smooth[_MID_B])
        everything = np.concatenate((smooth, middle_of))
        points = everything.tolist()
        lengths = {
            name: float(max(self._bones[left], self._bones[right]))
            for name, (left, right) in _LENGTH_BONES.items()
        }
        seen = Seen(
            t=t,
            points=points,
            world=[p[2:] for p in points],
            clear=np.concatenate((clear, clear[_MID_A] & clear[_MID_B])).tolist(),
            usable=np.concatenate((usable, usable[_MID_A] & usable[_MID_B])).tolist(),
            near=self._near,
            lengths=lengths,
            camera=None,
        )
        return Sighting(True, True, changed, seen)

    def _is_elsewhere(self, t: float, x: float, y: float, size: float) -> bool:
        """Whether the body in this frame can be the one of the last, by place and size."""
        assert self._anchor is not None
        then, ax, ay, asize = self._anchor
        elapsed = t - then
        reach = (PERSON_JITTER + PERSON_SPEED * elapsed) * max(size, asize)
        if math.hypot(x - ax, y - ay) > reach:
            return True
        ratio = max(size, asize) / min(size, asize)
        return ratio > PERSON_RESIZE * (1.0 + elapsed)

    def _start_afresh(self) -> None:
        self._smooth.reset()
        self._last = None
        self._bones[:] = 0.0
        self._side, self._near = 0.0, -1

    def _plausible(self, t: float, dt: float, places: Array, size: float) -> NDArray[np.bool_]:
        known = np.isfinite(places[:, 0])
        if self._last is None or self._last_t is None:
            self._last, self._last_t = places.copy(), np.full(33, t)
            plausible = known
        else:
            step = places - self._last
            moved = np.sqrt(step[:, 0] ** 2 + step[:, 1] ** 2)
            age = t - self._last_t
            allowed = (LANDMARK_JITTER + LANDMARK_SPEED * age) * size
            plausible = known & ~((moved > allowed) & (age < STUBBORN_S))
            self._last[plausible] = places[plausible]
            self._last_t[plausible] = t
        ends = places[_BONE_A] - places[_BONE_B]
        length = np.sqrt(ends[:, 0] ** 2 + ends[:, 1] ** 2)
        running = self._bones
        if not running.any():
            running[:] = np.nan_to_num(length)
            return plausible
        # The running length follows growth within half a second and shrinks over ten.
        longer = length > running
        stretched = length[_LIMB] > BONE_STRETCH * running[_LIMB] + BONE_JITTER * size
        plausible[_BONE_B[_LIMB[stretched]]] = False
        rate = np.where(longer, _rate(dt, 0.5), _rate(dt, 10.0))
        running += np.nan_to_num(rate * (length - running))
        return plausible

    def _choose_side(self, dt: float, vis: Array, world: Array) -> None:
        """Add this frame's evidence for the near side; change it only on a clear majority."""
        by_sight = float((vis[_LEFT] - vis[_RIGHT]).sum()) / len(_LEFT)
        by_depth = float((world[_RIGHT, 2] - world[_LEFT, 2]).sum()) / len(_LEFT)  # metres
        evidence = max(-1.0, min(1.0, by_sight + 2.0 * by_depth))
        if self._near < 0:
            self._side = evidence
            self._near = 0 if evidence >= 0 else 1
            return
        self._side += _rate(dt, 1.5) * (evidence - self._side)
        if self._near == 0 and self._side < -0.15:
            self._near = 1
        elif self._near == 1 and self._side > 0.15:
            self._near = 0

"""What posture somebody is in, told from one frame and from whatever side it was filmed.

The evidence is a small neural network's: trained on rendered people seen from all around
(`benchmarks/posture.py`, docs/posture.md), checked on real ones. It looks at directions of bones in
the body's own frame, at where the camera's vertical and its axis point there, and at heights; so it
needs no camera set-up. A joint that is not usable is left out and named as left out, which is what
the network was trained with: less is certain then, and nothing is made up.

Each frame is looked at twice, once as in a mirror, and the two are averaged: left and right, and a
mirrored picture, make no difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.body import INDEX, MIRROR, Array
from formcheck.measures import Seen

POSTURES: tuple[str, ...] = (
    "supine",  # on the back, whatever the legs do
    "prone",  # on the front, also propped up on elbows or hands with the legs lying
    "plank",  # on hands or elbows and toes or knees, the body straight
    "side_lying",
    "quadruped",  # on hands and knees, one of each may be lifted
    "folded",  # kneeling, sat back on or towards the heels, trunk folded forward: child's pose
    "inverted",  # hands and feet on the floor, hips highest: downward dog
    "kneeling",  # upright on both knees
    "half_kneeling",  # upright on one knee, the other foot in front
    "floor_sitting",  # legs straight, bent or crossed; the top of a sit-up
    "seated",  # on a chair
    "standing",  # also with bent knees, bent forward or leaning
)

JOINTS: tuple[str, ...] = (
    "nose",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
_AT = {name: i for i, name in enumerate(JOINTS)}
_BONES: tuple[tuple[str, str], ...] = (
    ("left_shoulder", "left_elbow"),
    ("right_shoulder", "right_elbow"),
    ("left_elbow", "left_wrist"),
    ("right_elbow", "right_wrist"),
    ("left_hip", "left_knee"),
    ("right_hip", "right_knee"),
    ("left_knee", "left_ankle"),
    ("right_knee", "right_ankle"),
    ("left_heel", "left_foot_index"),
    ("right_heel", "right_foot_index"),
    ("left_ear", "nose"),
    ("right_ear", "nose"),
    ("left_shoulder", "left_ear"),
    ("right_shoulder", "right_ear"),
)
# Bends that matter, as pairs of bones: both elbows, both knees.
_BENDS = ((0, 2), (1, 3), (4, 6), (5, 7))
# A landmark set that is all in one place has no frame; a trunk is .4-.6 m long.
_LEAST_TRUNK_M = 0.05

_ROWS = np.array([INDEX[name] for name in JOINTS])
_pick = itemgetter(*_ROWS.tolist())
_BONE_A = np.array([_AT[a] for a, _ in _BONES])
_BONE_B = np.array([_AT[b] for _, b in _BONES])
_BEND_A = np.array([a for a, _ in _BENDS])
_BEND_B = np.array([b for _, b in _BENDS])
# Rows: the middle of the hips, hips to shoulders, and across the body to the left.
_FRAME = np.zeros((3, len(JOINTS)))
_FRAME[0, [_AT["left_hip"], _AT["right_hip"]]] = 0.5
_FRAME[1, [_AT["left_shoulder"], _AT["right_shoulder"]]] = 0.5
_FRAME[1, [_AT["left_hip"], _AT["right_hip"]]] = -0.5
_FRAME[2, [_AT["left_shoulder"], _AT["left_hip"]]] = 0.5
_FRAME[2, [_AT["right_shoulder"], _AT["right_hip"]]] = -0.5

_N, _B = len(JOINTS), len(_BONES)
# The features, one block after the other; see `features`.
_SIZES = (_N, _N, _N, _N, 3 * _B, _B, len(_BENDS), 6, 2)
N_FEATURES = sum(_SIZES)


def features(
    points: Sequence[Sequence[float]] | Array,
    world: Array,
    usable: Sequence[bool] | NDArray[np.bool_],
) -> Array | None:
    """Return what the network looks at in one frame; None where the trunk has no place.

    Parameters
    ----------
    points
        (33 or more, 2) picture heights, y up, in MediaPipe's order.
    world
        (33 or more, 3) metres, y down, z away from the camera.
    usable
        Which of them are there; the others leave zeros.

    Returns
    -------
    (N_FEATURES,) without unit: which joints are usable; their x and height in the picture and
    their height in space, from the hips on, and in trunk lengths; the bones' directions in the
    body's frame (up the trunk, to the left, to the front) and how far they point down; the cosines
    of elbows and knees; the camera's vertical and its axis in the body's frame; the lowest joint in
    the picture and in space. x and left change sign in a mirror.
    """
    w = world.take(_ROWS, 0)
    p = np.array(_pick(points))
    ok = np.array(_pick(usable), dtype=float)
    (hx, hy, hz), (ux, uy, uz), (lx, ly, lz) = (_FRAME @ w).tolist()
    trunk = math.sqrt(ux * ux + uy * uy + uz * uz)
    if not trunk > _LEAST_TRUNK_M:  # NaN is not
        return None
    ux, uy, uz = ux / trunk, uy / trunk, uz / trunk
    along = lx * ux + ly * uy + lz * uz
    lx, ly, lz = lx - along * ux, ly - along * uy, lz - along * uz
    across = math.sqrt(lx * lx + ly * ly + lz * lz) or 1.0
    lx, ly, lz = lx / across, ly / across, lz / across
    fx, fy, fz = ly * uz - lz * uy, lz * ux - lx * uz, lx * uy - ly * ux
    turn = np.array(((ux, lx, fx), (uy, ly, fy), (uz, lz, fz)))

    there = ok[:, None]
    w -= (hx, hy, hz)
    w /= trunk
    p -= 0.5 * (p[9] + p[10])
    if ok.sum() < _N or not math.isfinite(float(p.sum() + w.sum())):
        seen = there > 0
        w = np.where(seen, w, 0.0)
        p = np.where(seen, p, 0.0)
    # In the picture a trunk is as long as in space: by all joints together, as one alone may point
    # at the camera.
    flat = w[:, :2]
    wide = float(np.vdot(p, p))
    p *= math.sqrt(float(np.einsum("ij,ij", flat, flat)) / wide) if wide > 0.0 else 0.0
    height = -w[:, 1]
    bones = w.take(_BONE_B, 0) - w.take(_BONE_A, 0)
    length = np.sqrt(np.einsum("ij,ij->i", bones, bones))
    known = ok.take(_BONE_A) * ok.take(_BONE_B)
    bones *= (known / np.maximum(length, 1e-3))[:, None]
    bends = np.einsum("ij,ij->i", bones.take(_BEND_A, 0), bones.take(_BEND_B, 0))
    return np.concatenate(
        (
            ok,
            p[:, 0],
            p[:, 1],
            height,
            (bones @ turn).ravel(),
            bones[:, 1],
            bends,
            (uy, ly, fy, uz, lz, fz),
            (p[:, 1].min(), height.min()),
        )
    )


def _mirror() -> tuple[NDArray[np.intp], Array]:
    """Return where each feature comes from in a mirrored frame, and its sign there."""
    joints = np.array([_AT[name] for name in (_other(j) for j in JOINTS)])
    bones = np.array([_BONES.index((_other(a), _other(b))) for a, b in _BONES])
    bends = np.array([1, 0, 3, 2])
    three = (3 * bones[:, None] + np.arange(3)).ravel()
    blocks = [joints, joints, joints, joints, three, bones, bends, np.arange(6), np.arange(2)]
    signs = [np.ones(size) for size in _SIZES]
    signs[1][:] = -1.0
    signs[4][1::3] = -1.0
    signs[7][[1, 4]] = -1.0
    starts = np.cumsum((0, *_SIZES[:-1]))
    where = np.concatenate([block + start for block, start in zip(blocks, starts, strict=True)])
    return where, np.concatenate(signs)


def _other(joint: str) -> str:
    """Name the joint on the other side."""
    i = int(MIRROR[INDEX[joint]])
    return next(name for name, at in INDEX.items() if at == i)


MIRRORED, MIRROR_SIGN = _mirror()


class PostureModel:
    """A trained network: fully connected layers, each but the last followed by a ReLU.

    Parameters
    ----------
    layers
        Per layer the weights (inputs, outputs) and the biases (outputs,); the first takes
        `features`, the last gives one logit a posture, already divided by the temperature that
        calibrates them.
    """

    __slots__ = ("_biases", "_weights")

    def __init__(self, layers: Sequence[tuple[Array, Array]]) -> None:
        self._weights = [np.ascontiguousarray(weights, dtype=np.float64) for weights, _ in layers]
        self._biases = [np.ascontiguousarray(bias, dtype=np.float64) for _, bias in layers]

    def __call__(self, seen: Seen) -> Array:
        """Return the probability of each of `POSTURES` in this frame.

        All alike where the trunk has no place, as then nothing is known.
        """
        found = features(seen.points, seen.world, seen.usable)
        if found is None:
            return np.full(len(POSTURES), 1.0 / len(POSTURES))
        return self.of_features(found)

    def of_features(self, found: Array) -> Array:
        """Return the probabilities for the features of a frame."""
        x: Any = np.empty((2, N_FEATURES))
        x[0] = found
        np.multiply(found.take(MIRRORED), MIRROR_SIGN, out=x[1])
        last = len(self._weights) - 1
        for i, (weights, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
            x = x @ weights
            x += bias
            if i < last:
                np.maximum(x, 0.0, out=x)
        logits = 0.5 * (x[0] + x[1])
        logits -= logits.max()
        odds: Array = np.exp(logits)
        odds /= odds.sum()
        return odds


@cache
def posture_model() -> PostureModel:
    """Return the network that comes with the package."""
    with (files("formcheck.engine") / "posture.npz").open("rb") as file, np.load(file) as arrays:
        count = len(arrays.files) // 2
        return PostureModel([(arrays[f"weights_{i}"], arrays[f"bias_{i}"]) for i in range(count)])

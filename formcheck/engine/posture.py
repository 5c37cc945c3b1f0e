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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.body import INDEX, LANDMARKS, MIRROR, OUTLINE, POSTURES, TRUNK, Array

_AT = {name: i for i, name in enumerate(OUTLINE)}
# The first four continue in the next four: elbows and knees lie between.
_BONES: tuple[tuple[str, str], ...] = tuple(
    (f"{side}_{a}", b if b == "nose" else f"{side}_{b}")
    for a, b in (
        ("shoulder", "elbow"),
        ("hip", "knee"),
        ("elbow", "wrist"),
        ("knee", "ankle"),
        ("heel", "foot_index"),
        ("ear", "nose"),
        ("shoulder", "ear"),
    )
    for side in ("left", "right")
)
_BENDS = 4
# A landmark set that is all in one place has no frame; a trunk is .4-.6 m long.
_LEAST_TRUNK_M = 0.05
_LEAST_BONE = 1e-3  # trunk lengths

_ROWS = np.array([INDEX[name] for name in OUTLINE])
_TRUNK_ROWS = np.array(TRUNK)
# Of shoulders and hips: the middle of the hips, hips to shoulders, and across to the left.
_FRAME = np.array([[0.0, 0.0, 0.5, 0.5], [0.5, 0.5, -0.5, -0.5], [0.5, -0.5, 0.5, -0.5]])
_N, _B = len(OUTLINE), len(_BONES)
# Of all joints: each from the middle of the hips on; and each bone.
_FROM_HIPS = np.eye(_N)
_FROM_HIPS[:, [_AT["left_hip"], _AT["right_hip"]]] -= 0.5
_BONE_A = np.array([_AT[a] for a, _ in _BONES])
_BONE_B = np.array([_AT[b] for _, b in _BONES])
_BONES_OF = np.eye(_N)[_BONE_B] - np.eye(_N)[_BONE_A]
_JOINTS_AND_BONES = np.vstack((_FROM_HIPS, _BONES_OF))
_AS_IT_IS_AND_BONES = np.vstack((np.eye(_N), _BONES_OF))
_THREE = np.ones(3)

# The features, one block after the other; see `features`.
_SIZES = (_N, _N, _N, _N, 3 * _B, _B, _BENDS, 6, 2)
N_FEATURES = sum(_SIZES)
_STARTS = [0, *np.cumsum(_SIZES[:-1]).tolist()]
_X, _Y, _HEIGHT, _DIRECTION, _RISE, _BEND, _CAMERA, _LOWEST = _STARTS[1:]


def features(points: Array, world: Array, usable: NDArray[np.bool_]) -> Array | None:
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
    # Few calls on whole arrays, and plain numbers between: at this size it is NumPy's calls that
    # cost.
    (hx, hy, hz), (ux, uy, uz), (lx, ly, lz) = (_FRAME @ world.take(_TRUNK_ROWS, 0)).tolist()
    trunk = math.sqrt(ux * ux + uy * uy + uz * uz)
    if not trunk > _LEAST_TRUNK_M:  # NaN is not
        return None
    ux, uy, uz = ux / trunk, uy / trunk, uz / trunk
    along = lx * ux + ly * uy + lz * uz
    lx, ly, lz = lx - along * ux, ly - along * uy, lz - along * uz
    across = math.sqrt(lx * lx + ly * ly + lz * lz) or 1.0
    lx, ly, lz = lx / across, ly / across, lz / across
    fx, fy, fz = ly * uz - lz * uy, lz * ux - lx * uz, lx * uy - ly * ux

    out = np.empty(N_FEATURES)
    there = usable.take(_ROWS)
    out[:_X] = there
    w = world.take(_ROWS, 0)
    p = points.take(_ROWS, 0)
    if np.count_nonzero(there) < _N:
        left, right = p[_AT["left_hip"]].tolist(), p[_AT["right_hip"]].tolist()
        middle = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
        if not math.isfinite(middle[0] + middle[1]):
            return None
        seen = there[:, None]
        p = np.where(seen, p - middle, 0.0)
        spread = _AS_IT_IS_AND_BONES @ np.where(seen, w - (hx, hy, hz), 0.0)
        spread[_N:] *= (out.take(_BONE_A) * out.take(_BONE_B))[:, None]
    else:
        p = _FROM_HIPS @ p
        spread = _JOINTS_AND_BONES @ w
    spread *= 1.0 / trunk
    joints, bones = spread[:_N], spread[_N:]
    # In the picture a trunk is as long as in space: by all joints together, as one alone may point
    # at the camera.
    depth = joints[:, 2]
    wide = float(np.vdot(p, p))
    if wide > 0.0:
        p *= math.sqrt(float(np.vdot(joints, joints) - depth @ depth) / wide)
    out[_X:_Y] = p[:, 0]
    out[_Y:_HEIGHT] = p[:, 1]
    np.negative(joints[:, 1], out=out[_HEIGHT:_DIRECTION])
    length = (bones * bones) @ _THREE
    np.sqrt(length, out=length)
    np.maximum(length, _LEAST_BONE, out=length)
    bones /= length[:, None]
    turn = np.array(((ux, lx, fx), (uy, ly, fy), (uz, lz, fz)))
    np.matmul(bones, turn, out=out[_DIRECTION:_RISE].reshape(_B, 3))
    out[_RISE:_BEND] = bones[:, 1]
    np.matmul(bones[:_BENDS] * bones[_BENDS : 2 * _BENDS], _THREE, out=out[_BEND:_CAMERA])
    out[_CAMERA:_LOWEST] = (uy, ly, fy, uz, lz, fz)
    np.minimum.reduce(out[_Y:_DIRECTION].reshape(2, _N), axis=1, out=out[_LOWEST:])
    return out


def _mirror() -> tuple[NDArray[np.intp], Array]:
    """Return where each feature comes from in a mirrored frame, and its sign there."""
    joints = np.array([_AT[_other(joint)] for joint in OUTLINE])
    bones = np.array([_BONES.index((_other(a), _other(b))) for a, b in _BONES])
    three = (3 * bones[:, None] + np.arange(3)).ravel()
    blocks = [joints, joints, joints, joints, three, bones, bones[:_BENDS], np.arange(6)]
    signs = [np.ones(size) for size in _SIZES]
    signs[1][:] = -1.0
    signs[4][1::3] = -1.0
    signs[7][[1, 4]] = -1.0
    shifted = [block + at for block, at in zip([*blocks, np.arange(2)], _STARTS, strict=True)]
    return np.concatenate(shifted), np.concatenate(signs)


def _other(joint: str) -> str:
    """Name the joint on the other side."""
    return LANDMARKS[int(MIRROR[INDEX[joint]])]


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

    __slots__ = ("_bias", "_first", "_inner", "_last", "_width")

    def __init__(self, layers: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> None:
        (weights, bias), *inner, (last, last_bias) = [
            (w.astype(np.float64), b.astype(np.float64)) for w, b in layers
        ]
        self._width = len(bias)
        # The frame and its mirror image side by side: a mirrored input is the same as mirrored
        # weights.
        mirrored = np.empty_like(weights)
        mirrored[MIRRORED] = weights * MIRROR_SIGN[:, None]
        self._first = np.hstack((weights, mirrored))
        self._bias = np.concatenate((bias, bias))
        self._inner = inner
        # Halved: it takes the sum of the two.
        self._last = (0.5 * last, last_bias)

    def __call__(self, points: Array, world: Array, usable: NDArray[np.bool_]) -> Array:
        """Return the probability of each of `POSTURES` in this frame, from what `features` takes.

        All alike where the trunk has no place, as then nothing is known.
        """
        found = features(points, world, usable)
        if found is None:
            return np.full(len(POSTURES), 1.0 / len(POSTURES))
        return self.of_features(found)

    def of_features(self, found: Array) -> Array:
        """Return the probabilities for the features of a frame."""
        x = found @ self._first
        x += self._bias
        np.maximum(x, 0.0, out=x)
        x = x.reshape(2, self._width)
        for weights, bias in self._inner:
            x = x @ weights
            x += bias
            np.maximum(x, 0.0, out=x)
        weights, bias = self._last
        logits = (x[0] + x[1]) @ weights
        logits += bias
        logits -= logits[logits.argmax()]
        odds: Array = np.exp(logits, out=logits)
        odds /= np.add.reduce(odds)
        return odds


@cache
def posture_model() -> PostureModel:
    """Return the network that comes with the package."""
    with (files("formcheck.engine") / "posture.npz").open("rb") as file, np.load(file) as arrays:
        count = len(arrays.files) // 2
        return PostureModel([(arrays[f"weights_{i}"], arrays[f"bias_{i}"]) for i in range(count)])

"""Changes of posture that several exercises share; all as for the left side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from formcheck.body import Array
from samples.body_model import rotation_x, rotation_y, rotation_z
from samples.exercises.drill import Shape, add, both_sides, lift, together
from samples.posture import Posture, sided

# The whole head and the shoulder blades come up; the middle of the back stays.
SHOULDERS_LIFT = together(add(thoracic_flexion=1.0, lumbar_flexion=0.4, neck_flexion=0.6),
                          lift("head"))  # fmt: skip
HEAD_LIFTS = together(add(neck_flexion=1.0, thoracic_flexion=0.3), lift("head"))
SHRUG = both_sides(add, girdle_elevation=1.0)
ARMS = ("shoulder_flexion", "shoulder_abduction", "shoulder_rotation", "elbow_flexion")


def limb_turned(posture: Posture, limb: str, axis: Array, degrees: float) -> Posture:
    """Return a posture with a ``left_hip`` (or shoulder) turned as a whole about an axis.

    The axis is given in the axes of the trunk it hangs from: left, back, head. The angles of the
    joint are worked out anew.
    """
    sign = 1.0 if limb.startswith("left") else -1.0
    was = [posture.angles.get(f"{limb}_{n}", 0.0) for n in ("flexion", "abduction", "rotation")]
    before = limb_rotation(*was, sign)
    axis = np.asarray(axis) / np.linalg.norm(axis)
    after = Rotation.from_rotvec(np.radians(degrees) * axis).as_matrix() @ before
    x, y, z = Rotation.from_matrix(after).as_euler("XYZ", degrees=True)
    return posture.bent(
        **{f"{limb}_flexion": -x, f"{limb}_abduction": -sign * y, f"{limb}_rotation": sign * z}
    )


def limb_rotation(flexion: float, abduction: float, rotation: float, sign: float) -> Array:
    """Return the rotation of a thigh or upper arm from hanging, as `body_model` does it."""
    return rotation_x(-flexion) @ rotation_y(-sign * abduction) @ rotation_z(sign * rotation)


def to_ankle(posture: Posture, side: str) -> Array:
    """Return the direction from the hip to the ankle, in the pelvis's axes."""
    sign = 1.0 if side == "left" else -1.0
    thigh = limb_rotation(
        *(posture.angles.get(f"{side}_hip_{n}", 0.0) for n in ("flexion", "abduction", "rotation")),
        sign,
    )
    down = np.array([0.0, 0.0, -1.0])
    shank = rotation_x(posture.angles.get(f"{side}_knee_flexion", 0.0)) @ down
    out: Array = thigh @ (down + 0.95 * shank)  # the shank is a little shorter than the thigh
    return out


def knees_rolled(share_of_pelvis: float = 0.45) -> Shape:
    """Return a shape that rolls both knees to the left by the size, the chest staying flat."""

    def shape(posture: Posture, size: float) -> Posture:
        pelvis = share_of_pelvis * size
        for side in ("left", "right"):
            posture = limb_turned(posture, f"{side}_hip", np.array([0, 0, 1.0]), size - pelvis)
        turn = posture.angles.get("spine_rotation", 0.0) - pelvis
        posture = posture.bent(spine_rotation=turn)
        return replace(posture, pelvis_roll=posture.pelvis_roll + pelvis)

    return shape


def freeing(posture: Posture, *names: str) -> Posture:
    """Return a posture in which these angles of both sides are free too."""
    return replace(posture, free=(*posture.free, *sided(*names)))

"""The clinical joint angles a posture is made of, by name, and vectors of them.

Zero everywhere is standing with hanging arms, palms inwards. Degrees; positive is what the name
says (abduction away from the middle, rotation outwards for limbs), and for the spine and neck:
flexion forward, side bend and rotation to the left.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from formcheck.body import Array

LIMB_ANGLES = (
    "hip_flexion",
    "hip_abduction",
    "hip_rotation",
    "knee_flexion",
    "ankle_dorsiflexion",
    "toe_extension",
    "shoulder_flexion",
    "shoulder_abduction",
    "shoulder_rotation",
    "elbow_flexion",
    "forearm_pronation",
    "wrist_flexion",
    "girdle_elevation",
    "girdle_retraction",
)
AXIAL_ANGLES = (
    "lumbar_flexion",
    "thoracic_flexion",
    "spine_side_bend",
    "spine_rotation",
    "neck_flexion",
    "neck_side_bend",
    "neck_rotation",
)
SIDES = ("left", "right")
ANGLES: tuple[str, ...] = (
    *(f"{side}_{name}" for side in SIDES for name in LIMB_ANGLES),
    *AXIAL_ANGLES,
)
INDEX: dict[str, int] = {name: i for i, name in enumerate(ANGLES)}


def both(**limb_angles: float) -> dict[str, float]:
    """Give both sides the same limb angles.

    Examples
    --------
    >>> both(knee_flexion=90)
    {'left_knee_flexion': 90, 'right_knee_flexion': 90}
    """
    return {f"{side}_{name}": value for name, value in limb_angles.items() for side in SIDES}


def vector(angles: Mapping[str, float]) -> Array:
    """Return the angles in the order of `ANGLES`; those not named are zero."""
    out = np.zeros(len(ANGLES))
    for name, value in angles.items():
        out[INDEX[name]] = value
    return out

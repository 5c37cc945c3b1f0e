"""The posture in each frame of a rendered clip, read off the body's true angles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE_LYING = {"clamshell", "gluteus_medius_raise", "quadriceps_stretch_side_lying"}
SEATED = {"seated_trunk_rotation", "shoulder_blade_squeeze", "side_neck_stretch"}
STANDING = {
    "wall_sit",
    "standing_back_stretch",
    "standing_side_bend",
    "doorway_chest_stretch",
    "toe_touch",
}
# Height of the hips when standing, m, by body: largest in its clips.
STANDING_HIPS_M = {5: 1.00, 6: 0.81, 7: 0.785}


def true_postures(truth: dict[str, Any], t: NDArray[np.float64]) -> list[str | None]:
    """Return the posture at each of the times; None on the way between two, or where in doubt.

    Limits leave a wide gap between two postures: what lies there is nobody's.
    """
    exercise = truth["exercise"]
    if exercise in SIDE_LYING:
        return ["side_lying"] * len(t)
    if exercise in STANDING:
        return ["standing"] * len(t)
    if exercise in SEATED:
        return ["seated"] * len(t)
    if exercise == "hip_flexor_stretch_supine":  # on a bed
        return ["supine"] * len(t)
    columns = {name: truth["rows"][:, i] for i, name in enumerate(truth["columns"])}
    nearest = np.abs(columns["t"][:, None] - t).argmin(0)
    standing_m = STANDING_HIPS_M[truth["body"]]
    lowest_m = float(columns["hip_height_m"].min())
    rows = {name: column[nearest] for name, column in columns.items()}
    return [
        _posture(exercise, standing_m, lowest_m, {n: c[i] for n, c in rows.items()})
        for i in range(len(t))
    ]


def _posture(
    exercise: str, standing_m: float, lowest_m: float, row: dict[str, float]
) -> str | None:
    forward, rise = row["trunk_forward"], row["trunk_elevation"]
    hips = row["hip_height_m"] / standing_m
    knees = row["left_knee"], row["right_knee"]
    hip = row["left_hip"], row["right_hip"]
    thighs = row["left_thigh_elevation"], row["right_thigh_elevation"]
    if exercise == "sit_to_stand":
        above_seat_m = row["hip_height_m"] - lowest_m
        return "seated" if above_seat_m < 0.03 else "standing" if above_seat_m > 0.09 else None
    if hips > 0.7 and min(knees) > 130 and rise > 30:
        return "standing"
    if forward < -52:
        return "supine" if hips < 0.45 else None
    if rise > 50:
        return _upright(hips, knees, thighs)
    return _leaning_forward(exercise, hips, rise, knees, hip, thighs) if forward > 58 else None


def _upright(hips: float, knees: tuple[float, float], thighs: tuple[float, float]) -> str | None:
    if hips < 0.18:
        return "floor_sitting"
    if not 0.4 < hips < 0.58:
        return None
    if max(thighs) < -65 and max(knees) < 125:
        return "kneeling"
    if max(thighs) > -35 and min(thighs) < -45:
        return "half_kneeling"
    return None


def _leaning_forward(
    exercise: str,
    hips: float,
    rise: float,
    knees: tuple[float, float],
    hip: tuple[float, float],
    thighs: tuple[float, float],
) -> str | None:
    if rise < -25 and min(knees) > 120 and hips > 0.6:
        return "inverted"
    if max(knees) < 88 and max(hip) < 75:
        return "folded"
    if min(thighs) < -65 and 0.4 < hips < 0.6 and -10 < rise < 35:
        return "quadruped"
    if min(hip) < 140:
        return None
    if exercise.endswith("plank") and hips > 0.165:
        return "plank"
    return "prone" if hips < 0.14 or exercise == "quadriceps_stretch_prone" else None

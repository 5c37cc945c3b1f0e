"""How far the camera is rolled, from the soles of somebody seated."""

import math

import numpy as np
import pytest

from formcheck.body import INDEX, POSTURES
from formcheck.engine.level import Level

TRUNK = 0.5


def roll_of_somebody_seated(
    sole_slope_deg: float, off_side_deg: float, trunk_slope_deg: float
) -> float:
    """Return the roll after two seconds in which soles and trunk slope by so much in the image."""
    points = [(0.5, 0.5)] * 33
    for side in ("left", "right"):
        points[INDEX[f"{side}_shoulder"]] = (
            0.5 - TRUNK * math.sin(math.radians(trunk_slope_deg)),
            0.5 + TRUNK * math.cos(math.radians(trunk_slope_deg)),
        )
    rise = 0.2 * math.tan(math.radians(sole_slope_deg))
    for side in ("left", "right"):
        points[INDEX[f"{side}_heel"]] = (0.3, 0.1)
        points[INDEX[f"{side}_foot_index"]] = (0.5, 0.1 + rise)
    world = np.zeros((33, 3))
    across, away = (
        math.sin(math.radians(off_side_deg)),
        math.cos(math.radians(off_side_deg)),
    )
    world[INDEX["left_hip"]] = (0.12 * across, 0.0, 0.12 * away)
    world[INDEX["right_hip"]] = (-0.12 * across, 0.0, -0.12 * away)
    postures = dict.fromkeys(POSTURES, 0.0) | {"seated": 1.0}
    level = Level()
    for i in range(20):
        roll = level.update(i / 10, points, world, [True] * 33, TRUNK, postures)
    return roll


@pytest.mark.parametrize("off_side_deg", [0, 30])
def test_soles_seen_from_beside_tell_how_far_the_camera_is_rolled(off_side_deg):
    assert roll_of_somebody_seated(15.0, off_side_deg, 15.0) == pytest.approx(17.0, abs=0.5)


@pytest.mark.parametrize("off_side_deg", [60, 90])
def test_soles_that_point_at_the_camera_tell_nothing(off_side_deg):
    assert roll_of_somebody_seated(15.0, off_side_deg, 15.0) == 0.0


@pytest.mark.parametrize("trunk_slope_deg", [0, -5])
def test_soles_tell_nothing_against_an_upright_trunk(trunk_slope_deg):
    assert roll_of_somebody_seated(15.0, 30, trunk_slope_deg) == 0.0

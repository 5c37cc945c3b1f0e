"""The maths against values worked by hand."""

import math

import pytest

from formcheck import geometry as g


@pytest.mark.parametrize(
    ("a", "b", "c", "angle"),
    [
        ((1, 0), (0, 0), (0, 1), 90),
        ((1, 0), (0, 0), (-1, 0), 180),
        ((1, 0), (0, 0), (1, 1), 45),
        ((1, 0), (0, 0), (0.5, -math.sqrt(3) / 2), 60),  # below the line: still interior
        ((1, 0, 0), (0, 0, 0), (0, 0, 2), 90),
        ((2, 1, 1), (1, 1, 1), (2, 2, 1), 45),
    ],
)
def test_interior_angle(a, b, c, angle):
    assert g.interior_angle(a, b, c) == pytest.approx(angle)


def test_an_angle_at_coinciding_points_is_unknown():
    assert math.isnan(g.interior_angle((0, 0), (0, 0), (1, 0)))
    assert math.isnan(g.interior_angle((0, 0, 1), (0, 0, 1), (1, 0, 0)))
    assert math.isnan(g.inclination((1, 1), (1, 1)))
    assert math.isnan(g.elevation((0, 0), (0, 0), (0, 0), (1, 0)))
    assert math.isnan(g.turn_between((1, 0, 0), (0, 1, 0), (0, 0, 0)))


@pytest.mark.parametrize("mirror", [1, -1])
@pytest.mark.parametrize(
    ("height", "angle"),
    [(0.0, 180.0), (math.tan(math.radians(10)), 200.0), (-math.tan(math.radians(10)), 160.0)],
)
def test_line_angle_passes_180_above_the_line(mirror, height, angle):
    # hip one unit from shoulder and ankle, each leg of the angle sloping by 10 deg
    assert g.line_angle((-mirror, 0), (0, height), (mirror, 0)) == pytest.approx(angle)


@pytest.mark.parametrize("facing", [1, -1])
def test_inclination_is_against_the_level_whichever_way_it_faces(facing):
    assert g.inclination((0, 0), (facing, 1)) == pytest.approx(45)
    assert g.inclination((0, 0), (facing * math.sqrt(3), -1)) == pytest.approx(-30)


@pytest.mark.parametrize("facing", [1, -1])
def test_elevation_is_positive_when_higher(facing):
    trunk = ((facing, 0), (0, 0))  # shoulder to hip, level
    assert g.elevation((0, 0), (-facing, 0), *trunk) == pytest.approx(0)  # leg in line
    assert g.elevation((0, 0), (0, -1), *trunk) == pytest.approx(-90)  # hanging down
    assert g.elevation((0, 0), (-facing, 1), *trunk) == pytest.approx(45)  # above the line


def test_lean_is_to_the_side_to_which_the_last_two_points_show():
    right, left = ((3, 5), (4, 9)), ((4, 9), (3, 5))
    assert g.lean((0, 1), (0, 0), *right) == pytest.approx(0)
    assert g.lean((0, 1), (1, 0), *right) == pytest.approx(45)
    assert g.lean((0, 1), (1, 0), *left) == pytest.approx(-45)
    # A large lean keeps its sign, wherever the point that leans has gone.
    assert g.lean((0, 1), (1, 2), *right) == pytest.approx(135)
    assert g.lean((0, 1), (-1, 2), *right) == pytest.approx(-135)
    assert math.isnan(g.lean((0, 1), (0, 1), *right))


def test_turn_between_counts_only_what_is_across_the_axis():
    assert g.turn_between((1, 0, 0), (0, 1, 0), (0, 0, 3)) == pytest.approx(90)
    assert g.turn_between((1, 0, 5), (0, -1, -7), (0, 0, 1)) == pytest.approx(-90)


def test_angle_between_directions():
    assert g.angle_between((1, 0), (1, 1)) == pytest.approx(45)
    assert g.angle_between((0, 0, 1), (0, 0, -1)) == pytest.approx(180)
    assert math.isnan(g.angle_between((0, 0), (1, 1)))


def test_along_a_direction():
    assert g.along((3, 4), (2, 0)) == pytest.approx(3)
    assert g.along((3, 4), (0, -5)) == pytest.approx(-4)
    assert g.along((1, 1), (1, 1)) == pytest.approx(math.sqrt(2))
    assert math.isnan(g.along((1, 1), (0, 0)))

"""Plane and space geometry on plain numbers.

Points are tuples of floats, not arrays: a frame needs a few dozen of these, and on three numbers
plain Python is several times faster than array calls. Angles are degrees. In the picture x runs to
the right and y runs *up*, so that "up" is against gravity for a level camera.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = Sequence[float]


def interior_angle(a: Point, b: Point, c: Point) -> float:
    """Return the angle at `b` between the rays to `a` and `c`, 0 to 180 degrees.

    In the plane or in space. NaN where two of the points coincide.
    """
    if len(b) == 2:
        return abs(_turn(a[0] - b[0], a[1] - b[1], c[0] - b[0], c[1] - b[1]))
    return angle_between(
        (a[0] - b[0], a[1] - b[1], a[2] - b[2]), (c[0] - b[0], c[1] - b[1], c[2] - b[2])
    )


def angle_between(u: Point, v: Point) -> float:
    """Return the angle between two directions, 0 to 180 degrees; NaN for a zero vector."""
    norm = math.hypot(*u) * math.hypot(*v)
    if norm == 0.0:
        return math.nan
    dot = u[0] * v[0] + u[1] * v[1]
    if len(u) == 3:
        dot += u[2] * v[2]
    return math.degrees(math.acos(max(-1.0, min(1.0, dot / norm))))


def segment_angle(a: Point, b: Point, c: Point, d: Point) -> float:
    """Return the angle between the directions a->b and c->d in the plane, 0 to 180 degrees."""
    return angle_between((b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1]))


def _turn(ux: float, uy: float, vx: float, vy: float) -> float:
    """Return the signed angle from u to v, anticlockwise, -180 to 180; NaN for a zero vector."""
    if (ux == 0.0 and uy == 0.0) or (vx == 0.0 and vy == 0.0):
        return math.nan
    return math.degrees(math.atan2(ux * vy - uy * vx, ux * vx + uy * vy))


def line_angle(a: Point, b: Point, c: Point) -> float:
    """Return the angle at `b`, counted past 180 degrees when `b` lies above the line from a to c.

    A straight body reads 180, hips that sag read less, hips pushed above the line read more; so
    over-extension does not fold back on itself as an interior angle does. A line that is upright
    in the picture has no "above"; there the left of it stands for above, which only matters to
    exercises that this measure does not fit.
    """
    turn = _turn(a[0] - b[0], a[1] - b[1], c[0] - b[0], c[1] - b[1])
    # Anticlockwise from a to c as seen from b: with c to the right of a, b lies above the line.
    above = turn > 0 if c[0] >= a[0] else turn < 0
    return 360.0 - abs(turn) if above else abs(turn)


def inclination(a: Point, b: Point) -> float:
    """Return how far the segment from `a` to `b` rises from the horizontal, -90 to 90 degrees."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    if dx == 0.0 and dy == 0.0:
        return math.nan
    return math.degrees(math.atan2(dy, abs(dx)))


def elevation(a: Point, b: Point, c: Point, d: Point) -> float:
    """Return the angle of a->b against the direction c->d, -180 to 180, positive when it is higher.

    "Higher" is turned towards the top of the picture, whichever way the person faces: with c->d
    the trunk from shoulder to hip, a leg in line with the trunk reads 0, one that hangs down
    reads -90.
    """
    turn = _turn(d[0] - c[0], d[1] - c[1], b[0] - a[0], b[1] - a[1])
    return turn if d[0] >= c[0] else -turn


def lean(a: Point, b: Point, c: Point, d: Point) -> float:
    """Return how far a->b leans from hanging straight down, -180 to 180 degrees.

    Positive when `b` is off to the side to which c->d points: a direction of the body's own, so
    that a large lean does not turn its sign.
    """
    dx, down = b[0] - a[0], a[1] - b[1]
    if dx == 0.0 and down == 0.0:
        return math.nan
    angle = math.degrees(math.atan2(dx, down))
    return angle if d[0] >= c[0] else -angle


def along(u: Point, direction: Point) -> float:
    """Return how long the part of `u` in a direction is; NaN for a zero direction."""
    norm = math.hypot(*direction)
    if norm == 0.0:
        return math.nan
    return (u[0] * direction[0] + u[1] * direction[1]) / norm


def turn_between(u: Point, v: Point, axis: Point) -> float:
    """Return the signed angle from `u` to `v` about `axis` (right-hand rule), -180 to 180 degrees.

    Only the parts of `u` and `v` across the axis count. Three numbers each.
    """
    x, y, z = axis
    n = math.hypot(x, y, z)
    if n == 0.0:
        return math.nan
    x, y, z = x / n, y / n, z / n
    px, py, pz = u
    along = px * x + py * y + pz * z
    px, py, pz = px - along * x, py - along * y, pz - along * z
    qx, qy, qz = v
    along = qx * x + qy * y + qz * z
    qx, qy, qz = qx - along * x, qy - along * y, qz - along * z
    if math.hypot(px, py, pz) == 0.0 or math.hypot(qx, qy, qz) == 0.0:
        return math.nan
    sine = (py * qz - pz * qy) * x + (pz * qx - px * qz) * y + (px * qy - py * qx) * z
    return math.degrees(math.atan2(sine, px * qx + py * qy + pz * qz))


def cross(u: Point, v: Point) -> tuple[float, float, float]:
    """Return the cross product of two directions in space."""
    return (
        u[1] * v[2] - u[2] * v[1],
        u[2] * v[0] - u[0] * v[2],
        u[0] * v[1] - u[1] * v[0],
    )


def distance(a: Point, b: Point) -> float:
    """Return the distance of two points."""
    return math.dist(a, b)

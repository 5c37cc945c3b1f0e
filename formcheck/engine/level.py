"""How far the camera is rolled, read from what the body rests on.

A phone leans on a book, and every slope in the picture is off by as much. The floor is where the
body rests: lying, kneeling or propped, the longest edge of the body's lower outline runs along it,
from the shoulders to the heels, say, or from the hands to the toes. Somebody who stands straight is
the plumb line; of somebody seated the soles tell. Only slopes across the picture tell: lying
towards the camera there is no such edge, and nothing is corrected.

Joints are not all as high above the floor as each other, a shoulder 10 cm, a heel 4, so a small
slope says nothing and is left as it is.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from formcheck.body import INDEX, Array
from formcheck.geometry import inclination, interior_angle


def _pairs(*joints: str) -> list[tuple[int, int]]:
    return [(INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]) for joint in joints]


# What may rest on the floor; halfway between left and right, as from a raised camera the nearer
# side lies lower in the picture. Arms lie on the floor beside the body or nowhere, unless they
# support it.
_BODY = _pairs("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
_PROPPED = _BODY + _pairs("elbow", "wrist")
# In half-kneeling one foot is before the other knee, and halfway between them is nothing.
_LEGS = [(i, i) for pair in _pairs("knee", "ankle", "heel", "foot_index") for i in pair]
_UPRIGHT = _pairs("shoulder", "hip", "knee", "ankle")
_TRUNK = _pairs("shoulder", "hip")
(_HIPS,) = _pairs("hip")
_SOLES = [(INDEX[f"{side}_heel"], INDEX[f"{side}_foot_index"]) for side in ("left", "right")]
LYING = ("supine", "side_lying")
PROPPED = ("prone", "plank", "quadruped", "folded", "inverted")
UPRIGHT = ("standing", "seated", "kneeling")  # without their shins some who stand seem to kneel
SOLES_DOWN = ("standing", "seated")
# Somebody stands straight when hips and knees do and the trunk goes on where the legs point to: on
# a wall or in a step the legs slope and the trunk does not, 6-18 deg apart.
STRAIGHT_DEG = 150.0
IN_LINE_DEG = 5.0
# Then shoulders are over ankles within 4 deg (real people, motion capture and renders).
STANDING_FROM_DEG, STANDING_TO_DEG = 6.5, 4.0
# Hands or elbows and toes are as low as each other: level planks slope by less than 2.5 deg.
PLANK_FROM_DEG, PLANK_TO_DEG = 4.0, 2.5
# Hands on a wall hold a straight body at any slope; then the soles say otherwise. Seen at 30 deg
# from the side, by a camera at hip height, they slope by 10 deg themselves.
SOLES_BY_LINE_DEG = 16.0
# More than a phone that leans on something is another matter: the picture lies on its side.
MOST_DEG = 32.0
# A slope is corrected from here on, until it is plainly less again: in clips of level cameras it
# reads within 6 deg, by how high shoulders and heels are above the floor, how soles waver, and a
# body that lies askew.
FROM_DEG, TO_DEG = 9.0, 6.0
# An edge this long, in trunk lengths, runs along the floor; a foot seen from the side is this long.
LEAST_EDGE = 0.8
LEAST_SOLE = 0.3
# Soles of somebody seen from more in front than from the side point at the camera: 30 deg off the
# front, by a camera on a table, they slope by 20-25 deg (rendered).
SOLES_OBLIQUE_DEG = 52.0
# Seen from a little above, what points at the camera slopes in the picture: by 10-25 deg in clips
# of level cameras where it lies 25-40 deg off the picture's plane, by less than 9 within 21.
MOST_OBLIQUE_DEG = 24.0
# Edges that differ by more do not all run along the floor.
ONE_FLOOR_DEG = 10.0
# A trunk that lies runs along the floor as well.
TRUNK_LIES_DEG = 10.0
SOLES_AGREE_DEG = 8.0
# The heel is tracked a little higher than the toes: by 0-3 deg (rendered), 1-5 (motion capture).
HEEL_OVER_TOES_DEG = 2.0
# What the feet say is not believed where it would leave the trunk further off upright than this,
# and than it is in the image. People sit, stand, and kneel on one knee with it within 7 deg of
# upright. Seen by a level camera 30 deg off the side, the feet slope by 9-25 deg below an upright
# trunk, and turned by that it would lean by 10-25 (rendered).
TRUNK_UPRIGHT_DEG = 8.0
# Feet that move step: this far from one look to the next, in trunk lengths.
STEPS = 0.04
# A camera stands: what was seen of it lately counts alike. A leg that lifts tilts the outline, too,
# for as long as it does.
LATELY_S = 20.0
LOOK_EVERY_S = 0.1
LIKELY = 0.6


class Level:
    """Estimate the camera's roll from frame to frame."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget it, as after a change of person."""
        self._t = math.nan
        self._slope = math.nan
        self._rolled = False
        self._plain = False
        self._seen_s = 0.0
        self._feet = [math.inf, math.inf]

    @property
    def roll_deg(self) -> float:
        """How far the picture is to be turned clockwise to be level; 0 where nothing is known."""
        return self._slope if self._rolled else 0.0

    def update(
        self,
        t: float,
        points: Sequence[Sequence[float]],
        world: Array,
        usable: Sequence[bool],
        trunk: float,
        postures: Mapping[str, float],
    ) -> float:
        """Add a frame; return the roll, degrees.

        Parameters
        ----------
        t
            Seconds.
        points
            33 landmarks (x, y), y up, picture heights.
        world
            The same in space, (33 or more, 3) metres, z away from the camera.
        usable
            Which of them are there.
        trunk
            The trunk's length, picture heights.
        postures
            How likely each posture is.
        """
        elapsed = t - self._t
        if elapsed < LOOK_EVERY_S or trunk <= 0.0 or not postures:
            return self.roll_deg
        self._t = t
        from_deg, to_deg = FROM_DEG, TO_DEG
        slope = math.nan

        def likely(wanted: Iterable[str]) -> bool:
            return math.fsum([postures[p] for p in wanted]) >= LIKELY

        if likely(LYING):
            slope = _slope_of_lying(_halfway(_BODY, points, usable), world, trunk)
        elif likely(PROPPED):
            slope = _slope_of_rest(_halfway(_PROPPED, points, usable), world, trunk)
            if likely(("plank",)):
                from_deg, to_deg = PLANK_FROM_DEG, PLANK_TO_DEG
                self._from_plain(slope)
        elif likely(("half_kneeling",)) and _off_side(world) <= MOST_OBLIQUE_DEG:
            slope = _slope_of_rest(_halfway(_LEGS, points, usable), world, trunk)
            slope = _unless_trunk_tips(slope, _halfway(_TRUNK, points, usable))
        elif likely(UPRIGHT):
            beside = _off_side(world) <= SOLES_OBLIQUE_DEG
            soles = _slopes_of_soles(points, usable, trunk) if beside else []
            slope = _slope_of_standing(_halfway(_UPRIGHT, points, usable), soles)
            self._from_plain(slope)
            if self._plain:  # the soles, which waver more, are not asked any more
                from_deg, to_deg = STANDING_FROM_DEG, STANDING_TO_DEG
            elif likely(SOLES_DOWN):
                slope = self._slope_of_feet(points, soles, trunk)
                slope = _unless_trunk_tips(slope, _halfway(_TRUNK, points, usable))
        if abs(slope) <= MOST_DEG:  # NaN is not
            if math.isnan(self._slope):
                self._slope = slope
            else:
                elapsed = min(elapsed, 1.0)
                self._seen_s = min(self._seen_s + elapsed, LATELY_S)
                self._slope += elapsed / max(self._seen_s, elapsed) * (slope - self._slope)
            self._rolled = abs(self._slope) > (to_deg if self._rolled else from_deg)
        return self.roll_deg

    def _from_plain(self, slope: float) -> None:
        """Begin again where the body first shows the level plainly."""
        if not self._plain and not math.isnan(slope):
            self._plain, self._slope, self._seen_s = True, math.nan, 0.0

    def _slope_of_feet(
        self, points: Sequence[Sequence[float]], soles: Sequence[float], trunk: float
    ) -> float:
        """Return the mean slope of both soles; NaN where they are not both flat on the floor."""
        feet = [points[heel][0] for heel, _ in _SOLES]
        steps = any(abs(a - b) > STEPS * trunk for a, b in zip(feet, self._feet, strict=True))
        self._feet = feet
        # Toes point outwards a little, which tilts the one sole up and the other down by as much;
        # a heel that is lifted tilts one by more.
        if steps or not soles or abs(soles[0] - soles[1]) > SOLES_AGREE_DEG:
            return math.nan
        return math.fsum(soles) / len(soles)


class _Place(NamedTuple):
    """A place of the body in the picture, and which landmarks it is the middle of."""

    at: tuple[float, float]
    of: tuple[int, int]


def _halfway(
    pairs: list[tuple[int, int]], points: Sequence[Sequence[float]], usable: Sequence[bool]
) -> list[_Place]:
    """Return the places halfway between left and right; where one is not there, the other's."""
    places = []
    for pair in pairs:
        left, right = pair
        if usable[left] and usable[right]:
            (ax, ay), (bx, by) = points[left], points[right]
            places.append(_Place(((ax + bx) / 2, (ay + by) / 2), pair))
        elif usable[left] or usable[right]:
            one = left if usable[left] else right
            x, y = points[one]
            places.append(_Place((x, y), (one, one)))
    return places


def _slope_of_lying(body: list[_Place], world: Array, trunk: float) -> float:
    """Return the slope of rest of a body that lies with its trunk on the floor; else NaN."""
    slope = _slope_of_rest(body, world, trunk)
    back = sorted(place.at for place in body[:2])
    if len(back) > 1 and abs(inclination(*back) - slope) > TRUNK_LIES_DEG:
        return math.nan  # the hips are lifted, or a leg hangs over the edge of a bed
    return slope


def _slope_of_rest(contacts: list[_Place], world: Array, trunk: float) -> float:
    """Return the slope of the longest edge of the lower outline, degrees; NaN where it is short.

    Where two long edges disagree, as the back and a raised leg, nobody can say which is the floor;
    nor from an edge that does not run across the picture.
    """
    hull: list[_Place] = []
    for c in sorted(contacts):
        while len(hull) > 1:
            (ax, ay), (bx, by) = hull[-2].at, hull[-1].at
            if (bx - ax) * (c.at[1] - ay) - (by - ay) * (c.at[0] - ax) > 0.0:
                break
            hull.pop()
        hull.append(c)
    edges = [
        (b.at[0] - a.at[0], inclination(a.at, b.at), a, b) for a, b in itertools.pairwise(hull)
    ]
    edges = [edge for edge in edges if edge[0] >= LEAST_EDGE * trunk]
    if not edges:
        return math.nan
    slopes = [slope for _, slope, _, _ in edges]
    if max(slopes) - min(slopes) > ONE_FLOOR_DEG:
        return math.nan
    _, slope, a, b = max(edges)
    (ax, az), (bx, bz) = _over_floor(a, world), _over_floor(b, world)
    oblique = abs(math.degrees(math.atan2(bz - az, abs(bx - ax))))
    return slope if oblique <= MOST_OBLIQUE_DEG else math.nan


def _off_side(world: Array) -> float:
    """Return how far a body is turned from being seen from the side, by its hips, degrees."""
    (ax, _, az), (bx, _, bz) = (world[i].tolist() for i in _HIPS)
    return math.degrees(math.atan2(abs(ax - bx), abs(az - bz)))


def _over_floor(place: _Place, world: Array) -> tuple[float, float]:
    """Return where a place is in space, across the picture and away from the camera, metres."""
    (ax, _, az), (bx, _, bz) = (world[i].tolist() for i in place.of)
    return (ax + bx) / 2, (az + bz) / 2


def _slope_of_standing(body: list[_Place], soles: Sequence[float]) -> float:
    """Return how far somebody who stands straight is off upright; NaN of anybody else, degrees.

    So much the picture is to be turned clockwise.
    """
    if len(body) < len(_UPRIGHT):
        return math.nan
    shoulders, hips, knees, ankles = (place.at for place in body)
    if interior_angle(shoulders, hips, knees) < STRAIGHT_DEG:
        return math.nan
    if interior_angle(hips, knees, ankles) < STRAIGHT_DEG:
        return math.nan
    if abs(_off_upright(ankles, hips) - _off_upright(hips, shoulders)) > IN_LINE_DEG:
        return math.nan
    slope = _off_upright(ankles, shoulders)
    if soles and abs(math.fsum(soles) / len(soles) - slope) > SOLES_BY_LINE_DEG:
        return math.nan
    return slope


def _unless_trunk_tips(slope: float, trunk: list[_Place]) -> float:
    """Return the slope of the feet; NaN where turning the picture by it would tip the trunk."""
    if len(trunk) < len(_TRUNK):
        return slope
    shoulders, hips = (place.at for place in trunk)
    off = _off_upright(hips, shoulders)
    return math.nan if abs(off - slope) > max(abs(off), TRUNK_UPRIGHT_DEG) else slope


def _off_upright(below: Sequence[float], above: Sequence[float]) -> float:
    return math.degrees(math.atan2(below[0] - above[0], above[1] - below[1]))


def _slopes_of_soles(
    points: Sequence[Sequence[float]], usable: Sequence[bool], trunk: float
) -> list[float]:
    """Return the slope of each sole, degrees; of none where one does not show."""
    slopes = []
    for heel, toes in _SOLES:
        if not (usable[heel] and usable[toes]):
            return []
        along, rise = (points[toes][i] - points[heel][i] for i in (0, 1))
        if abs(along) < LEAST_SOLE * trunk:
            return []
        incline = math.degrees(math.atan2(rise, abs(along))) + HEEL_OVER_TOES_DEG
        slopes.append(math.copysign(incline, incline * along))
    return slopes

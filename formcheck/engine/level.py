"""How far the camera is rolled, read from what the body rests on.

A phone leans on a book, and every slope in the picture is off by as much. The floor is where the
body rests: lying, kneeling or propped, the longest edge of the body's lower outline runs along it,
from the shoulders to the heels, say, or from the hands to the toes; of somebody upright the soles
do. Only slopes across the picture tell: seen from the front or the feet there is no such edge, and
nothing is corrected.

Joints are not all as high above the floor as each other, a shoulder 10 cm, a heel 4, so a small
slope says nothing and is left as it is.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

from formcheck.body import INDEX
from formcheck.geometry import inclination


def _pairs(*joints: str) -> list[tuple[int, int]]:
    return [(INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]) for joint in joints]


# What may rest on the floor; halfway between left and right, as from a raised camera the nearer
# side lies lower in the picture. Arms lie on the floor beside the body or nowhere, unless they
# support it.
_BODY = _pairs("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
_PROPPED = _BODY + _pairs("elbow", "wrist")
_SOLES = [(INDEX[f"{side}_heel"], INDEX[f"{side}_foot_index"]) for side in ("left", "right")]
LYING = ("supine", "side_lying")
PROPPED = ("prone", "plank", "quadruped", "folded", "inverted")
UPRIGHT = ("standing", "seated")
# More than a phone that leans on something is another matter: the picture lies on its side.
MOST_DEG = 32.0
# A slope is corrected from here on, until it is plainly less again: in clips of level cameras it
# reads within 6 deg, by how high shoulders and heels are above the floor, how soles waver, and a
# body that lies askew.
FROM_DEG, TO_DEG = 9.0, 6.0
# An edge this long, in trunk lengths, runs along the floor; a foot seen from the side is this long.
LEAST_EDGE = 0.8
LEAST_SOLE = 0.3
# Edges that differ by more do not all run along the floor.
ONE_FLOOR_DEG = 10.0
# A trunk that lies runs along the floor as well.
TRUNK_LIES_DEG = 10.0
SOLES_AGREE_DEG = 8.0
# The heel is tracked a little higher than the toes: by 0-3 deg (rendered), 1-5 (motion capture).
HEEL_OVER_TOES_DEG = 2.0
# Feet that move step: this far from one look to the next, in trunk lengths.
STEPS = 0.04
# A camera stands: what was seen of it lately counts alike. A leg that lifts tilts the outline, too,
# for as long as it does.
LATELY_S = 20.0
LEAST_S = 0.3
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
        if math.fsum(postures[p] for p in LYING) >= LIKELY:
            body = _halfway(_BODY, points, usable)
            slope = _slope_of_rest(body, trunk)
            if len(body) > 1 and abs(inclination(*sorted(body[:2])) - slope) > TRUNK_LIES_DEG:
                slope = math.nan  # the hips are lifted, or a leg hangs over the edge of a bed
        elif math.fsum(postures[p] for p in PROPPED) >= LIKELY:
            slope = _slope_of_rest(_halfway(_PROPPED, points, usable), trunk)
        elif math.fsum(postures[p] for p in UPRIGHT) >= LIKELY:
            feet = [points[heel][0] for heel, _ in _SOLES]
            steps = any(abs(a - b) > STEPS * trunk for a, b in zip(feet, self._feet, strict=True))
            slope = math.nan if steps else _slope_of_soles(points, usable, trunk)
            self._feet = feet
        else:
            slope = math.nan
        if abs(slope) <= MOST_DEG:  # NaN is not
            if math.isnan(self._slope):
                self._slope = slope
            else:
                elapsed = min(elapsed, 1.0)
                self._seen_s = min(self._seen_s + elapsed, LATELY_S)
                self._slope += elapsed / max(self._seen_s, elapsed) * (slope - self._slope)
            tilted = abs(self._slope) > (TO_DEG if self._rolled else FROM_DEG)
            self._rolled = tilted and self._seen_s >= LEAST_S
            self._t = t
        return self.roll_deg


def _halfway(
    pairs: list[tuple[int, int]], points: Sequence[Sequence[float]], usable: Sequence[bool]
) -> list[tuple[float, float]]:
    """Return the places halfway between left and right; where one is not there, the other's."""
    places = []
    for pair in pairs:
        there = [points[i] for i in pair if usable[i]]
        if there:
            n = len(there)
            places.append((sum(p[0] for p in there) / n, sum(p[1] for p in there) / n))
    return places


def _slope_of_rest(contacts: list[tuple[float, float]], trunk: float) -> float:
    """Return the slope of the longest edge of the lower outline, degrees; NaN where it is short.

    Where two long edges disagree, as the back and a raised leg, nobody can say which is the floor.
    """
    hull: list[tuple[float, float]] = []
    for c in sorted(contacts, key=lambda point: point[0]):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0.0:
                break
            hull.pop()
        hull.append(c)
    edges = [(a, b) for a, b in itertools.pairwise(hull) if b[0] - a[0] >= LEAST_EDGE * trunk]
    if not edges:
        return math.nan
    slopes = [inclination(a, b) for a, b in edges]
    if max(slopes) - min(slopes) > ONE_FLOOR_DEG:
        return math.nan
    a, b = max(edges, key=lambda edge: edge[1][0] - edge[0][0])
    return inclination(a, b)


def _slope_of_soles(
    points: Sequence[Sequence[float]], usable: Sequence[bool], trunk: float
) -> float:
    """Return the mean slope of both soles, degrees; NaN where they do not both lie on the floor.

    Toes point outwards a little, which tilts the one sole up and the other down by as much; a heel
    that is lifted tilts one by more.
    """
    slopes = []
    for heel, toes in _SOLES:
        if not (usable[heel] and usable[toes]):
            return math.nan
        along, rise = (points[toes][i] - points[heel][i] for i in (0, 1))
        if abs(along) < LEAST_SOLE * trunk:
            return math.nan
        incline = math.degrees(math.atan2(rise, abs(along))) + HEEL_OVER_TOES_DEG
        slopes.append(math.copysign(incline, incline * along))
    if abs(slopes[0] - slopes[1]) > SOLES_AGREE_DEG:
        return math.nan
    return math.fsum(slopes) / len(slopes)

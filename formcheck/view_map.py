"""From where each exercise was measured to be right: the map of camera positions, as it is shown.

`python -m benchmarks.view_map --figures` writes `view_map.json`; docs/engine.md says how it is
measured. An exercise that has not been measured has no map, and of one that is measured in part the
map says which part.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

State = Literal["judged", "counted", "neither", "unmeasured"]

# Degrees around the person, seen from above, counter-clockwise from where the head of somebody
# lying, or the front of somebody upright, points.
STEP_DEG = 30
AZIMUTHS = tuple(range(0, 360, STEP_DEG))
# At which heights the camera stood, from the floor up.
CAMERA = {
    "floor": "on the floor",
    "table": "on a table",
    "standing": "held standing",
}
# By how the body lies: what is at 0, 90, 180 and 270 degrees.
AROUND: Mapping[str, tuple[str, str, str, str]] = {
    "up": ("head", "right side", "feet", "left side"),
    "down": ("head", "left side", "feet", "right side"),
    "right": ("head", "front", "feet", "back"),
    "left": ("head", "back", "feet", "front"),
    "upright": ("front", "left side", "back", "right side"),
}
# A spec's word for what of the trunk faces up, by how the body lies in the map.
FACES = {"up": "front", "down": "back", "right": "side", "left": "side", "upright": "head"}
# The body's axis (left, head, front) that points to each, and which way.
_AXIS = {
    "left side": (0, 1.0),
    "right side": (0, -1.0),
    "head": (1, 1.0),
    "feet": (1, -1.0),
    "front": (2, 1.0),
    "back": (2, -1.0),
}
# The tracker takes a lying trunk that points towards the camera, or away from it, for shorter than
# it is, so that the camera seems further at the side than it stands. With the part along the trunk
# made longer by this, 98 % of 205 views of the map are read within 15 deg, instead of 84 %; 1.3 to
# 1.8 do nearly as well. Of somebody upright 78 % of 50 are, and nothing is to be gained.
TRUNK_IN_DEPTH = 1.5
# How each state is written in the file, a letter a direction; where no camera can stand is a "#".
LETTERS: Mapping[State, str] = {"judged": "J", "counted": "C", "neither": "-", "unmeasured": "?"}
BLOCKED = "#"
WORST_FIRST: tuple[State, ...] = ("neither", "counted", "judged", "unmeasured")
_STATES: Mapping[str, State] = {letter: state for state, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class ViewMap:
    """What an exercise comes to from each camera position.

    Attributes
    ----------
    facing
        How the body lies; see `AROUND`.
    rings
        By height, a letter for each of `AZIMUTHS`; see `LETTERS`.
    """

    facing: str
    rings: Mapping[str, str]

    @property
    def around(self) -> tuple[str, str, str, str]:
        """What is at 0, 90, 180 and 270 degrees."""
        return AROUND[self.facing]

    @property
    def states(self) -> dict[tuple[str, int], State]:
        """The state of every place where a camera can stand, by height and azimuth."""
        return {
            (height, azimuth): _STATES[letter]
            for height in CAMERA
            for azimuth, letter in zip(AZIMUTHS, self.rings[height], strict=True)
            if letter != BLOCKED
        }

    @property
    def heights(self) -> tuple[str, ...]:
        """The heights of which anything is measured, from the floor up."""
        measured = {height for (height, _), state in self.states.items() if state != "unmeasured"}
        return tuple(height for height in CAMERA if height in measured)

    def where(self, state: State, height: str) -> tuple[int, ...]:
        """Return the directions in which the map says this of a camera at a height."""
        return tuple(
            azimuth for (at, azimuth), one in self.states.items() if (at, one) == (height, state)
        )

    @property
    def whatever_height(self) -> dict[int, State]:
        """The state of every direction: the worst of the heights of which it is measured."""
        found: dict[int, set[State]] = {}
        for (_, azimuth), state in self.states.items():
            found.setdefault(azimuth, set()).add(state)
        return {
            azimuth: next(state for state in WORST_FIRST if state in states)
            for azimuth, states in found.items()
        }

    def azimuth(self, towards: tuple[float, float, float] | None, faces: str) -> float | None:
        """Return in which direction of the map a camera stands, degrees from 0 to 360.

        Parameters
        ----------
        towards
            The direction to it along the floor, in the body's own axes (left, head, front).
        faces
            What of the trunk faces up, by the spec. None is returned where the map's body lies
            otherwise: its directions are not those of the person then.
        """
        if towards is None or FACES[self.facing] != faces:
            return None
        x, y = (sign * towards[axis] for axis, sign in (_AXIS[name] for name in self.around[:2]))
        x *= TRUNK_IN_DEPTH if self.around[0] == "head" else 1.0
        return math.degrees(math.atan2(y, x)) % 360.0


def nearest(azimuth: float) -> int:
    """Return the direction of the map that is nearest.

    Examples
    --------
    >>> nearest(46.0), nearest(352.0)
    (60, 0)
    """
    return round(azimuth / STEP_DEG) * STEP_DEG % 360


def apart(a: float, b: float) -> float:
    """Return the angle between two directions, degrees.

    Examples
    --------
    >>> apart(350.0, 20.0)
    30.0
    """
    return abs((a - b + 180.0) % 360.0 - 180.0)


@cache
def view_maps() -> Mapping[str, ViewMap]:
    """Return the maps that come with the package, by exercise."""
    found = json.loads((files("formcheck") / "view_map.json").read_text(encoding="utf-8"))
    return {id: ViewMap(entry["facing"], entry["rings"]) for id, entry in found.items()}

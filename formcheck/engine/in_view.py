"""What of the person is really in view, whatever the tracker says.

The tracker calls a joint behind a box or beyond the picture's edge visible to 0.99, and places it
where it would be likely. Two things give it away:

- What is out of frame is placed at the edge, or a little inside it. In 11 films that were cropped
  through the head or the feet, the outermost landmark of the head or the foot lay within 0.1 trunk
  lengths of the edge, or beyond it, in four of five frames or more, while its neighbours seemed
  well inside: so the head, a hand and a foot are in view as a whole or not at all.
- When the feet are in view, the visibility of the better-seen ankle is 0.87-1.0. That holds for all
  but one of the clips of real people, and for rendered ones from where form is judged. Behind a
  box it is 0.2-0.82 in 15 of 19 films, and 0.85-0.94 in the others. An occluded head cannot be
  detected this way: it keeps a visibility of 1.0.

Form errors are judged only by what is in view. Repetitions are counted all the same.
"""

from __future__ import annotations

import math

import numpy as np

from formcheck.body import INDEX, LANDMARKS, VISIBILITY, Array, PoseFrame, X, Y
from formcheck.measures import MID_PAIRS

# Out of frame is what lies this near to the edge, or beyond it, trunk lengths.
EDGE = 0.1
# The better seen ankle of two feet that are in view.
FEET_VISIBLE = 0.85
# Both waver from frame to frame, so they are averaged.
SETTLE_S = 0.5
LOOK_EVERY_S = 0.1
# At the edge for this share of the time is out of frame.
AT_EDGE = 0.4


def _part(landmark: str) -> str:
    """Return the part of the body that is in view together with a landmark."""
    side, _, joint = landmark.partition("_")
    if joint in ("wrist", "pinky", "index", "thumb"):
        return f"{side}_hand"
    if joint in ("ankle", "heel", "foot_index"):
        return f"{side}_foot"
    if joint in ("shoulder", "elbow", "hip", "knee"):
        return landmark
    return "head"


_PARTS = list(dict.fromkeys(map(_part, LANDMARKS)))
_PART_OF = [_PARTS.index(_part(landmark)) for landmark in LANDMARKS]
# One row a part: which landmarks it has.
_OF_PART = np.array([[part == mine for mine in _PART_OF] for part in range(len(_PARTS))])
_FEET = [_PARTS.index("left_foot"), _PARTS.index("right_foot")]
_ANKLES = [INDEX["left_ankle"], INDEX["right_ankle"]]


class InView:
    """Follow from frame to frame what is really in view."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget it, as after a change of person."""
        self._t = math.nan
        self._at_edge: Array | None = None
        self._ankles = 1.0
        self._in_view: list[bool] = []

    def update(self, frame: PoseFrame, trunk: float) -> list[bool]:
        """Return of each landmark, then of each midpoint, whether it is, with a frame added.

        Parameters
        ----------
        frame
            In which somebody was found.
        trunk
            The trunk's length, picture heights.
        """
        elapsed = frame.t - self._t
        if elapsed < LOOK_EVERY_S:
            return self._in_view  # the last look was a moment ago
        image = frame.image
        aspect = frame.width / frame.height
        x, y = image[:, X] * aspect, image[:, Y]
        inside = np.minimum(np.minimum(x, aspect - x), np.minimum(y, 1.0 - y))
        at_edge = (_OF_PART & (inside < EDGE * trunk)).any(1).astype(float)
        left, right = image[_ANKLES, VISIBILITY].tolist()
        ankles = left if left > right else right
        if self._at_edge is None:
            self._at_edge, self._ankles = at_edge, ankles
        else:
            share = 1.0 - math.exp(-elapsed / SETTLE_S)
            self._at_edge += share * (at_edge - self._at_edge)
            if ankles == ankles:
                self._ankles += share * (ankles - self._ankles)
        self._t = frame.t
        parts = (self._at_edge <= AT_EDGE).tolist()
        if not self._ankles >= FEET_VISIBLE:
            for foot in _FEET:
                parts[foot] = False
        seen = [parts[part] for part in _PART_OF]
        self._in_view = seen + [seen[a] and seen[b] for a, b in MID_PAIRS]
        return self._in_view

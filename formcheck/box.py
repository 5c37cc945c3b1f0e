"""Where somebody is in a picture."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from formcheck.body import PoseFrame, X, Y

# On each side, as a share of the size: hands and the top of the head lie beyond the landmarks.
PAD = 0.15

Picture = NDArray[np.uint8]


class Box(NamedTuple):
    """A place in the picture, as fractions of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, frame: PoseFrame) -> Box | None:
        """Return the box around somebody's landmarks; None where nobody was found."""
        if not frame.found:
            return None
        (left, top), (right, bottom) = (
            f(frame.image[:, [X, Y]], axis=0).tolist() for f in (np.min, np.max)
        )
        x, y = PAD * (right - left), PAD * (bottom - top)
        return cls(left - x, top - y, right + x, bottom + y)

    @property
    def area(self) -> float:
        """Its share of the picture."""
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def shares(self, other: Box) -> float:
        """Return how much of the smaller box the other covers, 0 to 1."""
        common = Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )
        least = min(self.area, other.area)
        return common.area / least if least > 0.0 else 0.0

    def of(self, picture: Picture) -> Picture:
        """Return that part of a picture."""
        height, width = picture.shape[:2]
        rows = slice(max(0, round(self.top * height)), max(0, round(self.bottom * height)))
        return picture[rows, max(0, round(self.left * width)) : max(0, round(self.right * width))]

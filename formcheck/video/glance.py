"""What a few frames show without a tracker: the light, and whether a body goes beyond the frame."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

# Light does not change from frame to frame, and bodies move on within this time.
EVERY_S = 0.4
SIZE = 80, 60
# The brightest fiftieth of a picture is lighter than this (of 255), also in rooms lit badly: in 45
# clips of real and rendered people 143 to 255, in those made dark until people got lost 88 to 109.
DARK = 125.0
# From the darkest twentieth to the brightest fiftieth; in the same clips 70 to 220.
FLAT = 40.0
# From one look to the next a pixel that changes by more than this (of 255) shows something that
# moves; when half of the picture changes by more than a little, it is the camera.
MOVES, SHAKES = 12.0, 3.0
# So many pixels of an edge that move belong to a body (a twentieth of it); and a body that goes
# beyond the frame moves there for this share of the time, not only on its way in and out.
AT_EDGE, OFTEN = 3, 0.25

TOO_DARK = "The video is dark: turn on a light, or face a window."
TOO_FLAT = "The video has little contrast: clean the lens, and keep bright windows out of frame."


class Glance:
    """Look at a frame now and then."""

    def __init__(self) -> None:
        self._next_s = -math.inf
        self._ends: list[tuple[float, float]] = []
        self._before: NDArray[np.float32] | None = None
        self._pairs = 0
        self._moved = {"left": 0, "right": 0, "top": 0, "bottom": 0}

    def look(self, rgb: NDArray[np.uint8], t: float) -> None:
        """Take a frame, (H, W, 3), and its time, seconds."""
        if t < self._next_s:
            return
        self._next_s = t + EVERY_S
        small = cv2.resize(rgb, SIZE, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
        dark, bright = np.percentile(grey, (5, 98))
        self._ends.append((float(dark), float(bright)))
        now = np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.float32)  # against noise
        if self._before is not None:
            self._compare(np.abs(now - self._before))
        self._before = now

    def _compare(self, change: NDArray[np.float32]) -> None:
        if np.median(change) > SHAKES:
            return
        moves = change > MOVES
        if not moves.any():
            return
        self._pairs += 1
        for edge, pixels in (
            ("left", moves[:, :2].any(axis=1)),
            ("right", moves[:, -2:].any(axis=1)),
            ("top", moves[:2].any(axis=0)),
            ("bottom", moves[-2:].any(axis=0)),
        ):
            self._moved[edge] += int(np.count_nonzero(pixels) >= AT_EDGE)

    def light(self) -> list[str]:
        """Return what to do about the light, in sentences."""
        if not self._ends:
            return []
        dark, bright = np.median(np.array(self._ends), axis=0)
        if bright < DARK:
            return [TOO_DARK]
        return [TOO_FLAT] if bright - dark < FLAT else []

    def beyond(self) -> str | None:
        """Return the edge beyond which a body goes for much of the time in which it moves."""
        edge = max(self._moved, key=lambda name: self._moved[name])
        return edge if self._moved[edge] > OFTEN * self._pairs and self._pairs else None

"""Somebody who walks through the picture while another one exercises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from samples.body_model import Body
from samples.camera import Camera
from samples.exercises.other import walk
from samples.exercises.plan import Plan
from samples.performance import Figure, Performance, perform

Passing = Literal["behind", "in_front"]

# From the middle of the mat; in front, the camera looks between the two.
AWAY_M = {"behind": 1.0, "in_front": 0.9}
FROM_S, SPEED_M_S, HALF_WAY_M = 3.0, 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Passer:
    """A body that walks past the mat, once, from one end of it to the other."""

    performance: Performance
    y: float

    @classmethod
    def of(cls, body: Body, passing: Passing, view: Camera, fps: float) -> Passer:
        """Let a body pass behind or in front of the person, as the camera sees it."""
        camera_side = float(np.sign(view.eye[1]))
        side = camera_side if passing == "in_front" else -camera_side
        return cls(perform(body, walk(Plan(repetitions=3)), fps, seed=5), side * AWAY_M[passing])

    def at(self, t: float) -> Figure | None:
        """Return the body at a time; None while it is not there."""
        x = SPEED_M_S * (t - FROM_S) - HALF_WAY_M
        if not -HALF_WAY_M <= x <= HALF_WAY_M:
            return None
        times = self.performance.t
        step = float(times[1] - times[0])
        figure = self.performance.figure(int((t - FROM_S) / step) % len(times))
        # The steps carry the body along by themselves; here it goes at an even pace.
        to = np.array([x, self.y, figure.position[2]]) - figure.position
        return replace(
            figure, skin=figure.skin + to, joints=figure.joints + to, position=figure.position + to
        )

"""Where the camera stands, read from how the trunk lies in space, and what to change.

The tracker's world landmarks are coarse in depth, but the direction of the trunk's three axes is
good to about 15 deg (see docs/engine.md), enough to tell a side view from a front view.
"""

from __future__ import annotations

import math
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from formcheck.body import TRUNK
from formcheck.measures import MID, Seen
from formcheck.spec import Camera, From, Position

# Directions are averaged over this time: a camera does not move, a body turns slowly.
SETTLE_S = 0.7
# A set-up that fits goes on fitting until it is missed by this much more.
HYSTERESIS_DEG = 8.0
# From here on a camera counts as looking down in a view's name.
RAISED_DEG = 30.0

PLACES: tuple[From, ...] = ("side", "front", "behind", "head end", "foot end")
_PLACE = {place: i for i, place in enumerate(PLACES)}
# Which of the body's axes (left, head, front) points up, by what of the body faces up.
UP = {"head": (1, 1.0), "front": (2, 1.0), "back": (2, -1.0), "side": (0, 1.0)}

_trunk_of = itemgetter(*TRUNK)
_TRUNK = np.array(TRUNK)


class View(NamedTuple):
    """The direction from the person to the camera.

    Attributes
    ----------
    elevation
        Degrees above the floor's plane through the person.
    head
        Where the head is in the picture: left, right, up or down.
    level
        The direction along the floor: how far it is that of the person's left, head and front,
        each from -1 to 1; all 0 for a camera straight above.
    """

    elevation: float
    head: str
    level: tuple[float, float, float]

    def off(self, place: From) -> float:
        """Return how far the camera is from a place to see the body from, degrees on the floor."""
        towards = self._towards[_PLACE[place]]
        if not -1.0 <= towards <= 1.0:  # by a rounding error
            towards = math.copysign(1.0, towards)
        return math.degrees(math.acos(towards))

    @property
    def _towards(self) -> tuple[float, ...]:
        """How far the camera is towards each of `PLACES`, 1 when it is just there."""
        left, head, front = self.level
        return abs(left), front, -front, head, -head

    @property
    def name(self) -> str:
        """The view in words, such as side, oblique or raised foot end."""
        towards = self._towards
        nearest = PLACES[towards.index(max(towards))]
        name = nearest if self.off(nearest) <= 30.0 else "oblique"
        return f"raised {name}" if self.elevation > RAISED_DEG else name


class Axes:
    """How far the trunk's three axes (left, head, front) point to the camera, from frame to frame.

    The same however the body is held: one for all engines that follow a person.
    """

    def __init__(self) -> None:
        self._t = math.nan
        self._axes: list[float] | None = None

    def reset(self) -> None:
        """Forget them, as after a change of person."""
        self._axes = None

    def update(self, seen: Seen) -> list[float] | None:
        """Return them with this frame added; None where the trunk is not known."""
        if False in _trunk_of(seen.usable):
            return None
        if self._axes is not None and seen.t == self._t:
            return self._axes  # by another engine that shares this
        (lsx, lsy, lsz), (rsx, rsy, rsz), (lhx, lhy, lhz), (rhx, rhy, rhz) = seen.world.take(
            _TRUNK, 0
        ).tolist()
        ax, ay, az = _unit(lsx - rsx + lhx - rhx, lsy - rsy + lhy - rhy, lsz - rsz + lhz - rhz)
        ux, uy, uz = _unit(lsx + rsx - lhx - rhx, lsy + rsy - lhy - rhy, lsz + rsz - lhz - rhz)
        _, _, fz = _unit(ay * uz - az * uy, az * ux - ax * uz, ax * uy - ay * ux)
        # The camera looks along +z, so it lies at -z as seen from the person.
        if not math.isfinite(az + uz + fz):
            return None
        if self._axes is None:
            self._axes = [-az, -uz, -fz]
        else:
            rate = 1.0 - math.exp(-(seen.t - self._t) / SETTLE_S)
            left, head, front = self._axes
            self._axes = [
                left + rate * (-az - left),
                head + rate * (-uz - head),
                front + rate * (-fz - front),
            ]
        self._t = seen.t
        return self._axes


class Viewpoint:
    """Tell the view from frame to frame.

    Parameters
    ----------
    position
        How the body is held, which tells what of it faces up.
    axes
        Where the trunk points, if that is followed already.
    """

    def __init__(self, position: Position, axes: Axes | None = None) -> None:
        self._position = position
        self.axes = axes or Axes()
        self._t = math.nan
        self.view: View | None = None

    def reset(self) -> None:
        """Forget the view, as after a change of person."""
        self.axes.reset()
        self.view = None

    def update(self, seen: Seen) -> View | None:
        """Return the view with this frame added, or the last one where the trunk is not known."""
        if seen.t == self._t and self.view is not None:
            return self.view  # by another engine that shares this
        axes = self.axes.update(seen)
        if axes is None:
            return self.view
        self._t = seen.t
        up_axis, sign = UP[self._position.faces]
        up = sign * axes[up_axis]
        if self._position.faces == "side":  # whichever side is on top
            up = abs(up)
        along = axes.copy()
        along[up_axis] = 0.0
        left, head, front = along
        level = math.hypot(left, head, front)
        neck, hip = seen.points[MID["shoulder"]], seen.points[MID["hip"]]
        dx, dy = neck[0] - hip[0], neck[1] - hip[1]
        heading = (
            ("right" if dx > 0 else "left") if abs(dx) >= abs(dy) else ("up" if dy > 0 else "down")
        )
        self.view = View(
            math.degrees(math.atan2(up, level)),
            heading,
            (left / level, head / level, front / level) if level else (0.0, 0.0, 0.0),
        )
        return self.view


def _unit(x: float, y: float, z: float) -> tuple[float, float, float]:
    n = math.hypot(x, y, z)
    return (x / n, y / n, z / n) if n else (math.nan, math.nan, math.nan)


def fits(view: View, camera: Camera, slack_deg: float = 0.0) -> bool:
    """Whether a view is that of a camera set-up."""
    low, high = camera.elevation_deg
    return (
        view.off(camera.seen_from) <= camera.within_deg + slack_deg
        and low - slack_deg <= view.elevation <= high + slack_deg
    )


def matching(view: View | None, cameras: dict[str, Camera], current: str | None) -> str | None:
    """Return the name of the set-up that the view fits; the current one keeps a little slack.

    Where several fit, the first in the spec's order is taken: specs name the best one first.
    """
    if view is None:
        return current
    for name, camera in cameras.items():
        if fits(view, camera, HYSTERESIS_DEG if name == current else 0.0):
            return name
    return None


def how_to_turn(view: View, camera: Camera) -> str | None:
    """Say what brings this view nearer to a set-up, or None when it fits."""
    if fits(view, camera):
        return None
    if view.off(camera.seen_from) > camera.within_deg:
        return {
            "side": "Turn so that your side faces the camera.",
            "front": "Turn so that you face the camera.",
            "behind": "Turn your back to the camera.",
            "foot end": "Turn so that your feet point to the camera.",
            "head end": "Turn so that your head points to the camera.",
        }[camera.seen_from]
    low, _ = camera.elevation_deg
    if view.elevation < low:
        return "Put the camera higher and tilt it down."
    return "Put the camera lower."

"""Where the camera stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from formcheck.body import Array
from samples.posture import Furniture

SUNK_M = 0.02


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that looks at a point above the middle of the mat.

    Attributes
    ----------
    azimuth
        Degrees around the person, seen from above: 0 ahead of the head (+x), 90 at +y, 180 at the
        feet.
    distance_m
        On the floor plan.
    height_m, target_m
        Of the camera, and of the point it looks at.
    width, height
        Pixels.
    tilt
        Degrees by which the camera hangs askew.
    fov
        Vertical field of view, degrees; 45 is like a laptop's webcam.
    """

    azimuth: float
    distance_m: float
    height_m: float
    target_m: float = 0.3
    width: int = 640
    height: int = 480
    fov: float = 45.0
    tilt: float = 0.0

    @property
    def eye(self) -> Array:
        """Position in the room, metres."""
        a = np.radians(self.azimuth)
        return np.array([self.distance_m * np.cos(a), self.distance_m * np.sin(a), self.height_m])

    @property
    def pose(self) -> Array:
        """(4, 4) camera to room; the camera looks along its own -z, its y is up."""
        back = self.eye - (0.0, 0.0, self.target_m)
        back = back / np.linalg.norm(back)
        right = np.cross((0.0, 0.0, 1.0), back)
        right = right / np.linalg.norm(right)
        up = np.cross(back, right)
        c, s = np.cos(np.radians(self.tilt)), np.sin(np.radians(self.tilt))
        out = np.eye(4)
        out[:3, :3] = np.stack([c * right + s * up, c * up - s * right, back], axis=1)
        out[:3, 3] = self.eye
        return out

    @property
    def focal_px(self) -> float:
        """Focal length, pixels."""
        return self.height / 2 / np.tan(np.radians(self.fov) / 2)

    def project(self, points: Array) -> Array:
        """Return (N, 2) pixels, y down, of (N, 3) points in the room."""
        seen = (np.asarray(points) - self.eye) @ self.pose[:3, :3]
        centre = np.array([self.width / 2, self.height / 2])
        return centre + self.focal_px * seen[:, :2] / -seen[:, 2:] * (1.0, -1.0)

    def hidden(self, points: Array, furniture: Iterable[Furniture]) -> float:
        """Return the share of points that furniture is in front of, 0 to 1."""
        behind: NDArray[np.bool_] = np.zeros(len(points), dtype=bool)
        way = points - self.eye
        with np.errstate(divide="ignore", invalid="ignore"):
            for piece in furniture:
                # Where the line of sight enters and leaves the box, as shares of the way.
                # The body sinks a little into what it leans on, which does not hide it.
                at, half = np.array(piece.at), np.array(piece.size) / 2 - SUNK_M
                sides = np.stack([(at - half - self.eye) / way, (at + half - self.eye) / way])
                enters, leaves = sides.min(0).max(1), sides.max(0).min(1)
                behind |= (enters < leaves) & (enters > 0.0) & (enters < 1.0)
        return float(np.mean(behind))


# Lying head towards +x: +y is the left side of someone prone, and the right side of someone supine.
# Upright they face +x.
def camera(name: str, facing: str, place: str = "floor") -> Camera:
    """Return a camera by name for someone on the floor, upright, or on a bed.

    ``side_left`` sees the person's left side; on the floor from hip height, of an upright person
    from 1 m. ``feet_raised`` is behind the feet at 1.7 m and looks down, ``oblique_45`` half-way
    between side and feet. ``front_of_body`` sees the front of someone who lies on a side.
    """
    if place == "upright":
        views = _upright_views()
    elif facing in ("left", "right"):
        views = _side_lying_views(90.0 if facing == "right" else -90.0)
    else:
        views = _floor_views(facing)
        if place == "bed":
            raised = {"height_m": 0.9, "target_m": 0.65}
            views = {
                name: replace(views[name], **raised)  # type: ignore[arg-type]
                for name in ("side_left", "side_right", "side_left_far", "side_right_far")
            }
    if name not in views:
        raise ValueError(f"no such camera: {name} (there are {', '.join(views)})")
    return views[name]


def _upright_views() -> dict[str, Camera]:
    return {
        "side_left": Camera(90.0, 2.9, 1.0, 0.88),
        "side_right": Camera(-90.0, 2.9, 1.0, 0.88),
        "side_left_far": Camera(90.0, 3.1, 1.0, 0.8),
        "side_right_far": Camera(-90.0, 3.1, 1.0, 0.8),
        "front": Camera(0.0, 3.0, 1.0, 1.0),
        "front_far": Camera(0.0, 3.6, 1.0, 1.1),
        "front_near": Camera(0.0, 1.8, 1.1, 1.0),
        "back": Camera(180.0, 3.0, 1.0, 1.0),
        "back_far": Camera(180.0, 3.6, 1.0, 1.1),
        "oblique_45_left": Camera(45.0, 2.9, 1.0, 0.88),
        "oblique_45_right": Camera(-45.0, 2.9, 1.0, 0.88),
    }


def _side_lying_views(front: float) -> dict[str, Camera]:
    return {
        "front_of_body": Camera(front, 2.6, 0.6, 0.25),
        "front_of_body_raised": Camera(front, 2.5, 1.2, 0.2),
        "back_of_body": Camera(-front, 2.6, 0.6, 0.25),
        "feet_raised": Camera(180.0, 2.4, 1.7, 0.3),
        "oblique_45": Camera(front * 1.5, 2.6, 0.9, 0.25),
    }


def _floor_views(facing: str) -> dict[str, Camera]:
    left = 90.0 if facing == "down" else -90.0
    half_way = 45.0 if facing == "down" else -45.0
    return {
        "side_left": Camera(left, 2.7, 0.55, 0.32),
        "side_right": Camera(-left, 2.7, 0.55, 0.32),
        "side_left_near": Camera(left, 2.3, 0.55, 0.35),
        "side_right_near": Camera(-left, 2.3, 0.55, 0.35),
        "side_left_far": Camera(left, 3.4, 0.9, 0.6),
        "side_right_far": Camera(-left, 3.4, 0.9, 0.6),
        "oblique_left": Camera(left + (30.0 if facing == "down" else -30.0), 2.8, 0.9, 0.3),
        "feet_raised": Camera(180.0, 2.4, 1.7, 0.35),
        "feet_raised_near": Camera(180.0, 2.0, 1.7, 0.35),
        "feet_raised_left": Camera(180.0 - left / 9.0, 2.4, 1.7, 0.35),
        "feet_raised_tilted": Camera(180.0, 2.4, 1.7, 0.35, tilt=4.0),
        "feet_raised_low": Camera(180.0, 2.4, 1.4, 0.35),
        "feet_raised_high": Camera(180.0, 2.2, 2.1, 0.3),
        "oblique_45_left": Camera(left + half_way, 2.6, 1.3, 0.25),
        "oblique_45_right": Camera(-left - half_way, 2.6, 1.3, 0.25),
        "oblique_45_left_low": Camera(left + half_way, 2.6, 0.9, 0.25),
        "oblique_45_left_high": Camera(left + half_way, 2.6, 1.8, 0.25),
    }

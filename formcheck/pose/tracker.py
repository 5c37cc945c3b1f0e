"""Pictures of one stream, in the order of their times, to landmarks."""

from __future__ import annotations

import os
import weakref
from contextlib import nullcontext

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

from formcheck.body import Array, PoseFrame
from formcheck.closing import Closing
from formcheck.errors import FormcheckError
from formcheck.pose.quiet import quiet

# The least confidence of the person detector: MediaPipe's own default, and the second attempt's.
CONFIDENCE = 0.5
LOW_CONFIDENCE = 0.3
# Seconds without anybody before the second attempts start, and between two of them. At 30 pictures
# a second two of 30 are then looked at twice, which costs 7 % while nobody is in view.
PATIENCE_S = 0.5
RETRY_S = 0.5
# Quarter turns, counter-clockwise, of the picture in the second attempts, one after the other. The
# detector is not equally good with bodies lying this way and that.
TURNS = (3, 1, 2, 0)
# A person far from the camera is found in a part of the frame: squares as high as the frame, then
# smaller ones, each overlapping the next by half, `TILES_AT_ONCE` of them per attempt. Someone who
# spans a quarter of a wide frame was found in every frame this way, and in no whole frame. While
# no one is in view, two of 30 frames per second are searched four more times: a quarter more work.
TILES = (1.0, 0.6)
TILES_AT_ONCE = 3
LEAST_TILE = 160  # pixels: below that nothing is gained
# A landmark this near to the edge of a square, or beyond it, is cut off by it (share of its side).
TILE_MARGIN = 0.02
# A second attempt's find is believed when looking at the same picture again and again moves it by
# less than this, median over the landmarks, as a fraction of the person's box. Of 179 doubtful
# finds in real clips made hard (far, dark, noisy, blurred, cut, coarse) 97 were right; of the 103
# that kept this still, 88.
STEADY = 0.01
LOOKS = 4
_LOOK_MS = 33
_BLACK = np.zeros((64, 64, 3), np.uint8)

_ROTATIONS = {
    1: cv2.ROTATE_90_COUNTERCLOCKWISE,
    2: cv2.ROTATE_180,
    3: cv2.ROTATE_90_CLOCKWISE,
}

Picture = NDArray[np.uint8]
_Points = tuple[Array, Array]
_Tile = tuple[int, int, int]  # left, top and side, pixels


class PoseTracker(Closing):
    """Follow one person through one stream of pictures.

    Use it as a context manager, or close it.

    Parameters
    ----------
    model
        The ``.task`` bundle, from `formcheck.pose.models.model_path`.
    doubtful
        Whether somebody who is not found is looked for with less confidence, and in the picture
        turned; else only in parts of it, one at a time.

    Raises
    ------
    FormcheckError
        If MediaPipe cannot use the bundle.

    Notes
    -----
    Tracking two poses and choosing between them does not earn its cost: with one person in view,
    two poses took 1.7 times the processor time (five clips), as the detector then looks at every
    picture for the missing one, and the landmarks shook 1.7 to 5.7 times as much, as MediaPipe
    smooths only a single pose. A jump to somebody else is noticed from the landmarks, later on.

    The same pictures at the same times give the same landmarks, to the last bit, on one machine.
    """

    def __init__(self, model: str | os.PathLike[str], doubtful: bool = True) -> None:
        self._model = os.fspath(model)
        self._doubtful = doubtful
        self._tiles_at_once = TILES_AT_ONCE if doubtful else 1
        self._first = _Landmarker(self._model, CONFIDENCE)
        self._second: _Landmarker | None = None  # made when first needed
        self._following_second = False
        self._shape: tuple[int, ...] | None = None
        self._tile: _Tile | None = None
        self._begun = False  # somebody was found, or looked for in parts of the picture
        self._turn = 0
        self._attempts = 0
        self._next_look = -np.inf
        self._nobody_since: float | None = None
        self._last_t = -np.inf

    def close(self) -> None:
        """Free the landmarkers and their threads; the tracker cannot be used afterwards."""
        self._first.close()
        if self._second is not None:
            self._second.close()

    def track(self, rgb: Picture, t: float) -> PoseFrame:
        """Find the person in the next picture.

        Parameters
        ----------
        rgb
            (H, W, 3), upright.
        t
            Presentation time, seconds, not negative and later than that of the picture before.

        Returns
        -------
        PoseFrame
            The landmarks in the upright picture, `PoseFrame.empty` when nobody was found.

        Raises
        ------
        ValueError
            If the time does not go on, or the array is no picture.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
            raise ValueError(f"not an RGB picture of bytes: {rgb.dtype} {rgb.shape}")
        if not (t >= 0 and t > self._last_t):
            raise ValueError(f"the time must go on: {t} s after {self._last_t} s")
        self._last_t = t
        height, width = rgb.shape[:2]
        points = self._find(np.ascontiguousarray(rgb), t)
        if points is None:
            return PoseFrame.empty(t, width, height)
        return PoseFrame(t, *points, width, height)

    def _find(self, picture: Picture, t: float) -> _Points | None:
        if self._shape not in (None, picture.shape):
            # The phone was turned: nobody is where they were, as a share of the picture.
            self._first.forget(t)
            if self._second is not None:
                self._second.forget(t)
            self._following_second, self._tile, self._nobody_since = False, None, None
        self._shape = picture.shape
        if self._following_second:
            points = self._follow_second(picture, t)
            if points is not None:
                return points
        if self._tile is not None:
            points = self._find_in(self._tile, picture, t)
            if points is not None:
                return points
            self._tile = None
        points = self._first.find(picture, t)
        if points is not None:
            self._nobody_since = None
            self._begun = True
            return points
        if self._nobody_since is None:
            self._nobody_since = t
            self._attempts = 0
            self._next_look = t + PATIENCE_S
            if not self._begun:  # who is far away may have begun before the camera did
                self._begun = True
                return self._look_at_parts(picture, t, 0)
        if t < self._next_look:
            return None
        return self._attempt(picture, t)

    def _attempt(self, picture: Picture, t: float) -> _Points | None:
        """Look at parts of the picture, then with less confidence at it turned another way."""
        self._next_look = t + RETRY_S
        points = self._look_at_parts(picture, t, self._tiles_at_once * self._attempts)
        if points is not None:
            return points
        if not self._doubtful:
            self._attempts += 1
            return None
        self._turn = TURNS[self._attempts % len(TURNS)]
        self._attempts += 1
        if self._second is None:
            self._second = _Landmarker(self._model, LOW_CONFIDENCE)
        points = self._second.find_steady(picture, t, self._turn)
        self._following_second = points is not None
        return points

    def _look_at_parts(self, picture: Picture, t: float, first: int) -> _Points | None:
        """Look at a few of the squares, from one of them on."""
        tiles = _tiles(picture.shape[1], picture.shape[0])
        for i in range(min(self._tiles_at_once, len(tiles))):
            tile = tiles[(first + i) % len(tiles)]
            points = self._find_in(tile, picture, t, steady=True)
            if points is not None:
                self._tile = tile
                self._nobody_since = None
                return points
        return None

    def _find_in(
        self, tile: _Tile, picture: Picture, t: float, steady: bool = False
    ) -> _Points | None:
        """Look at a part of the picture; None when nobody is whole in it."""
        left, top, side = tile
        part = np.ascontiguousarray(picture[top : top + side, left : left + side])
        points = self._first.find_steady(part, t, 0) if steady else self._first.find(part, t)
        if points is None:
            return None
        image, world = points
        height, width = picture.shape[:2]
        image[:, :2] = (image[:, :2] * side + (left, top)) / (width, height)
        image[:, 2] *= side / width  # z counts in widths of the picture that was shown
        if _cut_off(image, tile, width, height):
            self._first.forget(t)
            return None
        return image, world

    def _follow_second(self, picture: Picture, t: float) -> _Points | None:
        """Keep to what an attempt found, but go back to the sure way once that sees someone.

        A doubtful find may be no person, or one upside down; without this it would be kept for
        as long as it looks like one.
        """
        assert self._second is not None
        if t >= self._next_look:
            self._next_look = t + RETRY_S
            points = self._first.find(picture, t)
            if points is not None:
                self._second.forget(t)
                self._following_second = False
                self._nobody_since = None
                return points
        points = self._second.find(picture, t, self._turn)
        if points is None:
            self._following_second = False
            self._nobody_since = None
        return points


class _Landmarker:
    """MediaPipe's pose landmarker with its times in whole milliseconds, and quiet."""

    _found_before = False

    def __init__(self, model: str, confidence: float) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=model),
            running_mode=vision.RunningMode.VIDEO,
            num_poses=1,
            min_pose_detection_confidence=confidence,
        )
        self._last_ms = -1
        self._ahead_ms = 0  # how far its clock is ahead of the stream's
        try:
            with quiet():
                self._landmarker = vision.PoseLandmarker.create_from_options(options)
                # When it is forgotten instead of closed, as after an error, it must still be whole
                # when it is closed: its own finalizer waits for ever for a thread that is gone.
                self._close = weakref.finalize(self, self._landmarker.close)
                self._close.atexit = False  # then that thread is gone in any case
        except (RuntimeError, ValueError, OSError) as error:
            raise FormcheckError(
                f"MediaPipe cannot use the pose model {model}: {error}; name another with --model"
            ) from error

    def find(self, picture: Picture, t: float, turn: int = 0) -> _Points | None:
        """Return image and world landmarks, upright, found in the picture turned `turn` times."""
        # Not by MediaPipe's own option: in 0.10.31 that also turns what the landmark network gets
        # to see by as much, away from upright, and the landmarks are wrong.
        shown = picture if turn == 0 else cv2.rotate(picture, _ROTATIONS[turn])
        # Above 500 pictures a second two of them fall into one millisecond.
        self._last_ms = max(round(t * 1000) + self._ahead_ms, self._last_ms + 1)
        # The last line the library says is at the first landmarks of the process.
        with nullcontext() if _Landmarker._found_before else quiet():
            result = self._landmarker.detect_for_video(
                mp.Image(image_format=mp.ImageFormat.SRGB, data=shown), self._last_ms
            )
        if not result.pose_landmarks:
            return None
        _Landmarker._found_before = True
        image = np.array(
            [(p.x, p.y, p.z, p.visibility, p.presence) for p in result.pose_landmarks[0]]
        )
        world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]])
        if turn:
            _turn_back(image, world, turn, picture.shape[0] / picture.shape[1])
        return image, world

    def find_steady(self, picture: Picture, t: float, turn: int) -> _Points | None:
        """Return landmarks that stay where they are when the picture is looked at again."""
        before = points = None
        for look in range(LOOKS):
            if look:
                # Its clock goes on as between pictures, else it would smooth the movement away.
                self._ahead_ms += _LOOK_MS
            before, points = points, self.find(picture, t, turn)
            if points is None:
                return None
        assert before is not None and points is not None
        now = points[0][:, :2]
        moved = np.median(np.linalg.norm(now - before[0][:, :2], axis=1))
        if moved < STEADY * np.linalg.norm(np.ptp(now, axis=0)):
            return points
        self.forget(t)
        return None

    def forget(self, t: float) -> None:
        """Lose whom it follows, by showing it a black picture."""
        self._ahead_ms += _LOOK_MS
        self.find(_BLACK, t)

    def close(self) -> None:
        with quiet():  # closed before its first landmarks, it says its last lines now
            self._close()


def _tiles(width: int, height: int) -> list[_Tile]:
    """Return the squares to look at, the largest first: left, top and side, pixels."""
    tiles = []
    for share in TILES:
        side = round(share * min(width, height))
        if side < LEAST_TILE or side == max(width, height):
            continue
        tiles += [(x, y, side) for y in _steps(height, side) for x in _steps(width, side)]
    return tiles


def _steps(length: int, side: int) -> list[int]:
    """Return where squares begin that cover a length, each half over the next or more."""
    count = -(-2 * (length - side) // side) + 1
    return [round((length - side) * i / max(1, count - 1)) for i in range(count)]


def _cut_off(image: Array, tile: _Tile, width: int, height: int) -> bool:
    """Whether a visible landmark lies beyond a side of a tile that is none of the picture's."""
    left, top, side = tile
    seen = image[image[:, 3] >= CONFIDENCE]
    x, y, margin = seen[:, 0] * width, seen[:, 1] * height, TILE_MARGIN * side
    beyond = (
        (left > 0) & (x < left + margin)
        | (left + side < width) & (x > left + side - margin)
        | (top > 0) & (y < top + margin)
        | (top + side < height) & (y > top + side - margin)
    )
    return bool(beyond.any())


def _turn_back(image: Array, world: Array, turn: int, height_by_width: float) -> None:
    """Make landmarks in a picture turned counter-clockwise those of the picture as it was."""
    x, y = image[:, 0].copy(), image[:, 1].copy()
    u, v = world[:, 0].copy(), world[:, 1].copy()
    if turn == 1:
        image[:, 0], image[:, 1] = 1 - y, x
        world[:, 0], world[:, 1] = -v, u
    elif turn == 2:
        image[:, 0], image[:, 1] = 1 - x, 1 - y
        world[:, 0], world[:, 1] = -u, -v
    else:
        image[:, 0], image[:, 1] = y, 1 - x
        world[:, 0], world[:, 1] = v, -u
    if turn != 2:
        image[:, 2] *= height_by_width  # z counts in widths of the picture that was shown

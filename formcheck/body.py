"""The body as the tracker sees it: 33 landmarks, a frame of them, and a recording of frames."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import FormcheckError
from formcheck.files import replace_when_done

Array = NDArray[np.float64]

# MediaPipe's order; left and right are the person's own.
LANDMARKS: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
INDEX: dict[str, int] = {name: i for i, name in enumerate(LANDMARKS)}
N_LANDMARKS = len(LANDMARKS)
# The corners of the trunk: both shoulders, then both hips.
TRUNK = [INDEX[f"{side}_{joint}"] for joint in ("shoulder", "hip") for side in ("left", "right")]
# The names of what draws the body's outline: neither the face nor the fingers.
OUTLINE: tuple[str, ...] = (
    "nose",
    *(
        f"{side}_{joint}"
        for joint in (
            "ear",
            "shoulder",
            "elbow",
            "wrist",
            "hip",
            "knee",
            "ankle",
            "heel",
            "foot_index",
        )
        for side in ("left", "right")
    ),
)

Posture = Literal[
    "supine",  # on the back, whatever the legs do
    "prone",  # on the front, also propped up on elbows or hands with the legs lying
    "plank",  # on hands or elbows and toes or knees, the body straight
    "side_lying",
    "quadruped",  # on hands and knees, one of each may be lifted
    "folded",  # kneeling, sat back on or towards the heels, trunk folded forward: child's pose
    "inverted",  # hands and feet on the floor, hips highest: downward dog
    "kneeling",  # upright on both knees
    "half_kneeling",  # upright on one knee, the other foot in front
    "floor_sitting",  # legs straight, bent or crossed; the top of a sit-up
    "seated",  # on a chair
    "standing",  # also with bent knees, bent forward or leaning
]
POSTURES: tuple[Posture, ...] = get_args(Posture)


def _mirror_name(name: str) -> str:
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")


# MIRROR[i] is the landmark on the other side of the body.
MIRROR: NDArray[np.intp] = np.array([INDEX[_mirror_name(name)] for name in LANDMARKS])

# The bones that are drawn and whose lengths tell whether a landmark is plausible.
BONES: tuple[tuple[str, str], ...] = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    *(
        (f"{side}_{a}", f"{side}_{b}")
        for side in ("left", "right")
        for a, b in (
            ("shoulder", "elbow"),
            ("elbow", "wrist"),
            ("shoulder", "hip"),
            ("hip", "knee"),
            ("knee", "ankle"),
            ("ankle", "heel"),
            ("ankle", "foot_index"),
            ("heel", "foot_index"),
        )
    ),
)

# Columns of an image landmark.
X, Y, Z, VISIBILITY, PRESENCE = range(5)


@dataclass(frozen=True, slots=True)
class PoseFrame:
    """One picture's landmarks.

    Attributes
    ----------
    t
        Presentation time, seconds.
    image
        (33, 5): x, y as fractions of the picture's width and height (y down), z, visibility,
        presence. NaN where nobody was found.
    world
        (33, 3) metres, origin between the hips, y down.
    width, height
        The upright picture, pixels.
    """

    t: float
    image: Array
    world: Array
    width: int
    height: int

    @property
    def found(self) -> bool:
        """Whether the tracker found anybody in this picture."""
        return bool(np.isfinite(self.image[:, :2]).any())

    def turned(self, quarters: int) -> PoseFrame:
        """Return the frame of the picture turned counter-clockwise by so many quarter turns."""
        frame = self
        for _ in range(quarters % 4):
            image, world = frame.image.copy(), frame.world.copy()
            image[:, X], image[:, Y] = frame.image[:, Y], 1.0 - frame.image[:, X]
            image[:, Z] *= frame.width / frame.height  # it is counted in picture widths
            world[:, X], world[:, Y] = frame.world[:, Y], -frame.world[:, X]
            frame = PoseFrame(frame.t, image, world, frame.height, frame.width)
        return frame

    @classmethod
    def empty(cls, t: float, width: int, height: int) -> PoseFrame:
        """Make the frame of a picture in which nobody was found."""
        nothing = np.full((N_LANDMARKS, 5), np.nan)
        return cls(t, nothing, np.full((N_LANDMARKS, 3), np.nan), width, height)


@dataclass(frozen=True, slots=True)
class Recording:
    """The landmarks of a whole video: what a review needs, without any picture.

    Attributes
    ----------
    t
        (T,) seconds, strictly increasing.
    image
        (T, 33, 5), as in `PoseFrame`.
    world
        (T, 33, 3), as in `PoseFrame`.
    width, height
        Pixels, of the first frame.
    model
        The tracker's model that made it (``full``), or empty when unknown.
    sizes
        (T, 2) pixels, the width and height of each frame, where they are not all alike: a phone
        was turned while it recorded.
    """

    t: Array
    image: NDArray[np.float32]
    world: NDArray[np.float32]
    width: int
    height: int
    model: str = ""
    sizes: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.t)

    def __iter__(self) -> Iterator[PoseFrame]:
        for i, (t, image, world) in enumerate(zip(self.t, self.image, self.world, strict=True)):
            yield PoseFrame(
                float(t), image.astype(np.float64), world.astype(np.float64), *self.shape_at(i)
            )

    def __getitem__(self, part: slice) -> Recording:
        times = self.t[part]
        sizes = None if self.sizes is None else self.sizes[part]
        first = range(len(self))[part]
        width, height = self.shape_at(first[0] if len(first) else 0)
        return Recording(
            times, self.image[part], self.world[part], width, height, self.model, sizes
        )

    def shape_at(self, i: int) -> tuple[int, int]:
        """Return the width and height of the i-th frame, pixels."""
        if self.sizes is None:
            return self.width, self.height
        return int(self.sizes[i, 0]), int(self.sizes[i, 1])

    def mirrored(self) -> Recording:
        """Return the recording as a mirror would show it: left is right, x runs the other way."""
        image, world = self.image[:, MIRROR].copy(), self.world[:, MIRROR].copy()
        image[..., X] = 1.0 - image[..., X]
        world[..., X] = -world[..., X]
        return Recording(self.t, image, world, self.width, self.height, self.model, self.sizes)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the recording as NumPy arrays, whole or not at all.

        Not compressed: that saves an eighth and takes 60 ms of a processor for each minute.

        Raises
        ------
        FormcheckError
            If the file cannot be written.
        """
        with replace_when_done(path) as temporary, temporary.open("wb") as file:
            arrays: dict[str, Any] = {
                "t": self.t,
                "image": self.image,
                "world": self.world,
                "size": np.array([self.width, self.height]),
                "model": np.array(self.model),
            }
            if self.sizes is not None:
                arrays["sizes"] = self.sizes
            np.savez(file, **arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, in_space: bool = True) -> Recording:
        """Read a recording and check that it is one.

        Parameters
        ----------
        path
            A .npz file.
        in_space
            Whether to refuse one without places in space, which the engine needs.

        Raises
        ------
        FormcheckError
            If the file is no recording, an array is missing or of the wrong shape, the times are
            not finite and strictly increasing, or nobody who is in a frame has a place in space.
        """
        source = Path(path)
        try:
            with np.load(source, allow_pickle=False) as arrays:
                parts = {key: np.asarray(arrays[key]) for key in arrays.files}
        except OSError as error:
            raise FormcheckError(f"{source}: cannot read it: {error.strerror or error}") from error
        except (ValueError, zipfile.BadZipFile, EOFError, KeyError) as error:
            raise FormcheckError(
                f"{source}: this is not a recording (a .npz file made by `formcheck record`)"
            ) from error
        missing = sorted({"t", "image", "world", "size"} - parts.keys())
        if missing:
            raise FormcheckError(f"{source}: the recording lacks the array {missing[0]!r}")
        t, image, world, size = (parts[key] for key in ("t", "image", "world", "size"))
        frames = len(t) if t.ndim == 1 else -1
        wanted = {
            "image": (frames, N_LANDMARKS, 5),
            "world": (frames, N_LANDMARKS, 3),
            "size": (2,),
            "sizes": (frames, 2),
        }
        if frames < 0:
            raise FormcheckError(f"{source}: 't' must be a list of times, not of shape {t.shape}")
        for key, shape in wanted.items():
            if key in parts and parts[key].shape != shape:
                raise FormcheckError(
                    f"{source}: {key!r} has the shape {parts[key].shape}, {shape} is needed"
                )
        for key in ("t", *wanted):
            if key in parts and parts[key].dtype.kind not in "fiu":
                raise FormcheckError(f"{source}: {key!r} does not hold numbers")
        if frames == 0:
            raise FormcheckError(f"{source}: the recording is empty")
        if not np.isfinite(t).all():
            raise FormcheckError(
                f"{source}: a time is not a number (frame {np.argmin(np.isfinite(t))})"
            )
        back = np.flatnonzero(np.diff(t) <= 0)
        if back.size:
            raise FormcheckError(
                f"{source}: the times go back or stand still at frame {back[0] + 1}"
                f" ({t[back[0]]:.3f} s, then {t[back[0] + 1]:.3f} s)"
            )
        found = np.isfinite(image[..., :2]).any(axis=(1, 2))
        if in_space and found.any() and not np.nan_to_num(world[found]).any():
            raise FormcheckError(
                f"{source}: the body is placed in the frame only, not in space ('world' is empty):"
                " make the recording again from the video, with `formcheck record`"
            )
        sizes = parts["sizes"].astype(np.int32) if "sizes" in parts else None
        for given in (size, *(() if sizes is None else np.unique(sizes, axis=0))):
            if not (given > 0).all():
                raise FormcheckError(f"{source}: the picture size {tuple(given)} is not positive")
        return cls(
            t.astype(np.float64),
            image.astype(np.float32),
            world.astype(np.float32),
            int(size[0]),
            int(size[1]),
            str(parts["model"]) if "model" in parts else "",
            sizes,
        )

"""A growing recording: landmarks go to the disk frame by frame, and come back as a `Recording`."""

from __future__ import annotations

import tempfile
from typing import IO, Self

import numpy as np

from formcheck.body import N_LANDMARKS, PoseFrame, Recording, X, Y, Z

# One frame in the file: a single file, so that hundreds of tapes do not use up the descriptors.
_FRAME = np.dtype(
    [
        ("t", np.float64),
        ("image", np.float32, (N_LANDMARKS, 5)),
        ("world", np.float32, (N_LANDMARKS, 3)),
        ("size", np.int32, 2),
    ]
)


class Tape:
    """Keep frames in a temporary file without a name, which is gone when the tape is closed."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._row = np.zeros(1, _FRAME)
        # Its parts: found once, and written to frame by frame.
        self._t, self._image, self._world, self._size = (
            self._row[name] for name in ("t", "image", "world", "size")
        )
        self.frames = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def write(self, frame: PoseFrame) -> None:
        """Add a frame."""
        if self._file is None:
            # `close` closes it.
            self._file = tempfile.TemporaryFile(prefix="formcheck-")  # noqa: SIM115
        self._size[0] = frame.width, frame.height
        self._t[0], self._image[0], self._world[0] = frame.t, frame.image, frame.world
        self._file.write(self._row.data)
        self.frames += 1

    def recording(self, model: str) -> Recording:
        """Return what was written; it is read from the file, and only while the tape is open."""
        if self._file is None:
            rows = np.zeros(0, _FRAME)
        else:
            self._file.flush()
            rows = np.memmap(self._file, _FRAME, "r", shape=(self.frames,))
        times = np.array(rows["t"])  # a copy of the times, views of the rest
        sizes = np.array(rows["size"])
        width, height = sizes[0].tolist() if len(sizes) else (0, 0)
        varied = sizes if (sizes != (width, height)).any() else None
        return Recording(times, rows["image"], rows["world"], width, height, model, varied)

    def close(self) -> None:
        """Forget all frames; what is written then begins a new tape."""
        if self._file is not None:
            self._file.close()
        self._file, self.frames = None, 0


def fitted(frame: PoseFrame, width: int, height: int) -> PoseFrame:
    """Return a frame as a picture of another shape shows it, whole and in the middle.

    A live set has one picture size; a phone can be turned meanwhile. The numbers are such as a
    recording keeps, so that it is judged alike live and from the file.
    """
    if (frame.width, frame.height) == (width, height):
        return frame
    scale = min(width / frame.width, height / frame.height)
    across, down = scale * frame.width / width, scale * frame.height / height
    image = frame.image.copy()
    image[:, X] = 0.5 + across * (image[:, X] - 0.5)
    image[:, Y] = 0.5 + down * (image[:, Y] - 0.5)
    image[:, Z] *= across
    image = image.astype(np.float32).astype(np.float64)
    return PoseFrame(frame.t, image, frame.world, width, height)

"""Write a video that every browser plays, at the pictures' true times, whole or not at all."""

from __future__ import annotations

import os
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from formcheck.errors import FormcheckError
from formcheck.files import replace_when_done

# The usual clock of video: 240 pictures a second are 375 ticks apart, and a recording's times are
# kept to a hundredth of a millisecond.
_CLOCK = 90_000
# What the encoder is told to expect; the times are those of the pictures.
_RATE = 30
_ENCODER = {
    "preset": "veryfast",  # the tracker needs the processor
    "crf": "23",
    "g": "60",  # a key picture every 60, so that jumping to a fault's moment takes no time
    "bf": "0",  # with pictures that refer forwards, the file's length is wrong at uneven times
}
_BT601 = 5  # FFmpeg's number


class VideoWriter:
    """An MP4 file (H.264) from pictures and their times.

    The file appears under its name when the block ends without an error, and not before.

    Parameters
    ----------
    path
        The file, best named ``.mp4``; replaced when it exists.

    Raises
    ------
    FormcheckError
        On entering, if the file cannot be written; on writing, if the disk is full; on leaving,
        if there was no picture.

    Examples
    --------
    ::

        with VideoWriter("annotated.mp4") as video:
            video.write(rgb, t=0.0)
            video.write(rgb, t=0.04)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._ending = ExitStack()
        self._container: OutputContainer | None = None
        self._first_s = 0.0
        self._last_tick = -1

    def __enter__(self) -> Self:
        self._temporary = self._ending.enter_context(replace_when_done(self._path))
        self._ending.push(self._finish)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.__exit__(kind, error, trace)

    def write(self, rgb: NDArray[np.uint8], t: float) -> None:
        """Add a picture.

        Parameters
        ----------
        rgb
            (H, W, 3). An odd last row or column is left out, for H.264 stores colour for blocks
            of 2 x 2. One of another size than the first is shown whole, in its middle.
        t
            Its time, seconds, later than that of the one before; the file begins at the first.

        Raises
        ------
        FormcheckError
            If the disk is full.
        """
        even = rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2]
        try:
            if self._container is None:
                self._begin(even.shape[1], even.shape[0])
                self._first_s = t
            even = _fitted(even, self._stream.width, self._stream.height)
            # Without a copy: that would take longer than the conversion.
            picture = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(even), format="rgb24")
            frame = self._reformatter.reformat(picture, format="yuv420p")
            tick = max(round((t - self._first_s) * _CLOCK), self._last_tick + 1)
            frame.pts, frame.time_base = tick, Fraction(1, _CLOCK)
            if self._last_tick >= 0:
                self._gap = tick - self._last_tick
            self._last_tick = tick
            self._mux(frame)
        except OSError as error:
            raise self._cannot_write(error) from error

    def restart(self) -> None:
        """Forget all pictures so far: the next one is the first."""
        if self._container is not None:
            self._container.close()
        self._container, self._last_tick = None, -1

    def _begin(self, width: int, height: int) -> None:
        self._container = av.open(
            str(self._temporary), "w", format="mp4", options={"movflags": "+faststart"}
        )
        self._stream = self._container.add_stream("libx264", rate=_RATE, options=dict(_ENCODER))
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.time_base = Fraction(1, _CLOCK)
        # Said, because browsers guess it by the size.
        context.colorspace = _BT601  # what the conversion makes, unless told
        self._reformatter = VideoReformatter()
        self._gap = _CLOCK // _RATE

    def _mux(self, frame: av.VideoFrame | None) -> None:
        assert self._container is not None
        for packet in self._stream.encode(frame):
            # The container only keeps that of the last picture, which nothing follows.
            packet.duration = self._gap
            self._container.mux(packet)

    def _finish(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._container is None:
            if error is None:
                raise FormcheckError(f"cannot write {self._path}: there is no picture to write")
            return
        try:
            if error is None:
                self._mux(None)
            self._container.close()
        except OSError as late:
            if error is None:
                raise self._cannot_write(late) from late

    def _cannot_write(self, error: OSError) -> FormcheckError:
        return FormcheckError(f"cannot write {self._path}: {error.strerror or error}")


def _fitted(rgb: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Return a picture whole, in the middle of one of the given size."""
    if rgb.shape[:2] == (height, width):
        return rgb
    scale = min(width / rgb.shape[1], height / rgb.shape[0])
    size = max(1, int(rgb.shape[1] * scale)), max(1, int(rgb.shape[0] * scale))
    x, y = (width - size[0]) // 2, (height - size[1]) // 2
    whole = np.zeros((height, width, 3), np.uint8)
    whole[y : y + size[1], x : x + size[0]] = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return whole

"""Read a video: upright pictures at their true times, decoded on a thread of their own."""

from __future__ import annotations

import math
import os
import queue
import struct
import threading
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.buffer import Buffer
from av.container import InputContainer
from av.stream import Disposition
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream
from cv2.typing import MatLike
from numpy.typing import NDArray

from formcheck.closing import Closing
from formcheck.errors import FormcheckError

# The tracker shrinks every picture to 256 pixels or less; beyond this nothing is gained.
MAX_SIDE = 1280
# Pictures decoded ahead: enough to even out the times of key frames, little memory (11 MB at 720p).
_AHEAD = 4
# What videos come in. Playlists and the like, which FFmpeg would also read, name other files and
# servers: a file that somebody uploads must not make us open those.
_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,h264,hevc,m4v",
}
# A video ends early when more than this is missing, seconds. Where the only length told is that of
# the whole file, sound may go on for a while after the last picture.
_SLACK_S, _SLACK_OF_FILE_S = 1.0, 3.0
# Above this size, that many threads decode.
_EASY_PIXELS = 1920 * 1088
_THREADS = 4
# So long without a picture is told, seconds.
_GAP_S = 1.0
# Pixels that are taken to be square although the file says otherwise: broken headers.
_ODDEST_PIXEL = 4
_UPRIGHT = (1, 0, 0, 1)
# Proportions that differ by less are the same: encoders round to whole blocks of pixels.
_SAME_SHAPE = 0.05
# Recordings of these formats, joined byte by byte, are one file whose clock starts again: the
# length told may be that of one of them. In the first two, without an index, a time is in any.
_WITHOUT_INDEX = {"mpeg", "mpegts"}
_JOINABLE = _WITHOUT_INDEX | {"matroska", "webm", "avi"}
# A clock that goes back by more than this starts again; by less, frames are out of order. Seconds.
_STARTS_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What the file says about its video.

    Attributes
    ----------
    width, height
        Of the upright picture with square pixels, before it is made smaller.
    rotation_deg
        How far the stored picture is turned clockwise to be upright: 0, 90, 180 or 270.
    fps
        Average pictures a second; None when the file does not tell.
    duration_s
        Length, seconds; None when the file does not tell.
    frames
        Number of pictures; None when the file does not tell.
    """

    width: int
    height: int
    rotation_deg: int
    fps: float | None
    duration_s: float | None
    frames: int | None


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """One picture.

    Attributes
    ----------
    t
        Presentation time, seconds since the first picture of the video.
    rgb
        (H, W, 3), upright.
    """

    t: float
    rgb: NDArray[np.uint8]


class VideoReader(Closing):
    """A video's pictures in the order of their times.

    Parameters
    ----------
    path
        The file.
    start_s, end_s
        The part to read, seconds since the first picture: from `start_s` to before `end_s`. Times
        stay those of the whole video.
    max_side
        The longer side of the pictures given, pixels; larger ones are made smaller.

    Attributes
    ----------
    info
        What the file says.
    warnings
        What went wrong without ending the work, for the person; complete after the iteration.

    Raises
    ------
    FormcheckError
        If the file cannot be read, is no video or has none, or lacks the part asked for.

    Examples
    --------
    ::

        with VideoReader("bridge.mp4") as video:
            for picture in video:
                print(picture.t, picture.rgb.shape)
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        start_s: float | None = None,
        end_s: float | None = None,
        max_side: int = MAX_SIDE,
    ) -> None:
        self.warnings: list[str] = []
        self._path = Path(path)
        self._start_s = 0.0 if start_s is None else start_s
        self._end_s = math.inf if end_s is None else end_s
        if not (0 <= self._start_s < self._end_s):
            raise FormcheckError(
                f"{path}: from {self._start_s:g} s to {self._end_s:g} s is no part of a video"
            )
        _check_file(self._path)
        self._probe(max_side)
        duration = self.info.duration_s
        if duration is not None and self._start_s >= duration and not self._formats & _JOINABLE:
            raise FormcheckError(
                f"{path}: the video is {duration:.1f} s long; nothing is left of it"
                f" from {self._start_s:g} s on"
            )
        self._pictures: queue.Queue[VideoFrame | BaseException | None] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def close(self) -> None:
        """End the decoding, wherever it is."""
        self._stop.set()
        if self._thread is not None:
            while self._thread.is_alive():
                while not self._pictures.empty():  # so that the thread does not wait for room
                    self._pictures.get_nowait()
                self._thread.join(0.01)

    def __iter__(self) -> Iterator[VideoFrame]:
        """Decode and give the pictures; once."""
        if self._thread is not None:
            raise RuntimeError("a VideoReader can be iterated only once")
        self._thread = threading.Thread(target=self._decode_all, name="decode", daemon=True)
        self._thread.start()
        try:
            while True:
                item = self._pictures.get()
                if item is None:
                    return
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self.close()

    # -- opening ------------------------------------------------------------------------------

    def _probe(self, max_side: int) -> None:
        """Read the header and the first picture."""
        self._damaged = self._guessed = 0
        self._joints: list[float] = []
        with self._opened() as container:
            self._formats = set(container.format.name.split(","))
            stream = self._video_stream(container)
            first = next(self._decoded(container, stream), None)
            if first is None:
                raise FormcheckError(
                    f"{self._path}: no picture of this video can be decoded: it may be damaged,"
                    " copy it again"
                )
            self._by_dts = "avi" in self._formats
            self._origin = self._stamp(first)
            self._time_base = Fraction(stream.time_base or 1)
            rate = stream.average_rate
            if rate is None or self._origin is None:
                rate = stream.guessed_rate  # without times, the average is a mere default
            self._step_s = float(1 / rate) if rate else 1 / 30
            self._turn = _turn_of(first)
            self._pixel = _pixel_shape(stream)
            width, height = _square_size(first, self._pixel)
            # What is given, before turning: that only mirrors it or swaps the sides.
            self._max_side = max_side
            self._size = self._fitting(width, height)
            late_s = float((self._origin or 0) * self._time_base)
            duration, self._slack_s = _duration(container, stream, late_s)
            a, b, _, _ = self._turn
            self.info = VideoInfo(
                width=height if b else width,
                height=width if b else height,
                rotation_deg=round(math.degrees(math.atan2(b, a))) % 360,
                fps=float(rate) if rate else None,
                duration_s=duration,
                frames=stream.frames or None,
            )

    def _opened(self) -> InputContainer:
        try:
            # An absolute path: a colon in the name would else be taken for a protocol's.
            return av.open(os.path.abspath(self._path), "r", options=dict(_OPTIONS))
        except (av.FFmpegError, ValueError) as error:
            with self._path.open("rb") as file:
                head = file.read(12)
            if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
                raise FormcheckError(
                    f"{self._path}: the video is incomplete (its index is missing): copy or record"
                    " it again"
                ) from error
            raise FormcheckError(
                f"{self._path}: this is not a video that can be read; give an MP4, MOV, WebM, MKV"
                " or AVI file"
            ) from error

    def _video_stream(self, container: InputContainer) -> VideoStream:
        streams = [
            stream
            for stream in container.streams.video
            # The cover of a piece of music is a video stream, too.
            if not stream.disposition & Disposition.attached_pic
        ]
        if not streams:
            what = "only sound" if container.streams.audio else "no video"
            raise FormcheckError(f"{self._path}: there is {what} in this file; give a video")
        known = [stream for stream in streams if stream.codec_context is not None]
        if not known:
            raise FormcheckError(
                f"{self._path}: nothing here can decode the kind of video in this file; save it as"
                " MP4 (H.264)"
            )
        stream = max(known, key=lambda stream: stream.width * stream.height)
        # One thread decodes 1080p as fast as the tracker works, with a third less processor time
        # than several, and the tracker needs the rest. Beyond that help is needed, but each
        # further thread holds a picture (50 MB at 8K).
        large = stream.width * stream.height > _EASY_PIXELS
        stream.codec_context.thread_count = min(_THREADS, os.cpu_count() or 1) if large else 1
        stream.thread_type = "AUTO"
        return stream

    # -- decoding, on the thread ----------------------------------------------------------------

    def _decode_all(self) -> None:
        end: BaseException | None = None
        try:
            for picture in self._part():
                self._put(picture)
        except _Stopped:
            return
        except BaseException as error:
            end = error  # raised where the pictures are taken
        try:
            self._put(end)
        except _Stopped:
            return

    def _put(self, item: VideoFrame | BaseException | None) -> None:
        while not self._stop.is_set():
            try:
                self._pictures.put(item, timeout=0.1)
                return
            except queue.Full:
                continue
        raise _Stopped

    def _part(self) -> Iterator[VideoFrame]:
        """Decode the part asked for, and tell what was wrong with it."""
        shrinker, converter = VideoReformatter(), VideoReformatter()
        given, last_t = 0, -math.inf
        shape: tuple[int, ...] = ()
        for t, frame in self._timed():
            if last_t >= self._start_s and t - last_t > max(_GAP_S, 3 * self._step_s):
                self.warnings.append(f"there are no pictures from {last_t:.1f} s to {t:.1f} s")
            last_t = t
            if t >= self._end_s:
                break
            if t >= self._start_s:
                given += 1
                rgb = self._picture(frame, shrinker, converter)
                if shape and rgb.shape != shape:
                    self.warnings.append(
                        f"the frames change from {shape[1]} x {shape[0]} to {rgb.shape[1]} x"
                        f" {rgb.shape[0]} at {t:.1f} s: keep the phone as it is while it records"
                    )
                shape = rgb.shape
                yield VideoFrame(t, rgb)
        if not given:
            raise FormcheckError(
                f"{self._path}: no picture can be read from {self._start_s:g} s on"
            )
        if self._guessed:
            self.warnings.append(
                f"{self._guessed} pictures have no time in the file; taken as"
                f" {1 / self._step_s:.4g} a second"
            )
        if self._damaged:
            places = "one place" if self._damaged == 1 else f"{self._damaged} places"
            self.warnings.append(f"the video is damaged in {places}; pictures are missing there")
        if self._joints:
            places = ", ".join(f"{t:.1f} s" for t in self._joints)
            self.warnings.append(
                f"recordings seem to be joined at {places}, where the file's clock starts again;"
                " the time goes on from there"
            )
        if "mp4" in self._formats and _two_films(self._path):
            self.warnings.append("a second video follows in this file; only the first was read")
        told, read = self.info.duration_s, last_t + self._step_s
        if told is not None and read < min(told, self._end_s) - self._slack_s:
            self.warnings.append(
                f"the video ends early: {read:.1f} s of {told:.1f} s could be read"
            )

    def _timed(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Decode from the start of the part or a little before, dropping times that go back."""
        told = self.info.duration_s
        beyond = told is not None and self._start_s >= told  # in a recording joined to the first
        found = self._origin is not None and not self._formats & _WITHOUT_INDEX and not beyond
        if self._start_s > 0 and found:
            frames = self._timed_from(self._start_s)
            first = next(frames, None)
            if first is not None and first[0] <= self._start_s:
                yield first
                yield from frames
                return
            frames.close()  # the file has no index, or a wrong one: read it from its beginning
        yield from self._timed_from(0)

    def _timed_from(self, start_s: float) -> Generator[tuple[float, av.VideoFrame]]:
        self._damaged = self._guessed = 0
        clock = _Clock(self._step_s)
        self._joints = clock.joints
        with self._opened() as container:
            stream = self._video_stream(container)
            if start_s > 0 and self._origin is not None:
                offset = self._origin + int(start_s / self._time_base)
                try:
                    container.seek(offset, stream=stream)
                except av.FFmpegError:
                    return
            for frame in self._decoded(container, stream):
                stamp = self._stamp(frame)
                t: float | None
                if stamp is not None and self._origin is not None:
                    t = clock(float((stamp - self._origin) * self._time_base))
                else:
                    t = clock.next()
                    self._guessed += not self._by_dts
                if t is not None:
                    yield t, frame

    def _decoded(self, container: InputContainer, stream: VideoStream) -> Iterator[av.VideoFrame]:
        """Decode what can be decoded."""
        packets = container.demux(stream)
        cut = False
        while not cut:
            try:
                packet = next(packets, None)  # the last one is empty and empties the decoder
                if packet is None:
                    return
            except av.FFmpegError:
                self._damaged += 1
                packet, cut = None, True
            try:
                frames = stream.decode(packet)
            except av.FFmpegError:
                self._damaged += 1
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self._damaged += 1
                else:
                    yield frame

    def _stamp(self, frame: av.VideoFrame) -> int | None:
        # AVI has no presentation times, and what is called so there is out of order.
        return frame.dts if self._by_dts else frame.pts

    def _picture(
        self, frame: av.VideoFrame, shrinker: VideoReformatter, converter: VideoReformatter
    ) -> NDArray[np.uint8]:
        """Convert a picture to RGB, at its size and upright."""
        own = _square_size(frame, self._pixel)
        size = self._size
        if not _alike(own, size):  # some phones do this when they are turned
            size = self._fitting(*own)
        if size[0] < own[0]:
            # Averaging over all pixels: else fine patterns flicker. Shrinking before the conversion
            # to RGB takes half the time of doing both at once.
            frame = shrinker.reformat(
                frame, *size, format="yuv420p", interpolation=Interpolation.AREA
            )
        coloured = converter.reformat(
            frame, *size, format="rgb24", interpolation=Interpolation.BILINEAR
        )
        return _upright(np.asarray(coloured.to_ndarray(), np.uint8), self._turn)

    def _fitting(self, width: int, height: int) -> tuple[int, int]:
        """Return a size with the same proportions and no side that is too long."""
        shrink = min(1.0, self._max_side / max(width, height))
        return max(1, round(width * shrink)), max(1, round(height * shrink))


class _Stopped(Exception):
    """Nobody wants further pictures."""


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise FormcheckError(f"{path}: this is a folder; name a video file")
        if not path.exists():
            raise FormcheckError(f"{path}: there is no such file")
        if not path.is_file():
            raise FormcheckError(f"{path}: this is not a plain file")
        if path.stat().st_size == 0:
            raise FormcheckError(f"{path}: the file is empty")
        path.open("rb").close()
    except OSError as error:
        raise FormcheckError(f"{path}: cannot read it: {error.strerror or error}") from error


def _square_size(frame: av.VideoFrame, pixel: float) -> tuple[int, int]:
    """Return the picture's size were its pixels square, given their width for a height of 1."""
    return max(1, round(frame.width * pixel)), frame.height


def _alike(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two sizes have the same proportions, give or take the rounding."""
    return abs(a[0] * b[1] / (a[1] * b[0]) - 1.0) < _SAME_SHAPE


def _pixel_shape(stream: VideoStream) -> float:
    shape = float(stream.sample_aspect_ratio or 1)
    return shape if 1 / _ODDEST_PIXEL <= shape <= _ODDEST_PIXEL else 1.0


def _turn_of(frame: av.VideoFrame) -> tuple[int, int, int, int]:
    """Return how to show the picture: x' = a x + c y, y' = b x + d y, each -1, 0 or 1.

    Phones store the picture as the sensor sees it, and beside it this matrix (16.16 fixed point,
    in rows of three), which may also mirror.
    """
    side_data = cast("Mapping[str, Buffer]", frame.side_data)  # PyAV's hint knows one kind only
    try:
        matrix = struct.unpack("=9i", bytes(side_data["DISPLAYMATRIX"]))
    except KeyError:
        return _UPRIGHT
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    if abs(a) + abs(d) >= abs(b) + abs(c):
        b = c = 0
    else:
        a = d = 0
    turn = _sign(a), _sign(b), _sign(c), _sign(d)
    return turn if any(turn) else _UPRIGHT


def _upright(rgb: NDArray[np.uint8], turn: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    # By OpenCV: NumPy takes longer for this than the decoding.
    a, b, c, d = turn
    picture: MatLike = rgb
    if b:
        picture = cv2.transpose(picture)
        a, d = c, b
    if a < 0 or d < 0:
        picture = cv2.flip(picture, -1 if a == d else 0 if d < 0 else 1)
    return np.ascontiguousarray(picture, np.uint8)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _two_films(path: Path) -> bool:
    """Whether an MP4 file is two, joined byte by byte: of these only the first is read."""
    beginnings = 0
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        at = 0
        while at + 8 <= size and beginnings < 2:
            file.seek(at)
            head = file.read(16)
            length, kind = struct.unpack(">I4s", head[:8])
            if length == 1 and len(head) == 16:
                (length,) = struct.unpack(">Q", head[8:])
            if length < 8:  # to the end of the file, or damaged
                break
            beginnings += kind == b"ftyp"
            at += length
    return beginnings > 1


def _duration(
    container: InputContainer, stream: VideoStream, late_s: float
) -> tuple[float | None, float]:
    """Return the length told, seconds, and how much of it may be missing.

    `late_s` is the file's time of its first frame. A Matroska file tells when it ends on that
    clock, so the beginning has to come off.
    """
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base), _SLACK_S
    told_s, slack_s = 0.0, _SLACK_OF_FILE_S
    try:  # Matroska: 00:00:12.345000000
        hours, minutes, seconds = stream.metadata["DURATION"].split(":")
        told_s, slack_s = int(hours) * 3600 + int(minutes) * 60 + float(seconds), _SLACK_S
    except (KeyError, ValueError):
        if container.duration:
            told_s = container.duration / av.time_base
    if told_s <= 0:
        return None, _SLACK_S
    if 0 < late_s < told_s and "matroska" in container.format.name:
        told_s -= late_s
    return told_s, slack_s


class _Clock:
    """Make one clock of those of recordings that were joined byte by byte.

    Attributes
    ----------
    joints
        Where a recording begins, seconds.
    """

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s
        self._shift = self._shift_before = 0.0
        self._last = -math.inf
        self.joints: list[float] = []

    def __call__(self, t: float) -> float | None:
        """Return the time of the next frame, of which the file says `t`; None to drop it."""
        last = self._last
        if t + self._shift < last - _STARTS_AGAIN_S:
            self._shift_before, self._shift = self._shift, last + self._step_s - t
            self.joints.append(last + self._step_s)
        elif (
            self.joints
            and t + self._shift - last > _STARTS_AGAIN_S
            and 0 < t + self._shift_before - last <= _STARTS_AGAIN_S
        ):
            # A single frame with a wrong time is no joint: the clock before goes on.
            self._shift = self._shift_before
            self.joints.pop()
        now = t + self._shift
        if now <= last:
            return None
        self._last = now
        return now

    def next(self) -> float:
        """Return the time of the next frame, of which the file says nothing."""
        self._last = max(0.0, self._last + self._step_s)
        return self._last

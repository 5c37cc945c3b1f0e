"""Videos made for the tests: every picture carries its number, and its corners tell what is up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

BITS = 10
RED, GREEN, BLUE = (220, 30, 30), (30, 200, 30), (30, 30, 220)
CLOCK = 90_000


def picture(number: int, width: int = 320, height: int = 240) -> Picture:
    """Red at the upper left, green at the upper right, blue at the lower left; bits across."""
    rgb = np.full((height, width, 3), 90, np.uint8)
    rgb[: height // 4, : width // 4] = RED
    rgb[: height // 4, -(width // 4) :] = GREEN
    rgb[-(height // 4) :, : width // 4] = BLUE
    for bit in range(BITS):
        left, right = (width * (bit + i) // BITS for i in (0, 1))
        rgb[height * 3 // 8 : height * 5 // 8, left:right] = 240 if number >> bit & 1 else 10
    return rgb


def number_of(rgb: Picture) -> int:
    height, width = rgb.shape[:2]
    xs = [round(width * (bit + 0.5) / BITS) for bit in range(BITS)]
    return sum((rgb[height // 2, x].mean() > 128) << bit for bit, x in enumerate(xs))


def corners(rgb: Picture) -> str:
    """Name the colours of the upper left, upper right and lower left corner."""
    height, width = rgb.shape[:2]
    y, x = height // 10, width // 10
    return "".join("RGB"[int(rgb[at].argmax())] for at in ((y, x), (y, -x), (-y, x)))


def film(
    path: Path,
    times: Iterable[float],
    size: tuple[int, int] = (320, 240),
    *,
    codec: str = "libx264",
    codec_options: dict[str, str] | None = None,
    format: str | None = None,
    options: dict[str, str] | None = None,
    rotation: float | None = None,
    mirrored: bool = False,
    pixel: Fraction | None = None,
    sound: bool = False,
    pictures: Sequence[Picture] | None = None,
) -> Path:
    """Film one numbered picture for each time (seconds; AVI and others than H.264 take 30/s)."""
    clocked = codec == "libx264" and path.suffix != ".avi"
    with av.open(str(path), "w", format=format, options=options or {}) as container:
        options = {"preset": "ultrafast"} if codec == "libx264" else {}
        stream = container.add_stream(codec, rate=30, options=options | (codec_options or {}))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        if clocked:
            stream.codec_context.time_base = Fraction(1, CLOCK)
        if rotation is not None:
            stream.set_display_rotation(rotation, hflip=mirrored)
        if pixel is not None:
            stream.codec_context.sample_aspect_ratio = pixel
        if sound:
            add_sound(container, 1.0)
        shown = list(times)
        gap = round((shown[-1] - shown[-2]) * CLOCK) if len(shown) > 1 else 0

        def mux(packets: list[av.Packet]) -> None:
            for packet in packets:
                if clocked:
                    packet.duration = gap  # that of the last one counts
                container.mux(packet)

        for number, t in enumerate(shown):
            rgb = picture(number, *size) if pictures is None else pictures[number % len(pictures)]
            frame = av.VideoFrame.from_ndarray(rgb)
            if clocked:
                frame.pts, frame.time_base = round(t * CLOCK), Fraction(1, CLOCK)
            mux(stream.encode(frame))
        mux(stream.encode(None))
    return path


def add_sound(container: Any, seconds: float) -> None:
    stream = container.add_stream("aac", rate=44100, layout="mono")
    frame = av.AudioFrame.from_ndarray(
        np.zeros((1, round(seconds * 44100)), np.float32), format="fltp", layout="mono"
    )
    frame.sample_rate = 44100
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def joined(path: Path, *films: Path) -> Path:
    """Join films byte by byte, as some recorders do."""
    path.write_bytes(b"".join(film.read_bytes() for film in films))
    return path


def steady(seconds: float, rate: float = 30) -> list[float]:
    return [i / rate for i in range(round(seconds * rate))]


def remade(
    source: Path,
    path: Path,
    change: Callable[[Picture, float], Picture] = lambda rgb, t: rgb,
    *,
    rate: float = 15,
    end_s: float | None = None,
) -> Path:
    """Film a video again, each frame changed, at a lower frame rate."""
    from formcheck.video.read import VideoReader
    from formcheck.video.write import VideoWriter

    due = 0.0
    with VideoReader(source, end_s=end_s) as given, VideoWriter(path) as film:
        for frame in given:
            if frame.t >= due - 1e-6:
                due += 1 / rate
                film.write(np.ascontiguousarray(change(frame.rgb, frame.t)), frame.t)
    return path

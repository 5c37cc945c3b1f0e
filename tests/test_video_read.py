"""Reading videos: real files, made here, of every kind that people bring."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from films import add_sound, corners, film, joined, number_of, picture, steady

from formcheck.errors import FormcheckError
from formcheck.video.read import VideoFrame, VideoReader, _Clock

FASTSTART = {"movflags": "+faststart"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    """Six seconds, a key picture every second."""
    path = tmp_path_factory.mktemp("films") / "plain.mp4"
    return film(path, steady(6), codec_options={"g": "30"}, options=FASTSTART)


def read(path: Path, **options) -> tuple[VideoReader, list[VideoFrame]]:
    with VideoReader(path, **options) as reader:
        return reader, list(reader)


def numbers(frames: list[VideoFrame]) -> list[int]:
    return [number_of(frame.rgb) for frame in frames]


def times(frames: list[VideoFrame]) -> list[float]:
    return [frame.t for frame in frames]


def refused(path: Path, **options) -> str:
    with pytest.raises(FormcheckError) as refusal:
        read(path, **options)
    text = str(refusal.value)
    assert str(path) in text
    assert "\n" not in text
    return text


def decoding_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "decode"]


# -- times ------------------------------------------------------------------------------------


def test_pictures_come_whole_and_in_order(plain):
    reader, frames = read(plain)
    assert numbers(frames) == list(range(180))
    assert times(frames) == pytest.approx(steady(6))
    assert frames[0].rgb.shape == (240, 320, 3)
    assert frames[0].rgb.dtype == np.uint8
    info = reader.info
    assert (info.width, info.height, info.rotation_deg, info.frames) == (320, 240, 0, 180)
    assert info.fps == pytest.approx(30)
    assert info.duration_s == pytest.approx(6, abs=0.04)
    assert reader.warnings == []


def test_colours_are_kept(plain):
    _, frames = read(plain, end_s=0.1)
    there = frames[0].rgb.astype(int)
    assert np.median(abs(there - picture(0))) <= 3


@pytest.mark.parametrize("rate", [1, 24000 / 1001, 240])
def test_any_rate(tmp_path, rate):
    reader, frames = read(film(tmp_path / "x.mp4", steady(10 / rate, rate)))
    assert times(frames) == pytest.approx(steady(10 / rate, rate), abs=2e-5)
    assert reader.info.fps == pytest.approx(rate, rel=0.01)
    assert reader.warnings == []


def test_true_times_at_a_variable_rate(tmp_path):
    uneven = [0, 0.033, 0.1, 0.105, 0.4, 1.3, 1.34]
    _, frames = read(film(tmp_path / "x.mkv", uneven))
    assert times(frames) == pytest.approx(uneven, abs=0.001)
    assert numbers(frames) == list(range(7))


def test_times_begin_at_the_first_picture(tmp_path):
    _, frames = read(film(tmp_path / "x.ts", [5 + t for t in steady(1)]))
    assert times(frames) == pytest.approx(steady(1), abs=1e-4)
    _, frames = read(tmp_path / "x.ts", start_s=0.5)
    assert frames[0].t == pytest.approx(0.5, abs=0.001)
    assert number_of(frames[0].rgb) == 15


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("x.webm", "libvpx", {"deadline": "realtime", "cpu-used": "8"}),
        ("x.mov", "libx264", {"preset": "veryfast"}),  # with B pictures
        ("x.avi", "mpeg4", {"q:v": "3"}),
        ("packed.avi", "libx264", {"preset": "veryfast"}),  # B pictures, for which AVI has no times
        ("x.mpg", "mpeg2video", {"q:v": "3"}),
    ],
)
def test_other_containers(tmp_path, name, codec, options):
    path = film(tmp_path / name, steady(2), codec=codec, codec_options=options)
    reader, frames = read(path)
    assert numbers(frames) == list(range(60))
    assert times(frames) == pytest.approx(steady(2), abs=0.001)
    assert reader.warnings == []
    _, part = read(path, start_s=1.02, end_s=1.21)
    assert numbers(part) == list(range(31, 37))
    assert times(part) == pytest.approx([i / 30 for i in range(31, 37)], abs=0.001)


def test_without_times_the_rate_gives_them_and_it_is_said(tmp_path):
    path = film(tmp_path / "x.h264", steady(1), format="h264")
    reader, frames = read(path)
    assert numbers(frames) == list(range(30))
    assert np.all(np.diff(times(frames)) > 0)
    assert reader.info.duration_s is None
    assert reader.warnings == [
        f"30 pictures have no time in the file; taken as {reader.info.fps:.4g} a second"
    ]
    _, part = read(path, start_s=frames[10].t)
    assert numbers(part) == list(range(10, 30))


def test_times_that_stand_still_are_dropped(tmp_path):
    path = tmp_path / "x.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        shown = [0, 40, 40, 80, 80, 120]  # milliseconds
        for number, at in enumerate(shown):
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture(number))):
                packet.pts = packet.dts = at
                packet.time_base = Fraction(1, 1000)
                container.mux(packet)
    _, frames = read(path)
    assert times(frames) == pytest.approx([0, 0.04, 0.08, 0.12])
    assert numbers(frames) == [0, 1, 3, 5]


def test_a_long_gap_is_said(tmp_path):
    reader, frames = read(film(tmp_path / "x.mkv", [*steady(1), *(4 + t for t in steady(1))]))
    assert len(frames) == 60
    assert reader.warnings == ["there are no pictures from 1.0 s to 4.0 s"]


def delayed(path: Path, by_s: float) -> Path:
    """Copy a video with all its times later."""
    later = path.with_stem("later")
    with av.open(str(path)) as given, av.open(str(later), "w") as container:
        stream = container.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(video=0):
            if packet.dts is not None:
                by = round(by_s / packet.time_base)
                packet.pts, packet.dts, packet.stream = packet.pts + by, packet.dts + by, stream
                container.mux(packet)
    return later


@pytest.mark.parametrize("by_s", [0.4, 10])
@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("x.webm", "libvpx"),
        ("x.mkv", "libx264"),
        ("x.mp4", "libx264"),
        ("x.ts", "libx264"),
        ("x.flv", "libx264"),
    ],
)
def test_a_clock_that_begins_late(tmp_path, name, codec, by_s):
    fast = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx" else {}
    path = delayed(film(tmp_path / name, steady(3), codec=codec, codec_options=fast), by_s)
    reader, frames = read(path)
    assert times(frames) == pytest.approx(steady(3), abs=0.002)
    assert reader.info.duration_s == pytest.approx(3, abs=0.05)
    assert reader.warnings == []
    assert numbers(read(path, start_s=1.01, end_s=1.1)[1]) == [31, 32]
    assert "the video is 3.0 s long" in refused(path, start_s=11) or name.endswith(
        (".webm", ".mkv", ".ts")  # which may be several joined, so that one has to look
    )


def test_a_late_clock_does_not_hide_an_early_end(tmp_path):
    path = delayed(film(tmp_path / "x.mkv", steady(6)), 10)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    reader, frames = read(path)
    end = frames[-1].t + 1 / 30
    assert reader.warnings == [f"the video ends early: {end:.1f} s of 6.0 s could be read"]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("x.mpg", "mpeg2video"),
        ("x.ts", "libx264"),
        ("x.mkv", "libx264"),
        ("x.webm", "libvpx"),
    ],
)
def test_time_goes_on_where_recordings_are_joined(tmp_path, name, codec):
    fast = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx" else {}
    path = film(tmp_path / name, steady(3), codec=codec, codec_options=fast)
    parts = 3 if name in ("x.mpg", "x.ts") else 2  # FFmpeg reads no third one of the others
    path.write_bytes(path.read_bytes() * parts)
    reader, frames = read(path)
    assert numbers(frames) == [*range(90)] * parts
    assert times(frames) == pytest.approx(steady(3 * parts), abs=0.002)
    places = "3.0 s, 6.0 s" if parts == 3 else "3.0 s"
    assert reader.warnings == [
        f"recordings seem to be joined at {places}, where the file's clock starts again;"
        " the time goes on from there"
    ]
    # A part is that of the time that goes on, wherever the file's own clock says it is.
    for start_s, first in ((1.01, 31), (4.01, 31), (7.51, 46))[:parts]:
        _, part = read(path, start_s=start_s, end_s=start_s + 0.2)
        assert part[0].t == pytest.approx(start_s + 0.02, abs=0.02)
        assert numbers(part)[0] == first
    assert "no picture can be read from 9.5 s on" in refused(path, start_s=9.5)


def test_one_frame_with_a_wrong_time_is_no_joint():
    clock = _Clock(step_s=0.1)
    shown = [clock(t) for t in (5.0, 5.1, 0.3, 5.3, 5.4)]
    assert shown == pytest.approx([5.0, 5.1, 5.2, 5.3, 5.4])
    assert clock.joints == []


def test_a_frame_out_of_order_is_dropped():
    clock = _Clock(step_s=0.1)
    assert [clock(t) for t in (5.0, 5.1, 4.9, 5.2)] == [5.0, 5.1, None, 5.2]


def test_two_mp4_files_in_one_are_said(plain, tmp_path):
    path = tmp_path / "x.mp4"
    path.write_bytes(plain.read_bytes() * 2)
    reader, frames = read(path)
    assert len(frames) == 180
    assert reader.warnings == ["a second video follows in this file; only the first was read"]


# -- the part asked for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start_s", "end_s", "first", "last"),
    [
        (None, 0.5, 0, 14),
        (0.0, 0.01, 0, 0),
        (2.0, 3.0, 60, 89),  # from a key picture on
        (2.51, 3.0, 76, 89),  # from between two
        (5.9, None, 177, 179),
        (1.0, 60.0, 30, 179),
    ],
)
def test_part(plain, start_s, end_s, first, last):
    reader, frames = read(plain, start_s=start_s, end_s=end_s)
    assert numbers(frames) == list(range(first, last + 1))
    assert times(frames) == pytest.approx([i / 30 for i in range(first, last + 1)])
    assert reader.warnings == []


def test_a_part_is_found_without_reading_what_is_before(tmp_path):
    path = film(tmp_path / "x.mp4", steady(20), codec_options={"g": "30"})

    def seconds(**part: float) -> float:
        begin = time.process_time()
        read(path, **part)
        return time.process_time() - begin

    assert seconds(start_s=17, end_s=17.2) < 0.5 * seconds()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"start_s": 6.5}, "the video is 6.0 s long; nothing is left of it from 6.5 s on"),
        ({"start_s": 2, "end_s": 2}, "from 2 s to 2 s is no part of a video"),
        ({"start_s": 3, "end_s": 2}, "from 3 s to 2 s is no part of a video"),
        ({"start_s": -1}, "from -1 s to inf s is no part of a video"),
        ({"start_s": float("nan")}, "from nan s to inf s is no part of a video"),
    ],
)
def test_what_is_no_part(plain, options, why):
    assert refused(plain, **options).endswith(why)


def test_start_beyond_the_end_of_a_video_of_unknown_length(tmp_path):
    path = film(tmp_path / "x.h264", steady(1), format="h264")
    assert "no picture can be read from 20 s on" in refused(path, start_s=20)


# -- upright and of handy size ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("turned", "mirrored", "degrees", "seen"),
    # Degrees counter-clockwise as FFmpeg says it, clockwise as we do. RGB: as stored.
    [
        (0, False, 0, "RGB"),
        (-90, False, 90, "BR?"),  # upright phone: the stored picture lies on its left side
        (90, False, 270, "G?R"),
        (180, False, 180, "?BG"),
        (0, True, 180, "GR?"),
    ],
)
def test_rotation_by_metadata(tmp_path, turned, mirrored, degrees, seen):
    path = film(tmp_path / "x.mp4", [0, 0.1], (320, 192), rotation=turned, mirrored=mirrored)
    reader, frames = read(path)
    upright = (192, 320) if turned in (0, 180) else (320, 192)
    assert frames[0].rgb.shape[:2] == upright
    assert (reader.info.height, reader.info.width) == upright
    got = corners(frames[0].rgb)
    assert all(a in (b, "?") for a, b in zip(seen, got, strict=True)), got
    if not mirrored:
        assert reader.info.rotation_deg == degrees
    assert frames[0].rgb.flags.c_contiguous


def test_oblong_pixels_become_square(tmp_path):
    reader, frames = read(film(tmp_path / "x.mp4", [0, 0.1], (288, 240), pixel=Fraction(16, 9)))
    assert (reader.info.width, reader.info.height) == (512, 240)
    assert frames[0].rgb.shape == (240, 512, 3)
    assert numbers(frames) == [0, 1]


def test_odd_size(tmp_path):
    path = film(tmp_path / "x.mkv", steady(0.2), (321, 241), codec="ffv1")
    _, frames = read(path)
    assert numbers(frames) == list(range(6))
    assert frames[0].rgb.shape == (241, 321, 3)


def test_a_shape_that_changes_is_given_as_it_is_and_said(tmp_path):
    wide = film(tmp_path / "a.h264", [0, 0.1], (320, 160), format="h264")
    high = film(tmp_path / "b.h264", [0, 0.1], (160, 320), format="h264")
    reader, frames = read(joined(tmp_path / "both.h264", wide, high))
    assert [frame.rgb.shape for frame in frames] == [(160, 320, 3)] * 2 + [(320, 160, 3)] * 2
    assert reader.warnings[0] == (
        f"the frames change from 320 x 160 to 160 x 320 at {frames[2].t:.1f} s: keep the phone as"
        " it is while it records"
    )


def test_a_coarser_picture_of_the_same_shape_is_no_other(tmp_path):
    fine = film(tmp_path / "a.h264", [0, 0.1], (320, 160), format="h264")
    coarse = film(tmp_path / "b.h264", [0, 0.1], (160, 80), format="h264")
    reader, frames = read(joined(tmp_path / "both.h264", fine, coarse))
    assert {frame.rgb.shape for frame in frames} == {(160, 320, 3)}
    assert len(reader.warnings) == 1  # that there are no times


def test_8k_is_made_smaller(tmp_path):
    path = film(tmp_path / "x.mp4", steady(0.2), (7680, 4320))
    reader, frames = read(path)
    assert (reader.info.width, reader.info.height) == (7680, 4320)
    assert {frame.rgb.shape for frame in frames} == {(720, 1280, 3)}
    assert numbers(frames) == list(range(6))
    assert corners(frames[0].rgb) == "RGB"
    assert np.median(abs(frames[3].rgb.astype(int) - picture(3, 1280, 720))) <= 3


def test_any_longer_side(plain):
    _, frames = read(plain, max_side=160, end_s=0.1)
    assert frames[0].rgb.shape == (120, 160, 3)


# -- damage -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("x.mp4", "libx264", FASTSTART),
        ("x.mkv", "libx264", {}),
        ("x.webm", "libvpx", {}),
    ],
)
def test_truncated_in_the_middle(tmp_path, name, codec, options):
    fast = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx" else {}
    path = film(tmp_path / name, steady(6), codec=codec, codec_options=fast, options=options)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    reader, frames = read(path)
    assert 60 < len(frames) < 150
    assert numbers(frames) == list(range(len(frames)))
    end = frames[-1].t + 1 / 30
    assert reader.warnings[-1] == (
        f"the video ends early: {end:.1f} s of {reader.info.duration_s:.1f} s could be read"
    )
    # The part that is there can be had without a warning.
    reader, frames = read(path, start_s=0.5, end_s=1.5)
    assert numbers(frames) == list(range(15, 45))
    assert reader.warnings == []
    assert "no picture can be read from 5.5 s on" in refused(path, start_s=5.5)


def test_damage_in_the_middle(plain, tmp_path):
    content = bytearray(plain.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 600] = np.random.default_rng(0).bytes(600)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    reader, frames = read(path)
    assert 150 < len(frames) < 180
    assert frames[-1].t == pytest.approx(179 / 30)
    assert any("damaged" in warning for warning in reader.warnings), reader.warnings


def test_index_cut_off(tmp_path):
    path = film(tmp_path / "x.mp4", steady(1))
    path.write_bytes(path.read_bytes()[:-2000])
    assert "the video is incomplete (its index is missing)" in refused(path)


def test_no_picture_whole(tmp_path):
    path = film(tmp_path / "x.mkv", [0.0])
    content = path.read_bytes()
    begin = content.index(b"\x1f\x43\xb6\x75")  # the first cluster
    path.write_bytes(content[: begin + 40])
    assert "no picture of this video can be decoded" in refused(path)


# -- what is no video -------------------------------------------------------------------------


def test_missing(tmp_path):
    assert refused(tmp_path / "x.mp4").endswith("there is no such file")


def test_folder(tmp_path):
    assert "this is a folder" in refused(tmp_path)


def test_empty(tmp_path):
    (tmp_path / "x.mp4").touch()
    assert refused(tmp_path / "x.mp4").endswith("the file is empty")


def test_text(tmp_path):
    (tmp_path / "x.mp4").write_text("Shopping: eggs, milk.\n" * 20)
    assert "this is not a video" in refused(tmp_path / "x.mp4")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes on this system")
def test_pipe(tmp_path):
    os.mkfifo(tmp_path / "x.mp4")
    assert "not a plain file" in refused(tmp_path / "x.mp4")


def test_unknown_kind_of_video(plain, tmp_path):
    path = tmp_path / "x.mp4"
    path.write_bytes(plain.read_bytes().replace(b"avc1", b"what"))
    assert "nothing here can decode the kind of video in this file" in refused(path)


def test_sound_only(tmp_path):
    path = tmp_path / "x.mp4"
    with av.open(str(path), "w") as container:
        add_sound(container, 1.0)
    assert "only sound" in refused(path)


def test_a_cover_is_no_video(tmp_path):
    path = tmp_path / "x.mp4"
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 320, 240, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        add_sound(container, 1.0)
        container.mux(cover.encode(av.VideoFrame.from_ndarray(picture(0))))
        container.mux(cover.encode(None))
    assert "only sound" in refused(path)


def test_a_playlist_opens_nothing_else(plain, tmp_path):
    for text in (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{plain}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile '{plain}'\n",
    ):
        path = tmp_path / "list.mp4"
        path.write_text(text)
        assert "this is not a video" in refused(path)


@pytest.mark.skipif(os.name != "posix", reason="files have no POSIX permissions here")
def test_unreadable(plain, tmp_path):
    path = tmp_path / "x.mp4"
    path.write_bytes(plain.read_bytes())
    path.chmod(0)
    user = os.geteuid()
    if user == 0:  # who may read everything: be nobody for a moment
        tmp_path.chmod(0o755)
        os.seteuid(65534)
    try:
        assert "Permission denied" in refused(path)
    finally:
        os.seteuid(user)


def test_a_name_like_a_protocol(plain, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("http:x.mp4").write_bytes(plain.read_bytes())
    assert len(read(Path("http:x.mp4"))[1]) == 180


def test_sound_beside_the_picture(tmp_path):
    reader, frames = read(film(tmp_path / "x.mkv", steady(0.5), sound=True))
    assert numbers(frames) == list(range(15))
    assert reader.warnings == []


# -- the thread -------------------------------------------------------------------------------


def test_leaving_early_ends_the_thread(plain):
    with VideoReader(plain) as reader:
        for frame in reader:
            assert frame.t == 0
            assert decoding_threads()
            break
    assert not decoding_threads()


def test_an_error_ends_the_thread(plain):
    with pytest.raises(ZeroDivisionError), VideoReader(plain) as reader:
        for _ in reader:
            raise ZeroDivisionError
    assert not decoding_threads()


def test_a_reader_that_was_never_read_closes(plain):
    with VideoReader(plain):
        pass
    assert not decoding_threads()


def test_a_second_iteration_is_refused(plain):
    with VideoReader(plain) as reader:
        assert len(list(reader)) == 180
        with pytest.raises(RuntimeError, match="only once"):
            list(reader)


def test_decoding_goes_on_while_the_picture_is_looked_at(plain):
    with VideoReader(plain) as reader:
        pictures = iter(reader)
        next(pictures)
        for _ in range(200):
            if reader._pictures.full():
                break
            time.sleep(0.01)
        ahead = reader._pictures.qsize()
    assert 1 <= ahead <= 4, "some pictures ahead, but no more than a few"


MEMORY = """
    import resource, sys
    from formcheck.video.read import VideoReader
    with VideoReader(sys.argv[1]) as reader:
        count = sum(1 for _ in reader)
    print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_kb(path: Path, pictures: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEMORY), str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    count, peak = map(int, done.stdout.split())
    assert count == pictures
    return peak if sys.platform == "linux" else peak // 1024


@pytest.mark.skipif(os.name != "posix", reason="peak memory is measured on POSIX systems only")
def test_memory_does_not_grow_with_length(tmp_path):
    short = film(tmp_path / "short.mp4", steady(4), (640, 480))
    long = film(tmp_path / "long.mp4", steady(34), (640, 480))  # 900 KB a picture
    growth = peak_kb(long, 1020) - peak_kb(short, 120)
    assert growth < 12_000


def test_damage_says_nothing_on_the_terminal(plain, tmp_path, capfd):
    content = bytearray(plain.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    (tmp_path / "x.mp4").write_bytes(content)
    read(tmp_path / "x.mp4")
    assert capfd.readouterr() == ("", "")


def test_real_clip_against_another_decoder(footage):
    import cv2

    clip = footage / "squat_tfjs.mp4"
    _, frames = read(clip)
    other = cv2.VideoCapture(str(clip))
    for frame in frames:
        found, bgr = other.read()
        assert found
        assert np.abs(frame.rgb.astype(int) - bgr[:, :, ::-1]).mean() < 1
    assert not other.read()[0]
    assert times(frames) == pytest.approx(steady(13, 5))

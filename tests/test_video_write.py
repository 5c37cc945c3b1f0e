"""Writing results: whole or not at all; and videos that browsers play, at true times."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest
from films import number_of, picture, steady

from formcheck.errors import FormcheckError
from formcheck.files import check_writable, replace_when_done, write_text_atomically
from formcheck.video.read import VideoReader
from formcheck.video.write import VideoWriter

posix = pytest.mark.skipif(os.name != "posix", reason="files have no POSIX permissions here")


def write(path: Path, times: list[float], size: tuple[int, int] = (320, 240)) -> Path:
    with VideoWriter(path) as video:
        for number, t in enumerate(times):
            video.write(picture(number, *size), t)
    return path


@contextmanager
def as_nobody():
    """Lose root's right to write everywhere, when the tests have it."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def open_to_all(folder: Path) -> None:
    for above in folder.parents:
        above.chmod(above.stat().st_mode | 0o055)
        if above.name.startswith("pytest-of-"):
            break
    folder.chmod(0o777)


# -- files ------------------------------------------------------------------------------------


def test_text_is_written_as_it_is(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("old")
    write_text_atomically(path, "höher\r\n1\n")
    assert path.read_bytes() == "höher\r\n1\n".encode()
    assert os.listdir(tmp_path) == ["x.csv"]


@posix
def test_a_result_has_the_usual_permissions(tmp_path):
    (tmp_path / "plain").touch()
    write_text_atomically(tmp_path / "x", "")
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_what_was_there(tmp_path, error):
    path = tmp_path / "x"
    path.write_text("old")
    with pytest.raises(error), replace_when_done(path) as temporary:
        assert temporary.parent == tmp_path
        temporary.write_text("new")
        raise error
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["x"]


def test_an_error_at_another_file_is_not_taken_for_one_at_this(tmp_path):
    with pytest.raises(FileNotFoundError), replace_when_done(tmp_path / "x"):
        (tmp_path / "absent").read_text()
    assert os.listdir(tmp_path) == []


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text_atomically(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def refused(path: Path) -> str:
    """Both the check before the work and the writing itself must refuse, leaving nothing."""
    texts = []
    for attempt in (
        lambda: check_writable(path),
        lambda: write_text_atomically(path, "new"),
        lambda: write(path, [0.0]),
    ):
        with pytest.raises(FormcheckError) as refusal:
            attempt()
        texts.append(str(refusal.value))
    assert len(set(texts)) == 1
    assert texts[0].startswith(f"cannot write {path}: ")
    return texts[0]


def test_folder(tmp_path):
    assert "this is a folder" in refused(tmp_path)


def test_no_such_folder(tmp_path):
    assert "there is no folder" in refused(tmp_path / "absent" / "x.mp4")
    assert not (tmp_path / "absent").exists()


def test_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").touch()
    assert "there is no folder" in refused(tmp_path / "file" / "x.mp4")


@posix
def test_device():
    assert "not a plain file" in refused(Path("/dev/null"))


@posix
def test_folder_that_lets_nothing_in(tmp_path):
    open_to_all(tmp_path)
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut").chmod(0o555)
    with as_nobody():
        assert "Permission denied" in refused(tmp_path / "shut" / "x.mp4")


@posix
def test_folder_that_lets_nobody_look(tmp_path):
    open_to_all(tmp_path)
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut").chmod(0)
    with as_nobody():
        assert "Permission denied" in refused(tmp_path / "shut" / "x.mp4")


@posix
def test_write_protected_file(tmp_path):
    path = tmp_path / "x.mp4"
    path.write_text("old")
    path.chmod(0o444)
    open_to_all(tmp_path)
    with as_nobody():
        assert "write-protected" in refused(path)
    assert path.read_text() == "old"


def test_the_check_touches_nothing(tmp_path):
    path = tmp_path / "x"
    check_writable(path)
    assert os.listdir(tmp_path) == []
    path.write_text("old")
    before = path.stat().st_mtime_ns
    check_writable(path)
    assert path.stat().st_mtime_ns == before


# -- videos -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "times",
    [
        steady(2),
        steady(3, 1),
        steady(0.2, 240),
        [0.0, 0.04, 0.1, 0.105, 0.9, 2.5],
    ],
)
def test_times_are_kept(tmp_path, times):
    path = write(tmp_path / "x.mp4", times)
    with VideoReader(path) as video:
        frames = list(video)
    assert [frame.t for frame in frames] == pytest.approx(times, abs=2e-5)
    assert [number_of(frame.rgb) for frame in frames] == list(range(len(times)))
    # The last picture stays as long as the one before it.
    assert video.info.duration_s == pytest.approx(2 * times[-1] - times[-2], abs=0.001)
    assert video.warnings == []


def test_the_file_begins_at_the_first_picture(tmp_path):
    with VideoReader(write(tmp_path / "x.mp4", [7.0, 7.5, 8.0])) as video:
        assert [frame.t for frame in video] == pytest.approx([0, 0.5, 1])
    assert video.info.duration_s == pytest.approx(1.5)


def test_one_picture(tmp_path):
    with VideoReader(write(tmp_path / "x.mp4", [0.0])) as video:
        assert len(list(video)) == 1


def test_what_browsers_need(tmp_path):
    path = write(tmp_path / "x.mp4", steady(6), (321, 241))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec.canonical_name == "h264"
        assert stream.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == (320, 240)
        assert stream.start_time == 0
        keys = [packet.pts for packet in container.demux(stream) if packet.is_keyframe]
        assert len(keys) >= 3, "jumping to a moment must not take long"
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat"), "plays before it is loaded"


def test_colours_are_kept(tmp_path):
    with VideoReader(write(tmp_path / "x.mp4", steady(0.2))) as video:
        seen = next(iter(video)).rgb.astype(int)
    assert np.median(abs(seen - picture(0))) <= 3
    assert np.abs(seen[20, 20] - picture(0)[20, 20]).max() <= 6


def test_the_callers_picture_is_not_kept(tmp_path):
    canvas = np.zeros((240, 320, 3), np.uint8)
    with VideoWriter(tmp_path / "x.mp4") as video:
        for number, t in enumerate(steady(1)):
            canvas[:] = picture(number)
            video.write(canvas, t)
    with VideoReader(tmp_path / "x.mp4") as video:
        assert [number_of(frame.rgb) for frame in video] == list(range(30))


def test_a_part_of_a_picture(tmp_path):
    with VideoWriter(tmp_path / "x.mp4") as video:
        video.write(np.pad(picture(5), ((7, 9), (3, 5), (0, 0)))[7:-9, 3:-5], 0.0)
    with VideoReader(tmp_path / "x.mp4") as video:
        assert [number_of(frame.rgb) for frame in video] == [5]


def test_an_error_leaves_no_video(tmp_path):
    with pytest.raises(ZeroDivisionError), VideoWriter(tmp_path / "x.mp4") as video:
        video.write(picture(0), 0.0)
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


def test_no_picture_no_video(tmp_path):
    with (
        pytest.raises(FormcheckError, match="there is no picture to write"),
        VideoWriter(tmp_path / "x.mp4"),
    ):
        pass
    assert os.listdir(tmp_path) == []


def test_a_video_that_is_replaced_stays_until_the_end(tmp_path):
    path = tmp_path / "x.mp4"
    path.write_text("old")
    with VideoWriter(path) as video:
        video.write(picture(0), 0.0)
        assert path.read_text() == "old"
    assert path.stat().st_size > 1000


@posix
def test_full_disk(tmp_path):
    # A limit on the size of files is met like a full disk.
    code = """
        import resource, signal, sys
        import numpy as np
        from formcheck.errors import FormcheckError
        from formcheck.video.write import VideoWriter
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        noise = np.random.default_rng(0)
        try:
            with VideoWriter(sys.argv[1]) as video:
                for i in range(90):
                    video.write(noise.integers(0, 255, (240, 320, 3), np.uint8), i / 30)
        except FormcheckError as error:
            print(error)
    """
    path = tmp_path / "x.mp4"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(path)], capture_output=True, text=True
    )
    assert done.stdout == f"cannot write {path}: File too large\n"
    assert done.stderr == ""
    assert os.listdir(tmp_path) == []


@posix
def test_ctrl_c_leaves_nothing(tmp_path):
    code = """
        import sys, time
        import numpy as np
        from formcheck.video.write import VideoWriter
        with VideoWriter(sys.argv[1]) as video:
            for i in range(100_000):
                video.write(np.zeros((240, 320, 3), np.uint8), i / 30)
                if i == 5:
                    print("writing", flush=True)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "x.mp4")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "writing\n"
    assert len(os.listdir(tmp_path)) == 1
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert os.listdir(tmp_path) == []

"""The tracker on real pictures: with MediaPipe and its models, nothing stands in for them."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest
from films import picture

from formcheck.body import INDEX, PoseFrame, Recording
from formcheck.errors import FormcheckError
from formcheck.pose import tracker as tracking
from formcheck.pose.bundle import DETECTOR_ENTRY, LANDMARKS_ENTRY, assemble
from formcheck.pose.models import MODELS, model_path, published_networks
from formcheck.pose.quiet import quiet
from formcheck.pose.tracker import PATIENCE_S, PoseTracker
from formcheck.video.read import VideoFrame, VideoReader


@pytest.fixture(scope="session")
def full() -> Path:
    return model_path("full")


@pytest.fixture(scope="session")
def lite() -> Path:
    return model_path("lite")


@pytest.fixture(scope="session")
def person(bridge_sample) -> list[VideoFrame]:
    """Two seconds of somebody."""
    with VideoReader(bridge_sample, end_s=2.0) as video:
        return list(video)


def clip(path: Path, end_s: float | None = None) -> list[VideoFrame]:
    with VideoReader(path, end_s=end_s) as video:
        return list(video)


def track(model: Path, frames: list[VideoFrame]) -> list[PoseFrame]:
    with PoseTracker(model) as tracker:
        return [tracker.track(frame.rgb, frame.t) for frame in frames]


def image(frames: list[PoseFrame]) -> np.ndarray:
    return np.array([frame.image for frame in frames])


def world(frames: list[PoseFrame]) -> np.ndarray:
    return np.array([frame.world for frame in frames])


def found_part(frames: list[PoseFrame]) -> float:
    return float(np.mean([frame.found for frame in frames]))


def far(rgb: np.ndarray, times: float) -> np.ndarray:
    """Show a picture small in the middle of grey, as from farther away."""
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, None, fx=1 / times, fy=1 / times, interpolation=cv2.INTER_AREA)
    y, x = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    whole = np.full_like(rgb, 90)
    whole[y : y + small.shape[0], x : x + small.shape[1]] = small
    return whole


# -- landmarks --------------------------------------------------------------------------------


def test_somebody(full, person):
    frames = track(full, person)
    assert found_part(frames) > 0.95
    assert [frame.t for frame in frames] == [frame.t for frame in person]
    last = frames[-1]
    assert (last.height, last.width) == person[-1].rgb.shape[:2]
    assert last.image.shape == (33, 5)
    assert last.world.shape == (33, 3)
    assert last.image.dtype == last.world.dtype == np.float64
    assert np.isfinite(last.image).all()
    assert np.isfinite(last.world).all()
    assert (last.image[:, :2] > -0.2).all()
    assert (last.image[:, :2] < 1.2).all()
    hips = last.world[[INDEX["left_hip"], INDEX["right_hip"]]].mean(0)
    assert np.abs(hips).max() < 0.05, "the origin lies between the hips"


def test_twice_the_same(full, person):
    a, b = track(full, person), track(full, person)
    np.testing.assert_array_equal(image(a), image(b))
    np.testing.assert_array_equal(world(a), world(b))


@pytest.mark.parametrize("name", MODELS)
def test_the_same_as_with_the_mask(tmp_path, person, name):
    with_mask = tmp_path / "with_mask.task"
    with_mask.write_bytes(assemble(*published_networks(MODELS[name]), mask=True))
    pruned, whole = track(model_path(name), person), track(with_mask, person)
    assert found_part(pruned) > 0.95
    np.testing.assert_array_equal(image(pruned), image(whole), strict=True)
    np.testing.assert_array_equal(world(pruned), world(whole), strict=True)


@pytest.mark.parametrize("name", ["bridge_malik_w_diag", "squat_tfjs"])
def test_as_recorded_with_another_copy_of_the_model(footage, full, name):
    known = Recording.load(footage / f"{name}.npz")
    frames = track(full, clip(footage / f"{name}.mp4"))
    assert len(frames) == len(known)
    # Bit for bit on the machine where it was recorded; processors round differently.
    apart = np.abs(image(frames) - known.image)
    assert np.median(apart) < 0.001
    assert np.quantile(apart[..., :2], 0.99) < 0.01
    assert np.median(np.abs(world(frames) - known.world)) < 0.002


def test_nobody(lite):
    with PoseTracker(lite) as tracker:
        frame = tracker.track(picture(0), 0.5)
    assert not frame.found
    assert (frame.t, frame.width, frame.height) == (0.5, 320, 240)
    assert np.isnan(frame.image).all()
    assert np.isnan(frame.world).all()


def test_a_view_of_a_picture_is_as_good(lite, person):
    padded = [
        VideoFrame(f.t, np.pad(f.rgb, ((4, 6), (8, 2), (0, 0)))[4:-6, 8:-2]) for f in person[:5]
    ]
    assert not padded[0].rgb.flags.c_contiguous
    np.testing.assert_array_equal(image(track(lite, padded)), image(track(lite, person[:5])))


def test_trackers_in_several_threads_do_not_meddle(lite, person):
    alone = image(track(lite, person))
    together: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        together[number] = image(track(lite, person))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(3):
        np.testing.assert_array_equal(together[number], alone)


# -- times ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [1, 240, 5000])
def test_any_rate(lite, person, rate):
    frames = track(lite, [VideoFrame(i / rate, f.rgb) for i, f in enumerate(person[:10])])
    assert found_part(frames) > 0.8


@pytest.mark.parametrize("t", [1.0, 0.5, -0.1, float("nan")])
def test_a_time_that_does_not_go_on(lite, t):
    with PoseTracker(lite) as tracker:
        tracker.track(picture(0), 1.0)
        with pytest.raises(ValueError, match="the time must go on"):
            tracker.track(picture(0), t)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 3), np.float32),
        np.zeros((0, 10, 3), np.uint8),
    ],
)
def test_no_picture(lite, wrong):
    with PoseTracker(lite) as tracker, pytest.raises(ValueError, match="not an RGB picture"):
        tracker.track(wrong, 0.0)


# -- second attempts --------------------------------------------------------------------------


def test_second_attempts_come_at_their_times_only(lite):
    with PoseTracker(lite) as tracker:
        for i in range(91):
            tracker.track(picture(0), i / 30)
            if i / 30 < PATIENCE_S:
                assert tracker._second is None
        # After half a second, and every half second from then on: .5, 1 … 3 s.
        assert tracker._attempts == 6


def test_no_second_landmarker_while_somebody_is_found(lite, person):
    with PoseTracker(lite) as tracker:
        for frame in person:
            tracker.track(frame.rgb, frame.t)
        assert tracker._second is None


def test_second_attempts_find_who_is_far_away(footage, full, monkeypatch):
    monkeypatch.setattr(tracking, "TILES", ())
    frames = [
        VideoFrame(f.t, far(f.rgb, 3)) for f in clip(footage / "bridge_malik_m_diag.mp4", 6.0)
    ]
    with_them = found_part(track(full, frames))
    monkeypatch.setattr(tracking, "PATIENCE_S", 1e9)
    without = found_part(track(full, frames))
    assert without < 0.8
    assert with_them > without + 0.1


def test_back_to_the_sure_way(footage, full, monkeypatch):
    monkeypatch.setattr(tracking, "TILES", ())
    frames = clip(footage / "bridge_malik_m_diag.mp4")
    with PoseTracker(full) as tracker:
        used = 0
        for frame in frames:
            tracker.track(far(frame.rgb, 3), frame.t)
            used += 1
            if tracker._following_second:
                break
        assert tracker._following_second, "the clip no longer needs a second attempt"
        for frame in frames[used:]:
            pose = tracker.track(frame.rgb, frame.t)
            if frame.t > frames[used].t + 0.6:
                break
        assert not tracker._following_second
        known = Recording.load(footage / "bridge_malik_m_diag.npz")
        there = known.image[np.searchsorted(known.t, frame.t - 0.001), :, :2]
        assert np.median(np.abs(pose.image[:, :2] - there)) < 0.02


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_turning_the_picture_does_not_turn_the_landmarks(full, person, turn):
    frames = person[:30]
    plain = track(full, frames)[-1]
    with closing(tracking._Landmarker(str(full), 0.5)) as landmarker:
        for frame in frames:
            found = landmarker.find(frame.rgb, frame.t, turn)
    assert found is not None
    image, world = found
    # Not the same to the last digit: the crop falls differently on the pixels.
    assert np.median(np.abs(image[:, :2] - plain.image[:, :2])) < 0.01
    assert np.median(np.abs(image[:, 2] - plain.image[:, 2])) < 0.02
    assert np.median(np.abs(world - plain.world)) < 0.02


def test_attempts_cost_little_while_nobody_is_there(lite, monkeypatch):
    looks = []
    find = tracking._Landmarker.find

    def counted(self, picture, t, turn=0):
        looks.append(turn)
        return find(self, picture, t, turn)

    monkeypatch.setattr(tracking._Landmarker, "find", counted)
    with PoseTracker(lite) as tracker:
        for i in range(150):
            tracker.track(picture(0), i / 30)
    assert len(looks) < 1.27 * 150
    assert set(looks) == set(tracking.TURNS), "all ways were tried"


def small(rgb: np.ndarray, width: int, left: int, top: int) -> np.ndarray:
    """Show a picture small in a wide dark one."""
    shown = cv2.resize(
        rgb, (width, width * rgb.shape[0] // rgb.shape[1]), interpolation=cv2.INTER_AREA
    )
    whole = np.full((720, 1280, 3), 40, np.uint8)
    whole[top : top + shown.shape[0], left : left + width] = shown
    return whole


@pytest.mark.parametrize(("left", "top"), [(480, 270), (900, 420), (40, 20)])
def test_who_is_far_away_is_found_in_a_part_of_the_picture(full, person, left, top):
    # The sample's person spans half of its picture, here an eighth of a wide one.
    frames = [VideoFrame(f.t, small(f.rgb, 320, left, top)) for f in person]
    with PoseTracker(full) as tracker:
        poses = [tracker.track(frame.rgb, frame.t) for frame in frames]
    there = [pose for pose in poses if pose.t > PATIENCE_S + 0.1]
    assert found_part(there) > 0.95
    near = track(full, person)
    for pose, other in list(zip(poses, near, strict=True))[len(poses) - len(there) :: 5]:
        shown = pose.image[:, :2] * (1280, 720) - (left, top)
        wanted = other.image[:, :2] * (320, 240)
        assert np.median(np.abs(shown - wanted)) < 4


def test_who_leaves_the_part_is_looked_for_again(full, person):
    with PoseTracker(full) as tracker:
        for i, frame in enumerate(person):
            left = 40 if i < len(person) // 2 else 900
            pose = tracker.track(small(frame.rgb, 320, left, 300), frame.t)
            if i == len(person) // 2 - 1:
                assert pose.found
        assert pose.found
        x = pose.image[:, 0] * 1280
        assert x.min() > 880


def test_a_picture_of_another_shape_is_looked_at_afresh(full, person):
    def upright(rgb: np.ndarray) -> np.ndarray:
        whole = np.full((640, 360, 3), 90, np.uint8)
        whole[185:455] = cv2.resize(rgb, (360, 270), interpolation=cv2.INTER_AREA)
        return whole

    with PoseTracker(full) as tracker:
        for i, frame in enumerate(person):
            turned = i >= len(person) // 2
            pose = tracker.track(upright(frame.rgb) if turned else frame.rgb, frame.t)
            if i == len(person) // 2 + 2:
                soon = pose
    alone = track(full, [VideoFrame(f.t, upright(f.rgb)) for f in person[: len(person) // 2 + 3]])
    assert soon.found
    assert np.median(np.abs(soon.image[:, :2] - alone[-1].image[:, :2])) < 0.02


def test_squares_cover_the_picture():
    for width, height in ((1280, 720), (640, 480), (480, 640), (700, 700)):
        tiles = tracking._tiles(width, height)
        for side in {side for _, _, side in tiles}:
            covered = np.zeros((height, width), bool)
            for left, top, one in tiles:
                if one == side:
                    covered[top : top + side, left : left + side] = True
                    assert 0 <= left <= width - side
                    assert 0 <= top <= height - side
            assert covered.all()


# -- the native library -----------------------------------------------------------------------


def test_networks_that_are_none(tmp_path):
    path = tmp_path / "broken.task"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(DETECTOR_ENTRY, b"not a network" * 100)
        archive.writestr(LANDMARKS_ENTRY, b"not a network" * 100)
    with pytest.raises(FormcheckError) as refusal:
        PoseTracker(model_path(path))
    text = str(refusal.value)
    assert text.startswith(f"MediaPipe cannot use the pose model {path}: ")
    assert "\n" not in text


def test_quiet_drops_the_librarys_lines_only(capfd):
    with quiet():
        with quiet():
            os.write(2, b"W0000 00:00:1795224913.588296    6058 feedback.cc:114] Hear, hear.\n")
        os.write(2, b"half a line, ")
        os.write(2, b"and its end\nINFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        os.write(2, b"E0000 00:00:1795224913.588296    6058 graph.cc:1] It failed.\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == (
        "half a line, and its end\n"
        "E0000 00:00:1795224913.588296    6058 graph.cc:1] It failed.\n"
        "after\n"
    )


SCRIPT = """
    import sys
    import numpy as np
    from formcheck.pose.tracker import PoseTracker
    from formcheck.video.read import VideoReader
    room = np.full((240, 320, 3), 90, np.uint8)
    with VideoReader(sys.argv[2], end_s=0.5) as video, PoseTracker(sys.argv[1]) as tracker:
        for i in range(20):  # nobody at first: the second landmarker speaks, too, when it is made
            tracker.track(room, i / 30)
        found = [tracker.track(frame.rgb, 1 + frame.t).found for frame in video]
    print(sum(found) > 5)
"""


def test_nothing_is_said_on_the_terminal(lite, bridge_sample):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(lite), str(bridge_sample)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_nothing_is_sent(lite, bridge_sample, tmp_path):
    calls = tmp_path / "calls"
    command = ["strace", "-f", "-qq", "-e", "trace=socket,connect,sendto", "-o", str(calls)]
    done = subprocess.run(
        [*command, sys.executable, "-c", textwrap.dedent(SCRIPT), str(lite), str(bridge_sample)],
        capture_output=True,
        text=True,
    )
    if "PTRACE" in done.stderr or "ptrace" in done.stderr:
        pytest.skip("strace may not watch processes here")
    assert done.stdout == "True\n", done.stderr
    assert "AF_INET" not in calls.read_text()


@pytest.mark.timeout(60)
def test_a_tracker_that_is_forgotten_ends(lite):
    def forget() -> None:
        tracker = PoseTracker(lite)
        tracker.track(picture(0), 0.0)
        in_a_circle: list[object] = [tracker]
        in_a_circle.append(in_a_circle)

    before = threading.active_count()
    forget()
    gc.collect()
    assert threading.active_count() <= before


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="there is no /proc")
def test_closing_ends_its_threads(lite, person):
    track(lite, person[:2])
    before = len(os.listdir("/proc/self/task"))
    for _ in range(8):
        track(lite, person[:2])
    # Eight trackers had dozens; one that is just ending may still be seen.
    assert len(os.listdir("/proc/self/task")) <= before + 3

"""What must not change a review: mirroring, the picture's size and place, the frame rate."""

import figures as f
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_engine import bird_dogs, bridges, judge

from formcheck.body import PoseFrame, Recording

OTHER = {"left": "right", "right": "left", None: None}


def summary(recording: Recording, exercise: str):
    engine, _ = judge(recording, exercise)
    return engine


def resampled(recording: Recording, fps: float, jitter: float = 0.0) -> Recording:
    """The same movement filmed at another, perhaps uneven, rate (nearest frames)."""
    rng = np.random.default_rng(7)
    t = np.arange(0, recording.t[-1], 1 / fps)
    t = t + rng.uniform(0, jitter / fps, len(t))
    image = np.empty((len(t), 33, 5), np.float32)
    world = np.empty((len(t), 33, 3), np.float32)
    for joint in range(33):
        for axis in range(5):
            image[:, joint, axis] = np.interp(t, recording.t, recording.image[:, joint, axis])
        for axis in range(3):
            world[:, joint, axis] = np.interp(t, recording.t, recording.world[:, joint, axis])
    return Recording(t, image, world, recording.width, recording.height)


tops = st.lists(st.sampled_from([138.0, 148.0, 168.0, 175.0, 182.0]), min_size=1, max_size=4)


@settings(max_examples=12, deadline=None)
@given(tops=tops)
def test_mirroring_changes_no_bridge(tops):
    recording, _ = bridges(tops, fps=20)
    one, two = summary(recording, "bridge"), summary(recording.mirrored(), "bridge")
    assert [r.counted for r in one.repetitions] == [r.counted for r in two.repetitions]
    for a, b in zip(one.repetitions, two.repetitions, strict=True):
        assert a.peak_s == pytest.approx(b.peak_s, abs=0.06)
        assert a.peak["hip"] == pytest.approx(b.peak["hip"], abs=0.01)
    assert [x.id for x in one.faults] == [x.id for x in two.faults]


@settings(max_examples=6, deadline=None)
@given(sides=st.lists(st.sampled_from(["left", "right"]), min_size=1, max_size=3))
def test_mirroring_swaps_left_and_right_and_nothing_else(sides):
    recording = bird_dogs(sides)
    one, two = summary(recording, "bird_dog"), summary(recording.mirrored(), "bird_dog")
    assert [OTHER[r.side] for r in one.repetitions] == [r.side for r in two.repetitions]
    assert [r.counted for r in one.repetitions] == [r.counted for r in two.repetitions]
    assert [OTHER[h.side] for h in one.holds] == [h.side for h in two.holds]
    assert one.seen_fraction == pytest.approx(two.seen_fraction)
    assert one.in_position == two.in_position


@settings(max_examples=12, deadline=None)
@given(
    tops=tops,
    scale=st.floats(0.2, 0.38),
    x=st.floats(0.42, 0.55),
    y=st.floats(0.2, 0.6),
    size=st.sampled_from([(640, 480), (1280, 720), (480, 640), (1920, 800)]),
)
def test_the_pictures_size_and_place_change_no_count(tops, scale, x, y, size):
    plain, _ = bridges(tops, fps=20)
    if size[0] < size[1]:
        scale *= 0.6
    other, _ = bridges(tops, fps=20, scale=scale, shift=(x, y), size=size)
    one, two = summary(plain, "bridge"), summary(other, "bridge")
    assert [(r.counted, r.faults) for r in one.repetitions] == [
        (r.counted, r.faults) for r in two.repetitions
    ]


@settings(max_examples=10, deadline=None)
@given(tops=tops, fps=st.floats(15, 60), jitter=st.floats(0, 0.9))
def test_the_frame_rate_changes_no_count(tops, fps, jitter):
    recording, _ = bridges(tops, fps=60)
    one = summary(recording, "bridge")
    two = summary(resampled(recording, fps, jitter), "bridge")
    assert [r.counted for r in one.repetitions] == [r.counted for r in two.repetitions]
    for a, b in zip(one.repetitions, two.repetitions, strict=True):
        assert a.peak_s == pytest.approx(b.peak_s, abs=0.2)


@settings(max_examples=5, deadline=None)
@given(fps=st.floats(15, 60), jitter=st.floats(0, 0.9))
def test_the_frame_rate_changes_no_hold(fps, jitter):
    # So slow that the hips' speed is far from the limit that stops the clock, at any rate.
    recording = f.record(lambda t: f.plank(180 - 23 * f.swing(t, 4.0, 1.8, 1.2, 1.8)), 12, fps=60)
    one, two = summary(recording, "plank"), summary(resampled(recording, fps, jitter), "plank")
    assert len(one.holds) == len(two.holds) == 2
    for a, b in zip(one.holds, two.holds, strict=True):
        assert a.start_s == pytest.approx(b.start_s, abs=0.2)
        assert a.end_s == pytest.approx(b.end_s, abs=0.2)


def test_the_same_recording_gives_the_same_answer_twice():
    recording = bird_dogs(("left", "right"))
    one, two = summary(recording, "bird_dog"), summary(recording, "bird_dog")
    assert one.repetitions == two.repetitions
    assert one.holds == two.holds
    assert one.faults == two.faults


def test_landmarks_that_are_not_numbers_stop_nothing():
    recording, _ = bridges([175, 175])
    rng = np.random.default_rng(5)
    frames = []
    for frame in recording:
        image, world = frame.image.copy(), frame.world.copy()
        image[rng.integers(0, 33, 2)] = np.nan
        world[rng.integers(0, 33, 2)] = np.inf
        frames.append(PoseFrame(frame.t, image, world, frame.width, frame.height))
    engine = summary(f.from_frames(frames), "bridge")
    assert sum(r.counted for r in engine.repetitions) <= 2

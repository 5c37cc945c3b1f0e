"""Which leg is lifted, when the tracker exchanges the names of the legs."""

import figures as f
import numpy as np
from test_engine import bird_dogs, judge

from formcheck.body import INDEX, Recording
from formcheck.engine.legs import DOWN_S, LiftedLeg
from formcheck.measures import MID, Seen
from formcheck.spec import catalogue

LEGS = [
    INDEX[f"{side}_{joint}"]
    for joint in ("hip", "knee", "ankle", "heel", "foot_index")
    for side in ("left", "right")
]
OTHERS = [leg + 1 if i % 2 == 0 else leg - 1 for i, leg in enumerate(LEGS)]


def with_names_exchanged(recording, spans) -> Recording:
    """Return a recording in which the legs bear each other's names for some of the time."""
    image, world = recording.image.copy(), recording.world.copy()
    for begin, end in spans:
        frames = (recording.t >= begin) & (recording.t < end)
        for landmarks, source in ((image, recording.image), (world, recording.world)):
            block = landmarks[frames]
            block[:, LEGS] = source[frames][:, OTHERS]
            landmarks[frames] = block
    return Recording(recording.t, image, world, recording.width, recording.height, recording.model)


def counted(engine):
    return [(r.side, r.counted) for r in engine.repetitions]


def middle(engine, side):
    """Return when the middle of a side's only lift is."""
    (lift,) = [r for r in engine.repetitions if r.side == side]
    return (lift.start_s + lift.end_s) / 2


def test_the_leg_that_began_is_the_lifted_one_whatever_it_is_called():
    recording = bird_dogs(("left", "right"))
    plain, _ = judge(recording, "bird_dog")
    at = middle(plain, "right")
    for spans in (
        [(at - 0.5, at + 0.5)],
        [(at - 0.6, at - 0.2), (at, at + 0.4)],
        [(at - 0.3, plain.repetitions[1].end_s)],
    ):
        engine, _ = judge(with_names_exchanged(recording, spans), "bird_dog")
        assert counted(engine) == counted(plain) == [("left", True), ("right", True)]
        assert not engine.faults
        for lift, same in zip(engine.repetitions, plain.repetitions, strict=True):
            assert abs(lift.start_s - same.start_s) <= 0.1
            assert abs(lift.end_s - same.end_s) <= 0.4


def test_the_next_leg_begins_once_both_are_down():
    sides = ("left", "right", "right", "left")
    engine, _ = judge(bird_dogs(sides), "bird_dog")
    assert counted(engine) == [(side, True) for side in sides]


def test_legs_that_rest_high_in_the_image_of_a_raised_camera_are_down():
    """From 1.7 m high resting thighs read -48 to -63 deg."""
    rules = catalogue()["bird_dog"].spec.lifted_leg
    n = len(INDEX) + len(MID)
    points = [(float(i), 0.0) for i in range(n)]
    legs = LiftedLeg(rules)

    def knee_of_left(t, left, right):
        seen = Seen(t, points, points, np.zeros((n, 3)), [True] * n, [True] * n, 0, {})
        return legs(seen, left, right).points[INDEX["left_knee"]]

    lifts = [(0.0, 10.0, -62.0), (0.1, -50.0, -62.0), (0.2 + DOWN_S, -50.0, -62.0)]
    for t, left, right in [*lifts, (1.0, -58.0, 10.0)]:
        own = knee_of_left(t, left, right)
    assert own == points[INDEX["left_knee"]]


def test_names_that_go_to_and_fro_make_no_error_and_no_second_lift():
    recording = bird_dogs(("right",))
    plain, _ = judge(recording, "bird_dog")
    at = middle(plain, "right")
    spans = [(at - 1.0 + 0.2 * i, at - 0.9 + 0.2 * i) for i in range(10)]
    engine, _ = judge(with_names_exchanged(recording, spans), "bird_dog")
    assert counted(engine) == [("right", True)]
    assert not engine.faults


def test_a_held_shank_keeps_its_side_when_the_names_change_place():
    def pose(t):
        return f.heel_to_buttock(knee=178 - 123 * f.swing(t, 1.0, 1.0, 5.0, 1.0))

    recording = f.record(pose, 9, shift=(0.5, 0.3))
    plain, _ = judge(recording, "quadriceps_stretch_prone")
    (hold,) = plain.holds
    assert hold.side == "right"
    # Longer than the grace time: without its name the hold would end, and the other side's begin.
    engine, _ = judge(with_names_exchanged(recording, [(3.0, 5.0)]), "quadriceps_stretch_prone")
    (same,) = engine.holds
    assert (same.side, same.start_s) == (hold.side, hold.start_s)
    assert same.end_s == hold.end_s

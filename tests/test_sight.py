"""What counts as seen, and who is followed."""

import math

import figures as f
import numpy as np
import pytest

from formcheck.body import INDEX, MIRROR, PoseFrame
from formcheck.engine.sight import PATIENCE_S, Sight


def watch(frames):
    sight = Sight()
    return [sight(frame) for frame in frames]


def test_the_near_side_is_the_one_seen_better_and_does_not_flicker():
    figure = f.bridge(150)
    rng = np.random.default_rng(1)
    sight = Sight()
    sides = set()
    for i in range(200):
        frame = figure.frame(i / 30)
        # the tracker's visibility wavers from frame to frame
        frame.image[:, 3] = np.clip(frame.image[:, 3] - rng.uniform(0, 0.6, 33), 0, 1)
        seen = sight(frame).seen
        if i > 5:
            sides.add(seen.near)
    assert sides == {0}


def test_the_near_side_changes_when_the_person_turns_round():
    sight = Sight()
    for i in range(60):
        near = sight(f.bridge(150).frame(i / 30)).seen.near
    assert near == 0
    for i in range(60, 240):
        near = sight(f.turned_round(f.bridge(150)).frame(i / 30)).seen
        near = near.near if near else near
    assert near == 1


def test_a_limb_that_leaps_is_not_believed_until_it_stays():
    figure = f.bridge(150)
    wrist, elbow = INDEX["left_wrist"], INDEX["left_elbow"]
    sight = Sight()
    usable = []
    for i in range(60):
        frame = figure.frame(i / 30)
        if i >= 30:  # from one frame to the next on the other side of the elbow
            frame.image[wrist, :2] = 2 * frame.image[elbow, :2] - frame.image[wrist, :2]
        usable.append(sight(frame).seen.usable[wrist])
    assert all(usable[:30])
    assert not any(usable[30:32])
    assert usable[-1]


def test_a_bone_that_stretches_is_not_believed():
    figure = f.bridge(150)
    ankle, foot = INDEX["left_ankle"], INDEX["left_foot_index"]
    sight = Sight()
    for i in range(90):
        frame = figure.frame(i / 30)
        # the ankle drifts off, slowly enough not to leap
        frame.image[[ankle, foot], 0] -= min(0.2, 0.008 * max(0, i - 30))
        seen = sight(frame).seen
        if i == 29:
            assert seen.usable[ankle]
        if i == 52:
            assert not seen.usable[ankle]
            assert seen.usable[INDEX["left_knee"]]


def test_a_jump_to_someone_else_is_not_followed_at_once():
    one = [f.bridge(150).frame(i / 30, shift=(0.3, 0.3), scale=0.2) for i in range(30)]
    other = [f.standing().frame(1 + i / 30, shift=(0.85, 0.6), scale=0.3) for i in range(30)]
    back = [f.bridge(150).frame(2 + i / 30, shift=(0.3, 0.3), scale=0.2) for i in range(30)]
    looks = watch(one + other + back)
    assert all(s.seen is not None for s in looks[:30])
    assert all(s.seen is None and s.found for s in looks[30:60])
    assert all(s.seen is not None and not s.changed for s in looks[60:])


def test_who_stays_is_followed_in_the_end_as_somebody_new():
    one = [f.bridge(150).frame(i / 30, shift=(0.3, 0.3), scale=0.2) for i in range(30)]
    other = [f.standing().frame(1 + i / 30, shift=(0.85, 0.6), scale=0.3) for i in range(150)]
    looks = watch(one + other)
    first = next(i for i, s in enumerate(looks) if s.changed)
    assert looks[first].seen is not None
    assert first / 30 - 1 == pytest.approx(PATIENCE_S, abs=0.1)
    assert sum(s.changed for s in looks) == 1


def test_nobody_found_is_not_seen():
    looks = watch([PoseFrame.empty(0.0, 640, 480), f.bridge().frame(0.1)])
    assert not looks[0].found
    assert looks[0].seen is None
    assert looks[1].seen is not None


def test_running_lengths_are_the_persons_own():
    sight = Sight()
    for i in range(90):
        seen = sight(f.bridge(120 + i / 2).frame(i / 30, scale=0.25)).seen
    assert seen.lengths["trunk"] == pytest.approx(0.25 * f.TRUNK, rel=0.02)
    assert seen.lengths["thigh"] == pytest.approx(0.25 * f.THIGH, rel=0.02)


def test_mirroring_a_frame_swaps_the_near_side_and_nothing_else():
    sight, mirrored = Sight(), Sight()
    for i in range(40):
        frame = f.bridge(150).frame(i / 30)
        image, world = frame.image[MIRROR].copy(), frame.world[MIRROR].copy()
        image[:, 0], world[:, 0] = 1 - image[:, 0], -world[:, 0]
        a = sight(frame).seen
        b = mirrored(PoseFrame(frame.t, image, world, frame.width, frame.height)).seen
        assert a.near == 1 - b.near
        assert a.clear == [b.clear[j] for j in (*MIRROR, *range(33, len(b.clear)))]
        assert a.lengths == pytest.approx(b.lengths)


def test_smoothing_bridges_no_gap():
    sight = Sight()
    for i in range(20):
        sight(f.bridge(150).frame(i / 30))
    frame = f.bridge(150).frame(20 / 30)
    frame.image[INDEX["left_knee"], 0] = math.nan
    seen = sight(frame).seen
    assert not seen.usable[INDEX["left_knee"]]
    assert math.isnan(seen.points[INDEX["left_knee"]][0])

"""What is only said to be seen: beyond the edge or behind a box, no form error is judged by it."""

from __future__ import annotations

from dataclasses import replace

import figures as f
import numpy as np
import pytest
from test_engine import judge
from test_rules import bridge, knee_held_up

from formcheck.body import INDEX, Recording
from formcheck.engine.in_view import FEET_VISIBLE, InView

HIDDEN = "What it is judged by was hidden or out of the picture."
FEET = [
    INDEX[f"{side}_{joint}"]
    for side in ("left", "right")
    for joint in ("ankle", "heel", "foot_index")
]
TRUNK = 0.25


def with_ankles(recording: Recording, near: float, far: float) -> Recording:
    """Return a recording whose near (left) ankle is said to be so visible, and the far one."""
    image = recording.image.copy()
    image[:, [INDEX["left_ankle"], INDEX["right_ankle"]], 3] = near, far
    return replace(recording, image=image)


def cropped(recording: Recording, beyond: str, by: float) -> Recording:
    """Cut the picture at a landmark's mean place, or further in by a share of what was seen.

    The tracker squeezes what is out of frame to the edge: so here.
    """
    image = recording.image.copy()
    x = image[..., 0]
    at, hip = float(x[:, INDEX[beyond]].mean()), float(x[:, INDEX["left_hip"]].mean())
    cut = at + by * (hip - at)
    if at < hip:
        image[..., 0] = np.maximum((x - cut) / (1 - cut), 0.005)
        share = 1 - cut
    else:
        image[..., 0] = np.minimum(x / cut, 0.995)
        share = cut
    return replace(recording, image=image, width=round(recording.width * share))


def unjudged(engine) -> dict[str, str]:
    return {note.id: note.reason for note in engine.not_judged()}


# As the tracker gives the feet of rendered and real people behind a box.
@pytest.mark.parametrize(("near", "far"), [(0.83, 0.09), (0.76, 0.29), (0.6, 0.6)])
def test_feet_behind_a_box_are_not_judged_and_repetitions_are_counted(near, far):
    wrong = bridge(knee=128)
    plain, _ = judge(wrong, "bridge")
    assert {fault.id for fault in plain.faults} == {"feet_too_far"}
    boxed, _ = judge(with_ankles(wrong, near, far), "bridge")
    assert boxed.faults == []
    assert unjudged(boxed)["feet_too_far"] == HIDDEN
    assert [(r.counted, r.peak_s) for r in boxed.repetitions] == [
        (r.counted, r.peak_s) for r in plain.repetitions
    ]
    # What needs no feet is judged as before.
    assert "over_arched" not in unjudged(boxed)


# The least that was read of feet in view, and a far foot as it is often seen.
@pytest.mark.parametrize(("near", "far"), [(0.88, 0.24), (0.97, 0.42)])
def test_feet_in_view_are_judged(near, far):
    engine, _ = judge(with_ankles(bridge(knee=128), near, far), "bridge")
    assert {fault.id for fault in engine.faults} == {"feet_too_far"}


@pytest.mark.parametrize("by", [0.0, 0.15])
def test_a_head_out_of_frame_is_not_judged_and_the_hold_is_timed(by):
    wrong = knee_held_up(head=44)
    plain, _ = judge(wrong, "single_knee_to_chest")
    assert "head_lifts" in {fault.id for fault in plain.faults}
    cut, _ = judge(cropped(wrong, "left_ear", by), "single_knee_to_chest")
    assert cut.faults == []
    assert unjudged(cut)["head_lifts"].endswith(HIDDEN)
    assert "other_leg_lifts" not in unjudged(cut)
    assert sum(h.held_s for h in cut.holds) == pytest.approx(
        sum(h.held_s for h in plain.holds), abs=0.2
    )


def test_hands_out_of_frame_leave_the_head_in_view():
    frame = f.bridge(150).frame(0.0)
    wrist = INDEX["left_wrist"]
    frame.image[wrist, 0] = 1.01
    seen = InView().update(frame, TRUNK)
    hand = [INDEX[f"left_{joint}"] for joint in ("wrist", "pinky", "index", "thumb")]
    assert not any(seen[i] for i in hand)
    assert all(seen[i] for i in range(33) if i not in hand)


def test_the_foot_is_in_view_as_a_whole_or_not_at_all():
    frame = f.bridge(150).frame(0.0)
    frame.image[INDEX["left_foot_index"], 0] = -0.02
    seen = InView().update(frame, TRUNK)
    assert [seen[i] for i in FEET] == [False, False, False, True, True, True]
    assert seen[INDEX["left_knee"]]


def test_what_wavers_for_a_frame_is_still_in_view():
    view = InView()
    for i in range(60):
        frame = f.bridge(150).frame(i / 30)
        if i == 40:
            frame.image[FEET, 3] = 0.3
            frame.image[INDEX["nose"], 0] = 1.0
        assert all(view.update(frame, TRUNK))
    for i in range(60, 120):
        frame = f.bridge(150).frame(i / 30)
        frame.image[FEET, 3] = FEET_VISIBLE - 0.1
        seen = view.update(frame, TRUNK)
    assert not any(seen[i] for i in FEET)


def test_in_view_is_forgotten_with_the_person():
    view = InView()
    frame = f.bridge(150).frame(0.0)
    frame.image[FEET, 3] = 0.1
    assert not view.update(frame, TRUNK)[FEET[0]]
    view.reset()
    assert all(view.update(f.bridge(150).frame(0.1), TRUNK))

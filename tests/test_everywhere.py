"""Rendered people filmed from all around: what must hold whatever the camera and the exercise."""

from __future__ import annotations

import functools
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest
from test_engine import judge

from benchmarks.accuracy import RENDERED
from benchmarks.packed import SUFFIX, unpack
from formcheck.body import INDEX, Recording
from formcheck.engine.core import Engine
from formcheck.live.checks import Checks
from formcheck.spec import catalogue

CLIPS = sorted(path.name.removesuffix(SUFFIX) for path in RENDERED.glob(f"*{SUFFIX}"))
RIGHT = [clip for clip in CLIPS if re.search(r"_correct_.*_b6$", clip)]
TWO_SIDED = [id for id, one in catalogue().items() if one.spec.hold and one.spec.sides == "each"]
OTHER = {"left": "right", "right": "left", None: None}


@functools.cache
def clip(name: str) -> tuple[Recording, dict]:
    return unpack(RENDERED / f"{name}{SUFFIX}")


def exercise_of(name: str) -> str:
    """Return the exercise that a clip is of: variants bear names that begin with it."""
    return clip(name)[1]["exercise"]


def rolled(recording: Recording, degrees: float) -> Recording:
    """Return what a camera films that is rolled about its own axis."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    size = np.array([recording.width, recording.height])
    image, world = recording.image.astype(float), recording.world.astype(float)
    turn = np.array([[c, s], [-s, c]])  # of rows; y goes down
    image[..., :2] = ((image[..., :2] - 0.5) * size) @ turn / size + 0.5
    world[..., :2] = world[..., :2] @ turn
    return Recording(
        recording.t,
        image.astype(np.float32),
        world.astype(np.float32),
        recording.width,
        recording.height,
        recording.model,
    )


def found(engine: Engine) -> list:
    """Return what was counted and what was held, with its side."""
    return [(r.side, r.counted) for r in engine.repetitions] + [h.side for h in engine.holds]


def no_second_is_credited_twice(engine: Engine, recording: Recording) -> None:
    """Check that per side, held time <= time in position <= duration, and so for both together."""
    hair = 1e-6
    duration = float(recording.t[-1] - recording.t[0])
    assert math.fsum(end - start for start, end in engine.in_position) <= duration + hair
    spans = sorted((hold.start_s, hold.end_s) for hold in engine.holds)
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert end <= start + hair
    for start, end in spans:
        assert start < end
        assert any(a <= start + hair and end <= b + hair for a, b in engine.in_position)


@pytest.mark.parametrize("name", [name for name in RIGHT if not name.startswith("walk_")])
def test_no_second_is_held_twice_or_out_of_position_and_a_mirror_only_swaps_sides(name):
    recording, truth = clip(name)
    engine, _ = judge(recording, truth["exercise"])
    no_second_is_credited_twice(engine, recording)
    mirrored, _ = judge(recording.mirrored(), truth["exercise"])
    no_second_is_credited_twice(mirrored, recording)
    assert [r.counted for r in mirrored.repetitions] == [r.counted for r in engine.repetitions]
    assert [r.side for r in mirrored.repetitions] == [OTHER[r.side] for r in engine.repetitions]
    assert [h.side for h in mirrored.holds] == [OTHER[h.side] for h in engine.holds]
    assert [x.id for x in mirrored.faults] == [x.id for x in engine.faults]
    for one, two in zip(engine.holds, mirrored.holds, strict=True):
        assert two.start_s == pytest.approx(one.start_s, abs=0.1)
        assert two.end_s == pytest.approx(one.end_s, abs=0.1)


@pytest.mark.parametrize("exercise", TWO_SIDED)
def test_no_second_is_credited_to_both_sides_when_another_exercise_is_done(exercise):
    # Whatever somebody does: the clips of all that is held on a side.
    for name in RIGHT:
        if not re.search(r"(stretch|chest|rotation)_.*correct_(front|side_left)_b6", name):
            continue
        recording = clip(name)[0]
        engine, _ = judge(recording, exercise)
        no_second_is_credited_twice(engine, recording)


# -- a rolled camera ----------------------------------------------------------------------------

# Where something along the floor shows how it lies, or somebody who stands what is upright.
TELLING = [
    "bird_dog_correct_side_left_b6",
    "bridge_correct_side_left_b6",
    "bridge_correct_side_right_b6",
    "cat_cow_correct_side_left_b6",
    "childs_pose_correct_side_right_b6",
    "clamshell_correct_front_of_body_b6",
    "curl_up_arms_reach_correct_side_left_b6",
    "double_leg_lift_correct_side_left_b6",
    "downward_dog_correct_side_left_b6",
    "gluteus_medius_raise_correct_front_of_body_b6",
    "high_plank_correct_side_left_b6",
    "hip_flexor_stretch_kneeling_correct_side_left_b6",
    "knee_plank_correct_side_right_b6",
    "piriformis_stretch_figure_four_correct_side_left_b6",
    "plank_correct_side_left_b6",
    "plank_correct_side_right_b6",
    "press_up_correct_side_left_b6",
    "side_neck_stretch_correct_front_b6",
    "single_knee_to_chest_correct_side_right_b6",
    "sit_to_stand_correct_side_left_b6",
    "sit_to_stand_correct_side_right_b6",
    "sit_up_correct_side_left_b6",
    "standing_back_stretch_correct_side_left_b6",
    "standing_side_bend_correct_back_far_b6",
    "standing_side_bend_correct_front_far_b6",
    "wall_sit_correct_side_left_b6",
    "wall_sit_correct_side_right_b6",
]


# Known defects, each expected to fail: until the slope is known, a movement may be read askew.
KNOWN_ROLLED = {
    ("wall_sit_correct_side_left_b6", -12): "a sit is timed before the soles are agreed on",
    ("wall_sit_too_high_132_side_left_b6", 20): "the first seat is over before the soles agree",
}


@pytest.mark.parametrize("degrees", [-20, -12, 12, 20])
@pytest.mark.parametrize("name", TELLING)
def test_a_rolled_camera_changes_no_count_and_blames_nobody(name, degrees, request):
    if (reason := KNOWN_ROLLED.get((name, degrees))) is not None:
        request.applymarker(pytest.mark.xfail(reason=reason))
    recording, truth = clip(name)
    level, _ = judge(recording, truth["exercise"])
    assert level.repetitions or level.holds
    engine, _ = judge(rolled(recording, degrees), truth["exercise"])
    assert found(engine) == found(level)
    assert {x.id for x in engine.faults} <= {x.id for x in level.faults}
    assert engine.camera().ok
    for one, same in zip(engine.holds, level.holds, strict=True):
        assert one.held_s == pytest.approx(same.held_s, abs=max(1.0, 0.15 * same.held_s))


@pytest.mark.parametrize(
    "name", ["bridge_too_low_28_side_left_b6", "wall_sit_too_high_132_side_left_b6"]
)
@pytest.mark.parametrize("degrees", [-20, -12, 12, 20])
def test_what_is_wrong_is_told_by_a_rolled_camera_too(name, degrees, request):
    if (reason := KNOWN_ROLLED.get((name, degrees))) is not None:
        request.applymarker(pytest.mark.xfail(reason=reason))
    if name not in CLIPS:
        pytest.fail(f"{name} is not rendered any more")
    recording, truth = clip(name)
    level, _ = judge(recording, truth["exercise"])
    assert level.faults
    engine, _ = judge(rolled(recording, degrees), truth["exercise"])
    assert {x.id for x in engine.faults} == {x.id for x in level.faults}
    assert found(engine) == found(level)


# -- counted from elsewhere ---------------------------------------------------------------------

ELSEWHERE = [
    clip
    for clip in CLIPS
    if re.match(
        r"(wall_sit|lower_trunk_rotation)_correct_oblique_45_.*|gluteus_medius_raise_correct_back_of_body.*|clamshell_correct_back_of_body.*",
        clip,
    )
]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_who_is_filmed_from_elsewhere_is_counted_and_not_judged(name):
    recording, truth = clip(name)
    engine, _ = judge(recording, truth["exercise"])
    spec = engine.spec
    assert sum(r.counted for r in engine.repetitions) == len(truth["repetitions"])
    report = engine.camera()
    assert report.ok
    assert report.setup is None
    assert next(iter(spec.cameras.values())).text in report.advice
    assert not any("judged" in sentence for sentence in report.advice)  # the verdict says it
    missed = {note.id for note in engine.not_judged()}
    assert {fault.id for fault in spec.faults if fault.phase != "after"} <= missed
    assert "repetitions" not in missed
    # Falling short is a part of counting; whatever else is told is judged from there.
    assert not engine.faults


@pytest.mark.parametrize(
    ("name", "set_ups"),
    [
        ("bridge_oblique_60", [None]),
        # As somebody leans forward to rise, the view is read to be another one.
        ("sit_to_stand_oblique_30", [None, "side"]),
    ],
)
def test_a_view_far_off_the_side_or_one_that_changes_loses_no_repetition(name, set_ups):
    """Filmed from a table, of a body and from places that no threshold was chosen on."""
    recording, truth = unpack(Path(__file__).parent / "data" / f"{name}{SUFFIX}")
    engine = Engine(catalogue()[truth["exercise"]].spec)
    seen = []
    for frame in recording:
        engine.feed(frame)
        setup = engine.camera().setup
        if engine.gate_open and (not seen or seen[-1] != setup):
            seen.append(setup)
    engine.finish()
    assert seen == set_ups
    assert [r.counted for r in engine.repetitions] == [True] * len(truth["repetitions"])
    assert not engine.holds
    assert not engine.faults


def test_the_live_page_says_how_form_would_be_judged():
    recording, _ = clip("wall_sit_correct_oblique_45_left_b6")
    spec = catalogue()["wall_sit"].spec
    checks = Checks(spec)
    places = [one for frame in recording for one in checks.feed(frame) if one.id == "place"]
    told = [one.text for one in places if one.ok and "your form can't be judged" in one.text]
    assert told
    assert all(spec.cameras["straight_side"].text in text for text in told)


# -- which side a bend goes to ------------------------------------------------------------------

SIDE_BENDS = [name for name in CLIPS if re.match(r"standing_side_bend_correct_", name)]


def both_arms_up(recording: Recording) -> Recording:
    """Return a clip in which the hanging arm is raised beside the other, in picture and space."""
    image, world = recording.image.copy(), recording.world.copy()
    raised = max(
        ("left", "right"), key=lambda side: -np.median(image[:, INDEX[f"{side}_wrist"], 1])
    )
    other = OTHER[raised]
    for landmarks in (image, world):
        shift = landmarks[:, INDEX[f"{other}_shoulder"]] - landmarks[:, INDEX[f"{raised}_shoulder"]]
        for joint in ("elbow", "wrist", "pinky", "index", "thumb"):
            up = landmarks[:, INDEX[f"{raised}_{joint}"]]
            n = 2 if landmarks is image else 3
            landmarks[:, INDEX[f"{other}_{joint}"], :n] = (up + shift)[:, :n]
            landmarks[:, INDEX[f"{other}_{joint}"], n:] = up[:, n:]
    return Recording(recording.t, image, world, recording.width, recording.height, recording.model)


@pytest.mark.parametrize("name", SIDE_BENDS)
def test_a_side_bend_with_both_arms_up_is_credited_to_the_side_it_goes_to(name):
    recording, truth = clip(name)
    sides = [hold["side"] for hold in truth["holds"]]
    for filmed in (recording, both_arms_up(recording)):
        engine, _ = judge(filmed, "standing_side_bend")
        assert [hold.side for hold in engine.holds] == sides
        no_second_is_credited_twice(engine, filmed)
        for hold, true in zip(engine.holds, truth["holds"], strict=True):
            length_s = true["end_s"] - true["start_s"]
            assert hold.held_s == pytest.approx(length_s, abs=1.0)


@pytest.mark.parametrize(
    "name", [c for c in CLIPS if c.startswith("hip_flexor_stretch_kneeling_correct_oblique_45")]
)
def test_a_lunge_seen_obliquely_is_timed_and_not_judged(name):
    recording, truth = clip(name)
    engine, _ = judge(recording, "hip_flexor_stretch_kneeling")
    assert [h.side for h in engine.holds] == [h["side"] for h in truth["holds"]]
    for hold, true in zip(engine.holds, truth["holds"], strict=True):
        # The ends are a tenth of the way out of the stretch, the truth's where it is complete.
        assert hold.start_s == pytest.approx(true["start_s"], abs=0.7)
        assert hold.end_s == pytest.approx(true["end_s"], abs=0.7)
    assert engine.camera().ok
    assert not engine.faults
    assert {fault.id for fault in engine.spec.faults} <= {n.id for n in engine.not_judged()}


# -- what the tracker makes of depth ------------------------------------------------------------


def without_depth(recording: Recording) -> Recording:
    """Return a recording whose places in space are those in the picture: of depth nothing."""
    flat = recording.image[..., :3] * np.array([recording.width, recording.height, 0.0])
    middle = {
        joint: flat[:, [INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]]].mean(1, keepdims=True)
        for joint in ("hip", "shoulder")
    }
    trunk = np.linalg.norm(middle["shoulder"] - middle["hip"], axis=-1, keepdims=True)
    world = (0.5 * (flat - middle["hip"]) / trunk).astype(np.float32)
    return Recording(
        recording.t, recording.image, world, recording.width, recording.height, recording.model
    )


@pytest.mark.parametrize(
    "name", ["downward_dog_correct_side_left_b6", "downward_dog_back_rounds_50_side_left_b5"]
)
def test_a_downward_dog_is_timed_by_the_picture_where_depth_is_lost(name):
    # The posture reads as folded or a plank without depth.
    recording, _ = clip(name)
    with_depth, _ = judge(recording, "downward_dog")
    engine, _ = judge(without_depth(recording), "downward_dog")
    assert engine.holds
    for one, same in zip(engine.holds, with_depth.holds, strict=True):
        assert one.held_s == pytest.approx(same.held_s, abs=0.5)


@pytest.mark.parametrize(
    "name", ["childs_pose_hips_high_45_side_left_b5", "plank_hips_piked_25_side_left_b6"]
)
def test_hips_that_are_not_the_highest_are_no_downward_dog(name):
    # Hips above shoulders, hands and feet, but on the knees; and long legs, but hips at shoulders.
    engine, _ = judge(clip(name)[0], "downward_dog")
    assert not engine.holds


@pytest.mark.parametrize(
    "name",
    [
        "piriformis_stretch_thigh_press_correct_feet_raised_b5",
        "piriformis_stretch_thigh_press_correct_feet_raised_b7",
        "piriformis_stretch_crossed_pull_correct_feet_raised_b6",
    ],
)
def test_knees_drawn_to_the_chest_are_no_roll_to_the_side(name):
    engine, _ = judge(clip(name)[0], "lower_trunk_rotation")
    assert not [r for r in engine.repetitions if r.counted]


@pytest.mark.parametrize("body", ["b5", "b6", "b7"])
def test_of_the_leg_away_from_the_camera_it_is_said_what_could_not_be_judged(body):
    # The hand by which the error would be due is hidden: the leg is timed, not called fine.
    recording, truth = clip(f"piriformis_stretch_figure_four_foot_slips_off_0.18_side_left_{body}")
    engine, _ = judge(recording, truth["exercise"])
    assert {hold.side for hold in engine.holds} == {"left", "right"}
    assert {x.side for x in engine.faults if x.id == "foot_slips_off"} == {"left"}
    assert "right" in {n.side for n in engine.not_judged() if n.id == "foot_slips_off"}

"""The engine on figures whose every movement is known."""

import math

import figures as f
import numpy as np
import pytest

from formcheck.body import INDEX, VISIBILITY, PoseFrame, Recording
from formcheck.engine.core import Engine
from formcheck.engine.events import (
    FaultTold,
    HoldStarted,
    PaceCue,
    PersonFound,
    PersonLost,
    PositionEntered,
    PositionLeft,
    RepetitionEnded,
)
from formcheck.engine.repetitions import RepetitionMachine
from formcheck.measures import Values
from formcheck.spec import Requirement, catalogue, find


def judge(recording: Recording, exercise: str):
    """Run a recording through the engine; return it with all that happened."""
    engine = Engine(find(exercise).spec)
    events = [event for frame in recording for event in engine.feed(frame)]
    engine.finish()
    return engine, events


def bridges(tops, rise=1.0, stay=1.0, fall=1.5, rest=1.0, first=1.0, fps=30.0, **camera):
    """A set of bridges from 125 deg to each top, and when each is at its peak."""
    begin = [first + i * (rise + stay + fall + rest) for i in range(len(tops))]

    def pose(t):
        hip = 125.0
        for start, top in zip(begin, tops, strict=True):
            hip += (top - 125.0) * f.swing(t, start, rise, stay, fall)
        return f.bridge(hip)

    length = begin[-1] + rise + stay + fall + rest
    return f.record(pose, length, fps, **camera), begin


def test_one_misread_rest_costs_no_later_repetition():
    # Somebody walks past the camera and drags the joints along while the hips are down.
    plain, begin = bridges([175] * 4, rest=2.0)
    for depth, wrong_s in ((100.0, 0.5), (60.0, 0.2), (100.0, 1.0)):
        at = begin[1] - 1.3

        def pose(t, at=at, depth=depth, wrong_s=wrong_s):
            hip = 125.0 + sum(50.0 * f.swing(t, start, 1.0, 1.0, 1.5) for start in begin)
            return f.bridge(depth if at <= t < at + wrong_s else hip)

        engine, _ = judge(f.record(pose, float(plain.t[-1])), "bridge")
        counted = [r for r in engine.repetitions if r.counted]
        assert len(counted) == 4
        for repetition, start in zip(counted, begin, strict=True):
            assert repetition.peak_s == pytest.approx(start + 1.5, abs=0.3)


def test_bridges_are_counted_and_dated():
    recording, begin = bridges([175, 178, 172])
    engine, events = judge(recording, "bridge")
    assert [r.counted for r in engine.repetitions] == [True] * 3
    for repetition, start, top in zip(engine.repetitions, begin, (175, 178, 172), strict=True):
        assert repetition.start_s == pytest.approx(start, abs=0.15)
        assert repetition.peak_s == pytest.approx(start + 1.0 + 0.5, abs=0.3)
        assert repetition.end_s == pytest.approx(start + 3.5, abs=0.2)
        assert repetition.peak["hip"] == pytest.approx(top, abs=1.5)
        assert repetition.hold_s == pytest.approx(1.95, abs=0.2)
        assert repetition.lowering_s == pytest.approx(1.5, abs=0.2)
        assert repetition.side is None
    assert not engine.faults
    assert not engine.holds
    assert isinstance(events[0], PersonFound)
    entered = next(e for e in events if isinstance(e, PositionEntered))
    assert entered.since == 0.0 < entered.t
    assert engine.in_position == [(0.0, pytest.approx(recording.t[-1]))]


def test_a_bridge_that_falls_short_is_an_attempt_with_its_reason():
    recording, _ = bridges([175, 150, 175])
    engine, events = judge(recording, "bridge")
    assert [r.counted for r in engine.repetitions] == [True, False, True]
    attempt = engine.repetitions[1]
    assert attempt.reason
    assert attempt.faults == ("too_low",)
    (fault,) = engine.faults
    assert (fault.id, fault.repetition, fault.limit, fault.unit) == ("too_low", 1, 160, "deg")
    assert fault.worst == pytest.approx(150, abs=1.5)
    assert [e.id for e in events if isinstance(e, FaultTold)] == ["too_low"]


def test_shifting_on_the_mat_is_nothing():
    recording, _ = bridges([133, 134, 131])
    engine, _ = judge(recording, "bridge")
    assert not engine.repetitions
    assert not engine.faults


def test_the_same_movement_standing_up_counts_nothing():
    recording = f.record(lambda t: f.standing(lean=25 * (1 - np.cos(2 * t))), 12)
    for exercise in catalogue():
        engine, _ = judge(recording, exercise)
        assert not engine.repetitions, exercise
        assert not engine.holds, exercise
        standing = "standing" in find(exercise).spec.gate.postures
        assert standing or not engine.in_position, exercise


def test_a_bridge_seen_from_beside_the_head_is_counted_and_its_form_is_not_judged():
    recording, begin = bridges([175, 175], rise=2.0, fall=2.0, yaw=63)
    engine, _ = judge(recording, "bridge")
    assert [r.counted for r in engine.repetitions] == [True, True]
    for repetition, start in zip(engine.repetitions, begin, strict=True):
        assert repetition.peak_s == pytest.approx(start + 2.5, abs=0.3)
    assert not engine.faults
    report = engine.camera()
    assert report.ok
    assert (report.view, report.setup) == ("head end", None)
    assert report.advice[0] == "Turn so that your side faces the camera."
    assert engine.spec.cameras["side"].text in report.advice
    missed = {n.id for n in engine.not_judged()}
    assert missed >= {fault.id for fault in engine.spec.faults}
    assert "repetitions" not in missed


def test_what_is_counted_from_its_set_ups_only_is_refused_elsewhere_and_the_camera_is_told():
    spec = find("bridge").spec
    rules = spec.repetition.model_copy(update={"elsewhere": None})
    engine = Engine(spec.model_copy(update={"repetition": rules}))
    for frame in bridges([175, 175], yaw=63)[0]:
        engine.feed(frame)
    engine.finish()
    assert not engine.repetitions
    report = engine.camera()
    assert not report.ok
    assert report.advice[0] == "Turn so that your side faces the camera."
    assert "repetitions" in {n.id for n in engine.not_judged()}


def test_from_an_oblique_camera_counting_goes_on_and_angles_are_not_judged():
    recording, _ = bridges([178, 178], yaw=50)
    engine, _ = judge(recording, "bridge")
    assert sum(r.counted for r in engine.repetitions) == 2
    assert engine.camera().ok
    reasons = {n.id: n.reason for n in engine.not_judged()}
    assert "camera" in reasons["feet_too_far"].lower()


def test_feet_out_of_the_picture_are_told():
    recording, _ = bridges([175], scale=0.6, shift=(0.2, 0.4))
    engine, _ = judge(recording, "bridge")
    assert any("feet are out of frame" in a for a in engine.camera().advice)


def test_someone_too_far_away_is_told_to_come_closer():
    recording, _ = bridges([175], scale=0.12)
    engine, _ = judge(recording, "bridge")
    assert any("Come closer" in a for a in engine.camera().advice)


def test_nobody_in_view_is_said():
    frames = [PoseFrame.empty(i / 30, 640, 480) for i in range(90)]
    engine, events = judge(f.from_frames(frames), "bridge")
    assert events == []
    assert engine.camera().view == "unknown"
    assert "No one detected" in engine.camera().advice[0]
    assert engine.seen_fraction == 0


def away_between(recording: Recording, begin: float, end: float, other: Recording | None = None):
    """The recording with nobody, or somebody else, in sight for a while."""
    others = other or [PoseFrame.empty(x.t, x.width, x.height) for x in recording]
    return f.from_frames(
        [b if begin < a.t < end else a for a, b in zip(recording, others, strict=True)]
    )


def test_a_jump_to_another_person_makes_no_repetition():
    recording, begin = bridges([175, 175])
    other, _ = bridges([175, 175], shift=(0.85, 0.8), scale=0.12)
    # The tracker goes over to somebody in the background for a second and a half.
    engine, events = judge(away_between(recording, 2.2, 3.7, other), "bridge")
    assert any(isinstance(e, PersonLost) for e in events)
    assert [r.counted for r in engine.repetitions] == [True, True]  # the person's own
    for repetition, start in zip(engine.repetitions, begin, strict=True):
        assert repetition.start_s == pytest.approx(start, abs=0.15)
        assert repetition.end_s == pytest.approx(start + 3.5, abs=0.2)
    # If it stays there, that is a new person, whose movements are not added to this one's.
    engine, events = judge(away_between(recording, 2.2, 9.0, other), "bridge")
    assert any(isinstance(e, PersonFound) and e.new for e in events)
    first, *others = engine.repetitions
    assert (first.counted, first.reason) == (False, "It was out of sight for a while.")
    assert all(r.start_s > 4.2 for r in others)


@pytest.mark.parametrize("hidden", [(1.7, 3.4), (2.5, 4.4), (2.2, 3.9)])
def test_a_bridge_is_counted_though_the_person_is_out_of_sight_for_a_moment(hidden):
    # A child walks through, or the computer is busy: its top was seen, and the rest after it.
    recording, _ = bridges([175, 175], stay=1.5)
    engine, _ = judge(away_between(recording, *hidden), "bridge")
    assert [r.counted for r in engine.repetitions] == [True, True]
    assert len(engine.in_position) == 1
    assert engine.seen_fraction == pytest.approx(
        1 - (hidden[1] - hidden[0]) / float(recording.t[-1]), abs=0.03
    )


def test_a_bridge_out_of_sight_for_longer_is_said_not_to_count():
    recording, _ = bridges([175, 175], stay=3.0)
    engine, events = judge(away_between(recording, 2.5, 5.0), "bridge")
    first, second = engine.repetitions
    assert (first.counted, first.reason) == (False, "It was out of sight for a while.")
    assert first.end_s <= 2.6
    assert second.counted
    assert not engine.faults
    told = next(e for e in events if isinstance(e, RepetitionEnded))
    assert 4.4 < told.t < 4.6  # told while it happens


@pytest.mark.parametrize("exercise", ["plank", "bridge"])
def test_where_pictures_are_missing_nothing_is_held_or_repeated(exercise):
    if exercise == "plank":
        whole = f.record(lambda t: f.plank(), 30)
    else:
        whole, begin = bridges([175] * 6)
    engine, _ = judge(f.from_frames([x for x in whole if not 10 < x.t < 20]), exercise)
    assert [(round(a), round(b)) for a, b in engine.in_position] == [
        (0, 10),
        (20, round(float(whole.t[-1]))),
    ]
    if exercise == "plank":
        assert [(round(h.start_s), round(h.end_s)) for h in engine.holds] == [(0, 10), (20, 30)]
        assert engine.holds[0].ended_by == "out of sight"
    else:
        # One begins with the hole, one ends after it.
        assert [round(r.start_s, 1) for r in engine.repetitions if r.counted] == [
            pytest.approx(start, abs=0.15) for start in (begin[0], begin[1], begin[5])
        ]


def test_getting_up_ends_the_position_and_loses_nothing():
    recording, _ = bridges([175])
    up = f.record(lambda t: f.standing(), 3)
    frames = list(recording)
    last = frames[-1].t
    frames += [PoseFrame(last + 0.05 + x.t, x.image, x.world, x.width, x.height) for x in up]
    engine, events = judge(f.from_frames(frames), "bridge")
    assert sum(r.counted for r in engine.repetitions) == 1
    left = next(e for e in events if isinstance(e, PositionLeft))
    assert left.at == pytest.approx(last, abs=0.1)
    assert len(engine.in_position) == 1


def test_a_movement_half_done_at_the_end_does_not_count():
    recording, _ = bridges([175, 175])
    engine, _ = judge(recording[: len(recording) - 90], "bridge")
    assert len(engine.repetitions) == 1


def test_a_flickering_tracker_makes_no_extra_repetitions():
    recording, _ = bridges([175, 175, 175])
    rng = np.random.default_rng(3)
    frames = []
    for frame in recording:
        image = frame.image.copy()
        if rng.random() < 0.05:  # a wild leg for one frame
            image[[f.INDEX["left_knee"], f.INDEX["right_knee"]], :2] += rng.normal(0, 0.15, 2)
        image[:, :2] += rng.normal(0, 0.002, (33, 2))
        frames.append(PoseFrame(frame.t, image, frame.world, frame.width, frame.height))
    engine, _ = judge(f.from_frames(frames), "bridge")
    assert sum(r.counted for r in engine.repetitions) == 3
    assert len(engine.repetitions) == 3


def test_time_going_back_is_refused():
    engine = Engine(find("bridge").spec)
    engine.feed(f.bridge().frame(1.0))
    with pytest.raises(ValueError, match="time goes back"):
        engine.feed(f.bridge().frame(1.0))


# -- sides --------------------------------------------------------------------------------------


def bird_dogs(sides, knee=170.0, thigh=-2.0, arm=0.0, stay=2.0):
    def pose(t):
        for i, side in enumerate(sides):
            share = f.swing(t, 1.0 + i * (stay + 3.5), 1.2, stay, 1.2)
            if share > 0:
                other = "right" if side == "left" else "left"
                return f.on_all_fours(
                    thigh=-90 + (90 + thigh) * share,
                    knee=90 + (knee - 90) * share,
                    arm=-90 + (90 + arm) * share,
                    lifted=side,
                    arm_of=other,
                )
        return f.on_all_fours()

    return f.record(pose, 2.0 + len(sides) * (stay + 3.5))


@pytest.mark.parametrize(
    "sides",
    [
        ("left", "right", "left", "right"),  # alternating
        ("left", "left", "left"),  # one side at a time
        ("right", "right", "left"),
    ],
)
def test_bird_dogs_are_counted_on_the_persons_own_side(sides):
    engine, _ = judge(bird_dogs(sides), "bird_dog")
    assert [r.side for r in engine.repetitions if r.counted] == list(sides)
    assert len(engine.repetitions) == len(sides)
    assert [h.side for h in engine.holds] == list(sides)
    for hold in engine.holds:
        # two seconds, and the last tenth of the way up and the first of the way down: .24 s each
        assert hold.held_s == pytest.approx(2.5, abs=0.15)


@pytest.mark.parametrize("hidden", ["left", "right"])
def test_an_error_that_is_hidden_on_one_side_is_not_judged_there_and_it_is_said(hidden):
    recording = bird_dogs(("left", "right"))
    for joint in ("ankle", "heel", "foot_index"):
        recording.image[:, INDEX[f"{hidden}_{joint}"], VISIBILITY:] = 0.0
    engine, _ = judge(recording, "bird_dog")
    (note,) = [n for n in engine.not_judged() if n.side is not None]
    assert (note.id, note.side) == ("knee_bent", hidden)
    assert note.reason.startswith(f"On your {hidden} side: ")


@pytest.mark.parametrize(
    ("asked_under", "counted"), [((), False), (("side",), False), (("oblique",), True)]
)
def test_what_the_top_requires_is_asked_under_its_cameras_only(asked_under, counted):
    spec = find("bridge").spec
    never = Requirement(
        measure="knee",
        at_least=179.0,
        unit="deg",
        why="A bridge's knees are bent.",
        otherwise="The knees were bent.",
        cameras=asked_under,
    )
    rules = spec.repetition.model_copy(update={"requires": (never,)})
    engine = Engine(spec.model_copy(update={"repetition": rules}))
    for frame in bridges([175])[0]:
        engine.feed(frame)
    assert [r.counted for r in engine.repetitions] == [counted]


def test_a_bent_leg_is_an_attempt():
    engine, _ = judge(bird_dogs(("left", "right"), knee=95), "bird_dog")
    assert [r.counted for r in engine.repetitions] == [False, False]
    assert "leg stayed bent" in engine.repetitions[0].reason


# -- holds --------------------------------------------------------------------------------------


def planks(lines, each=4.0, exercise="plank", **pose):
    on_knees = exercise == "knee_plank"

    def at(t):
        return f.plank(lines[min(int(t / each), len(lines) - 1)], on_knees=on_knees, **pose)

    return f.record(at, each * len(lines))


@pytest.mark.parametrize("exercise", ["plank", "knee_plank"])
@pytest.mark.parametrize("on_hands", [False, True])
def test_a_plank_is_timed_from_when_it_began(exercise, on_hands):
    recording = planks([180], each=8, exercise=exercise, on_hands=on_hands)
    engine, events = judge(recording, exercise)
    (hold,) = engine.holds
    assert hold.start_s == pytest.approx(0.0, abs=0.05)
    assert hold.end_s == pytest.approx(recording.t[-1])
    assert hold.ended_by == "the recording ended"
    assert not engine.faults
    started = next(e for e in events if isinstance(e, HoldStarted))
    assert started.since == hold.start_s < started.t


def test_a_hold_that_was_hardly_seen_is_said_not_to_be_timed():
    recording = planks([180], each=8)
    hidden = np.flatnonzero(recording.t > 0.6)
    for joint in ("hip", "knee", "ankle"):
        for side in ("left", "right"):
            recording.image[np.ix_(hidden, [INDEX[f"{side}_{joint}"]], [VISIBILITY])] = 0.0
    engine, _ = judge(recording, "plank")
    assert not engine.holds
    (note,) = [n for n in engine.not_judged() if n.id == "holds"]
    assert "not seen steadily" in note.reason


def test_a_lapse_within_the_grace_time_does_not_break_a_hold():
    engine, _ = judge(
        f.record(lambda t: f.plank(180 - 20 * f.swing(t, 4, 0.2, 0.1, 0.2)), 8), "plank"
    )
    (hold,) = engine.holds
    assert hold.held_s == pytest.approx(8, abs=0.1)


def test_a_longer_lapse_breaks_it_and_is_not_counted_as_held():
    # down from 4.0 to 4.8 s, up again from 6.0 to 6.8 s
    sag = f.record(lambda t: f.plank(180 - 23 * f.swing(t, 4.0, 0.8, 1.2, 0.8)), 10)
    engine, _ = judge(sag, "plank")
    first, second = engine.holds
    # A fifth of the time of a way is its first tenth, or its last.
    assert first.end_s == pytest.approx(4.16, abs=0.1)
    assert first.ended_by == "hips sagged"
    assert second.start_s == pytest.approx(6.64, abs=0.1)
    assert math.fsum(h.held_s for h in engine.holds) == pytest.approx(7.5, abs=0.2)


def test_a_fault_in_a_hold_is_told_once_with_its_worst():
    recording = planks([180, 168, 180], each=4)
    engine, events = judge(recording, "plank")
    told = [e.id for e in events if isinstance(e, FaultTold)]
    assert told == ["hips_sag"]
    (fault,) = engine.faults
    assert fault.start_s == pytest.approx(4.2, abs=0.3)
    assert fault.end_s == pytest.approx(8, abs=0.3)
    assert fault.worst == pytest.approx(168, abs=1)
    assert len(engine.holds) == 1


def test_repetitions_end_at_most_a_moment_after_they_ended():
    recording, _ = bridges([175, 175])
    engine = Engine(find("bridge").spec)
    for frame in recording:
        for event in engine.feed(frame):
            if isinstance(event, RepetitionEnded):
                assert event.t - event.repetition.end_s < 0.5


def moved(*stretches: tuple[float, float, bool]) -> list:
    """Return what a machine made of a hip: (angle, seconds, clearly seen), one after another."""
    rules = find("bridge").spec.repetition.model_copy(update={"requires": ()})
    machine, t, found = RepetitionMachine(rules), 0.0, []
    for angle, seconds, clear in stretches:
        for _ in range(round(seconds * 20)):
            t += 0.05
            found.append(machine.update(t, angle, clear, Values({}, None)))
    return [movement for movement in found if movement is not None]


def test_a_leap_right_after_coming_down_is_not_part_of_the_movement():
    (movement,) = moved(
        (130, 1, True), (150, 0.3, True), (172, 1, True), (150, 0.3, True), (131, 0.2, True),
        (205, 0.1, True),
    )  # fmt: skip
    assert movement.reason is None
    assert movement.end_s == pytest.approx(2.65, abs=0.1)


def test_a_movement_too_small_for_an_attempt_is_none_even_if_it_ends_where_one_counts():
    assert not moved((151.5, 1, True), (161, 1, True), (151.5, 1, True))
    assert moved((148, 1, True), (161, 1, True), (148, 1, True))


def test_a_guess_beyond_the_best_that_was_seen_does_not_break_a_movement():
    (movement,) = moved(
        (130, 1, True), (165, 0.5, True), (190, 0.5, False), (math.nan, 3, False)
    )  # fmt: skip
    assert movement.best == 165


# -- guided exercises, and movements to avoid --------------------------------------------------


def test_a_guided_exercise_is_paced_while_the_posture_lasts():
    def pose(t):
        return f.bridge(130 + 50 * f.swing(t, 13.0, 1.0, 3.0, 1.0))

    engine, events = judge(f.record(pose, 24), "posterior_pelvic_tilt")
    cues = [(round(e.t), e.contract, e.number) for e in events if isinstance(e, PaceCue)]
    # It begins once the posture has lasted; after the hips came up, it begins anew.
    assert cues == [(2, True, 1), (5, False, 1), (10, True, 2), (20, True, 1), (23, False, 1)]
    assert [fault.id for fault in engine.faults] == ["hips_lift"]


@pytest.mark.parametrize("exercise", ["bridge", "plank"])
def test_a_sit_up_is_told_whatever_exercise_is_on(exercise):
    recording = f.record(lambda t: f.sat_up(70.0 * f.swing(t, 1.0, 1.2, 0.8, 1.2)), 6)
    avoid = [loaded.spec for loaded in catalogue().values() if loaded.spec.kind == "avoid"]
    engine = Engine(find(exercise).spec, avoid)
    told = [e for frame in recording for e in engine.feed(frame) if isinstance(e, FaultTold)]
    engine.finish()
    assert [(e.id, e.severity) for e in told] == [("sit_up", "major")]
    assert told[0].message.startswith("Leave this out with a sore back.")
    (fault,) = engine.faults
    assert fault.start_s == pytest.approx(1.0, abs=0.2)
    assert fault.end_s == pytest.approx(4.2, abs=0.2)
    assert fault.worst == pytest.approx(70, abs=3)
    assert not [r for r in engine.repetitions if r.counted]


def test_what_ends_out_of_position_is_no_repetition():
    # The hips lift as the legs are stretched out, on the way to sitting up.
    def pose(t):
        up = f.swing(t, 3.0, 0.5, 10.0, 1.0)
        return f.bridge(125 + 40 * up, knee=85 + 90 * up)

    engine, _ = judge(f.record(pose, 6), "bridge")
    assert not engine.repetitions

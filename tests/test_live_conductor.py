"""The course of a live exercise, on figures and recordings: what begins when, and what is said."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import figures as f
import numpy as np
import pytest
from test_engine import bridges

from formcheck.body import PoseFrame, Recording
from formcheck.live import spoken
from formcheck.live.conductor import AWAY_S, COUNTDOWN_S, GONE_S, Conductor, dosage_of
from formcheck.report.as_json import review_as_json
from formcheck.review import file_sha256, open_source, recording_info, review
from formcheck.spec import catalogue, find
from formcheck.tape import Tape, fitted

DATA = Path(__file__).parent / "data"


@dataclass
class Led:
    """A conductor, with all that it told and when."""

    conductor: Conductor
    tape: Tape
    states: list[dict[str, Any]] = field(default_factory=list)
    said: list[tuple[float, str, str]] = field(default_factory=list)
    tones: list[tuple[float, str]] = field(default_factory=list)

    def feed(self, frames: Iterable[PoseFrame]) -> "Led":
        for frame in frames:
            self.conductor.feed(frame)
            self.states.append(self.conductor.state())
            said, tone = self.conductor.take_said()
            self.said += [(frame.t, one["kind"], one["text"]) for one in said]
            self.tones += [(frame.t, tone)] if tone else []
        return self

    @property
    def stages(self) -> list[str]:
        stages = [state["stage"] for state in self.states]
        return [s for i, s in enumerate(stages) if i == 0 or stages[i - 1] != s]

    def heard(self, kind: str | None = None) -> list[str]:
        return [text for _, one, text in self.said if kind in (None, one)]

    def when(self, text: str) -> float:
        return next(t for t, _, one in self.said if one == text)

    def since(self, stage: str) -> float:
        return next(state["t"] for state in self.states if state["stage"] == stage)


@pytest.fixture
def leading() -> Iterator[Callable[..., Led]]:
    """Begin to lead through an exercise; what is recorded is gone with the test."""
    with ExitStack() as stack:

        def begin(exercise: str, rest_s: float = 3.0, **how: Any) -> Led:
            loaded, tape = find(exercise), stack.enter_context(Tape())
            return Led(Conductor(loaded, dosage_of(loaded.spec, **how), rest_s, tape), tape)

        yield begin


def later(recording: Recording, by: float) -> list[PoseFrame]:
    return [PoseFrame(g.t + by, g.image, g.world, g.width, g.height) for g in recording]


def still(pose: f.Figure, begin: float, end: float, fps: float = 15.0, **camera) -> list[PoseFrame]:
    return [pose.frame(float(t), **camera) for t in np.arange(begin, end, 1 / fps)]


# -- the course ------------------------------------------------------------------------------------


def test_a_recorded_set_goes_from_the_camera_check_to_the_end(leading):
    recording = Recording.load(DATA / "bridge_correct.npz")
    led = leading("bridge", times=3, hold_s=0).feed(recording)
    assert led.stages == ["setup", "countdown", "active", "finished"]
    assert led.conductor.ended_by == "dosage"
    assert led.heard("count") == ["3", "2", "1", "1", "2. One more.", "3"]
    assert led.heard("stage") == [spoken.READY, "3 times.", spoken.DONE]
    assert [tone for _, tone in led.tones] == ["start", "repetition", "repetition", "end"]
    assert led.states[-1]["counts"] == {"both": 3}
    assert led.states[-1]["todo"] == 0
    active = [state for state in led.states if state["stage"] == "active"]
    assert max(state["range"] for state in active) >= 1.0
    assert min(state["range"] for state in active) < 0.2


def test_the_countdown_lasts_and_is_told(leading):
    led = leading("bridge", times=1).feed(bridges([125.0] * 3)[0])
    began = led.since("countdown")
    assert led.since("active") - began == pytest.approx(COUNTDOWN_S, abs=0.1)
    left = [s["left_s"] for s in led.states if s["stage"] == "countdown"]
    assert left[0] == pytest.approx(COUNTDOWN_S, abs=0.1)
    assert left == sorted(left, reverse=True)


def test_who_leaves_in_the_countdown_begins_again(leading):
    lying = f.bridge(125.0)
    nobody = [PoseFrame.empty(t, 1280, 720) for t in np.arange(2.0, 8.0, 0.1)]
    led = leading("bridge", times=1)
    led.feed(still(lying, 0, 2.0)).feed(nobody).feed(still(lying, 8, 14))
    assert led.stages == ["setup", "countdown", "setup", "countdown", "active"]
    assert led.tape.recording("").t[0] > 8.0  # the first start is not part of it


def test_between_sets_there_is_a_rest_that_ends_by_itself(leading):
    recording = bridges([125.0, 175, 175, 125.0, 125.0, 175, 175])[0]
    led = leading("bridge", rest_s=6.0, sets=2, times=2, hold_s=0).feed(recording)
    assert led.stages == ["setup", "countdown", "active", "rest", "active", "finished"]
    assert led.heard("stage")[1:] == [
        "Set 1. 2 times.",
        "Set 1 is done. Rest for 6 seconds.",
        spoken.GET_READY,
        "Set 2. 2 times.",
        spoken.DONE,
    ]
    assert led.heard("count")[3:] == ["1", "2", "1", "2"]
    resting = [state for state in led.states if state["stage"] == "rest"]
    assert resting[-1]["t"] - resting[0]["t"] == pytest.approx(6.0, abs=0.1)
    assert {state["set"] for state in resting} == {2}


def test_a_rest_can_be_skipped_and_who_goes_on_sooner_is_not_held_up(leading):
    led = leading("bridge", rest_s=60.0, sets=3, times=1, hold_s=0)
    led.feed(bridges([125.0, 175.0])[0])
    assert led.conductor.stage == "rest"
    assert led.conductor.skip_rest()
    assert not led.conductor.skip_rest()
    assert led.conductor.stage == "active"
    led.feed(later(bridges([175.0])[0], 20.0))
    assert led.conductor.stage == "rest"
    led.feed(later(bridges([175.0])[0], 30.0))  # without waiting for the end of it
    assert led.conductor.ended_by == "dosage"


def test_who_leaves_is_waited_for(leading):
    lying, standing = f.bridge(125.0), f.standing()
    led = leading("bridge", times=5)
    led.feed(still(lying, 0, 6)).feed(still(standing, 6, 20)).feed(still(lying, 20, 24))
    assert led.stages == ["setup", "countdown", "active", "away", "active"]
    assert led.when(spoken.AWAY) == pytest.approx(6 + AWAY_S, abs=1.5)
    assert led.when(spoken.AGAIN) == pytest.approx(20, abs=3)  # might be somebody else
    led.feed(still(standing, 24, 24 + GONE_S + 3))
    assert led.conductor.ended_by == "away"
    assert led.states[-1]["stage"] == "finished"


def test_somebody_out_of_the_picture_is_waited_for_as_well(leading):
    led = leading("bridge", times=5).feed(still(f.bridge(125.0), 0, 6))
    nobody = [PoseFrame.empty(t, 1280, 720) for t in np.arange(6, 18, 0.1)]
    led.feed(nobody)
    assert led.conductor.stage == "away"


def test_a_pause_is_not_part_of_a_hold(leading):
    led = leading("plank", times=1, hold_s=30).feed(still(f.plank(), 0, 8))
    led.conductor.pause()
    led.feed(still(f.plank(), 8, 60))
    assert led.states[-1]["stage"] == "paused"
    led.conductor.go_on()
    led.feed(still(f.plank(), 60, 70))
    led.conductor.end("you")
    engine = led.conductor.reviewer.engine
    engine.finish()
    assert [round(hold.held_s) for hold in engine.holds] == [8, 10]
    assert led.tape.frames < 300  # and not recorded


def test_a_gap_without_frames_is_not_held(leading):
    led = leading("plank", times=1, hold_s=30)
    led.feed(still(f.plank(), 0, 8)).feed(still(f.plank(), 40, 50))
    assert led.conductor.session.next is not None
    assert [round(hold.held_s) for hold in led.conductor.reviewer.engine.holds] == [8]


def test_hurt_ends_at_once_and_says_nothing_else(leading):
    led = leading("bridge", times=5).feed(bridges([175.0])[0])
    led.conductor.end("hurt")
    assert led.conductor.take_said() == ([{"kind": "stop", "text": spoken.HURT}], "end")
    led.conductor.end("you")
    assert led.conductor.ended_by == "hurt"


# -- before ----------------------------------------------------------------------------------------


def test_who_lies_with_straight_legs_is_told_what_to_do_about_it(leading):
    led = leading("bridge").feed(still(f.bridge(178, knee=176), 0, 8))
    advice = [text for _, kind, text in led.said if kind == "advice"]
    assert advice == ["Bend your knees and put your feet flat on the floor."]


def test_who_stands_is_told_to_get_into_position_before_the_camera_is_judged(leading):
    led = leading("bridge").feed(still(f.standing(), 0, 20))
    checks = {check["id"]: check["ok"] for check in led.states[-1]["checks"]}
    assert checks == {"seen": True, "whole": None, "near": None, "place": None, "position": False}
    advice = [(round(t), text) for t, kind, text in led.said if kind == "advice"]
    assert advice == [(t, "Get into position: supine, knees bent.") for t in (2, 10, 18)]


def test_nobody_is_told_to_step_into_the_picture(leading):
    led = leading("bridge").feed(PoseFrame.empty(t, 640, 480) for t in np.arange(0, 5, 0.1))
    assert led.states[-1]["checks"][0]["ok"] is False
    assert led.heard("advice") == [
        "No one detected. Make sure your whole body is in frame and well lit."
    ]


KNEELING = f.plank(180, on_knees=True)  # timed from the side only


@pytest.mark.parametrize(
    ("exercise", "pose", "camera", "check", "advice"),
    [
        ("knee_plank", KNEELING, {"yaw": -85}, "place", "Turn so that your side faces the camera."),
        (
            "bridge",
            f.bridge(125.0),
            {"scale": 0.6, "shift": (0.2, 0.4)},
            "whole",
            "Your feet are out of frame: move",
        ),
        (
            "bridge",
            f.bridge(125.0),
            {"scale": 0.06},
            "near",
            "Come closer: you are too small in the frame.",
        ),
    ],
)
def test_what_is_wrong_is_told_and_nothing_begins_until_it_is_right(
    leading, exercise, pose, camera, check, advice
):
    led = leading(exercise, times=1).feed(still(pose, 0, 6, **camera))
    assert led.stages == ["setup"]
    assert next(c for c in led.states[-1]["checks"] if c["id"] == check)["ok"] is False
    assert led.heard("advice")[0].startswith(advice)
    led.feed(still(pose, 6, 14))
    # A hold begins at once.
    counted_in = ["countdown"] if exercise == "bridge" else []
    assert led.stages == ["setup", *counted_in, "active"]


def test_the_map_of_camera_positions_is_of_help_until_form_can_be_judged(leading):
    def shown(*frames: PoseFrame) -> list[str]:
        led = leading("knee_plank").feed(frames)
        return [check["id"] for check in led.states[-1]["checks"] if check["map"]]

    assert shown(*still(KNEELING, 0, 3, yaw=85)) == ["place"]  # refused
    assert shown(*still(KNEELING, 0, 0.3)) == []
    assert shown(*still(f.standing(), 0, 3)) == []  # the camera cannot be judged yet
    # Counted, not judged.
    led = leading("bridge").feed(still(f.bridge(125.0), 0, 0.3, yaw=63, scale=0.45))
    assert [check["id"] for check in led.states[-1]["checks"] if check["map"]] == ["place"]


def test_where_counting_is_all_that_the_camera_allows_it_begins(leading):
    led = leading("bridge", times=1).feed(still(f.bridge(125.0), 0, 8, yaw=63, scale=0.45))
    assert led.stages == ["setup", "countdown", "active"]
    assert not any("Turn so that" in text for text in led.heard("advice"))


@pytest.mark.parametrize(
    ("quarters", "advice"),
    [
        (1, "The picture is on its side. Turn the phone or the camera upright."),
        (2, "The picture is upside down. Turn the phone or the camera round."),
        (3, "The picture is on its side. Turn the phone or the camera upright."),
    ],
)
def test_a_picture_that_is_not_upright_is_told(leading, quarters, advice):
    lying = [frame.turned(quarters) for frame in still(f.bridge(125.0), 0, 12)]
    led = leading("bridge").feed(lying)
    assert led.stages == ["setup"]
    assert advice in led.heard("advice")
    led.feed(still(f.bridge(125.0), 12, 20))  # with the phone put right
    assert led.stages[-1] == "active"


@pytest.mark.parametrize("exercise", ["bridge", "gluteal_set", "press_up", "plank"])
def test_who_stands_is_not_told_to_turn_the_picture(leading, exercise):
    led = leading(exercise).feed(still(f.standing(), 0, 10))
    assert not any("picture is" in text for text in led.heard("advice"))


def test_a_key_starts_whatever_the_camera_check_says(leading):
    led = leading("bridge", times=1).feed(still(f.standing(), 0, 2))
    led.conductor.start()
    led.feed(still(f.standing(), 2, 4)).feed(still(f.bridge(125.0), 4, 6))
    assert led.stages == ["setup", "countdown", "active"]


# -- holds and guided exercises --------------------------------------------------------------------


def test_a_hold_is_timed_from_the_position_on_and_its_end_is_told(leading):
    down = f.plank(line=150.0)
    led = leading("plank", times=2, hold_s=5)
    led.feed(still(f.plank(), 0, 8)).feed(still(down, 8, 11)).feed(still(f.plank(), 11, 18))
    (first,) = led.conductor.reviewer.engine.holds
    assert first.start_s < 0.5  # what came before the start was not lost
    assert led.when(spoken.held(5)) == pytest.approx(first.start_s + 5.0, abs=0.1)
    assert [tone for _, tone in led.tones] == ["start", "hold", "start", "hold"]
    assert led.heard("stage")[:3] == ["2 times, held for 5 seconds.", spoken.HOLD, spoken.held(5)]
    # It counts for what is shown as soon as it is long enough.
    shown = [state["todo"] for state in led.states if state["stage"] == "active"]
    assert list(dict.fromkeys(shown)) == [2, 1, 0]
    led.feed(still(down, 18, 20))
    assert led.conductor.ended_by == "dosage"


def test_who_does_not_come_out_of_the_last_hold_is_not_kept(leading):
    led = leading("plank", times=1, hold_s=5).feed(still(f.plank(), 0, 40))
    assert led.conductor.ended_by == "dosage"
    assert led.states[-1]["t"] < 30


def test_a_hold_that_was_too_short_is_told_and_done_once_more(leading):
    led = leading("plank", times=1, hold_s=20)
    led.feed(still(f.plank(), 0, 12)).feed(still(f.plank(line=150.0), 12, 14))
    assert led.heard("stage")[-1] == "11 of 20 seconds. Once more."
    assert led.heard("count") == ["10"]
    assert led.states[-1]["todo"] == 1


def test_a_guided_exercise_is_paced_and_ends_with_the_last_contraction(leading):
    led = leading("posterior_pelvic_tilt", times=2).feed(still(f.bridge(130.0), 0, 25))
    stages = led.heard("stage")
    assert stages[1:] == [spoken.CONTRACT, spoken.RELAX, spoken.CONTRACT, spoken.DONE]
    assert led.conductor.ended_by == "dosage"
    assert led.since("finished") == pytest.approx(15.0, abs=0.5)
    paces = [state["pace"] for state in led.states if state["pace"]]
    assert paces[0] == {"contract": True, "number": 1}
    assert {pace["number"] for pace in paces} == {1, 2}


def test_the_other_side_is_called(leading):
    recording = Recording.load(DATA / "bird_dog_correct.npz")
    led = leading("bird_dog", times=2, hold_s=0).feed(recording)
    assert led.conductor.ended_by == "dosage"
    assert led.heard("stage").count(spoken.OTHER_SIDE) == 1
    assert led.states[-1]["counts"] == {"left": 2, "right": 2}
    assert led.conductor.item()["sides"] == ["left", "right"]


# -- cues ------------------------------------------------------------------------------------------


def test_a_cue_is_told_with_its_landmarks_and_praised_when_it_was_followed(leading):
    recording = bridges([125.0, 150.0, 175.0, 175.0])[0]
    led = leading("bridge", times=9, hold_s=0).feed(recording)
    assert led.heard("cue") == ["Lift your hips a little higher, as far as is comfortable."]
    assert led.heard("praise") == ["Good, that's it."]
    assert [tone for _, tone in led.tones] == ["start", "attempt", "repetition", "repetition"]
    shown = [state for state in led.states if state["cue"] is not None]
    assert {state["cue"]["severity"] for state in shown} == {"minor"}
    near = [{11, 23, 25}, {12, 24, 26}]  # shoulder, hip and knee, of the side to the camera
    assert all(set(state["points"]) in near for state in shown)


def test_a_fault_of_the_posture_is_praised_when_it_is_gone_and_seen_to_be(leading):
    led = leading("plank", times=1, hold_s=60)
    led.feed(still(f.plank(), 0, 4)).feed(still(f.plank(line=168.0), 4, 9))
    assert len(led.heard("cue")) == 1
    assert led.heard("praise") == []
    led.feed(still(f.plank(line=168.0), 9, 22))
    assert len(led.heard("cue")) == 2  # still there: reminded, not praised
    led.feed(still(f.plank(), 22, 28))
    assert led.heard("praise") == ["Good, that's it."]


def test_who_comes_out_of_a_hold_is_not_praised_for_it(leading):
    led = leading("plank", times=2, hold_s=60)
    led.feed(still(f.plank(), 0, 4)).feed(still(f.plank(line=168.0), 4, 9))
    led.feed(still(f.standing(), 9, 16))
    assert len(led.heard("cue")) == 1
    assert led.heard("praise") == []


# -- what is recorded ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bridge_correct", "bird_dog_correct", "plank_sagging"])
def test_the_recording_is_reviewed_as_it_was_live(leading, name, tmp_path):
    exercise = name.rpartition("_")[0]
    frames = list(Recording.load(DATA / f"{name}.npz"))
    del frames[300:390]  # seconds without a frame
    led = leading(exercise, sets=5).feed(frames[:200])
    # The phone is turned, and back: the same body in a picture of another shape.
    turned = [fitted(frame, 720, 1280) for frame in frames[200:260]]
    led.feed(turned).feed(frames[260:])
    led.conductor.end("you")
    path = tmp_path / "it.npz"
    led.tape.recording("full").save(path)
    info = recording_info(led.tape.recording("full"), str(path), file_sha256(path))
    live = review_as_json(led.conductor.reviewer.finish(info, "full", []))
    with open_source(path) as source:
        assert review_as_json(review(source, find(exercise))) == live
    assert json.loads(live)["in_position"]


def test_nothing_is_recorded_before_it_begins(leading):
    led = leading("bridge").feed(still(f.standing(), 0, 10))
    assert led.tape.frames == 0
    assert led.conductor.reviewer is None


def test_a_turned_picture_shows_the_same_body():
    frame = f.bridge(150.0).frame(1.0)
    there = fitted(frame, frame.height, frame.width)
    assert (there.width, there.height) == (frame.height, frame.width)
    size = np.array([frame.width, frame.height])
    was = frame.image[:, :2] * size
    now = there.image[:, :2] * size[::-1]
    scale = np.ptp(now[:, 0]) / np.ptp(was[:, 0])
    np.testing.assert_allclose(now - now.mean(0), scale * (was - was.mean(0)), atol=1e-2)
    assert fitted(frame, frame.width, frame.height) is frame


# -- dosages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", [id for id, one in catalogue().items() if one.spec.kind != "avoid"])
def test_every_exercise_can_be_led(id):
    loaded = find(id)
    conductor = Conductor(loaded, dosage_of(loaded.spec), None, Tape())
    conductor.feed(f.standing().frame(0.0))
    assert json.dumps(conductor.state(), allow_nan=False)
    item = conductor.item()
    assert json.dumps(item, allow_nan=False)
    assert item["times"] >= 1
    own = Conductor(loaded, dosage_of(loaded.spec, sets=2, times=4, hold_s=7), 10, Tape())
    assert [own.item()[key] for key in ("sets", "times", "hold_s")] == [2, 4, 7]

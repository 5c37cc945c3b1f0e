"""Reviews as JSON, as a table and in words."""

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import figures as f
import numpy as np
import pytest
from rich.console import Console
from test_engine import bridges

from formcheck.body import INDEX, VISIBILITY, PoseFrame, Recording
from formcheck.engine.events import FaultResult
from formcheck.report.as_json import review_as_dict, review_as_json
from formcheck.report.exercise import exercise_list, exercise_text
from formcheck.report.summary import review_summary
from formcheck.report.table import review_as_csv
from formcheck.report.words import (
    against_dosage,
    amount,
    clock,
    guided,
    how_far,
    plain,
    repetition_labels,
    times,
)
from formcheck.review import Review, open_source, review
from formcheck.spec import catalogue, find

DATA = Path(__file__).parent / "data"


def reviewed(recording: Recording, exercise: str, folder, name: str = "clip.npz") -> Review:
    path = folder / name
    recording.save(path)
    with open_source(path) as source:
        return review(source, find(exercise))


def printed(what, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    console.print(what)
    return console.file.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reviews")


@pytest.fixture(scope="module")
def bridge(folder) -> Review:
    """A repetition, an attempt, and a repetition lowered too fast."""
    good, _ = bridges([175, 150])
    fast, _ = bridges([175], fall=0.5)
    t = np.concatenate((good.t, good.t[-1] + 1 / 30 + fast.t))
    image = np.concatenate((good.image, fast.image))
    world = np.concatenate((good.world, fast.world))
    return reviewed(Recording(t, image, world, 640, 480, "full"), "bridge", folder)


@pytest.fixture(scope="module")
def bird_dog(folder) -> Review:
    """The left leg is lifted once; the right arm's wrist is hidden."""

    def pose(t: float) -> f.Figure:
        up = f.swing(t, 2.0, 1.0, 2.0, 1.0)
        return f.on_all_fours(-90 + 90 * up, 90 + 85 * up, -90 + 90 * up, "left", "right")

    recording = f.record(pose, 8.0)
    recording.image[:, INDEX["right_wrist"], VISIBILITY] = 0.1
    return reviewed(recording, "bird_dog", folder, "bird_dog.npz")


@pytest.fixture(scope="module")
def plank(folder) -> Review:
    """Held for ten seconds, in the middle of which the hips sag for two."""

    def pose(t: float) -> f.Figure:
        return f.plank(line=180 - 35 * f.swing(t, 4.0, 0.3, 2.0, 0.3))

    return reviewed(f.record(pose, 10.0), "plank", folder, "plank.npz")


@pytest.fixture(scope="module")
def nobody(folder) -> Review:
    frames = [PoseFrame.empty(i / 30, 640, 480) for i in range(90)]
    return reviewed(f.from_frames(frames), "bridge", folder, "nobody.npz")


@pytest.fixture(scope="module")
def every(bridge, bird_dog, plank, nobody) -> list[Review]:
    return [bridge, bird_dog, plank, nobody]


# -- JSON -------------------------------------------------------------------------------------

# The contract of issue 2, key by key: what stands here may not go.
CONTRACT = {
    "": "schema exercise source engine reps repetitions holds hold_total_s hold_best_s faults"
    " not_judged camera seen_fraction in_position",
    "source": "path sha256 kind duration_s frames width height rotation_deg fps",
    "engine": "version spec_sha256 model",
    "reps": "total left right attempts",
    "repetitions": "index side counted reason start_s peak_s end_s hold_s lowering_s peak faults",
    "holds": "side start_s end_s held_s ended_by",
    "faults": "id severity message start_s end_s repetition worst limit unit",
    "not_judged": "id reason",
    "camera": "view ok advice",
}


def test_json_has_all_keys_of_the_contract(every):
    found = set()
    for one in every:
        value = review_as_dict(one)
        for where, keys in CONTRACT.items():
            part = value[where] if where else value
            for item in part if isinstance(part, list) else [part]:
                assert set(keys.split()) <= item.keys(), where
                found.add(where)
    assert found == CONTRACT.keys()


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def test_json_is_strict_and_the_same_each_time(every):
    for one in every:
        text = review_as_json(one)
        assert text.endswith("}\n")
        assert json.loads(text, parse_constant=refuse) == review_as_dict(one)
        assert text == review_as_json(one)


def test_json_of_a_bridge(bridge):
    value = review_as_dict(bridge)
    assert value["schema"] == "formcheck.review/1"
    assert value["exercise"] == "bridge"
    assert value["reps"] == {"total": 2, "left": None, "right": None, "attempts": 1}
    assert [r["counted"] for r in value["repetitions"]] == [True, False, True]
    assert [r["index"] for r in value["repetitions"]] == [0, 1, 2]
    assert value["repetitions"][0]["reason"] is None
    assert value["repetitions"][1]["reason"]
    short, fast = value["faults"]
    assert (short["id"], short["repetition"], short["wanted"]) == ("too_low", 1, "at_least")
    assert short["worst"] < short["limit"]
    assert fast["repetition"] == 2
    assert fast["message"] == find("bridge").spec.faults[1].cue
    assert value["camera"]["view"] == "side"
    assert value["camera"]["ok"] is True
    assert value["source"]["kind"] == "recording"
    assert value["engine"]["model"] == "full"
    assert value["seen_fraction"] == 1.0


def test_json_of_sides_and_of_what_was_hidden(bird_dog):
    value = review_as_dict(bird_dog)
    assert value["reps"] == {"total": 1, "left": 1, "right": 0, "attempts": 0}
    (repetition,) = value["repetitions"]
    assert repetition["side"] == "left"
    assert repetition["peak"]["arm"] is None
    assert repetition["peak"]["thigh"] == pytest.approx(0, abs=10)
    assert math.isnan(bird_dog.repetitions[0].peak["arm"])


def test_json_of_holds(plank):
    value = review_as_dict(plank)
    first, second = value["holds"]
    assert first["ended_by"] == "hips sagged"
    assert first["held_s"] == pytest.approx(first["end_s"] - first["start_s"], abs=0.002)
    assert value["hold_best_s"] == max(first["held_s"], second["held_s"])
    assert value["hold_total_s"] == pytest.approx(first["held_s"] + second["held_s"], abs=0.002)


def test_json_of_nobody(nobody):
    value = review_as_dict(nobody)
    assert value["reps"]["total"] == value["reps"]["attempts"] == 0
    assert value["holds"] == value["faults"] == value["in_position"] == []
    assert value["camera"]["view"] == "unknown"
    assert value["camera"]["ok"] is False
    assert value["camera"]["advice"]
    assert value["seen_fraction"] == 0.0


def numbers(value) -> list[float]:
    if isinstance(value, dict):
        return [n for one in value.values() for n in numbers(one)]
    if isinstance(value, list):
        return [n for one in value for n in numbers(one)]
    return [value] if isinstance(value, float) else []


def test_json_has_no_more_than_three_decimals_and_no_minus_zero(every):
    for one in every:
        for number in numbers(review_as_dict(one)):
            assert number == round(number, 3)
            assert math.copysign(1, number) == 1 or number < 0


def test_json_of_a_file_whose_name_is_not_utf8(bridge):
    odd = replace(bridge, source=replace(bridge.source, path="caf\udce9.npz"))
    assert json.loads(review_as_json(odd))["source"]["path"] == "caf?.npz"


# -- CSV --------------------------------------------------------------------------------------


def rows(one: Review) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(review_as_csv(one)), strict=True))


def test_csv_has_a_row_for_each_repetition_and_attempt(bridge):
    table, value = rows(bridge), review_as_dict(bridge)
    assert [row["kind"] for row in table] == ["repetition", "attempt", "repetition"]
    for row, repetition in zip(table, value["repetitions"], strict=True):
        assert int(row["index"]) == repetition["index"]
        for key in ("start_s", "peak_s", "end_s", "rising_s", "hold_s", "lowering_s"):
            assert float(row[key]) == repetition[key]
        assert float(row["peak_hip_deg"]) == repetition["peak"]["hip"]
        assert row["reason"] == (repetition["reason"] or "")
        assert row["faults"].split() == repetition["faults"]


def test_csv_leaves_empty_what_was_not_seen(bird_dog):
    (row,) = (row for row in rows(bird_dog) if row["kind"] == "repetition")
    assert row["peak_arm_deg"] == ""
    assert row["side"] == "left"


def test_csv_has_holds_and_at_least_a_header(plank, nobody):
    table = rows(plank)
    assert [row["kind"] for row in table] == ["hold", "hold"]
    assert table[0]["ended_by"] == "hips sagged"
    assert float(table[0]["hold_s"]) == review_as_dict(plank)["holds"][0]["held_s"]
    assert rows(nobody) == []
    assert review_as_csv(nobody).startswith("kind,index,side,")


# -- in words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [30, 40, 80, 120])
def test_nothing_is_wider_than_the_terminal(every, width):
    for one in every:
        assert max(map(len, printed(review_summary(one), width).splitlines())) <= width


def test_the_summary_is_plain_where_there_is_no_terminal(every):
    for one in every:
        assert "\x1b" not in printed(review_summary(one))


def test_the_summary_of_a_bridge(bridge):
    text = printed(review_summary(bridge))
    assert text.startswith("Bridge: 2 repetitions, 1 attempt\n")
    assert "clip.npz" in text
    assert "at your side: good for this exercise" in text
    for repetition in bridge.repetitions:
        assert clock(repetition.peak_s) in text
    assert flat(bridge.repetitions[1].reason) in flat(text)
    for fault in bridge.faults:
        assert flat(fault.message) in flat(text)
    assert "attempt 1 hip 150°, at least 160° wanted" in flat(text)
    assert "repetition 2" in text
    assert flat(text).endswith(
        "This is exercise feedback, not a diagnosis or treatment."
        " Stop if it hurts, and ask a clinician."
    )


def test_the_summary_counts_sides(bird_dog):
    text = printed(review_summary(bird_dog))
    assert text.startswith("Bird dog: 1 repetition (1 left, 0 right)")
    assert "left 1" in text


def test_the_summary_of_holds(plank):
    text = printed(review_summary(plank))
    assert text.startswith(f"Plank: held for {plank.hold_total_s:.1f} s")
    assert f"Longest {plank.hold_best_s:.1f} s, total {plank.hold_total_s:.1f} s." in text
    assert "hips sagged" in text
    assert "What to work on" in text


def test_the_summary_of_nobody_and_of_something_else(nobody, folder):
    text = printed(review_summary(nobody))
    assert text.startswith("Bridge: no one was detected")
    assert nobody.camera.advice[0] in flat(text)
    standing = reviewed(f.record(lambda t: f.standing(), 3), "bridge", folder, "standing.npz")
    text = printed(review_summary(standing))
    assert text.startswith(
        "Bridge: you were not in position (supine, knees bent): you seemed to be standing"
    )
    assert "good for this exercise" not in text
    assert "No form error" not in text
    assert "Nothing could be judged." in text


def test_in_the_right_posture_the_summary_says_what_else_it_takes(folder):
    legs_straight = f.record(lambda t: f.bridge(178, knee=176), 3)
    text = printed(review_summary(reviewed(legs_straight, "bridge", folder, "straight.npz")))
    assert flat(text).startswith(
        "Bridge: you were not in position (supine, knees bent); bend your knees and put your feet"
        " flat on the floor"
    )


def test_the_summary_says_what_was_not_judged_and_why(folder):
    recording, _ = bridges([175], yaw=50)
    one = reviewed(recording, "bridge", folder, "oblique.npz")
    text = flat(printed(review_summary(one)))
    assert one.not_judged
    for item in one.not_judged:
        assert flat(item.reason) in text


def test_the_summary_prints_names_and_warnings_as_they_are(bridge):
    source = replace(bridge.source, path="some/[bold]:smile:.npz")
    text = printed(review_summary(replace(bridge, source=source, warnings=["[red]cut off[/red]"])))
    assert "[bold]:smile:.npz" in text
    assert "[red]cut off[/red]" in text


def test_repetitions_are_numbered_as_one_counts(bridge, bird_dog):
    assert repetition_labels(bridge) == ["repetition 1", "attempt 1", "repetition 2"]
    assert repetition_labels(bird_dog) == ["left repetition 1"]


@pytest.mark.parametrize(
    ("t", "text"), [(0, "0:00.0"), (6.14, "0:06.1"), (59.97, "1:00.0"), (3725.5, "62:05.5")]
)
def test_clock(t, text):
    assert clock(t) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (148.4, "deg", "148°"),
        (-0.3, "deg", "0°"),  # no minus before a zero
        (12.0, "deg/s", "12°/s"),
        (0.649, "s", "0.6 s"),
        (0.456, "upper_arm", "0.46 upper arm lengths"),
        (math.nan, "deg", "not known"),
    ],
)
def test_amount(value, unit, text):
    assert amount(value, unit) == text


def test_counts_and_names_in_words():
    assert times(1, "repetition") == "1 repetition"
    assert times(2, "inch", "inches") == "2 inches"
    assert plain("knee_over_hip") == "knee over hip"


def fault(worst: float, limit: float, unit: str, measure: str) -> FaultResult:
    return FaultResult("x", "", "minor", "", None, 0, 1, measure, worst, limit, unit)


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (fault(148, 160, "deg", "hip"), "hip 148°, at least 160° wanted"),
        (fault(210, 203, "deg", "hip"), "hip 210°, at most 203° wanted"),
        (fault(0.4, 0.8, "s", "lowering_s"), "lowering 0.4 s, at least 0.8 s wanted"),
        (fault(159.8, 160, "deg", "hip"), "hip just below 160°"),  # not "160°, at least 160°"
    ],
)
def test_how_far(one, text):
    assert how_far(one) == text


@pytest.mark.parametrize(
    ("exercise", "clip", "said"),
    [
        (
            "bridge",
            "bridge_correct",
            "Document 002 begins with 10 times, held for 5 s. Done: 5 of 10; 5 of them held for"
            " less.",
        ),
        (
            "bird_dog",
            "bird_dog_correct",
            "Document 002 begins with 3 times, held for 5 s on each side."
            " Done: left 2 of 3, right 2 of 3; 4 of them held for less.",
        ),
        (
            "plank",
            "plank_correct",
            "Document 001 begins with 3 times, held for 5 s. Done: 1 of 3 held for 5 s.",
        ),
    ],
)
def test_what_was_done_is_held_against_the_gentlest_dosage(exercise, clip, said):
    with open_source(DATA / f"{clip}.npz") as source:
        assert against_dosage(review(source, find(exercise))) == said


def test_a_guided_exercise_tells_the_time_and_claims_no_contraction(tmp_path):
    f.record(lambda t: f.bridge(130), 21).save(tmp_path / "lying.npz")
    with open_source(tmp_path / "lying.npz") as source:
        done = review(source, find("posterior_pelvic_tilt"))
    # 20.9 s in the posture: two rounds of 5 s on and 5 s off
    assert done.contractions == 2
    assert "time for 2 contractions of 5 s" in guided(done)
    assert "only you can say" in guided(done)
    assert against_dosage(done) is None
    told = json.loads(review_as_json(done))["guided"]
    assert told == {"contract_s": 5, "rest_s": 5, "time_for": 2, "self_reported": True}


# -- exercises --------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", catalogue())
@pytest.mark.parametrize("width", [40, 100])
def test_an_exercise_in_words_has_all_that_is_told(exercise, width):
    spec = find(exercise).spec
    text = printed(exercise_text(spec), width)
    assert max(map(len, text.splitlines())) <= width
    told = [spec.name, spec.summary, *spec.cautions]
    told += [camera.text for camera in spec.cameras.values()]
    told += [rule.cue for rule in spec.faults] + [rule.reason for rule in spec.not_judged]
    told += [f"Document {one.document}" for one in spec.dosage]
    told += list(spec.instructions) if width == 100 else []  # indented, where they are wrapped
    for part in told:
        assert flat(part) in flat(text)


def test_the_list_of_exercises():
    specs = [loaded.spec for loaded in catalogue().values()]
    text = printed(exercise_list(specs), 82)
    for spec in specs:
        assert f"{spec.id} " in text
        assert spec.name in text

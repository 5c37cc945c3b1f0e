"""Specs: what is refused, and how it is told."""

import json

import pytest
import yaml

from formcheck import spec as specs
from formcheck.errors import FormcheckError


def bridge_text() -> str:
    return (specs.specs_folder() / "bridge.yaml").read_text()


def broken(old: str, new: str) -> str:
    text = bridge_text()
    assert old in text
    return text.replace(old, new, 1)


def line_with(text: str, part: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)


def message(text: str) -> str:
    with pytest.raises(FormcheckError) as error:
        specs.parse(text, "my.yaml")
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("exercise", ["bridge", "bird_dog", "plank", "knee_plank"])
def test_the_promised_exercises_are_there(exercise):
    loaded = specs.find(exercise)
    assert loaded.spec.id == exercise
    assert len(loaded.sha256) == 64


@pytest.mark.parametrize("loaded", specs.catalogue().values(), ids=lambda x: x.spec.id)
def test_every_threshold_has_a_reason_and_every_fault_a_cue(loaded):
    for where, condition in loaded.spec._conditions():
        assert len(condition.why) > 10, where
    for fault in loaded.spec.faults:
        assert len(fault.why) > 10, fault.id
        assert fault.cue.endswith("."), fault.id
    for camera in loaded.spec.cameras.values():
        assert len(camera.why) > 10
    if loaded.spec.repetition:
        rep = loaded.spec.repetition
        for threshold in (rep.rest, rep.leave, rep.reach, rep.top_margin, rep.attempt):
            assert len(threshold.why) > 10
        # about 5 deg, or a twentieth of a thigh
        least = 10 if rep.top_margin.unit == "deg" else 0.1
        assert rep.top_margin.value >= least, "hysteresis must exceed the tracker's error"
    assert loaded.spec.dosage
    assert loaded.spec.cautions


def test_an_unknown_key_is_refused_with_its_line():
    text = broken("  least_s: 0.6", "  leest_s: 0.6")
    told = message(text)
    assert told.startswith(f"my.yaml, line {line_with(text, 'leest_s')}: repetition.leest_s:")
    assert "not known" in told


def test_a_missing_key_is_named():
    told = message(broken("show: hip\n", ""))
    assert "show" in told
    assert "missing" in told


def test_a_wrong_value_is_told_with_its_line():
    text = broken("within_deg: 35", "within_deg: wide")
    assert message(text).startswith(
        f"my.yaml, line {line_with(text, 'wide')}: cameras.side.within_deg:"
    )


def test_a_misspelt_measure_is_told_with_the_nearest():
    told = message(broken("{measure: knee_over_hip,", "{measure: knee_over_hop,"))
    assert "gate.conditions" in told
    assert "did you mean 'knee_over_hip'?" in told


def test_a_wrong_unit_is_told():
    told = message(broken("margin: 15, unit: deg", "margin: 15, unit: rad"))
    assert "'knee_in_space' is in 'deg', not in 'rad'" in told


def test_a_point_that_does_not_exist_is_told_with_its_line():
    text = broken("points: [near_hip, near_shoulder]", "points: [near_hip, near_sholder]")
    told = message(text)
    assert told.startswith(f"my.yaml, line {line_with(text, 'near_sholder')}: measures.trunk")
    assert "there is no point 'near_sholder'" in told


def test_a_key_given_twice_is_refused():
    text = broken("show: hip\n", "show: hip\nshow: knee\n")
    assert (
        message(text)
        == f"my.yaml, line {line_with(text, 'show: knee')}: the key 'show' stands twice"
    )


def test_a_camera_that_does_not_exist_is_refused():
    assert "there is no camera 'roof'" in message(
        broken("cameras: [side, elsewhere]", "cameras: [roof]")
    )


def test_own_needs_sides():
    assert "needs `sides: each`" in message(broken("near_ankle]}", "own_ankle]}"))


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "a: [1, 2\n", "just words", "a: b: c\n", "\t"])
def test_what_is_no_spec_is_refused_in_one_line(text):
    assert message(text).startswith("my.yaml")


def test_unknown_exercises_are_answered_with_the_nearest_names():
    with pytest.raises(FormcheckError, match="did you mean bridge"):
        specs.find("brigde")
    with pytest.raises(FormcheckError, match="bird_dog"):
        specs.find("bird-dogs")


def test_an_exercise_is_found_by_its_name_too():
    assert specs.find("Bird dog").spec.id == "bird_dog"


def test_a_spec_file_can_be_named(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(bridge_text())
    assert specs.find(str(path)).spec.id == "bridge"
    with pytest.raises(FormcheckError, match="cannot read it"):
        specs.find(str(tmp_path / "none.yaml"))


def test_the_json_schema_knows_every_key_of_a_spec():
    schema = json.loads(specs.json_schema())
    data = yaml.safe_load(bridge_text())
    assert set(data) <= set(schema["properties"])
    assert schema["additionalProperties"] is False

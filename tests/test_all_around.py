"""Rendered people filmed from where nobody expected a camera: counted, timed, and not blamed.

The clips are views of the map (`benchmarks/view_map.py`): the exercise is done correctly by a body
that no threshold was chosen on. Each was refused or wrongly judged once.
"""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy import RENDERED, Clip
from benchmarks.packed import SUFFIX, unpack
from benchmarks.view_map import View, measure
from formcheck.engine.core import Engine
from formcheck.recognise import together
from formcheck.report.words import result
from formcheck.review import open_source, review
from formcheck.spec import catalogue, find

DATA = Path(__file__).parent / "data"


def measured(exercise: str, key: str):
    recording, truth = unpack(DATA / f"{exercise}_{key}{SUFFIX}")
    assert View.of(exercise, key).file(DATA).exists()
    return measure(Clip(key, truth, recording), catalogue()[exercise].spec)


@pytest.mark.parametrize(
    ("exercise", "key"),
    [
        ("single_knee_to_chest", "table_030_b8"),
        ("double_knee_to_chest", "table_330_b8"),
        ("supine_hamstring_stretch", "table_030_b8"),
        ("plank", "table_030_b8"),
        ("double_leg_lift", "table_210_b8"),
        ("pelvic_tilt", "table_210_b8"),
        ("seated_trunk_rotation", "table_030_b8"),
        ("doorway_chest_stretch", "table_120_b8"),
        ("hip_flexor_stretch_kneeling", "table_240_b8"),
        ("cat_cow", "standing_060_b8"),
        ("press_up", "table_120_b8"),
        ("clamshell", "table_180_b8"),
        ("clamshell", "table_300_b8"),
        ("bird_dog", "table_210_b8"),
        ("curl_up_arms_reach", "table_060_b8"),
        ("piriformis_stretch_crossed_pull", "table_030_b8"),
        ("piriformis_stretch_thigh_press", "table_060_b8"),
        ("seated_trunk_rotation", "table_180_b8"),
        ("sit_up", "table_180_b8"),
    ],
)
def test_a_plain_movement_is_counted_or_timed_from_there(exercise, key):
    found = measured(exercise, key)
    assert found["claimed"]
    assert found["counted"], found.get("hold_s", found.get("repetitions"))
    own = [error for error in found["false_alarms"] if error != exercise]
    assert not own


def test_a_view_that_none_of_the_set_ups_fits_judges_no_form():
    found = measured("double_knee_to_chest", "table_330_b8")
    assert found["setup"] is None
    assert found["judged"] == []


def test_that_nothing_was_seen_from_elsewhere_is_not_said_to_be_a_count(tmp_path):
    # Lying still before the first repetition: as long as it takes to be in position.
    recording, _ = unpack(DATA / f"double_leg_lift_table_210_b8{SUFFIX}")
    still = recording[: int(np.searchsorted(recording.t, 1.2))]
    path = tmp_path / "still.npz"
    still.save(path)
    with open_source(path) as source:
        one = review(source, find("double_leg_lift"))
    assert one.in_position and not one.repetitions
    reason = {item.id: item.reason for item in one.not_judged}["repetitions"]
    assert reason.startswith("None was seen, but from where the camera stood they may not show.")
    assert result(one).startswith("could not be counted from this angle")


def test_that_nothing_was_seen_from_where_it_shows_is_a_count_of_none():
    recording, _ = unpack(RENDERED / f"double_leg_lift_correct_side_left_b6{SUFFIX}")
    engine = Engine(catalogue()["double_leg_lift"].spec)
    together(recording[: int(np.searchsorted(recording.t, 1.2))], [engine])
    assert engine.in_position and not engine.repetitions
    assert "repetitions" not in {item.id for item in engine.not_judged()}

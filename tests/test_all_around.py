"""Rendered people filmed from where nobody expected a camera: counted, timed, and not blamed.

The clips are views of the map (`benchmarks/view_map.py`): the exercise is done correctly by a body
that no threshold was chosen on. Each was refused or wrongly judged once.
"""

from pathlib import Path

import pytest

from benchmarks.accuracy import Clip
from benchmarks.packed import SUFFIX, unpack
from benchmarks.view_map import View, measure
from formcheck.spec import catalogue

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
        ("curl_up_arms_reach", "table_060_b8"),
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

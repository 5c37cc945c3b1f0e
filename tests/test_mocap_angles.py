"""The trunk's turn against motion capture."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks import mocap_angles as mocap
from benchmarks.readme import get
from formcheck.body import INDEX, Recording


def vicon(turn_deg: np.ndarray, lower_trunk_deg: np.ndarray) -> np.ndarray:
    """Make (T, 17, 7) of somebody whose shoulders and lower trunk turn to the left, thighs still.

    The shoulders begin askew by 7 degrees, the thighs by 3 the other way.
    """
    made = np.zeros((len(turn_deg), 17, 7))
    made[:, :, 6] = 1.0

    def line(pair: tuple[int, int], degrees: np.ndarray) -> None:
        angle = np.radians(degrees)
        # Ahead is x, to the left is y: turned to the left, the left end goes back.
        across = np.stack([-np.sin(angle), np.cos(angle), np.zeros_like(angle)], axis=1)
        made[:, pair[0], :3], made[:, pair[1], :3] = -120 * across, 120 * across

    line(mocap.SHOULDERS, turn_deg + 7.0)
    line(mocap.THIGHS, np.full(len(turn_deg), -3.0))
    half = np.radians(lower_trunk_deg) / 2
    made[:, mocap.LOWER_TRUNK, 3:] = np.stack(
        [np.zeros_like(half), np.zeros_like(half), np.sin(half), np.cos(half)], axis=1
    )
    return made


TURN = np.concatenate([np.zeros(40), np.linspace(0, 50, 40), np.linspace(50, -60, 80)])


def test_the_true_turn_is_from_where_the_person_began_and_to_the_left():
    assert mocap.true_turn(vicon(TURN, 0 * TURN)) == pytest.approx(TURN)


def test_a_lower_trunk_that_turns_along_is_left_out():
    found = mocap.true_turn(vicon(TURN, TURN / 4), against_lower_trunk=True)
    assert found == pytest.approx(0.75 * TURN)


@pytest.mark.parametrize("lag_s", [-0.4, 0.0, 0.15])
def test_the_lag_is_found_though_the_turn_is_read_low_and_with_gaps(lag_s):
    t = np.arange(0.0, 4.0, 1 / 20)
    at = np.arange(len(TURN)) / mocap.VICON_HZ
    read = 0.5 * np.interp(t - lag_s, at, TURN) + 3.0
    read[10:14] = np.nan
    assert mocap.lag_of(t, read, TURN) == pytest.approx(lag_s, abs=0.026)


def test_a_rebuilt_body_is_as_large_as_the_tracker_makes_people_and_its_depth_is_scaled():
    image = np.zeros((1, 33, 5), np.float32)
    for side, x in (("left", 0.6), ("right", 0.5)):
        image[0, INDEX[f"{side}_hip"], :2] = x, 0.7
        image[0, INDEX[f"{side}_shoulder"], :2] = x, 0.5
    image[0, INDEX["left_shoulder"], 2] = 0.1
    image[0, INDEX["right_shoulder"], 2] = -0.1
    recording = Recording(np.zeros(1), image, np.full((1, 33, 3), np.nan, np.float32), 960, 540)
    world = mocap.rebuilt(recording, depth=0.5).world[0]
    left, right = world[INDEX["left_shoulder"]], world[INDEX["right_shoulder"]]
    assert (left + right) / 2 == pytest.approx([0.0, -0.5, 0.0], abs=1e-6)
    # A tenth of the width across, a fifth of it in depth, of which half is taken.
    assert (left - right)[[0, 2]] * 108 / 0.5 == pytest.approx([96.0, 96.0], rel=1e-5)


def test_the_page_shows_what_was_measured():
    # Run `python -m benchmarks.mocap_angles` when this fails.
    result = json.loads(mocap.RESULTS.read_text())
    assert get("mocap", mocap.PAGE) == mocap.as_markdown(result)
    assert mocap.FIGURE.read_text() == mocap.figure(result["bins"])


@pytest.fixture(scope="module")
def takes() -> list[mocap.Take]:
    if not mocap.paths():
        pytest.skip("../shared/independent, with the motion capture, is not here")
    return [mocap.take(path) for path in mocap.paths()[::4]]


def test_the_turn_is_read_to_the_right_side_and_in_time(takes):
    # Were the recordings not mirrored back, the two would run against each other.
    for one in takes:
        seen = np.isfinite(one.read)
        assert seen.mean() > 0.7
        assert np.corrcoef(one.read[seen], one.true[seen])[0, 1] > 0.9
        assert abs(one.lag_s) < 0.2


def test_the_figures_still_hold(takes):
    # Of every fourth take, so within what takes differ by.
    told = json.loads(mocap.RESULTS.read_text())["turn"]
    for name, part in mocap.PARTS.items():
        now = mocap.off(takes, *part)
        assert now["bias"] == pytest.approx(told[name]["bias"], abs=3.0), name
        assert now["mae"] <= told[name]["mae"] + 2.0, name

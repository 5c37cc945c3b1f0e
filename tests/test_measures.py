"""The vocabulary of measures on a figure whose angles are known."""

import math
from dataclasses import replace

import figures as f
import numpy as np
import pytest
from pydantic import TypeAdapter

from formcheck.engine.sight import Sight
from formcheck.measures import UNKNOWN, Measure, Seen, Values, check_point

HIP = {"kind": "line_angle", "points": ["near_shoulder", "near_hip", "near_knee"]}


def look(figure: f.Figure, **camera) -> Seen:
    """A still figure, looked at for a while."""
    sight = Sight()
    for i in range(5):
        seen = sight(figure.frame(i / 30, **camera)).seen
    assert seen is not None
    return seen


def value(definition: dict, seen: Seen, side=None, camera=None, **others: dict):
    """Evaluate one measure (and those that it is made of, first)."""
    values = of_a_spec({**others, "it": definition}, side)
    values.look(seen, camera)
    return values["it"]


def of_a_spec(measures: dict[str, dict], side=None) -> Values:
    """The measures of a spec, by their definitions."""
    return Values(TypeAdapter(dict[str, Measure]).validate_python(measures), side)


def points(*names: str) -> list[str]:
    return [name.replace("~", "near_") for name in names]


@pytest.mark.parametrize("hip", [110, 150, 180, 205])
def test_line_angle_reads_the_bridge(hip):
    got = value(
        {"kind": "line_angle", "points": points("~shoulder", "~hip", "~knee")}, look(f.bridge(hip))
    )
    assert got.clear
    assert got.value == pytest.approx(hip, abs=0.5)


def test_joint_angle_in_picture_and_space_agree_for_a_true_side_view():
    seen = look(f.bridge(160, knee=85))
    one = {"kind": "joint_angle", "points": points("~hip", "~knee", "~ankle")}
    assert value(one, seen).value == pytest.approx(85, abs=0.5)
    assert value({**one, "space": "world"}, seen).value == pytest.approx(85, abs=0.5)


def test_space_does_not_change_with_the_view_where_the_picture_does():
    one = {"kind": "joint_angle", "points": points("~hip", "~knee", "~ankle")}
    oblique = look(f.bridge(160, knee=85), yaw=50)
    assert value({**one, "space": "world"}, oblique).value == pytest.approx(85, abs=0.5)
    assert abs(value(one, oblique).value - 85) > 5


def test_own_and_other_follow_the_side():
    seen = look(f.on_all_fours(thigh=-10, knee=170, lifted="left"))
    thigh = {"kind": "elevation", "points": ["own_hip", "own_knee", "mid_shoulder", "mid_hip"]}
    assert value(thigh, seen, side="left").value == pytest.approx(-10, abs=0.5)
    assert value(thigh, seen, side="right").value == pytest.approx(-90, abs=0.5)


def test_distances_are_in_body_lengths():
    seen = look(f.on_all_fours())
    lift = {"kind": "lift", "points": ["near_hip", "near_knee"], "length": "thigh"}
    assert value(lift, seen).value == pytest.approx(1.0, abs=0.01)
    apart = {"kind": "separation", "points": ["near_shoulder", "near_hip"], "length": "trunk"}
    assert value(apart, seen).value == pytest.approx(1.0, abs=0.01)
    assert value({**lift, "length": "trunk"}, seen).value == pytest.approx(
        f.THIGH / f.TRUNK, abs=0.01
    )


@pytest.mark.parametrize("turn", [lambda x: x, f.turned_round])
def test_ahead_is_headwards_whichever_way_the_person_lies(turn):
    seen = look(turn(f.plank(ahead=20)))
    ahead = {"kind": "ahead", "points": ["near_shoulder", "near_elbow"], "length": "upper_arm"}
    assert value(ahead, seen).value == pytest.approx(math.sin(math.radians(20)), abs=0.01)


def test_balance_is_where_the_weight_is_over_the_feet():
    one = {"kind": "balance", "length": "shank"}
    standing, seated = f.upright(), f.upright(thigh=90, arm=80, elbow=175)
    squatting = f.upright(40, thigh=105, shank=33, arm=80, elbow=175)
    assert 0.0 < value(one, look(standing)).value < 0.4  # of 0.43 from the heels to the toes
    assert value(one, look(seated)).value < 0.0  # nobody could stay there without a chair
    assert 0.1 < value(one, look(squatting)).value < 0.5
    for figure in (standing, seated, squatting):
        in_space = [
            value({**one, "space": "world"}, look(figure, yaw=yaw)).value for yaw in (0, 50)
        ]
        assert in_space[0] == pytest.approx(in_space[1], abs=0.02)


def test_derived_measures():
    seen = look(f.bridge(150, knee=90))
    parts = {
        "hip": {"kind": "line_angle", "points": ["near_shoulder", "near_hip", "near_knee"]},
        "knee": {"kind": "joint_angle", "points": ["near_hip", "near_knee", "near_ankle"]},
    }
    assert value(
        {"kind": "difference", "of": ["knee", "hip"]}, seen, **parts
    ).value == pytest.approx(-60, abs=1)
    assert value({"kind": "smallest", "of": ["knee", "hip"]}, seen, **parts).value == pytest.approx(
        90, abs=1
    )
    assert value({"kind": "largest", "of": ["knee", "hip"]}, seen, **parts).value == pytest.approx(
        150, abs=1
    )
    turned = value({"kind": "opposite", "of": ["knee"]}, seen, **parts)
    assert turned.value == pytest.approx(-90, abs=1)
    less = {"less": {"kind": "difference", "of": ["knee", "hip"]}}
    assert value({"kind": "size", "of": ["less"]}, seen, **parts, **less).value == pytest.approx(
        60, abs=1
    )


def test_along_is_measured_in_the_direction_of_two_points():
    # hook lying: the knee from the hip towards the shoulder is a thigh's length times cos 125 deg
    seen = look(f.supine(thigh=125))
    it = {
        "kind": "along",
        "points": points("~knee", "~hip", "~hip", "~shoulder"),
        "length": "thigh",
    }
    towards_feet = {**it, "points": points("~knee", "~hip", "~shoulder", "~hip")}
    assert value(it, seen).value == pytest.approx(math.cos(math.radians(125)), abs=0.01)
    assert value(towards_feet, seen).value == pytest.approx(math.cos(math.radians(55)), abs=0.01)


def test_a_measure_can_have_a_floor():
    seen = look(f.bridge(150))
    hip = {"kind": "line_angle", "points": ["near_shoulder", "near_hip", "near_knee"]}
    floor = {"kind": "floor", "of": ["hip"]}
    assert value({**floor, "at": 140}, seen, hip=hip).value == pytest.approx(150, abs=1)
    assert value({**floor, "at": 160}, seen, hip=hip).value == 160


def test_speed_is_per_second_whatever_the_frame_rate():
    for fps in (15, 30, 60):
        values, sight = of_a_spec({"hip": HIP, "speed": {"kind": "speed", "of": ["hip"]}}), Sight()
        for i in range(fps):
            # It follows every frame, though it is asked for at the end only.
            values.look(sight(f.bridge(120 + 20 * i / fps).frame(i / fps)).seen, None)
        assert values["speed"].value == pytest.approx(20, abs=1.5), f"at {fps} frames/s"


@pytest.mark.parametrize(("patience_s", "kept"), [(12, False), (45, True)])
def test_a_middle_is_kept_for_as_long_as_its_patience(patience_s, kept):
    """Rest at 120 deg, then a stretch of 20 s at 150."""
    middle = {"kind": "from_middle", "of": ["hip"], "near": 6, "patience_s": patience_s}
    values, sight = of_a_spec({"hip": HIP, "middle": middle}), Sight()
    for i in range(23 * 5):
        hip = 120 if i < 3 * 5 else 150
        values.look(sight(f.bridge(hip).frame(i / 5)).seen, None)
    assert values["middle"].value == pytest.approx(30 if kept else 0, abs=2)


def test_a_middle_begins_once_the_tracker_has_settled():
    middle = {"kind": "from_middle", "of": ["hip"], "near": 6, "settles_s": 0.5}
    values, sight = of_a_spec({"hip": HIP, "middle": middle}), Sight()
    for i in range(2 * 30):
        hip = 140 if i < 6 else 120  # a fifth of a second of somebody first seen
        values.look(sight(f.bridge(hip).frame(i / 30)).seen, None)
    assert values["middle"].value == pytest.approx(0, abs=2)


def test_a_measure_by_camera_is_that_of_the_set_up_that_fits():
    trunk = {"kind": "inclination", "points": points("~hip", "~shoulder")}
    either = {"kind": "by_camera", "cameras": {"side": "hip", "front": "trunk"}}
    seen = look(f.bridge(150))

    def read(camera):
        return value(either, seen, camera=camera, hip=HIP, trunk=trunk)

    assert read("side") == value(HIP, seen)
    assert read("front") == value(trunk, seen)
    assert read(None) == read("behind") == UNKNOWN


def test_without_a_frame_all_is_unknown():
    values = of_a_spec({"hip": HIP})
    assert values["hip"] == UNKNOWN  # before the first frame
    values.look(look(f.bridge(150)), None)
    assert values.known()["hip"] == pytest.approx(150, abs=1)
    values.look(None, None)
    assert values["hip"] == UNKNOWN
    assert math.isnan(values.known()["hip"])


def test_turn_reads_shoulders_against_hips():
    seen = look(f.standing())
    world = np.array(seen.world)
    turn = {"kind": "turn"}
    assert value(turn, seen).value == pytest.approx(0, abs=0.5)
    angle = np.radians(30)
    spin = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    for side in ("left", "right"):
        i = f.INDEX[f"{side}_shoulder"]
        world[i] = spin @ world[i]
    assert abs(value(turn, replace(seen, world=world)).value) == pytest.approx(30, abs=0.5)


def test_what_is_not_seen_is_unknown_and_what_is_guessed_is_not_clear():
    figure = f.bridge(150)
    frame = figure.frame()
    knee = f.INDEX["left_knee"]
    frame.image[knee, 3] = 0.2
    seen = Sight()(frame).seen
    assert value(HIP, seen).value == pytest.approx(150, abs=1)
    assert not value(HIP, seen).clear
    assert math.isnan(value(HIP, seen).known)
    for column, bad in ((0, 1.2), (1, -0.1), (4, 0.1), (0, math.nan)):
        frame = figure.frame()
        frame.image[knee, column] = bad
        got = value(HIP, Sight()(frame).seen)
        assert math.isnan(got.value)
        assert not got.clear


def test_unknown_parts_make_unknown_wholes():
    frame = f.bridge(150).frame()
    frame.image[f.INDEX["left_ankle"], 4] = 0.0
    seen = Sight()(frame).seen
    parts = {
        "hip": {"kind": "line_angle", "points": ["near_shoulder", "near_hip", "near_knee"]},
        "knee": {"kind": "joint_angle", "points": ["near_hip", "near_knee", "near_ankle"]},
    }
    for kind in ("difference", "smallest", "largest"):
        assert math.isnan(value({"kind": kind, "of": ["hip", "knee"]}, seen, **parts).value)
    assert math.isnan(value({"kind": "floor", "of": ["knee"], "at": 0}, seen, **parts).value)


@pytest.mark.parametrize("name", ["near_elbo", "shoulder", "mid_nose", "upper_hip", ""])
def test_a_point_that_does_not_exist_is_refused(name):
    with pytest.raises(ValueError, match="there is no point"):
        check_point(name)

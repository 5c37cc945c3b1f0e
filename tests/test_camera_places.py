"""The map of camera positions as the pages show it: words, plot, and where a camera stood."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from benchmarks.accuracy import RENDERED
from benchmarks.packed import SUFFIX, unpack
from formcheck.body import Recording
from formcheck.engine.core import Engine
from formcheck.report import camera_places, view_plot
from formcheck.spec import find
from formcheck.view_map import AROUND, FACES, ViewMap, view_maps

SVG = "{http://www.w3.org/2000/svg}"
BRIDGE, PLANK = find("bridge").spec, find("plank").spec
UNTRIED = "?" * 12
# Good from the sides, counted from the head on the floor; on a table nothing but the right side.
LYING = ViewMap("up", {"floor": "C-JJJ---JJJ-", "table": "---J--------", "standing": UNTRIED})
# All measured, and the same from everywhere on a ring.
SAME = ViewMap("up", dict.fromkeys(("floor", "table", "standing"), "--JJJ-C-JJJ-"))
WALLED = ViewMap("upright", dict.fromkeys(("floor", "table", "standing"), "C-JJ#####JJ-"))


@pytest.mark.parametrize(
    ("azimuths", "text"),
    [
        ((), ""),
        ((0,), "at your head"),
        ((90, 270), "at your left or right side"),
        ((60, 90, 120, 240, 270, 300), "at your left or right side, up to 30° either way"),
        ((90, 120), "at your right side, up to 30° towards your feet"),
        ((120,), "at your right side, 30° towards your feet"),
        ((150, 210), "at your feet, 30° either way"),  # but not straight there
        ((330, 0, 30), "at your head, up to 30° either way"),
        ((0, 180, 90), "at your head or at your right side or at your feet"),
        (range(0, 360, 30), "anywhere around you"),
    ],
)
def test_directions_are_named_by_what_of_the_body_is_there(azimuths, text):
    assert camera_places.directions(azimuths, AROUND["up"]) == text


def test_what_is_good_whatever_the_height_is_said_first_and_in_short():
    assert camera_places.lines(BRIDGE, LYING) == [
        "Best: at your right side.",
        "Counts only, camera on the floor: at your head.",
        "Tried so far: 24 of 36 positions (camera on the floor, on a table).",
    ]
    assert camera_places.lines(BRIDGE, SAME) == [
        "Best: at your left or right side, up to 30° either way.",
        "Counts only: at your feet.",
    ]


def test_a_hold_is_timed_and_a_map_without_a_good_place_says_so():
    nothing = ViewMap("down", {"floor": UNTRIED, "table": "C-----------", "standing": UNTRIED})
    assert camera_places.lines(PLANK, nothing) == [
        "Best: none of the positions tried so far.",
        "Times only: at your head.",
        "Tried so far: 12 of 36 positions (camera on a table).",
    ]
    assert "T" in {sign.text for sign in drawn(PLANK, nothing).iter(f"{SVG}text")}


def test_the_text_alternative_says_more_than_the_short_of_it():
    said = camera_places.alternative(BRIDGE, LYING)
    assert "Best, camera on the floor: at your left or right side, up to 30° either way." in said
    assert "Best, camera on a table: at your right side." in said
    assert drawn(BRIDGE, LYING).find(f"{SVG}desc").text == said


def drawn(spec, view_map, camera=None) -> ET.Element:
    return ET.fromstring(camera_places.plot(spec, view_map, camera))


def test_the_plot_shows_the_rings_that_are_measured_and_says_which_they_are():
    root = drawn(BRIDGE, LYING)
    places = {group.get("data-view"): group for group in root.iter(f"{SVG}g")}
    assert len(places) == 24
    sign = {name: group.find(f"{SVG}text").text for name, group in places.items()}
    assert (sign["floor_090"], sign["floor_000"], sign["table_000"]) == ("✓", "C", "-")
    assert places["floor_090"].find(f"{SVG}title").text == (
        "At your right side, camera on the floor: best"
    )
    text = " ".join(one.text for one in root.iter(f"{SVG}text"))
    assert "Outer ring: camera on the floor; inner ring: on a table. Seen from above." in text
    assert "Not tried yet" not in text
    assert view_plot.YOUR_CAMERA not in text
    assert len([g for g in drawn(BRIDGE, WALLED).iter(f"{SVG}g")]) == 21


def test_colours_are_never_the_only_sign():
    root = drawn(BRIDGE, SAME)
    for group in root.iter(f"{SVG}g"):
        assert group.find(f"{SVG}text").text == camera_places.SIGNS[group.get("data-state")]
    assert root.get("role") == "img"
    assert "prefers-color-scheme:dark" in root.find(f"{SVG}style").text
    assert not [one for one in root.iter() if one.get("style")]


@pytest.mark.parametrize(
    ("camera", "marked"), [(0.0, "0"), (44.0, "30"), (46.0, "60"), (350.0, "0")]
)
def test_the_nearest_direction_to_where_a_camera_stood_is_marked(camera, marked):
    root = drawn(BRIDGE, SAME, camera)
    (mark,) = [one for one in root.iter(f"{SVG}g") if one.get("data-camera") is not None]
    assert mark.get("data-camera") == marked
    # It lies around the column of that direction.
    x, y = mark.find(f"{SVG}path").get("d")[1:].split("A")[0].split()
    column = root.find(f".//{SVG}g[@data-view='floor_{int(marked):03d}']/{SVG}path").get("d")
    wx, wy = column[1:].split("A")[0].split()
    assert math.dist((float(x), float(y)), (float(wx), float(wy))) < 3.0
    assert view_plot.YOUR_CAMERA in {one.text for one in root.iter(f"{SVG}text")}


@pytest.mark.parametrize(
    ("azimuth", "turn"),
    [
        (90.0, None),
        (74.0, None),  # nearest to 60
        (31.0, "by about 30° until it sees you from your right side."),
        (329.0, "by about 30° until it sees you from your left side."),
        (176.0, "by about 60° until it sees you from your right side."),
    ],
)
def test_the_nearest_good_direction_is_named(azimuth, turn):
    said = camera_places.advice(SAME, azimuth)
    assert said is None if turn is None else said.endswith(turn)


def test_without_a_place_to_judge_form_from_the_nearest_that_counts_is_named():
    rings = dict.fromkeys(("floor", "table", "standing"), "C-----------")
    assert camera_places.advice(ViewMap("upright", rings), 50.0).endswith(
        "by about 50° until it sees you from the front."
    )
    nowhere = ViewMap("upright", dict.fromkeys(rings, "-" * 12))
    assert camera_places.advice(nowhere, 50.0) is None


def test_of_one_that_is_good_at_one_height_only_nothing_is_promised():
    assert camera_places.advice(LYING, 150.0).endswith(
        "by about 60° until it sees you from your right side."
    )


@pytest.mark.parametrize(
    ("facing", "towards", "azimuth"),
    [
        ("up", (-1.0, 0.0, 0.0), 90.0),  # supine, the right side
        ("down", (1.0, 0.0, 0.0), 90.0),
        ("down", (0.0, -1.0, 0.0), 180.0),
        ("upright", (0.0, 0.0, 1.0), 0.0),
        ("upright", (-0.5, 0.0, 0.866), 330.0),
        ("right", (0.0, 0.0, 1.0), 90.0),  # on the right side, the front
        ("left", (0.0, 0.0, 1.0), 270.0),
    ],
)
def test_the_direction_to_the_camera_is_found_on_the_map(facing, towards, azimuth):
    rings = dict.fromkeys(("floor", "table", "standing"), UNTRIED)
    view_map = ViewMap(facing, rings)
    assert view_map.azimuth(towards, FACES[facing]) == pytest.approx(azimuth, abs=0.1)
    # Of a body that is held otherwise nothing is said, nor where the direction is not known.
    assert view_map.azimuth(towards, "back" if facing != "down" else "front") is None
    assert view_map.azimuth(None, FACES[facing]) is None


@pytest.mark.parametrize(
    ("name", "true"),
    [
        ("bridge_correct_side_left_b6", 270),
        ("bridge_correct_side_right_b6", 90),
        ("plank_correct_side_left_b6", 90),
        ("wall_sit_correct_side_right_b5", 270),
        ("wall_sit_correct_oblique_45_left_b5", 45),
        ("bridge_dropped_0.5_side_left_b6", 270),
    ],
)
def test_the_camera_check_knows_in_which_direction_the_camera_stood(name, true):
    recording, truth = unpack(RENDERED / f"{name}{SUFFIX}")
    spec = find(truth["exercise"]).spec
    engine = Engine(spec)
    for frame in recording:
        engine.feed(frame)
    engine.finish()
    found = view_maps()[spec.id].azimuth(engine.camera().towards, spec.position.faces)
    assert abs((found - true + 180.0) % 360.0 - 180.0) <= 20.0


def test_who_turns_round_has_no_one_direction_to_the_camera():
    sides = [
        unpack(RENDERED / f"bridge_correct_side_{side}_b6{SUFFIX}")[0] for side in ("left", "right")
    ]
    first, second = sides
    later = second.t - second.t[0] + first.t[-1] + 0.1
    turned = Recording(
        np.concatenate([first.t, later]),
        np.concatenate([first.image, second.image]),
        np.concatenate([first.world, second.world]),
        first.width,
        first.height,
        first.model,
    )
    engine = Engine(BRIDGE)
    for frame in turned:
        engine.feed(frame)
    engine.finish()
    assert engine.in_position
    assert engine.camera().towards is None

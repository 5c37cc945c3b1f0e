"""The map of camera positions: how it is made, drawn, and held together with the specs."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks import view_map, view_plot
from benchmarks.accuracy import RENDERED, Clip
from benchmarks.gallery import PAGE, PICTURES, VIEWS
from benchmarks.packed import SUFFIX, unpack
from benchmarks.view_map import View
from formcheck.spec import Spec, catalogue
from formcheck.view_map import AZIMUTHS, view_maps

SVG = "{http://www.w3.org/2000/svg}"
MAPS = view_map.load()


def spec_of(id: str) -> Spec:
    return catalogue()[id].spec


def rendered(name: str) -> Clip:
    recording, truth = unpack(RENDERED / f"{name}{SUFFIX}")
    return Clip(name, truth, recording)


# -- specs and map --------------------------------------------------------------------------------


@pytest.mark.parametrize("id", MAPS)
def test_the_map_was_measured_with_the_set_ups_that_the_spec_has(id):
    # Run `python -m benchmarks.view_map --figures` when this fails.
    assert MAPS[id]["set_ups"] == json.loads(json.dumps(view_map.set_ups(spec_of(id))))


@pytest.mark.parametrize("id", MAPS)
def test_spec_and_map_contradict_each_other_only_where_it_is_known(id):
    # The list may only shrink. Run `python -m benchmarks.view_map --figures` when something is
    # mended: it is struck off. What is new is a defect.
    known = json.loads(view_map.CONTRADICTIONS.read_text())
    now = view_map.contradictions({id: MAPS[id]}).get(id, {})
    assert now == known.get(id, {})


def test_no_contradiction_is_listed_of_what_was_never_measured():
    known = json.loads(view_map.CONTRADICTIONS.read_text())
    listed = {(id, key) for id, kinds in known.items() for keys in kinds.values() for key in keys}
    assert listed <= {(id, key) for id, entry in MAPS.items() for key in entry["views"]}


@pytest.mark.parametrize("id", MAPS)
def test_the_figures_are_those_that_the_recordings_give(id):
    # One of each exercise, so that a figure out of date is noticed where the recordings are.
    folder = view_map.cache_folder()
    there = [key for key in MAPS[id]["views"] if View.of(id, key).file(folder).exists()]
    if not there:
        pytest.skip(f"no recording of it in {folder}: `make view-map` makes them")
    key = there[len(id) % len(there)]
    recording, truth = unpack(View.of(id, key).file(folder))
    now = view_map.measure(Clip(key, truth, recording), spec_of(id))
    assert now == MAPS[id]["views"][key], key


def test_the_app_shows_the_map_that_the_figures_give():
    # Run `python -m benchmarks.view_map --figures` when this fails.
    assert json.loads(view_map.SHOWN.read_text()) == view_map.shown(MAPS)
    for id, shown in view_maps().items():
        for height in view_map.HEIGHTS:
            states = [view_map.state(view_map.rows_at(MAPS[id], height, a)) for a in AZIMUTHS]
            expected = [
                None if a in view_map.BLOCKED.get(id, ()) else one
                for a, one in zip(AZIMUTHS, states, strict=True)
            ]
            assert [shown.states.get((height, a)) for a in AZIMUTHS] == expected


def row(**changed) -> dict:
    right = {"claimed": True, "in_position": True, "counted": True, "form": True}
    return right | {"false_alarms": []} | changed


@pytest.mark.parametrize(
    ("figures", "kinds"),
    [
        (row(), []),
        (row(form=False), []),
        (row(counted=False), ["miscounted where form is judged"]),
        (row(counted=False, form=False), ["miscounted"]),
        (row(counted=False, in_position=False), ["never in position"]),
        (row(counted=False, borderline=True), []),  # either count is right
        (row(counted=False, claimed=False, would_count=[]), []),  # refused, and rightly
        (row(counted=False, claimed=False, would_count=["side"]), ["refused: side"]),
        (row(false_alarms=["head_lifts"]), ["blamed: head_lifts"]),
    ],
)
def test_a_contradiction_is_a_wrong_claim_a_wrong_blame_or_a_needless_refusal(figures, kinds):
    maps = {"bridge": {"views": {"table_090_b8": figures}}}
    found = view_map.contradictions(maps)
    assert found == ({"bridge": {kind: ["table_090_b8"] for kind in kinds}} if kinds else {})


def test_the_list_of_contradictions_only_shrinks_but_for_views_never_measured_before():
    before = {"bridge": {"views": {"table_090_b8": row(), "table_060_b8": row()}}}
    known = {"bridge": {"miscounted": ["table_060_b8", "table_090_b8"]}}
    found = {
        "bridge": {
            "miscounted": ["floor_000_b8", "table_060_b8"],  # one new view, one known, one mended
            "blamed: dropped": ["table_090_b8"],  # worse than before
        },
        "plank": {"miscounted": ["table_000_b8"]},
    }
    assert view_map.still_known(known, found, before) == {
        "bridge": {"miscounted": ["floor_000_b8", "table_060_b8"]},
        "plank": {"miscounted": ["table_000_b8"]},
    }


# -- form errors ----------------------------------------------------------------------------------


def test_a_view_with_a_form_error_has_a_key_of_its_own_and_comes_back_from_it():
    view = View("bridge", 90, "table", 8, "knees_apart")
    assert view.key == "table_090_b8_knees_apart"
    assert View.of("bridge", view.key) == view
    assert View.of("bridge", "table_090_b8").error is None


def test_form_errors_are_looked_at_from_within_the_set_ups_that_show_them():
    spec = spec_of("bridge")
    for fault in spec.faults:
        views = view_map.planned_errors(spec, [fault.id], "up")
        cameras = [spec.cameras[name] for name in fault.cameras]
        middles = {a for camera in cameras for a in view_map.middles(camera, "up")}
        widest = max(camera.within_deg for camera in cameras)
        assert middles <= {view.azimuth for view in views}
        for view in views:
            off = min(abs((view.azimuth - a + 180) % 360 - 180) for a in middles)
            assert off <= widest


def test_a_form_error_is_found_where_it_was_made_and_nowhere_else():
    spec = spec_of("bridge")
    made = view_map.measure_error(rendered("bridge_too_low_28_side_left_b6"), spec, "too_low")
    assert made["judged"]
    assert made["others"] == []
    assert made["reported"][0] == made["reported"][1] > 0
    correct = view_map.measure_error(rendered("bridge_correct_side_left_b6"), spec, "too_low")
    assert correct["reported"] == [0, 0]


@pytest.mark.parametrize("id", MAPS)
def test_the_form_errors_of_the_map_are_those_of_the_spec(id):
    claimed = set(view_map.claims_of(spec_of(id)))
    assert {View.of(id, key).error for key in MAPS[id]["form_errors"]} <= claimed


# -- measuring ------------------------------------------------------------------------------------


def test_a_correct_clip_from_the_side_is_counted_judged_and_not_blamed():
    found = view_map.measure(rendered("bridge_correct_side_left_b6"), spec_of("bridge"))
    assert found["repetitions"] == [3, 3]
    assert (found["counted"], found["claimed"], found["form"]) == (True, True, True)
    assert found["setup"] == "side"
    assert found["false_alarms"] == []
    assert found["angle"]["mae"] < 10
    assert "would_count" not in found


def test_a_refused_view_says_by_which_set_up_it_would_be_counted():
    spec = spec_of("plank")
    above = {"elevation_deg": (80.0, 90.0)}
    narrow = {name: camera.model_copy(update=above) for name, camera in spec.cameras.items()}
    hold = spec.hold.model_copy(update={"cameras": ("side",)})
    refusing = spec.model_copy(update={"cameras": narrow, "hold": hold})
    found = view_map.measure(rendered("plank_correct_side_left_b6"), refusing)
    assert (found["claimed"], found["counted"]) == (False, False)
    assert found["would_count"] == ["side"]


def test_repetitions_are_claimed_also_from_where_their_holds_are_not_timed():
    # A spec's hold has set-ups of its own, and does not matter where repetitions do.
    spec = spec_of("bridge")
    spec = spec.model_copy(update={"hold": spec.hold.model_copy(update={"cameras": ("end",)})})
    found = view_map.measure(rendered("bridge_correct_side_left_b6"), spec)
    assert found["setup"] == "side"
    assert found["claimed"] and found["counted"]


@pytest.mark.parametrize(("short_of_it", "borderline"), [(5.0, True), (30.0, False)])
def test_who_truly_ends_where_counting_begins_is_not_blamed_as_too_low(short_of_it, borderline):
    clip, spec = rendered("bridge_correct_side_left_b6"), spec_of("bridge")
    top = max(clip.true(spec, "hip", None))
    reach = spec.repetition.reach.model_copy(update={"value": top + short_of_it})
    rules = spec.repetition.model_copy(update={"reach": reach})
    found = view_map.measure(clip, spec.model_copy(update={"repetition": rules}))
    assert found.get("borderline", False) == borderline
    assert ("too_low" in found["false_alarms"]) == (not borderline)


def test_a_form_error_in_a_clip_that_is_taken_for_correct_is_a_false_alarm():
    clip = rendered("bridge_dropped_0.5_side_left_b6")
    clip.truth["faults"] = []
    assert "dropped" in view_map.measure(clip, spec_of("bridge"))["false_alarms"]


def test_a_hold_that_is_not_timed_is_wrong_however_short_it_was():
    clip = rendered("plank_correct_side_left_b6")
    clip.truth["holds"][0]["end_s"] = clip.truth["holds"][0]["start_s"] + 0.2
    clip.recording.image[:] = float("nan")  # nobody is detected
    found = view_map.measure(clip, spec_of("plank"))
    assert found["hold_s"][0] == 0.0 < found["hold_s"][1] < view_map.HOLD_OFF_S
    assert (found["detected"], found["counted"]) == (0.0, False)


# -- recordings -----------------------------------------------------------------------------------


def test_useful_parts_of_the_map_come_first():
    views = view_map.planned(catalogue())
    assert len(views) == len(set(views))
    full = len(AZIMUTHS) * len(view_map.HEIGHTS) * len(view_map.BODIES)
    blocked = len(view_map.BLOCKED["wall_sit"]) * len(view_map.HEIGHTS) * len(view_map.BODIES)
    assert len(views) == full * len(catalogue()) - blocked
    first = views[: len(AZIMUTHS)]
    assert {(v.exercise, v.height, v.body) for v in first} == {(view_map.FIRST[0], "table", 8)}
    bodies = [view.body for view in views]
    assert bodies == sorted(bodies)


def test_a_key_stands_for_its_view():
    view = View("sit_to_stand", 30, "standing", 9)
    assert View.of("sit_to_stand", view.key) == view


VIEWS_OF_TWO = view_map.planned(("bridge", "plank"))[:24]


def test_an_interrupted_run_loses_one_clip_and_goes_on_there(tmp_path):
    def act(exercise, body, error):
        acted.append(exercise)
        return exercise

    def film(view, acted, path):
        if len(list(tmp_path.iterdir())) == 3 and not resumed:
            raise KeyboardInterrupt
        assert acted == view.exercise
        filmed.append(view)
        path.write_text(view.key)

    acted, filmed, resumed = [], [], False
    with pytest.raises(KeyboardInterrupt):
        list(view_map.record(VIEWS_OF_TWO, tmp_path, act, film))
    assert filmed == VIEWS_OF_TWO[:3]
    resumed = True
    made = [view for view, _ in view_map.record(VIEWS_OF_TWO, tmp_path, act, film)]
    assert made == VIEWS_OF_TWO[3:]
    assert filmed == VIEWS_OF_TWO
    assert acted == ["bridge", "bridge", "plank"]  # once a run and ring, not once a view
    assert list(view_map.record(VIEWS_OF_TWO, tmp_path, act, film)) == []


def test_what_a_body_cannot_do_is_left_out_and_the_rest_is_made(tmp_path, capsys):
    def act(exercise, body, error):
        if exercise == "bridge":
            raise ValueError("a contact misses by 30 mm")
        return exercise

    made = view_map.record(VIEWS_OF_TWO, tmp_path, act, lambda view, _, path: path.touch())
    assert {view.exercise for view, _ in made} == {"plank"}
    assert "bridge, body 8: a contact misses by 30 mm" in capsys.readouterr().out


def test_a_clip_that_is_half_written_is_not_there(tmp_path, monkeypatch):
    def fails(path, recording, truth):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    clip = rendered("bridge_correct_side_left_b6")
    monkeypatch.setattr(view_map, "pack", fails)
    with pytest.raises(KeyboardInterrupt):
        view_map.keep(tmp_path / "bridge.clip.xz", clip.recording, clip.truth)
    assert list(tmp_path.iterdir()) == []


def kept(folder: Path, view: View, name: str) -> None:
    clip = rendered(name)
    truth = clip.truth | {"conventions": {}, "facing": "up"}
    view_map.keep(view.file(folder), clip.recording, truth)


def test_figures_without_a_recording_stay_while_the_set_ups_do(tmp_path):
    here, gone = View("bridge", 90, "table", 8), View("bridge", 60, "table", 8)
    kept(tmp_path, here, "bridge_correct_side_left_b6")
    before = {
        "bridge": {
            "facing": "up",
            "set_ups": view_map.set_ups(spec_of("bridge")),
            "views": {gone.key: row(counted=False), here.key: row(counted=False)},
        }
    }
    found = view_map.figures(tmp_path, before)
    assert found["bridge"]["views"][gone.key] == row(counted=False)
    assert found["bridge"]["views"][here.key]["counted"]
    before["bridge"]["set_ups"] = {"cameras": {}}
    assert list(view_map.figures(tmp_path, before)["bridge"]["views"]) == [here.key]


def test_figures_are_read_as_they_were_written(tmp_path):
    errors = {"table_090_b8_too_low": {"judged": True, "reported": [1, 2], "others": []}}
    views = {"table_090_b8": row(), "floor_000_b9": row()}
    maps = {"bridge": {"facing": "up", "views": views, "form_errors": errors}}
    view_map.write_figures(tmp_path / "map.json", maps)
    assert json.loads((tmp_path / "map.json").read_text()) == maps
    found = {"bridge": {"miscounted": ["table_090_b8"], "blamed: dropped": ["floor_000_b9"]}}
    view_map.write_contradictions(tmp_path / "list.json", found)
    assert json.loads((tmp_path / "list.json").read_text()) == found


# -- the plot -------------------------------------------------------------------------------------


def drawn(views: dict, exercise: str = "bridge") -> dict[str, str]:
    """Return by view the state that a plot shows."""
    entry = {"facing": "up", "views": views}
    root = ET.fromstring(view_plot.svg(spec_of(exercise), entry))
    return {
        group.get("data-view"): group.find(f"{SVG}path").get("class")
        for group in root.iter(f"{SVG}g")
    }


def signs(views: dict) -> dict[str, str]:
    entry = {"facing": "up", "views": views}
    found = {}
    for group in ET.fromstring(view_plot.svg(spec_of("bridge"), entry)).iter(f"{SVG}g"):
        sign = group.find(f"{SVG}text")
        found[group.get("data-view")] = "" if sign is None else sign.text
    return found


@pytest.mark.parametrize(
    ("bodies", "state", "sign"),
    [
        ([row()], "judged", "J"),
        ([row(form=False)], "counted", "C"),
        ([row(false_alarms=["dropped"])], "counted", "C!"),
        ([row(counted=False)], "neither", "x"),
        ([row(counted=False, claimed=False)], "neither", "-"),
        ([row(), row(form=False)], "counted", "C"),  # the worst of the bodies
        ([row(), row(counted=False, claimed=False)], "neither", "-"),
        ([], "unmeasured", ""),
    ],
)
def test_each_wedge_shows_its_state_by_colour_and_by_letter(bodies, state, sign):
    views = {f"floor_120_b{8 + i}": figures for i, figures in enumerate(bodies)}
    assert drawn(views)["floor_120"] == state
    assert signs(views)["floor_120"] == sign
    others = {one for place, one in drawn(views).items() if place != "floor_120"}
    assert others == {"unmeasured"}


def test_a_plot_has_a_wedge_for_every_place_where_a_camera_can_stand():
    assert len(drawn({})) == 36
    walled = drawn({}, "wall_sit")
    assert len(walled) == 36 - 15
    assert "table_180" not in walled and "table_090" in walled


def test_north_is_the_head_and_azimuths_run_counter_clockwise():
    entry = {"facing": "up", "views": {}}
    places = {}
    for group in ET.fromstring(view_plot.svg(spec_of("bridge"), entry)).iter(f"{SVG}g"):
        x, y = group.find(f"{SVG}path").get("d")[1:].split("A")[0].split()
        places[group.get("data-view")] = float(x), float(y)
    assert places["floor_000"][1] < places["floor_180"][1]
    assert places["floor_090"][0] < places["floor_270"][0]
    assert places["floor_000"][1] < places["table_000"][1] < places["standing_000"][1]


@pytest.mark.parametrize("id", MAPS)
def test_plots_in_the_documents_are_those_of_the_figures_and_can_be_read_aloud(id):
    # Run `python -m benchmarks.gallery` when this fails.
    text = (PICTURES / f"{id}{VIEWS}").read_text()
    assert text == view_plot.svg(spec_of(id), MAPS[id])
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text == view_plot.summary(spec_of(id), MAPS[id])
    assert all(group.find(f"{SVG}title").text for group in root.iter(f"{SVG}g"))
    assert "prefers-color-scheme:dark" in text
    page = PAGE.read_text()
    assert view_plot.table(spec_of(id), MAPS[id]) in page
    assert f"exercises/{id}{VIEWS}" in page


def test_the_table_says_the_same_as_the_plot():
    views = {"floor_000_b8": row(), "table_090_b8": row(counted=False)}
    lines = view_plot.table(spec_of("bridge"), {"facing": "up", "views": views}).splitlines()
    assert lines[0].startswith("| camera | 0° (head) | 30° | 60° | 90° (right side) |")
    assert lines[2].startswith("| on the floor | J | · |")
    assert lines[3].startswith("| on a table | · | · | · | x | · |")

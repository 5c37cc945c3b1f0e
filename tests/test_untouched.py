"""The untouched set: how it is drawn, judged and published. Nothing is rendered here."""

import ast
import json
import math
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from benchmarks import untouched, view_map
from benchmarks.accuracy import RENDERED, Clip, claims_of
from benchmarks.packed import SUFFIX, unpack
from benchmarks.untouched import Rendered
from formcheck.spec import Spec, catalogue
from samples.camera import Camera
from samples.posture import Fault, Furniture, Hold, Posture, Repetition, Script

ROOT = Path(__file__).parents[1]
SEEDS = (1, 2, 3)
LYING = Posture("up", {})
BRIDGE = Rendered(
    "bridge",
    False,
    5.5,
    {
        "too_low": (35.0, "degrees"),
        "dropped": (0.5, "seconds"),
        "hips_not_level": (10.0, "degrees"),
    },
)


def spec_of(id: str) -> Spec:
    return catalogue()[id].spec


def way_of(spec: Spec) -> Rendered:
    """Return a way of rendering that shows all form errors of a spec."""
    return Rendered(
        spec.id, spec.kind == "hold", 5.5, {id: (20.0, "degrees") for id in claims_of(spec)}
    )


def draws(seed: int, each: int = 4, attempt: int = 0) -> list[untouched.Draw]:
    return [
        untouched.draw(seed, spec_of(id), number, attempt, [way_of(spec_of(id))])
        for id, number in untouched.planned(each)
    ]


# -- drawing --------------------------------------------------------------------------------------


def test_a_seed_always_draws_the_same_set():
    assert draws(1) == draws(1)


def test_another_seed_number_or_attempt_draws_another_person_from_elsewhere():
    for attempt in (0, 1):
        every = [one for seed in SEEDS for one in draws(seed, attempt=attempt)]
        assert len({json.dumps(one.body) for one in every}) == len(every)
        assert len({json.dumps([one.clothes, one.room]) for one in every}) == len(every)
        assert len({one.seed for one in every}) == len(every)
    assert draws(1) != draws(1, attempt=1)


def test_nobody_is_one_of_the_numbered_bodies():
    tree = ast.parse((ROOT / "samples" / "body_model.py").read_text())
    numbered = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "BODIES"
    )
    assert len(numbered) >= 9
    for one in (one for seed in SEEDS for one in draws(seed)):
        for known in numbered.values():
            assert max(abs(one.body[name] - value) for name, value in known.items()) > 0.03


def test_half_of_the_clips_are_correct_and_a_quarter_is_filmed_from_anywhere():
    every = [one for seed in SEEDS for one in draws(seed)]
    assert all((one.error is None) == (not one.faulty) for one in every)
    assert {one.number % 2 for one in every if one.error is not None} == {1}
    assert {one.number % 2 for one in every if one.error is None} >= {0}
    anywhere = sum(one.setup is None for one in every) / len(every)
    assert 0.18 < anywhere < 0.32


def test_an_exercise_shows_another_form_error_in_each_of_its_clips():
    for seed in SEEDS:
        shown = {}
        for one in draws(seed):
            if one.error is not None:
                shown.setdefault(one.exercise, []).append(one.error)
        assert len(shown) > 30
        for id, errors in shown.items():
            assert len(set(errors)) == min(2, len(claims_of(spec_of(id))))


def test_a_form_error_is_filmed_from_where_the_spec_claims_to_detect_it():
    for one in (one for seed in SEEDS for one in draws(seed)):
        spec = spec_of(one.exercise)
        if one.setup is None:
            continue
        fault = next((fault for fault in spec.faults if fault.id == one.error), None)
        if fault is not None:
            assert one.setup in fault.cameras
        elif one.error is not None:
            assert one.setup in spec.repetition.cameras
        else:
            assert one.setup in {*spec.counted_from, *spec.judged_from}


def test_errors_are_as_large_as_claimed_and_little_larger():
    spec = spec_of("bridge")
    rng = untouched.chance(1, "bridge")
    assert claims_of(spec)["too_low"] == 28
    for _ in range(50):
        assert 28 <= untouched.size_of(spec, BRIDGE, "too_low", rng) <= 35
        # Seconds in which somebody comes down: fewer are worse.
        assert 0.45 <= untouched.size_of(spec, BRIDGE, "dropped", rng) <= 0.5
    larger = Rendered("bridge", False, 5.5, {"too_low": (20.0, "degrees")})
    assert 28 <= untouched.size_of(spec, larger, "too_low", rng) <= 28 * 1.1


def test_what_takes_long_is_repeated_less_often_and_twice_at_least():
    spec = spec_of("bridge")
    often = {
        once_s: {
            untouched.draw(seed, spec, 0, 0, [Rendered("bridge", False, once_s, {})]).repetitions
            for seed in range(40)
        }
        for once_s in (4.0, 6.5, 11.0)
    }
    assert often == {4.0: {2, 3, 4}, 6.5: {2, 3}, 11.0: {2}}


def test_only_errors_that_the_spec_knows_are_drawn():
    assert untouched.form_errors(spec_of("bridge"), BRIDGE) == ["dropped", "too_low"]


@pytest.mark.parametrize(
    ("exercise", "setup", "facing", "middles"),
    [
        ("bridge", "side", "up", (90, 270)),
        ("bird_dog", "behind_above", "down", (180,)),
        ("clamshell", "front", "right", (90,)),
        ("clamshell", "front", "left", (270,)),
        ("side_neck_stretch", "front", "upright", (0,)),
        ("standing_side_bend", "behind", "upright", (180,)),
    ],
)
def test_cameras_stand_within_the_set_up_on_all_its_sides(exercise, setup, facing, middles):
    spec = spec_of(exercise)
    drawn = untouched.draw(1, spec, 0, 0, [way_of(spec)])
    camera = spec.cameras[setup]
    nearest = Counter()
    offs = []
    for azimuth, height in islice(untouched.places(1, drawn, camera, facing), 300):
        off, middle = min((abs((azimuth - m + 180) % 360 - 180), m) for m in middles)
        assert off <= camera.within_deg
        assert untouched.HEIGHT_M[0] <= height <= untouched.HEIGHT_M[1]
        nearest[middle] += 1
        offs.append(off)
    assert set(nearest) == set(middles)
    assert max(offs) > 0.9 * camera.within_deg
    assert min(nearest.values()) > 300 / len(middles) / 2


def test_cameras_from_anywhere_stand_all_around():
    spec = spec_of("bridge")
    drawn = untouched.draw(1, spec, 0, 0, [way_of(spec)])
    seen = {
        int(azimuth // 30) for azimuth, _ in islice(untouched.places(1, drawn, None, "up"), 300)
    }
    assert seen == set(range(12))


def test_any_beginning_of_the_set_is_a_fair_sample():
    clips = untouched.planned(3)
    ids = list(catalogue())
    assert [id for id, _ in clips[: len(ids)]] == ids
    assert {number for _, number in clips[: len(ids)]} == {0}
    assert len(clips) == 3 * len(ids)


def test_what_no_body_can_do_is_left_out_and_the_rest_is_made_once(tmp_path, capsys):
    made = []

    def make(exercise, number, path):
        if exercise == "bridge":
            raise ValueError("a contact misses by 30 mm")
        made.append(path.name)
        path.touch()

    clips = [("bridge", 0), ("plank", 0), ("plank", 1)]
    assert [name for name, _ in untouched.record(clips, tmp_path, make)] == ["plank 0", "plank 1"]
    assert "bridge 0: left out: a contact misses by 30 mm" in capsys.readouterr().out
    assert list(untouched.record(clips, tmp_path, make)) == []
    assert made == [f"plank_0{SUFFIX}", f"plank_1{SUFFIX}"]


def test_rests_make_what_comes_after_later_and_nothing_longer():
    script = Script("bridge", LYING)
    for i in range(3):
        script.stay(1.0)
        begin = script.clock_s
        script.move(LYING, 1.0)
        script.move(LYING, 2.0)
        script.repetitions.append(Repetition(begin, begin + 1.0, script.clock_s, None))
        script.faults.append(Fault("dropped", begin + 1.0, script.clock_s, 0.5, "seconds", i))
    script.holds.append(Hold(0.5, script.clock_s))
    script.stay(1.0)
    rested = script.rested((0.5, 0.0, 2.0))
    assert [(r.start_s, r.peak_s, r.end_s) for r in rested.repetitions] == [
        (1.0, 2.0, 4.0), (5.5, 6.5, 8.5), (9.5, 10.5, 12.5)
    ]  # fmt: skip
    assert [(f.start_s, f.end_s) for f in rested.faults] == [(2, 4), (6.5, 8.5), (10.5, 12.5)]
    assert [move.start_s for move in rested.moves] == [1.0, 2.0, 5.5, 6.5, 9.5, 10.5]
    assert [(h.start_s, h.end_s) for h in rested.holds] == [(0.5, 12.5)]
    assert rested.clock_s == script.clock_s + 2.5
    assert script.repetitions[1].start_s == 5.0


def test_furniture_hides_what_is_behind_it_and_not_what_leans_on_it():
    wall = Furniture((-0.05, 0.0, 1.0), (0.1, 4.0, 2.0), (0, 0, 0))
    person = np.array([[-0.01, 0.0, 0.5], [0.1, 0.2, 1.0], [0.3, 0.0, 1.5]])
    around = [
        Camera(azimuth, 3.0, 1.0).hidden(person, [wall]) for azimuth in (0.0, 85.0, 100.0, 180.0)
    ]
    assert around[0] == around[1] == 0.0
    assert around[2] > 0.5 and around[3] == 1.0
    assert Camera(180.0, 3.0, 1.0).hidden(person, []) == 0.0


# -- judging --------------------------------------------------------------------------------------


def recorded(name: str, **changed) -> Clip:
    """Return a clip of the regression set as if it had been drawn."""
    recording, truth = unpack(RENDERED / f"{name}{SUFFIX}")
    spec = spec_of(truth["exercise"])
    drawn = asdict(untouched.draw(1, spec, 0, 0, [way_of(spec)]))
    errors = [fault["id"] for fault in truth["faults"]]
    drawn |= {"setup": "side", "error": errors[0] if errors else None} | changed
    return Clip(name, truth | {"draw": drawn}, recording)


def test_a_correct_clip_is_counted_recognised_and_not_blamed():
    row = untouched.judge(recorded("bridge_correct_side_left_b6"))
    assert (row["claimed"], row["due"], row["nothing"], row["right"]) == (True, True, False, True)
    assert row["repetitions"] == [3, 3]
    assert (row["alarms"], row["errors"], row["made"]) == ([], {}, 0)
    assert untouched.answer_of(row) == "right"


def test_a_repetition_that_was_done_and_not_counted_makes_a_clip_wrong():
    clip = recorded("bridge_correct_side_left_b6")
    more = [*clip.truth["repetitions"], clip.truth["repetitions"][-1]]
    row = untouched.judge(Clip(clip.name, clip.truth | {"repetitions": more}, clip.recording))
    assert row["repetitions"] == [3, 4]
    assert row["right"] is False


def test_a_form_error_is_compared_repetition_by_repetition():
    clip = recorded("bridge_dropped_0.5_side_left_b6")
    row = untouched.judge(clip)
    assert row["made"] == row["judged"] == 2
    assert row["errors"]["dropped"] == [2, 0, 2, 2]
    assert "recognised" not in row and "false" not in row
    # The same clip as if nothing had been wrong with it: then it is blamed.
    row = untouched.judge(Clip(clip.name, clip.truth | {"faults": []}, clip.recording))
    assert row["alarms"] == ["dropped"]
    assert row["errors"]["dropped"] == [0, 2, 0, 0]


def test_a_movement_made_too_low_on_purpose_is_judged_though_its_count_may_be_either():
    clip = recorded("bridge_too_low_28_side_left_b6")
    row = untouched.judge(clip)
    assert row["right"] is None
    assert row["made"] == row["judged"] == 2
    assert row["errors"]["too_low"] == [2, 0, 2, 2]


def test_a_hold_is_compared_with_the_true_time():
    clip = recorded("plank_correct_side_left_b6")
    row = untouched.judge(clip)
    assert row["right"] is True and not row["counted"]
    hold = clip.truth["holds"][0]
    longer = [hold | {"end_s": hold["end_s"] + 4.0}]
    row = untouched.judge(Clip(clip.name, clip.truth | {"holds": longer}, clip.recording))
    assert row["right"] is False


def test_the_time_of_a_hold_with_a_form_error_is_not_judged():
    row = untouched.judge(recorded("plank_hips_sag_16_side_left_b6"))
    assert row["right"] is None
    assert row["errors"]["hips_sag"][2:] == [1, 1]


# -- figures --------------------------------------------------------------------------------------


def row(**changed) -> dict:
    """Return a judged clip: correct, from a claimed set-up, counted, recognised."""
    return {
        "exercise": "bridge", "number": 0, "setup": "side", "error": None, "due": True,
        "claimed": True, "nothing": False, "counted": True, "right": True, "alarms": [],
        "made": 0, "judged": 0, "errors": {}, "false": {}, "recognised": ["bridge"],
    } | changed  # fmt: skip


def figures(rows: list[dict], name: str) -> tuple[int, int]:
    one = untouched.summary(rows)[name]
    return one["right"], one["of"]


def test_what_is_refused_from_a_claimed_set_up_is_not_right():
    rows = [row(), row(claimed=False), row(nothing=True, right=False), row(right=None)]
    assert figures(rows, "counts") == (1, 3)
    assert figures(rows, "refused") == (2, 4)


def test_from_anywhere_only_what_is_claimed_is_judged():
    rows = [row(setup=None, due=False), row(setup=None, due=False, claimed=False)]
    assert figures(rows, "elsewhere") == (1, 1)
    assert figures(rows, "elsewhere_refused") == (1, 2)
    assert figures(rows, "counts") == (0, 0)


def test_precision_and_recall_are_of_repetitions_from_claimed_set_ups():
    error = {"dropped": [3, 1, 2, 4]}
    rows = [row(error="dropped", made=5, judged=4, errors=error), row(setup=None, errors=error)]
    assert figures(rows, "precision") == (3, 4)
    assert figures(rows, "recall") == (2, 4)
    assert figures(rows, "judged") == (4, 5)


def test_only_correct_clips_can_be_blamed_and_those_from_anywhere_too():
    rows = [row(), row(alarms=["dropped"]), row(setup=None, alarms=["dropped"])]
    assert figures([*rows, row(error="dropped")], "blamed") == (2, 3)


def test_answers_to_which_exercise_it_is():
    rows = [
        row(),
        row(recognised=["plank", "bridge"]),
        row(recognised=[]),
        row(recognised=["plank"]),
        row(false={"plank": 2}),
    ]
    found = untouched.summary(rows)
    assert found["recognised"] == {"right": 2, "one of two": 1, "none": 1, "wrong": 1}
    assert figures(rows, "recognised_right") == (2, 5)
    assert found["false_repetitions"] == 2
    assert figures(rows, "false_in") == (1, 5)


def test_shares_have_their_interval():
    one = untouched.share(9, 10)
    assert (one["least"], one["most"]) == (0.596, 0.982)
    assert math.isclose(untouched.share(0, 0)["most"], 1.0)


# -- publishing -----------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Sets of two recordings, and where they would be published."""
    page = tmp_path / "untouched.md"
    page.write_text("# Page\n<!-- untouched -->\n<!-- /untouched -->\n")
    monkeypatch.setattr(untouched, "ROOT", tmp_path)
    monkeypatch.setattr(untouched, "RESULTS", tmp_path / "untouched.json")
    monkeypatch.setattr(untouched, "PAGE", page)
    monkeypatch.setattr(untouched, "commit", lambda: "0123abc")
    monkeypatch.setattr(untouched, "cache_folder", lambda seed: tmp_path / str(seed))
    clips = [("bridge", 0), ("bridge", 1), ("plank", 0)]
    monkeypatch.setattr(untouched, "planned", lambda each: clips)
    for number in (0, 1):
        clip = recorded("bridge_correct_side_left_b6", number=number)
        file = untouched.file_of(tmp_path / "1", "bridge", number)
        file.parent.mkdir(exist_ok=True)
        view_map.keep(file, clip.recording, clip.truth | {"conventions": {}})
    for seed in (2, 3):
        shutil.copytree(tmp_path / "1", tmp_path / str(seed))
    # In this process, and without looking: how clips are judged is tested above.
    monkeypatch.setattr(untouched, "ProcessPoolExecutor", lambda *_, **__: ThreadPoolExecutor(1))
    monkeypatch.setattr(untouched, "judge", lambda clip: row(number=clip.truth["draw"]["number"]))
    return tmp_path


def run(monkeypatch, *words: str) -> None:
    monkeypatch.setattr("sys.argv", ["untouched", "--figures", *words])
    untouched.main()


def test_the_first_set_that_nobody_has_seen_is_published_once(desk, monkeypatch):
    run(monkeypatch)
    (first,) = untouched.publications()
    assert (first["seed"], first["commit"], first["clips"], first["planned"]) == (
        2,
        "0123abc",
        2,
        3,
    )
    assert [one["number"] for one in first["rows"]] == [0, 1]
    assert untouched.as_markdown(first) in (desk / "untouched.md").read_text()
    before = (desk / "untouched.json").read_text()
    run(monkeypatch, "--seed", "2")  # it has been looked at by now
    assert (desk / "untouched.json").read_text() == before
    run(monkeypatch)
    assert [one["seed"] for one in untouched.publications()] == [3, 2]


@pytest.mark.parametrize("words", [["--seed", "1"], ["--exercises", "bridge"]])
def test_what_is_for_development_or_only_a_part_is_not_published(desk, monkeypatch, words):
    run(monkeypatch, *words)
    assert not (desk / "untouched.json").exists()
    assert "Page\n<!-- untouched -->\n<!--" in (desk / "untouched.md").read_text()


def test_the_page_shows_the_latest_publication():
    published = untouched.publications()
    shown = untouched.as_markdown(published[0]) if published else untouched.NOTHING
    assert f"<!-- untouched -->\n{shown}<!-- /untouched -->" in untouched.PAGE.read_text()

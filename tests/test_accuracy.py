"""Nothing may get worse than what benchmarks/results/accuracy.json says: `make accuracy`."""

import json

import pytest

from benchmarks.accuracy import (
    RENDERED,
    RESULTS,
    SLOW_FPS,
    Tally,
    on_rendered,
    on_slow_computer,
    rendered_clips,
    smallest,
)

BETTER_HIGH = ("reps_exact", "obo")
BETTER_LOW = ("mae", "peak_error_s", "hold_error_s", "false_reps", "false_hold_s", "not_judged")


def worse(now: float | None, then: float | None, high: bool) -> bool:
    if then is None:
        return False
    return now is None or (now < then if high else now > then)


@pytest.mark.timeout(1800)  # hundreds of clips, the right ones looked at by every exercise
def test_no_figure_of_the_rendered_regression_set_gets_worse():
    told = json.loads(RESULTS.read_text())["rendered"]
    assert told
    rendered = on_rendered()
    now, recognised = rendered.exercises, rendered.recognised
    found = []
    for id, then in told.items():
        here = now[id]
        assert here["clips"] == then["clips"], "the clips have changed: run `make accuracy`"
        found += [(id, k) for k in BETTER_HIGH if worse(here[k], then[k], True)]
        found += [(id, k) for k in BETTER_LOW if worse(here[k], then[k], False)]
        if len(here["blamed_when_right"]) > len(then["blamed_when_right"]):
            found.append((id, "blamed when right"))
        for name, fault in then["faults"].items():
            for key in ("precision", "recall"):
                if worse(here["faults"][name][key], fault[key], True):
                    found.append((id, name, key))
        for name, angle in then["angles"].items():
            for view, error in angle["by_view"].items():
                if worse(here["angles"][name]["by_view"][view]["mae"], error["mae"], False):
                    found.append((id, name, view, "error"))
    then = json.loads(RESULTS.read_text())["recognised"]["rendered"]
    found += [
        (id, "recognised")
        for id, row in then.items()
        if worse(recognised[id].get(id, 0), row.get(id, 0), True)
    ]
    assert not found


@pytest.mark.timeout(1800)
def test_no_figure_of_a_slow_computer_gets_worse():
    then = json.loads(RESULTS.read_text())["pictures_a_second"][f"{SLOW_FPS[0]}"]
    now = on_slow_computer(SLOW_FPS[0])
    assert now["clips"] == then["clips"]
    for key in ("reps_exact", "obo", "precision", "recall"):
        assert not worse(now[key], then[key], True), key
    for key in ("hold_error_s", "blamed_when_right"):
        assert not worse(now[key], then[key], False), key


def test_the_regression_set_can_be_read_and_is_small():
    assert sum(1 for _ in rendered_clips()) == sum(1 for _ in RENDERED.iterdir()) > 100
    assert sum(file.stat().st_size for file in RENDERED.iterdir()) < 25e6


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        ({10.0: [True, False], 15.0: [True], 20.0: [True]}, 15.0),
        ({10.0: [True], 15.0: [False], 20.0: [True]}, 20.0),  # a lucky small one does not count
        ({10.0: [False]}, None),
    ],
)
def test_the_smallest_size_is_the_one_from_which_on_nearly_all_are_told(made, wanted):
    tally = Tally()
    tally.made.update(made)
    assert smallest(tally) == wanted

"""Rendered people whose repetitions and errors are known: the three promises of the product.

The recordings are the tracker's landmarks of rendered videos, which samples/ makes; beside each
lies its truth.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_engine import judge

from benchmarks.accuracy import RENDERED
from benchmarks.packed import SUFFIX, unpack
from formcheck.body import Recording
from formcheck.engine.core import Engine

DATA = Path(__file__).parent / "data"


def play(name: str, mirrored: bool = False) -> tuple[Engine, dict]:
    recording = Recording.load(DATA / f"{name}.npz")
    truth = json.loads((DATA / f"{name}.json").read_text())
    engine, _ = judge(recording.mirrored() if mirrored else recording, truth["exercise"])
    return engine, truth


@pytest.mark.parametrize("mirrored", [False, True])
def test_bridges_are_counted_and_dated_without_a_fault(mirrored):
    engine, truth = play("bridge_correct", mirrored)
    assert all(r.counted for r in engine.repetitions)
    assert len(engine.repetitions) == len(truth["repetitions"]) == 5
    for told, true in zip(engine.repetitions, truth["repetitions"], strict=True):
        assert told.start_s == pytest.approx(true["start_s"], abs=0.4)
        assert told.end_s == pytest.approx(true["end_s"], abs=0.4)
    assert not engine.faults


@pytest.mark.parametrize("mirrored", [False, True])
def test_bridges_that_stay_too_low_are_attempts_each_told(mirrored):
    engine, truth = play("bridge_too_low", mirrored)
    assert [r.counted for r in engine.repetitions] == [False] * len(truth["repetitions"])
    assert [x.id for x in engine.faults] == ["too_low"] * len(truth["repetitions"])


@pytest.mark.parametrize("mirrored", [False, True])
def test_bird_dogs_are_counted_on_their_sides_without_a_fault(mirrored):
    engine, truth = play("bird_dog_correct", mirrored)
    swap = {"left": "right", "right": "left"} if mirrored else {"left": "left", "right": "right"}
    sides = [swap[x["side"]] for x in truth["repetitions"]]
    assert [r.side for r in engine.repetitions] == sides
    assert all(r.counted for r in engine.repetitions)
    assert not engine.faults
    assert "hips_not_level" in {n.id for n in engine.not_judged()}


@pytest.mark.parametrize("mirrored", [False, True])
def test_level_hips_seen_from_behind_and_above_are_judged_and_silent(mirrored):
    engine, _ = play("bird_dog_behind_level", mirrored)
    assert not engine.faults
    missed = {n.id: n.reason for n in engine.not_judged()}
    assert "hips_not_level" not in missed
    assert "This camera does not show them" in missed["repetitions"]


# As good planks of real people do, the one that is piked by 25 deg reads 206: timed, not reported.
@pytest.mark.parametrize("name", ["plank_correct", "plank_sagging", "plank_piked"])
def test_a_plank_is_timed(name):
    engine, truth = play(name)
    (hold,) = engine.holds
    (true,) = truth["holds"]
    # the truth begins when the body has come to rest and ends when it leaves; the eye, and so the
    # engine, takes in the last of the way up and the first of the way down
    assert hold.start_s == pytest.approx(true["start_s"], abs=0.8)
    assert hold.end_s == pytest.approx(true["end_s"], abs=0.9)
    assert [x.id for x in engine.faults] == (["hips_sag"] if name == "plank_sagging" else [])


@pytest.mark.parametrize(("error", "timed"), [("hips_sag_16", True), ("hips_piked_40", False)])
def test_a_plank_that_sags_or_is_piked_is_reported_when_it_is(error, timed):
    recording, truth = unpack(RENDERED / f"plank_{error}_side_left_b6{SUFFIX}")
    engine, _ = judge(recording, "plank")
    (hold,), (fault,), (made,) = engine.holds, engine.faults, truth["faults"]
    assert fault.id == made["id"]
    assert fault.start_s == pytest.approx(made["start_s"], abs=0.4)
    # The clock goes on while the hips sag by a little, and stops when they go far up.
    (true,) = truth["holds"]
    assert hold.end_s == pytest.approx(true["end_s"] if timed else made["start_s"], abs=0.9)


def test_a_lunge_that_hardly_goes_forward_is_timed_when_it_is_over():
    name = f"hip_flexor_stretch_kneeling_correct_side_left_b5{SUFFIX}"
    recording, truth = unpack(RENDERED / name)
    whole, _ = judge(recording, truth["exercise"])
    assert len(whole.holds) == len(truth["holds"])  # none of the rests between them
    # The rest between two stretches, there and back, as if nothing else had been done.
    since, until = truth["holds"][0]["end_s"] + 1.2, truth["holds"][1]["start_s"] - 1.0
    rest = np.flatnonzero((recording.t >= since) & (recording.t <= until))
    frames = np.concatenate([rest, rest[::-1], rest])
    image, world = recording.image[frames], recording.world[frames]
    t = np.arange(len(frames)) * float(np.median(np.diff(recording.t)))
    engine, _ = judge(replace(recording, t=t, image=image, world=world), truth["exercise"])
    (hold,) = engine.holds
    assert hold.side == truth["holds"][0]["side"]
    assert hold.held_s == pytest.approx(t[-1], abs=0.6)
    assert "hardly moved forward" in hold.ended_by

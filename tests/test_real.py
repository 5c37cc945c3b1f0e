"""People whom nobody here rendered: the targets that hold today (local only)."""

from __future__ import annotations

import itertools
import json

import pytest

from benchmarks import real
from formcheck.engine.core import Engine
from formcheck.recognise import together
from formcheck.spec import catalogue

LABELS = real.FOOTAGE / "labels.json"
pytestmark = pytest.mark.skipif(
    not LABELS.is_file(), reason="../shared/footage, the labelled clips, is not here"
)


@pytest.fixture(scope="module")
def clips() -> list[real.OnClip]:
    return [real.judge(label, own_only=True) for label in json.loads(LABELS.read_text())]


def share(flags: list[bool]) -> float:
    assert flags
    return sum(flags) / len(flags)


def test_counts_are_exact_in_nineteen_of_twenty(clips):
    asked = {clip.clip: clip.count for clip in clips if clip.count is not None}
    assert share(list(asked.values())) >= 0.95, [clip for clip, right in asked.items() if not right]


def test_hardly_anybody_is_refused(clips):
    asked = {
        clip.clip: clip.refused for clip in clips if clip.count is not None or clip.hold is not None
    }
    assert share(list(asked.values())) <= 0.05, [clip for clip, refused in asked.items() if refused]


def test_nobody_is_blamed_for_what_the_clip_does_not_show(clips):
    blamed = {clip.clip: clip.blamed for clip in clips if clip.blamed}
    assert share([clip.clip in blamed for clip in clips if clip.asked]) <= 0.05, blamed


def test_what_clips_show_by_their_labels_is_reported(clips):
    # Else the list of what is shown would excuse what is not there.
    errors = {clip.clip: clip.errors for clip in clips}
    reported = [id in errors[clip] for clip, shown in real.SHOWN.items() for id in shown]
    assert share(reported) >= 0.8, errors


@pytest.mark.skipif(
    not real.INDEPENDENT.is_dir(), reason="../shared/independent, the motion capture, is not here"
)
def test_who_sits_and_stands_well_is_not_blamed():
    # Each person who does it well, from every other camera, rolled to either side and level.
    cameras = set(zip(real.AZIMUTHS[::2], itertools.cycle(real.ROLLS)))
    cases = [case for case in real.series() if case[1:] in cameras and real.is_correct(case[0])]
    blamed = [bool(real.sit_to_stand(case).errors) for case in cases]
    assert len(blamed) >= 30
    assert share(blamed) <= 0.05


@pytest.mark.skipif(
    not real.INDEPENDENT.is_dir(), reason="../shared/independent, the motion capture, is not here"
)
def test_sit_to_stand_is_counted_from_beside_and_by_rolled_cameras():
    # From each side that is asked for, by cameras rolled to either side and level in turn.
    views = set(zip(real.AZIMUTHS, itertools.cycle(real.ROLLS)))
    cases = [case for case in real.series() if case[1:] in views]
    exact = [real.sit_to_stand(case).count for case in cases]
    assert share(exact) >= 0.95


@pytest.mark.skipif(
    not real.INDEPENDENT.is_dir(), reason="../shared/independent, the motion capture, is not here"
)
def test_who_sits_and_stands_holds_no_doorway_stretch():
    # Their arms are out to the sides, forearms up, as on a door frame.
    cameras = set(zip(real.AZIMUTHS[::2], itertools.cycle(real.ROLLS)))
    cases = [case for case in real.series() if case[1:] in cameras]
    assert len(cases) >= 30
    for case in cases:
        engine = Engine(catalogue()["doorway_chest_stretch"].spec)
        together(real.seen_from(*case)[0], [engine])
        assert not engine.holds, case


@pytest.mark.skipif(
    not real.INDEPENDENT.is_dir(), reason="../shared/independent, the yoga poses, is not here"
)
def test_held_yoga_poses_are_timed():
    found = [real.yoga(path) for path in sorted(real.INDEPENDENT.glob("yoga_*.npz"))]
    for id, least in (("downward_dog", 0.9), ("press_up", 0.95)):
        assert share([one.hold for one in found if one.exercise == id]) >= least

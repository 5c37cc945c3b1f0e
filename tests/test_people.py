"""Several people in view: who is followed, and how somebody else is asked for."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import SAMPLES
from films import Picture, film
from test_page import opened, reviewed, verdict, words

from formcheck.body import Recording
from formcheck.cli import main
from formcheck.errors import FormcheckError
from formcheck.people import InView, Person, asked_for, in_view, who_exercises
from formcheck.pose.models import model_path
from formcheck.pose.people import PeopleTracker
from formcheck.pose.tracker import PoseTracker
from formcheck.review import Review, open_source, review
from formcheck.spec import find

RATE = 15
HEIGHT = 360
GREY = 120


def pictures(name: str, end_s: float, height: int = HEIGHT) -> Iterator[Picture]:
    """Yield a sample's pictures at a low rate and size."""
    due = 0.0
    with av.open(SAMPLES / f"{name}.mp4") as source:
        for shown in source.decode(video=0):
            if shown.time > end_s:
                return
            while shown.time >= due - 1e-6:
                width = round(shown.width * height / shown.height / 2) * 2
                yield shown.reformat(width, height).to_ndarray(format="rgb24")
                due += 1 / RATE


def filmed(path: Path, shown: Iterable[Picture]) -> Path:
    kept = list(shown)
    height, width = kept[0].shape[:2]
    times = np.arange(len(kept)) / RATE
    return film(path, times.tolist(), (width, height), pictures=kept)


def judged(path: Path, exercise: str, person: str | None = None) -> Review:
    with open_source(path) as source:
        return review(source, find(exercise), person=person)


@pytest.fixture(scope="module")
def side_by_side(tmp_path_factory) -> Path:
    """Bridges on the left, cat and cow on the right."""
    both = zip(pictures("bridge", 9.0), pictures("cat_cow", 9.0), strict=False)
    path = tmp_path_factory.mktemp("people") / "both.mp4"
    return filmed(path, (np.hstack(pair) for pair in both))


@pytest.fixture(scope="module")
def television(tmp_path_factory) -> Path:
    """A trainer's bridges on a television in an empty room; after 5 s somebody does them, too."""
    small = itertools.cycle(list(pictures("bridge", 9.0, height=180)))
    empty = np.full((HEIGHT, 480, 3), GREY, np.uint8)
    room = itertools.chain([empty] * (5 * RATE), pictures("bridge", 9.0))

    def shown() -> Iterator[Picture]:
        for picture, screen in zip(room, small, strict=False):
            out = picture.copy()
            out[: screen.shape[0], : screen.shape[1]] = screen
            yield out

    return filmed(tmp_path_factory.mktemp("people") / "television.mp4", shown())


# -- whom it follows -------------------------------------------------------------------------------


def test_who_exercises_is_followed(side_by_side):
    alone = filmed(side_by_side.with_name("alone.mp4"), pictures("bridge", 9.0))
    bridge, cat_cow = (judged(side_by_side, exercise) for exercise in ("bridge", "cat_cow"))
    assert bridge.count() == judged(alone, "bridge").count() >= 1
    assert cat_cow.count() >= 1
    assert (bridge.people.count, bridge.people.followed) == (2, 1)
    assert (cat_cow.people.count, cat_cow.people.followed) == (2, 2)
    assert "Two people are in view: this is about the one on the left." in bridge.warnings


def test_the_one_in_the_room_is_followed_and_not_the_one_on_the_television(television):
    in_the_room = judged(television, "bridge")
    assert in_the_room.count() == 2
    assert all(repetition.start_s > 5.0 for repetition in in_the_room.repetitions)
    on_screen = judged(television, "bridge", "left")
    assert on_screen.repetitions[0].start_s < 5.0
    assert {in_the_room.people.count, on_screen.people.count} == {2}


def test_one_person_is_tracked_as_ever():
    with PoseTracker(model_path("lite")) as alone, PeopleTracker(model_path("lite")) as everyone:
        for i, picture in enumerate(pictures("bridge", 3.0)):
            (found,) = everyone.track(picture, i / RATE)
            np.testing.assert_array_equal(found.image, alone.track(picture, i / RATE).image)


def test_who_leaves_and_comes_back_is_the_same(side_by_side):
    """The list of people gets no longer, and who is away has empty frames."""
    both = [
        np.hstack(pair)
        for pair in zip(pictures("bridge", 2.0), pictures("cat_cow", 2.0), strict=False)
    ]
    alone = [picture.copy() for picture in both]
    for picture in alone:
        picture[:, picture.shape[1] // 2 :] = GREY
    with PeopleTracker(model_path("lite")) as tracker:
        films = [*both, *alone, *alone, *both]
        seen = [tracker.track(picture, i / RATE) for i, picture in enumerate(films)]
    assert {len(frames) for frames in seen[RATE:]} == {2}
    away, back = seen[3 * len(both) - 1], seen[-1]
    assert sum(frame.found for frame in away) == 1
    assert all(frame.found for frame in back)
    for before, after in zip(seen[len(both) - 1], back, strict=True):
        assert abs(before.image[:, 0].mean() - after.image[:, 0].mean()) < 0.1


# -- who is meant ----------------------------------------------------------------------------------


def seen_for(seconds: float, of_s: float = 6.0) -> Recording:
    """Somebody who is in view at the beginning only."""
    t = np.arange(0.0, of_s, 1 / RATE)
    image = np.full((len(t), 33, 5), 0.5)
    image[t > seconds] = np.nan
    return Recording(t, image, np.zeros((len(t), 33, 3)), 640, 480)


def person(x: float, size: float = 0.1) -> Person:
    return Person(seen_for(6.0), x, size)


@pytest.mark.parametrize(
    ("who", "index"), [("left", 0), ("right", 2), ("1", 0), ("2", 1), ("3", 2)]
)
def test_somebody_can_be_asked_for(who, index):
    assert asked_for([person(0.2), person(0.5), person(0.8)], who) == index


@pytest.mark.parametrize("who", ["0", "4", "-1", "middle", "", "left "])
def test_who_is_not_there_is_told(who):
    with pytest.raises(FormcheckError, match="three people are in view"):
        asked_for([person(0.2), person(0.5), person(0.8)], who)


def test_of_two_who_exercise_the_larger_is_meant_then_the_one_who_does_more():
    far, near, like = person(0.2, 0.05), person(0.8, 0.2), person(0.5, 0.19)
    assert who_exercises([far, near], [20.0, 5.0]) == 1
    assert who_exercises([like, near], [20.0, 5.0]) == 0
    assert who_exercises([far, near], [3.0, 0.0]) == 0
    assert who_exercises([far, near], [0.0, 0.0]) == 1


def test_they_are_called_by_where_they_are():
    assert InView(2, 2).said.endswith("the one on the right.")
    assert InView(3, 2).said.endswith("the one who is number 2 from the left.")


def test_who_passes_by_is_not_said_to_be_in_view():
    assert len(in_view([seen_for(6.0), seen_for(1.0)])) == 1
    assert len(in_view([seen_for(6.0), seen_for(3.0)])) == 2
    assert len(in_view([seen_for(0.5)])) == 1


# -- where somebody meets it -----------------------------------------------------------------------


def test_the_command_line_says_who_and_takes_somebody_else(side_by_side, tmp_path, capsys):
    assert (
        main(["review", str(side_by_side), "--person", "right", "--json", str(tmp_path / "x.json")])
        == 0
    )
    told = json.loads((tmp_path / "x.json").read_text())
    assert told["exercise"] == "cat_cow"
    assert told["people"] == {"in_view": 2, "followed": 2}
    said = capsys.readouterr()
    assert "on the right" in " ".join(said.out.split())
    assert "--person left" in said.err
    assert main(["review", str(side_by_side), "--exercise", "bridge", "--person", "3"]) == 2
    assert "two people are in view" in capsys.readouterr().err


def test_a_recording_keeps_the_one_who_is_asked_for(side_by_side, tmp_path):
    for who, exercise in (("left", "bridge"), ("right", "cat_cow")):
        out = tmp_path / f"{who}.npz"
        assert main(["record", str(side_by_side), str(out), "--person", who]) == 0
        assert judged(out, exercise).count() >= 1


def test_the_page_shows_everyone_and_takes_a_click(side_by_side, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = opened()
    app.selectbox(key="exercise").set_value("bridge").run()
    app = reviewed(app, "both.mp4", side_by_side.read_bytes())
    assert "Bridge" in (verdict(app) or "")
    assert "on the left" in words(app)
    assert app.button(key="person-left").disabled
    assert len(list(tmp_path.iterdir())) == 1  # kept until somebody is chosen
    app.button(key="person-right").click().run()
    assert not app.exception
    assert "on the right" in words(app)
    assert app.button(key="person-right").disabled
    app.button(key="sample-bridge").click().run()
    assert list(tmp_path.iterdir()) == []

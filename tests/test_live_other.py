"""Two people in view of the live page: whom it is asked to follow, and what is said."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import figures as f
import numpy as np
import pytest
from test_engine import bridges

from formcheck.body import PoseFrame
from formcheck.live import spoken
from formcheck.live.conductor import AWAY_S, Conductor, dosage_of
from formcheck.live.other import ASK_AGAIN_S, MEANT_S, SETTLE_S
from formcheck.live.protocol import Sent
from formcheck.live.visit import Item, Visit
from formcheck.spec import find
from formcheck.tape import Tape

FPS = 15.0
LOOKED_EVERY = 4  # as the page looks at the other person
NEAR, FAR = 0.37, 0.12  # the figure's scale
SCREEN = 0.2  # somebody on a television who is large enough to begin with
LEFT, RIGHT = (0.3, 0.4), (0.7, 0.4)


@dataclass
class Pair:
    """A page with two people before its camera; `a` is followed at first."""

    conductor: Conductor
    obeys: bool = True
    t: float = 0.0
    whom: int = 0
    asked: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    _asked: bool = False

    def show(
        self,
        first: f.Figure | None,
        second: f.Figure | None,
        seconds: float,
        scales: tuple[float, float] = (NEAR, NEAR),
    ) -> "Pair":
        """Two poses, None for nobody, for some seconds."""
        a, b = (
            None if pose is None else pose.frame(0.0, scale=scale, shift=shift)
            for pose, scale, shift in zip((first, second), scales, (LEFT, RIGHT), strict=True)
        )
        return self.feed(itertools.repeat(a), itertools.repeat(b), seconds)

    def feed(self, a, b, seconds: float) -> "Pair":
        for i, one, other in zip(range(round(FPS * seconds)), a, b, strict=False):
            self.t += 1 / FPS
            if self._asked and self.obeys:
                self.whom += 1
            self._asked = False
            own, another = (other, one) if self.whom % 2 else (one, other)
            own = own or PoseFrame.empty(0.0, 640, 480)
            seen = another is not None and i % LOOKED_EVERY == 0
            self.conductor.feed(
                replace(own, t=self.t), replace(another, t=self.t) if seen else None, self.whom
            )
            said, _ = self.conductor.take_said()
            self.said += [one["text"] for one in said]
            leave = self.conductor.take_leave()
            if leave is not None:
                assert leave == self.whom
                self.asked.append(self.t)
                self._asked = True
            if self.stages[-1:] != [self.conductor.stage]:
                self.stages.append(self.conductor.stage)
        return self

    @property
    def count(self) -> int:
        return sum(self.conductor.state()["counts"].values())


@pytest.fixture
def pair() -> Iterator[Pair]:
    with ExitStack() as stack:
        loaded, tape = find("bridge"), stack.enter_context(Tape())
        dosage = dosage_of(loaded.spec, sets=1, times=10, hold_s=0)
        yield Pair(Conductor(loaded, dosage, 3.0, tape))


STANDING, LYING = f.standing(), f.bridge(125.0)


def exercising(tops: int, shift: f.Point = LEFT, scale: float = NEAR) -> list[PoseFrame]:
    return list(bridges([175.0] * tops, fps=FPS, shift=shift, scale=scale)[0])


# -- before it begins ------------------------------------------------------------------------------


def test_who_is_in_position_is_followed_and_counted(pair):
    pair.show(STANDING, None, 2.0).show(STANDING, LYING, 8.0)
    assert len(pair.asked) == 1
    assert pair.asked[0] == pytest.approx(2.0 + MEANT_S, abs=1.0)
    assert pair.said.count(spoken.OTHER_PERSON) == 1
    assert pair.conductor.stage == "countdown"
    helper = STANDING.frame(0.0, shift=LEFT)
    pair.feed(itertools.repeat(helper), exercising(3, RIGHT), 20.0)
    assert pair.count == 3
    assert len(pair.asked) == 1


def test_who_is_not_in_position_is_not_followed(pair):
    pair.show(STANDING, STANDING, 20.0)
    pair.show(LYING, STANDING, 8.0)
    assert pair.asked == []
    assert pair.stages[-2:] == ["countdown", "active"]


def test_who_only_passes_through_the_position_is_not_followed(pair):
    for _ in range(4):
        pair.show(STANDING, LYING, MEANT_S - 1.0).show(STANDING, STANDING, 3.0)
    assert pair.asked == []


def test_who_has_left_is_not_followed(pair):
    pair.show(STANDING, LYING, MEANT_S - 1.0).show(STANDING, None, 2 * MEANT_S)
    pair.show(STANDING, LYING, MEANT_S - 1.0)  # comes back, and is new
    assert pair.asked == []


def test_the_page_is_asked_again_when_it_did_not_hear(pair):
    pair.obeys = False
    pair.show(STANDING, LYING, MEANT_S + 2.5 * ASK_AGAIN_S)
    assert np.diff(pair.asked) == pytest.approx([ASK_AGAIN_S] * (len(pair.asked) - 1), abs=0.2)
    assert len(pair.asked) == 3
    assert spoken.OTHER_PERSON not in pair.said


def test_of_two_in_position_the_much_larger_is_followed(pair):
    pair.show(LYING, STANDING, 6.0, (FAR, NEAR))  # on a television: too small to begin
    assert pair.asked == []
    pair.show(LYING, LYING, 20.0, (FAR, NEAR))
    assert len(pair.asked) == 1
    assert pair.whom == 1
    assert pair.stages == ["setup", "countdown", "active"]


def test_of_two_alike_the_one_who_is_followed_stays(pair):
    pair.show(LYING, LYING, 10.0, (NEAR, 1.1 * NEAR))
    assert pair.asked == []


def test_who_was_chosen_by_hand_stays_followed(pair):
    pair.show(LYING, STANDING, 0.5)
    pair.whom = 1
    pair.show(LYING, STANDING, 2 * SETTLE_S)
    assert pair.asked == []
    assert pair.said.count(spoken.OTHER_PERSON) == 1


# -- meanwhile -------------------------------------------------------------------------------------


def test_who_exercises_stays_followed_whoever_else_lies_there(pair):
    begun = exercising(5, scale=SCREEN)
    pair.feed(begun[:120], itertools.repeat(None), 8.0)
    assert pair.conductor.stage == "active"
    trainer = LYING.frame(0.0, shift=RIGHT, scale=0.5)
    pair.feed(begun[120:], itertools.repeat(trainer), 40.0)
    assert pair.count == 5
    assert pair.asked == []


def test_of_two_who_exercise_together_the_one_who_is_followed_stays(pair):
    pair.feed(exercising(4), exercising(4, RIGHT, 1.3 * NEAR), 40.0)
    assert pair.count == 4
    assert pair.asked == []


def test_a_trainer_on_a_television_is_left_for_who_exercises_in_the_room(pair):
    """Counting began with the trainer; the person in the room is counted from their start on."""
    trainer = exercising(10, RIGHT, SCREEN)
    pair.feed(trainer[:200], itertools.repeat(None), 20.0)
    assert pair.count >= 1
    pair.feed(trainer[200:], exercising(7), 40.0)
    assert len(pair.asked) == 1
    assert pair.stages[-4:] == ["active", "setup", "countdown", "active"]
    assert pair.count in (5, 6)  # of seven: the first was needed to tell, and the countdown


def test_in_the_middle_of_a_repetition_nobody_else_is_followed(pair):
    pair.feed(exercising(1, scale=SCREEN), itertools.repeat(None), 4.0)
    up = f.bridge(175.0).frame(0.0, scale=SCREEN, shift=LEFT)
    pair.feed(itertools.repeat(up), exercising(4, RIGHT, 0.5), 19.0)
    assert pair.asked == []
    down = LYING.frame(0.0, scale=SCREEN, shift=LEFT)
    pair.feed(
        itertools.repeat(down), itertools.repeat(LYING.frame(0.0, shift=RIGHT, scale=0.5)), 4.0
    )
    assert len(pair.asked) == 1


def test_who_sits_up_is_not_left_for_a_trainer_on_a_television(pair):
    pair.show(LYING, LYING, 6.0, (NEAR, FAR))
    assert pair.conductor.stage == "active"
    pair.show(STANDING, LYING, 20.0, (NEAR, FAR)).show(None, LYING, 20.0, (NEAR, FAR))
    assert pair.conductor.stage == "away"
    assert pair.asked == []


def test_the_count_goes_on_when_the_tracker_had_leapt_to_somebody_else(pair):
    helper = STANDING.frame(0.0, shift=RIGHT)
    pair.feed(exercising(3), itertools.repeat(helper), 15.0)
    before = pair.count
    assert before == 3
    pair.feed(itertools.repeat(helper), exercising(6), 30.0)
    assert len(pair.asked) == 1
    assert pair.asked[0] - 15.0 == pytest.approx(
        AWAY_S + MEANT_S, abs=2.5
    )  # not in the middle of it
    assert pair.count >= before + 2


def test_who_is_chosen_by_hand_in_the_middle_goes_on_with_the_count(pair):
    pair.obeys = False
    pair.show(STANDING, LYING, MEANT_S + 2.0)  # the page did not hear what it was asked then
    assert pair.asked
    pair.show(LYING, None, 10.0)
    assert pair.conductor.stage == "active"
    pair.whom = 1
    pair.show(LYING, LYING, 1.0)
    assert pair.said[-1] == spoken.OTHER_PERSON
    assert pair.conductor.stage == "active"


def test_it_does_not_flip_back_at_once(pair):
    pair.show(STANDING, LYING, 6.0)
    assert len(pair.asked) == 1
    pair.show(LYING, STANDING, SETTLE_S - 3.0)
    assert len(pair.asked) == 1
    pair.show(LYING, STANDING, 6.0)
    assert len(pair.asked) == 2


def test_the_next_exercise_begins_with_whoever_is_followed_then(pair):
    item = Item(find("bridge"), dosage_of(find("bridge").spec, sets=1, times=1, hold_s=0), 1.0)
    visit = Visit("session", "visitor", [item, item], "full")
    lying = LYING.frame(0.0)
    said, number = [], 0

    def take(seconds: float, whom: int) -> None:
        nonlocal number
        for _ in range(round(FPS * seconds)):
            number += 1
            visit.take(Sent(number, replace(lying, t=number / FPS), None, whom))
            said.extend(one["text"] for one in visit.now()["say"])

    take(1.0, 0)
    take(1.0, 1)
    assert said.count(spoken.OTHER_PERSON) == 1
    visit.act("next")
    assert visit.ended() is not None
    assert visit.move_on()
    take(3.0, 1)
    assert said.count(spoken.OTHER_PERSON) == 1
    visit.close()

"""How far someone has come with a dosage."""

import pytest

from formcheck.engine.events import HoldResult, RepetitionResult
from formcheck.session import Next, Session
from formcheck.spec import Dosage, catalogue, find


def repetition(side=None, counted=True, hold_s=6.0):
    reason = None if counted else "too low"
    return RepetitionResult(0, side, counted, reason, 0.0, 1.0, 2.0, 1.0, hold_s, 1.0, 40.0, {})


def hold(side, seconds):
    return HoldResult(side, 0.0, seconds, "the leg came down")


def test_repetitions_fill_one_set_after_the_other():
    session = Session(find("bridge").spec, Dosage(document="001", sets=2, repetitions=(3, 5)))
    assert session.next == Next(1, None, 3)
    for _ in range(4):
        session.add(repetition())
    session.add(repetition(counted=False))
    session.add(hold(None, 9.0))  # a hold at the top is no repetition
    assert session.done == [{None: 3}, {None: 1}]
    assert session.next == Next(2, None, 2)
    for _ in range(3):
        session.add(repetition())
    assert session.next is None
    assert session.beyond == 1


def test_each_side_has_its_own_number():
    dosage = Dosage(document="001", sets=2, repetitions=(2, 2), each_side=True)
    session = Session(find("bird_dog").spec, dosage)
    session.add(repetition("right"))
    assert session.next == Next(1, "right", 1)  # with the same side first
    session.add(repetition("right"))
    assert session.next == Next(1, "left", 2)
    # All sets of one side before the other's are as good.
    session.add(repetition("right"))
    session.add(repetition("right"))
    assert session.done == [{"left": 0, "right": 2}, {"left": 0, "right": 2}]
    for _ in range(4):
        session.add(repetition("left"))
    assert session.next is None
    assert session.beyond == 0


def test_a_hold_counts_when_it_was_long_enough():
    session = Session(find("supine_hamstring_stretch").spec)
    assert (session.dosage.document, session.often, session.held_s) == ("002", 2, 15)
    for side, seconds in (("left", 14.9), ("left", 15.0), ("right", 40.0), ("left", 20.0)):
        session.add(hold(side, seconds))
    assert session.done == [{"left": 2, "right": 1}]
    assert session.next == Next(1, "right", 1)


def test_what_would_be_next_changes_nothing():
    session = Session(find("supine_hamstring_stretch").spec)
    before = session.next
    assert session.next_after(hold("left", 15.0)) == Next(1, "left", 1)
    assert session.next_after(hold("left", 14.0)) == before == session.next
    assert session.done == [{"left": 0, "right": 0}]


def test_a_repetition_that_was_held_for_less_counts_and_is_told():
    session = Session(find("bridge").spec)
    assert (session.dosage.document, session.often, session.held_s) == ("002", 10, 5)
    session.add(repetition(hold_s=5.1))
    session.add(repetition(hold_s=2.0))
    assert session.done == [{None: 2}]
    assert session.held_short == 1


def test_of_a_guided_exercise_the_contractions_count_that_there_was_time_for():
    session = Session(find("gluteal_set").spec)
    assert session.next == Next(1, None, 15)
    session.add(hold(None, 21.0))
    assert session.done == [{None: 2}]


@pytest.mark.parametrize("id", [id for id, one in catalogue().items() if one.spec.gentlest])
def test_every_dosage_can_be_done(id):
    spec = find(id).spec
    for dosage in (one for one in spec.dosage if one.repetitions or one.hold_s):
        session = Session(spec, dosage)
        for _ in range(400):
            if session.next is None:
                break
            long = spec.guide.contract_s if spec.guide else session.held_s
            side = session.next.side
            session.add(repetition(side) if spec.kind == "repetitions" else hold(side, long))
        assert session.next is None
        assert all(number == session.often for done in session.done for number in done.values())


def test_without_a_dosage_there_is_no_session():
    spec = find("side_neck_stretch").spec
    assert spec.gentlest is None
    with pytest.raises(ValueError, match="no document says how much"):
        Session(spec)

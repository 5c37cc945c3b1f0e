"""The machines of the engine on bare numbers: weighing, holding, repeating."""

import math

import pytest

from formcheck.engine.conditions import Conditions
from formcheck.engine.gate import UNSEEN_S
from formcheck.engine.holds import HoldMachine
from formcheck.engine.repetitions import Movement, RepetitionMachine
from formcheck.measures import UNKNOWN, Value, Values
from formcheck.spec import (
    AnyOf,
    Condition,
    Repetition,
    Requirement,
    Resting,
    Short,
    Signal,
    Threshold,
)

STEP_S = 0.05


class Given(Values):
    """Measures that are given, not taken; True or False says whether they are clearly seen."""

    def __init__(self, **values: tuple[float, bool]) -> None:
        super().__init__({}, None)
        self._given = {name: Value(*value) for name, value in values.items()}

    def __getitem__(self, name: str) -> Value:
        return self._given.get(name, UNKNOWN)

    def kept(self) -> Values:
        return self

    def known(self) -> dict[str, float]:
        return {name: value.known for name, value in self._given.items()}


def at_least(measure: str, limit: float = 10.0, *cameras: str) -> Condition:
    return Condition(
        measure=measure,
        at_least=limit,
        unit="deg",
        why="A test's.",
        broken=f"{measure} went",
        cameras=cameras,
    )


# -- conditions ---------------------------------------------------------------------------------

GOOD, BAD = (20.0, True), (0.0, True)
GUESSED_GOOD, GUESSED_BAD = (20.0, False), (0.0, False)


@pytest.mark.parametrize(
    ("values", "verdict", "broken"),
    [
        ({"a": GOOD, "b": GOOD, "c": GOOD}, True, ""),
        # missing: the others decide, if the first is among them and they are as many
        ({"a": GOOD, "b": GOOD}, True, ""),
        ({"a": GOOD}, None, ""),  # one of three is too few
        ({"b": GOOD, "c": GOOD}, None, ""),  # the first names the matter itself
        ({}, None, ""),
        # doubtful: only the tracker's guess breaks it
        ({"a": GOOD, "b": GOOD, "c": GUESSED_BAD}, None, ""),
        ({"a": GOOD, "b": GOOD, "c": GUESSED_GOOD}, True, ""),
        ({"a": GUESSED_GOOD, "b": GOOD, "c": GOOD}, None, ""),
        # contradicted: one is enough, whatever else is seen
        ({"a": GOOD, "b": GOOD, "c": BAD}, False, "c went"),
        ({"c": BAD}, False, "c went"),
        ({"a": BAD, "b": GUESSED_BAD}, False, "a went"),
    ],
)
def test_missing_doubtful_and_contradicted_are_three_things(values, verdict, broken):
    conditions = Conditions([at_least(name) for name in "abc"])
    weighed = conditions.weigh(Given(**values), held=False, guess=False, camera="side")
    assert weighed == (verdict, broken)


def test_where_a_guess_will_do_it_may_speak_for_and_against():
    conditions = Conditions([at_least("a"), at_least("b")])

    def verdict(**values):
        return conditions.weigh(Given(**values), held=False, guess=True, camera=None).verdict

    assert verdict(a=GUESSED_GOOD, b=GOOD) is True
    assert verdict(a=GOOD, b=GUESSED_BAD) is False


def test_what_is_asked_from_elsewhere_only_is_not_asked_here():
    conditions = Conditions([at_least("a", 10.0, "elsewhere"), at_least("b", 10.0, "side")])

    def verdict(camera, **values):
        return conditions.weigh(Given(**values), held=False, guess=False, camera=camera).verdict

    assert verdict("side", a=BAD, b=GOOD) is True
    assert verdict("elsewhere", a=BAD, b=GOOD) is False
    assert verdict("elsewhere", a=GOOD, b=BAD) is True
    assert verdict(None, a=GOOD, b=GOOD) is None  # none is asked: nothing is known


def test_of_several_ways_one_is_enough_and_all_must_be_broken():
    conditions = Conditions([AnyOf(any_of=(at_least("a"), at_least("b")))])

    def weighed(**values):
        return conditions.weigh(Given(**values), held=False, guess=False, camera="side")

    assert weighed(a=BAD, b=GOOD).verdict is True
    assert weighed(a=BAD).verdict is None
    assert weighed(a=BAD, b=GUESSED_BAD).verdict is None
    assert weighed(a=BAD, b=BAD) == (False, "a went")


def test_what_held_is_granted_its_margin():
    margin = Conditions([at_least("a").model_copy(update={"margin": 5.0})])
    for value, held, verdict in ((7.0, False, False), (7.0, True, True), (4.0, True, False)):
        given = Given(a=(value, True))
        assert margin.weigh(given, held, guess=False, camera=None).verdict is verdict


# -- holds --------------------------------------------------------------------------------------


def held(*stretches, least_s=1.0, grace_s=0.5):
    """Return the holds of a measure that is in the posture from 10 on; the last is ended at once.

    Each stretch is the value at its end, its seconds, and "seen", "hidden" or "moving".
    """
    machine, t, value, found = HoldMachine(least_s, grace_s, None), 0.0, 0.0, []
    for end, seconds, how in stretches:
        steps = round(seconds / STEP_S)
        for i in range(1, steps + 1):
            t += STEP_S
            now = value + (end - value) * i / steps
            hidden = how == "hidden"
            ended = machine.update(
                t,
                None if hidden else now >= 10.0,
                None if hidden else how != "moving",
                "" if hidden else "a went",
                math.nan if hidden else now,
            )[1]
            found.append(ended)
        value = end
    found.append(machine.stop("the recording ended", moved_out=False))
    return [one for one in found if one is not None]


@pytest.mark.parametrize(("seen_before", "start_s"), [(False, 2.1), (True, 1.6)])
def test_the_way_into_position_tells_when_a_hold_begins(seen_before, start_s):
    # Quickly from 0 to 16, slowly on to 20, in position from 12 on. A tenth of all the way is left
    # at 18; of the way in position, at 19.2.
    machine = HoldMachine(1.0, 0.5, None)
    for i in range(1, 91):
        t = i * STEP_S
        value = min(20.0 * t, 16.0 + 2.5 * max(0.0, t - 0.8), 20.0)
        if value >= 12.0:
            machine.update(t, True, t >= 2.4, "", value)
        elif seen_before:
            machine.approach(t, value)
    assert machine.since == pytest.approx(start_s, abs=0.06)


def test_a_way_too_slow_to_be_told_from_stillness_is_not_held():
    # In the posture from half of the way on; all the time as still as somebody who holds it.
    (hold,) = held((20.0, 6.0, "seen"), (20.0, 8.0, "seen"), (0.0, 6.0, "seen"))
    assert hold.start_s == pytest.approx(0.9 * 6.0, abs=0.3)
    assert hold.end_s == pytest.approx(14.0 + 0.1 * 6.0, abs=0.4)


def test_rocking_in_the_posture_is_held_through():
    rocking = [(15.0 + 5.0 * (-1) ** i, 0.6, "moving") for i in range(8)]
    (hold,) = held((20.0, 0.1, "seen"), (20.0, 2.0, "seen"), *rocking, (20.0, 1.0, "seen"))
    assert hold.held_s == pytest.approx(2.0 + 4.8 + 1.0, abs=0.2)
    assert hold.ended_by == "the recording ended"


def test_who_never_comes_to_rest_holds_nothing():
    rocking = [(15.0 + 5.0 * (-1) ** i, 0.6, "moving") for i in range(12)]
    assert not held(*rocking)


def test_a_movement_out_is_dated_from_its_beginning():
    # In the posture down to 10, which the way from 40 to 0 crosses after three quarters.
    (hold,) = held((40.0, 1.0, "moving"), (40.0, 3.0, "seen"), (0.0, 4.0, "moving"))
    assert hold.start_s == pytest.approx(0.9, abs=0.1)
    assert hold.end_s == pytest.approx(4.4, abs=0.15)
    assert hold.ended_by == "a went"


def test_where_the_way_out_was_not_seen_a_hold_lasts_as_long_as_the_posture():
    # The heel is hidden while it is held: it was last seen on the way in, and again on the way out.
    machine, ended = HoldMachine(1.0, 0.5, None), None
    for i in range(1, 150):
        t = i * STEP_S
        value = 20.0 * t if t < 1.0 else 20.0 if t < 1.3 else math.nan if t < 5.0 else 0.0
        posture = 0.9 <= t < 5.0
        ended = machine.update(t, posture, posture, "a went", value)[1] or ended
    assert ended is not None
    assert ended.start_s == pytest.approx(0.9, abs=0.1)
    assert ended.end_s == pytest.approx(5.0, abs=0.1)


def test_a_movement_that_stays_in_the_posture_is_part_of_the_hold():
    (hold,) = held(
        (40.0, 1.0, "moving"),
        (40.0, 3.0, "seen"),
        (20.0, 2.0, "moving"),
        (40.0, 2.0, "moving"),
        (40.0, 1.0, "seen"),
    )
    assert hold.end_s == pytest.approx(9.0, abs=0.1)


@pytest.mark.parametrize("hidden_s", [0.4, 1.0, UNSEEN_S - 0.1])
def test_out_of_sight_is_credited_to_who_is_found_holding(hidden_s):
    (hold,) = held(
        (20.0, 0.1, "seen"), (20.0, 3, "seen"), (20.0, hidden_s, "hidden"), (20.0, 1, "seen")
    )
    assert hold.held_s == pytest.approx(4.0 + hidden_s, abs=0.15)


def test_out_of_sight_is_not_credited_to_who_is_found_out_of_the_posture():
    (hold,) = held((20.0, 0.1, "seen"), (20.0, 3, "seen"), (0.0, 1.0, "hidden"), (0.0, 2.0, "seen"))
    assert hold.end_s == pytest.approx(3.1, abs=0.1)


def test_out_of_sight_for_longer_ends_a_hold_where_it_was_last_seen():
    first, second = held(
        (20.0, 0.1, "seen"), (20.0, 3, "seen"), (20.0, UNSEEN_S + 0.5, "hidden"), (20.0, 2, "seen")
    )
    assert first.end_s == pytest.approx(3.1, abs=0.1)
    assert first.ended_by == "out of sight"
    assert second.start_s == pytest.approx(3.1 + UNSEEN_S + 0.5, abs=0.1)


@pytest.mark.parametrize(("lapse_s", "holds"), [(0.4, 1), (0.8, 2)])
def test_a_lapse_beyond_the_grace_time_breaks_a_hold(lapse_s, holds):
    found = held(
        (20.0, 0.1, "seen"),
        (20.0, 3.0, "seen"),
        (0.0, STEP_S, "moving"),
        (0.0, lapse_s - STEP_S, "seen"),
        (20.0, STEP_S, "moving"),
        (20.0, 3.0, "seen"),
    )
    assert len(found) == holds


# -- repetitions --------------------------------------------------------------------------------


def threshold(value: float) -> Threshold:
    return Threshold(value=value, unit="deg", why="A test's.")


RULES = Repetition(
    measure="a",
    rest=threshold(30.0),
    leave=threshold(8.0),
    reach=threshold(60.0),
    top_margin=threshold(10.0),
    attempt=threshold(12.0),
    short=Short(id="short", name="Too little.", severity="minor", cue="Go on."),
    cameras=("side",),
)


def repeated(
    *stretches, finish=False, given=None, signal=None, comes_in=False, **changed
) -> list[Movement]:
    """Return the movements of a measure that goes to each value in so many seconds."""
    machine = RepetitionMachine(RULES.model_copy(update=changed), signal)
    if comes_in:
        machine.come_in()
    t, value, found = 0.0, stretches[0][0], []
    for end, seconds in stretches:
        steps = round(seconds / STEP_S)
        for i in range(1, steps + 1):
            t += STEP_S
            now = value + (end - value) * i / steps
            values = Given(a=(now, True)) if given is None else given(now)
            found.append(machine.update(t, now, True, values, "side"))
        value = end
    if finish:
        found.append(machine.finish())
    return [one for one in found if one is not None]


OUT_AND_BACK = ((0.0, 1.0), (70.0, 1.0), (70.0, 1.0), (0.0, 1.5), (0.0, 1.0))


def test_a_movement_is_counted_and_dated():
    (one,) = repeated(*OUT_AND_BACK)
    assert one.reason is None
    assert one.start_s == pytest.approx(1.0, abs=0.1)
    assert one.end_s == pytest.approx(4.5, abs=0.1)
    assert one.range == pytest.approx(70.0, abs=2.0)


@pytest.mark.parametrize("begins_at", [38.0, 50.0])
def test_a_movement_begun_midway_is_counted(begins_at):
    found = repeated((begins_at, 0.1), (70.0, 1.0), (70.0, 1.0), (0.0, 1.5), *OUT_AND_BACK)
    assert [one.reason for one in found] == [None, None]


def test_who_is_first_seen_at_the_top_or_on_the_way_back_has_not_repeated():
    assert not repeated((70.0, 2.0), (0.0, 1.5), (0.0, 1.0))
    assert not repeated((50.0, 0.1), (0.0, 1.5), (0.0, 1.0))


def test_who_goes_in_and_out_among_what_counts_has_not_repeated():
    # First seen at the top: to come back to it is no movement from rest, however slow.
    assert not repeated((75.0, 1.0), (45.0, 1.0), (45.0, 5.0), (75.0, 1.0), (0.0, 1.5), (0.0, 1.0))
    # Further out than ever before it is one.
    assert len(repeated((45.0, 0.1), (40.0, 1.0), (75.0, 1.0), (0.0, 1.5), (0.0, 1.0))) == 1


@pytest.mark.parametrize(("rest_s", "counted"), [(0.1, 0), (0.5, 1)])
def test_the_end_of_the_way_into_position_is_no_repetition(rest_s, counted):
    found = repeated((0.0, rest_s), *OUT_AND_BACK[1:], comes_in=True)
    assert len(found) == counted
    # Somebody who was there when the recording began may have been at rest for longer.
    assert len(repeated((0.0, rest_s), *OUT_AND_BACK[1:])) == 1
    # Only the first movement is the way in.
    assert len(repeated((0.0, rest_s), *OUT_AND_BACK[1:], *OUT_AND_BACK, comes_in=True)) == (
        counted + 1
    )


ELSEWHERE = Signal(measure="a", direction="up", leave=threshold(8.0), range=threshold(40.0))


@pytest.mark.parametrize(("top_s", "counted"), [(0.05, 0), (0.4, 1)])
def test_a_leap_to_the_top_is_no_repetition_where_the_tracker_leaps(top_s, counted):
    leap = ((0.0, 1.0), (70.0, 0.05), (70.0, top_s), (0.0, 0.05), (0.0, 1.0))
    assert len(repeated(*leap, signal=ELSEWHERE, least_s=0.1)) == counted


@pytest.mark.parametrize(("back_s", "movements"), [(0.25, 1), (1.0, 2)])
def test_a_leap_to_rest_ends_no_repetition_where_the_tracker_leaps(back_s, movements):
    out = ((0.0, 1.0), (70.0, 1.0), (70.0, 1.0))
    back = ((0.0, 0.05), (0.0, back_s), (70.0, 0.05), (70.0, 1.0), (0.0, 1.0), (0.0, 1.0))
    assert len(repeated(*out, *back, signal=ELSEWHERE)) == movements


def test_of_what_came_to_an_end_above_rest_the_way_down_is_not_known():
    # Begun midway, so that rest is taken to be at its limit of 30.
    (one,) = repeated((40.0, 0.1), (75.0, 1.0), (75.0, 1.0), (42.0, 1.0), (42.0, 2.0))
    assert math.isnan(one.lowering_s)
    (whole,) = repeated(*OUT_AND_BACK)
    assert whole.lowering_s > 0.0


def test_only_the_first_movement_may_begin_midway():
    # It ends far from rest, and goes out again from there.
    back_half_way = ((45.0, 1.0), (45.0, 2.0), (70.0, 1.0), (70.0, 1.0), (0.0, 1.5), (0.0, 1.0))
    assert len(repeated(*OUT_AND_BACK[:3], *back_half_way)) == 1


def test_enough_is_measured_from_the_persons_own_rest():
    small = ((10.0, 1.0), (35.0, 1.0), (35.0, 1.0), (10.0, 1.5), (10.0, 1.0))
    (one,) = repeated(*small)
    assert one.reason == "Too little."
    (one,) = repeated(*small, range=threshold(20.0))
    assert one.reason is None
    # As far, but from a higher rest; and not as far.
    (one,) = repeated(*((v + 15.0, s) for v, s in small), range=threshold(20.0))
    assert one.reason is None
    (one,) = repeated(
        (20.0, 1), (38.0, 1), (38.0, 1), (20.0, 1.5), (20.0, 1), range=threshold(20.0)
    )
    assert one.reason == "Too little."


def test_what_stays_among_resting_values_is_nothing():
    fidgeting = ((-20.0, 1.0), (15.0, 1.0), (15.0, 1.0), (-20.0, 1.5), (-20.0, 1.0))
    assert not repeated(*fidgeting, range=threshold(20.0))


def test_a_repetition_begins_where_its_rest_is_seen():
    sits = Resting(any_of=((at_least("chair", 1.0),),), otherwise="No chair.")

    def with_chair(there):
        def given(now):
            chair = {} if there is None else {"chair": (1.0 if there else 0.0, True)}
            return Given(a=(now, True), **chair)

        return given

    reasons = {
        there: [x.reason for x in repeated(*OUT_AND_BACK, resting=sits, given=with_chair(there))]
        for there in (True, False, None)
    }
    # What cannot be seen is not held against anybody.
    assert reasons == {True: [None], False: ["No chair."], None: [None]}


def test_a_moment_at_rest_is_enough_but_at_rest_it_must_be():
    sits = Resting(
        when=(Condition(measure="a", at_most=30.0, unit="deg", why="A test's."),),
        any_of=((at_least("chair", 1.0),),),
        otherwise="No chair.",
    )

    def only_at_the_top(now):
        return Given(a=(now, True), chair=(1.0 if now > 30.0 else 0.0, True))

    (one,) = repeated(*OUT_AND_BACK, resting=sits, given=only_at_the_top)
    assert one.reason == "No chair."


def test_what_ends_at_the_top_is_done_there():
    there = OUT_AND_BACK[:3]
    assert not repeated(*there, finish=True)
    (one,) = repeated(*there, finish=True, ends="top")
    assert one.reason is None
    # Back as usual, it is the same one.
    assert len(repeated(*OUT_AND_BACK, finish=True, ends="top")) == 1
    # Not there yet, it is not done.
    assert not repeated((0.0, 1.0), (50.0, 1.0), (50.0, 1.0), finish=True, ends="top")


@pytest.mark.parametrize(("left", "counted"), [(60.0, 0), (40.0, 1), (20.0, 1)])
def test_more_than_a_third_back_at_the_end_is_over(left, counted):
    found = repeated(*OUT_AND_BACK[:3], (left, 0.5), finish=True)
    assert [one.reason for one in found] == [None] * counted


def test_what_the_top_requires_is_asked_of_it():
    never = Requirement(
        measure="a", at_least=90.0, unit="deg", why="A test's.", otherwise="Not so.", cameras=()
    )
    (one,) = repeated(*OUT_AND_BACK, requires=(never,))
    assert one.reason == "Not so."


@pytest.mark.parametrize(("comes_in", "counted"), [(True, 0), (False, 1)])
def test_who_comes_in_is_known_to_the_machine_that_takes_over(comes_in, counted):
    # Lying down moves the knees as a roll does, and on the way the camera is read anew.
    before, after = (RepetitionMachine(RULES) for _ in range(2))
    if comes_in:
        before.come_in()
    after.take_over(before)
    found = []
    for i, value in enumerate([0.0] * 3 + [70.0] * 30 + [0.0] * 60):
        found.append(after.update(i * STEP_S, value, True, Given(a=(value, True)), "side"))
    movements = [one for one in found if one is not None]
    assert sum(one.reason is None for one in movements) == counted

"""What is said when: the coach alone, by made-up times."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.live.coach import GAP_S, REMIND_S, SAME_AGAIN_S, STALE_S, Coach, Cue, Praise

LOW = Cue("low", "minor", "Lift a little higher.")
FAST = Cue("fast", "minor", "Come down slowly.")
ARCH = Cue("arch", "major", "Lower your hips a little.")
NOTE = Cue("note", "info", "Look at the floor.")


def test_the_most_important_is_said_first_and_one_at_a_time():
    coach = Coach()
    for cue in (NOTE, LOW, ARCH):
        coach.see(10.0, cue)
    assert coach.say(10.0) == ARCH
    assert coach.say(10.1) is None
    coach.see(10.0 + GAP_S, FAST)
    assert coach.say(10.0 + GAP_S) == FAST  # the others are about a moment that is over
    assert coach.say(20.0) is None


def test_of_two_alike_the_first_seen_is_said_first():
    coach = Coach()
    coach.see(0.0, LOW)
    coach.see(0.1, FAST)
    assert coach.say(0.2) == LOW


def test_the_same_is_not_said_again_within_some_seconds():
    coach = Coach()
    coach.see(0.0, LOW)
    assert coach.say(0.0) == LOW
    coach.see(SAME_AGAIN_S - 0.1, LOW)
    assert coach.say(SAME_AGAIN_S - 0.1) is None
    coach.see(SAME_AGAIN_S, LOW)
    assert coach.say(SAME_AGAIN_S) == LOW


def test_what_lasts_is_told_again_later_than_what_is_new():
    coach = Coach()
    coach.see(0.0, ARCH)
    said = []
    for tenth in range(400):
        coach.still(tenth / 10, ARCH)
        if coach.say(tenth / 10) is not None:
            said.append(tenth / 10)
    assert said == [0.0, REMIND_S, 2 * REMIND_S]


def test_what_could_not_be_said_in_time_is_not_said():
    coach = Coach()
    coach.see(0.0, ARCH)
    assert coach.say(0.0) == ARCH
    coach.see(0.1, LOW)
    assert coach.say(0.1 + STALE_S + 0.5) is None


def test_what_is_put_right_is_praised_once_and_only_if_it_was_told():
    coach = Coach()
    coach.right(0.0, "low")
    assert coach.say(0.0) is None
    coach.see(1.0, LOW)
    coach.say(1.0)
    assert coach.wrong == {"low"}
    coach.right(5.0, "low")
    assert coach.say(5.0) == Praise("low")
    coach.right(9.0, "low")
    assert coach.say(9.0) is None


def test_an_error_comes_before_praise_and_stale_praise_is_dropped():
    coach = Coach()
    coach.see(0.0, LOW)
    coach.say(0.0)
    coach.right(4.0, "low")
    coach.see(4.0, ARCH)
    assert coach.say(4.0) == ARCH
    assert coach.say(4.0 + GAP_S) is None  # longer ago than anybody would understand


def test_a_pause_forgets_what_waits():
    coach = Coach()
    coach.see(0.0, LOW)
    coach.forget()
    assert coach.say(0.0) is None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0.02, 3.0),
            st.sampled_from([LOW, FAST, ARCH, NOTE, None]),
            st.sampled_from(["low", "arch", None]),
        ),
        max_size=60,
    )
)
def test_whatever_is_seen_there_is_time_to_hear_it(steps):
    coach, t = Coach(), 0.0
    said: list[tuple[float, Cue | Praise]] = []
    for dt, seen, right in steps:
        t += dt
        if seen is not None:
            coach.see(t, seen)
        if right is not None:
            coach.right(t, right)
        one = coach.say(t)
        if one is not None:
            said.append((t, one))
    for (before, _), (after, _) in pairwise(said):
        assert after - before >= GAP_S
    for cue in (LOW, FAST, ARCH, NOTE):
        times = [t for t, one in said if one == cue]
        assert all(b - a >= SAME_AGAIN_S for a, b in pairwise(times))

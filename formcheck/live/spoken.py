"""What is said aloud: short, for somebody who lies on the floor and does not look."""

from __future__ import annotations

from formcheck.engine.events import HoldResult
from formcheck.measures import Side
from formcheck.report.words import times
from formcheck.session import Next, Session

READY = "Good. Stay there."
AGAIN = "Going on."
AWAY = "Paused. Come back into position to go on."
PAUSED = "Paused."
GET_READY = "Get ready."
HURT = "Stop. Rest in a position that feels good."
DONE = "That was the last one. Well done."
ENDED = "This exercise is over."
GONE = "You were away for a while, so this ended here."
SLOWLY_BACK = "Slowly back."
# Of muscles that are tightened and of stretches alike.
CONTRACT, RELAX = "Hold.", "Let go."
HOLD = "Hold."
OTHER_SIDE = "Now the other side."
OTHER_PERSON = "Now following the other person."


def asked(session: Session, next: Next) -> str:
    """Say what a set asks for.

    Examples
    --------
    >>> asked(session, Next(1, "left", 10))
    'Set 1. 10 times on each side, held for 5 seconds.'
    """
    text = "Once" if next.often == 1 else times(next.often, "time")
    if next.side is not None:
        text += " on each side"
    if session.held_s:
        text += f", held for {_seconds(session.held_s)}"
    return f"Set {next.set}. {text}." if session.sets > 1 else f"{text}."


def count(number: int, left: int) -> str:
    """Say the number of a repetition, and when the next is the last.

    Examples
    --------
    >>> count(9, 1), count(3, 7)
    ('9. One more.', '3')
    """
    return f"{number}. One more." if left == 1 and number > 1 else str(number)


def rest(set: int, seconds: float) -> str:
    """Say that a set is done.

    Examples
    --------
    >>> rest(1, 30.0)
    'Set 1 is done. Rest for 30 seconds.'
    """
    return f"Set {set} is done. Rest for {_seconds(seconds)}."


def held(seconds: float) -> str:
    """Say that a hold was long enough.

    Examples
    --------
    >>> held(15.0)
    "That's 15 seconds. Come out of it slowly."
    """
    return f"That's {_seconds(seconds)}. Come out of it slowly."


def held_short(hold: HoldResult, wanted_s: float) -> str:
    """Say that a hold was not long enough to count.

    Examples
    --------
    >>> held_short(HoldResult(None, 0.0, 9.4, "hips came down"), 15.0)
    '9 of 15 seconds. Once more.'
    """
    return f"{int(hold.held_s)} of {_seconds(wanted_s)}. Once more."


def then(session: Session, before: Next, after: Next, side: Side | None) -> str | None:
    """Say what comes next within a set, when that is something else than before."""
    others = after.side is not None and after.side != side
    if others and before.set == after.set and session.done[before.set - 1][side] >= session.often:
        return OTHER_SIDE
    return None


def _seconds(seconds: float) -> str:
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"

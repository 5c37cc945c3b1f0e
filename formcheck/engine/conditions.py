"""Weighing a spec's conditions against the measures of one frame.

What is missing, what is doubtful and what is contradicted are three things. One condition plainly
broken is enough to say no. One that only the tracker's guess breaks is a doubt: then nobody can
say. One whose joints have no place at all says nothing, and the others decide as long as they are
at least as many and the first, which names the matter itself, is among them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from formcheck.measures import Values
from formcheck.spec import AnyOf, Condition


class Weighed(NamedTuple):
    """What a list of conditions comes to.

    Attributes
    ----------
    verdict
        True when they hold as far as they can be seen, False when one is broken, None when too
        little is seen to say.
    broken
        What is broken, in the spec's words.
    """

    verdict: bool | None
    broken: str


def asked(condition: Condition, camera: str | None) -> bool:
    """Whether a condition is asked from where the camera is."""
    return not condition.cameras or camera in condition.cameras


def first_asked(conditions: Sequence[Condition | AnyOf], camera: str | None) -> Condition | None:
    """Return the condition that names the matter itself, from where the camera is."""
    for condition in conditions:
        for one in condition.any_of if isinstance(condition, AnyOf) else (condition,):
            if asked(one, camera):
                return one
    return None


def holds(condition: Condition, values: Values, held: bool, guess: bool) -> bool | None:
    """Whether a condition holds; None when its measure is unknown.

    Parameters
    ----------
    condition, values
        What is asked of which measures.
    held
        Whether it held before: then its margin is granted.
    guess
        Whether a place that is only the tracker's guess will do.
    """
    value = values[condition.measure]
    if math.isnan(value.value) or not (guess or value.clear):
        return None
    slack = condition.margin if held else 0.0
    if condition.at_least is not None and value.value < condition.at_least - slack:
        return False
    return not (condition.at_most is not None and value.value > condition.at_most + slack)


def weigh(
    conditions: Sequence[Condition | AnyOf],
    values: Values,
    held: bool,
    guess: bool,
    camera: str | None,
) -> Weighed:
    """Weigh the conditions that are asked from where the camera is; see the module's text.

    Where none is asked, nothing is known.
    """
    right = of = 0
    doubt = False
    first: bool | None = None
    for condition in conditions:
        if isinstance(condition, Condition):
            if not asked(condition, camera):
                continue
            one_of: tuple[Condition, ...] = (condition,)
            broken = condition.broken
        else:
            one_of = tuple(one for one in condition.any_of if asked(one, camera))
            broken = condition.any_of[0].broken
            if not one_of:
                continue
        verdict = _any(holds(one, values, held, guess) for one in one_of)
        if verdict is False:
            return Weighed(False, broken)
        if verdict is None and not guess:
            guessed = _any(holds(one, values, held, guess=True) for one in one_of)
            doubt = doubt or guessed is False
        first = verdict if not of else first
        of += 1
        right += verdict is True
    return Weighed(True if first and not doubt and 2 * right >= of else None, "")


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    every = list(verdicts)
    return True if True in every else None if None in every else False

"""Checking a spec's conditions against the measures of one frame."""

from __future__ import annotations

import math
from collections.abc import Sequence

from formcheck.measures import Values
from formcheck.spec import AnyOf, Condition


def asked(condition: Condition, camera: str | None) -> bool:
    """Whether a condition is asked under a camera set-up; where none fits, all are."""
    return not condition.cameras or camera is None or camera in condition.cameras


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


def all_hold(
    conditions: Sequence[Condition | AnyOf],
    values: Values,
    held: bool,
    guess: bool,
    camera: str | None,
) -> tuple[bool | None, str]:
    """Whether all conditions hold, and if not, what broke, in the spec's words.

    False outweighs unknown: one thing plainly wrong is enough. Conditions for other camera set-ups
    than the one that fits are not asked.
    """
    unknown = False
    for condition in conditions:
        if isinstance(condition, Condition):
            if not asked(condition, camera):
                continue
            verdict, broken = holds(condition, values, held, guess), condition.broken
        else:
            some = [holds(one, values, held, guess) for one in condition.any_of]
            verdict = True if True in some else None if None in some else False
            broken = condition.any_of[0].broken
        if verdict is False:
            return False, broken
        unknown = unknown or verdict is None
    return (None if unknown else True), ""

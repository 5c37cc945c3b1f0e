"""Weighing a spec's conditions against the measures of one frame.

What is missing, what is doubtful and what is contradicted are three things. One condition plainly
broken is enough to say no. One that only the tracker's guess breaks is a doubt: then nobody can
say. One whose joints have no place at all says nothing, and the others decide as long as they are
at least as many and the first, which names the matter itself, is among them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from formcheck.measures import Values
from formcheck.spec import AnyOf, Condition

# A measure, its least and its greatest value, and both with the margin granted once it held.
Limits = tuple[str, float, float, float, float]


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


def limits(condition: Condition) -> Limits:
    """Return what a condition asks for, in plain numbers."""
    low = -math.inf if condition.at_least is None else condition.at_least
    high = math.inf if condition.at_most is None else condition.at_most
    return condition.measure, low, high, low - condition.margin, high + condition.margin


def holds(one_of: Sequence[Limits], values: Values, held: bool, guess: bool) -> bool | None:
    """Whether one of several conditions holds; None when that depends on what is unknown.

    Parameters
    ----------
    one_of, values
        What is asked of which measures.
    held
        Whether it held before: then its margin is granted.
    guess
        Whether a place that is only the tracker's guess will do.
    """
    verdict: bool | None = False
    for measure, low, high, low_once_held, high_once_held in one_of:
        value, clear = values[measure]
        if value != value or not (clear or guess):
            verdict = None
        elif low_once_held <= value <= high_once_held if held else low <= value <= high:
            return True
    return verdict


class Conditions:
    """A spec's list of conditions, made ready to be asked in every frame.

    What is asked from where the camera is, is worked out once for each place.

    Attributes
    ----------
    told
        For each condition, the text for when it fails.
    """

    __slots__ = ("_asked", "_every", "told")

    def __init__(self, conditions: Sequence[Condition | AnyOf]) -> None:
        self.told = [c.told for c in conditions]
        self._every = [c.any_of if isinstance(c, AnyOf) else (c,) for c in conditions]
        # By the camera's place: for each condition what it asks, one of which must hold, what is
        # told when none does.
        self._asked: dict[str | None, list[tuple[list[Limits], str]]] = {}

    def _from(self, camera: str | None) -> list[tuple[list[Limits], str]]:
        found = self._asked.get(camera)
        if found is None:
            by_camera = [
                ([limits(one) for one in one_of if asked(one, camera)], told)
                for one_of, told in zip(self._every, self.told, strict=True)
            ]
            found = self._asked[camera] = [one for one in by_camera if one[0]]
        return found

    def first_measure(self, camera: str | None) -> str | None:
        """Return the measure of the main condition, the first, from where the camera is."""
        every = self._from(camera)
        return every[0][0][0][0] if every else None

    def all_hold(self, values: Values, camera: str | None) -> bool:
        """Whether each is seen to hold, without its margin."""
        for one_of, _ in self._from(camera):
            if not holds(one_of, values, held=False, guess=False):
                return False
        return True

    def weigh(self, values: Values, held: bool, guess: bool, camera: str | None) -> Weighed:
        """Weigh those that are asked from where the camera is; see the module's text.

        Where none is asked, nothing is known.
        """
        right = of = 0
        doubt = False
        first: bool | None = None
        for one_of, broken in self._from(camera):
            verdict = holds(one_of, values, held, guess)
            if verdict is False:
                return Weighed(False, broken)
            if verdict is None and not guess:
                doubt = doubt or holds(one_of, values, held, guess=True) is False
            if not of:
                first = verdict
            of += 1
            right += verdict is True
        return Weighed(True if first and not doubt and 2 * right >= of else None, "")

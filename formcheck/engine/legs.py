"""Which leg is lifted, where only one is at a time.

On all fours, or prone, the tracker takes a far leg, once it is lifted, for the near one: it begins
under its own name, and in mid-air the two names change place, often to and fro. The other leg
supports, or lies, all the while, so the leg that began to lift is the one in the air until both are
down again.
"""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.body import INDEX, N_LANDMARKS
from formcheck.measures import MID, Seen
from formcheck.spec import LiftedLeg as Rules

# Both must be down this long for the next leg to begin: names that change place pass each other.
DOWN_S = 0.2
# The same where they are not side by side, as with names that go to and fro on a leg lifted low.
DOWN_APART_S = 1.0
# After the names have changed place the tracker has the legs half-way for so long.
UNSURE_S = 0.3

_LEGS = [
    (INDEX[f"left_{joint}"], INDEX[f"right_{joint}"])
    for joint in ("hip", "knee", "ankle", "heel", "foot_index")
]
_EXCHANGED = list(range(N_LANDMARKS + len(MID)))
for _left, _right in _LEGS:
    _EXCHANGED[_left], _EXCHANGED[_right] = _right, _left


class LiftedLeg:
    """Give the legs their names back, by the measure that repetitions are counted by.

    Parameters
    ----------
    rules
        What says how high a leg is, and which height is down.
    """

    def __init__(self, rules: Rules) -> None:
        self._down, self._apart = rules.down.value, rules.apart.value
        self.reset()

    def reset(self) -> None:
        """Forget which leg began, as when the person leaves the position."""
        self._lead: int | None = None  # 0 left, 1 right
        self._exchanged = False
        self._changed_t = -math.inf
        self._down_since = math.nan

    def __call__(self, seen: Seen, left: float, right: float) -> Seen:
        """Return what was seen, each leg under its own name.

        Parameters
        ----------
        seen
            The frame, returned as it is where nothing is to be mended.
        left, right
            The measure of either leg as the tracker names them; NaN when unknown.
        """
        if math.isnan(left + right):
            if self._lead is None:
                return seen
            self._changed_t = seen.t
            return _without_legs(seen, unknown=True)
        self._follow(seen.t, left, right)
        if self._exchanged:
            seen = _with_legs_exchanged(seen)
        if seen.t - self._changed_t < UNSURE_S:
            seen = _without_legs(seen, unknown=False)
        return seen

    def _follow(self, t: float, left: float, right: float) -> None:
        apart = abs(left - right) >= self._apart
        if max(left, right) > self._down:
            self._down_since = math.nan
        elif self._down_since != self._down_since:
            self._down_since = t
        if t - self._down_since >= (DOWN_APART_S if apart else DOWN_S):
            self._lead, self._exchanged = None, False
            return
        if not apart:
            return
        higher = 0 if left > right else 1
        if self._lead is None:
            if max(left, right) > self._down:
                self._lead = higher
        elif self._exchanged != (higher != self._lead):
            self._exchanged, self._changed_t = not self._exchanged, t


def _with_legs_exchanged(seen: Seen) -> Seen:
    return replace(
        seen,
        points=[seen.points[i] for i in _EXCHANGED],
        picture=[seen.picture[i] for i in _EXCHANGED],
        world=seen.world[_EXCHANGED],
        clear=[seen.clear[i] for i in _EXCHANGED],
        usable=[seen.usable[i] for i in _EXCHANGED],
        in_view=[seen.in_view[i] for i in _EXCHANGED],
    )


def _without_legs(seen: Seen, *, unknown: bool) -> Seen:
    """Return what was seen with the legs a guess, or unknown."""
    clear, usable = list(seen.clear), list(seen.usable)
    for leg in _LEGS:
        for joint in leg:
            clear[joint] = False
            usable[joint] = usable[joint] and not unknown
    return replace(seen, clear=clear, usable=usable)

"""The position gate: nothing counts outside the exercise's position."""

from __future__ import annotations

import math
from typing import Literal

Change = Literal["entered", "left", "gave up"] | None

# For so long somebody who is not seen is taken to be where they were: a head turned away, a child
# in front of the camera, a computer that was busy. What is judged then is nothing, but a movement
# whose top was seen may end, and is counted when rest is seen again.
UNSEEN_S = 2.0


class Gate:
    """Open after `enter_s` in position, shut after `leave_s` out of it; dated from the real edges.

    Out of sight is not out of position: for `UNSEEN_S` it stays open.

    Attributes
    ----------
    since
        When the position was taken, seconds; NaN outside it. It is set as soon as the position is
        first seen, before the gate opens, so that what begins at once is not lost.
    until
        When the person was last seen in position.
    """

    def __init__(self, enter_s: float, leave_s: float) -> None:
        self._enter_s, self._leave_s = enter_s, leave_s
        self.open = False
        self.since = math.nan
        self.until = math.nan

    @property
    def candidate(self) -> bool:
        """In position, perhaps not yet for long enough."""
        return self.since == self.since

    def update(self, t: float, in_position: bool | None) -> Change:
        """Take one frame's verdict; None where it is not known."""
        if in_position:
            if not self.candidate:
                self.since = t
            self.until = t
            if not self.open and t - self.since >= self._enter_s:
                self.open = True
                return "entered"
            return None
        if not self.candidate:
            return None
        if self.open:
            patience_s = UNSEEN_S if in_position is None else self._leave_s
            if t - self.until >= patience_s:
                return self.shut()
        elif t - self.until > self._enter_s / 2:  # a flicker is no reason to start again
            return self.shut()
        return None

    def shut(self) -> Change:
        """Close at once, as when the person is lost."""
        was_open, was_candidate = self.open, self.candidate
        self.open, self.since = False, math.nan
        if was_open:
            return "left"
        return "gave up" if was_candidate else None

"""The hold clock: seconds accrue only in the posture."""

from __future__ import annotations

import math
from collections.abc import Iterable

from formcheck.engine.events import HoldResult
from formcheck.measures import Side
from formcheck.spec import Hold


class HoldMachine:
    """Time one side's holds; a lapse within the grace time does not break one.

    Attributes
    ----------
    since
        When the hold under way began, seconds; NaN when none is.
    running
        Whether it has lasted long enough to be one.
    """

    def __init__(self, rules: Hold, side: Side | None) -> None:
        self._rules, self._side = rules, side
        self.since = math.nan
        self.running = False
        self._last = math.nan
        self._broken = ""

    @property
    def held(self) -> bool:
        """Whether the posture was there in the last frame or a moment ago."""
        return self.since == self.since

    def seconds(self, t: float) -> float:
        """How long the hold under way has lasted."""
        return self._last - self.since if self.running else 0.0

    def update(self, t: float, verdict: bool | None, broken: str) -> tuple[bool, HoldResult | None]:
        """Take one frame's verdict (None: not seen).

        Returns
        -------
        Whether a hold was confirmed with this frame, and the hold that ended with it.
        """
        if verdict:
            if not self.held:
                self.since = t
            self._last, self._broken = t, ""
            if not self.running and t - self.since >= self._rules.least_s:
                self.running = True
                return True, None
            return False, None
        if not self.held:
            return False, None
        # What is broken at the end of the grace time says more than the first wobble did.
        self._broken = broken or ("out of sight" if verdict is None else self._broken)
        if t - self._last > self._rules.grace_s:
            return False, self.stop(self._broken or "left the posture")
        return False, None

    def stop(self, reason: str) -> HoldResult | None:
        """End the hold under way, if one is."""
        ended = HoldResult(self._side, self.since, self._last, reason) if self.running else None
        self.since, self.running, self._broken = math.nan, False, ""
        return ended


def best_and_total(holds: Iterable[HoldResult]) -> tuple[float, float]:
    """Return the longest hold and the sum of all, seconds."""
    lengths = [hold.held_s for hold in holds]
    return max(lengths, default=0.0), math.fsum(lengths)

"""The hold clock: seconds accrue only in the posture."""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Iterable

from formcheck.engine.events import HoldResult
from formcheck.engine.gate import UNSEEN_S
from formcheck.measures import Side

# Of the way there and back, this share counts as being there (docs/engine.md).
REACHED = 0.1
# On a slow way in, the first still moments are on the way yet. It goes on as long as, over so long,
# it is at least this share as quick as it was until then; slower is drifting in the posture.
GOES_ON_S, GOES_ON = 0.4, 0.25
# The way into a posture is looked for so far back.
WAY_S = 4.0
# A way is one if it is so many times as long as the body wavers in the posture.
PLAIN = 4.0


class HoldMachine:
    """Time one side's holds.

    A hold begins when the body is still in the posture and lasts while it stays in the posture:
    rocking in it, or going a little further, breaks nothing.

    Both ends are dated as the eye dates them, by the person's own movement: the last bit of
    the way into the posture is held already, and so is the first bit of the way out.

    A lapse within the grace time breaks nothing either. Out of sight is not out of the posture:
    for `UNSEEN_S` nobody knows, and the time counts if the posture is there when it is seen again.

    Parameters
    ----------
    least_s
        How long a hold lasts at least, seconds.
    grace_s
        How long a lapse may be that breaks nothing, seconds.
    side
        Whose holds they are.

    Attributes
    ----------
    since
        When the hold under way began, seconds; NaN when none is.
    running
        Whether it has lasted long enough to be one.
    """

    def __init__(self, least_s: float, grace_s: float, side: Side | None) -> None:
        self._least_s, self._grace_s, self._side = least_s, grace_s, side
        self.since = math.nan
        self.running = False
        self._last = math.nan  # in the posture
        self._still = math.nan  # and still
        self._broken = ""
        self._entered = math.nan  # the posture, not yet still
        self._quiet = math.nan  # when it first was
        self._dated = False  # the beginning, by all of the first moments in the posture
        self._track: deque[tuple[float, float]] = deque()  # of the measure it is held by

    @property
    def held(self) -> bool:
        """Whether the posture was there in the last frame or a moment ago."""
        return self.since == self.since

    def seconds(self, t: float) -> float:
        """How long the hold under way has lasted."""
        return self._last - self.since if self.running else 0.0

    def approach(self, t: float, value: float) -> None:
        """Follow the measure that a hold is dated by; also of somebody not yet in position."""
        if math.isnan(value):
            return
        self._track.append((t, value))
        kept_from = (self.since if self.held else t) - WAY_S
        while not self.running and self._track[0][0] < kept_from:
            self._track.popleft()

    def update(
        self, t: float, verdict: bool | None, still: bool | None, broken: str, value: float
    ) -> tuple[bool, HoldResult | None]:
        """Take one frame.

        Parameters
        ----------
        t
            Seconds.
        verdict, still
            Whether the body is in the posture, and still in it; None where that is not seen.
        broken
            What broke the posture, in the spec's words.
        value
            The measure that it is held by; NaN where unknown.

        Returns
        -------
        Whether a hold was confirmed with this frame, and the hold that ended with it.
        """
        self.approach(t, value)
        if verdict:
            if self._entered != self._entered:
                self._entered = t
            if not self.held:
                if still is False:
                    return False, None
                self.since = self._quiet = t
            self._last, self._broken = t, ""
            if still is not False:
                self._still = t
            if not self.running and self._still - self.since >= self._least_s:
                self.running = True
                self._date_beginning(again=False)
                return True, None
            if self.running and not self._dated and t - self._entered >= WAY_S:
                if self._entered <= self._quiet:  # else there was a lapse
                    self._date_beginning(again=True)
                self._dated = True
            self._thin_out()
            return False, None
        if verdict is False:
            self._entered = math.nan
        if not self.held:
            return False, None
        # What is broken at the end of the grace time says more than the first wobble did.
        self._broken = broken or ("out of sight" if verdict is None else self._broken)
        patience_s = UNSEEN_S if verdict is None else self._grace_s
        if t - self._last > patience_s:
            return False, self.stop(
                self._broken or "left the posture", moved_out=verdict is not None
            )
        return False, None

    def stop(self, reason: str, *, moved_out: bool = True) -> HoldResult | None:
        """End the hold under way, if one is: where the way out began, or now."""
        end_s = self._way_out_s() if moved_out and self.running else self._last
        ended = None
        if self.running and end_s - self.since >= self._least_s:
            ended = HoldResult(self._side, self.since, end_s, reason)
        self.since, self.running, self._broken = math.nan, False, ""
        self._still = math.nan
        self._dated = False
        self._track.clear()
        return ended

    def _date_beginning(self, *, again: bool) -> None:
        """Move the beginning to where the last bit of the way into the posture began.

        It is dated when the hold is confirmed, and again when the posture has been kept, without
        a lapse, for `WAY_S`: by then it is plainer where the way led to, and only then may it
        turn out to have begun later than at the first still moment.
        """
        middle = (self._quiet + self._still) / 2
        there, wavers = _level([v for t, v in self._track if middle <= t <= self._still])
        before = [(t, v - there) for t, v in self._track if t < self._quiet]
        way = max((v for _, v in before), key=abs, default=0.0)
        if not abs(way) > PLAIN * wavers:
            return
        # How much of the way is left, from when on it was in the posture.
        left = [(t, (v - there) / way) for t, v in self._track if t >= self._entered]
        began_s = max(t for t, v in before if v / way > 1.0 - REACHED)
        arrived = next((i for i, (_, share) in enumerate(left) if share <= REACHED), None)
        if arrived is None:
            return
        quiet = next(i for i, (t, _) in enumerate(left) if t >= self._quiet)
        if arrived > quiet and not again:
            arrived = quiet
        elif arrived > quiet:
            rate = (1.0 - left[quiet][1]) / (self._quiet - began_s)
            arrived = next(
                (i for i in range(quiet, arrived) if not _goes_on(left[i:], GOES_ON * rate)),
                arrived,
            )
        self.since = left[arrived][0]

    def _way_out_s(self) -> float:
        """Return when the first bit of the way out of the posture was over."""
        there, wavers = _level([v for t, v in self._track if self.since <= t <= self._still])
        way = self._track[-1][1] - there if self._track else 0.0
        if not abs(way) > PLAIN * wavers:
            return self._last
        next_t = math.inf
        for t, v in reversed(self._track):
            if t <= self._last and (v - there) * way <= REACHED * way * way:
                hidden = next_t - t > self._grace_s  # nobody saw when it began
                return self._last if hidden else max(t, self.since)
            next_t = t
        return self._still

    def _thin_out(self) -> None:
        """Forget the middle of a long hold."""
        while self.running and len(self._track) > 2 and self._track[0][0] < self._last - 2 * WAY_S:
            self._track.popleft()


def _goes_on(left: list[tuple[float, float]], rate: float) -> bool:
    """Whether what is left of a way shrinks at least at a rate, a second, from its beginning on."""
    since, share = left[0]
    later = next(((t, v) for t, v in left if t >= since + GOES_ON_S), left[-1])
    return later[0] > since and share - later[1] >= rate * (later[0] - since)


def _level(values: list[float]) -> tuple[float, float]:
    """Return the median of values and how far half of them waver about it; NaN of none."""
    if not values:
        return math.nan, math.nan
    there = statistics.median(values)
    return there, statistics.median([abs(v - there) for v in values])


def best_and_total(holds: Iterable[HoldResult]) -> tuple[float, float]:
    """Return the longest hold and the sum of all, seconds."""
    lengths = [hold.held_s for hold in holds]
    return max(lengths, default=0.0), math.fsum(lengths)

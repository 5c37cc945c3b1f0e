"""Repetitions: rest, out, peak, back, in one measure."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from formcheck.engine.conditions import Limits, asked, holds, limits
from formcheck.engine.gate import UNSEEN_S
from formcheck.measures import Values
from formcheck.spec import Condition, Repetition, Requirement, Signal

# A movement is surely under way this share of its range away from rest, or from its top: nearer,
# the tracker's jitter (1 deg of 50) may decide. From there it is followed back to where it began,
# and on to where it ended.
EDGE = 0.06
# A smooth movement spends this share of its time between those edges (0.6 for least jerk, 0.7 for
# a cosine, 0.9 at even speed).
EDGE_TO_EDGE = 0.7
# The peak is the middle of the time spent this near to the furthest point.
TOP_SHARE = 0.1
# Fallen by this share of its range when the stream ends, a movement is over.
FALLEN = 0.35
# A peak must last this long; a single wild frame is no repetition.
LEAST_TOP_S = 0.1
# Back at rest for less than this is the tracker's flicker, not the end of a movement.
BACK_S = 0.15
# Both where no set-up fits. There the tracker leaps to the top for 0.1 s, or back to rest for up to
# 0.35 s (rendered), as no limb does.
ELSEWHERE_TOP_S = 0.2
ELSEWHERE_BACK_S = 0.4
# How long to wait for the limb to come to rest before dating the end, and how long it must not
# have come further down: a single frame may be the tracker's tremble.
SETTLE_S = 0.6
STILL_S = 0.2
# The resting value follows a body that shifts on its mat, too slowly to follow a movement. Down it
# goes at once, but only to what lasts so long: somebody who walks past the camera drags the joints
# along for some frames.
REST_FOLLOWS_S = 4.0
REST_LASTS_S = 0.3
# Still for so long where resting values lie is rest, however far from where the movement began: the
# resting value may have been misread in the same way.
AT_REST_S = 1.0
# A movement that begins from a real rest of this length may be called an attempt. The first after
# somebody came into position must begin so to be anything: else it is the end of the way in.
LEAST_REST_S = 0.25

OUT_OF_SIGHT = "It was out of sight for a while."

RepPhase = Literal["rest", "rising", "top", "lowering"]


@dataclass(frozen=True, slots=True)
class Movement:
    """One finished movement; `reason` is why it is not a repetition, None when it is one.

    Of one that is `lost` the end was not seen, so nothing is known of its speed. Of one that did
    not come back, in sight, to where rest can be, `lowering_s` is NaN.
    """

    reason: str | None
    short: bool
    lost: bool
    start_s: float
    peak_s: float
    end_s: float
    rising_s: float
    hold_s: float
    lowering_s: float
    range: float
    best: float
    peak: dict[str, float]


class RepetitionMachine:
    """Follow one measure through rest and movement; see `spec.Repetition` for the rules.

    Parameters
    ----------
    rules
        The exercise's.
    signal
        What to follow instead of the rules' own measure, where that is not good.
    """

    def __init__(self, rules: Repetition, signal: Signal | None = None) -> None:
        self._rules = rules
        self.signal = signal
        self.measure = (signal or rules).measure
        self._sign = 1.0 if (signal or rules).direction == "up" else -1.0
        self._leave = (signal or rules).leave.value
        self._requires = [(one, [limits(one)]) for one in (signal or rules).requires]
        rest, enough = (signal or rules).rest, (signal or rules).range
        self._rest_limit = math.inf if rest is None else self._sign * rest.value
        self._range = math.inf if enough is None else enough.value
        # Half of what counts is plainly more than rest.
        self._top_margin = rules.top_margin.value if signal is None else signal.range.value / 2
        self._attempt = rules.attempt.value if signal is None else signal.range.value
        self._least_top_s = LEAST_TOP_S if signal is None else ELSEWHERE_TOP_S
        self._back_s = BACK_S if signal is None else ELSEWHERE_BACK_S
        self._target = math.inf if signal is not None else self._sign * rules.reach.value
        self._track: deque[tuple[float, float]] = deque()
        self._camera: str | None = None
        self.reset()

    def reset(self) -> None:
        """Forget the movement under way, as when the person leaves the position."""
        self._state: Literal["away", "rest", "out", "settling"] = "away"
        self._fresh = True  # nothing was seen of the movements before
        self._outermost = -math.inf  # of what was seen before a movement begun midway
        self._came_in = False  # into position in sight, and no movement since
        self._track.clear()
        self._base = math.nan
        self._best = math.nan
        self._known_t = math.nan
        self._rest_since = math.nan
        self._rested_s = 0.0
        self._top_s = 0.0
        self._in_top = False
        self._rested = False  # what must be seen at rest was seen before the movement under way
        self._rests_again = False  # and after it
        self._back_since = math.nan
        self._lowest = math.nan
        self._lowest_t = math.nan
        self._peak: Values | None = None
        self._required = [[0.0, 0.0] for _ in self._requires]  # seconds held, seconds known

    def come_in(self) -> None:
        """Begin to follow somebody who comes into position from out of it, in sight."""
        self._came_in = True

    def take_over(self, before: RepetitionMachine) -> None:
        """Begin to follow somebody whom another machine, by its own measure, followed until now."""
        self.reset()
        self._fresh = False
        self._came_in = before._came_in

    @property
    def out(self) -> bool:
        """Whether a movement is under way."""
        return self._state in ("out", "settling")

    @property
    def _reach(self) -> float:
        """What counts: the target, or far enough from the person's own rest."""
        return min(self._target, self._base + self._range)

    @property
    def range(self) -> float:
        """How far the movement under way has gone, in the measure's unit; 0 at rest."""
        return self._best - self._base if self.out else 0.0

    def way(self, value: float) -> float:
        """Return how much of the way from rest to what counts a value is, 1 for all; may be NaN."""
        whole = self._reach - self._base
        return (self._sign * value - self._base) / whole if whole > 0 else math.nan

    @property
    def start_s(self) -> float:
        """When the movement under way left rest (as far as known yet), seconds."""
        return self._track[0][0] if self._track else math.nan

    @property
    def phase(self) -> RepPhase:
        """Where in a repetition the person is now."""
        if self._state == "settling":
            return "lowering"
        if self._state != "out":
            return "rest"
        if self._in_top:
            return "top"
        now = self._track[-1][1]
        fallen = now < self._best - 0.25 * (self._best - self._base)
        return "lowering" if fallen else "rising"

    def update(
        self, t: float, value: float, clear: bool, values: Values, camera: str | None = None
    ) -> Movement | None:
        """Add one frame; return the movement that ended with it, if one did.

        Parameters
        ----------
        t
            Seconds.
        value
            The measure, in its unit; NaN when unknown.
        clear
            Whether it was clearly seen; a guess can end a movement, not begin or extend one.
        values
            All measures, to remember those at the peak and to check what the peak requires.
        camera
            The camera set-up that fits: what the peak requires may be asked under some only.
        """
        self._camera = camera
        if math.isnan(value):
            lost = self.out and t - self._known_t > UNSEEN_S
            return self.lose() if lost else None
        v = self._sign * value
        dt = min(t - self._known_t, 0.5) if self._known_t == self._known_t else 0.0
        self._known_t = t
        self._track.append((t, v))
        if self._state == "away":
            if v <= self._rest_limit:
                self._rest(t, v)
                self._rested = False
            else:
                self._begun_midway(t, v, clear, dt, values)
            return None
        if self._state == "rest":
            self._rested = self._rested or self._rests(values)
            self._at_rest(t, v, clear, dt, values)
            return None
        if self._state == "out":
            self._moving(t, v, clear, dt, values)
            return None
        return self._settling(t, v, clear, dt, values)

    def finish(self) -> Movement | None:
        """Return the movement that was over, though not yet at rest, when the stream ended.

        More than a third of the way back, nobody goes on to the top.
        """
        if self._state == "out" and self._track:
            fallen = self._best - self._track[-1][1]
            over = self._complete or fallen > FALLEN * (self._best - self._base)
        else:
            over = self._state == "settling"
        return self._finish() if over else None

    @property
    def _complete(self) -> bool:
        """Whether a movement that is complete at the top is there."""
        there = self._top_s >= self._least_top_s
        return self._state == "out" and self._rules.ends == "top" and there

    def lose(self) -> Movement | None:
        """Give up the movement under way, which is out of sight; return it with that reason."""
        movement = self._finish(lost=not self._complete) if self.out else None
        self.reset()
        return movement

    def _away(self) -> None:
        self._state, self._fresh = "away", False
        self._track.clear()

    def _rest(self, t: float, v: float) -> None:
        self._state, self._base, self._rest_since = "rest", v, t
        self._track.clear()
        self._track.append((t, v))
        self._in_top = False

    def _rests(self, values: Values) -> bool:
        """Whether it is seen to be rest; what cannot be seen is not held against anybody."""
        rules = self._rules.resting
        if rules is None:
            return True
        if not all(self._hold(rules.when, values)):
            return False
        signs = [list(self._hold(sign, values)) for sign in rules.any_of]
        signs = [sign for sign in signs if sign]
        return not signs or any(all(sign) for sign in signs)

    def _hold(self, conditions: Iterable[Condition], values: Values) -> Iterator[bool]:
        """Say of each condition that is asked whether it holds, or cannot be seen."""
        for condition in conditions:
            if asked(condition, self._camera):
                yield holds([limits(condition)], values, held=False, guess=True) is not False

    def _begun_midway(self, t: float, v: float, clear: bool, dt: float, values: Values) -> None:
        """Take up a movement of which the beginning was not seen, if it goes on outwards.

        Only the first: later ones begin in sight. And only one that goes further out than was seen
        before: who is first seen at the top, and goes a little in and out again, did not come from
        rest.
        """
        if self._fresh and clear:
            way = [value for _, value in self._track]
            inwards = way[: way.index(min(way)) + 1]
            if v - max(self._outermost, *inwards) >= self._leave:
                self._base = self._rest_limit
                self._begin(t, v, clear, values)
        while self._track[0][0] < t - REST_FOLLOWS_S:
            self._outermost = max(self._outermost, self._track.popleft()[1])

    def _at_rest(self, t: float, v: float, clear: bool, dt: float, values: Values) -> None:
        if v >= self._base:
            self._base += (v - self._base) * (1.0 - math.exp(-dt / REST_FOLLOWS_S))
        elif self._track[0][0] <= t - REST_LASTS_S:
            self._base = min(self._base, self._highest_since(t - REST_LASTS_S))
        while self._track[0][0] < t - 2 * REST_FOLLOWS_S:
            self._track.popleft()
        if v - self._base < self._leave or not clear:
            return
        self._rested_s = t - self._rest_since
        self._begin(t, v, clear, values)

    def _begin(self, t: float, v: float, clear: bool, values: Values) -> None:
        self._state, self._best, self._top_s = "out", v, 0.0
        self._peak = values.kept()
        self._required = [[0.0, 0.0] for _ in self._requires]
        self._moving(t, v, clear, 0.0, values)

    def _moving(self, t: float, v: float, clear: bool, dt: float, values: Values) -> None:
        if clear and v > self._best:
            self._best, self._peak = v, values.kept()
        if v >= self._reach and clear:
            self._in_top = True
            self._top_s += dt
        elif v < self._reach - self._top_margin:
            self._in_top = False
        if self._in_top:
            for tally, (requirement, wanted) in zip(self._required, self._requires, strict=True):
                verdict = self._fulfils(requirement, wanted, values)
                tally[0] += dt if verdict else 0.0
                tally[1] += dt if verdict is not None else 0.0
        if self._is_back(t, v):
            self._state, self._back_since, self._lowest, self._lowest_t = "settling", t, v, t
            self._rests_again = False
            self._in_top = False
        elif t - self._track[0][0] > self._rules.most_s + 2 * REST_FOLLOWS_S:
            self.reset()

    def _fulfils(
        self, requirement: Requirement, wanted: list[Limits], values: Values
    ) -> bool | None:
        """Whether what the top requires is there; a guess may only speak against it."""
        if not asked(requirement, self._camera):
            return True
        verdict = holds(wanted, values, held=False, guess=False)
        if verdict is None and holds(wanted, values, held=False, guess=True) is False:
            return False
        return verdict

    def _highest_since(self, since: float) -> float:
        highest = -math.inf
        for t, v in reversed(self._track):
            if t < since:
                break
            highest = max(highest, v)
        return highest

    def _is_back(self, t: float, v: float) -> bool:
        span = self._best - self._base
        if v <= self._base + self._rules.return_within * span:
            return True
        left_top = v < self._best - TOP_SHARE * span
        # Without a limit for resting values, nearer to rest than to what counts.
        near_rest = min(self._rest_limit, self._base + self._range / 2)
        return left_top and v <= near_rest and self._still(t, v)

    def _still(self, t: float, v: float) -> bool:
        """Whether the value has stayed where it is for a while."""
        if self._track[0][0] > t - AT_REST_S:
            return False
        near = 0.25 * self._leave
        for then, value in reversed(self._track):
            if abs(value - v) > near:
                return False
            if then <= t - AT_REST_S:
                return True
        return False

    def _settling(
        self, t: float, v: float, clear: bool, dt: float, values: Values
    ) -> Movement | None:
        back_s = t - self._back_since
        self._rests_again = self._rests_again or self._rests(values)
        if v < self._lowest:
            self._lowest, self._lowest_t = v, t
        if back_s < self._back_s:
            if not self._is_back(t, v):
                self._state = "out"
                self._moving(t, v, clear, dt, values)
            return None
        rising = v - self._lowest > 0.5 * self._leave
        if back_s < SETTLE_S and t - self._lowest_t < STILL_S and not rising:
            return None
        # What came after the lowest point belongs to what comes next, be it a movement or a leap.
        following: list[tuple[float, float]] = []
        while self._track[-1][0] > self._lowest_t:
            following.append(self._track.pop())
        movement = self._finish()
        self._came_in = False
        if self._lowest > self._rest_limit:
            self._away()  # it came to an end among what counts, not at rest
            return movement
        self._rest(*self._track[-1])
        self._rested = self._rests_again
        self._base = self._lowest
        self._track.extend(reversed(following))
        return movement

    def _finish(self, lost: bool = False) -> Movement | None:
        """Date the movement and say what it was; None when it was too small to speak of."""
        base, best = self._base, self._best
        span = best - base
        track = list(self._track)
        top = max(i for i, (_, v) in enumerate(track) if v >= best - TOP_SHARE * span)
        first_top = min(i for i, (_, v) in enumerate(track) if v >= best - TOP_SHARE * span)
        leave = next((i for i in range(first_top, -1, -1) if track[i][1] <= base + EDGE * span), 0)
        low = min(v for _, v in track[top:])
        edge = low + EDGE * max(0.0, best - low)  # a guess may be higher than the best seen
        back = next(i for i in range(top, len(track)) if track[i][1] <= edge)
        start, end = leave, back
        while start > 0 and track[start - 1][1] < track[start][1]:
            start -= 1
        while end + 1 < len(track) and track[end + 1][1] < track[end][1]:
            end += 1
        high = sorted(v for _, v in track if v >= self._reach)
        level = (high[len(high) // 2] if high else best) - EDGE * span
        at_level = [i for i in range(leave, back + 1) if track[i][1] >= level]
        start_s, end_s = track[start][0], track[end][0]
        reached = best >= self._reach and self._top_s >= self._least_top_s
        if self.signal is not None and not reached:
            return None  # how far is enough is not judged from there
        reason = OUT_OF_SIGHT if lost else self._shortcoming(reached, end_s - start_s)
        # Too little for an attempt is nothing, even if it came from near what counts; nor is what
        # stays among resting values, where how far somebody goes from the own rest counts.
        if span < self._attempt or (self._range < math.inf and best <= self._rest_limit < math.inf):
            return None
        if (reason is not None or self._came_in) and self._rested_s < LEAST_REST_S:
            return None
        peak = self._peak.known() if self._peak is not None else {}
        lowering_s = math.nan
        if self._state == "settling" and low <= self._rest_limit:
            lowering_s = (track[back][0] - track[at_level[-1]][0]) / EDGE_TO_EDGE
        return Movement(
            reason=reason,
            short=not reached,
            lost=lost,
            start_s=start_s,
            peak_s=(track[first_top][0] + track[top][0]) / 2,
            end_s=end_s,
            rising_s=(track[at_level[0]][0] - track[leave][0]) / EDGE_TO_EDGE,
            hold_s=self._held(track[start : end + 1]),
            lowering_s=lowering_s,
            range=span,
            best=self._sign * best,
            # What the spec measures is not to be read from there.
            peak=peak if self.signal is None else dict.fromkeys(peak, math.nan),
        )

    def _shortcoming(self, reached: bool, duration_s: float) -> str | None:
        rules = self._rules
        if not reached:
            return rules.falls_short
        if duration_s < rules.least_s:
            return "It was too quick to be a repetition."
        if duration_s > rules.most_s:
            return "It took too long to be a repetition."
        for (held, known), (requirement, _) in zip(self._required, self._requires, strict=True):
            seen = known >= 0.3 * self._top_s  # what is not seen is not held against anybody
            if seen and held < 0.5 * known:
                return requirement.otherwise
            if not seen and requirement.must_be_seen:
                return f"Could not be seen: {requirement.otherwise}"
        if rules.resting is not None and not self._rested:
            return rules.resting.otherwise
        return None

    def _held(self, track: list[tuple[float, float]]) -> float:
        """Seconds at the top: in at `reach`, out once `top_margin` below it."""
        total, since, last = 0.0, math.nan, math.nan
        for t, v in track:
            if v >= self._reach:
                since = t if math.isnan(since) else since
                last = t
            elif v < self._reach - self._top_margin and not math.isnan(since):
                total, since = total + last - since, math.nan
        return total if math.isnan(since) else total + last - since

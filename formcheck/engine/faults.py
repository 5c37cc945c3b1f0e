"""Form errors: a measure beyond its limit, in its phase, for long enough, told once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from formcheck.engine.conditions import Conditions
from formcheck.engine.events import FaultResult
from formcheck.engine.gate import UNSEEN_S
from formcheck.measures import Seen, Side, Values, point_indices
from formcheck.spec import Fault

# Two spells of the same error this close together are one.
LULL_S = 0.4
# Where it is not one repetition after another, the same error is not told again sooner than this.
COOL_DOWN_S = 6.0


class FaultWatch:
    """Watch for one form error on one side.

    Attributes
    ----------
    phase_s
        How long the rule's phase lasted.
    due_s, judged_s
        How long the phase lasted in which the error could have been made, and for how much of it
        the measure was seen from a camera set-up that shows it.
    camera_s
        How much of `due_s` the camera stood where the error shows.
    unfit_s
        How much of `camera_s` the measure was seen, but what the rule's `seen_when` asks for was
        not there.

    Parameters
    ----------
    rule
        The form error.
    side
        The side that is judged, None where there are none.
    points
        Of the points that its measure is made of, where they are among a frame's points.
    """

    def __init__(self, rule: Fault, side: Side | None, points: Iterable[str] = ()) -> None:
        self.rule, self.side = rule, side
        pairs = [point_indices(name, side) for name in points]
        self._points = tuple({left for left, _ in pairs}), tuple({right for _, right in pairs})
        self._when, self._seen_when = Conditions(rule.when), Conditions(rule.seen_when)
        self.phase_s = self.due_s = self.judged_s = self.camera_s = self.unfit_s = 0.0
        self._end_spell()
        self._told: FaultResult | None = None  # in this repetition, or in this hold lately

    def _end_spell(self) -> None:
        self._since = math.nan
        self._last = math.nan
        self._worst = math.nan
        self._span: FaultResult | None = None

    def new_repetition(self) -> None:
        """Let the error be told again."""
        self._end_spell()
        self._told = None

    def update(
        self,
        t: float,
        dt: float,
        phases: AbstractSet[str],
        camera: str | None,
        values: Values,
        seen: Seen | None,
    ) -> FaultResult | None:
        """Add one frame; return the error when it is to be told now."""
        rule = self.rule
        due = rule.phase in phases
        if due:
            self.phase_s += dt
            due = self._when.all_hold(values, camera)
        if not due:
            if self._since == self._since:
                self._end_spell()
            return None
        self.due_s += dt
        if camera not in rule.cameras:
            self._end_spell()
            return None
        self.camera_s += dt
        value = values[rule.measure].known
        if math.isnan(value) or seen is None:
            return None
        if not all([seen.in_view[i] for i in self._points[seen.near]]):
            return None  # only said to be seen
        if not self._seen_when.all_hold(values, camera):
            self.unfit_s += dt
            return None
        self.judged_s += dt
        excess = rule.excess(value)
        if excess <= 0:
            if not math.isnan(self._since) and t - self._last > LULL_S:
                self._end_spell()
            return None
        if t - self._last > UNSEEN_S:  # it may have been right meanwhile
            self._end_spell()
        if math.isnan(self._since):
            self._since, self._worst = t, value
        self._last = t
        if excess > rule.excess(self._worst):
            self._worst = value
        if self._span is not None:
            self._span.end_s, self._span.worst = t, self._further(self._span.worst)
            return None
        if t - self._since < rule.least_s or rule.excess(self._worst) < rule.tolerance:
            return None
        if self._told is not None and (
            rule.phase != "position" or self._since - self._told.end_s < COOL_DOWN_S
        ):
            self._span = self._told
            self._span.end_s, self._span.worst = t, self._further(self._span.worst)
            return None
        self._span = self._told = self._result(self._since, t, self._worst)
        return self._told

    def after(
        self, start_s: float, end_s: float, value: float, camera: str | None
    ) -> FaultResult | None:
        """Judge a finished repetition by one of its own quantities."""
        self.due_s += end_s - start_s
        if camera not in self.rule.cameras:
            return None
        self.camera_s += end_s - start_s
        if math.isnan(value):
            return None
        self.judged_s += end_s - start_s
        excess = self.rule.excess(value)
        if excess <= 0 or excess < self.rule.tolerance:
            return None
        return self._result(start_s, end_s, value)

    def _further(self, worst: float) -> float:
        return max(worst, self._worst, key=self.rule.excess)

    def _result(self, start_s: float, end_s: float, worst: float) -> FaultResult:
        rule = self.rule
        return FaultResult(
            id=rule.id,
            name=rule.name,
            severity=rule.severity,
            message=rule.cue,
            side=self.side,
            start_s=start_s,
            end_s=end_s,
            measure=rule.measure,
            worst=worst,
            limit=rule.limit,
            unit=rule.unit,
        )

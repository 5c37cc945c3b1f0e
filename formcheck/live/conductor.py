"""The course of one exercise, hands-free: get ready, count down, exercise, rest, the end.

    setup -> countdown -> active <-> rest, away, paused -> finished

A hold or a guided exercise has no countdown: from the position on, every moment counts. What is
judged is judged by the same engine as a recording's review; here it is only decided when that
begins and ends, and what is said. Times are the frames' own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

from formcheck.body import INDEX, N_LANDMARKS, PoseFrame
from formcheck.engine.core import Now
from formcheck.engine.events import (
    Event,
    FaultResult,
    FaultTold,
    HoldEnded,
    HoldResult,
    HoldStarted,
    PaceCue,
    RepetitionEnded,
    RepetitionResult,
)
from formcheck.engine.gate import UNSEEN_S
from formcheck.live import spoken
from formcheck.live.checks import Check, Checks
from formcheck.live.coach import Coach, Cue
from formcheck.live.other import Other
from formcheck.live.protocol import number_or_none
from formcheck.measures import JOINTS, MID, Side, point_indices
from formcheck.review import Reviewer
from formcheck.session import Next, Session
from formcheck.spec import Dosage, Fault, LoadedSpec, Spec
from formcheck.tape import Tape, fitted

Stage = Literal["setup", "countdown", "active", "rest", "away", "paused", "finished"]
Ending = Literal["dosage", "you", "hurt", "away", "lost"]
Kind = Literal["stop", "cue", "praise", "count", "stage", "advice"]
Tone = Literal["repetition", "attempt", "hold", "start", "end"]

# The start position is held for this long before the countdown begins: not passed through.
STEADY_S = 0.7
COUNTDOWN_S = 3.0
# After this, a countdown without the position is off; a fresh engine needs a moment to see it.
UNSTEADY_S = 1.0
# Advice on the camera, and not sooner again.
ADVISE_AFTER_S = 2.0
ADVISE_EVERY_S = 8.0
REST_S = 30.0
GET_READY_S = 5.0
# Out of position for so long is a pause, and then the end.
AWAY_S = 10.0
GONE_S = 60.0
# After the last hold is long enough, somebody who stays has not heard it, or wants no more.
STAY_S = 20.0
# How long a cue stays on the screen.
SHOWN_S = 4.0
# An error of the posture is put right when it was not seen for this long.
RIGHT_S = 1.5
# Of a hold, so many seconds are told in between, and before the end.
TELL_EVERY_S = 10
TELL_LEFT_S = 5
MOST_RANGE = 1.3

# Where no document says how much: little, and to be changed.
FREE_TIMES = (10, 10)
FREE_HOLDS = (2, 2)
FREE_HOLD_S = (15.0, 15.0)


def dosage_of(
    spec: Spec, sets: int | None = None, times: int | None = None, hold_s: float | None = None
) -> Dosage:
    """Return how much is to be done: what is asked for, else as the gentlest document says."""
    base = spec.gentlest
    if base is None:
        hold = spec.kind == "hold"
        base = Dosage(
            document="",
            repetitions=FREE_HOLDS if hold else FREE_TIMES,
            hold_s=FREE_HOLD_S if hold else None,
            each_side=spec.sides == "each",
        )
    if sets is None and times is None and hold_s is None:
        return base
    least_sets, least_times, least_s = base.least
    often = least_times if times is None else times
    held_s = least_s if hold_s is None else hold_s
    return Dosage(
        document="",
        sets=least_sets if sets is None else sets,
        repetitions=(often, often),
        hold_s=(held_s, held_s) if held_s else None,
        each_side=base.each_side,
    )


class Conductor:
    """Lead somebody through one exercise.

    Parameters
    ----------
    loaded
        The exercise.
    dosage
        How much of it.
    rest_s
        How long to rest between sets.
    tape
        Where the frames go that are judged; it is empty until the exercise begins.

    Attributes
    ----------
    stage
        Where in the course it is.
    ended_by
        Why it is finished, None before.
    reviewer
        What judges the exercise; None before it begins.
    session
        How much was done of the dosage.
    """

    def __init__(
        self, loaded: LoadedSpec, dosage: Dosage, rest_s: float | None, tape: Tape
    ) -> None:
        self.spec = loaded.spec
        self.rest_s = REST_S if rest_s is None else rest_s
        self.stage: Stage = "setup"
        self.ended_by: Ending | None = None
        self.reviewer: Reviewer | None = None
        self._loaded, self._dosage, self._tape = loaded, dosage, tape
        self._rules = {rule.id: rule for rule in self.spec.faults}
        self._coach = Coach()
        self._say: dict[Kind, str] = {}
        self._tone: Tone | None = None
        self._t = math.nan
        self._forced = False
        self._other = Other(self.spec)
        self._leave: int | None = None  # whom the page is to follow no more
        self._stage_before: Stage = "setup"
        self._get_ready()

    def _get_ready(self) -> None:
        """Begin at the beginning: nothing was done yet."""
        self.stage, self.reviewer = "setup", None
        self._tape.close()
        self.session = Session(self.spec, self._dosage)
        self._coach.forget()
        self._checks = Checks(self.spec)
        self._told: list[Check] = []
        self._now = self._checks.now
        self._advised_t = math.nan
        self._since = math.nan  # the stage's beginning, or the position's in the setup
        self._out_since = math.nan
        self._told_s = 0
        self._size = (0, 0)
        self._next: Next | None = self.session.next
        self._hold_worth = 0
        self._held_t = math.nan  # when the hold under way was long enough
        self._top_since = math.nan
        self._top_told = False
        self._pace: PaceCue | None = None
        self._faults: dict[str, FaultResult] = {}
        self._cue: tuple[float, Cue] | None = None

    # -- what comes in ------------------------------------------------------------------------

    def feed(self, frame: PoseFrame, other: PoseFrame | None = None, whom: int = 0) -> None:
        """Take the next frame, and what it shows of another person.

        `whom` is another number with every change of whom the page follows.
        """
        t = frame.t
        if self._other.changed(t, whom):
            self._others_turn()
        if self.stage in ("paused", "finished"):
            return  # what the person does then is not exercise
        if self.stage == "setup":
            self._set_up(frame)
        else:
            self._exercise(frame)
        if self._other.see(frame, other, self.stage, self._now):
            self._leave = whom
        self._t = t

    def _others_turn(self) -> None:
        """Go on with somebody else, anew where nothing that was done so far is theirs."""
        self._leave = None
        if self.stage in ("paused", "finished"):
            return
        if self._other.anew or self.stage in ("setup", "countdown"):
            self._get_ready()
        self._tell("stage", spoken.OTHER_PERSON)

    def start(self) -> None:
        """Count down at once, whatever the camera check says."""
        if self.stage == "setup":
            self._forced = True
        elif self.stage == "paused":
            self.go_on()

    def pause(self) -> None:
        """Stop looking."""
        if self.stage not in ("paused", "finished"):
            self._stage_before, self.stage = self.stage, "paused"
            self._coach.forget()
            self._tell("stage", spoken.PAUSED)

    def go_on(self) -> None:
        """Look again."""
        if self.stage == "paused":
            self.stage = self._stage_before
            if self.stage in ("away", "rest"):
                self.stage = "active"
            if self.stage == "countdown":
                self._get_ready()
            self._out_since = self._since = math.nan
            self._tell("stage", spoken.AGAIN)

    def skip_rest(self) -> bool:
        """End a rest; return whether there was one."""
        if self.stage != "rest":
            return False
        self._go(self._t)
        return True

    def end(self, why: Ending) -> None:
        """End the exercise."""
        if self.stage == "finished":
            return
        self.stage, self.ended_by, self._tone = "finished", why, "end"
        if why == "hurt":
            self._say.clear()
            self._tell("stop", spoken.HURT)
        else:
            texts = {"dosage": spoken.DONE, "away": spoken.GONE}
            self._tell("stage", texts.get(why, spoken.ENDED))

    # -- before -------------------------------------------------------------------------------

    def _set_up(self, frame: PoseFrame) -> None:
        t = frame.t
        self._told = self._checks.feed(frame)
        self._now = self._checks.now
        if self._advised_t != self._advised_t:
            self._advised_t = t - ADVISE_EVERY_S + ADVISE_AFTER_S
        ready = all(check.ok for check in self._told)
        if not ready:
            self._since = math.nan
        elif self._since != self._since:
            self._since = t
        timed = self.spec.kind in ("hold", "guided")
        if self._forced:
            self._count_down(t, [frame])
        elif ready and timed:
            self._begin(self._checks.since_position() or [frame])
        elif ready and t - self._since >= STEADY_S:
            self._count_down(t, [frame])
        elif not ready and t - self._advised_t >= ADVISE_EVERY_S:
            wrong = next(check for check in self._told if check.ok is False)
            self._advised_t = t
            self._tell("advice", wrong.spoken)

    def _open(self, frames: list[PoseFrame]) -> None:
        """Begin to judge and to record."""
        self.reviewer = Reviewer(self._loaded)
        self._size = (frames[-1].width, frames[-1].height)
        for frame in frames:
            for event in self._take(frame):
                self._happened(event)
        self._now = self.reviewer.engine.now()

    def _count_down(self, t: float, frames: list[PoseFrame]) -> None:
        self.stage, self._since, self._told_s = "countdown", t, math.ceil(COUNTDOWN_S)
        self._tell("stage", spoken.READY)
        self._tell("count", str(self._told_s))
        self._open(frames)

    def _begin(self, frames: list[PoseFrame]) -> None:
        """Begin what is timed from when the position was taken."""
        self._go(frames[-1].t)
        self._open(frames)

    def _go(self, t: float) -> None:
        """Say that it begins, and how much is to be done."""
        self.stage, self._since, self._out_since = "active", t, math.nan
        if self.spec.kind != "hold":  # that has its own beginning
            self._tone = "start"
        self._say.pop("count", None)
        if self._next is not None:
            self._tell("stage", spoken.asked(self.session, self._next))

    # -- meanwhile ----------------------------------------------------------------------------

    def _take(self, frame: PoseFrame) -> list[Event]:
        """Judge and record a frame."""
        assert self.reviewer is not None
        frame = fitted(frame, *self._size)
        self._tape.write(frame)
        self._t = frame.t
        return self.reviewer.feed(frame)

    def _exercise(self, frame: PoseFrame) -> None:
        assert self.reviewer is not None
        t = frame.t
        events = self._take(frame)
        now = self._now = self.reviewer.engine.now()
        for event in events:
            self._happened(event)
        if self.stage == "countdown":
            self._countdown(t, now)
        elif self.stage == "rest":
            self._rest(t)
        if self.stage in ("active", "away"):
            self._attend(t, now)
        if self.stage == "active":
            self._time(t, now)
            self._coach_on(t, now)

    def _countdown(self, t: float, now: Now) -> None:
        left = math.ceil(COUNTDOWN_S - (t - self._since))
        if not (now.in_position or t - self._since < UNSTEADY_S or self._forced):
            self._get_ready()
            return
        if left <= 0:
            self._go(t)
        elif left < self._told_s:
            self._told_s = left
            self._tell("count", str(left))

    def _rest(self, t: float) -> None:
        left = self.rest_s - (t - self._since)
        if left <= 0:
            self._go(t)
        elif left <= GET_READY_S < self.rest_s and not self._told_s:
            self._told_s = 1
            self._tell("stage", spoken.GET_READY)

    def _attend(self, t: float, now: Now) -> None:
        """Notice when the person leaves the position, and is back."""
        if now.in_position:
            self._out_since = math.nan
            if self.stage == "away":
                self.stage = "active"
                self._tell("stage", spoken.AGAIN)
            return
        if self._out_since != self._out_since:
            # That somebody left is noticed some time after.
            left_s = now.last_in_position_s
            self._out_since = t if math.isnan(left_s) else max(left_s, t - UNSEEN_S)
        out_s = t - self._out_since
        if out_s >= GONE_S:
            self.end("away")
        elif out_s >= AWAY_S and self.stage == "active":
            self.stage = "away"
            self._coach.forget()
            self._tell("stage", spoken.AWAY)

    def _happened(self, event: Event) -> None:
        match event:
            case RepetitionEnded(t, repetition):
                self._repeated(t, repetition)
            case HoldStarted(t, side, _) if self.spec.kind == "hold":
                self._awake(t)
                self._told_s, self._held_t = 0, math.nan
                self._tone = "start"
                self._tell("stage", spoken.HOLD)
            case HoldEnded(t, hold):
                self._held(t, hold)
            case PaceCue(_, contract, _):
                self._pace = event
                self._tell("stage", spoken.CONTRACT if contract else spoken.RELAX)
            case FaultTold(t, id, severity, message, side):
                self._fault(t, Cue(id, severity, message), side)
            case _:
                pass

    def _awake(self, t: float) -> None:
        """Somebody who goes on needs no more countdown or rest."""
        if self.stage in ("countdown", "rest"):
            self.stage, self._since, self._out_since = "active", t, math.nan

    def _repeated(self, t: float, repetition: RepetitionResult) -> None:
        if self.spec.kind != "repetitions":
            return
        if not repetition.counted:
            self._tone = "attempt"
            if repetition.reason and not repetition.faults:
                self._coach.see(t, Cue("attempt", "minor", repetition.reason))
            return
        self._awake(t)
        self._tone = "repetition"
        for id in self._coach.wrong - set(repetition.faults):
            if not self._lasts(id):
                self._coach.right(t, id)
        before = self._next
        self.session.add(repetition)
        after = self._next = self.session.next
        side = repetition.side if before is None or before.side is not None else None
        if before is None:
            return
        done = [one[side] for one in self.session.done if one[side]]
        number = done[-1] if done else 0
        same = after is not None and (after.set, after.side) == (before.set, side)
        self._tell("count", spoken.count(number, after.often if after and same else 0))
        self._move_on(t, before, after, side)

    def _held(self, t: float, hold: HoldResult) -> None:
        self._pace, self._hold_worth, self._held_t = None, 0, math.nan
        if self.spec.kind == "repetitions":
            return
        before = self._next = self.session.next
        self.session.add(hold)
        after = self._next = self.session.next
        if self.spec.kind == "guided":
            if after is None:
                self.end("dosage")
            return
        if before is None:
            return
        if hold.held_s < self.session.held_s:
            self._tone = "attempt"
            self._tell("stage", spoken.held_short(hold, self.session.held_s))
            return
        side = hold.side if before.side is not None else None
        self._move_on(t, before, after, side)

    def _move_on(self, t: float, before: Next, after: Next | None, side: Side | None) -> None:
        """Go on to the rest, the other side or the end, when this was the last for now."""
        if after is None:
            self.end("dosage")
        elif after.set > before.set and self.rest_s > 0:
            self.stage, self._since, self._told_s = "rest", t, 0
            self._coach.forget()
            self._tell("stage", spoken.rest(before.set, self.rest_s))
        elif after.set > before.set:
            self._tell("stage", spoken.asked(self.session, after))
        else:
            text = spoken.then(self.session, before, after, side)
            if text is not None:
                self._tell("stage", text)

    def _time(self, t: float, now: Now) -> None:
        """Tell how long is held, and when it is long enough."""
        wanted_s = self.session.held_s
        if self.spec.kind == "repetitions":
            self._time_top(t, now, wanted_s)
            return
        if now.phase != "hold":
            return
        under_way = HoldResult(now.side, t - now.hold_s, t, "")
        guide = self.spec.guide
        worth = guide.contractions(now.hold_s) if guide else int(now.hold_s >= wanted_s)
        if worth != self._hold_worth:
            self._hold_worth = worth
            self._next = self.session.next_after(under_way)
            if guide is not None:
                self._tone = "repetition"
                if self._next is None:
                    self.end("dosage")
                return
            self._held_t, self._tone = t, "hold"
            self._tell("stage", spoken.held(wanted_s))
            return
        if guide is not None:
            return
        if self._next is None and t - self._held_t >= STAY_S:
            self.end("dosage")
        seconds = int(now.hold_s)
        if seconds > self._told_s and not worth:
            self._told_s = seconds
            if wanted_s > 2 * TELL_LEFT_S and seconds == math.ceil(wanted_s - TELL_LEFT_S):
                self._tell("count", f"{TELL_LEFT_S} more")
            elif seconds % TELL_EVERY_S == 0:
                self._tell("count", str(seconds))

    def _time_top(self, t: float, now: Now, wanted_s: float) -> None:
        """Tell when the top of a repetition was held for long enough."""
        if now.phase not in ("top", "hold"):
            self._top_since, self._top_told = math.nan, False
            return
        if self._top_since != self._top_since:
            self._top_since = t
        if wanted_s and not self._top_told and t - self._top_since >= wanted_s:
            self._top_told, self._tone = True, "hold"
            if self._next is not None and self._next.often == self.session.often:
                self._tell("stage", spoken.SLOWLY_BACK)

    # -- cues ---------------------------------------------------------------------------------

    def _lasts(self, id: str) -> bool:
        """Whether an error is one of the posture, not of a repetition."""
        rule = self._rules.get(id)
        return rule is not None and (rule.phase == "position" or self.spec.repetition is None)

    def _fault(self, t: float, cue: Cue, side: Side | None) -> None:
        assert self.reviewer is not None
        faults = self.reviewer.engine.faults
        self._faults[cue.id] = next(
            one for one in reversed(faults) if (one.id, one.side) == (cue.id, side)
        )
        if self.stage == "active":
            self._coach.see(t, cue)

    def _coach_on(self, t: float, now: Now) -> None:
        if self.stage != "active":
            return
        for id, fault in self._faults.items():
            if not self._lasts(id):
                continue
            rule = self._rules[id]
            if t - fault.end_s < 0.5 and now.in_position:
                self._coach.still(t, Cue(id, fault.severity, fault.message))
            elif (
                id in self._coach.wrong
                and t - fault.end_s >= RIGHT_S
                and self._due(rule, now)
                and self._seen_right(rule, fault.side)
            ):
                self._coach.right(t, id)
        said = self._coach.say(t)
        if isinstance(said, Cue):
            self._cue = (t, said)
            self._tell("cue", said.text)
        elif said is not None:
            self._cue = None
            self._tell("praise", said.text)

    @staticmethod
    def _due(rule: Fault, now: Now) -> bool:
        """Whether an error could be made just now: who comes out of a hold puts nothing right."""
        if rule.phase == "position":
            return now.in_position
        return now.phase == "hold" and now.hold_s >= RIGHT_S

    def _seen_right(self, rule: Fault, side: Side | None) -> bool:
        """Whether it is seen now that an error is not there: out of sight is not put right."""
        assert self.reviewer is not None
        values = dict(self.reviewer.engine.values())
        value = values[side][rule.measure].known
        return value == value and rule.excess(value) <= 0

    def _tell(self, kind: Kind, text: str) -> None:
        # A newer one of a kind takes the place of one that has not been sent: it is about now.
        self._say[kind] = text

    # -- what goes out ------------------------------------------------------------------------

    def take_said(self) -> tuple[list[dict[str, str]], Tone | None]:
        """Return what is to be said and sounded since this was last asked."""
        order: Iterable[Kind] = ("stop", "cue", "praise", "count", "stage", "advice")
        said = [{"kind": kind, "text": self._say[kind]} for kind in order if kind in self._say]
        tone = self._tone
        self._say.clear()
        self._tone = None
        return said, tone

    def take_leave(self) -> int | None:
        """Return, once, whom the page is to leave for the other person; None for nobody."""
        whom, self._leave = self._leave, None
        return whom

    @property
    def left_s(self) -> float | None:
        """Seconds of countdown or rest."""
        whole = {"countdown": COUNTDOWN_S, "rest": self.rest_s}.get(self.stage)
        return None if whole is None else max(0.0, whole - (self._t - self._since))

    def item(self) -> dict[str, Any]:
        """Describe what is to be done, as docs/live.md says."""
        spec, session, rules = self.spec, self.session, self.spec.repetition
        measure = rules.measure if rules is not None else spec.show
        beyond = None
        if rules is not None:
            beyond = rules.rest.value + MOST_RANGE * (rules.reach.value - rules.rest.value)
        return {
            "exercise": spec.id,
            "name": spec.name,
            "kind": spec.kind,
            "sides": [side for side in session.done[0] if side is not None],
            "sets": session.sets,
            "times": session.often,
            "hold_s": session.held_s,
            "rest_s": self.rest_s,
            "measure": measure,
            "unit": spec.units()[measure],
            "rest": rules.rest.value if rules is not None else None,
            "reach": rules.reach.value if rules is not None else None,
            "highest": beyond,
        }

    def state(self) -> dict[str, Any]:
        """Return the state after the last frame, as docs/live.md says; without what is said."""
        now, rules = self._now, self.spec.repetition
        value = now.values[rules.measure] if rules is not None else now.shown
        held_s = now.hold_s
        if self.spec.kind == "repetitions":
            held_s = self._t - self._top_since if self._top_since == self._top_since else 0.0
        cue = self._cue[1] if self._cue and self._t - self._cue[0] < SHOWN_S else None
        pace = self._pace
        upcoming = self._next
        return {
            "t": number_or_none(self._t),
            "stage": self.stage,
            "left_s": None if self.left_s is None else number_or_none(self.left_s, 1),
            "checks": [
                {"id": check.id, "ok": check.ok, "text": check.text, "map": check.map}
                for check in self._told
            ]
            if self.stage == "setup"
            else [],
            "in_position": now.in_position,
            "phase": now.phase,
            "side": upcoming.side if upcoming is not None else None,
            "set": upcoming.set if upcoming is not None else self.session.sets,
            "counts": {side or "both": number for side, number in now.counts.items()},
            "todo": upcoming.often if upcoming is not None else 0,
            "attempts": now.attempts,
            "hold_s": number_or_none(held_s, 1),
            "held_for_s": self.session.held_s or None,
            "pace": {"contract": pace.contract, "number": pace.number} if pace else None,
            "range": self._range(now) if self.reviewer is not None else None,
            "value": number_or_none(value.known, 1),
            "points": self._points(cue, now) if cue is not None else [],
            "cue": {"text": cue.text, "severity": cue.severity} if cue is not None else None,
        }

    @staticmethod
    def _range(now: Now) -> float | None:
        return None if now.way != now.way else round(min(max(now.way, 0.0), MOST_RANGE), 2)

    def _points(self, cue: Cue, now: Now) -> list[int]:
        """Return the landmarks of the measure that a cue is about."""
        fault = self._faults.get(cue.id)
        measures, rules = self.spec.measures, self.spec.repetition
        if fault is None:
            return []
        first = fault.measure
        if first not in measures:  # a repetition's own quantity, or another movement's measure
            if rules is None:
                return []
            first = rules.measure
        names, found = [first], set()
        side = fault.side or now.side
        while names:
            measure = measures[names.pop()]
            names += measure.parts()
            for point in measure.needs():
                place = point_indices(point, side)[0 if now.near == "left" else 1]
                found |= {place} if place < N_LANDMARKS else _both(place)
        return sorted(found)


def _both(middle: int) -> set[int]:
    """Return the two landmarks that a midpoint lies between."""
    joint = next(joint for joint in JOINTS if MID[joint] == middle)
    return {INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]}

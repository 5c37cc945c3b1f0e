"""The engine: one frame in, what happened out. The same for a webcam, a video and a recording.

It is causal (it never looks ahead), deterministic, and keeps time by the frames' own times.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from formcheck.body import PoseFrame
from formcheck.engine import view as viewing
from formcheck.engine.camera_check import CameraCheck
from formcheck.engine.conditions import Conditions, Weighed
from formcheck.engine.events import (
    CameraReport,
    Event,
    FaultResult,
    FaultTold,
    HoldEnded,
    HoldResult,
    HoldStarted,
    NotJudged,
    PaceCue,
    PersonFound,
    PersonLost,
    PositionEntered,
    PositionLeft,
    RepetitionEnded,
    RepetitionResult,
)
from formcheck.engine.evidence import IsOneOf
from formcheck.engine.faults import FaultWatch
from formcheck.engine.gate import UNSEEN_S, Change, Gate
from formcheck.engine.holds import HoldMachine
from formcheck.engine.legs import LiftedLeg
from formcheck.engine.repetitions import Movement, RepetitionMachine
from formcheck.engine.sight import Sight, Sighting
from formcheck.measures import UNKNOWN, Seen, Side, Value, Values
from formcheck.spec import ELSEWHERE, Fault, Hold, Repetition, Spec

# A frame cannot speak for longer: between two that are further apart nobody looked.
LONGEST_FRAME_S = 1.0
MOMENT_S = 1e-3
# Movements to avoid take seconds: ten looks a second find their beginning, for a third of the work.
AVOIDED_EVERY_S = 0.09
# Nobody found for less than this is the tracker's blink, not a person who left.
BLINK_S = 0.5
# A movement that is followed in space may end so long after the camera has come to stand, or is
# read to stand, where the picture tells: rising from a chair turns the trunk, and the view with it.
IN_SPACE_S = 6.0
# A form error counts as judged when it could be judged for this share of the time it was due.
JUDGED_SHARE = 0.5
NOBODY = "Nobody was seen."
TURN_ROUND = "Turn round for it, so that the camera sees you from the other side."


@dataclass(slots=True)
class _SideState:
    """One side's machines (or the only one's)."""

    side: Side | None
    values: Values
    machines: tuple[RepetitionMachine, ...]  # by the rules' own measure, and by that for elsewhere
    hold: HoldMachine | None
    shallow: HoldMachine | None
    watches: list[FaultWatch]
    open_faults: list[FaultResult] = field(default_factory=list)
    pace: tuple[bool, int] | None = None  # the last cue: contract or rest, and the how-manieth
    stays: list[HoldResult] = field(default_factory=list)  # shallow ones, while in position
    maybe_s: float = 0.0  # in position, when the clock should have run, or nobody can say
    elsewhere_since: float = math.nan  # that the camera is where another machine counts
    machine: RepetitionMachine | None = None  # the one that counts from where the camera is

    def __post_init__(self) -> None:
        self.machine = next(iter(self.machines), None)

    @property
    def moving(self) -> bool:
        """Whether a repetition is under way."""
        return self.machine is not None and self.machine.out


@dataclass(frozen=True, slots=True)
class Now:
    """The state after a frame, for drawing and for live feedback.

    `values` are the shown side's measures; `shown` the one named by the spec. `way` is how much of
    the way from rest to what counts as a repetition the shown side has gone; NaN where not known.
    `setup` is the spec's camera set-up that the view, `camera`, fits; `fit` is the same, or
    elsewhere. `last_in_position_s` is when the person was last seen in position; NaN where never.
    `amiss` is what to do to be in position where the posture is right already, else empty.
    """

    t: float
    in_position: bool
    last_in_position_s: float
    amiss: str
    found: bool
    seen: Seen | None
    near: Side
    side: Side | None
    phase: str
    values: Values
    shown: Value
    way: float
    counts: dict[Side | None, int]
    attempts: int
    hold_s: float
    hold_total_s: float
    faults: tuple[FaultResult, ...]
    camera: viewing.View | None
    setup: str | None
    fit: str | None


class Engine:
    """Judge one exercise, frame by frame.

    Parameters
    ----------
    spec
        The exercise.
    avoid
        Movements that are told as a form error when they are seen, whatever the exercise.

    Examples
    --------
    >>> engine = Engine(spec)
    >>> for frame in recording:
    ...     for event in engine.feed(frame):
    ...         print(event)
    >>> engine.finish()
    """

    def __init__(self, spec: Spec, avoid: Sequence[Spec] = ()) -> None:
        self.spec = spec
        self._avoid = [Engine(one) for one in avoid if one.id != spec.id]
        self._guest = False  # of an engine that shares its sight, and is not asked for the camera
        self.repetitions: list[RepetitionResult] = []
        self.holds: list[HoldResult] = []
        self.faults: list[FaultResult] = []
        self.in_position: list[tuple[float, float]] = []
        self._sight = Sight()
        self._viewpoint = viewing.Viewpoint(spec.position)
        self._check = CameraCheck(spec)  # while in position
        self._check_before = CameraCheck(spec)  # all that is known as long as there is no such time
        self._gate = Gate(spec.gate.enter_s, spec.gate.leave_s)
        self._in_posture = IsOneOf(spec.gate.postures)
        self._position = Conditions(spec.gate.conditions)
        self._held = Conditions(spec.hold.conditions if spec.hold else ())
        self._still = Conditions(spec.hold.still if spec.hold else ())
        shallow = spec.hold.shallow if spec.hold else None
        self._shallow = Conditions(shallow.conditions if shallow else ())
        self._counted_from = spec.repetition.counted_from if spec.repetition is not None else ()
        self._voiding = {rule.id for rule in spec.faults if rule.voids}
        self._sides = [self._make_side(side) for side in spec.judged_sides]
        self._legs = LiftedLeg(spec.lifted_leg) if spec.lifted_leg is not None else None
        # What faces up alike is seen alike: the view is found once.
        views = {spec.position.faces: self._viewpoint}
        for one in self._avoid:
            one._guest = True
            position = one.spec.position
            one._viewpoint = views.setdefault(
                position.faces, viewing.Viewpoint(position, self._viewpoint.axes)
            )
        self._avoided_t = math.nan
        self._t = math.nan
        self._setup: str | None = None
        self._fit: str | None = None  # the set-up, or elsewhere; None while the view is not known
        self._found = False
        self._lost_since = math.nan
        self._seen: Seen | None = None
        self._apart_s: dict[str, float] = defaultdict(float)  # by the posture that it was instead
        self._amiss = ""  # what to do to be in position, when the posture is right already
        self._amiss_s: dict[str, float] = defaultdict(float)
        self._active = 0  # the side shown

    def _make_side(self, side: Side | None) -> _SideState:
        spec = self.spec
        machines: tuple[RepetitionMachine, ...] = ()
        if (rules := spec.repetition) is not None:
            signals = (None,) if rules.elsewhere is None else (None, rules.elsewhere)
            machines = tuple(RepetitionMachine(rules, signal) for signal in signals)
        hold = shallow = None
        if (timed := spec.hold) is not None:
            hold = HoldMachine(timed.least_s, timed.grace_s, side)
            if timed.shallow is not None:
                shallow = HoldMachine(timed.shallow.least_s, timed.grace_s, side)
        return _SideState(
            side=side,
            values=Values(spec.measures, side),
            machines=machines,
            hold=hold,
            shallow=shallow,
            watches=[FaultWatch(rule, side, spec.points_of(rule.measure)) for rule in spec.faults],
        )

    # -- one frame ----------------------------------------------------------------------------

    def feed(self, frame: PoseFrame) -> list[Event]:
        """Take the next frame and return what happened with it.

        Raises
        ------
        ValueError
            If its time is not after the last frame's.
        """
        t = frame.t
        if t <= self._t:
            raise ValueError(f"time goes back: {t:.3f} s after {self._t:.3f} s")
        sighting = self._sight(frame)
        aspect = frame.width / frame.height
        due = sighting.changed or not t - self._avoided_t < AVOIDED_EVERY_S
        if due:
            self._avoided_t = t
        avoided = [
            (one.spec, one.take(t, sighting, aspect)) for one in self._avoid if due or one._moving
        ]
        events = self.take(t, sighting, aspect)
        for spec, told in avoided:
            self._tell_avoided(spec, told, events)
        return events

    @property
    def _moving(self) -> bool:
        """Whether a repetition is under way."""
        return any(state.moving for state in self._sides)

    def take(self, t: float, sighting: Sighting, aspect: float) -> list[Event]:
        """Judge what was seen in a frame: `feed` for engines that share one `Sight`."""
        events = []
        if t - self._t > LONGEST_FRAME_S:
            events = self._take(t - MOMENT_S, Sighting(False, False, None), aspect)
        return events + self._take(t, sighting, aspect)

    def _take(self, t: float, sighting: Sighting, aspect: float) -> list[Event]:
        dt = t - self._t
        if not dt <= LONGEST_FRAME_S:  # NaN, before the first frame, is not
            dt = LONGEST_FRAME_S if dt == dt else 0.0
        self._t = t
        events: list[Event] = []
        seen = self._seen = sighting.seen
        if sighting.changed:
            self._viewpoint.reset()
            self._setup = self._fit = None
            since = self._gate.since
            self._leave(t, since, self._gate.shut(), True, events)
        self._follow(t, seen is not None, sighting.changed, events)
        view = None
        if seen is None:
            self._evaluate(None)
        else:
            view = self._viewpoint.update(seen)
            self._setup = viewing.matching(view, self.spec.cameras, self._setup)
            self._fit = self._setup or (ELSEWHERE if view is not None else None)
            self._evaluate(seen)
            if self._legs is not None:
                self._mend_legs(self._legs, seen)
        self._judge(t, dt, events)
        if self._guest:
            return events
        check = self._check if self._gate.open else self._check_before
        check.update(dt, seen, view, self._fit, aspect)
        if not self._gate.open and seen is not None and seen.postures:
            self._apart_s[max(seen.postures, key=seen.postures.__getitem__)] += dt
            if self._amiss:
                self._amiss_s[self._amiss] += dt
        return events

    def _mend_legs(self, legs: LiftedLeg, seen: Seen) -> None:
        """Take the measures again, of the leg that is really lifted, where it was misnamed."""
        rules = self.spec.lifted_leg
        assert rules is not None
        if self._setup not in rules.cameras:
            legs.reset()
            return
        left, right = (state.values[rules.measure].value for state in self._sides)
        self._seen = legs(seen, left, right)
        if self._seen is not seen:
            self._evaluate(self._seen)

    def _evaluate(self, seen: Seen | None) -> None:
        for state in self._sides:
            state.values.look(seen, self._fit)

    def _follow(self, t: float, found: bool, new: bool, events: list[Event]) -> None:
        """Notice when the person is lost and found."""
        if found:
            if not self._found or new:
                events.append(PersonFound(t, new))
            self._found, self._lost_since = True, math.nan
        elif self._found:
            if self._lost_since != self._lost_since:
                self._lost_since = t
            if t - self._lost_since >= BLINK_S:
                self._found = False
                events.append(PersonLost(t))

    def _judge(self, t: float, dt: float, events: list[Event]) -> None:
        gate = self._gate
        in_position = self._is_in_position()
        since = gate.since
        change = gate.update(t, in_position)
        if change in ("left", "gave up"):
            self._leave(t, since, change, in_position is None, events)
            return
        if change == "entered":
            events.append(PositionEntered(t, gate.since))
        if not gate.candidate:
            by = self._held.first_measure(self._fit)
            for state in self._sides:
                if state.hold is not None and by is not None:
                    state.hold.approach(t, state.values[by].known)
            if in_position is False:
                for state in self._sides:
                    for machine in state.machines:
                        machine.come_in()
            return
        for state in self._sides:
            self._count(t, state, in_position, events)
        self._time(t, dt, in_position, events)
        for index, state in enumerate(self._sides):
            if state.watches:
                self._watch(t, dt, state, self._phases(state, in_position), events)
            if state.moving or (state.hold and state.hold.held):
                self._active = index

    def _is_in_position(self) -> bool | None:
        """Whether the person is in the exercise's posture, with nothing that contradicts it."""
        self._amiss = ""
        if self._seen is None or not self._seen.postures:
            return None
        was = self._gate.candidate
        if not self._in_posture(self._seen.postures, was):
            return False
        cues = []
        for state in self._sides:
            weighed = self._position.weigh(state.values, was, guess=True, camera=self._fit)
            if weighed.verdict is not False:
                return True
            cues.append(weighed.broken)
        self._amiss = max(cues, key=self._position.told.index)  # of the side with more right
        return False

    def _leave(
        self, t: float, since: float, change: Change, lost: bool, events: list[Event]
    ) -> None:
        """Close what is under way: the person is not in position any more, or is lost there."""
        was_open = change == "left"
        if was_open:
            for state in self._sides:
                # What ends in sight, out of position, was the way out of it.
                movement = state.machine.lose() if lost and state.machine is not None else None
                if movement is not None and not self._is_echo(state, movement):
                    self._record(t, state, movement, events)
            self.in_position.append((since, self._gate.until))
            events.append(PositionLeft(t, self._gate.until))
        if self._legs is not None:
            self._legs.reset()
        for state in self._sides:
            for machine in state.machines:
                machine.reset()
            self._forget_faults(state)
        reason = "out of sight" if lost else "left the position"
        self._end_holds(t, since, reason, events, moved_out=not lost, was_open=was_open)

    def _forget_faults(self, state: _SideState) -> None:
        """Begin a new repetition: what was told in the last one may be told again."""
        state.open_faults.clear()
        for watch in state.watches:
            if watch.rule.phase != "position":
                watch.new_repetition()

    # -- repetitions --------------------------------------------------------------------------

    def _count(
        self, t: float, state: _SideState, in_position: bool | None, events: list[Event]
    ) -> None:
        rules = self.spec.repetition
        if rules is None:
            return
        machine = state.machine
        assert machine is not None
        here = self._setup in rules.cameras
        if here == (machine is state.machines[0]):
            state.elsewhere_since = math.nan
        elif not state.elsewhere_since <= t:
            state.elsewhere_since = t
        # A movement stays with the measure it began in, unless the camera is elsewhere for long:
        # one in space reads as well from anywhere, one in the picture does not.
        moving = state.moving
        patience = IN_SPACE_S if here else UNSEEN_S
        if not moving or t - state.elsewhere_since > patience:
            after = state.machines[0 if here else -1]
            if after is not machine:
                after.take_over(machine)
                machine = state.machine = after
                moving = False
        counts = moving or self._fit in self._counted_from
        value, clear = state.values[machine.measure] if counts else UNKNOWN
        movement = machine.update(t, value, clear, state.values, self._fit)
        out = machine.out
        if out and not moving:
            self._forget_faults(state)
        if moving and not out:
            # What ends out of position was the way out of it: getting up lifts the hips, too.
            stayed = self._gate.open and in_position is not False
            if movement is not None and stayed and not self._is_echo(state, movement):
                self._record(t, state, movement, events)
            self._forget_faults(state)

    def _is_echo(self, state: _SideState, movement: Movement) -> bool:
        """Whether this is the other side's movement, seen twice.

        A still far leg can copy the near leg's landmarks. Of two movements at one time the larger
        is the real one.
        """
        for other in self._sides:
            if other is state or other.machine is None:
                continue
            if other.moving and other.machine.range > movement.range:
                return True
            if self.repetitions:
                last = self.repetitions[-1]
                shared = min(last.end_s, movement.end_s) - max(last.start_s, movement.start_s)
                if last.side == other.side and shared > 0.5 * (movement.end_s - movement.start_s):
                    return last.range > movement.range or last.counted
        return False

    def _record(self, t: float, state: _SideState, movement: Movement, events: list[Event]) -> None:
        rules = self.spec.repetition
        assert rules is not None
        index = len(self.repetitions)
        elsewhere = state.machine is not None and state.machine.signal is not None
        told = list(state.open_faults)
        for watch in state.watches:
            if watch.rule.phase == "after" and not (movement.short or movement.lost or elsewhere):
                quantity = {
                    "rising_s": movement.rising_s,
                    "hold_s": movement.hold_s,
                    "lowering_s": movement.lowering_s,
                    "duration_s": movement.end_s - movement.start_s,
                    "range": movement.range,
                }[watch.rule.measure]
                begin = {"lowering_s": movement.end_s - movement.lowering_s}
                fault = watch.after(
                    max(movement.start_s, begin.get(watch.rule.measure, movement.start_s)),
                    movement.end_s,
                    quantity,
                    self._setup,
                )
                if fault is not None:
                    told.append(fault)
                    self._tell(t, fault, events)
        beyond = movement.best - rules.reach.value
        missing = beyond if rules.direction == "down" else -beyond
        short = self.spec.short_error
        fell_short = movement.short and movement.reason == rules.falls_short
        if short is not None and fell_short and missing > short.tolerance:
            fault = FaultResult(
                id=short.id,
                name=short.name,
                severity=short.severity,
                message=short.cue,
                side=state.side,
                start_s=movement.start_s,
                end_s=movement.end_s,
                measure=rules.measure,
                worst=movement.best,
                limit=rules.reach.value,
                unit=rules.reach.unit,
            )
            told.append(fault)
            self._tell(t, fault, events)
        for fault in told:
            fault.repetition = index
        reason = movement.reason or next((f.name for f in told if f.id in self._voiding), None)
        result = RepetitionResult(
            index=index,
            side=state.side,
            counted=reason is None,
            reason=reason,
            start_s=movement.start_s,
            peak_s=movement.peak_s,
            end_s=movement.end_s,
            rising_s=movement.rising_s,
            hold_s=movement.hold_s,
            lowering_s=movement.lowering_s,
            range=movement.range,
            peak=movement.peak,
            faults=tuple(dict.fromkeys(fault.id for fault in told)),
        )
        self.repetitions.append(result)
        events.append(RepetitionEnded(t, result))

    # -- holds --------------------------------------------------------------------------------

    def _time(self, t: float, dt: float, in_position: bool | None, events: list[Event]) -> None:
        rules = self.spec.hold
        if rules is None:
            return
        by = self._held.first_measure(self._fit)
        weighed = []
        for state in self._sides:
            assert state.hold is not None
            verdict, broken = self._weigh(self._held, state, state.hold, in_position)
            if verdict is not False and self._gate.open:
                state.maybe_s += dt
            weighed.append((verdict, broken))
        if len(weighed) == 2 and weighed[0][0] and weighed[1][0]:
            # Nobody holds both sides at once: the one that is held goes on, else the near one.
            left, right = (state.hold for state in self._sides)
            assert left is not None and right is not None and self._seen is not None
            keep = self._seen.near if left.held == right.held else int(right.held)
            weighed[1 - keep] = (False, "")
        for state, (verdict, broken) in zip(self._sides, weighed, strict=True):
            hold = state.hold
            assert hold is not None
            still = self._is_still(state, hold) if verdict else True
            value = math.nan if by is None else state.values[by].known
            started, ended = hold.update(t, verdict, still, broken, value)
            if started:
                events.append(HoldStarted(t, state.side, hold.since))
            if ended is not None and self._gate.open:
                self._add_hold(t, ended, events)
            self._time_shallow(t, state, in_position)
            self._pace(t, state, events)

    def _weigh(
        self, asked: Conditions, state: _SideState, hold: HoldMachine, in_position: bool | None
    ) -> Weighed:
        """Weigh what a hold asks for; nothing is known where the camera does not show it."""
        assert self.spec.hold is not None
        if not in_position or self._fit not in self.spec.hold.cameras:
            return Weighed(None if in_position else in_position, "")
        return asked.weigh(state.values, hold.held, guess=False, camera=self._fit)

    def _is_still(self, state: _SideState, hold: HoldMachine) -> bool | None:
        """Whether the body is still in what it holds; None where that is not seen."""
        assert self.spec.hold is not None
        if not self.spec.hold.still:
            return True
        return self._still.weigh(state.values, hold.held, guess=True, camera=self._fit).verdict

    def _time_shallow(self, t: float, state: _SideState, in_position: bool | None) -> None:
        """Time what counts for somebody who never goes further: see `spec.Shallow`."""
        if (hold := state.shallow) is None:
            return
        verdict, broken = self._weigh(self._shallow, state, hold, in_position)
        still = self._is_still(state, hold) if verdict else True
        by = self._shallow.first_measure(self._fit)
        value = math.nan if by is None else state.values[by].known
        _, ended = hold.update(t, verdict, still, broken, value)
        if ended is not None:
            state.stays.append(ended)

    def _add_hold(self, t: float, hold: HoldResult, events: list[Event]) -> None:
        self.holds.append(hold)
        events.append(HoldEnded(t, hold))

    def _end_holds(
        self,
        t: float,
        since: float,
        reason: str,
        events: list[Event],
        *,
        moved_out: bool,
        was_open: bool,
    ) -> None:
        """End what is held when somebody leaves the position that they took at a time."""
        stays: list[HoldResult] = []
        for state in self._sides:
            if state.hold is not None:
                hold = state.hold.stop(reason, moved_out=moved_out)
                if hold is not None and was_open:
                    self._add_hold(t, hold, events)
            if state.shallow is not None:
                shallow = state.shallow.stop(reason, moved_out=moved_out)
                stays += state.stays if shallow is None else [*state.stays, shallow]
            state.stays.clear()
        if was_open and stays and not any(hold.end_s > since for hold in self.holds):
            assert self.spec.hold is not None and self.spec.hold.shallow is not None
            why = self.spec.hold.shallow.told
            for stay in sorted(stays, key=lambda stay: stay.start_s):
                told = replace(stay, ended_by=f"{stay.ended_by}; {why}", shallow=True)
                self._add_hold(t, told, events)

    def _pace(self, t: float, state: _SideState, events: list[Event]) -> None:
        """Tell when to contract and when to rest, while the posture of a guided exercise lasts."""
        hold, guide = state.hold, self.spec.guide
        if guide is None or hold is None:
            return
        pace = guide.at(t - hold.since) if hold.running and self._gate.open else None
        if pace is not None and pace != state.pace:
            events.append(PaceCue(t, *pace))
        state.pace = pace

    # -- form errors --------------------------------------------------------------------------

    def _watch(
        self, t: float, dt: float, state: _SideState, phases: set[str], events: list[Event]
    ) -> None:
        voiding = self._voiding
        void = bool(voiding) and any(fault.id in voiding for fault in state.open_faults)
        for watch in state.watches:
            fault = watch.update(t, dt, phases, self._setup, state.values, self._seen)
            # Of a movement that is another than the exercise, nothing more is to be said.
            if fault is not None and not void:
                if state.moving:
                    state.open_faults.append(fault)
                self._tell(t, fault, events)

    def _tell_avoided(self, avoid: Spec, told: list[Event], events: list[Event]) -> None:
        """Tell a movement to be avoided, when it was done once."""
        for event in told:
            if isinstance(event, RepetitionEnded) and event.repetition.counted:
                rules, movement = avoid.repetition, event.repetition
                assert rules is not None
                fault = FaultResult(
                    id=avoid.id,
                    name=avoid.name,
                    severity="major",
                    message=f"Leave this out with a sore back. {avoid.cautions[0]}",
                    side=None,
                    start_s=movement.start_s,
                    end_s=movement.end_s,
                    measure=rules.measure,
                    worst=movement.peak[rules.measure],
                    limit=rules.reach.value,
                    unit=rules.reach.unit,
                )
                self._tell(event.t, fault, events)

    def _phases(self, state: _SideState, in_position: bool | None) -> set[str]:
        if not self._gate.open or in_position is False:
            return set()
        phases = {"position"} if in_position else set()
        if state.moving and state.machine is not None:
            phases |= {"whole", state.machine.phase}
            if state.machine.phase == "top":
                phases.add("hold")
        if state.hold is not None and state.hold.running:
            phases.add("hold")
        return phases

    def _tell(self, t: float, fault: FaultResult, events: list[Event]) -> None:
        self.faults.append(fault)
        events.append(FaultTold(t, fault.id, fault.severity, fault.message, fault.side))

    # -- the state and the end ----------------------------------------------------------------

    def values(self) -> list[tuple[Side | None, Values]]:
        """Return all measures after the last frame, per side."""
        return [(state.side, state.values) for state in self._sides]

    def now(self) -> Now:
        """Return the state after the last frame."""
        state = self._sides[self._active]
        phase = "out of position"
        if self._gate.open:
            phase = state.machine.phase if state.machine is not None else "ready"
            if state.hold is not None and state.hold.running:
                phase = "hold"
        counts: dict[Side | None, int] = {s.side: 0 for s in self._sides}
        for repetition in self.repetitions:
            counts[repetition.side] += repetition.counted
        hold_s = state.hold.seconds(self._t) if state.hold is not None else 0.0
        way, rules = math.nan, self.spec.repetition
        if state.machine is not None and rules is not None:
            way = state.machine.way(state.values[state.machine.measure].known)
        return Now(
            t=self._t,
            in_position=self._gate.open,
            last_in_position_s=self._gate.until,
            amiss=self._amiss,
            found=self._found,
            seen=self._seen,
            near="left" if self._seen is None or self._seen.near == 0 else "right",
            side=state.side,
            phase=phase,
            values=state.values,
            shown=state.values[self.spec.show],
            way=way,
            counts=counts,
            attempts=sum(not r.counted for r in self.repetitions),
            hold_s=hold_s,
            hold_total_s=math.fsum(h.held_s for h in self.holds) + hold_s,
            faults=tuple(f for f in self.faults[-4:] if self._t - f.end_s < 2.0),
            camera=self._viewpoint.view,
            setup=self._setup,
            fit=self._fit,
        )

    @property
    def gate_open(self) -> bool:
        """Whether the person is in position after the last frame."""
        return self._gate.open

    def shown(self) -> list[tuple[Side | None, float]]:
        """Return the spec's shown measure, per side; NaN where it is not clearly seen."""
        return [(state.side, state.values[self.spec.show].known) for state in self._sides]

    def finish(self) -> None:
        """Close what is under way at the end of the stream. A movement half done does not count."""
        if self._gate.open:
            self.in_position.append((self._gate.since, self._gate.until))
            for state in self._sides:
                if state.machine is not None:
                    movement = state.machine.finish()
                    if movement is not None and not self._is_echo(state, movement):
                        self._record(self._t, state, movement, [])
            ended = "the recording ended"
            self._end_holds(self._t, self._gate.since, ended, [], moved_out=False, was_open=True)

    def camera(self) -> CameraReport:
        """Return the camera check: while in position if there was such a time, else over all."""
        return self._checked().report()

    def _checked(self) -> CameraCheck:
        return self._check if self.in_position or self._gate.open else self._check_before

    @property
    def instead(self) -> str | None:
        """The posture that somebody was mostly in who never was in position; None if unknown.

        It may be one of the exercise's: then arms or legs were held otherwise.
        """
        if self.in_position or not self._apart_s:
            return None
        return max(self._apart_s, key=lambda name: self._apart_s[name])

    @property
    def amiss(self) -> str | None:
        """What would have put somebody in position whose posture was right; None if unknown."""
        if self.in_position or not self._amiss_s:
            return None
        return max(self._amiss_s, key=lambda cue: self._amiss_s[cue])

    @property
    def seen_fraction(self) -> float:
        """Share of the time in which all the needed joints were clearly seen."""
        return self._checked().seen_fraction

    def not_judged(self) -> list[NotJudged]:
        """Say what could not be judged, and why."""
        spec = self.spec
        result = []
        for id, rules in (("repetitions", spec.repetition), ("holds", spec.hold)):
            if rules is not None and (why := self._why_not_shown(rules)):
                text = f"{why} {spec.cameras[rules.cameras[0]].text}"
                result.append(NotJudged(id, text if self.camera().view != "unknown" else NOBODY))
        result += self._untimed({note.id for note in result})
        result += [NotJudged(u.id, u.reason) for u in spec.not_judged]
        for i, rule in enumerate(spec.faults):
            watches = [state.watches[i] for state in self._sides]
            due = [watch for watch in watches if watch.due_s > 0.0]
            unseen = [watch for watch in due if watch.judged_s < JUDGED_SHARE * watch.due_s]
            if not due:
                what = "time in position" if rule.phase == "position" else "repetition"
                if rule.phase == "hold" and spec.repetition is None:
                    what = "hold"
                if any(watch.phase_s > 0.0 for watch in watches):
                    what = "moment"  # the rule's own `when` never held
                result.append(NotJudged(rule.id, f"No {what} was seen in which to judge it."))
            elif len(unseen) == len(due):
                result.append(NotJudged(rule.id, self._why_unseen(rule, unseen)))
            else:
                for watch in unseen:
                    why = f"On your {watch.side} side: {self._why_unseen(rule, [watch])}"
                    result.append(NotJudged(rule.id, why, watch.side))
                for state, watch in zip(self._sides, watches, strict=True):
                    # Held on this side, too, but not due there for as long as it takes to tell it.
                    brief = watch not in unseen and watch.due_s < rule.least_s
                    if state.side is not None and brief and self._perhaps_held(state):
                        why = f"On your {state.side} side no moment was seen in which to judge it."
                        result.append(NotJudged(rule.id, why, state.side))
        return result

    @property
    def cannot_show(self) -> bool:
        """Whether the camera stands where the exercise cannot be counted, or timed."""
        return self._main is not None and not self._is_shown(self._main)

    @property
    def _main(self) -> Repetition | Hold | None:
        """What the exercise is about: its repetitions, else the time it is held."""
        return self.spec.repetition or self.spec.hold

    def _is_shown(self, rules: Repetition | Hold, *, elsewhere: bool = True) -> bool:
        """Whether the camera mostly was where something is counted, or timed."""
        cameras = rules.counted_from if isinstance(rules, Repetition) else rules.cameras
        asked = [name for name in cameras if elsewhere or name != ELSEWHERE]
        return self._checked().share(asked) >= JUDGED_SHARE

    def _why_not_shown(self, rules: Repetition | Hold) -> str:
        """Say why nothing is known of repetitions, or of holds; empty where it is."""
        if not self._is_shown(rules):
            return "This camera does not show them."
        # Nothing was seen, from where the exercise may look otherwise than its rules expect.
        found = self.repetitions or self.holds
        if rules is self._main and not found and not self._is_shown(rules, elsewhere=False):
            return "None was seen, but from where the camera stood they may not show."
        return ""

    def _untimed(self, known: set[str]) -> list[NotJudged]:
        """Say of which sides a hold may have been missed, but for those said already."""
        spec = self.spec
        if spec.hold is None or spec.kind != "hold" or "holds" in known:
            return []
        timed = {hold.side for hold in self.holds}
        result = []
        for state in self._sides:
            side, name = state.side, f"holds_{state.side}" if state.side else "holds"
            if self._perhaps_held(state) and side not in timed and name not in known:
                whose = f"On your {side} side what" if side else "What"
                text = f"{whose} it is timed by was not seen steadily."
                result.append(NotJudged(name, f"{text} {TURN_ROUND}" if side else text, side))
        return result

    def _perhaps_held(self, state: _SideState) -> bool:
        """Whether a side may have been held for long enough to be timed."""
        rules = self.spec.hold
        return rules is not None and self.spec.kind == "hold" and state.maybe_s >= rules.least_s

    def _why_unseen(self, rule: Fault, watches: list[FaultWatch]) -> str:
        due_s = sum(watch.due_s for watch in watches)
        wanted = self.spec.cameras[rule.cameras[0]].text
        if sum(watch.camera_s for watch in watches) < JUDGED_SHARE * due_s:
            return f"This camera does not show it. {wanted}"
        if sum(watch.judged_s + watch.unfit_s for watch in watches) >= JUDGED_SHARE * due_s:
            return f"From where the camera stood it does not show well enough. {wanted}"
        return "What it is judged by was hidden or out of the picture."

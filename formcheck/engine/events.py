"""What the engine tells: results that go into a review, and events while they happen."""

from __future__ import annotations

from dataclasses import dataclass, field

from formcheck.measures import Side
from formcheck.spec import Severity


@dataclass(frozen=True, slots=True)
class RepetitionResult:
    """One movement out and back; a repetition when `counted`, else an attempt with its reason.

    Times are seconds of the recording. `hold_s` is the time at the top, `lowering_s` the way
    back, NaN where that did not end at rest. `peak` holds the spec's measures at the top, in their
    units (NaN where not seen).
    """

    index: int
    side: Side | None
    counted: bool
    reason: str | None
    start_s: float
    peak_s: float
    end_s: float
    rising_s: float
    hold_s: float
    lowering_s: float
    range: float
    peak: dict[str, float]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldResult:
    """One unbroken hold, and what ended it; a shallow one went less far than the spec asks."""

    side: Side | None
    start_s: float
    end_s: float
    ended_by: str
    shallow: bool = False

    @property
    def held_s(self) -> float:
        """Seconds held."""
        return self.end_s - self.start_s


@dataclass(slots=True)
class FaultResult:
    """One form error: when, in which repetition, and how far at its worst."""

    id: str
    name: str
    severity: Severity
    message: str
    side: Side | None
    start_s: float
    end_s: float
    measure: str
    worst: float
    limit: float
    unit: str
    repetition: int | None = None


@dataclass(frozen=True, slots=True)
class NotJudged:
    """Something the spec asks for that this recording could not show; on one side, or at all."""

    id: str
    reason: str
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class PositionEntered:
    """The person is in the exercise's position, since `since`."""

    t: float
    since: float


@dataclass(frozen=True, slots=True)
class PositionLeft:
    """The person left the position, at `at`."""

    t: float
    at: float


@dataclass(frozen=True, slots=True)
class RepetitionEnded:
    """A repetition or an attempt is over."""

    t: float
    repetition: RepetitionResult


@dataclass(frozen=True, slots=True)
class HoldStarted:
    """The hold clock runs, since `since`."""

    t: float
    side: Side | None
    since: float


@dataclass(frozen=True, slots=True)
class PaceCue:
    """In a guided exercise: contract, or rest, now; the contractions are numbered from 1."""

    t: float
    contract: bool
    number: int


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """The hold clock stopped."""

    t: float
    hold: HoldResult


@dataclass(frozen=True, slots=True)
class FaultTold:
    """A form error is seen: the cue to tell now."""

    t: float
    id: str
    severity: Severity
    message: str
    side: Side | None


@dataclass(frozen=True, slots=True)
class PersonLost:
    """The tracker follows nobody, or somebody else; nothing is judged until it is back."""

    t: float


@dataclass(frozen=True, slots=True)
class PersonFound:
    """The person is followed again; `new` when it may be another one."""

    t: float
    new: bool


Event = (
    PositionEntered
    | PositionLeft
    | RepetitionEnded
    | HoldStarted
    | PaceCue
    | HoldEnded
    | FaultTold
    | PersonLost
    | PersonFound
)


@dataclass(slots=True)
class CameraReport:
    """What the camera check says of a stretch of time.

    Attributes
    ----------
    view
        Where the camera stands, in words; "unknown" where nobody was seen.
    setup
        The spec's set-up that fits, or None.
    ok
        Whether a set-up of the spec fits.
    advice
        What to change, in sentences.
    towards
        The direction along the floor from the person to the camera, in the body's own axes (left,
        head, front); None where it is not known, or was now this one and now that.
    """

    view: str = "unknown"
    setup: str | None = None
    ok: bool = False
    advice: list[str] = field(default_factory=list)
    towards: tuple[float, float, float] | None = None

"""From a video or a recording to a review: the same engine, whatever the frames come from."""

from __future__ import annotations

import hashlib
import math
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from formcheck import __version__, way_up
from formcheck.body import PoseFrame, Recording
from formcheck.engine.core import LONGEST_FRAME_S, MOMENT_S, Engine
from formcheck.engine.events import (
    CameraReport,
    Event,
    FaultResult,
    HoldResult,
    NotJudged,
    RepetitionResult,
)
from formcheck.engine.holds import best_and_total
from formcheck.errors import FormcheckError
from formcheck.files import check_no_address
from formcheck.measures import Side
from formcheck.people import ALONE, InView, choose, exercised_s
from formcheck.session import Session
from formcheck.spec import Dosage, LoadedSpec, Spec, catalogue
from formcheck.tape import Tape

if TYPE_CHECKING:
    from formcheck.video.glance import Glance

# At fewer frames per second, whole movements fit between two frames: what is seen is no form error.
LEAST_HZ = 5.0
# So many such gaps in a row are a low frame rate; fewer are a lapse of the camera or the computer.
LEAST_GAPS = 3
CUT, BACK = "out of frame", "move the camera back until your whole body is in view."
TOO_FEW_FRAMES = "There are too few frames per second to judge it."

# The plotted measure is kept at about this rate, so that a two-hour video stays small.
TRACE_HZ = 15.0
TRACE_LENGTH = 20_000

Picture = NDArray[np.uint8]
OnFrame = Callable[[PoseFrame, Picture | None, Engine, list[Event]], None]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What was reviewed. `kind` is "video" or "recording"; the rest is the video's own."""

    path: str
    sha256: str
    kind: str
    duration_s: float | None
    frames: int
    width: int
    height: int
    rotation_deg: int
    fps: float | None


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """By what it was reviewed."""

    version: str
    spec_sha256: str
    model: str


@dataclass(slots=True)
class Trace:
    """The spec's shown measure over time, for plots; NaN where it is unknown."""

    measure: str
    unit: str
    t: list[float] = field(default_factory=list)
    values: dict[Side | None, list[float]] = field(default_factory=dict)
    in_position: list[bool] = field(default_factory=list)
    step_s: float = 1.0 / TRACE_HZ

    def add(self, engine: Engine, t: float) -> None:
        """Keep this frame if its time has come; thin out by half when the trace is full."""
        if self.t and t - self.t[-1] < self.step_s - 1e-6:
            return
        if self.t and t - self.t[-1] > max(LONGEST_FRAME_S, 2 * self.step_s):
            self._keep(t - MOMENT_S, False, [(side, math.nan) for side, _ in engine.shown()])
        self._keep(t, engine.gate_open, engine.shown())
        if len(self.t) > TRACE_LENGTH:
            self.step_s *= 2
            del self.t[1::2]
            del self.in_position[1::2]
            for series in self.values.values():
                del series[1::2]

    def _keep(self, t: float, in_position: bool, shown: list[tuple[Side | None, float]]) -> None:
        self.t.append(t)
        self.in_position.append(in_position)
        for side, value in shown:
            self.values.setdefault(side, []).append(value)


@dataclass(slots=True)
class Pace:
    """How many frames per second there are, and when there are too few of them."""

    _last: float = math.nan
    _total_s: float = 0.0
    _slow_s: float = 0.0
    _gaps: int = 0
    _slow: list[tuple[float, float, int]] = field(default_factory=list)  # start, end, gaps

    def add(self, t: float) -> None:
        """Take the next frame's time."""
        gap, self._last = t - self._last, t
        if math.isnan(gap):
            return
        self._total_s += min(gap, LONGEST_FRAME_S)  # a longer one is a hole, and counts as one
        if gap <= (1.0 + 1e-3) / LEAST_HZ:
            return
        self._slow_s += min(gap, LONGEST_FRAME_S)
        if self._slow and t - gap <= self._slow[-1][1] + 1e-9:
            start, _, gaps = self._slow.pop()
            self._slow.append((start, t, gaps + 1))
        else:
            self._slow.append((t - gap, t, 1))

    @property
    def total_s(self) -> float:
        """How long it was looked at, seconds."""
        return self._total_s

    @property
    def slow(self) -> list[tuple[float, float, int]]:
        """When there were too few frames: start and end in seconds, and how many gaps between."""
        return [one for one in self._slow if one[2] >= LEAST_GAPS]

    @property
    def mostly_slow(self) -> bool:
        """Whether that is so for more than half of the time."""
        return bool(self.slow) and self._slow_s > 0.5 * self._total_s

    def warnings(self, kind: str) -> list[str]:
        """Say it of a video or a recording."""
        if not self.slow:
            return []
        gaps, long_s = sum(n for *_, n in self.slow), sum(b - a for a, b, _ in self.slow)
        rate = gaps / long_s
        few = f"{rate:.0f}" if rate >= 0.95 else f"{rate:.1g}"
        few = "only 1 frame" if few == "1" else f"only {few} frames"
        if self.mostly_slow:
            return [
                f"this {kind} has {few} per second: repetitions may be missed, and form was not"
                " judged; record at 15 frames per second or more"
            ]
        places = ", ".join(f"{a:.1f} s to {b:.1f} s" for a, b, _ in self.slow)
        return [f"from {places} there are {few} per second: form was not judged there"]


@dataclass(slots=True)
class Review:
    """All that is known about one exercise in one video or recording."""

    spec: Spec
    source: SourceInfo
    engine: EngineInfo
    repetitions: list[RepetitionResult]
    holds: list[HoldResult]
    faults: list[FaultResult]
    not_judged: list[NotJudged]
    camera: CameraReport
    seen_fraction: float
    in_position: list[tuple[float, float]]
    warnings: list[str]
    trace: Trace
    instead: str | None = None  # the posture of somebody who never was in position
    amiss: str | None = None  # what would have put them in position, where it was the right one
    people: InView = ALONE
    asked: Dosage | None = None  # what was to be done, where that is not the gentlest document's

    def count(self, side: Side | None = None) -> int:
        """How many repetitions counted, on one side or in all."""
        return sum(r.counted and (side is None or r.side == side) for r in self.repetitions)

    @property
    def attempts(self) -> int:
        """How many movements fell short of a repetition."""
        return sum(not r.counted for r in self.repetitions)

    @property
    def hold_total_s(self) -> float:
        """All holds together, seconds."""
        return best_and_total(self.holds)[1]

    @property
    def contractions(self) -> int | None:
        """For how many contractions there was time in the posture; None if not guided.

        No camera sees them: that they were made is for the person to say.
        """
        guide = self.spec.guide
        return None if guide is None else sum(guide.contractions(h.held_s) for h in self.holds)

    @property
    def session(self) -> Session | None:
        """How much was done of what was asked for, else of the gentlest document's dosage.

        None where nobody asks for anything.
        """
        dosage = self.asked or self.spec.gentlest
        if dosage is None or self.spec.kind == "avoid" or not self.in_position:
            return None
        session = Session(self.spec, dosage)
        for repetition in self.repetitions:
            session.add(repetition)
        for hold in self.holds:
            session.add(hold)
        return session

    @property
    def hold_best_s(self) -> float:
        """The longest hold, seconds."""
        return best_and_total(self.holds)[0]


class Source(AbstractContextManager["Source"]):
    """Frames with their landmarks, and with their pictures where there are any."""

    warnings: list[str]

    @property
    def glance(self) -> Glance | None:
        """What the pictures themselves show, where there are any; once they are read."""
        return None

    @property
    def others(self) -> list[Recording]:
        """The landmarks of everybody else in view, in the same frames; once those are read."""
        return []

    @property
    def mirrored(self) -> bool:
        """Whether pictures and landmarks were turned back, because the person said so."""
        return False

    @abstractmethod
    def __iter__(self) -> Iterator[tuple[PoseFrame, Picture | None]]: ...

    @abstractmethod
    def again(self, tracked: Recording) -> Source:
        """Give a source of the same frames, whose landmarks are known by now."""

    @abstractmethod
    def info(self) -> SourceInfo:
        """Say what was read; complete once the frames are."""

    @property
    @abstractmethod
    def duration_s(self) -> float | None:
        """How much there is to read, seconds, as far as known beforehand."""

    @property
    @abstractmethod
    def model(self) -> str:
        """The tracker's model that found the landmarks."""


class RecordingSource(Source):
    """A recording of landmarks (.npz); see `VideoSource` for its options.

    Raises
    ------
    FormcheckError
        If it is not one, or nothing lies between the given times.
    """

    def __init__(
        self,
        path: Path,
        start_s: float | None = None,
        end_s: float | None = None,
        mirrored: bool = False,
    ) -> None:
        check_range(start_s, end_s)
        self._path = path
        recording = Recording.load(path)
        first = 0 if start_s is None else int(np.searchsorted(recording.t, start_s))
        last = (
            len(recording) if end_s is None else int(np.searchsorted(recording.t, end_s, "right"))
        )
        if first >= last:
            raise FormcheckError(
                f"{path}: nothing lies between these times; it runs from"
                f" {recording.t[0]:.1f} to {recording.t[-1]:.1f} s"
            )
        self._whole_s = float(recording.t[-1] - recording.t[0])
        self._recording = recording[first:last]
        if mirrored:
            self._recording = self._recording.mirrored()
        self.warnings = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __iter__(self) -> Iterator[tuple[PoseFrame, Picture | None]]:
        for frame in self._recording:
            yield frame, None

    def again(self, tracked: Recording) -> Source:
        return self

    @property
    def duration_s(self) -> float:
        return float(self._recording.t[-1] - self._recording.t[0])

    @property
    def model(self) -> str:
        return self._recording.model or "unknown"

    def info(self) -> SourceInfo:
        return replace(
            recording_info(self._recording, str(self._path), file_sha256(self._path)),
            duration_s=self._whole_s,
        )


def recording_info(recording: Recording, path: str, sha256: str) -> SourceInfo:
    """Say what a recording is, given its file's name and checksum."""
    frames = len(recording)
    long_s = float(recording.t[-1] - recording.t[0])
    return SourceInfo(
        path=path,
        sha256=sha256,
        kind="recording",
        duration_s=long_s,
        frames=frames,
        width=recording.width,
        height=recording.height,
        rotation_deg=0,
        fps=(frames - 1) / long_s if frames > 1 else None,
    )


class VideoSource(Source):
    """A video, tracked while it is read.

    Parameters
    ----------
    path
        The video.
    model
        A model's name or the path of a task file.
    start_s, end_s
        The part to read, seconds.
    tracked
        Its landmarks, where the same part was tracked before, in the same way: those of whom the
        source is about, then of whoever else is in view.
    mirrored
        The video shows the person as a mirror does: it is turned back.

    Raises
    ------
    FormcheckError
        If the video cannot be read or the model cannot be had.
    """

    def __init__(
        self,
        path: Path,
        model: str,
        start_s: float | None = None,
        end_s: float | None = None,
        tracked: Sequence[Recording] | None = None,
        mirrored: bool = False,
    ) -> None:
        # The tracker and the decoder take a second to import: only who needs them pays.
        from formcheck.pose.models import model_name, model_path
        from formcheck.pose.people import PeopleTracker
        from formcheck.video.glance import Glance
        from formcheck.video.read import VideoReader

        check_range(start_s, end_s)
        self._path = path
        self._model = model_name(model)
        self._reader = VideoReader(path, start_s=start_s, end_s=end_s)
        self._tracked = tracked
        self._tracker = PeopleTracker(model_path(model)) if tracked is None else None
        self._times: list[float] = []
        self._tapes: list[Tape] = []  # of the others
        self._frames = 0
        self._first_s = self._last_s = 0.0
        self._asked = start_s, end_s
        self._part_s = (start_s or 0.0, end_s)
        self._mirrored = mirrored
        self._glance = Glance()

    @property
    def warnings(self) -> list[str]:  # type: ignore[override]
        return self._reader.warnings

    @property
    def glance(self) -> Glance:
        return self._glance

    def __enter__(self) -> Self:
        self._reader.__enter__()
        if self._tracker is not None:
            self._tracker.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._tracker is not None:
            self._tracker.__exit__(kind, error, trace)
        for tape in self._tapes:
            tape.close()
        self._reader.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[tuple[PoseFrame, Picture | None]]:
        tracked = iter(self._tracked[0]) if self._tracked is not None else None
        for picture in self._reader:
            if not self._frames:
                self._first_s = picture.t
            self._frames += 1
            self._last_s = picture.t
            self._glance.look(picture.rgb, picture.t)
            rgb = np.ascontiguousarray(picture.rgb[:, ::-1]) if self._mirrored else picture.rgb
            if tracked is not None:
                yield next(tracked), rgb
            elif self._tracker is not None:
                frame, *others = self._tracker.track(rgb, picture.t)
                self._keep(others, frame)
                yield frame, rgb

    def _keep(self, others: list[PoseFrame], frame: PoseFrame) -> None:
        """Keep the landmarks of whoever else is in view; until they came, there were none."""
        while len(self._tapes) < len(others):
            self._tapes.append(Tape())
            for t in self._times:
                self._tapes[-1].write(PoseFrame.empty(t, frame.width, frame.height))
        for tape, other in zip(self._tapes, others, strict=True):
            tape.write(other)
        self._times.append(frame.t)

    def again(self, tracked: Recording) -> Source:
        return VideoSource(self._path, self._model, *self._asked, [tracked], self._mirrored)

    @property
    def others(self) -> list[Recording]:
        if self._tracked is not None:
            return list(self._tracked[1:])
        return [tape.recording(self._model) for tape in self._tapes]

    @property
    def mirrored(self) -> bool:
        return self._mirrored

    @property
    def duration_s(self) -> float | None:
        whole = self._reader.info.duration_s
        start, end = self._part_s
        if whole is None:
            return None if end is None else end - start
        return max(0.0, min(whole, whole if end is None else end) - start)

    @property
    def model(self) -> str:
        return self._model

    def info(self) -> SourceInfo:
        video = self._reader.info
        return SourceInfo(
            path=str(self._path),
            sha256=file_sha256(self._path),
            kind="video",
            # Of recordings joined to one file, the file tells the length of one only.
            duration_s=max(video.duration_s or 0.0, self._last_s),
            frames=self._frames,
            width=video.width,
            height=video.height,
            rotation_deg=video.rotation_deg,
            fps=video.fps,
        )


def check_range(start_s: float | None, end_s: float | None) -> None:
    """Check the part of a recording that is asked for.

    Raises
    ------
    FormcheckError
        If it is no part.
    """
    for name, value in (("--from", start_s), ("--to", end_s)):
        if value is not None and (not math.isfinite(value) or value < 0):
            raise FormcheckError(f"{name} {value:g}: give seconds from the beginning, 0 or more")
    if start_s is not None and end_s is not None and start_s >= end_s:
        raise FormcheckError(f"--from {start_s:g} is not before --to {end_s:g}")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_source(
    path: Path,
    model: str = "full",
    start_s: float | None = None,
    end_s: float | None = None,
    tracked: Sequence[Recording] | None = None,
    mirrored: bool = False,
) -> Source:
    """Open a video, or a recording when the name ends in .npz; see the two sources."""
    check_no_address(path)
    if path.suffix.lower() == ".npz":
        return RecordingSource(path, start_s, end_s, mirrored)
    return VideoSource(path, model, start_s, end_s, tracked, mirrored)


@contextmanager
def keep_landmarks(
    source: Source, on_frame: Callable[[PoseFrame], None]
) -> Iterator[list[Recording]]:
    """Read a source to its end and give its landmarks, then those of whoever else is in view.

    They are on the disk meanwhile, so that hours of video need no more memory than seconds; they
    are gone when the context is left.
    """
    with ExitStack() as stack:
        tapes = [stack.enter_context(Tape())]
        for frame, _ in source:
            tapes[0].write(frame)
            on_frame(frame)
        for other in source.others:
            tapes.append(stack.enter_context(Tape()))
            for frame in other:
                tapes[-1].write(frame)
        yield [tape.recording(source.model) for tape in tapes]


class Reviewer:
    """Judge one exercise frame by frame, then give the review; the same live and afterwards.

    Parameters
    ----------
    loaded
        The exercise.

    Attributes
    ----------
    engine
        The engine that judges.
    """

    def __init__(self, loaded: LoadedSpec) -> None:
        spec = loaded.spec
        avoid = [one.spec for one in catalogue().values() if one.spec.kind == "avoid"]
        self.engine = Engine(spec, avoid)
        self._loaded = loaded
        self._trace = Trace(spec.show, spec.units()[spec.show])
        self._pace = Pace()

    def feed(self, frame: PoseFrame) -> list[Event]:
        """Take the next frame and return what happened with it."""
        events = self.engine.feed(frame)
        self._trace.add(self.engine, frame.t)
        self._pace.add(frame.t)
        return events

    def finish(
        self,
        source: SourceInfo,
        model: str,
        warnings: list[str],
        glance: Glance | None = None,
    ) -> Review:
        """Close what is under way and return the review; only once, after the last frame.

        Parameters
        ----------
        source, model, warnings
            Where the frames came from, and by which model.
        glance
            What the pictures themselves show, where there were any.
        """
        engine = self.engine
        engine.finish()
        repetitions, faults, not_judged = _unblamed(
            self._pace, self._loaded.spec, engine.repetitions, engine.faults, engine.not_judged()
        )
        return Review(
            spec=self._loaded.spec,
            source=source,
            engine=EngineInfo(__version__, self._loaded.sha256, model),
            repetitions=repetitions,
            holds=engine.holds,
            faults=faults,
            not_judged=not_judged,
            camera=self._camera(glance),
            seen_fraction=engine.seen_fraction,
            instead=engine.instead,
            amiss=engine.amiss,
            in_position=engine.in_position,
            warnings=warnings + self._pace.warnings(source.kind),
            trace=self._trace,
        )

    def _camera(self, glance: Glance | None) -> CameraReport:
        """Return the engine's camera check, with what the pictures show besides."""
        engine = self.engine
        camera = engine.camera()
        # Where the position was never taken, nobody can say that it would have been seen.
        ok, advice = camera.ok and bool(engine.in_position), list(camera.advice)
        if glance is None:
            return replace(camera, ok=ok)
        edge = glance.beyond()
        held_s = math.fsum(end - start for start, end in engine.in_position)
        # A tracker that does not see the head fits a whole body into what it sees.
        if edge and held_s < 0.5 * self._pace.total_s and not any(CUT in text for text in advice):
            ok = False
            where = f"at the {edge}" if edge in ("top", "bottom") else f"on the {edge}"
            advice.insert(0, f"Your head and shoulders seem to be {CUT} {where}: {BACK}")
        return replace(camera, ok=ok, advice=advice + glance.light())


def _unblamed(
    pace: Pace,
    spec: Spec,
    repetitions: list[RepetitionResult],
    faults: list[FaultResult],
    not_judged: list[NotJudged],
) -> tuple[list[RepetitionResult], list[FaultResult], list[NotJudged]]:
    """Leave out form errors and attempts of times with too few frames to see a movement by.

    The top of a good repetition lies between two frames then, and it looks too low.
    """
    if not pace.slow:
        return repetitions, faults, not_judged

    def slow(start_s: float, end_s: float) -> bool:
        return any(start_s < b and end_s > a for a, b, _ in pace.slow) or pace.mostly_slow

    left_out = {i for i, fault in enumerate(faults) if slow(fault.start_s, fault.end_s)}
    fine: list[RepetitionResult] = []
    numbers: dict[int, int] = {}
    for one in repetitions:
        blameless = one.counted or not slow(one.start_s, one.end_s)
        if blameless:
            numbers[one.index] = len(fine)
            kept = () if slow(one.start_s, one.end_s) else one.faults
            fine.append(replace(one, index=len(fine), faults=kept))
    told = [
        replace(fault, repetition=numbers.get(fault.repetition))
        if fault.repetition is not None
        else fault
        for i, fault in enumerate(faults)
        if i not in left_out
    ]
    if pace.mostly_slow:
        ids = [rule.id for rule in spec.faults]
        ids += [spec.short_error.id] if spec.short_error is not None else []
        not_judged = [one for one in not_judged if one.id not in ids]
        not_judged += [NotJudged(id, TOO_FEW_FRAMES) for id in ids]
    return fine, told, not_judged


def review(
    source: Source,
    loaded: LoadedSpec,
    on_frame: OnFrame | None = None,
    on_restart: Callable[[], None] | None = None,
    person: str | None = None,
) -> Review:
    """Judge one exercise in all frames of a source.

    Parameters
    ----------
    source
        An entered source.
    loaded
        The exercise.
    on_frame
        Called after each frame with its landmarks, its picture (None for recordings), the engine
        and what happened: for progress, drawing, or keeping.
    on_restart
        Called when all frames come again from the first, because the film turned out to lie on
        its side or to be upside down, and is now turned, or because another person is followed.
    person
        Which of several people to follow; see `formcheck.people.asked_for`. By default the one who
        exercises.

    Raises
    ------
    FormcheckError
        If there is nobody where `person` says.
    """
    with Tape() as tape:
        reviewer = Reviewer(loaded)
        for frame, picture in source:
            tape.write(frame)
            events = reviewer.feed(frame)
            if on_frame is not None:
                on_frame(frame, picture, reviewer.engine, events)
        first = tape.recording(source.model)
        recording, seen = choose(
            [first, *source.others],
            lambda one: exercised_s(one, loaded.spec),
            person,
            source.mirrored,
        )
        warnings = [*source.warnings, *([seen.said] if seen.count > 1 else [])]

        def finished(reviewer: Reviewer, *more: str) -> Review:
            said = [*warnings, *more]
            done = reviewer.finish(source.info(), source.model, said, source.glance)
            return replace(done, people=seen)

        if recording is not first:
            reviewer = _fed(loaded, recording)
        result = finished(reviewer)
        turned, sure = way_up.pieces(recording, reviewer.engine)
        if turned and not sure:
            result.warnings.append(way_up.MAYBE)
            turned = []
        if turned:
            upright = finished(_fed(loaded, way_up.turn(recording, turned)), way_up.said(turned))
            if (upright.count(), upright.hold_total_s) > (result.count(), result.hold_total_s):
                result = upright
            else:
                turned = []
        again = bool(turned) or recording is not first
        if again and on_frame is not None and on_restart is not None:
            on_restart()
            reviewer = Reviewer(loaded)
            with source.again(recording) as frames:
                for frame, picture in frames:
                    quarters = way_up.quarters_at(frame.t, turned)
                    frame = frame.turned(quarters)
                    shown = (
                        None
                        if picture is None
                        else np.ascontiguousarray(np.rot90(picture, quarters))
                    )
                    on_frame(frame, shown, reviewer.engine, reviewer.feed(frame))
    return result


def _fed(loaded: LoadedSpec, frames: Iterable[PoseFrame]) -> Reviewer:
    reviewer = Reviewer(loaded)
    for frame in frames:
        reviewer.feed(frame)
    return reviewer

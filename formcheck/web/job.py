"""One review for one visitor: from a file to all that the page shows and offers."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import IO

import cv2

from formcheck.body import PoseFrame, Recording
from formcheck.box import Box
from formcheck.engine.core import Engine
from formcheck.errors import FormcheckError
from formcheck.people import recognise_somebody
from formcheck.recognise import Recognition
from formcheck.report.as_json import review_as_json
from formcheck.report.table import review_as_csv
from formcheck.report.words import not_recognised
from formcheck.review import Picture, Review, keep_landmarks, open_source, review
from formcheck.spec import LoadedSpec, catalogue
from formcheck.video.draw import canvas, draw, shrink
from formcheck.video.read import VideoReader
from formcheck.video.write import VideoWriter

# Between two reports of progress: enough to look alive, too few to cost anything.
REPORT_EVERY_S = 0.25
# Of the pictures by which a visitor tells who is meant, pixels.
PORTRAIT_HEIGHT = 180


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review has come.

    Attributes
    ----------
    t
        The time in the recording, seconds.
    share
        From 0 to 1, None when the length is not known.
    left_s
        Seconds left, None while that cannot be told.
    recognising
        Whether it is still being found out which exercise it is; the review comes after.
    """

    t: float
    share: float | None
    left_s: float | None
    recognising: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """A review, ready to be shown and taken away; nothing of it is on disk.

    Attributes
    ----------
    review
        The review; its source has the name of the visitor's file.
    json, csv
        The same as files.
    annotated
        The annotated video, H.264 in MP4.
    recognised
        Which exercises were seen, where the visitor left it to formcheck.
    people
        Where several people are in view, a picture of each, JPEG, from left to right.
    """

    review: Review
    json: str
    csv: str
    annotated: bytes
    recognised: Recognition | None = None
    people: tuple[bytes, ...] = ()


def review_file(
    path: Path,
    name: str,
    loaded: LoadedSpec | None,
    report: Callable[[Progress], None],
    mirrored: bool = False,
    person: str | None = None,
) -> Finished:
    """Review a file.

    Parameters
    ----------
    path
        A video, or a recording when the name ends in .npz.
    name
        What the visitor calls it, for messages and results.
    loaded
        The exercise; None to have it recognised.
    report
        Called several times a second with the progress. What it raises ends the review.
    mirrored
        Whether the visitor says that the video is mirrored.
    person
        Who of several people is meant, where the visitor says so.

    Raises
    ------
    FormcheckError
        If the file cannot be reviewed.
    """
    try:
        with ExitStack() as stack:
            recognised = tracked = None
            if loaded is None:
                recognised, tracked = _recognise(path, mirrored, person, report, stack)
                loaded = catalogue()[recognised.exercise or ""]
            result, annotated = _review(path, loaded, tracked, mirrored, person, report, stack)
            people = tuple(_portrait(path, mirrored, *one) for one in result.people.seen)
    except FormcheckError as error:
        # The visitor does not know the temporary file that the upload was put into.
        raise FormcheckError(str(error).replace(str(path), name)) from error
    result.source = replace(result.source, path=name)
    result.warnings = [warning.replace(str(path), name) for warning in result.warnings]
    texts = review_as_json(result, recognised), review_as_csv(result)
    return Finished(result, *texts, annotated, recognised, people)


def _portrait(path: Path, mirrored: bool, t: float, box: Box) -> bytes:
    """Return a picture of one person in a video, JPEG."""
    with VideoReader(path, start_s=t) as reader:
        rgb = next(iter(reader)).rgb
    part = box.of(rgb[:, ::-1] if mirrored else rgb)
    scale = PORTRAIT_HEIGHT / part.shape[0]
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    return jpeg.tobytes()


def _recognise(
    path: Path,
    mirrored: bool,
    person: str | None,
    report: Callable[[Progress], None],
    stack: ExitStack,
) -> tuple[Recognition, list[Recording]]:
    """Find out which exercise it is; the landmarks are kept as long as the stack is."""
    with open_source(path, mirrored=mirrored) as source:
        clock = _Clock(source.duration_s)

        def on_frame(frame: PoseFrame) -> None:
            progress = clock.at(frame.t)
            if progress is not None:
                report(replace(progress, recognising=True))

        everyone = stack.enter_context(keep_landmarks(source, on_frame))
    recognised, everyone = recognise_somebody(everyone, catalogue().values(), person, mirrored)
    if recognised.exercise is None:
        raise FormcheckError(
            f"{path}: {not_recognised(recognised)}. Exercises with very small movements cannot"
            " be detected. Choose the exercise and upload your video again."
        )
    found = catalogue()[recognised.exercise].spec
    if found.kind == "avoid":
        raise FormcheckError(
            f"{path}: this looks like the movement “{found.name}”. Leave it out with a sore back."
            f" {found.cautions[0]}"
        )
    return recognised, everyone


def _review(
    path: Path,
    loaded: LoadedSpec,
    tracked: list[Recording] | None,
    mirrored: bool,
    person: str | None,
    report: Callable[[Progress], None],
    stack: ExitStack,
) -> tuple[Review, bytes]:
    """Return the review and the annotated video."""
    spec = loaded.spec
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="formcheck-"))
    annotated = Path(folder) / "annotated.mp4"
    with (
        open_source(path, tracked=tracked, mirrored=mirrored) as source,
        VideoWriter(annotated) as writer,
    ):
        clock = _Clock(source.duration_s)

        def on_frame(frame: PoseFrame, picture: Picture | None, engine: Engine, _: object) -> None:
            ground = canvas(frame.width, frame.height) if picture is None else shrink(picture)
            writer.write(draw(ground, engine.now(), spec), frame.t)
            progress = clock.at(frame.t)
            if progress is not None:
                report(progress)

        result = review(source, loaded, on_frame, writer.restart, person)
    return result, annotated.read_bytes()


@contextmanager
def private_copy(upload: IO[bytes], name: str) -> Iterator[Path]:
    """Give a file with a visitor's upload, in a folder that only this process's user can read.

    Parameters
    ----------
    upload
        What was uploaded.
    name
        What the visitor calls it. Only the ending is taken from it, and only a harmless one.

    Yields
    ------
    Path
        The file. It is deleted when the block is left, in whatever way.
    """
    ending = PurePath(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
        path = Path(folder) / ("upload" + (ending if ending[1:].isalnum() else ""))
        with path.open("wb") as file:
            shutil.copyfileobj(upload, file)
        yield path


class _Clock:
    """Tell the progress now and then, from the times of the frames."""

    def __init__(self, duration_s: float | None) -> None:
        self._duration_s = duration_s
        self._began = self._reported = time.monotonic()
        self._first_t: float | None = None

    def at(self, t: float) -> Progress | None:
        """Return the progress when it is time to tell it."""
        if self._first_t is None:
            self._first_t = t
            return Progress(t, 0.0 if self._duration_s else None, None)
        now = time.monotonic()
        if now - self._reported < REPORT_EVERY_S:
            return None
        self._reported = now
        if not self._duration_s:
            return Progress(t, None, None)
        share = min(1.0, (t - self._first_t) / self._duration_s)
        took = now - self._began
        return Progress(t, share, took * (1.0 - share) / share if share > 0 else None)

"""One visitor's session: a routine of exercises, what was recorded, and what is kept of it."""

from __future__ import annotations

import datetime
import json
import logging
import math
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from formcheck import __version__
from formcheck.errors import FormcheckError
from formcheck.files import write_text_atomically
from formcheck.live.conductor import Conductor, dosage_of
from formcheck.live.protocol import Action, Asked, Begin, ProtocolError, Sent
from formcheck.report.as_json import review_as_dict, review_as_json
from formcheck.report.words import against_dosage, by_error, guided, result, times
from formcheck.review import Review, file_sha256, recording_info
from formcheck.spec import Dosage, LoadedSpec, catalogue
from formcheck.tape import Tape
from formcheck.web.texts import SAFETY, no_error_line

FOLDER_VARIABLE = "FORMCHECK_SESSIONS"
RECORDING, REVIEW, SESSION = "recording.npz", "review.json", "session.json"
SCHEMA = "formcheck.session/1"
# Between two exercises of a routine, unless the person goes on sooner.
BETWEEN_S = 15.0
NOTHING = "Nothing was recorded: the exercise had not begun."
NOT_SAVED = "This could not be saved: tell whoever runs formcheck; the details are in its log."
STOP_AND_ASK = tuple(line.replace("*", "") for line in SAFETY[:2])

_log = logging.getLogger(__name__)


def sessions_folder() -> Path:
    """Return where sessions are saved."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    return Path(platformdirs.user_data_dir("formcheck", appauthor=False)) / "sessions"


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise of a routine, and how much of it."""

    loaded: LoadedSpec
    dosage: Dosage
    rest_s: float | None


def routine_of(begin: Begin) -> list[Item]:
    """Return what a page asks for.

    Raises
    ------
    ProtocolError
        If there is no such exercise, or it is one to avoid.
    """
    items = []
    for wanted in begin.routine:
        loaded = catalogue().get(wanted.exercise)
        if loaded is None:
            raise ProtocolError("There is no such exercise. Please choose another.")
        if loaded.spec.kind == "avoid":
            raise ProtocolError(
                f"{loaded.spec.name}: leave this out with a sore back. {loaded.spec.cautions[0]}"
            )
        dosage = dosage_of(loaded.spec, wanted.sets, wanted.times, wanted.hold_s)
        items.append(Item(loaded, dosage, wanted.rest_s))
    return items


@dataclass(frozen=True, slots=True)
class Ended:
    """An exercise that is over, with all that is needed to review and save it."""

    number: int
    item: Item
    conductor: Conductor
    tape: Tape
    model: str
    next: bool


class Visit:
    """A session: one exercise of the routine after the other.

    Parameters
    ----------
    id, visitor
        Of the session, and of the browser it belongs to: both are random.
    routine
        What is to be done.
    model
        The pose model that the browser uses.

    Attributes
    ----------
    received
        The number of the last frame taken.
    over
        Whether the routine is done.
    saved
        The folders that were saved of it.
    """

    def __init__(self, id: str, visitor: str, routine: Sequence[Item], model: str) -> None:
        self.id, self.visitor = id, visitor
        self.received = 0
        self.over = False
        self.saved: list[Path] = []
        self._routine, self._model = routine, model
        self._enough = False  # the person has ended all of it
        self._t = -math.inf
        self._at = -1
        self._begin_item()

    def _begin_item(self) -> None:
        self._at += 1
        item = self._routine[self._at]
        self._tape = Tape()
        self._first_t = self._next_t = math.nan
        self._told_end = False
        self._conductor = Conductor(item.loaded, item.dosage, item.rest_s, self._tape)

    # -- what comes in ------------------------------------------------------------------------

    def take(self, sent: Sent) -> bool:
        """Take a frame; return False when it had been taken before.

        Raises
        ------
        ProtocolError
            If its time is not after that of the last one.
        """
        number, frame, other, whom = sent
        if number <= self.received:
            return False
        if not frame.t > self._t:
            raise ProtocolError("The camera's time went back. Please load the page again.")
        self.received, self._t = number, frame.t
        if self._first_t != self._first_t:
            self._first_t = frame.t
        # An exercise's own time begins with it, so that a review can be read.
        t = frame.t - self._first_t
        frame = replace(frame, t=t)
        self._conductor.feed(frame, None if other is None else replace(other, t=t), whom)
        return True

    def act(self, what: Action) -> None:
        """Do what a key or a button says."""
        conductor = self._conductor
        match what:
            case "start":
                conductor.start()
            case "pause":
                conductor.pause()
            case "continue":
                conductor.go_on()
            case "end" | "hurt":
                # Between two exercises, too: what was told to come does not begin.
                self._enough = True
                self.over = self.over or self._told_end
                conductor.end("you" if what == "end" else "hurt")
            case "next" if conductor.stage == "finished":
                self._next_t = self._t
            case "next":
                if not conductor.skip_rest():
                    conductor.end("you")
                    self._next_t = self._t

    def lose(self) -> None:
        """End it: the page has not come back."""
        self._conductor.end("lost")

    # -- what goes out ------------------------------------------------------------------------

    def item(self) -> dict[str, Any]:
        """Describe the exercise under way."""
        place = {"number": self._at + 1, "of": len(self._routine)}
        return place | self._conductor.item()

    def now(self) -> dict[str, Any]:
        """Return the state after the last frame, and all that is to be said since the last time."""
        state = self._conductor.state()
        said, tone = self._conductor.take_said()
        if self._next_t == self._next_t:
            state["left_s"] = round(max(0.0, self._next_t - self._t), 1)
        state["leave"] = self._conductor.take_leave()
        return {"type": "now", "frame": self.received, **state, "say": said, "tone": tone}

    @property
    def ending(self) -> bool:
        """Whether an exercise has ended that was not told yet."""
        return self._conductor.ended_by is not None and not self._told_end

    def ended(self) -> Ended | None:
        """Return the exercise that has ended, once."""
        conductor = self._conductor
        if not self.ending:
            return None
        self._told_end = True
        last = self._at + 1 == len(self._routine)
        # Who stays away has left, and is not there for the next exercise.
        self.over = last or self._enough or conductor.ended_by in ("away", "lost")
        if not self.over and self._next_t != self._next_t:
            self._next_t = self._t + BETWEEN_S
        item = self._routine[self._at]
        number = self._at + 1
        return Ended(number, item, conductor, self._tape, self._model, next=not self.over)

    def move_on(self) -> bool:
        """Begin the next exercise when its time has come; return whether it has."""
        if self.over or not self._told_end or not self._t >= self._next_t:
            return False
        self._begin_item()
        return True

    # -- what is kept -------------------------------------------------------------------------

    def note(self, asked: Asked) -> None:
        """Keep what the person answered with what was saved last."""
        if not self.saved:
            return
        path = self.saved[-1] / SESSION
        session = json.loads(path.read_text(encoding="utf-8"))
        session["pain"], session["effort"] = asked.pain, asked.effort
        write_text_atomically(path, _as_text(session))

    def forget(self) -> bool:
        """Delete what was saved; return whether all of it is gone."""
        for folder in self.saved:
            shutil.rmtree(folder, ignore_errors=True)
        self.saved = [folder for folder in self.saved if folder.exists()]
        return not self.saved

    def close(self) -> None:
        """Forget what was recorded and not saved."""
        self._tape.close()


def conclude(ended: Ended, folder: Path) -> tuple[dict[str, Any], Path | None]:
    """Review what was done, and save it, whole or not at all.

    Parameters
    ----------
    ended
        What is over; its recording is gone afterwards.
    folder
        Where sessions are saved.

    Returns
    -------
    The message for the page, and what was saved, None where that failed or nothing was recorded.
    """
    conductor, model = ended.conductor, ended.model
    told: dict[str, Any] = {
        "type": "result",
        "number": ended.number,
        "review": None,
        "sentences": [NOTHING],
        "ended_by": conductor.ended_by,
        "saved": None,
        "next": ended.next,
    }
    saved = None
    with ended.tape as tape:
        if conductor.reviewer is not None and tape.frames:
            recording = tape.recording(model)
            part = folder / f".{secrets.token_hex(8)}.part"
            checksum = ""
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                part.mkdir(mode=0o700)
                recording.save(part / RECORDING)
                checksum = file_sha256(part / RECORDING)
            except (OSError, FormcheckError):
                _log.warning("a session could not be saved", exc_info=True)
            info = recording_info(recording, RECORDING, checksum)
            review = conductor.reviewer.finish(info, model, [])
            # The person is told of what was asked for; what is saved is what a review of the
            # recording says, which knows nothing of that.
            held_against = replace(review, asked=ended.item.dosage)
            told["review"] = review_as_dict(held_against)
            told["sentences"] = sentences(held_against)
            if checksum:
                saved = _save(ended, review, part, folder)
            if saved is None:
                shutil.rmtree(part, ignore_errors=True)
                told["sentences"].append(NOT_SAVED)
            else:
                told["saved"] = saved.name
    if conductor.ended_by == "hurt":
        told["sentences"] = [*STOP_AND_ASK, *told["sentences"]]
    return told, saved


def _save(ended: Ended, review: Review, part: Path, folder: Path) -> Path | None:
    """Put the rest beside the recording, and give it all its name; return None if it fails."""
    now = datetime.datetime.now().astimezone()
    conductor = ended.conductor
    session = {
        "schema": SCHEMA,
        "exercise": review.spec.id,
        "ended": now.isoformat(timespec="seconds"),
        "ended_by": conductor.ended_by,
        "asked_for": {
            "document": ended.item.dosage.document or None,
            "sets": conductor.session.sets,
            "times": conductor.session.often,
            "hold_s": conductor.session.held_s,
            "each_side": ended.item.dosage.each_side,
            "rest_s": conductor.rest_s,
        },
        "done": [
            {side or "total": number for side, number in one.items()}
            for one in conductor.session.done
        ],
        "pain": None,
        "effort": None,
        "versions": {"formcheck": __version__, "model": ended.model},
    }
    stem = f"{now:%Y-%m-%dT%H-%M-%S}-{review.spec.id}"
    try:
        write_text_atomically(part / REVIEW, review_as_json(review))
        write_text_atomically(part / SESSION, _as_text(session))
        try:
            return part.rename(folder / stem)
        except OSError:  # another ended within this second: its folder has something in it
            return part.rename(folder / f"{stem}-{secrets.token_hex(4)}")
    except (OSError, FormcheckError):
        _log.warning("a session could not be saved", exc_info=True)
    return None


def sentences(review: Review) -> list[str]:
    """Return a review in sentences, the result first."""
    lines = [f"{review.spec.name}: {result(review)}."]
    lines += [line for line in (guided(review), against_dosage(review)) if line is not None]
    for group in by_error(review.faults):
        often = f" ({times(len(group), 'time')})" if len(group) > 1 else ""
        lines.append(f"{group[0].name.rstrip('.')}{often}. {group[0].message}")
    fine = no_error_line(review)
    lines += [fine] if fine is not None else []
    lines += review.camera.advice if not review.camera.ok else []
    return lines


def _as_text(session: dict[str, Any]) -> str:
    return json.dumps(session, indent=1, ensure_ascii=False) + "\n"

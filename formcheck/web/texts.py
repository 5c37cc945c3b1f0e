"""The page's words: what is said before an exercise, while a review runs, and after it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from formcheck.engine.events import FaultResult
from formcheck.recognise import Recognition
from formcheck.report import camera_places
from formcheck.report.words import (
    SEVERITY,
    amount,
    by_error,
    camera_place,
    clock,
    dosage,
    fault_name,
    how_far,
    plain,
    recognised,
    repetition_labels,
    result,
    shows_all,
    where,
)
from formcheck.report.words import camera_verdict as camera_judged
from formcheck.review import Review
from formcheck.spec import ELSEWHERE, Spec, catalogue
from formcheck.view_map import ViewMap
from formcheck.web.job import Progress

TAGLINE = (
    "Film a back-care exercise and see what was done: repetitions, holds, and what to do better."
)

SAFETY = (
    "**Stop when it hurts, and call a clinician.** Mild soreness afterwards is usual; moderate or"
    " severe pain is not.",
    "**Ask a clinician before you start** a programme. After an injury or surgery, do only what"
    " they have agreed to.",
    "Move slowly and comfortably. Breathe out on the effort, and never hold your breath.",
    "This is exercise feedback, not a diagnosis or treatment.",
)
STRENGTH_LAST = "Master the mobility exercises before the strength ones; this one is for strength."

PRIVACY = (
    "Your video stays on the machine that runs formcheck: it is looked at there and deleted right"
    " after the review. If several people are in view, it is kept until you begin another review or"
    " close this page, so that you can say who is meant. The results are gone when you close this"
    " page."
)
THIS_ONE = "Reviewed here"
ANOTHER_ONE = "Review this one"
LIVE = "Exercise live in front of your camera"
LIVE_HINT = (
    "Hands-free: it counts, times and corrects aloud. The picture never leaves your browser; the"
    " places of your joints are sent and saved, until you delete them."
)
MIRRORED = "My video is mirrored"
MIRRORED_HELP = (
    "Selfie cameras often save a mirrored video: writing in it reads backwards. Left and right are"
    " then swapped back."
)
MIRRORED_HINT = (
    f"Left and right are your own. If they are swapped here, tick “{MIRRORED}” and review the video"
    " again."
)
NOTHING_KEPT = "Your file was deleted."
UNEXPECTED = (
    "Something went wrong, and it is not your fault. Please try again; if it happens again, tell"
    f" whoever runs formcheck: the details are in its log. {NOTHING_KEPT}"
)

WHERE_IT_STOOD = "Where your camera stood"

# More names of form errors than this in one sentence nobody reads.
MANY_ERRORS = 3


@dataclass(frozen=True, slots=True)
class ErrorFound:
    """A form error, with every time it was seen.

    Attributes
    ----------
    name, cue, severity
        What it is, what to do, and how much it matters.
    occasions
        When, in which repetition, and how far.
    """

    name: str
    cue: str
    severity: str
    occasions: tuple[str, ...]


def person(place: str) -> str:
    """Return what one of several people is called under their picture."""
    return f"On the {place}" if place in ("left", "right") else f"Number {place} from the left"


def camera_lines(spec: Spec) -> list[str]:
    """Say how to set the camera up; with several set-ups, also what each of them shows."""
    lines = [camera.text for camera in spec.cameras.values()]
    if len(spec.cameras) > 1:
        lines = [
            f"{camera.text} {_shows(spec, name)}".rstrip() for name, camera in spec.cameras.items()
        ]
    if ELSEWHERE in spec.counted_from:
        what = "Holds are timed" if spec.kind in ("hold", "guided") else "Repetitions are counted"
        lines.append(f"{what} from other positions, too, but your form is not judged there.")
    return lines


def _shows(spec: Spec, camera: str) -> str:
    """Say what a set-up is good for, in italics; nothing of one that is named as no good."""
    counted = []
    if spec.repetition is not None and camera in spec.repetition.cameras:
        counted.append("repetitions")
    if spec.hold is not None and camera in spec.hold.cameras:
        counted.append("holds")
    errors = [rule.name.rstrip(".").lower() for rule in spec.faults if camera in rule.cameras]
    form = ""
    if len(errors) == len(spec.faults):
        counted += ["all form errors"] if errors else []
    elif len(errors) > MANY_ERRORS:
        form = f" and {len(errors)} of the {len(spec.faults)} form errors"
    else:
        form = f"; of the form errors: {listed(errors)}" if errors else ", but no form errors"
    return f"*Shows {listed(counted) or 'no counts'}{form}.*" if counted or errors else ""


def looked_for_lines(spec: Spec) -> list[str]:
    """Return the form errors that can be told, each with what to do about it."""
    lines = []
    if (short := spec.short_error) is not None:
        lines.append(f"{short.name.rstrip('.')}. *{short.cue}*")
    lines += [f"{rule.name.rstrip('.')}. *{rule.cue}*" for rule in spec.faults]
    return lines


def literal(text: str) -> str:
    r"""Return a text, such as a file's name, so that Markdown shows it as it is.

    Backticks are left: our own messages set commands in them.

    Examples
    --------
    >>> literal("my_*best*_bridge.mp4")
    'my\\_\\*best\\*\\_bridge.mp4'
    """
    return re.sub(r"([\\*_~$<\[\]])", r"\\\1", text)


def listed(words: list[str]) -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["repetitions", "holds", "all form errors"])
    'repetitions, holds and all form errors'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def dosage_lines(spec: Spec) -> list[str]:
    """Return what each source document prescribes."""
    return [dosage(one) for one in spec.dosage]


def caution_lines(spec: Spec) -> list[str]:
    """Return the exercise's own cautions, and those of its group."""
    return [*spec.cautions, *([STRENGTH_LAST] if spec.group == "strength" else [])]


def verdict(review: Review) -> str:
    """Return the result in one line.

    Examples
    --------
    >>> verdict(review)
    'Bridge: 4 repetitions, 1 attempt'
    """
    return f"{review.spec.name}: {result(review)}"


def camera_verdict(review: Review) -> str:
    """Say where the camera stood, and whether that is good for the exercise."""
    place, judged = camera_place(review), camera_judged(review)
    return f"Camera {place}: {judged}." if judged else f"Camera {place}."


def camera_azimuth(review: Review, view_map: ViewMap) -> float | None:
    """Return where on the map the camera stood, degrees; None where that is not known."""
    if not review.in_position:
        return None  # somebody who stands has other directions around them than who lies
    return view_map.azimuth(review.camera.towards, review.spec.position.faces)


def camera_advice(review: Review, view_map: ViewMap | None) -> list[str]:
    """Say what to change about the camera, if anything; last, how far it is to a good place."""
    if shows_all(review):
        return []
    azimuth = None if view_map is None else camera_azimuth(review, view_map)
    if view_map is None or azimuth is None:
        return review.camera.advice
    turn = camera_places.advice(view_map, azimuth)
    return [*review.camera.advice, *([turn] if turn else [])]


def camera_stood(view_map: ViewMap, azimuth: float) -> str:
    """Say where on the map the camera stood.

    Examples
    --------
    >>> camera_stood(view_map, 31.0)
    'Your camera stood at your head, 30° towards your right side.'
    """
    return f"Your camera stood {camera_places.place(azimuth, view_map.around)}."


def figures(review: Review) -> list[tuple[str, str]]:
    """Return the review's main numbers, each with its name."""
    spec = review.spec
    found = []
    if spec.repetition is not None:
        found.append(("Repetitions", str(review.count())))
        if spec.sides == "each":
            found.append(("Left", str(review.count("left"))))
            found.append(("Right", str(review.count("right"))))
        found.append(("Attempts", str(review.attempts)))
    if spec.kind in ("hold", "guided") or review.holds:
        found.append(("Longest hold", f"{review.hold_best_s:.1f} s"))
        found.append(("Total hold", f"{review.hold_total_s:.1f} s"))
    found.append(("Form errors", str(len(review.faults))))
    return found


def errors_found(review: Review) -> list[ErrorFound]:
    """Return the form errors, the important ones first."""
    labels = repetition_labels(review)
    return [
        ErrorFound(
            name=group[0].name.rstrip("."),
            cue=group[0].message,
            severity=SEVERITY[group[0].severity],
            occasions=tuple(_occasion(fault, review, labels) for fault in group),
        )
        for group in by_error(review.faults)
    ]


def _occasion(fault: FaultResult, review: Review, labels: list[str]) -> str:
    place = where(fault, review, labels).strip(": ")
    return ", ".join(part for part in (clock(fault.start_s), place, how_far(fault)) if part)


def no_error_line(review: Review) -> str | None:
    """Say that the form was good, if there was something to judge it by."""
    unjudged = {item.id for item in review.not_judged}
    judged = [rule for rule in review.spec.faults if rule.id not in unjudged]
    if review.faults or not judged or not review.in_position:
        return None
    return f"No form error was seen, of {len(judged)} that could be judged."


def not_judged_lines(review: Review) -> list[str]:
    """Say what could not be judged and why; what has the same reason stands together."""
    reasons: dict[str, list[str]] = {}
    for item in review.not_judged:
        reasons.setdefault(item.reason, []).append(fault_name(review.spec, item.id).rstrip("."))
    return [f"**{'; '.join(names)}.** {reason}" for reason, names in reasons.items()]


def repetition_rows(review: Review) -> list[dict[str, str]]:
    """Return the table of repetitions and attempts."""
    shown = review.spec.show
    unit = review.spec.units()[shown]
    rows = []
    for label, repetition in zip(repetition_labels(review), review.repetitions, strict=True):
        errors = [fault_name(review.spec, id).rstrip(".") for id in repetition.faults]
        if repetition.reason is not None:
            note = repetition.reason
        else:
            note = "; ".join(errors) or "counted"
        parts = [
            "?" if math.isnan(part) else f"{part:.1f}"
            for part in (repetition.rising_s, repetition.hold_s, repetition.lowering_s)
        ]
        rows.append(
            {
                "Movement": label.replace("repetition ", "").capitalize(),
                "Top at": clock(repetition.peak_s),
                "Out, top, back": " · ".join(parts) + " s",
                plain(shown).capitalize(): amount(repetition.peak.get(shown, math.nan), unit),
                "Note": note,
            }
        )
    return rows


def hold_rows(review: Review) -> list[dict[str, str]]:
    """Return the table of holds."""
    return [
        {
            **({"Side": hold.side} if hold.side else {}),
            "From": clock(hold.start_s),
            "To": clock(hold.end_s),
            "Held": amount(hold.held_s, "s"),
            "Ended because": hold.ended_by,
        }
        for hold in review.holds
    ]


def recognised_line(found: Recognition) -> str:
    """Say which exercise was recognised, how surely, and what to do if it is another.

    Examples
    --------
    >>> recognised_line(Recognition({"bridge": 0.954}))
    'Detected: Bridge (95 %). If it is another exercise, choose it and upload your video again.'
    >>> recognised_line(Recognition({"plank": 0.61, "press_up": 0.28}))
    'This is either Plank (61 %) or Press-up (28 %); reviewed as Plank. If it is Press-up, choose \
that and upload your video again.'
    """
    other = "another exercise, choose it"
    if found.other is not None:
        other = f"{catalogue()[found.other].spec.name}, choose that"
    return f"{recognised(found)} If it is {other} and upload your video again."


def progress_line(progress: Progress) -> str:
    """Say how far a review has come.

    Examples
    --------
    >>> progress_line(Progress(12.0, 0.4, 18.0))
    'Looking at 0:12.0 of your video, about 18 s left'
    """
    doing = "Detecting the exercise" if progress.recognising else "Looking"
    text = f"{doing} at {clock(progress.t)}"
    if progress.left_s is None:
        return f"{text} …"
    return f"{text}, {time_left(progress.left_s)} left"


def time_left(seconds: float) -> str:
    """Return a length of time as exact as a forecast can be.

    Examples
    --------
    >>> time_left(3.2), time_left(48), time_left(250)
    ('a few seconds', 'about 50 s', 'about 4 min')
    """
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"about {math.ceil(seconds / 5) * 5} s"
    return f"about {round(seconds / 60)} min"

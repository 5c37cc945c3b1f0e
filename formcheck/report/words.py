"""Numbers and times in the words that a patient reads; shared by everything that shows a review."""

from __future__ import annotations

import math
from collections.abc import Iterable

from formcheck.engine.events import FaultResult
from formcheck.measures import SIDES
from formcheck.recognise import Recognition
from formcheck.review import Review
from formcheck.spec import Dosage, Severity, Spec, catalogue

NOTICE = (
    "This is exercise feedback, not a diagnosis or treatment."
    " Stop if it hurts, and ask a clinician."
)

SEVERITY: dict[Severity, str] = {
    "major": "important",
    "minor": "minor",
    "info": "good to know",
}

# What is less likely than this is not worth a word beside the exercise that was recognised.
NOT_NOTHING = 0.05

KIND = {
    "repetitions": "repetitions are counted",
    "hold": "the hold is timed",
    "guided": "guided and timed; what you do cannot be seen",
    "avoid": "to be avoided; told when it is seen",
}


def clock(t: float) -> str:
    """Return a time of the recording as minutes and seconds.

    Examples
    --------
    >>> clock(75.25)
    '1:15.2'
    """
    tenths = round(t * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def amount(value: float, unit: str) -> str:
    """Return a measure as it is read: as exact as the tracker is, with its unit.

    Examples
    --------
    >>> amount(148.31, "deg"), amount(0.4567, "trunk"), amount(0.5, "s")
    ('148°', '0.46 trunk lengths', '0.5 s')
    """
    if math.isnan(value):
        return "not known"
    unit, per, _ = unit.partition("/")
    digits, name = {"deg": (0, "°"), "s": (1, " s"), "m": (2, " m")}.get(
        unit, (2, f" {plain(unit)} lengths")
    )
    shown = round(value, digits) + 0.0  # no minus before a zero
    return f"{shown:.{digits}f}{name}{'/s' if per else ''}"


def plain(name: str) -> str:
    """Return a spec's name of a measure or a form error without its underscores.

    Examples
    --------
    >>> plain("lowering_s"), plain("knee_over_hip")
    ('lowering', 'knee over hip')
    """
    return name.removesuffix("_s").replace("_", " ")


def times(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> times(1, "repetition"), times(0, "repetition")
    ('1 repetition', '0 repetitions')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def how_far(fault: FaultResult) -> str:
    """Say how far a form error went beyond its limit.

    Examples
    --------
    >>> how_far(fault)
    'hip 148°, at least 160° wanted'
    """
    worst, limit = amount(fault.worst, fault.unit), amount(fault.limit, fault.unit)
    measure = plain(fault.measure)
    below = fault.worst < fault.limit
    if worst == limit:
        return f"{measure} just {'below' if below else 'above'} {limit}"
    return f"{measure} {worst}, {'at least' if below else 'at most'} {limit} wanted"


def fault_name(spec: Spec, fault_id: str) -> str:
    """Return a form error's name by its id, whether it can be judged or not."""
    names = {rule.id: rule.name for rule in spec.faults}
    names |= {rule.id: rule.name for rule in spec.not_judged}
    names |= {f"holds_{side}": f"Holds on the {side}" for side in SIDES}
    if (short := spec.short_error) is not None:
        names[short.id] = short.name
    return names.get(fault_id, plain(fault_id))


def has_sides(review: Review) -> bool:
    """Whether anything in the review is said of one side of the body."""
    sides = {r.side for r in review.repetitions} | {hold.side for hold in review.holds}
    return bool((sides | {fault.side for fault in review.faults}) - {None})


def repetition_labels(review: Review) -> list[str]:
    """Name each repetition and attempt as one would count them aloud.

    Repetitions are numbered by themselves, and so are attempts; in an exercise with sides each
    side has its own numbers.
    """
    counts: dict[tuple[bool, str | None], int] = {}
    labels = []
    for repetition in review.repetitions:
        key = (repetition.counted, repetition.side)
        counts[key] = counts.get(key, 0) + 1
        side = f"{repetition.side} " if repetition.side else ""
        kind = "repetition" if repetition.counted else "attempt"
        labels.append(f"{side}{kind} {counts[key]}")
    return labels


def result(review: Review) -> str:
    """Return the result in a few words.

    Examples
    --------
    >>> result(review)
    '4 repetitions, 1 attempt'
    """
    if not review.in_position:
        if review.camera.view == "unknown":
            return "no one was detected"
        return _why_not(review)
    parts = []
    unknown = {note.id for note in review.not_judged if note.side is None}
    if review.spec.repetition is not None and not review.repetitions and "repetitions" in unknown:
        parts.append("could not be counted from this angle")
    elif review.spec.repetition is not None:
        counted = times(review.count(), "repetition")
        if review.spec.sides == "each":
            counted += f" ({review.count('left')} left, {review.count('right')} right)"
        parts.append(counted)
        if review.attempts:
            parts.append(times(review.attempts, "attempt"))
    if review.contractions is not None:
        parts.append(f"in the posture for {review.hold_total_s:.1f} s")
    elif review.holds:
        parts.append(f"held for {review.hold_total_s:.1f} s")
    elif review.spec.kind == "hold":
        unseen = any(note.id.startswith("holds") for note in review.not_judged)
        parts.append("could not be timed from this angle" if unseen else "not held yet")
    if parts and review.camera.ok and review.camera.setup not in review.spec.judged_from:
        parts.append("form not judged from this angle")
    return ", ".join(parts) or "done"


POSTURES = {
    "supine": "on your back",
    "prone": "on your front",
    "plank": "propped up on your arms and feet",
    "side_lying": "on your side",
    "quadruped": "on your hands and knees",
    "folded": "kneeling, folded forward",
    "inverted": "on hands and feet, hips up",
    "kneeling": "on your knees",
    "half_kneeling": "on one knee",
    "floor_sitting": "sitting on the floor",
    "seated": "sitting",
    "standing": "standing",
}


def _why_not(review: Review) -> str:
    """Say why somebody in view was never in position, and in which one to be."""
    wanted = f"you were not in position ({review.spec.position.name})"
    if review.instead is None:
        return wanted
    if review.instead in review.spec.gate.postures:
        cue = review.amiss or "Keep your arms and legs where they belong."
        return f"{wanted}; {cue[0].lower()}{cue[1:].rstrip('.')}"
    return f"{wanted}: you seemed to be {POSTURES[review.instead]}"


def against_dosage(review: Review) -> str | None:
    """Say how much was done of what was asked for, else of what the gentlest document asks for.

    Examples
    --------
    >>> against_dosage(review)
    'Document 002 begins with 10 times, held for 5 s. Done: 4 of 10.'
    """
    session = review.session
    if session is None or review.spec.guide is not None:
        return None
    often, held_s = session.often, session.held_s
    asked = f"{often} times" if often > 1 else "once"
    if session.sets > 1:
        asked = f"{session.sets} sets of {asked}"
    asked += f", held for {held_s:g} s" if held_s else ""
    asked += " on each side" if session.dosage.each_side else ""
    what = f" held for {held_s:g} s" if review.spec.kind == "hold" else ""
    sets = [
        ", ".join(f"{side or ''} {number} of {often}".lstrip() for side, number in done.items())
        for done in session.done
        if session.sets == 1 or any(done.values())
    ]
    if session.sets > 1:
        sets = [f"set {i}: {one}" for i, one in enumerate(sets, 1)] or ["nothing yet"]
    beyond = f", and {session.beyond} more" if session.beyond else ""
    if session.held_short:
        beyond += f"; {session.held_short} of them held for less"
    document = session.dosage.document
    begins = f"Document {document} begins with" if document else "You set out to do it"
    return f"{begins} {asked}. Done: {'; '.join(sets)}{what}{beyond}."


def recognised(found: Recognition) -> str:
    """Say which exercise was recognised, how surely, and which it may be instead.

    Examples
    --------
    >>> recognised(Recognition({"bridge": 0.954, "plank": 0.03}))
    'Detected: Bridge (95 %).'
    >>> recognised(Recognition({"bridge": 0.82, "plank": 0.1}))
    'Detected: Bridge (82 %). Next most likely: Plank.'
    >>> recognised(Recognition({"plank": 0.61, "press_up": 0.28}))
    'This is either Plank (61 %) or Press-up (28 %); reviewed as Plank.'
    """
    first, *others = [_with_chance(id, found.chances[id]) for id in found.ranked]
    name = catalogue()[found.ranked[0]].spec.name
    if found.answer == "two":
        return f"This is either {first} or {others[0]}; reviewed as {name}."
    beside = ""
    if others and found.chances[found.ranked[1]] >= NOT_NOTHING:
        beside = f" Next most likely: {catalogue()[found.ranked[1]].spec.name}."
    return f"Detected: {first}.{beside}"


def not_recognised(found: Recognition) -> str:
    """Say that no exercise was recognised, and what comes nearest.

    Examples
    --------
    >>> not_recognised(Recognition())
    'no exercise was detected'
    >>> not_recognised(Recognition({"bridge": 0.31}))
    'no exercise was detected with enough certainty; the closest is Bridge (31 %)'
    """
    if not found.chances:
        return "no exercise was detected"
    closest = _with_chance(found.ranked[0], found.confidence)
    return f"no exercise was detected with enough certainty; the closest is {closest}"


def _with_chance(id: str, chance: float) -> str:
    return f"{catalogue()[id].spec.name} ({100 * chance:.0f} %)"


def guided(review: Review) -> str | None:
    """Say what a guided exercise's time was good for, and that nobody saw it used."""
    guide, number = review.spec.guide, review.contractions
    if guide is None or number is None:
        return None
    room = times(number, "contraction") if number else "not one contraction"
    return (
        f"That is time for {room} of {guide.contract_s:g} s, with {guide.rest_s:g} s of rest"
        " between. A camera cannot see them: only you can say whether you made them."
    )


def camera_place(review: Review) -> str:
    """Say where the camera stood."""
    view = review.camera.view
    where = {
        "oblique": "between the side and an end",
        "behind": "behind you",
        "head end": "at your head",
        "foot end": "at your feet",
        "side": "at your side",
        "front": "in front of you",
    }.get(view.removeprefix("raised "))
    if where is None:
        return "could not be judged"
    return f"{where}, looking down" if view.startswith("raised ") else where


def camera_verdict(review: Review) -> str | None:
    """Say whether the camera stood well; None when the position was never taken."""
    if not review.in_position or review.camera.view == "unknown":
        return None
    if shows_all(review):
        return "good for this exercise"
    if review.camera.ok:
        done = "timed" if review.spec.kind in ("hold", "guided") else "counted"
        return f"you are {done} from there, but your form is not judged"
    return "this exercise cannot be judged from there"


def shows_all(review: Review) -> bool:
    """Whether the camera stood where the exercise is counted and its form is judged."""
    judged_from = review.spec.judged_from
    return review.camera.ok and (not judged_from or review.camera.setup in judged_from)


def by_error(faults: Iterable[FaultResult]) -> list[list[FaultResult]]:
    """Group by form error: the important ones first, else by when they were first seen."""
    groups: dict[str, list[FaultResult]] = {}
    for fault in sorted(faults, key=lambda fault: fault.start_s):
        groups.setdefault(fault.id, []).append(fault)
    order = list(SEVERITY)
    return sorted(groups.values(), key=lambda group: order.index(group[0].severity))


def where(fault: FaultResult, review: Review, labels: list[str]) -> str:
    """Say in which repetition a form error was; empty in a hold, or where none was counted.

    Parameters
    ----------
    fault, review
        One of the review's form errors.
    labels
        The review's `repetition_labels`.
    """
    if fault.repetition is not None:
        return labels[fault.repetition]
    in_hold = any(hold.start_s <= fault.start_s <= hold.end_s for hold in review.holds)
    parts: list[str] = [fault.side] if fault.side else []
    if review.repetitions and not in_hold:
        parts.append("not in a whole repetition")
    return ", ".join(parts)


def dosage(one: Dosage) -> str:
    """Say what a source document prescribes.

    Examples
    --------
    >>> dosage(Dosage(document="001", sets=2, repetitions=(10, 15)))
    'Document 001: 2 sets, 10 to 15 times.'
    """
    parts = []
    if one.sets is not None:
        parts.append(times(one.sets, "set"))
    if one.repetitions is not None:
        parts.append(f"{_range(one.repetitions)} times")
    if one.hold_s is not None:
        parts.append(f"held for {_range(one.hold_s)} s")
    if one.each_side:
        parts.append("each side")
    if one.times_a_day is not None:
        parts.append(f"{_range(one.times_a_day)} times a day")
    if one.note:
        parts.append(one.note)
    return f"Document {one.document}: {', '.join(parts) or 'no dosage given'}."


def _range(ends: tuple[float, float]) -> str:
    low, high = ends
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"

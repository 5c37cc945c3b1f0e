"""How likely it is that an exercise was recognised rightly.

A fit to recordings whose exercise is known, of what the exercise's rules found: which share of the
film its repetitions and holds explain, how plain its posture was, whether another exercise explains
the same time as well, whether one of the same position cannot be seen from this camera, and whether
this answer was wrong before. `recognition.json` has its numbers, `python -m benchmarks.recognition
--fit` makes them, and docs/engine.md says how well they hold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Span = tuple[float, float]  # from when to when, seconds
Spans = Sequence[Span]

# The middle of what is usual: shares and postures are weighed by how far they are from it.
USUAL_SHARE, USUAL_POSTURE = 0.4, 0.95
LEAST_SHARE = 0.02
# Nothing is surer than what some hundred recordings can show.
SUREST = 0.98
FEATURES = ("always", "share", "posture", "close", "unseen", "mistaken")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an exercise, and against it.

    Attributes
    ----------
    exercise
        Its id.
    seconds
        How long its repetitions and holds were, weighed by how well they fit.
    share
        The same as a share of the time in which somebody was seen.
    posture
        How likely the exercise's posture was meanwhile, 0 to 1, on average.
    spans
        When its repetitions and holds were.
    unseen
        Other exercises of this position that the camera does not show: it may as well be them.
    close
        Other exercises that explain the same time about as well; known of the likeliest one only.
    """

    exercise: str
    seconds: float
    share: float
    posture: float
    spans: Spans = ()
    unseen: tuple[str, ...] = ()
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """The numbers of the fit.

    Attributes
    ----------
    weights
        Per feature, by how much it changes the log odds.
    mistaken
        Per answer that was wrong more than once, what it was really, the commonest first; an
        empty list where it was none.
    second
        When the likeliest exercise is wrong, how often it is the one named beside it, by why that
        is named: `close`, `mistaken`, or only `seen`.
    """

    weights: Mapping[str, float]
    mistaken: Mapping[str, Sequence[str]]
    second: Mapping[str, float]


@cache
def fit() -> Fit:
    """Return the fit that comes with the package."""
    found = json.loads((files("formcheck") / "recognition.json").read_text(encoding="utf-8"))
    return Fit(found["weights"], found["mistaken"], found["second"])


def features(one: Evidence, mistaken: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return what the likeliest exercise's confidence is made of."""
    return {
        "always": 1.0,
        "share": math.log(min(1.0, max(one.share, LEAST_SHARE)) / USUAL_SHARE),
        "posture": one.posture - USUAL_POSTURE,
        "close": float(bool(one.close)),
        "unseen": float(bool(one.unseen)),
        "mistaken": float(one.exercise in mistaken),
    }


def confidence(one: Evidence, by: Fit) -> float:
    """Return how likely it is that the likeliest exercise is the right one, 0 to 1."""
    odds = sum(by.weights[name] * x for name, x in features(one, by.mistaken).items())
    return SUREST / (1.0 + math.exp(-odds))


def beside(found: Sequence[Evidence], by: Fit) -> tuple[str | None, str]:
    """Return which exercise it may be else, and why: `close`, `mistaken` or `seen`."""
    first, *others = found
    if first.close:
        return first.close[0], "close"
    mistaken = by.mistaken.get(first.exercise)
    if mistaken:
        return mistaken[0], "mistaken"
    return (others[0].exercise if others else None), "seen"


def chances(found: Sequence[Evidence], by: Fit | None = None) -> dict[str, float]:
    """Return how likely the likeliest exercise is, and the one beside it, the likelier first.

    Parameters
    ----------
    found
        What speaks for each exercise, the likeliest first.
    by
        The fit; the package's own if None.
    """
    if not found:
        return {}
    by = fit() if by is None else by
    first = confidence(found[0], by)
    other, why = beside(found, by)
    if other is None:
        return {found[0].exercise: first}
    return {found[0].exercise: first, other: min(first, (1.0 - first) * by.second[why])}

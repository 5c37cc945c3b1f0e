"""Find out which way up a film is, from what it shows once it is turned.

Some recorders forget to say how the phone was held, and the film lies on its side or stands on its
head. The landmarks of a turned picture are those of the upright one, turned (to within the
tracker's error), so nothing has to be tracked again: an exercise that nobody does in the film as it
is, but that is counted or timed in it when it is turned, was filmed that way, unless

- the floor would move: whatever somebody does, the lowest point of the body rests on the floor, so
  of all four directions it moves least towards that one (in 70 clips of real people by 1.5 % of the
  body's length, median, and upwards by 8 %);
- the film as it is shows another exercise: a dead bug, upside down, is a bird dog;
- the film as it is shows a posture more surely: bodies are as they are held up by the floor. Of
  70 real clips 46 show it most surely the right way up, those of lying on the back by far.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from formcheck.body import INDEX, OUTLINE, PoseFrame, Recording, X, Y
from formcheck.engine.core import Engine
from formcheck.engine.sight import Sight
from formcheck.recognise import Recognition, from_engines, recognise, together
from formcheck.spec import LoadedSpec, Spec, catalogue

# Less than this out of position, or in position when turned, is no reason to look or to turn.
LEAST_S = 3.0
# A time in position counts as seen upright when this share of it is in position upright, too.
SHARED = 0.2
# The floor that a turned film would have may move by so many times as much as the one that it has,
# and by so much more (shares of the body's length): within that both may be it. The ends of a body
# that lies hardly move either, so beside a film on its side the slack is wider.
FLOOR_MOVES, FLOOR_SLACK = 1.5, {1: 0.06, 2: 0.02, 3: 0.06}
# What is so many times as much is no chance.
BY_FAR = 2.0
# Nor is so much more of one exercise than of another: of two bridges, filmed on their side, one is
# counted as a clamshell, for half their time (1.9).
MUCH_MORE = 1.75
# When the film is turned from some time on, at a change of its shape this near, seconds.
NEAR_S = 2.0

_OUTLINE = [INDEX[name] for name in OUTLINE]
_SAID = {1: "on its side", 2: "upside down", 3: "on its side"}

MAYBE = (
    "more would be counted or timed if the video were turned: if it is on its side or upside down,"
    " turn it and review it again"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """From a time on, the film is turned counter-clockwise by so many quarter turns."""

    since_s: float
    quarters: int


class Floor(IntEnum):
    """What would be the floor of a film when it is turned, beside the floor that it has."""

    MOVES = 0
    RESTS = 1
    RESTS_BETTER = 2


@dataclass(frozen=True, slots=True)
class _Span:
    start_s: float
    end_s: float
    quarters: int
    floor: Floor = Floor.RESTS

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s

    def shares_s(self, other: _Span) -> float:
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


def pieces(recording: Recording, upright: Engine) -> tuple[list[Piece], bool]:
    """Return how a film has to be turned, from when to when.

    Parameters
    ----------
    recording
        The film's landmarks, as it is.
    upright
        The engine that has judged it as it is, to the end.

    Returns
    -------
    list of Piece, bool
        None when the film is upright; and whether it is sure.

    Notes
    -----
    A posture alone is no reason: turned, somebody who stands lies. Only a time in which there was
    a repetition or a hold is, and only where the film as it is shows nothing of the exercise.
    """
    spec = upright.spec
    done, idle, held = _spans(upright, 0)
    done += held
    if not len(recording) or _longest_gap_s(done, recording) < LEAST_S:
        return [], True
    turned: list[_Span] = []
    maybe: list[_Span] = []
    seconds = 0.0
    for quarters in (2, 1, 3):
        engine = Engine(spec)
        watch = together((frame.turned(quarters) for frame in recording), [engine])
        found = []
        counted, _, held = _spans(engine, quarters)
        for span in counted + held:
            floor = _floor_rests(recording, span)
            # A body that is still may be held in any posture, whichever way up it is seen.
            doubtful = _shared(span, idle) or span in held
            least = Floor.RESTS_BETTER if doubtful else Floor.RESTS
            if span.length_s < LEAST_S or _shared(span, done) or floor == Floor.MOVES:
                continue
            if floor >= least:
                found.append(replace(span, floor=floor))
            elif not _shared(span, idle):
                maybe.append(span)
        if found:
            seconds = max(seconds, from_engines([engine], watch).seconds.get(spec.id, 0.0))
        turned += found
    kept: list[_Span] = []
    for span in sorted(turned, key=lambda span: (-span.floor, -span.length_s)):
        if not _shared(span, kept):
            kept.append(span)
    if not kept:
        return [Piece(span.start_s, span.quarters) for span in maybe[:1]], False
    sure = spec.guide is None and (
        all(span.floor == Floor.RESTS_BETTER for span in kept)
        or not _shows_another(recording, spec, seconds)
    )
    sure = sure and all(_posture_is_surer(recording, span) for span in kept)
    kept_upright = [span for span in done + idle if not _shared(span, kept)]
    return _joined(kept_upright, kept, recording), sure


def _shows_another(recording: Recording, spec: Spec, seconds: float) -> bool:
    """Whether the film as it is shows another exercise, and not only by chance for a moment."""
    found = recognise(recording, catalogue().values())
    if found.exercise is None or found.exercise == spec.id:
        return False
    # A hold is a posture only, and several exercises share one.
    return spec.kind == "hold" or seconds < MUCH_MORE * found.seconds[found.exercise]


def _posture_is_surer(recording: Recording, span: _Span) -> bool:
    """Whether the posture is at least as plain in the turned film as in the film as it is."""
    during = [frame for frame in recording if span.start_s <= frame.t <= span.end_s]
    return _plain(f.turned(span.quarters) for f in during) >= _plain(during)


def _plain(frames: Iterable[PoseFrame]) -> float:
    """Return how likely the likeliest posture is, on average; 0 where nobody is seen."""
    sight = Sight()
    seen = [sighting.seen for sighting in map(sight, frames) if sighting.seen is not None]
    likeliest = [max(one.postures.values()) for one in seen if one.postures]
    return sum(likeliest) / len(likeliest) if likeliest else 0.0


def turn(frames: Iterable[PoseFrame], turned: list[Piece]) -> Iterator[PoseFrame]:
    """Turn frames, in the order of their times, as the pieces say."""
    for frame in frames:
        yield frame.turned(quarters_at(frame.t, turned))


def quarters_at(t: float, turned: list[Piece]) -> int:
    """Return by how many quarter turns the frame at a time is to be turned."""
    return next((piece.quarters for piece in reversed(turned) if piece.since_s <= t), 0)


def said(turned: list[Piece]) -> str:
    """Say how the film was turned, for the person.

    Examples
    --------
    >>> said([Piece(0.0, 2)])
    'the video is upside down: it was turned for this review'
    >>> said([Piece(0.0, 0), Piece(4.6, 1)])
    'the video is on its side from 4.6 s on: it was turned for this review'
    """
    if len(turned) == 1:
        return f"the video is {_SAID[turned[0].quarters]}: it was turned for this review"
    parts = []
    for piece, after in zip(turned, [*turned[1:], None], strict=True):
        if piece.quarters:
            until = f"until {after.since_s:.1f} s" if after is not None else "on"
            parts.append(f"{_SAID[piece.quarters]} from {piece.since_s:.1f} s {until}")
    return f"the video is {' and '.join(parts)}: it was turned for this review"


def recognise_any_way_up(recording: Recording, specs: Iterable[LoadedSpec]) -> Recognition:
    """Recognise the exercise in a film; where it shows none as it is, in the film turned.

    But only in a film that a review of that exercise would turn, too: turned, a straight body that
    leans on a wall is in a plank.
    """
    specs = list(specs)
    found = recognise(recording, specs)
    if found.exercise is not None:
        return found
    others = [
        recognise((frame.turned(quarters) for frame in recording), specs) for quarters in (2, 1, 3)
    ]
    surest = max(others, key=lambda one: max(one.seconds.values(), default=0.0))
    spec = next((one.spec for one in specs if one.spec.id == surest.exercise), None)
    if spec is None:
        return found
    upright = Engine(spec)
    together(recording, [upright])
    turned, sure = pieces(recording, upright)
    return surest if turned and sure else found


def _spans(engine: Engine, quarters: int) -> tuple[list[_Span], list[_Span], list[_Span]]:
    """Return the times in position in which something counted, those in which nothing did.

    Last come those in which an exercise of repetitions was only held.
    """
    moments = [r.peak_s for r in engine.repetitions if r.counted]
    holds = [hold.start_s for hold in engine.holds if hold.held_s >= LEAST_S]
    if engine.spec.kind != "repetitions":
        moments, holds = moments + holds, []
    done: list[_Span] = []
    idle: list[_Span] = []
    held: list[_Span] = []
    for start, end in engine.in_position:
        some = any(start <= t <= end for t in moments)
        only_held = any(start <= t <= end for t in holds)
        (done if some else held if only_held else idle).append(_Span(start, end, quarters))
    return done, idle, held


def _shared(span: _Span, others: list[_Span]) -> bool:
    return sum(map(span.shares_s, others)) > SHARED * span.length_s


def _floor_rests(recording: Recording, span: _Span) -> Floor:
    """Compare how the floor of the turned film moves with that of the film as it is."""
    during = (recording.t >= span.start_s) & (recording.t <= span.end_s)
    places = recording.image[during][:, _OUTLINE, :2].astype(np.float64)
    places = places[np.isfinite(places).all(axis=(1, 2))]
    if not len(places):
        return Floor.MOVES
    width, height = recording.shape_at(int(np.argmax(during)))
    x, y = places[..., X] * width / height, places[..., Y]
    # What of the body is lowest when the film is turned counter-clockwise 0, 1, 2 and 3 times.
    lowest = y.max(axis=1), -x.min(axis=1), -y.min(axis=1), x.max(axis=1)
    as_it_is, turned = (
        float(np.ptp(np.percentile(lowest[i], (5, 95)))) for i in (0, span.quarters)
    )
    length = float(np.median(np.hypot(np.ptp(x, axis=1), np.ptp(y, axis=1))))
    if as_it_is > BY_FAR * turned + FLOOR_SLACK[2] * length:
        return Floor.RESTS_BETTER
    rests = turned <= FLOOR_MOVES * as_it_is + FLOOR_SLACK[span.quarters] * length
    return Floor.RESTS if rests else Floor.MOVES


def _longest_gap_s(spans: list[_Span], recording: Recording) -> float:
    edges = [float(recording.t[0])]
    for span in spans:
        edges += [span.start_s, span.end_s]
    edges.append(float(recording.t[-1]))
    return max(b - a for a, b in zip(edges[::2], edges[1::2], strict=True))


def _joined(upright: list[_Span], kept: list[_Span], recording: Recording) -> list[Piece]:
    """Return the pieces between which the film is turned another way."""
    changes = _changes_of_shape(recording)
    result: list[Piece] = []
    until = float(recording.t[0])
    for span in sorted(upright + kept, key=lambda span: span.start_s):
        if not result:
            result.append(Piece(until, span.quarters))
        elif span.quarters != result[-1].quarters:
            near = [t for t in changes if until - NEAR_S <= t <= span.start_s]
            result.append(Piece(near[-1] if near else min(until, span.start_s), span.quarters))
        until = max(until, span.end_s)
    return result


def _changes_of_shape(recording: Recording) -> list[float]:
    if recording.sizes is None:
        return []
    changed = (recording.sizes[1:] != recording.sizes[:-1]).any(axis=1)
    return [float(t) for t in recording.t[1:][changed]]

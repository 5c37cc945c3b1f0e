"""A review as JSON: the contract "formcheck.review/1", described in docs/review.md."""

from __future__ import annotations

import json
import math
from typing import Any

from formcheck.engine.events import FaultResult, HoldResult, RepetitionResult
from formcheck.recognise import Recognition
from formcheck.review import Review
from formcheck.spec import catalogue

SCHEMA = "formcheck.review/1"


def review_as_dict(review: Review, recognition: Recognition | None = None) -> dict[str, Any]:
    """Return the review as plain values, in the contract's order.

    `recognition` is None where the exercise was named.
    """
    sides = review.spec.sides == "each"
    units = review.spec.units()
    source, engine = review.source, review.engine
    return {
        "schema": SCHEMA,
        "exercise": review.spec.id,
        "exercise_name": review.spec.name,
        "recognition": _recognition(recognition),
        "source": {
            "path": source.path,
            "sha256": source.sha256,
            "kind": source.kind,
            "duration_s": rounded(source.duration_s),
            "frames": source.frames,
            "width": source.width,
            "height": source.height,
            "rotation_deg": source.rotation_deg,
            "fps": rounded(source.fps),
        },
        "engine": {
            "version": engine.version,
            "spec_sha256": engine.spec_sha256,
            "model": engine.model,
        },
        "reps": {
            "total": review.count(),
            "left": review.count("left") if sides else None,
            "right": review.count("right") if sides else None,
            "attempts": review.attempts,
        },
        "repetitions": [_repetition(r, review, units) for r in review.repetitions],
        "holds": [_hold(hold) for hold in review.holds],
        "hold_total_s": rounded(review.hold_total_s),
        "hold_best_s": rounded(review.hold_best_s),
        "guided": _guided(review),
        "dosage": _dosage(review),
        "faults": [_fault(fault) for fault in review.faults],
        "not_judged": [
            {"id": item.id, "side": item.side, "reason": item.reason} for item in review.not_judged
        ],
        "camera": {
            "view": review.camera.view,
            "setup": review.camera.setup,
            "ok": review.camera.ok,
            "advice": list(review.camera.advice),
        },
        "people": {"in_view": review.people.count, "followed": review.people.followed},
        "seen_fraction": rounded(review.seen_fraction),
        "in_position": [[rounded(start), rounded(end)] for start, end in review.in_position],
        "units": units,
        "warnings": list(review.warnings),
    }


def review_as_json(review: Review, recognition: Recognition | None = None) -> str:
    """Return the review as JSON text; the same review gives the same text."""
    value = review_as_dict(review, recognition)
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode() + "\n"  # a file's name need not be UTF-8


def _recognition(found: Recognition | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "answer": found.answer,
        "exercises": [
            {
                "exercise": id,
                "exercise_name": catalogue()[id].spec.name,
                "confidence": rounded(chance),
            }
            for id, chance in found.chances.items()
        ],
    }


def _repetition(
    repetition: RepetitionResult, review: Review, units: dict[str, str]
) -> dict[str, Any]:
    rules = review.spec.repetition
    return {
        "index": repetition.index,
        "side": repetition.side,
        "counted": repetition.counted,
        "reason": repetition.reason,
        "start_s": rounded(repetition.start_s),
        "peak_s": rounded(repetition.peak_s),
        "end_s": rounded(repetition.end_s),
        "rising_s": rounded(repetition.rising_s),
        "hold_s": rounded(repetition.hold_s),
        "lowering_s": rounded(repetition.lowering_s),
        "range": measured(repetition.range, units[rules.measure]) if rules else None,
        "peak": {name: measured(value, units[name]) for name, value in repetition.peak.items()},
        "faults": list(repetition.faults),
    }


def _hold(hold: HoldResult) -> dict[str, Any]:
    return {
        "side": hold.side,
        "start_s": rounded(hold.start_s),
        "end_s": rounded(hold.end_s),
        "held_s": rounded(hold.held_s),
        "ended_by": hold.ended_by,
    }


def _guided(review: Review) -> dict[str, Any] | None:
    guide = review.spec.guide
    if guide is None:
        return None
    return {
        "contract_s": rounded(guide.contract_s),
        "rest_s": rounded(guide.rest_s),
        "time_for": review.contractions,
        "self_reported": True,
    }


def _dosage(review: Review) -> dict[str, Any] | None:
    session = review.session
    if session is None:
        return None
    dosage = session.dosage
    return {
        "document": dosage.document or None,
        "sets": session.sets,
        "often": session.often,
        "hold_s": rounded(session.held_s),
        "each_side": dosage.each_side,
        "times_a_day": list(dosage.times_a_day) if dosage.times_a_day else None,
        "done": [{side or "total": number for side, number in one.items()} for one in session.done],
        "beyond": session.beyond,
        "held_short": session.held_short,
        "complete": session.next is None,
    }


def _fault(fault: FaultResult) -> dict[str, Any]:
    return {
        "id": fault.id,
        "name": fault.name,
        "severity": fault.severity,
        "message": fault.message,
        "side": fault.side,
        "start_s": rounded(fault.start_s),
        "end_s": rounded(fault.end_s),
        "repetition": fault.repetition,
        "worst": measured(fault.worst, fault.unit),
        "limit": measured(fault.limit, fault.unit),
        "wanted": "at_least" if fault.worst < fault.limit else "at_most",
        "unit": fault.unit,
    }


def rounded(value: float | None) -> float | None:
    """Return a number of three decimals, or None when it is not known."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), 3) + 0.0  # no minus before a zero


def measured(value: float, unit: str) -> float | None:
    """Return a measure as exact as makes sense: tenths of a degree, else three decimals."""
    if not math.isfinite(value):
        return None
    return round(float(value), 1 if unit.startswith("deg") else 3) + 0.0

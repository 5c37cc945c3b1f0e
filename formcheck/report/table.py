"""A review as a table (CSV): one row for each repetition, attempt and hold."""

from __future__ import annotations

import csv
import io

from formcheck.report.as_json import measured, rounded
from formcheck.review import Review

_COLUMNS = (
    "kind",
    "index",
    "side",
    "reason",
    "start_s",
    "peak_s",
    "end_s",
    "rising_s",
    "hold_s",
    "lowering_s",
    "ended_by",
    "faults",
)


def review_as_csv(review: Review) -> str:
    """Return the rows in the order of their start times, under a header.

    `kind` is repetition, attempt or hold. What a row does not have, or what was not seen, is
    empty. After the columns that are the same for all exercises come the exercise's own measures
    at the peak, each with its unit.
    """
    units = review.spec.units()
    peaks = {name: f"peak_{name}_{unit.replace('/', '_per_')}" for name, unit in units.items()}
    rows: list[dict[str, object]] = []
    for repetition in review.repetitions:
        row: dict[str, object] = {
            "kind": "repetition" if repetition.counted else "attempt",
            "index": repetition.index,
            "side": repetition.side,
            "reason": repetition.reason,
            "start_s": rounded(repetition.start_s),
            "peak_s": rounded(repetition.peak_s),
            "end_s": rounded(repetition.end_s),
            "rising_s": rounded(repetition.rising_s),
            "hold_s": rounded(repetition.hold_s),
            "lowering_s": rounded(repetition.lowering_s),
            "faults": " ".join(repetition.faults),
        }
        for name, value in repetition.peak.items():
            row[peaks[name]] = measured(value, units[name])
        rows.append(row)
    for index, hold in enumerate(review.holds):
        rows.append(
            {
                "kind": "hold",
                "index": index,
                "side": hold.side,
                "start_s": rounded(hold.start_s),
                "end_s": rounded(hold.end_s),
                "hold_s": rounded(hold.held_s),
                "ended_by": hold.ended_by,
            }
        )
    rows.sort(key=lambda row: float(str(row["start_s"])))
    text = io.StringIO()
    writer = csv.DictWriter(text, (*_COLUMNS, *peaks.values()), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()

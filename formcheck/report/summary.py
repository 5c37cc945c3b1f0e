"""A review in words, for the terminal."""

from __future__ import annotations

from pathlib import PurePath

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from formcheck.engine.events import FaultResult, HoldResult
from formcheck.report.words import (
    NOTICE,
    SEVERITY,
    against_dosage,
    amount,
    by_error,
    camera_place,
    camera_verdict,
    clock,
    fault_name,
    guided,
    has_sides,
    how_far,
    plain,
    repetition_labels,
    result,
    times,
    where,
)
from formcheck.review import Review

_INDENT = (0, 0, 0, 2)


def review_summary(review: Review) -> RenderableType:
    """Return the review as something that rich can print at any width.

    Colours only repeat what the words say.
    """
    parts: list[RenderableType] = [_title(review), _facts(review)]
    for heading, body in (
        ("Repetitions", _repetitions(review)),
        ("Attempts that were not counted", _attempts(review)),
        ("Holds", _holds(review)),
        ("What to work on", _faults(review)),
        ("Not judged", _not_judged(review)),
        ("Please note", [Text(warning) for warning in review.warnings]),
    ):
        if body:
            parts += ["", Text(heading, style="bold"), *(Padding(part, _INDENT) for part in body)]
    parts += ["", Text(NOTICE, style="italic")]
    return Group(*parts)


def _title(review: Review) -> Text:
    return Text.assemble((f"{review.spec.name}: {result(review)}", "bold"))


def _facts(review: Review) -> Table:
    """Lay out what was reviewed and how well it was seen."""
    source = review.source
    facts = _grid()
    file = [PurePath(source.path).name]
    if source.duration_s is not None:
        long = source.duration_s >= 60
        file.append(f"{clock(source.duration_s)} min" if long else amount(source.duration_s, "s"))
    file += [f"{source.width} x {source.height}", times(source.frames, "picture")]
    facts.add_row("File" if source.kind == "video" else "Recording", Text(", ".join(file)))
    facts.add_row("Camera", _camera(review))
    for advice in review.camera.advice:
        facts.add_row("", Text(advice))
    if review.in_position:
        spans = [f"{clock(start)} to {clock(end)}" for start, end in review.in_position]
        facts.add_row("In position", Text(", ".join(spans)))
        facts.add_row("Seen", Text(f"clearly for {review.seen_fraction:.0%} of that time"))
        dosed = against_dosage(review)
        if dosed is not None:
            facts.add_row("Dosage", Text(dosed))
        if has_sides(review):
            facts.add_row("Sides", Text("your own; if they are swapped, add --mirrored"))
    return facts


def _camera(review: Review) -> Text:
    place, verdict = camera_place(review), camera_verdict(review)
    if verdict is None:
        return Text(place)
    return Text.assemble(place, ": ", (verdict, "green" if review.camera.ok else "yellow"))


def _repetitions(review: Review) -> list[RenderableType]:
    counted = [
        (label, repetition)
        for label, repetition in zip(repetition_labels(review), review.repetitions, strict=True)
        if repetition.counted
    ]
    if not counted:
        return []
    shown = review.spec.show
    unit = review.spec.units()[shown]
    table = _grid("", "peak at", "up", "at the top", "down", plain(shown))
    table.padding = (0, 1, 0, 0)
    for column in table.columns[1:]:
        column.justify, column.min_width = "right", 6
    for label, repetition in counted:
        table.add_row(
            label.replace("repetition ", ""),
            clock(repetition.peak_s),
            amount(repetition.rising_s, "s"),
            amount(repetition.hold_s, "s"),
            amount(repetition.lowering_s, "s"),
            amount(repetition.peak[shown], unit),
        )
    return [table]


def _attempts(review: Review) -> list[RenderableType]:
    table = _grid()
    for label, repetition in zip(repetition_labels(review), review.repetitions, strict=True):
        if not repetition.counted:
            table.add_row(clock(repetition.peak_s), label, Text(repetition.reason or ""))
    return [table] if table.rows else []


def _holds(review: Review) -> list[RenderableType]:
    if not review.holds:
        if review.spec.kind in ("hold", "guided") and review.in_position:
            return [Text("None was long enough to count.")]
        return []
    total = f"Longest {review.hold_best_s:.1f} s, total {review.hold_total_s:.1f} s."
    table = _grid()
    for hold in review.holds:
        table.add_row(
            f"{clock(hold.start_s)} to {clock(hold.end_s)}",
            amount(hold.held_s, "s"),
            Text(_side(hold) + hold.ended_by),
        )
    said = guided(review)
    return [Text(total), *([Text(said)] if said else []), table]


def _faults(review: Review) -> list[RenderableType]:
    if not review.faults:
        unjudged = {item.id for item in review.not_judged}
        if review.in_position and any(rule.id not in unjudged for rule in review.spec.faults):
            but = " among those that could be judged" if unjudged else ""
            return [Text(f"No form error was seen{but}.", style="green")]
        return []
    labels = repetition_labels(review)
    parts: list[RenderableType] = []
    for faults in by_error(review.faults):
        first = faults[0]
        name = first.name.rstrip(".")
        often = f", {len(faults)} times" if len(faults) > 1 else ""
        style = "yellow" if first.severity != "info" else ""
        parts.append(Text.assemble((name, style), f" ({SEVERITY[first.severity]}{often})"))
        parts.append(Padding(Text(first.message), _INDENT))
        table = _grid()
        for fault in faults:
            table.add_row(clock(fault.start_s), where(fault, review, labels), how_far(fault))
        parts.append(Padding(table, _INDENT))
    return parts


def _not_judged(review: Review) -> list[RenderableType]:
    if not review.in_position:
        return [Text("Nothing could be judged.")]
    reasons: dict[str, list[str]] = {}
    for item in review.not_judged:
        name = fault_name(review.spec, item.id).rstrip(".")
        reasons.setdefault(item.reason, []).append(name)
    parts: list[RenderableType] = []
    for reason, names in reasons.items():
        parts += [Text("; ".join(names)), Padding(Text(reason), _INDENT)]
    return parts


def _side(result: HoldResult | FaultResult) -> str:
    return f"{result.side}: " if result.side else ""


def _grid(*headers: str) -> Table:
    return Table(*headers, box=None, show_header=bool(headers), padding=(0, 2, 0, 0))

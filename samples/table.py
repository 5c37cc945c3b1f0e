"""The table of exercises in README.md, from the registry."""

from __future__ import annotations

from pathlib import Path

from samples.exercises import EXERCISES, Exercise

BEGIN, END = "<!-- exercises -->", "<!-- /exercises -->"


def table() -> str:
    """Return a Markdown table of the exercises, their faults with usual sizes, and cameras."""
    lines = ["| exercise | cameras, the judging one first | faults with their usual size | |",
             "|---|---|---|---|"]  # fmt: skip
    lines += [_row(name, exercise) for name, exercise in EXERCISES.items()]
    return "\n".join(lines)


def _row(name: str, exercise: Exercise) -> str:
    elsewhere = exercise.fault_cameras or {}
    faults = []
    for fault, (size, unit) in exercise.faults.items():
        amount = f" {size:g} {_SHORT.get(unit, unit)}" if unit and size else ""
        seen_by = f" ({elsewhere[fault]})" if fault in elsewhere else ""
        faults.append(f"{fault}{amount}{seen_by}")
    return f"| {name} | {', '.join(exercise.cameras)} | {' · '.join(faults)} | {exercise.note} |"


_SHORT = {"degrees": "°", "metres": "m", "seconds": "s"}


def update_table(readme: Path) -> None:
    """Write the table between its marks."""
    text = readme.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    readme.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")

"""The map of views as a polar plot (SVG) and as a table, for the page of exercises.

`formcheck.report.view_plot` draws it. Beyond what the app shows, it says here where the app is
wrong without saying so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.view_map import BLOCKED, View, rows_at, state
from formcheck.report.view_plot import Sign, Wedge, draw
from formcheck.spec import Spec
from formcheck.view_map import AROUND, AZIMUTHS, CAMERA, LETTERS, State

WORDS: dict[State, str] = {
    "judged": "counted, and form judged",
    "counted": "counted",
    "neither": "neither",
    "unmeasured": "not measured",
}
TIMED: dict[State, str] = {"judged": "timed, and form judged", "counted": "timed"}
SIGNS: Mapping[State, str] = {**LETTERS, "unmeasured": ""}
WRONG = "x"  # neither, and the app does not say so
ALARM = "!"
# What the signs of the table mean.
KEY = (
    f"J: counted (or timed), and form judged; C: counted; -: neither; {WRONG}: neither, though the"
    f" app claims to be right; {ALARM}: a form error is wrongly reported; ·: not measured."
)
NOTES = (
    (WRONG, "neither, though the app claims to be right"),
    (ALARM, "a form error is wrongly reported"),
    ("", "Rings from the outside: camera on the floor,"),
    ("", "on a table, held by somebody standing"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One camera position, and what it came to.

    `wrong` is whether the app claims to count from there, and is wrong; `alarms` are the ids of
    form errors reported although there were none.
    """

    height: str
    azimuth: int
    state: State
    wrong: bool
    alarms: tuple[str, ...]

    @property
    def sign(self) -> str:
        """What stands in the wedge."""
        letter = WRONG if self.wrong else SIGNS[self.state]
        return letter + (ALARM if self.alarms else "")


def cells(spec: Spec, entry: Mapping[str, Any]) -> Iterator[Cell]:
    """Yield the camera positions where a camera can stand, height by height."""
    for height in CAMERA:
        for azimuth in AZIMUTHS:
            if azimuth in BLOCKED.get(spec.id, ()):
                continue
            rows = rows_at(entry, height, azimuth)
            yield Cell(
                height,
                azimuth,
                state(rows),
                any(row["claimed"] and not row["counted"] for row in rows),
                tuple(sorted({id for row in rows for id in row["false_alarms"]})),
            )


def words(spec: Spec) -> dict[State, str]:
    """Return what each state is called for an exercise: a hold is timed, not counted."""
    return WORDS | (TIMED if spec.kind in ("hold", "guided") else {})


def summary(spec: Spec, entry: Mapping[str, Any]) -> str:
    """Return the map in a sentence: the plot's text alternative."""
    every = list(cells(spec, entry))
    measured = [cell for cell in every if cell.state != "unmeasured"]
    parts = [
        f"{name} from {sum(cell.state == one for cell in measured)}"
        for one, name in words(spec).items()
        if one != "unmeasured"
    ]
    alarmed = sum(bool(cell.alarms) for cell in measured)
    return (
        f"Of {len(every)} camera positions {len(measured)} are measured: {', '.join(parts)};"
        f" a form error was wrongly reported from {alarmed}."
    )


def svg(spec: Spec, entry: Mapping[str, Any]) -> str:
    """Return the polar plot."""
    around = AROUND[entry["facing"]]
    named = words(spec)
    return draw(
        entry["facing"],
        [
            Wedge(cell.height, cell.azimuth, cell.state, cell.sign, _said(cell, named, around))
            for cell in cells(spec, entry)
        ],
        [Sign(one, SIGNS[one], name) for one, name in named.items()],
        NOTES,
        title=f"{spec.name}: from where it is right",
        said=summary(spec, entry),
    )


def _said(cell: Cell, named: Mapping[State, str], around: tuple[str, ...]) -> str:
    what = named[cell.state] + (", though the app claims to be right" if cell.wrong else "")
    what += f"; wrongly reported: {', '.join(cell.alarms)}" if cell.alarms else ""
    return f"{direction(cell.azimuth, around)}, {CAMERA[cell.height]}: {what}"


def direction(azimuth: int, around: tuple[str, ...]) -> str:
    """Return a direction in words, such as 90° (left side)."""
    return f"{azimuth}°" + (f" ({around[azimuth // 90]})" if azimuth % 90 == 0 else "")


def table(spec: Spec, entry: Mapping[str, Any]) -> str:
    """Return the map as a Markdown table, for those who cannot see the plot."""
    around = AROUND[entry["facing"]]
    found = {(cell.height, cell.azimuth): cell for cell in cells(spec, entry)}
    lines = [
        f"| camera | {' | '.join(direction(a, around) for a in AZIMUTHS)} |",
        "|---" * (len(AZIMUTHS) + 1) + "|",
    ]
    for height in CAMERA:
        row = [found.get((height, a)) for a in AZIMUTHS]
        signs = ["wall" if cell is None else cell.sign or "·" for cell in row]
        lines.append(f"| {CAMERA[height]} | {' | '.join(signs)} |")
    return "\n".join(lines)


def alarms(spec: Spec, entry: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the form errors wrongly reported, by id, and from where."""
    around = AROUND[entry["facing"]]
    found: dict[str, list[str]] = {}
    for cell in cells(spec, entry):
        for id in cell.alarms:
            where = f"{direction(cell.azimuth, around)} {CAMERA[cell.height]}"
            found.setdefault(id, []).append(where)
    return found


def shown_error(entry: Mapping[str, Any], *, form: bool) -> float | None:
    """Return the mean size of the shown angle's error from where form is judged, or is not."""
    errors = [
        row["angle"]["mae"]
        for row in entry["views"].values()
        if "angle" in row and row["counted"] and row["form"] is form
    ]
    return sum(errors) / len(errors) if errors else None


def hold_error(entry: Mapping[str, Any]) -> float | None:
    """Return the mean size of the error of hold times, seconds, from where they are right."""
    errors = [
        abs(row["hold_s"][0] - row["hold_s"][1])
        for row in entry["views"].values()
        if "hold_s" in row and row["counted"]
    ]
    return sum(errors) / len(errors) if errors else None


def borderline_bodies(entry: Mapping[str, Any]) -> list[int]:
    """Return the bodies whose movement is so near to what counts that either count is right."""
    views = entry["views"].items()
    return sorted({View.of("", key).body for key, row in views if row.get("borderline")})

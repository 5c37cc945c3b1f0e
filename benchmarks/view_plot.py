"""The map of views as a polar plot (SVG) and as a table, for the page of exercises.

Seen from above, the person in the middle. The outer ring is a camera on the floor, the inner one a
camera held by somebody who stands: the higher it is, the steeper it looks down.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from benchmarks.view_map import AZIMUTHS, BLOCKED, HEIGHTS, View, rows_at, state
from formcheck.spec import Spec

WORDS = {
    "judged": "counted, and form judged",
    "counted": "counted",
    "neither": "neither",
    "unmeasured": "not measured",
}
TIMED = {"judged": "timed, and form judged", "counted": "timed"}
LETTERS = {"judged": "J", "counted": "C", "neither": "-", "unmeasured": ""}
WRONG = "x"  # neither, and the app does not say so
ALARM = "!"
# What the signs of the table mean.
KEY = (
    f"J: counted (or timed), and form judged; C: counted; -: neither; {WRONG}: neither, though the"
    f" app claims to be right; {ALARM}: a form error is wrongly reported; ·: not measured."
)
CAMERA = {
    "floor": "on the floor",
    "table": "on a table",
    "standing": "held standing",
}
# By how the body lies: what is at 0, 90, 180 and 270 degrees.
AROUND: Mapping[str, tuple[str, str, str, str]] = {
    "up": ("head", "right side", "feet", "left side"),
    "down": ("head", "left side", "feet", "right side"),
    "right": ("head", "front", "feet", "back"),
    "left": ("head", "back", "feet", "front"),
    "upright": ("front", "left side", "back", "right side"),
}
WIDTH, HEIGHT, MIDDLE = 360, 458, (180.0, 172.0)
HOLE, RING = 34.0, 33.0  # radius of the hole, and width of a ring
# The person in the middle: lying, and upright with the nose up.
FROM_ABOVE = (
    "M-6 -19a6 6 0 1 1 12 0a6 6 0 1 1 -12 0M0 -13V7M-12 2L0 -9L12 2M-8 26L0 7L8 26",
    "M-16 2a16 7 0 1 0 32 0a16 7 0 1 0 -32 0M-8 0a8 8 0 1 1 16 0a8 8 0 1 1 -16 0M-3 -8l3 -6l3 6",
)
GAP_DEG, GAP = 1.2, 1.5
RING_OF = {height: i for i, height in enumerate(reversed(tuple(HEIGHTS)))}  # from the middle

STYLE = """
.back{fill:#fff}.word{fill:#24292f;font:12px sans-serif}.small{font-size:11px}
.sign{fill:#111;font:bold 13px sans-serif;text-anchor:middle;dominant-baseline:central}
.judged{fill:#8fd3a4;stroke:#1d6b38}.counted{fill:#f4c864;stroke:#8a5a00}
.neither{fill:#c3c8ce;stroke:#5b626a}.unmeasured{fill:#fff;stroke:#8c959f;stroke-dasharray:3 3}
.hatch{stroke:#b07a10;stroke-width:1.6}.body{fill:none;stroke:#24292f;stroke-width:2}
@media (prefers-color-scheme:dark){.back{fill:#0d1117}.word{fill:#e6edf3}.sign{fill:#fff}
.judged{fill:#1f6f3c;stroke:#7bd796}.counted{fill:#7d5704;stroke:#f0bd4f}
.neither{fill:#484f58;stroke:#9aa4af}.unmeasured{fill:#0d1117;stroke:#6e7681}
.hatch{stroke:#a87a1c}.body{stroke:#e6edf3}}
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One camera position, and what it came to.

    `wrong` is whether the app claims to count from there, and is wrong; `alarms` are the ids of
    form errors reported although there were none.
    """

    height: str
    azimuth: int
    state: str
    wrong: bool
    alarms: tuple[str, ...]

    @property
    def sign(self) -> str:
        """What stands in the wedge."""
        letter = WRONG if self.wrong else LETTERS[self.state]
        return letter + (ALARM if self.alarms else "")


def cells(spec: Spec, entry: Mapping[str, Any]) -> Iterator[Cell]:
    """Yield the camera positions where a camera can stand, height by height."""
    for height in HEIGHTS:
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


def words(spec: Spec) -> dict[str, str]:
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
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img" aria-labelledby="title what">',
        f'<title id="title">{escape(spec.name)}: from where it is right</title>',
        f'<desc id="what">{escape(summary(spec, entry))}</desc>',
        f"<style>{STYLE}</style>",
        '<defs><pattern id="lines" width="7" height="7" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern></defs>',
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
        _person(entry["facing"]),
    ]
    parts += [_wedge(cell, named, around) for cell in cells(spec, entry)]
    outer = HOLE + 3 * RING + 13
    x, y = MIDDLE
    for text, dx, dy, anchor in (
        (around[0], 0.0, -outer + 3, "middle"),
        (around[2], 0.0, outer + 5, "middle"),
    ):
        parts.append(_text(text, x + dx, y + dy, anchor))
    for text, sign, anchor in ((around[1], -1, "end"), (around[3], 1, "start")):
        first, _, second = text.partition(" ")
        parts.append(_text(first, x + sign * (outer - 8), y + (-2 if second else 4), anchor))
        if second:
            parts.append(_text(second, x + sign * (outer - 8), y + 12, anchor))
    parts += _legend(named)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(text: str, x: float, y: float, anchor: str = "start", small: bool = False) -> str:
    kind = "word small" if small else "word"
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _at(radius: float, degrees: float) -> tuple[float, float]:
    """Return the place in the picture at an azimuth: 0 up, 90 left, as seen from above."""
    a = math.radians(degrees)
    return MIDDLE[0] - radius * math.sin(a), MIDDLE[1] - radius * math.cos(a)


def _wedge(cell: Cell, named: Mapping[str, str], around: tuple[str, ...]) -> str:
    inner = HOLE + RING * RING_OF[cell.height] + GAP
    outer = inner + RING - 2 * GAP
    a, b = cell.azimuth - 15 + GAP_DEG, cell.azimuth + 15 - GAP_DEG
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = (
        _at(outer, a), _at(outer, b), _at(inner, b), _at(inner, a),
    )  # fmt: skip
    path = (
        f"M{x1:.1f} {y1:.1f}A{outer:g} {outer:g} 0 0 0 {x2:.1f} {y2:.1f}"
        f"L{x3:.1f} {y3:.1f}A{inner:g} {inner:g} 0 0 1 {x4:.1f} {y4:.1f}Z"
    )
    what = named[cell.state] + (", though the app claims to be right" if cell.wrong else "")
    what += f"; wrongly reported: {', '.join(cell.alarms)}" if cell.alarms else ""
    where = f"{direction(cell.azimuth, around)}, {CAMERA[cell.height]}"
    x, y = _at((inner + outer) / 2, cell.azimuth)
    hatch = f'<path d="{path}" fill="url(#lines)"/>' if cell.state == "counted" else ""
    sign = f'<text class="sign" x="{x:.1f}" y="{y:.1f}">{cell.sign}</text>' if cell.sign else ""
    return (
        f'<g data-view="{cell.height}_{cell.azimuth:03d}" data-state="{cell.state}">'
        f"<title>{escape(f'{where}: {what}')}</title>"
        f'<path class="{cell.state}" d="{path}"/>{hatch}{sign}</g>'
    )


def direction(azimuth: int, around: tuple[str, ...]) -> str:
    """Return a direction in words, such as 90° (left side)."""
    return f"{azimuth}°" + (f" ({around[azimuth // 90]})" if azimuth % 90 == 0 else "")


def _person(facing: str) -> str:
    """Return somebody seen from above, the head up, or with the nose up."""
    x, y = MIDDLE
    shape = FROM_ABOVE[facing == "upright"]
    return f'<path class="body" transform="translate({x:g} {y:g})" d="{shape}"/>'


def _legend(named: Mapping[str, str]) -> Iterator[str]:
    for i, one in enumerate(("judged", "counted", "neither", "unmeasured")):
        x, y = 14 + 176 * (i % 2), 334 + 22 * (i // 2)
        box = f'x="{x}" y="{y}" width="22" height="16" rx="2"'
        yield f'<rect class="{one}" {box}/>'
        if one == "counted":
            yield f'<rect {box} fill="url(#lines)"/>'
        if LETTERS[one]:
            yield f'<text class="sign" x="{x + 11}" y="{y + 8}">{LETTERS[one]}</text>'
        yield _text(named[one], x + 28, y + 12, small=True)
    notes = (
        (WRONG, "neither, though the app claims to be right"),
        (ALARM, "a form error is wrongly reported"),
        ("", "Rings from the outside: camera on the floor,"),
        ("", "on a table, held by somebody standing"),
    )
    for i, (sign, note) in enumerate(notes):
        y = 393 + 17 * i
        if sign:
            yield f'<text class="word" x="21" y="{y}" font-weight="bold">{sign}</text>'
        yield _text(note, 42 if sign else 14, y, small=True)


def table(spec: Spec, entry: Mapping[str, Any]) -> str:
    """Return the map as a Markdown table, for those who cannot see the plot."""
    around = AROUND[entry["facing"]]
    found = {(cell.height, cell.azimuth): cell for cell in cells(spec, entry)}
    lines = [
        f"| camera | {' | '.join(direction(a, around) for a in AZIMUTHS)} |",
        "|---" * (len(AZIMUTHS) + 1) + "|",
    ]
    for height in HEIGHTS:
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

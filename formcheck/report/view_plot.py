"""The map of camera positions as a polar plot (SVG).

Seen from above, the person in the middle. The outer ring is a camera on the floor, the inner one a
camera held by somebody who stands: the higher it is, the steeper it looks down. Its colours are
those that the page around it asks for (`color-scheme`), light or dark.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from formcheck.view_map import AROUND, CAMERA, STEP_DEG, State, nearest

# What the mark of a camera means.
YOUR_CAMERA = "Your camera stood about here"

WIDTH, MIDDLE = 360, (180.0, 172.0)
HOLE, OUTER = 34.0, 133.0  # radii of the hole and of the whole plot
# The person in the middle: lying, and upright with the nose up.
FROM_ABOVE = (
    "M-6 -19a6 6 0 1 1 12 0a6 6 0 1 1 -12 0M0 -13V7M-12 2L0 -9L12 2M-8 26L0 7L8 26",
    "M-16 2a16 7 0 1 0 32 0a16 7 0 1 0 -32 0M-8 0a8 8 0 1 1 16 0a8 8 0 1 1 -16 0M-3 -8l3 -6l3 6",
)
# A camera that looks down; its tip is at (0, 0).
LENS = "M-8 -13h16v7h-4l-4 6l-4 -6h-4z"
GAP_DEG, GAP = 1.2, 1.5

LIGHT = """
.back{fill:#fff}.word{fill:#24292f;font:12px sans-serif}.small{font-size:11px}
.sign{fill:#111;font:bold 13px sans-serif;text-anchor:middle;dominant-baseline:central}
.judged{fill:#8fd3a4;stroke:#1d6b38}.counted{fill:#f4c864;stroke:#8a5a00}
.neither{fill:#c3c8ce;stroke:#5b626a}.unmeasured{fill:#fff;stroke:#8c959f;stroke-dasharray:3 3}
.hatch{stroke:#b07a10;stroke-width:1.6}.body{fill:none;stroke:#24292f;stroke-width:2}
"""
CAMERA_LIGHT = ".camera{fill:none;stroke:#0b4f9e;stroke-width:4}.eye{fill:#0b4f9e}\n"
CAMERA_DARK = ".camera{stroke:#8cc8ff}.eye{fill:#8cc8ff}\n"
DARK = """.back{fill:#0d1117}.word{fill:#e6edf3}.sign{fill:#fff}
.judged{fill:#1f6f3c;stroke:#7bd796}.counted{fill:#7d5704;stroke:#f0bd4f}
.neither{fill:#484f58;stroke:#9aa4af}.unmeasured{fill:#0d1117;stroke:#6e7681}
.hatch{stroke:#a87a1c}.body{stroke:#e6edf3}"""


@dataclass(frozen=True, slots=True)
class Wedge:
    """One camera position: its state, the sign that stands in it, and what it says when asked."""

    height: str
    azimuth: int
    state: State
    sign: str
    said: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A line of the legend: a state's colour and sign, and what they mean."""

    state: State
    sign: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How large everything but the rings is, pixels.

    Attributes
    ----------
    margin
        Free on the left, the right and at the top.
    outside
        From the outer ring to the words around it.
    text, leading
        The size of letters, None is that of the style; and from one line of them to the next.
    columns, line, note
        Of the legend, how many entries stand beside each other and how high they are; how high a
        note is.
    """

    margin: int = 0
    outside: float = 13.0
    text: int | None = None
    leading: int = 14
    columns: int = 2
    line: int = 22
    note: int = 17


# Beside a text, and on a page by itself where it is all that is read.
SMALL, ROOMY = Layout(), Layout(22, 28.0, 15, 17, 1, 25, 20)


def draw(
    facing: str,
    wedges: Sequence[Wedge],
    legend: Sequence[Sign],
    notes: Sequence[tuple[str, str]],
    *,
    title: str,
    said: str,
    layout: Layout = SMALL,
    camera: float | None = None,
) -> str:
    """Return the plot.

    Parameters
    ----------
    facing
        How the body lies; see `formcheck.view_map.AROUND`.
    wedges
        The camera positions; those of a height make a ring.
    legend, notes
        What stands below it, the notes with a sign each or with none.
    title, said
        Its text alternative: what it is, and what it shows.
    layout
        How large its texts are.
    camera
        Where a camera stood, degrees: the nearest direction is marked.
    """
    heights = [height for height in CAMERA if any(one.height == height for one in wedges)]
    below = MIDDLE[1] + OUTER + layout.outside + 16
    lines = math.ceil(len(legend) / layout.columns) + (camera is not None)
    notes_y = below + layout.line * lines + 15
    left, top = -layout.margin, -layout.margin // 2
    wide, tall = WIDTH + 2 * layout.margin, notes_y + layout.note * (len(notes) - 1) + 14 - top
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {wide} {tall:g}"'
        f' width="{wide}" height="{tall:g}" role="img" aria-labelledby="title what">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="what">{escape(said)}</desc>',
        f"<style>{_style(layout, camera)}</style>",
        '<defs><pattern id="lines" width="7" height="7" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern></defs>',
        f'<rect class="back" {f"""x="{left}" y="{top}" """ if layout.margin else ""}'
        f'width="{wide}" height="{tall:g}" rx="8"/>',
        _person(facing),
    ]
    parts += [_wedge(one, heights) for one in wedges]
    if camera is not None:
        parts.append(_camera(nearest(camera)))
    parts += _directions(AROUND[facing], OUTER + layout.outside, layout.leading)
    for i, one in enumerate(legend):
        x = left + 14 + 176 * (i % layout.columns)
        parts += _entry(one, x, below + layout.line * (i // layout.columns))
    if camera is not None:
        y = below + layout.line * (lines - 1)
        parts.append(
            f'<path class="eye" transform="translate({left + 25} {y + 15:g})" d="{LENS}"/>'
        )
        parts.append(_text(YOUR_CAMERA, left + 42, y + 13, small=True))
    for i, (sign, note) in enumerate(notes):
        y = notes_y + layout.note * i
        if sign:
            at = f'x="{left + 21}" y="{y:g}"'
            parts.append(f'<text class="word" {at} font-weight="bold">{sign}</text>')
        parts.append(_text(note, left + (42 if sign else 14), y, small=True))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _style(layout: Layout, camera: float | None) -> str:
    light, dark = LIGHT, DARK
    if layout.text is not None:
        light += f".word,.small,.sign{{font-size:{layout.text}px}}\n"
    if camera is not None:
        light, dark = light + CAMERA_LIGHT, dark + CAMERA_DARK
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}\n"


def _text(text: str, x: float, y: float, anchor: str = "start", small: bool = False) -> str:
    kind = "word small" if small else "word"
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _directions(around: tuple[str, ...], outer: float, leading: int) -> Iterator[str]:
    """Say what of the body is where: above and below, on the left and on the right."""
    x, y = MIDDLE
    for text, dx, dy, anchor in (
        (around[0], 0.0, -outer + 3, "middle"),
        (around[2], 0.0, outer + 5, "middle"),
    ):
        yield _text(text, x + dx, y + dy, anchor)
    for text, sign, anchor in ((around[1], -1, "end"), (around[3], 1, "start")):
        first, _, second = text.partition(" ")
        up = 5 - leading / 2 if second else 4
        yield _text(first, x + sign * (outer - 8), y + up, anchor)
        if second:
            yield _text(second, x + sign * (outer - 8), y + up + leading, anchor)


def _at(radius: float, degrees: float) -> tuple[float, float]:
    """Return the place in the plot at an azimuth: 0 up, 90 left, as seen from above."""
    a = math.radians(degrees)
    return MIDDLE[0] - radius * math.sin(a), MIDDLE[1] - radius * math.cos(a)


def _part_of_ring(inner: float, outer: float, azimuth: float) -> str:
    a, b = azimuth - STEP_DEG / 2 + GAP_DEG, azimuth + STEP_DEG / 2 - GAP_DEG
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = (
        _at(outer, a), _at(outer, b), _at(inner, b), _at(inner, a),
    )  # fmt: skip
    return (
        f"M{x1:.1f} {y1:.1f}A{outer:g} {outer:g} 0 0 0 {x2:.1f} {y2:.1f}"
        f"L{x3:.1f} {y3:.1f}A{inner:g} {inner:g} 0 0 1 {x4:.1f} {y4:.1f}Z"
    )


def _wedge(one: Wedge, heights: Sequence[str]) -> str:
    ring = (OUTER - HOLE) / len(heights)
    inner = HOLE + ring * (len(heights) - 1 - heights.index(one.height)) + GAP
    outer = inner + ring - 2 * GAP
    path = _part_of_ring(inner, outer, one.azimuth)
    x, y = _at((inner + outer) / 2, one.azimuth)
    hatch = f'<path d="{path}" fill="url(#lines)"/>' if one.state == "counted" else ""
    sign = f'<text class="sign" x="{x:.1f}" y="{y:.1f}">{one.sign}</text>' if one.sign else ""
    return (
        f'<g data-view="{one.height}_{one.azimuth:03d}" data-state="{one.state}">'
        f"<title>{escape(one.said)}</title>"
        f'<path class="{one.state}" d="{path}"/>{hatch}{sign}</g>'
    )


def _camera(azimuth: int) -> str:
    """Mark a direction: a frame around its wedges, and a camera that looks at the person."""
    x, y = _at(OUTER + 3, azimuth)
    return (
        f'<g data-camera="{azimuth}"><title>{YOUR_CAMERA}</title>'
        f'<path class="camera" d="{_part_of_ring(HOLE, OUTER, azimuth)}"/>'
        f'<path class="eye" transform="translate({x:.1f} {y:.1f}) rotate({-azimuth})"'
        f' d="{LENS}"/></g>'
    )


def _person(facing: str) -> str:
    """Return somebody seen from above, the head up, or with the nose up."""
    x, y = MIDDLE
    shape = FROM_ABOVE[facing == "upright"]
    return f'<path class="body" transform="translate({x:g} {y:g})" d="{shape}"/>'


def _entry(one: Sign, x: float, y: float) -> Iterator[str]:
    """Yield a line of the legend."""
    box = f'x="{x:g}" y="{y:g}" width="22" height="16" rx="2"'
    yield f'<rect class="{one.state}" {box}/>'
    if one.state == "counted":
        yield f'<rect {box} fill="url(#lines)"/>'
    if one.sign:
        yield f'<text class="sign" x="{x + 11:g}" y="{y + 8:g}">{one.sign}</text>'
    yield _text(one.meaning, x + 28, y + 12, small=True)

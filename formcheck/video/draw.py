"""Draw what the engine sees and says onto a picture.

Everything scales with the picture and stays legible on any background: text is white on dark
panels, lines have a dark edge. Left and right differ by colours that colour-blind people tell
apart (Okabe and Ito's), and nothing is told by colour alone. The scalable font comes with OpenCV
from version 5 on.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.body import BONES, INDEX
from formcheck.engine import view as viewing
from formcheck.engine.core import Now
from formcheck.measures import (
    MID,
    SIDES,
    Elevation,
    Inclination,
    JointAngle,
    LineAngle,
    Measure,
    Seen,
    SegmentAngle,
    Side,
    point_indices,
)
from formcheck.report.words import amount, clock, plain
from formcheck.spec import Spec

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]  # red, green, blue
Pixel = tuple[float, float]

WHITE: Colour = (255, 255, 255)
GREY: Colour = (205, 205, 205)
DARK: Colour = (16, 18, 22)
ORANGE: Colour = (230, 159, 0)
BLUE: Colour = (86, 180, 233)
YELLOW: Colour = (240, 228, 66)
VERMILION: Colour = (255, 120, 50)

SIDE_COLOUR: dict[Side, Colour] = {"left": ORANGE, "right": BLUE}

# The longest edge of an annotated picture: enough to see, quick to encode.
LONGEST_EDGE = 1280
# How much of the picture shows through a panel: white on it then has a contrast of 7:1 or more
# even over a white picture.
SHOWS_THROUGH = 0.3
SMALLEST_TEXT = 13

_PHASES = {
    "out of position": "not in position",
    "ready": "ready",
    "rest": "ready",
    "rising": "on the way out",
    "top": "at the top",
    "lowering": "on the way back",
    "hold": "holding",
}
_BONES = [
    (
        INDEX[a],
        INDEX[b],
        SIDE_COLOUR["left"] if a.startswith("left") and b.startswith("left")
        else SIDE_COLOUR["right"] if a.startswith("right") and b.startswith("right")
        else WHITE,
    )
    for a, b in BONES
]  # fmt: skip
_NECKS = [(INDEX[f"{side}_ear"], INDEX[f"{side}_shoulder"], WHITE) for side in SIDES]
_JOINTS = sorted({i for a, b, _ in _BONES for i in (a, b)})
# Fixed-point coordinates of OpenCV's drawing: sixteenths of a pixel.
_SHIFT = 4
_UPWARDS = -math.pi / 2


def canvas(width: int, height: int) -> Picture:
    """Make a dark picture for a recording, which has none; of its shape, and not too large."""
    scale = min(1.0, LONGEST_EDGE / max(width, height))
    return np.full((_even(height * scale), _even(width * scale), 3), (30, 33, 38), np.uint8)


def shrink(picture: Picture) -> Picture:
    """Return the picture no larger than `LONGEST_EDGE`, with even edges, as H.264 wants them."""
    height, width = picture.shape[:2]
    scale = min(1.0, LONGEST_EDGE / max(width, height))
    size = _even(width * scale), _even(height * scale)
    if size == (width, height):
        return picture
    return _bytes(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _fixed(points: Sequence[Pixel]) -> list[tuple[int, int]]:
    return [(round(x * (1 << _SHIFT)), round(y * (1 << _SHIFT))) for x, y in points]


def _even(edge: float) -> int:
    return max(2, 2 * round(edge / 2))


def _bytes(picture: object) -> Picture:
    return np.asarray(picture, np.uint8)


def draw(picture: Picture, now: Now, spec: Spec) -> Picture:
    """Draw the engine's state onto a copy of a picture.

    Parameters
    ----------
    picture
        (H, W, 3), red, green, blue.
    now
        The state after this picture's frame.
    spec
        The exercise.

    Returns
    -------
    Picture
        Of the same size: the skeleton's seen parts, the shown measure at its joint, the counts,
        the hold clock, the phase, and the cue of a form error for as long as it lasts and two
        seconds more.
    """
    pen = _Pen(np.ascontiguousarray(picture).copy())
    if now.seen is not None:
        _draw_bones(pen, now.seen)
        _draw_measure(pen, now, spec, now.seen)
        _draw_joints(pen, now.seen)
    _draw_counts(pen, now, spec)
    _draw_state(pen, now, spec)
    _draw_banner(pen, now, spec)
    return pen.picture


class _Pen:
    """A picture with the few strokes that are needed, at its own scale.

    Attributes
    ----------
    picture
        What is drawn on.
    width, height
        Pixels.
    scale
        1 for a picture whose shorter edge has 720 pixels.
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.height, self.width = int(picture.shape[0]), int(picture.shape[1])
        self.scale = min(self.width, self.height) / 720
        self._font = _font()

    def px(self, length: float) -> int:
        """Return a length in pixels, at least one."""
        return int(max(1, round(length * self.scale)))

    def size(self, points: float) -> int:
        """Return the size of a text that can be read."""
        return int(max(SMALLEST_TEXT, round(points * self.scale)))

    def place(self, point: Sequence[float]) -> Pixel:
        """Return where a point of `Seen` lies: it is in picture heights, with y up."""
        return point[0] * self.height, (1.0 - point[1]) * self.height

    def lines(self, lines: Sequence[Sequence[Pixel]], colour: Colour, width: float) -> None:
        """Draw lines, each through its points."""
        corners = [np.array(_fixed(line)) for line in lines]
        cv2.polylines(self.picture, corners, False, colour, self.px(width), cv2.LINE_AA, _SHIFT)

    def edged(self, lines: Sequence[Sequence[Pixel]], colour: Colour, width: float) -> None:
        """Draw lines with a dark edge."""
        self.lines(lines, DARK, width + 4)
        self.lines(lines, colour, width)

    def dot(self, at: Pixel, colour: Colour, radius: float) -> None:
        """Draw a filled circle."""
        [centre] = _fixed([at])
        inner = round(max(2.5, radius * self.scale) * (1 << _SHIFT))
        cv2.circle(self.picture, centre, inner, colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)

    def text(
        self, text: str, x: float, baseline: float, size: int, weight: int, colour: Colour
    ) -> None:
        """Write a text that begins at x."""
        cv2.putText(
            self.picture, text, (round(x), round(baseline)), colour, self._font, size, weight
        )

    def panel(self, x: int, y: int, width: int, height: int) -> None:
        """Darken a rectangle with round corners, for text."""
        left, top = max(0, x), max(0, y)
        area = self.picture[top : max(top, y + height), left : max(left, x + width)]
        if area.size:
            shade = _shade(area.shape[1], area.shape[0], self.px(10))
            cv2.multiply(area, shade, area, 1 / 255)


@functools.cache
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")


@functools.lru_cache(maxsize=1024)
def _text_width(text: str, size: int, weight: int) -> int:
    _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _font(), size, weight)
    return int(width)


@functools.lru_cache(maxsize=64)
def _shade(width: int, height: int, radius: int) -> Picture:
    """Return by how much (of 255) a panel darkens each pixel."""
    inside = np.zeros((height, width), np.uint8)
    radius = min(radius, width // 2, height // 2)
    for centre in (
        (radius, radius),
        (width - 1 - radius, radius),
        (radius, height - 1 - radius),
        (width - 1 - radius, height - 1 - radius),
    ):
        cv2.circle(inside, centre, radius, 255, cv2.FILLED, cv2.LINE_AA)
    inside[:, radius : width - radius] = 255
    inside[radius : height - radius] = 255
    shade = 255.0 - (1.0 - SHOWS_THROUGH) * inside
    return np.repeat(shade.astype(np.uint8)[..., None], 3, axis=2)


# -- the body ---------------------------------------------------------------------------------


def _draw_bones(pen: _Pen, seen: Seen) -> None:
    """Draw what is clearly seen; what the tracker only guesses is left out."""
    places = [pen.place(point) for point in seen.picture]
    lines: dict[Colour, list[tuple[Pixel, Pixel]]] = {}
    for a, b, colour in (_NECKS[seen.near], *_BONES):
        if seen.clear[a] and seen.clear[b]:
            lines.setdefault(colour, []).append((places[a], places[b]))
    pen.lines([line for some in lines.values() for line in some], DARK, 7.5)
    for colour, some in lines.items():
        pen.lines(some, colour, 3.5)


def _draw_joints(pen: _Pen, seen: Seen) -> None:
    for i in (_NECKS[seen.near][0], *_JOINTS):
        if seen.clear[i]:
            place = pen.place(seen.picture[i])
            pen.dot(place, DARK, 7)
            pen.dot(place, WHITE, 4.5)


def _draw_measure(pen: _Pen, now: Now, spec: Spec, seen: Seen) -> None:
    """Draw the measure in question at its joint, when it is clearly seen."""
    value = now.shown.known
    if math.isnan(value):
        return
    measure = _base(spec, now)
    indices = [point_indices(name, now.side)[seen.near] for name in measure.needs()]
    points = [pen.place(seen.picture[i]) for i in indices]
    if not points or not all(math.isfinite(c) for point in points for c in point):
        return
    label = f"{plain(spec.show)} {amount(value, spec.units()[spec.show])}"
    at, bisector = _draw_construction(pen, measure, points, value, seen)
    _draw_label(pen, label, at, bisector)


def _base(spec: Spec, now: Now) -> Measure:
    """Return the measure of points that the shown one comes down to, the first of several."""
    measure = spec.measures[spec.show]
    while measure.parts():
        parts = measure.parts()
        by_camera = getattr(measure, "cameras", None)
        name = by_camera.get(now.setup, parts[0]) if by_camera else parts[0]
        measure = spec.measures[name]
    return measure


def _draw_construction(
    pen: _Pen, measure: Measure, points: list[Pixel], value: float, seen: Seen
) -> tuple[Pixel, float]:
    """Draw the lines a measure is taken from; return its joint and where there is room (rad)."""
    if isinstance(measure, (JointAngle, LineAngle)):
        a, joint, c = points
        pen.edged([points], YELLOW, 4)
        towards_a, towards_c = _bearing(joint, a), _bearing(joint, c)
        turn = _signed(towards_c - towards_a)
        # A line angle is the one on the upper side, also where that is the larger one.
        if isinstance(measure, LineAngle) and value > 180.0:
            turn -= math.copysign(math.tau, turn)
        return joint, _draw_arc(pen, joint, towards_a, turn, (a, c))
    if isinstance(measure, (Elevation, SegmentAngle)):
        a, b, c, d = points
        onwards = _bearing(c, d)
        reach = math.dist(a, b)
        ahead = (a[0] + reach * math.cos(onwards), a[1] + reach * math.sin(onwards))
        pen.edged([(a, b)], YELLOW, 4)
        _draw_dashes(pen, a, ahead)
        _draw_arc(pen, a, onwards, _signed(_bearing(a, b) - onwards), (b, ahead))
        return a, _UPWARDS
    if isinstance(measure, Inclination):
        a, b = points
        level = (b[0], a[1])
        pen.edged([(a, b)], YELLOW, 4)
        _draw_dashes(pen, a, level)
        onwards = _bearing(a, level)
        _draw_arc(pen, a, onwards, _signed(_bearing(a, b) - onwards), (b, level))
        return a, _UPWARDS
    if len(points) == 2:
        _draw_dashes(pen, *points)
        middle = ((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2)
        return middle, _UPWARDS
    hips = seen.picture[MID["hip"]]
    return (pen.place(hips) if math.isfinite(hips[0] + hips[1]) else points[0]), _UPWARDS


def _draw_arc(pen: _Pen, joint: Pixel, begin: float, turn: float, ends: Sequence[Pixel]) -> float:
    """Draw an angle at a joint; return the direction of its middle."""
    radius = min(pen.px(48), 0.6 * min(math.dist(joint, end) for end in ends))
    steps = max(2, math.ceil(abs(turn) / 0.2))
    arc = [
        (
            joint[0] + radius * math.cos(begin + turn * i / steps),
            joint[1] + radius * math.sin(begin + turn * i / steps),
        )
        for i in range(steps + 1)
    ]
    pen.edged([arc], YELLOW, 3)
    pen.dot(joint, DARK, 9.5)
    pen.dot(joint, YELLOW, 7)
    return begin + turn / 2


def _draw_dashes(pen: _Pen, a: Pixel, b: Pixel) -> None:
    count = max(1, round(math.dist(a, b) / pen.px(18)))
    across, down = (b[0] - a[0]) / count, (b[1] - a[1]) / count
    dashes = [
        [(a[0] + across * part, a[1] + down * part) for part in (i, i + 0.55)] for i in range(count)
    ]
    pen.edged(dashes, YELLOW, 2)


def _draw_label(pen: _Pen, label: str, at: Pixel, towards: float) -> None:
    """Write a label beside a joint, in a direction in which there is room, inside the picture."""
    size = pen.size(24)
    width, height = _steady_width(label, size, 600) + pen.px(20), round(size * 1.5)
    away = pen.px(62)
    x = at[0] + math.cos(towards) * (away + width / 2) - width / 2
    y = at[1] + math.sin(towards) * (away + height / 2) - height / 2
    left = round(min(max(x, 0), pen.width - width))
    top = round(min(max(y, 0), pen.height - height))
    pen.panel(left, top, width, height)
    pen.text(label, left + pen.px(10), top + size * 1.08, size, 600, YELLOW)


def _bearing(a: Pixel, b: Pixel) -> float:
    return math.atan2(b[1] - a[1], b[0] - a[0])


def _signed(angle: float) -> float:
    return math.remainder(angle, math.tau)


# -- the panels -------------------------------------------------------------------------------


def _draw_counts(pen: _Pen, now: Now, spec: Spec) -> None:
    """Draw the counts and the hold clock, top left."""
    columns: list[tuple[str, str, Colour]] = []
    if spec.repetition is not None:
        for side, count in now.counts.items():
            one = "repetition" if count == 1 else "repetitions"
            columns.append((str(count), side or one, SIDE_COLOUR[side] if side else GREY))
        if now.attempts:
            one = "attempt" if now.attempts == 1 else "attempts"
            columns.append((str(now.attempts), one, GREY))
    if spec.hold is not None and (spec.kind != "repetitions" or now.hold_total_s > 0):
        columns.append((f"{now.hold_s:.1f} s", "holding", GREY))
        columns.append((f"{now.hold_total_s:.1f} s", "total hold", GREY))
    if not columns:
        return
    big, small, gap, edge = pen.size(52), pen.size(20), pen.px(28), pen.px(16)
    widths = [
        max(_steady_width(figure, big, 700), _text_width(label, small, 500))
        for figure, label, _ in columns
    ]
    x = y = pen.px(16)
    height = round(big * 1.05 + small * 1.75)
    pen.panel(x, y, sum(widths) + gap * (len(columns) - 1) + 2 * edge, height)
    x += edge
    for (figure, label, colour), width in zip(columns, widths, strict=True):
        pen.text(figure, x, y + big, big, 700, WHITE)
        pen.text(label, x, y + big + small * 1.3, small, 500, colour)
        x += width + gap


def _steady_width(figure: str, size: int, weight: int) -> int:
    """Return the width of a figure with any other digits: panels do not jump as it changes."""
    steady = "".join("0" if letter.isdigit() else letter for letter in figure)
    return _text_width(steady, size, weight)


def _draw_state(pen: _Pen, now: Now, spec: Spec) -> None:
    """Draw the exercise's name, the phase, the time and the camera's place, top right."""
    # Where the camera stands is read from how the exercise's position lies in the picture.
    camera = now.camera if now.in_position and now.seen is not None else None
    where = "" if camera is None else f"   camera: {camera.name}"
    phase = _PHASES.get(now.phase, now.phase) if now.seen is not None else "not seen"
    rows = [
        (spec.name, pen.size(24), 600, WHITE),
        (phase, pen.size(24), 500, WHITE),
        (f"{clock(now.t)}{where}", pen.size(18), 400, GREY),
    ]
    edge, step = pen.px(16), 1.35
    width = max(_steady_width(text, size, weight) for text, size, weight, _ in rows) + 2 * edge
    x, y = pen.width - width - pen.px(16), pen.px(16)
    pen.panel(x, y, width, round(sum(size * step for _, size, _, _ in rows) + edge))
    baseline = y + edge / 2
    for text, size, weight, colour in rows:
        baseline += size * step
        pen.text(text, x + edge, baseline - size * 0.25, size, weight, colour)


def _draw_banner(pen: _Pen, now: Now, spec: Spec) -> None:
    """Draw the cues of form errors, or else how to set up the camera, along the bottom."""
    cues = _cues(now, spec)
    if not cues:
        return
    size, edge = pen.size(30), pen.px(16)
    indent = round(size * 1.5)
    room = pen.width - 4 * edge - indent
    blocks = [(major, _wrapped(text, size, 600, room)) for major, text in cues]
    step = size * 1.3
    height = round(sum(len(lines) * step for _, lines in blocks) + 1.2 * edge)
    top = pen.height - height - edge
    pen.panel(edge, top, pen.width - 2 * edge, height)
    baseline = top + 0.6 * edge
    for major, lines in blocks:
        _draw_sign(pen, (2 * edge + size * 0.45, baseline + step * 0.5), size, major)
        for line in lines:
            baseline += step
            pen.text(line, 2 * edge + indent, baseline - size * 0.3, size, 600, WHITE)


def _cues(now: Now, spec: Spec) -> list[tuple[bool, str]]:
    """Return what to tell, the important first: whether it is important, and the text."""
    cues = {}
    for fault in now.faults:
        side = f"{fault.side.capitalize()}: " if fault.side else ""
        cues[side + fault.message] = fault.severity == "major"
    told = sorted(((major, text) for text, major in cues.items()), key=lambda cue: not cue[0])
    if told or not now.in_position or now.camera is None:
        return told[:2]
    if now.seen is None or now.setup is not None:
        return []
    advice = viewing.how_to_turn(now.camera, next(iter(spec.cameras.values())))
    return [(False, advice)] if advice else []


def _draw_sign(pen: _Pen, middle: Pixel, size: int, major: bool) -> None:
    """Draw a triangle with an exclamation mark for what is important, else a dot."""
    x, y = middle
    if not major:
        pen.dot(middle, YELLOW, 0.22 * size / pen.scale)
        return
    reach = 0.55 * size
    base = y + 0.8 * reach
    corners = [(x, y - reach), (x + 1.05 * reach, base), (x - 1.05 * reach, base)]
    cv2.fillPoly(pen.picture, [np.array(_fixed(corners))], VERMILION, cv2.LINE_AA, _SHIFT)
    mark = round(0.8 * size)
    pen.text("!", x - _text_width("!", mark, 800) / 2, y + 0.62 * reach, mark, 800, DARK)


@functools.lru_cache(maxsize=64)
def _wrapped(text: str, size: int, weight: int, room: int) -> tuple[str, ...]:
    """Break a text into as few lines as fit, of about equal length."""
    lines = _filled(text, size, weight, room)
    while True:
        room = max(_text_width(line, size, weight) for line in lines) - 1
        narrower = _filled(text, size, weight, room)
        if len(narrower) > len(lines) or narrower == lines:  # the same: one word is too long
            return tuple(lines)
        lines = narrower


def _filled(text: str, size: int, weight: int, room: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _text_width(longer, size, weight) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines

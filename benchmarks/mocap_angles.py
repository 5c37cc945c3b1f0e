"""How far the trunk's turn is off, against motion capture: a part of `make accuracy`.

One person turns on a chair to the left and to the right, seen from the front; the Keraal data
(../shared/independent, never part of the project) has landmarks and Vicon of the same takes. Takes
are looked at by the exercise `seated_trunk_rotation`, whose measure `turn` is compared. No rule
rests on these takes.

What is read
------------
The data has image landmarks of a mirrored video: they are mirrored back. The measure takes world
landmarks, which it does not have. They are rebuilt from the image: x and y in the frame's pixels,
and depth, which MediaPipe gives in frame widths, times `DEPTH`. How far a turn read from rebuilt
landmarks is from one read from the tracker's own is measured on clips that have both.

What is true
------------
Vicon has segments of the body and no joint names. 7 and 8 are the shoulders. 5 and 6 are called
hips, but are the thighs (0.2 m in front of the trunk, their distance changes); 13 is the lower
trunk. The turn is that of the line 7-8 about the vertical against the line 5-6, both as they were
in the first half second, in which the person sits straight: segments have no zero of their own.
`lower_trunk` is the same against segment 13, which turns along by up to 19 degrees: where the
pelvis is, lies between the two.

The two recordings of a take do not begin at the same moment. Their lag is where the two turns
correlate best, and is taken out.

Errors are read minus true, degrees, + to the left. Each take counts once; the intervals are
bootstrapped over takes, which are of one person: they say nothing about others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy import rendered_clips
from benchmarks.intervals import bootstrap
from benchmarks.readme import put
from benchmarks.real import FOOTAGE, INDEPENDENT
from formcheck.body import INDEX, Array, Recording
from formcheck.engine.core import Engine
from formcheck.measures import LENGTHS_M
from formcheck.recognise import together
from formcheck.spec import catalogue

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "mocap_angles.json"
FIGURE = ROOT / "docs" / "mocap_turn.svg"
PAGE = ROOT / "docs" / "engine.md"
EXERCISE = "seated_trunk_rotation"

# Metres of the tracker's world depth for one of its image depth, as it goes for x and y: median of
# 69 clips of real people (quartiles 0.31 and 0.37; 0.25 to 0.37 seated). In the takes themselves
# the bones of the arms keep their lengths best with 0.30 to 0.46.
DEPTH = 0.33
DEPTHS = (0.25, DEPTH, 0.46, 1.0)
VICON_HZ = 40.0
SHOULDERS, THIGHS, LOWER_TRUNK = (7, 8), (5, 6), 13  # right, then left
STRAIGHT_S = 0.5
LONGEST_LAG_S = 1.0
TURNED_DEG, AHEAD_DEG = 25.0, 10.0
STEP_DEG = 10.0  # of the figure
COUNTS_DEG = 13.0  # as the spec's hold has it
# Parts of a take, by the true turn.
PARTS = {
    "all frames": (-180.0, 180.0),
    "facing ahead": (-AHEAD_DEG, AHEAD_DEG),
    "turned to the left": (TURNED_DEG, 180.0),
    "turned to the right": (-180.0, -TURNED_DEG),
}


@dataclass(frozen=True, slots=True)
class Take:
    """A take: read and true turn, degrees, frame by frame; NaN where it was not read.

    `lag_s` is by how much the landmarks come after Vicon, as the files have it; `holds` are the
    times held, seconds.
    """

    t: Array
    read: Array
    true: Array
    lag_s: float
    holds: tuple[float, ...]

    def errors(self, low: float, high: float) -> Array:
        """Return the errors while the true turn lies between two angles."""
        here = (low <= self.true) & (self.true <= high) & np.isfinite(self.read)
        errors: Array = (self.read - self.true)[here]
        return errors


def paths() -> list[Path]:
    """Return the takes that are here."""
    return sorted(INDEPENDENT.glob("keraal_rotation_*.npz"))


def rebuilt(recording: Recording, depth: float = DEPTH) -> Recording:
    """Return a recording with world landmarks made from its image landmarks."""
    world = recording.image[..., :3] * (recording.width, recording.height, depth * recording.width)
    hips = (world[:, INDEX["left_hip"]] + world[:, INDEX["right_hip"]]) / 2
    world = world - hips[:, None]
    shoulders = (world[:, INDEX["left_shoulder"]] + world[:, INDEX["right_shoulder"]]) / 2
    trunk = np.nanmedian(np.linalg.norm(shoulders, axis=1))
    return replace(recording, world=(world * LENGTHS_M["trunk"] / trunk).astype(np.float32))


def read(recording: Recording) -> tuple[Array, tuple[float, ...]]:
    """Return the turn that the engine reads, degrees, NaN where not clearly; and the times held."""
    engine = Engine(catalogue()[EXERCISE].spec)
    turn = np.full(len(recording), np.nan)

    def note(i: int) -> None:
        turn[i] = next(iter(engine.values()))[1]["turn"].known

    together(recording, [engine], note)
    return turn, tuple(hold.held_s for hold in engine.holds)


def from_straight(heading: Array) -> Array:
    """Return degrees from where they were in the first half second."""
    unwrapped = np.unwrap(heading, period=360.0)
    found: Array = unwrapped - np.median(unwrapped[: round(STRAIGHT_S * VICON_HZ)])
    return found


def heading(points: Array, pair: tuple[int, int]) -> Array:
    """Return where the line from right to left points, seen from above: degrees, + to the left."""
    across = points[:, pair[1]] - points[:, pair[0]]
    return np.degrees(np.arctan2(across[:, 1], across[:, 0]))


def yaw(quaternion: Array) -> Array:
    """Return the turn about the vertical, degrees, of (T, 4) x, y, z, w, since the start."""
    x, y, z, w = (quaternion / np.linalg.norm(quaternion, axis=1, keepdims=True)).T
    columns = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        ]
    )
    first = np.median(columns[:, :, : round(STRAIGHT_S * VICON_HZ)], axis=2)
    # The first two rows of R(t) R(0)^T.
    d = np.einsum("ijt,kj->ikt", columns, first)
    return np.degrees(np.arctan2(d[1, 0] - d[0, 1], d[0, 0] + d[1, 1]))


def true_turn(vicon: Array, against_lower_trunk: bool = False) -> Array:
    """Return the true turn, degrees, of (T, 17, 7) positions and quaternions."""
    shoulders = from_straight(heading(vicon[..., :3], SHOULDERS))
    if against_lower_trunk:
        return shoulders - from_straight(yaw(vicon[:, LOWER_TRUNK, 3:]))
    return shoulders - from_straight(heading(vicon[..., :3], THIGHS))


def lag_of(t: Array, turn: Array, true: Array) -> float:
    """Return by how many seconds a read turn comes after the true one."""
    at = np.arange(len(true)) / VICON_HZ
    steps = round(LONGEST_LAG_S * VICON_HZ)
    seen = np.isfinite(turn)
    shifts = np.arange(-steps, steps + 1) / VICON_HZ
    alike = [np.corrcoef(turn[seen], np.interp(t[seen] - s, at, true))[0, 1] for s in shifts]
    return float(shifts[int(np.argmax(alike))])


def take(path: Path, depth: float = DEPTH, against_lower_trunk: bool = False) -> Take:
    """Compare a take's read turn with the true one."""
    recording = rebuilt(Recording.load(path, in_space=False).mirrored(), depth)
    turn, holds = read(recording)
    with np.load(path) as arrays:
        true = true_turn(arrays["vicon"].astype(float), against_lower_trunk)
    lag = lag_of(recording.t, turn, true)
    at = np.arange(len(true)) / VICON_HZ
    return Take(recording.t, turn, np.interp(recording.t - lag, at, true), lag, holds)


def off(takes: Sequence[Take], low: float, high: float) -> dict[str, Any]:
    """Return bias and mean error with intervals, over takes; and the true turn's mean."""
    every = [(one.errors(low, high), one) for one in takes]
    some = [(errors, one) for errors, one in every if len(errors)]
    bias = [float(errors.mean()) for errors, _ in some]
    mae = [float(np.abs(errors).mean()) for errors, _ in some]
    true = [one.true[(low <= one.true) & (one.true <= high)].mean() for _, one in some]
    return {
        "takes": len(some),
        "true": round(float(np.mean(true)), 1),
        "bias": round(float(np.mean(bias)), 1),
        "bias_interval": [round(bound, 1) for bound in bootstrap(bias)],
        "mae": round(float(np.mean(mae)), 1),
        "mae_interval": [round(bound, 1) for bound in bootstrap(mae)],
    }


def stand_in(recordings: Iterator[Recording]) -> dict[str, float]:
    """Return how far turns from rebuilt landmarks are from those of the tracker's own, degrees."""
    errors = [read(rebuilt(one))[0] - read(one)[0] for one in recordings]
    each = [float(np.nanmean(np.abs(one))) for one in errors]
    bias = [float(np.nanmean(one)) for one in errors]
    return {
        "clips": len(each),
        "bias": round(float(np.mean(bias)), 1),
        "mae": round(float(np.mean(each)), 1),
        "most": round(max(each), 1),
    }


def with_both() -> Iterator[Recording]:
    """Yield recordings of the exercise from the front that have the tracker's world landmarks."""
    for clip in rendered_clips():
        if clip.truth["exercise"] == EXERCISE and clip.view == "front":
            yield clip.recording
    if FOOTAGE.is_dir():
        for label in json.loads((FOOTAGE / "labels.json").read_text()):
            if label["exercise"] == EXERCISE:
                yield Recording.load(FOOTAGE / label["trace"])


def measure() -> dict[str, Any]:
    """Return what is published; no take is named in it."""
    takes = [take(path) for path in paths()]
    lags = [one.lag_s for one in takes]
    known = [np.isfinite(one.read).mean() for one in takes]
    return {
        "takes": len(takes),
        "people": 1,
        "known": round(float(np.mean(known)), 3),
        "holds_timed": sum(len(one.holds) for one in takes),
        "holds_made": 2 * len(takes),
        "lag_s": {
            "median": round(float(np.median(lags)), 3),
            "least": round(min(lags), 3),
            "most": round(max(lags), 3),
        },
        "turn": {name: off(takes, *part) for name, part in PARTS.items()},
        "bins": bins(takes),
        "against_lower_trunk": off(
            [take(path, against_lower_trunk=True) for path in paths()], *PARTS["all frames"]
        ),
        "by_depth": {
            f"{depth:g}": off([take(path, depth) for path in paths()], *PARTS["all frames"])
            for depth in DEPTHS
        },
        "stand_in": stand_in(with_both()),
    }


def bins(takes: Sequence[Take]) -> list[dict[str, float]]:
    """Return, by the true turn in steps, what is read: median, and the middle four fifths."""
    true = np.concatenate([one.true for one in takes])
    turn = np.concatenate([one.read for one in takes])
    of = np.concatenate([np.full(len(one.t), i) for i, one in enumerate(takes)])
    found = []
    for middle in np.arange(-80.0, 80.0 + STEP_DEG, STEP_DEG):
        here = (np.abs(true - middle) <= STEP_DEG / 2) & np.isfinite(turn)
        if len(np.unique(of[here])) < len(takes) / 2:
            continue
        low, mid, high = np.percentile(turn[here], (10, 50, 90))
        found.append(
            {
                "true": float(middle),
                "read": round(float(mid), 1),
                "low": round(float(low), 1),
                "high": round(float(high), 1),
            }
        )
    return found


# -- the table and the figure -------------------------------------------------------------------

SIDE, EDGE, REACH = 340, 56, 60.0  # of the plot, around it, in the figure's units; degrees
STYLE = """
.back{fill:#fff}text{fill:#24292f;font:12px sans-serif;text-anchor:middle}.grid{stroke:#e3e6ea}
.axis{stroke:#8c959f}.same{stroke:#57606a;stroke-dasharray:5 4}.counts{stroke:#b07a10}
.read{stroke:#1b6ca8;stroke-width:2;fill:none}.dot{fill:#1b6ca8}
@media (prefers-color-scheme:dark){.back{fill:#0d1117}text{fill:#e6edf3}.grid{stroke:#21262d}
.axis{stroke:#6e7681}.same{stroke:#9aa4af}.counts{stroke:#f0bd4f}
.read{stroke:#6cb6ff}.dot{fill:#6cb6ff}}
"""


def figure(table: Sequence[dict[str, float]]) -> str:
    """Return the read turn against the true one as SVG."""
    size = SIDE + 2 * EDGE

    def x(degrees: float) -> float:
        return EDGE + SIDE * (degrees + REACH) / (2 * REACH)

    def y(degrees: float) -> float:
        return size - x(degrees)

    def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
        return (
            f'<line x1="{x(x1):.1f}" y1="{y(y1):.1f}" x2="{x(x2):.1f}" y2="{y(y2):.1f}"'
            f' class="{style}"/>'
        )

    def text(at_x: float, at_y: float, said: str, more: str = "") -> str:
        return f'<text x="{at_x:.0f}" y="{at_y:.0f}"{more}>{said}</text>'

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">',
        "<title>The turn that is read against the true one</title>",
        f'<style>{STYLE}</style><rect width="{size}" height="{size}" class="back"/>',
    ]
    for tick in np.arange(-REACH, REACH + 1, 20.0):
        style = "grid" if tick else "axis"
        drawn += [
            line(tick, -REACH, tick, REACH, style),
            line(-REACH, tick, REACH, tick, style),
            text(x(tick), size - EDGE + 18, f"{tick:g}°"),
            text(EDGE - 20, y(tick) + 4, f"{tick:g}°"),
        ]
    middle = size / 2
    turned = f' transform="translate(14 {middle:.0f}) rotate(-90)"'
    drawn += [
        text(middle, size - 14, "true turn (motion capture), + to the left"),
        text(0, 0, "turn that formcheck reads", turned),
        text(middle, 24, "Turn of the trunk, seated, from the front", ' style="font-size:15px"'),
        text(middle, 44, "median, middle 80 %; dashed: no error; amber: counts as turned"),
        line(-REACH, -REACH, REACH, REACH, "same"),
    ]
    for counts in (COUNTS_DEG, -COUNTS_DEG):
        drawn.append(line(-REACH, counts, REACH, counts, "counts"))
    for one in table:
        drawn.append(line(one["true"], one["low"], one["true"], one["high"], "read"))
        at = f'cx="{x(one["true"]):.1f}" cy="{y(one["read"]):.1f}"'
        drawn.append(f'<circle {at} r="4" class="dot"/>')
    way = " ".join(f"{x(one['true']):.1f},{y(one['read']):.1f}" for one in table)
    return "\n".join([*drawn, f'<polyline points="{way}" class="read"/>', "</svg>"]) + "\n"


def as_markdown(result: dict[str, Any]) -> str:
    """Return the page's table."""

    def row(name: str, one: dict[str, Any]) -> str:
        bias, mae = one["bias_interval"], one["mae_interval"]
        return (
            f"| {name} | {one['true']:+g}° | {one['bias']:+g}° ({bias[0]:+g}° to {bias[1]:+g}°) |"
            f" {one['mae']:g}° ({mae[0]:g}° to {mae[1]:g}°) |"
        )

    lines = [
        f"| {result['takes']} takes of one person | true turn, mean | bias (95 % interval)"
        " | mean error (95 % interval) |",
        "|---|---|---|---|",
        *(row(name, one) for name, one in result["turn"].items()),
        row("all frames, against the lower trunk", result["against_lower_trunk"]),
    ]
    lines += [
        row(f"all frames, depth times {depth}", one)
        for depth, one in result["by_depth"].items()
        if depth != f"{DEPTH:g}"
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, draw, and write the results."""
    if not paths():
        print("The motion capture (../shared/independent) is not here; its figures stay.")
        return
    result = measure()
    print(as_markdown(result))
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    FIGURE.write_text(figure(result["bins"]))
    put("mocap", as_markdown(result), PAGE)
    for path in (RESULTS, FIGURE, PAGE):
        print(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

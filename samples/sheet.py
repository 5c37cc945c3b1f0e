"""A sheet of stills of an exercise: where it starts, its peak, and the peak of every fault."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from samples.body_model import Body
from samples.camera import camera
from samples.clothes import OUTFITS
from samples.exercises import EXERCISES, Plan
from samples.exercises.drill import Drill
from samples.performance import Performance, stills
from samples.posture import Script
from samples.scene import DECORS, Picture, Scene

TILE = 320, 240
COLUMNS = 4

body_of = cache(Body.create)


def write_sheet(exercise: str, path: Path, body: int = 1, view: str | None = None) -> float:
    """Draw the sheet, and return the largest contact gap on it, metres.

    Parameters
    ----------
    view
        Camera of all tiles; each one's own judging camera by default.
    """
    entry = EXERCISES[exercise]
    worst = 0.0
    tiles: list[Picture] = []

    def tile(still: Performance, fault: str | None, text: str) -> None:
        nonlocal worst
        worst = max(worst, still.gap_m)
        tiles.append(_tile(exercise, still, body, view or entry.camera_for(fault), text))

    for fault in (None, *entry.faults):
        plan = Plan(1, 4.0, fault, seed=1)
        script = entry.script(plan)
        times = times_shown(entry.perform, script, fault)
        if fault is None:
            for name, still in zip(
                times, stills(body_of(body), script, [*times.values()]), strict=True
            ):
                tile(still, None, name)
        else:
            size = entry.faults[fault]
            (still,) = stills(body_of(body), script, [times["fault"]])
            tile(still, fault, f"{fault} {size[0]:g} {size[1]}")
    while len(tiles) % COLUMNS:
        tiles.append(np.zeros_like(tiles[0]))
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))
    return worst


def times_shown(perform: object, script: Script, fault: str | None) -> dict[str, float]:
    """Return when to look: half-way through a move, which stands for what it leads to."""
    if fault is None or not script.faults:
        return {"start": 0.0} | {
            f"{i}": move.start_s + move.seconds / 2 for i, move in enumerate(script.moves)
        }
    shown = script.faults[0]
    peaks = [r.peak_s for r in script.repetitions if shown.start_s <= r.peak_s <= shown.end_s]
    flaw = perform.flaws[fault] if isinstance(perform, Drill) else None
    if flaw and not flaw.peak and (flaw.via or flaw.rest):
        return {"fault": shown.start_s + 0.01}  # the first station shows it, or what leads there
    return {"fault": (peaks[0] if peaks else shown.start_s) + 0.01}


def _tile(exercise: str, still: Performance, body: int, view: str, text: str) -> Picture:
    entry = EXERCISES[exercise]
    seen_by = replace(
        camera(view, entry.facing or still.script.start.facing, entry.place), width=480, height=360
    )
    scene = Scene(
        still.body, OUTFITS[body], seen_by, decor=body % len(DECORS), furniture=still.furniture,
        mat=entry.place == "floor", smooth_edges=False,
    )  # fmt: skip
    picture = scene.draw(still.figure(0))
    scene.close()
    out = np.ascontiguousarray(cv2.resize(picture, TILE, interpolation=cv2.INTER_AREA))
    label = f"{text} [{view}] {1000 * still.gap_m:.0f} mm"
    cv2.putText(out, label, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (20, 20, 20), 1, cv2.LINE_AA)
    return out

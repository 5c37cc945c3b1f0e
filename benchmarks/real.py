"""How right counts and times are on people whom nobody rendered: a part of `make accuracy`.

Two sets, both beside the project and never in it: clips labelled by eye (``footage``) and movement
data from elsewhere (``independent``: marker positions seen by a camera of our choice, and landmarks
of held yoga poses). They were looked at while rules were made, so they are regression sets: what
they say of people whom nobody has seen is an upper bound.

A *count* is right when it lies in the label's range. A *hold* is right when the held time is within
15 % or 1 s of the label's. *Refused* is a clip in which nothing was counted, timed or
called an attempt. A *false* one is a repetition or hold in a clip of another movement. Somebody is
*blamed* when a form error is reported that the eye does not see: `SHOWN` names those that it does.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from formcheck.body import Recording
from formcheck.engine.core import Engine
from formcheck.recognise import from_engines, together
from formcheck.spec import catalogue

ROOT = Path(__file__).parent.parent
FOOTAGE = ROOT.parent / "shared" / "footage"
INDEPENDENT = ROOT.parent / "shared" / "independent"

HOLD_SHARE, HOLD_S = 0.15, 1.0
# Clips that their labels call "other", and count by an exercise's rules all the same.
VARIANTS = {"other: curl-up": "curl_up_arms_reach", "other: crunch": "curl_up_arms_reach"}
# Form errors that clips really show: by clip, the error and what makes it one. They are labelled as
# repetitions or holds all the same; their form is what the labels' notes say of it.
SHOWN: dict[str, dict[str, str]] = {
    "fit_figurefour": {"shoulders_lift": "label: head and shoulders lifted all the time"},
    "fit_hamstring": {"shoulders_lift": "label: head and shoulders well off the floor"},
    "fit_neckstretch": {"trunk_leans": "label: the trunk leans with it; 15 deg at its furthest"},
    "fit_birddog": {"leg_too_high": "label: the leg is lifted a little above the line"},
    "riz_wallsit": {"knees_past_toes": "label: feet close to the wall; knees are past the toes"},
    "sit_curlup_crossed": {"arms_not_vertical": "label: arms crossed on the chest"},
}
AZIMUTHS = (60, 75, 90, 105, 120, 240, 255, 270, 285, 300)
ROLLS = (-10, 0, 10)


@dataclass(frozen=True, slots=True)
class OnClip:
    """What one labelled clip came to.

    `count` and `hold` are None where the label asks for none; `told` is what was found, in words.
    `errors` are the form errors reported, `blamed` those of them that the clip does not show.
    """

    clip: str
    exercise: str
    count: bool | None
    hold: bool | None
    refused: bool
    errors: tuple[str, ...]
    recognised: str | None
    others: dict[str, tuple[int, float]]
    told: str

    @property
    def asked(self) -> bool:
        """Whether its label asks for a count or a hold."""
        return self.count is not None or self.hold is not None

    @property
    def blamed(self) -> tuple[str, ...]:
        """The form errors reported that it does not show."""
        return tuple(id for id in self.errors if id not in SHOWN.get(self.clip, ()))


def exercise_of(label: str) -> str:
    """Return the exercise that a label stands for; the label itself where it is none."""
    for start, id in VARIANTS.items():
        if label.startswith(start):
            return id
    return label.removeprefix("avoid: ")


def judge(label: dict[str, Any], own_only: bool = False) -> OnClip:
    """Judge a labelled clip by all exercises, or by its own only: then nothing is recognised."""
    exercise = exercise_of(label["exercise"])
    engines = {
        id: Engine(loaded.spec)
        for id, loaded in catalogue().items()
        if id == exercise or not own_only
    }
    watch = together(Recording.load(FOOTAGE / label["trace"]), engines.values())
    count = hold = None
    refused, errors, told = False, (), ""
    own = engines.get(exercise)
    if own is not None:
        reps = sum(r.counted for r in own.repetitions)
        held_s = sum(h.held_s for h in own.holds)
        if own.spec.repetition is not None and label["reps"][1] > 0:
            count = label["reps"][0] <= reps <= label["reps"][1]
        if (
            label["holds_s"]
            and own.spec.hold is not None
            and own.spec.guide is None
            and count is None
        ):
            true = sum(end - start for start, end in label["holds_s"])
            hold = abs(held_s - true) <= max(HOLD_S, HOLD_SHARE * true)
        asked = count is not None or hold is not None
        refused = asked and not (own.repetitions or own.holds)
        errors = tuple(sorted({fault.id for fault in own.faults}))
        told = f"{reps} of {label['reps']}, held {held_s:.1f} s of {label['holds_s']}"
    others = {
        id: found
        for id, engine in engines.items()
        if id != exercise and engine.spec.guide is None and (found := counted(engine)) != (0, 0.0)
    }
    recognised = None if own_only else from_engines(engines.values(), watch).exercise
    return OnClip(label["clip"], exercise, count, hold, refused, errors, recognised, others, told)


def counted(engine: Engine) -> tuple[int, float]:
    """Return counted repetitions and, of what is held, seconds."""
    holds = engine.holds if engine.spec.kind == "hold" else []
    return sum(r.counted for r in engine.repetitions), round(sum(h.held_s for h in holds), 2)


def on_clips() -> list[OnClip]:
    """Judge all labelled clips."""
    labels = json.loads((FOOTAGE / "labels.json").read_text())
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(judge, labels))


def cameras() -> ModuleType:
    """Return the module that shows marker data to a camera."""
    spec = importlib.util.spec_from_file_location("recordings", INDEPENDENT / "recordings.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seen_from(path: Path, azimuth: float, roll: float) -> tuple[Recording, int]:
    """Return marker data as a camera sees it, with a second of stillness at both ends."""
    data = np.load(path)
    points, rate = data["points"].astype(float), float(data["rate"])
    still = int(rate)
    points = np.concatenate(
        [np.repeat(points[:1], still, 0), points, np.repeat(points[-1:], still, 0)]
    )
    image, world, size = cameras().camera(points, azimuth, roll=roll)
    t = np.arange(len(points)) / rate
    return Recording(t, image, world, int(size[0]), int(size[1])), int(data["repetitions"])


def series() -> Iterator[tuple[Path, int, int]]:
    """Yield each series of marker data with each camera."""
    for path in sorted(INDEPENDENT.glob("uiprmd_m05_*.npz")):
        for azimuth in AZIMUTHS:
            for roll in ROLLS:
                yield path, azimuth, roll


def sit_to_stand(case: tuple[Path, int, int]) -> tuple[bool, bool, int]:
    """Return whether a series is counted exactly, whether its person is blamed, and the count."""
    path, azimuth, roll = case
    recording, repetitions = seen_from(path, azimuth, roll)
    engine = Engine(catalogue()["sit_to_stand"].spec)
    together(recording, [engine])
    counted = sum(r.counted for r in engine.repetitions)
    return counted == repetitions, bool(engine.faults), counted


def is_correct(path: Path) -> bool:
    """Whether a series is of somebody who does it well, not of one who simulates a poor pattern."""
    return "_right_" in path.name


def other_movement(path: Path) -> dict[str, int]:
    """Return the repetitions that any exercise counts in another movement, from three views."""
    found: dict[str, int] = {}
    for azimuth in (0, 60, 90):
        engines = [Engine(loaded.spec) for loaded in catalogue().values()]
        together(seen_from(path, azimuth, 0)[0], engines)
        for engine in engines:
            reps = sum(r.counted for r in engine.repetitions)
            if reps:
                found[engine.spec.id] = found.get(engine.spec.id, 0) + reps
    return found


def yoga(path: Path) -> tuple[str, float, float]:
    """Return the exercise, the hold time and the recording's length, seconds."""
    recording = Recording.load(path)
    id = "downward_dog" if "downdog" in path.name else "press_up"
    engine = Engine(catalogue()[id].spec)
    together(recording, [engine])
    return id, sum(h.held_s for h in engine.holds), float(recording.t[-1] - recording.t[0])


def share(flags: Sequence[bool]) -> str:
    """Return how many of the flags are true, in words."""
    return f"{sum(flags)} of {len(flags)} ({sum(flags) / len(flags):.0%})" if flags else "-"


def on_series() -> dict[str, str]:
    """Count sit to stand from each camera, and look for repetitions in other movements."""
    cases = list(series())
    others = sorted(p for p in INDEPENDENT.glob("uiprmd_m0*.npz") if "_m05_" not in p.name)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(sit_to_stand, cases, chunksize=8))
        false = list(pool.map(other_movement, others))
        poses = list(pool.map(yoga, sorted(INDEPENDENT.glob("yoga_*.npz"))))
    found = {"sit to stand, series of ten counted exactly": share([exact for exact, *_ in results])}
    for roll in ROLLS:
        found[f"sit to stand, camera rolled by {roll}°"] = share(
            [r[0] for c, r in zip(cases, results, strict=True) if c[2] == roll]
        )
    found["sit to stand, correct series with a form error reported"] = share(
        [r[1] for c, r in zip(cases, results, strict=True) if is_correct(c[0])]
    )
    found["sit to stand, poor series with a form error reported"] = share(
        [r[1] for c, r in zip(cases, results, strict=True) if not is_correct(c[0])]
    )
    for path, reps in zip(others, false, strict=True):
        name = path.stem.removeprefix("uiprmd_")
        found[f"repetitions counted in another movement, {name}"] = (
            ", ".join(f"{id} {n}" for id, n in reps.items()) or "none"
        )
    for id in ("downward_dog", "press_up"):
        timed = [held > 0 for one, held, _ in poses if one == id]
        found[f"{id.replace('_', ' ')} timed"] = share(timed)
    return found


def on_people(clips: Sequence[OnClip]) -> dict[str, str]:
    """Sum up the labelled clips."""
    asked = [c for c in clips if c.asked]
    known = [c for c in clips if c.exercise in catalogue()]
    return {
        "repetitions counted as labelled": share([c.count for c in clips if c.count is not None]),
        "holds within 15 % or 1 s": share([c.hold for c in clips if c.hold is not None]),
        "refused": share([c.refused for c in asked]),
        "with a form error reported": share([bool(c.errors) for c in asked]),
        "with one reported that they do not show": share([bool(c.blamed) for c in asked]),
        "recognised": share([c.recognised == c.exercise for c in known]),
        "repetitions or holds of another exercise": share([bool(c.others) for c in clips]),
    }


def figures() -> dict[str, dict[str, str]]:
    """Return the figures of both sets, of those that are here."""
    found = {}
    if FOOTAGE.is_dir():
        found["clips of real people"] = on_people(on_clips())
    if INDEPENDENT.is_dir():
        found["independent movement data"] = on_series()
    return found


def main() -> None:
    """Print the figures, and each clip that is wrong or has something of another exercise in it."""
    if FOOTAGE.is_dir():
        clips = on_clips()
        for one in clips:
            wrong = one.count is False or one.hold is False or one.refused
            if wrong or one.others:
                mark = "WRONG" if wrong else "     "
                print(f"{mark} {one.clip:34}{one.exercise:31}{one.told}  others {one.others}")
        for one in clips:
            for id in one.errors:
                mark = "BLAMED" if id in one.blamed else "shown "
                why = SHOWN.get(one.clip, {}).get(id, "")
                print(f"{mark} {one.clip:34}{one.exercise:31}{id:20}{why}")
        for name, figure in on_people(clips).items():
            print(f"{name:60}{figure}")
    if INDEPENDENT.is_dir() and "--clips" not in sys.argv:
        for name, figure in on_series().items():
            print(f"{name:60}{figure}")


if __name__ == "__main__":
    main()

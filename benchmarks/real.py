"""How right counts and times are on people whom nobody rendered: a part of `make accuracy`.

Prints what is wrong, writes benchmarks/results/real.json and puts its table in the README.

Two sets, both beside the project and never in it: clips labelled by eye (``footage``) and movement
data from elsewhere (``independent``: marker positions seen by a camera of our choice, and landmarks
of held yoga poses). They were looked at while rules were made, so they are regression sets: what
they say of people whom nobody has seen is an upper bound.

A *count* is right when it lies in the label's range. A *hold* is right when the held time is within
15 % or 1 s of the label's; of a yoga pose only whether it is timed at all, as its recordings' frame
rate is not known. *Refused* is a clip in which nothing was counted, timed or
called an attempt. A *false* one is a repetition or hold in a clip of another movement. Somebody is
*blamed* when a form error is reported that the eye does not see: `SHOWN` names those that it does.
A clip is *recognised* when it is named as what it is without being asked for; one of no exercise,
when none is named.

Intervals are Wilson's, of 95 %. They take each person for one case, however many cameras look on;
of the footage each clip, though some clips show the same person and two are the same film.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.intervals import wilson
from benchmarks.readme import put
from formcheck.body import Recording
from formcheck.engine.core import Engine
from formcheck.recognise import Watch, from_engines, together
from formcheck.spec import catalogue

ROOT = Path(__file__).parent.parent
FOOTAGE = ROOT.parent / "shared" / "footage"
INDEPENDENT = ROOT.parent / "shared" / "independent"
RESULTS = ROOT / "benchmarks" / "results" / "real.json"

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
# All exercises look at the marker data from these only, level: it takes ten times as long.
NAMED_FROM = (60, 90, 270)
OTHERS_FROM = (0, 60, 90)


@dataclass(frozen=True, slots=True)
class OnClip:
    """What one clip, or one camera's view of marker data, came to.

    `count`, `hold` and `named` (recognised as what it is) are None where they are not asked for;
    `told` is what was found, in words. `errors` are the form errors reported, `blamed` those of
    them that the clip does not show. `person` is whom it shows; of the footage that is not known.
    """

    clip: str
    person: str
    exercise: str
    count: bool | None
    hold: bool | None
    refused: bool
    errors: tuple[str, ...]
    named: bool | None
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
    engines = engines_for(exercise, not own_only)
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
    named = None if own_only else is_named(exercise, engines, watch)
    others = others_in(exercise, engines)
    clip = label["clip"]
    return OnClip(clip, clip, exercise, count, hold, refused, errors, named, others, told)


def engines_for(exercise: str, all_: bool) -> dict[str, Engine]:
    """Return the engines of an exercise, or of all."""
    return {id: Engine(one.spec) for id, one in catalogue().items() if all_ or id == exercise}


def is_named(exercise: str, engines: dict[str, Engine], watch: Watch) -> bool:
    """Whether a movement is recognised as what it is; as none, where it is no exercise."""
    return from_engines(engines.values(), watch).exercise == (
        exercise if exercise in catalogue() else None
    )


def others_in(exercise: str, engines: dict[str, Engine]) -> dict[str, tuple[int, float]]:
    """Return what other exercises counted and held."""
    return {
        id: found
        for id, engine in engines.items()
        if id != exercise and engine.spec.guide is None and (found := counted(engine)) != (0, 0.0)
    }


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


def sit_to_stand(case: tuple[Path, int, int]) -> OnClip:
    """Judge a series of marker data as one camera sees it."""
    path, azimuth, roll = case
    recording, repetitions = seen_from(path, azimuth, roll)
    all_ = roll == 0 and azimuth in NAMED_FROM
    engines = engines_for("sit_to_stand", all_)
    watch = together(recording, engines.values())
    own = engines["sit_to_stand"]
    reps, _ = counted(own)
    return OnClip(
        f"{path.stem}@{azimuth},{roll}",
        path.stem.rsplit("_", 1)[-1],
        own.spec.id,
        reps == repetitions,
        None,
        not own.repetitions,
        tuple(sorted({fault.id for fault in own.faults})),
        is_named(own.spec.id, engines, watch) if all_ else None,
        others_in(own.spec.id, engines),
        f"{reps} of {repetitions}",
    )


def is_correct(path: Path) -> bool:
    """Whether a series is of somebody who does it well, not of one who simulates a poor pattern."""
    return "_right_" in path.name


def other_movement(case: tuple[Path, int]) -> OnClip:
    """Look for repetitions and holds in marker data of another movement."""
    path, azimuth = case
    _, movement, _, person = path.stem.split("_")
    engines = engines_for("", True)
    watch = together(seen_from(path, azimuth, 0)[0], engines.values())
    named, others = is_named(movement, engines, watch), others_in(movement, engines)
    clip = f"{path.stem}@{azimuth}"
    return OnClip(clip, person, movement, None, None, False, (), named, others, "")


def yoga(path: Path) -> OnClip:
    """Judge a recording of a held yoga pose: is it timed."""
    exercise = "downward_dog" if "downdog" in path.name else "press_up"
    engines = engines_for(exercise, True)
    watch = together(Recording.load(path), engines.values())
    own = engines[exercise]
    held_s = sum(h.held_s for h in own.holds)
    return OnClip(
        path.stem,
        path.stem.split("_")[2],
        exercise,
        None,
        held_s > 0.0,
        not (own.repetitions or own.holds),
        tuple(sorted({fault.id for fault in own.faults})),
        is_named(exercise, engines, watch),
        others_in(exercise, engines),
        f"held {held_s:.1f} s",
    )


def on_independent() -> dict[str, list[OnClip]]:
    """Judge the independent movement data, by what it shows."""
    others = sorted(p for p in INDEPENDENT.glob("uiprmd_m0*.npz") if "_m05_" not in p.name)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        cases = list(series())
        seen = list(zip(cases, pool.map(sit_to_stand, cases, chunksize=8), strict=True))
        poses = list(pool.map(yoga, sorted(INDEPENDENT.glob("yoga_*.npz"))))
        false = list(pool.map(other_movement, [(p, a) for p in others for a in OTHERS_FROM]))
    found = {
        CORRECT: [one for case, one in seen if is_correct(case[0])],
        POOR: [one for case, one in seen if not is_correct(case[0])],
    }
    for roll in ROLLS:
        name = f"{SERIES}, both, camera rolled by {roll}°"
        found[name] = [one for case, one in seen if case[2] == roll]
    for id, name in (("downward_dog", "downward_dog"), ("press_up", "press_up (cobra)")):
        found[f"{name}, yoga poses: timed at all"] = [one for one in poses if one.exercise == id]
    found["other movements, motion capture"] = false
    return found


# -- the table ----------------------------------------------------------------------------------

SERIES = "sit_to_stand, motion capture"
CORRECT, POOR = f"{SERIES}, done correctly", f"{SERIES}, poor pattern simulated"
OTHER, ALL = "other movements", "all clips"
# The table's columns: their names in the results and above the table, and what counts there.
COLUMNS: dict[str, tuple[str, Callable[[OnClip], bool | None]]] = {
    "exact": ("count exact", lambda one: one.count),
    "held": ("hold within 15 % or 1 s", lambda one: one.hold),
    "refused": ("refused", lambda one: one.refused if one.asked else None),
    "blamed": ("false alarm", lambda one: bool(one.blamed) if one.asked else None),
    "recognised": ("recognised", lambda one: one.named),
    "others": (
        "another exercise counted",
        lambda one: None if one.named is None else bool(one.others),
    ),
}

Share = dict[str, float]
Row = dict[str, Any]


def share(flags: Sequence[tuple[str, bool]]) -> Share | None:
    """Return how many flags are true, with an interval; each comes with the person it is of."""
    if not flags:
        return None
    right, people = sum(flag for _, flag in flags), len({person for person, _ in flags})
    least, most = wilson(right / len(flags) * people, people)
    return {"of": len(flags), "are": right, "least": round(least, 3), "most": round(most, 3)}


def row(clips: Sequence[OnClip]) -> Row:
    """Return a row of the table, without any clip's name."""
    found: Row = {"clips": len(clips), "people": len({one.person for one in clips})}
    for name, (_, what) in COLUMNS.items():
        flags = [(one.person, flag) for one in clips if (flag := what(one)) is not None]
        found[name] = share(flags)
    return found


def on_footage(clips: Sequence[OnClip]) -> dict[str, Row]:
    """Sum up the labelled clips: by exercise, those of other movements, and all."""
    exercises = sorted({one.exercise for one in clips} & catalogue().keys())
    rows = {id: row([one for one in clips if one.exercise == id]) for id in exercises}
    rows[OTHER] = row([one for one in clips if one.exercise not in catalogue()])
    rows[ALL] = row(clips)
    for one in rows.values():
        one["people"] = None  # not known
    return rows


def on_independent_rows(found: dict[str, list[OnClip]]) -> dict[str, Row]:
    """Sum up the independent data. What is no clip of good form has no false alarms."""
    rows = {name: row(clips) for name, clips in found.items()}
    for name, one in rows.items():
        if name != CORRECT:
            one["blamed"] = None
    reported = [(one.person, bool(one.errors)) for one in found[POOR]]
    rows[POOR]["reported"] = share(reported)
    return rows


def as_markdown(result: dict[str, dict[str, Row]]) -> str:
    """Return the README's table."""

    def cell(found: Share | None) -> str:
        if found is None:
            return "-"
        least, most = 100 * found["least"], 100 * found["most"]
        return f"{found['are']:g} of {found['of']:g} ({least:.0f} to {most:.0f} %)"

    titles = [title for title, _ in COLUMNS.values()]
    lines = [
        f"| real people | clips or views | {' | '.join(titles)} |",
        f"|---|---|{'---|' * len(titles)}",
    ]
    for rows in result.values():
        for name, one in rows.items():
            clips = f"{one['clips']}"
            if one["people"] is not None:
                clips += f" of {one['people']} {'person' if one['people'] == 1 else 'people'}"
            name = f"**{name}**" if name == ALL else name
            lines.append(f"| {name} | {clips} | {' | '.join(cell(one[c]) for c in COLUMNS)} |")
    poor = result["independent"][POOR]["reported"]
    lines += [
        "",
        "Of the sit-to-stand series with a simulated poor pattern a form error is reported in"
        f" {cell(poor)}.",
    ]
    return "\n".join(lines) + "\n"


def measure(clips: Sequence[OnClip]) -> dict[str, dict[str, Row]]:
    """Return the figures of both sets."""
    return {"footage": on_footage(clips), "independent": on_independent_rows(on_independent())}


def main() -> None:
    """Print each clip that is wrong or has something of another exercise in it; write the table."""
    if not FOOTAGE.is_dir():
        print("The clips of real people (../shared/footage) are not here; their figures stay.")
        return
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
    if "--clips" in sys.argv or not INDEPENDENT.is_dir():
        print(f"Without the independent data {RESULTS.name} and the README stay.")
        return
    result = measure(clips)
    print(as_markdown(result))
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    put("real", as_markdown(result))
    print(f"written: {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

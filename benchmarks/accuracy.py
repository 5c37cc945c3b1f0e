"""How right formcheck is: most of `make accuracy`; the rest is in `real.py` and `mocap_angles.py`.

Judges rendered people whose every joint is known (benchmarks/rendered, made by `python -m samples
evaluation`) and, where they are at hand, clips of real people labelled by eye. Both are regression
sets: limits were chosen on other bodies and seeds, but where these clips showed a defect, the rule
was mended and measured again on them. Prints tables and writes benchmarks/results/accuracy.json.

What is measured
----------------
repetitions
    Exact in so many of the clips, on each side; MAE is the mean of |told - true| / true, OBO the
    share of clips that are off by one at most. A movement made too low on purpose is no repetition,
    nor one whose form error makes it another movement, nor one that truly begins beyond rest. Only
    clips from a camera set-up that shows repetitions, and without a movement that truly begins or
    ends within 8 degrees of what counts: no claim is finer than that.
peak
    Mean distance of a told peak from the middle of the true time at the top.
hold
    Mean of |told - true| seconds, in clips without a form error (some errors stop the clock, as
    they should). The true hold lasts while the body is within a tenth of the way from the held
    posture: so much the eye, and the engine, take for held. Where no true angle is compared it is
    the time in which the posture stands still: told holds are longer by the ends of the way.
angles
    Told minus true, in position, where clearly seen: mean (bias) and mean size (MAE), by the view
    from which the camera sees the body; a side's own angles while that side's movement is done,
    if the spec judges it from there.
    `bias` and `mae` of a measure are those of the square views. Where a view's error is large, the
    spec rests nothing on the angle from there (its `cameras`).
form errors
    Per repetition or hold: told where made (recall, from the size on that the spec claims to
    find), made where told (precision). `smallest` is the smallest size from which on nine of ten
    are told. What is done with a side that the spec does not time from there, or on which the
    review says that the error was not judged, is left out.
false repetitions
    Repetitions and holds that the exercise's spec finds in clips of other movements, done rightly.
fewer pictures
    The same for a slow computer, which follows so many pictures a second, unevenly (each comes up
    to 30 % sooner or later, in three ways, from fixed seeds): the clips' own exercises, all
    together. The tracker saw all 15 pictures a second, of which the rest was left out.
not judged
    Share of the form errors (and holds) that a camera should show and that were not judged, in
    clips done rightly; half of one that was judged on one side only.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.packed import SUFFIX, unpack
from benchmarks.readme import put
from benchmarks.real import FOOTAGE
from formcheck.body import Recording
from formcheck.engine.core import Engine
from formcheck.recognise import Watch, from_engines, together
from formcheck.spec import Condition, Repetition, Spec, catalogue

ROOT = Path(__file__).parent.parent
RENDERED = ROOT / "benchmarks" / "rendered"
RESULTS = ROOT / "benchmarks" / "results" / "accuracy.json"

# Pictures a second that slow computers follow; each comes sooner or later by this share, in so many
# ways.
SLOW_FPS = (8, 5)
UNEVEN = 0.3
WAYS = 3
# A told form error belongs to a repetition or hold when it lies this near to it.
NEAR_S = 0.5
# Share of a movement's way within which its end counts as reached.
REACHED = 0.1
RELIABLE = 0.9
# What one camera can tell apart, degrees (docs/engine.md).
FINEST_DEG = 8.0

# Movements in which an exercise's repetitions or holds are no mistake.
RELATED = {
    "plank": {"knee_plank"},  # on the way into and out of it the knees may be straight
    "knee_plank": {"plank"},
    "press_up": {"plank", "knee_plank"},  # propping up on the elbows before it is one
    # one knee is drawn to the chest in these, too, or both are
    "single_knee_to_chest": {
        "piriformis_stretch_figure_four",
        "piriformis_stretch_opposite_shoulder",
        "hip_flexor_stretch_supine",
    },
    "double_knee_to_chest": {"piriformis_stretch_thigh_press", "piriformis_stretch_crossed_pull"},
    # the same roll, paused or held
    "lower_trunk_rotation": {"lower_back_stretch"},
    "lower_back_stretch": {"lower_trunk_rotation"},
    # the same lunge, upright or leaning
    "hip_flexor_stretch_kneeling": {"hip_flexor_stretch_kneeling_psoas"},
    "hip_flexor_stretch_kneeling_psoas": {"hip_flexor_stretch_kneeling"},
}
# By a measure's kind and joints, the true angle that it is compared with: a sum of the truth's
# columns, `own_` standing for the side that the measure is of.
TRUE_ANGLES: dict[tuple[str, ...], str] = {
    ("joint_angle", "hip", "knee", "ankle"): "own_knee",
    ("joint_angle", "shoulder", "elbow", "wrist"): "own_elbow",
    ("joint_angle", "shoulder", "hip", "knee"): "own_hip",
    ("segment_angle", "hip", "knee", "hip", "shoulder"): "own_hip",
    ("line_angle", "shoulder", "hip", "knee"): "own_knee_line",
    ("line_angle", "shoulder", "hip", "ankle"): "own_line",
    ("inclination", "hip", "shoulder"): "trunk_elevation",
    ("inclination", "hip", "ankle"): "own_leg_elevation",
    ("inclination", "knee", "hip"): "- own_thigh_elevation",
    ("inclination", "shoulder", "wrist"): "own_arm_elevation",
    ("inclination", "ear", "nose"): "head_pitch",
    ("elevation", "hip", "knee", "shoulder", "hip"): "own_thigh_elevation + trunk_elevation",
    ("elevation", "hip", "ankle", "shoulder", "hip"): "own_leg_elevation + trunk_elevation",
    ("elevation", "shoulder", "wrist", "hip", "shoulder"): "own_arm_elevation - trunk_elevation",
    ("lean", "shoulder", "hip", "ear", "nose"): "- trunk_forward",
    ("lean", "shoulder", "hip", "heel", "foot_index"): "- trunk_forward",
    ("lean", "shoulder", "hip", "hip", "hip"): "own_trunk_aside",
    ("lean", "hip", "knee", "knee", "ankle"): "90 + own_thigh_elevation",  # of a kneeling thigh
    ("turn", "shoulder", "shoulder", "hip", "hip"): "shoulder_hip_turn",
    ("difference", "ear", "ear", "shoulder", "shoulder"): "own_head_tilt",
}
# Per exercise that is held, the true angle by which it is, where its spec does not ask for one.
HELD_BY: dict[str, str] = {
    "piriformis_stretch_thigh_press": "own_hip",
    "lower_back_stretch": "knees_rolled",
    "hip_flexor_stretch_kneeling": "near_hip",  # of the leg behind, which the camera is beside
    "hip_flexor_stretch_kneeling_psoas": "near_hip",
    "quadriceps_stretch_prone": "own_knee",
    "quadriceps_stretch_side_lying": "own_knee",
    "downward_dog": "near_hip",
    "seated_trunk_rotation": "shoulder_hip_turn",
}
IN_FRONT = "_passed_in_front_"
# Where cameras see a body from, by how their names begin; what is not in it stands for itself.
VIEWS = {
    "side": "side",
    "oblique": "oblique",
    "feet": "foot end",
    "front_of_body": "front of the body",
    "back_of_body": "back of the body",
    "front": "front",
    "back": "back",
}
# Views that see angles of the sagittal plane, or of a side-lying body's front, as they are.
SQUARE = ("side", "front", "front of the body")

# Form errors that a body may escape when it is placed: made where the true angle, in the middle of
# the time at the top, is beyond the catalogue's limit (1 above, -1 below), whatever was asked for.
TRUE_FAULTS: dict[tuple[str, str], tuple[str, float, int]] = {
    ("bridge", "feet_too_far"): ("near_knee", 115.0, 1),
}
# Rules that tell another's error by another measure: an opened pelvis swings, too.
SAME_ERROR = {("bird_dog", "hips_swing"): "hips_not_level"}


@dataclass
class Clip:
    """A rendered clip: landmarks, and what was really done."""

    name: str
    truth: dict[str, Any]
    recording: Recording

    @property
    def near(self) -> str:
        """The side that the camera is on."""
        return "right" if "right" in self.truth["camera"] else "left"

    @property
    def view(self) -> str:
        """Where the camera sees the body from."""
        camera = self.truth["camera"]
        return next((name for start, name in VIEWS.items() if camera.startswith(start)), camera)

    def angle(self, formula: str, own: str | None) -> np.ndarray:
        """Return a sum of true angles, degrees, per frame."""
        rows, titles = np.array(self.truth["rows"]), self.truth["columns"]
        total, sign = np.zeros(len(rows)), 1.0
        for word in formula.split():
            if word in "+-":
                sign = 1.0 if word == "+" else -1.0
                continue
            name = word.replace("near_", f"{self.near}_").replace("own_", f"{own}_")
            if word.isdigit():
                total += sign * float(word)
            elif name in titles:
                total += sign * rows[:, titles.index(name)]
            else:  # one of the whole body: to the left, in the truth
                x = rows[:, titles.index(word.removeprefix("own_"))]
                total += sign * (x if own == "left" else -x)
            sign = 1.0
        return np.interp(self.recording.t, rows[:, titles.index("t")], total)

    def true(self, spec: Spec, name: str, side: str | None) -> np.ndarray | None:
        """Return the true angle that a measure of a spec is of, degrees, per frame; or None."""
        measure = spec.measures[name]
        parts = [spec.measures[part] for part in measure.parts()] or [measure]
        points = [point for part in parts for point in part.needs()]
        joints = [point.partition("_")[2] or point for point in points]
        formula = TRUE_ANGLES.get((measure.kind, *joints))
        if formula is None:
            return None
        opposite = {"left": "right", "right": "left"}
        own = side or self.near
        sides = {"near": self.near, "far": opposite[self.near], "other": opposite[own]}
        return self.angle(formula, sides.get(points[0].partition("_")[0], own))


@dataclass
class Tally:
    """What is counted of one form error."""

    told_rightly: int = 0
    told_wrongly: int = 0
    made: dict[float, list[bool]] = field(default_factory=dict)

    def found_from(self, size: float) -> list[bool]:
        """Return of each error of this size or larger whether it was told."""
        return [told for made, each in self.made.items() if made >= size for told in each]


def rendered_clips() -> Iterator[Clip]:
    """Yield the rendered clips, by name."""
    for path in sorted(RENDERED.glob(f"*{SUFFIX}")):
        recording, truth = unpack(path)
        yield Clip(path.name.removesuffix(SUFFIX), truth, recording)


def true_holds(clip: Clip, spec: Spec, untimed: set[str]) -> list[tuple[float, float]]:
    """Return the held times, from within a tenth of the way on (see the module's text).

    Without those of the sides of which the review says that it could not time them.
    """
    fps = clip.truth["fps"]
    found = []
    if IN_FRONT in clip.name:
        return []  # who is hidden by somebody else is not timed meanwhile
    for hold in clip.truth["holds"]:
        if f"holds_{hold.get('side')}" in untimed:
            continue
        first, last = round(hold["start_s"] * fps), round(hold["end_s"] * fps)
        x = held_by(clip, spec, hold.get("side"))
        if x is not None:
            last = min(last, len(x) - 1)
            for step, edge in ((-1, first), (1, last)):
                way = x[max(0, edge - 2 * fps) : edge] if step < 0 else x[edge : edge + 2 * fps]
                allowed = REACHED * np.abs(way - x[edge]).max(initial=0.0)
                at = edge
                while 0 <= at + step < len(x) and abs(x[at + step] - x[edge]) <= allowed:
                    at += step
                first, last = (at, last) if step < 0 else (first, at)
        found.append((first / fps, last / fps))
    return found


def held_by(clip: Clip, spec: Spec, side: str | None) -> np.ndarray | None:
    """Return the true angle by which an exercise is held, per frame; None where none is."""
    if spec.id in HELD_BY:
        return clip.angle(HELD_BY[spec.id], side)
    conditions = spec.hold.conditions if spec.hold is not None else ()
    asked = {c.measure for c in conditions if isinstance(c, Condition)}
    return clip.true(spec, spec.show, side) if spec.show in asked else None


def occasions(clip: Clip) -> list[dict[str, Any]]:
    """Return the repetitions, or else the holds, that a clip shows."""
    return clip.truth["repetitions"] or clip.truth["holds"]


def made(clip: Clip, spec: Spec, fault: str, i: int) -> float | None:
    """Return the size of a form error in a repetition or hold; None where it was not made."""
    if (spec.id, fault) in TRUE_FAULTS:
        column, limit, sign = TRUE_FAULTS[spec.id, fault]
        angles = clip.angle(column, None)
        at_top = np.interp(top_of(clip, occasions(clip)[i]), clip.recording.t, angles)
        return round(float(at_top)) if sign * (at_top - limit) > 0 else None
    for record in clip.truth["faults"]:
        if record["id"] == fault and record["repetition"] in (i, None):
            return abs(float(record["size"]))
    return None


def tally_faults(clip: Clip, spec: Spec, engine: Engine) -> dict[str, Tally]:
    """Return a clip's form errors, made and told."""
    tallies: dict[str, Tally] = {}
    short = {spec.short_error.id} if spec.short_error else set()
    missed = {n.id for n in engine.not_judged() if n.side is None}
    one_sided = {(n.id, n.side) for n in engine.not_judged()}
    judged_ids = ({fault.id for fault in spec.faults} | short) - missed
    for id in {SAME_ERROR.get((spec.id, id), id) for id in judged_ids}:
        # What cannot be counted from this camera cannot fall short either.
        if id in short and "repetitions" in missed:
            continue
        tally = tallies[id] = Tally()
        told = [x for x in engine.faults if SAME_ERROR.get((spec.id, x.id), x.id) == id]
        placed = set()
        for i, occasion in enumerate(occasions(clip)):
            begin, end = occasion["start_s"] - NEAR_S, occasion["end_s"] + NEAR_S
            here = [x for x in told if x.start_s < end and x.end_s > begin]
            placed |= {x.start_s for x in here}
            if (id, occasion.get("side")) in one_sided:
                continue
            size = made(clip, spec, id, i)
            if size is not None:
                tally.made.setdefault(size, []).append(bool(here))
                tally.told_rightly += bool(here)
            else:
                tally.told_wrongly += bool(here)
        tally.told_wrongly += sum(x.start_s not in placed for x in told)
    return tallies


def is_repetition(clip: Clip, spec: Spec, i: int) -> bool:
    """Whether a movement is one that counts: from rest to the top, and not another movement."""
    rules = spec.repetition
    assert rules is not None
    required = {requirement.measure for requirement in rules.requires}
    failing = {f.id for f in spec.faults if f.voids or f.measure in required}
    failing |= {spec.short_error.id} if spec.short_error else set()
    if any(made(clip, spec, id, i) is not None for id in failing):
        return False
    movement = clip.truth["repetitions"][i]
    angle = clip.true(spec, rules.measure, movement["side"])
    if angle is None:
        return True
    at_start = float(np.interp(movement["start_s"], clip.recording.t, angle))
    sign = 1 if rules.direction == "up" else -1
    return sign * (at_start - rules.rest.value) <= 0


@dataclass
class Findings:
    """What one clip's own exercise came to, and what the others saw in it.

    `exact` to `error` are None where repetitions are not judged. `others` are the repetitions,
    holds and held seconds that other exercises found; looked at only in clips done rightly, and so
    is `recognised`.
    """

    name: str
    exercise: str
    view: str
    right: bool
    exact: bool | None = None
    off_by_one: bool | None = None
    error: float | None = None
    peaks: list[float] = field(default_factory=list)
    holds: list[float] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    blamed: bool = False
    due: int = 0
    missing: float = 0
    angles: dict[str, list[float]] = field(default_factory=dict)
    others: dict[str, tuple[int, int, float]] = field(default_factory=dict)
    recognised: str | None = None


def thinned(recording: Recording, fps: float, way: int) -> Recording:
    """Return what is left of a recording at so many pictures a second."""
    rng = np.random.default_rng([way, len(recording)])
    steps = rng.uniform(1 - UNEVEN, 1 + UNEVEN, round(2 * fps * recording.t[-1]) + 2) / fps
    due = recording.t[0] + np.cumsum(steps)
    left = np.unique(np.searchsorted(recording.t, due[due <= recording.t[-1]]))
    return replace(
        recording, t=recording.t[left], image=recording.image[left], world=recording.world[left]
    )


def look_seldom(clip: Clip, fps: float, way: int) -> Findings:
    """Judge a clip by its own exercise, of which so many pictures a second are seen."""
    spec = catalogue()[clip.truth["exercise"]].spec
    engine = Engine(spec)
    found = Findings(clip.name, spec.id, clip.view, not clip.truth["faults"])
    together(thinned(clip.recording, fps, way), [engine])
    judge_own(clip, spec, engine, found)
    return found


def look(clip: Clip) -> Findings:
    """Judge a clip by its own exercise and, where it is done rightly, by all others."""
    specs = {id: loaded.spec for id, loaded in catalogue().items()}
    exercise, right = clip.truth["exercise"], not clip.truth["faults"]
    engines = {id: Engine(spec) for id, spec in specs.items() if right or id == exercise}
    found = Findings(clip.name, exercise, clip.view, right)
    watch = judge_together(clip, engines, found)
    if exercise in specs:
        judge_own(clip, specs[exercise], engines[exercise], found)
    if right:
        found.others = {
            id: counted(engine)
            for id, engine in engines.items()
            if exercise not in {id, *RELATED.get(id, ())}
        }
        found.recognised = from_engines(engines.values(), watch).exercise
    return found


def judge_together(clip: Clip, engines: dict[str, Engine], found: Findings) -> Watch:
    """Feed all engines; note the own one's errors of the compared measures, frame by frame."""
    own = engines.get(clip.truth["exercise"])
    if own is None:
        return together(clip.recording, engines.values())
    truth = {
        (side, name): angle
        for side in own.spec.judged_sides
        for name in own.spec.measures
        if (angle := clip.true(own.spec, name, side)) is not None
    }
    found.angles = {name: [] for _, name in truth}
    done = [(x["start_s"], x["end_s"], x.get("side")) for x in occasions(clip)]

    def compare(i: int) -> None:
        if not own.now().in_position:
            return
        t, values = clip.recording.t[i], dict(own.values())
        # A side's measures are of the limb that moves: compared while it does.
        moving = {side for start, end, side in done if start <= t <= end}
        for (side, name), angle in truth.items():
            if values[side][name].clear and (side is None or side in moving):
                found.angles[name].append(values[side][name].value - angle[i])

    return together(clip.recording, engines.values(), compare)


def judge_own(clip: Clip, spec: Spec, engine: Engine, found: Findings) -> None:
    """Compare what a clip's own exercise told with what was done."""
    unjudged = engine.not_judged()
    missed = {n.id for n in unjudged if n.side is None}
    if (
        spec.repetition is not None
        and "repetitions" not in missed
        and not borderline(clip, spec, spec.repetition)
    ):
        movements = clip.truth["repetitions"]
        real = [r for i, r in enumerate(movements) if is_repetition(clip, spec, i)]
        told = [r for r in engine.repetitions if r.counted]
        sides = {r["side"] for r in real} | {r.side for r in told}
        found.exact = all(
            sum(r["side"] == side for r in real) == sum(r.side == side for r in told)
            for side in sides
        )
        found.off_by_one = abs(len(told) - len(real)) <= 1
        if real:
            found.error = abs(len(told) - len(real)) / len(real)
            tops = [top_of(clip, r) for r in real]
            found.peaks = [min(abs(t.peak_s - top) for top in tops) for t in told]
    if spec.kind == "hold" and "holds" not in missed and found.right:
        for begin, end in true_holds(clip, spec, {n.id for n in unjudged}):
            seconds = sum(h.held_s for h in engine.holds if h.start_s < end and h.end_s > begin)
            found.holds.append(abs(seconds - (end - begin)))
    found.tallies = tally_faults(clip, spec, engine)
    if found.right:
        found.blamed = bool(engine.faults)
        set_up = engine.camera().setup
        shown = [f.id for f in spec.faults if set_up in f.cameras]
        found.due = len(shown)
        found.missing = sum(0.5 if n.side else 1 for n in unjudged if n.id in shown)
        if spec.kind == "hold" and "holds" not in missed:
            found.due += 1
            found.missing += 0.5 * sum(n.id.startswith("holds_") for n in unjudged)


def counted(engine: Engine) -> tuple[int, int, float]:
    """Return counted repetitions, holds and held seconds; the latter two where holds count."""
    reps = sum(r.counted for r in engine.repetitions)
    holds = engine.holds if engine.spec.kind == "hold" else []
    return reps, len(holds), sum(h.held_s for h in holds)


def on_exercise(spec: Spec, own: list[Findings], others: list[Findings]) -> dict[str, Any]:
    """Sum up one exercise's clips, and what it found in others."""
    false = {
        clip.name: clip.others[spec.id] for clip in others if any(clip.others.get(spec.id, ()))
    }
    due, missing = sum(clip.due for clip in own), sum(clip.missing for clip in own)
    result: dict[str, Any] = {
        "clips": len(own),
        "reps_exact": share([clip.exact for clip in own if clip.exact is not None]),
        "mae": mean([clip.error for clip in own if clip.error is not None]),
        "obo": share([clip.off_by_one for clip in own if clip.off_by_one is not None]),
        "peak_error_s": mean([x for clip in own for x in clip.peaks]),
        "hold_error_s": mean([x for clip in own for x in clip.holds]),
        "false_reps": sum(reps + holds for reps, holds, _ in false.values()),
        "false_hold_s": round(sum(seconds for _, _, seconds in false.values()), 2),
        "false_in": sorted(false),
        "blamed_when_right": [clip.name for clip in own if clip.blamed],
        "not_judged": round(missing / due, 3) if due else 0.0,
        "angles": {},
        "faults": {},
    }
    for name in dict.fromkeys(name for clip in own for name in clip.angles):
        seen = {
            view: [x for clip in own if clip.view == view for x in clip.angles[name]]
            for view in sorted({clip.view for clip in own if clip.angles[name]})
        }
        square = [x for view in SQUARE for x in seen.get(view, ())]
        result["angles"][name] = {
            **off(square),
            "by_view": {view: off(errors) for view, errors in seen.items()},
        }
    claims = claims_of(spec)
    for id in sorted({id for clip in own for id in clip.tallies}):
        tally = total([clip.tallies[id] for clip in own if id in clip.tallies])
        found = tally.found_from(claims[id])
        told = tally.told_rightly + tally.told_wrongly
        result["faults"][id] = {
            "made": len(found),
            "precision": round(tally.told_rightly / told, 3) if told else None,
            "recall": share(found),
            "smallest": smallest(tally),
            "claimed": claims[id] or None,
            "told_wrongly": tally.told_wrongly,
        }
    return result


def claims_of(spec: Spec) -> dict[str, float]:
    """Return from which size on the spec claims to find its form errors; 0 is from any."""
    claims = {fault.id: fault.found_from or 0.0 for fault in spec.faults}
    if (short := spec.short_error) is not None:
        claims[short.id] = short.found_from or 0.0
    return claims


def in_all(clips: Sequence[Findings]) -> dict[str, Any]:
    """Sum up all clips, whatever the exercise."""
    claims = {id: claims_of(loaded.spec) for id, loaded in catalogue().items()}
    rightly = wrongly = 0
    found = []
    for clip in clips:
        for id, tally in clip.tallies.items():
            rightly += tally.told_rightly
            wrongly += tally.told_wrongly
            found += tally.found_from(claims[clip.exercise][id])
    return {
        "clips": len(clips),
        "reps_exact": share([clip.exact for clip in clips if clip.exact is not None]),
        "obo": share([clip.off_by_one for clip in clips if clip.off_by_one is not None]),
        "hold_error_s": mean([x for clip in clips for x in clip.holds]),
        "blamed_when_right": share([clip.blamed for clip in clips if clip.right]),
        "precision": share([True] * rightly + [False] * wrongly),
        "recall": share(found),
    }


def off(errors: Sequence[float]) -> dict[str, float | None]:
    """Return the mean and the mean size of errors, degrees; None of none."""
    if not errors:
        return {"bias": None, "mae": None}
    every = np.array(errors)
    return {
        "bias": round(float(every.mean()), 1),
        "mae": round(float(np.abs(every).mean()), 1),
    }


def total(tallies: Sequence[Tally]) -> Tally:
    """Return the sum of tallies."""
    out = Tally()
    for tally in tallies:
        out.told_rightly += tally.told_rightly
        out.told_wrongly += tally.told_wrongly
        for size, told in tally.made.items():
            out.made.setdefault(size, []).extend(told)
    return out


def borderline(clip: Clip, spec: Spec, rules: Repetition) -> bool:
    """Whether a movement begins or ends so near to what counts that either answer is right."""
    t = clip.recording.t
    for made in clip.truth["repetitions"]:
        angle = clip.true(spec, rules.measure, made["side"])
        if angle is None:
            return False
        way = angle[(t >= made["start_s"]) & (t <= made["end_s"])]
        top = way.max() if rules.direction == "up" else way.min()
        for value, limit in ((top, rules.reach.value), (way[0], rules.rest.value)):
            if abs(value - limit) < FINEST_DEG:
                return True
    return False


def top_of(clip: Clip, repetition: dict[str, Any]) -> float:
    """Return the middle of the true time at the top, seconds.

    The truth's `peak_s` is the end of the way up. Where the truth does not tell how long the top is
    held, the way down takes about as long as the way up.
    """
    for hold in clip.truth["holds"]:
        if abs(hold["start_s"] - repetition["peak_s"]) < 1.0 / clip.truth["fps"]:
            return float(hold["start_s"] + hold["end_s"]) / 2
    up = repetition["peak_s"] - repetition["start_s"]
    return (repetition["peak_s"] + repetition["end_s"] - up) / 2


def smallest(tally: Tally) -> float | None:
    """Return the smallest size from which on nearly all are told."""
    found = None
    for size in sorted(tally.made, reverse=True):
        if statistics.mean(tally.made[size]) < RELIABLE:
            break
        found = size
    return found


def share(flags: Sequence[bool]) -> float | None:
    """Return the share of true flags; None of none."""
    return round(sum(flags) / len(flags), 3) if flags else None


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; None of none."""
    return round(statistics.mean(values), 3) if values else None


def on_slow_computer(fps: float) -> dict[str, Any]:
    """Measure all exercises together, with so many pictures a second."""
    clips = [clip for clip in rendered_clips() if clip.truth["exercise"] in catalogue()]
    found: list[Findings] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for way in range(WAYS):
            found += pool.map(partial(look_seldom, fps=fps, way=way), clips, chunksize=4)
    return in_all(found)


@dataclass
class OnRendered:
    """By exercise; how they are recognised; and all exercises together."""

    exercises: dict[str, Any]
    recognised: dict[str, dict[str, int]]
    together: dict[str, Any]


def on_rendered() -> OnRendered:
    """Measure every exercise of which there are rendered clips, and how they are recognised."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        clips = list(pool.map(look, rendered_clips(), chunksize=4))
    results = {}
    for id, loaded in catalogue().items():
        own = [clip for clip in clips if clip.exercise == id]
        if own:
            results[id] = on_exercise(loaded.spec, own, [c for c in clips if c.right])
    return OnRendered(
        results,
        confusion([(c.exercise, c.recognised) for c in clips if c.right]),
        in_all([clip for clip in clips if clip.exercise in results]),
    )


def on_footage() -> tuple[dict[str, Any], dict[str, dict[str, int]]]:
    """Measure the exercises on labelled clips of real people, and how they are recognised."""
    rows: dict[str, dict[str, Any]] = {
        id: {"clips": 0, "exact": [], "holds": [], "false_reps": 0} for id in catalogue()
    }
    seen = []
    for label in json.loads((FOOTAGE / "labels.json").read_text()):
        engines = [Engine(loaded.spec) for loaded in catalogue().values()]
        watch = together(Recording.load(FOOTAGE / label["trace"]), engines)
        exercise = label["exercise"].removeprefix("avoid: ")
        seen.append((exercise, from_engines(engines, watch).exercise))
        for engine in engines:
            row, (reps, holds, held_s) = rows[engine.spec.id], counted(engine)
            if exercise != engine.spec.id:
                row["false_reps"] += reps + holds
                continue
            row["clips"] += 1
            if engine.spec.repetition is not None:
                row["exact"].append(label["reps"][0] <= reps <= label["reps"][1])
            if engine.spec.kind == "hold":
                true = sum(end - start for start, end in label["holds_s"])
                row["holds"].append(abs(held_s - true))
    results = {
        id: {
            "clips": row["clips"],
            "reps_exact": share(row["exact"]),
            "hold_error_s": mean(row["holds"]),
            "false_reps": row["false_reps"],
        }
        for id, row in rows.items()
    }
    return results, confusion(seen)


def confusion(pairs: Iterable[tuple[str, str | None]]) -> dict[str, dict[str, int]]:
    """Return how often each exercise was taken for which; what is no exercise is "none"."""
    table: dict[str, dict[str, int]] = {}
    for exercise, told in sorted(
        (e if e in catalogue() else "none", t or "none") for e, t in pairs
    ):
        row = table.setdefault(exercise, {})
        row[told] = row.get(told, 0) + 1
    return table


def fold(title: str) -> list[str]:
    """Return the lines that begin a long table, which opens at a click."""
    return ["", f"<details><summary>{title}</summary>", ""]


END_FOLD = ["", "</details>"]


def as_markdown(result: dict[str, Any]) -> str:
    """Return the tables for people."""

    def cell(value: float | None, unit: str = "", percent: bool = False) -> str:
        if value is None:
            return "-"
        return f"{100 * value:.0f}%" if percent else f"{value:g}{unit}"

    lines = [
        "| exercise | rendered clips | repetitions exact | MAE | OBO | peak off by | hold off by"
        " | false repetitions | right ones blamed | not judged |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for id, row in result["rendered"].items():
        lines.append(
            f"| {id} | {row['clips']} | {cell(row['reps_exact'], percent=True)} |"
            f" {cell(row['mae'])} | {cell(row['obo'])} | {cell(row['peak_error_s'], ' s')} |"
            f" {cell(row['hold_error_s'], ' s')} | {row['false_reps']} |"
            f" {len(row['blamed_when_right'])} | {cell(row['not_judged'], percent=True)} |"
        )
    lines += [
        *fold("Form errors: how often they are told, and rightly"),
        "| form error | made | told rightly of all told | told of all made"
        " | smallest reliably told |",
        "|---|---|---|---|---|",
    ]
    for id, row in result["rendered"].items():
        for name, fault in row["faults"].items():
            if not fault["made"] and not fault["told_wrongly"]:
                continue
            lines.append(
                f"| {id}: {name.replace('_', ' ')} | {fault['made']} |"
                f" {cell(fault['precision'], percent=True)} |"
                f" {cell(fault['recall'], percent=True)} | {cell(fault['smallest'])} |"
            )
    lines += [
        *END_FOLD,
        *fold("Slow computers: what is left with fewer pictures a second"),
        "| pictures a second | clips | repetitions exact | OBO | hold off by | right ones blamed"
        " | errors told rightly of all told | told of all made |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for fps, row in result["pictures_a_second"].items():
        lines.append(
            f"| {fps} | {row['clips']} | {row['reps_exact']:.1%} | {cell(row['obo'])} |"
            f" {cell(row['hold_error_s'], ' s')} | {row['blamed_when_right']:.1%} |"
            f" {row['precision']:.1%} | {row['recall']:.1%} |"
        )
    lines += [
        *END_FOLD,
        *fold("Angles: how far they are off, by where the camera sees them from"),
        "| measured angle | seen from | bias | mean error |",
        "|---|---|---|---|",
    ]
    for id, row in result["rendered"].items():
        for name, angle in row["angles"].items():
            for view, seen in angle["by_view"].items():
                lines.append(
                    f"| {id}: {name.replace('_', ' ')} | {view} | {seen['bias']:+g}° |"
                    f" {seen['mae']:g}° |"
                )
    lines += END_FOLD
    lines += [
        *fold("What is recognised without being named"),
        "| recognised without being named | clips | rightly | taken for |",
        "|---|---|---|---|",
    ]
    for of, table in result["recognised"].items():
        for id, row in table.items():
            wrong = ", ".join(f"{told} {n}" for told, n in row.items() if told != id)
            whom = "real" if of == "footage" else "rendered"
            lines.append(
                f"| {id} ({whom}) | {sum(row.values())} | {row.get(id, 0)} | {wrong or '-'} |"
            )
    return "\n".join([*lines, *END_FOLD]) + "\n"


def main() -> None:
    """Run all, print, and write the results."""
    parser = argparse.ArgumentParser(description="How right formcheck is.")
    parser.add_argument("--readme", action="store_true", help="also put the tables in the README")
    args = parser.parse_args()
    result: dict[str, Any] = {"recognised": {}}
    rendered = on_rendered()
    result["rendered"], result["recognised"]["rendered"] = rendered.exercises, rendered.recognised
    result["pictures_a_second"] = {"15": rendered.together} | {
        f"{fps}": on_slow_computer(fps) for fps in SLOW_FPS
    }
    if FOOTAGE.is_dir():
        result["footage"], result["recognised"]["footage"] = on_footage()
    else:
        print("The clips of real people (../shared/footage) are not here; their rows stay.")
        before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        result["footage"] = before.get("footage", {})
        result["recognised"]["footage"] = before.get("recognised", {}).get("footage", {})
    print(as_markdown(result))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    print(f"written: {RESULTS.relative_to(ROOT)}")
    if args.readme:
        put("accuracy", as_markdown(result))


if __name__ == "__main__":
    main()

"""The rendered regression set of ``make accuracy``: landmarks and truth.

Its bodies (5 to 7) and seeds (from 1000 on) are used nowhere else, but rules were mended where
these clips showed a defect. `python -m samples evaluation` makes it again; the files are in
`benchmarks/rendered`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace

from samples.exercises import EXERCISES, Plan
from samples.exercises.drill import Drill
from samples.recordings import Clip

BODIES = (5, 6, 7)
APPROACHING = 6  # who is also seen to get into position
# Where somebody else walks through the picture, behind and in front, and in wide clothes.
PASSED = ("bridge", "supine_hamstring_stretch", "bird_dog", "plank", "clamshell")
FIRST_SEED = 1000
FPS, SLOW_FPS = 15, 12  # slower where the size of the set would be too much
QUICK = ("bridge", "bird_dog", "plank", "high_plank", "knee_plank")
# How often and how long; enough to count, short enough for the whole set to stay small.
REPETITIONS, FAULTY_REPETITIONS, PEAK_S = 3, 2, 1.2
HOLD_S = 5.0
HELD = ("plank", "high_plank", "knee_plank")
# Stretches are held, never pumped: long enough for faults to set in during the hold.
STRETCHES, STRETCH_S = 2, 4.0

# Sizes of the faults: the one that the spec claims to find, and smaller and larger ones.
SIZES: dict[str, dict[str, tuple[float, ...]]] = {
    "bridge": {
        "too_low": (20.0, 28.0),  # 35 hardly leaves the floor
        "over_arched": (28.0,),
        "dropped": (0.5,),
        "feet_too_far": (145.0,),
        "feet_too_near": (50.0,),
        "hips_sink": (20.0,),
    },
    "bird_dog": {
        "leg_too_low": (34.0,),  # more would press the foot into the floor
        "leg_too_high": (38.0,),
        "knee_bent": (50.0,),
        "same_side": (0.0,),
        "hips_not_level": (15.0, 20.0),
    },
    "plank": {
        "hips_sag": (8.0, 12.0, 16.0),
        "hips_piked": (15.0, 25.0, 40.0),
        "head_drops": (40.0, 55.0),
        "shoulders_off_support": (0.18,),
        "knees_bent": (28.0,),
    },
    "high_plank": {"hips_sag": (15.0,), "hips_piked": (25.0, 40.0)},
    "knee_plank": {
        "hips_sag": (15.0,),
        "hips_piked": (25.0, 40.0),
        "head_drops": (55.0,),
        "shoulders_off_support": (0.18,),
    },
}
# Larger sizes of some, from which on the spec claims to find them.
CLAIMED: dict[str, dict[str, float]] = {
    "cat_cow": {"hips_off_knees": 0.3},
    "doorway_chest_stretch": {"head_juts": 35.0},
    "gluteal_set": {"hips_lift": 20.0},
    "posterior_pelvic_tilt": {"hips_lift": 32.0},
}


def evaluation_clips(exercises: tuple[str, ...] = ()) -> Iterator[Clip]:
    """Yield the clips: three bodies right, from each camera; each fault at each size.

    And one body on the way into position and out of it, where the exercise has one, one while
    somebody else walks through the picture, and one in wide clothes.
    """
    for name, exercise in EXERCISES.items():
        if exercises and name not in exercises:
            continue
        sizes = dict(SIZES.get(name) or {f: (s,) for f, (s, _) in exercise.faults.items()})
        for fault, size in CLAIMED.get(name, {}).items():
            sizes[fault] += (size,)
        wanted: list[tuple[str | None, float | None, str]] = [
            (None, None, camera) for camera in exercise.cameras
        ]
        for fault, each in sizes.items():
            wanted += [(fault, size, exercise.camera_for(fault)) for size in each]
        for fault, size, camera in wanted:
            amount = "" if fault is None else f"_{size:g}"
            plan = replace(_plan(name, faulty=fault is not None), fault=fault, size=size)
            for body in BODIES:
                yield _clip(f"{fault or 'correct'}{amount}", name, body, camera, plan)
        if exercise.approach:
            plan = replace(_plan(name, faulty=False), approach=True)
            camera = exercise.cameras[0]
            far = f"{camera}_far" if camera.startswith("side") else camera
            yield _clip("approached", name, APPROACHING, far, plan)
        if name in PASSED:
            for where in ("behind", "in_front"):
                clip = _clip(
                    f"passed_{where}", name, APPROACHING, exercise.cameras[0],
                    _plan(name, faulty=False),
                )  # fmt: skip
                yield replace(clip, passing=where)
            clip = _clip("wide_clothes", name, 5, exercise.cameras[0], _plan(name, faulty=False))
            yield replace(clip, wide=True)


def _plan(name: str, *, faulty: bool) -> Plan:
    """Return how often an exercise is done, and how long it is held."""
    if name in HELD:
        return Plan(1, HOLD_S)
    perform = EXERCISES[name].perform
    if isinstance(perform, Drill) and perform.told == "holds":
        return Plan(STRETCHES, STRETCH_S)
    return Plan(FAULTY_REPETITIONS if faulty else REPETITIONS, PEAK_S)


def _clip(what: str, name: str, body: int, camera: str, plan: Plan) -> Clip:
    label = f"{name}_{what}_{camera}_b{body}"
    # From the name, so that a new exercise changes no other's clips.
    seed = FIRST_SEED + zlib.crc32(label.encode()) % 100_000
    fps = FPS if name in QUICK else SLOW_FPS
    return Clip(label, name, body, camera, fps, replace(plan, seed=seed))

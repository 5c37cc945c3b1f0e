"""Exercises on the back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.angles import both
from samples.exercises.plan import Plan
from samples.posture import Fault, Posture, Repetition, Script, sided

HOOK_LYING = Posture(
    "up",
    {**both(hip_flexion=55, knee_flexion=100, shoulder_abduction=14, elbow_flexion=6,
            forearm_pronation=80), "neck_flexion": 4},
    contacts=frozenset({"pelvis", "thorax", "head", *sided("heel", "toes", "hand")}),
    planted=frozenset({"thorax", *sided("heel", "toes")}),
    free=("neck_flexion", *sided("hip_flexion", "hip_abduction", "hip_rotation", "knee_flexion",
                                 "ankle_dorsiflexion", "shoulder_flexion")),
)  # fmt: skip


def bridge(plan: Plan) -> Script:
    """Bridge: from hook lying, hips up to a straight line of shoulder, hip and knee, and down."""
    rng = np.random.default_rng(plan.seed)
    size = plan.size or 0.0
    fault = plan.fault
    knee = {"feet_too_far": 55.0, "feet_too_near": 132.0}.get(fault or "", 100.0)
    if fault in ("feet_too_far", "feet_too_near"):
        # size is the interior angle at the knee at the top; the knee opens by about 12 on the way
        knee = 180.0 - size + (2.0 if fault == "feet_too_far" else 12.0)
    rest = HOOK_LYING.bent(**both(knee_flexion=knee, hip_flexion=max(35.0, knee - 45.0)))
    script = Script("bridge", rest, plan.tempo)
    script.stay(rng.uniform(1.2, 2.0))
    for i in range(plan.repetitions):
        shown = plan.shows_fault(i)
        flexion = rng.uniform(-2.0, 5.0)
        extra: dict[str, float] = {}
        roll = 0.0
        if shown and fault == "too_low":
            flexion = size + rng.uniform(-3.0, 3.0)
        if shown and fault == "knees_apart":
            extra = both(hip_abduction=size / 2, hip_rotation=size / 2)
        if shown and fault == "hips_not_level":
            roll = size
            extra = {"spine_rotation": size * 0.8}
        top = _bridge_top(rest, flexion, roll, extra)
        begin = script.clock_s
        script.move(top, rng.uniform(1.3, 2.2))
        peak = script.clock_s
        script.stay(plan.hold_s * rng.uniform(0.85, 1.15))
        if shown and fault == "hips_sink":
            sunk_from = script.clock_s
            script.move(_bridge_top(rest, flexion + size, 0.0, {}), plan.hold_s * 0.6)
            script.stay(plan.hold_s * 0.4)
            script.faults.append(Fault("hips_sink", sunk_from, script.clock_s, size, "degrees", i))
        down = rng.uniform(1.4, 2.2)
        if shown and fault == "dropped":
            down = size / plan.tempo
            script.faults.append(
                Fault("dropped", script.clock_s, script.clock_s + size, size, "seconds", i)
            )
        script.move(rest, down)
        script.repetitions.append(Repetition(begin, peak, script.clock_s, None))
        if shown and fault not in ("hips_sink", "dropped"):
            unit = BRIDGE_FAULTS[fault or ""][1]
            script.faults.append(Fault(fault or "", begin, script.clock_s, size, unit, i))
        script.stay(rng.uniform(0.7, 1.6))
    return script


def _bridge_top(rest: Posture, flexion: float, roll: float, extra: dict[str, float]) -> Posture:
    """Return the top of a bridge with so much flexion left at the hips."""
    top = rest.bent(**both(hip_flexion=flexion), **extra, neck_flexion=18.0)
    # Level hips need no turning thighs; with spread knees the spread is under test too.
    under_test = ("hip_flexion",) if roll else ("hip_flexion", "hip_abduction", "hip_rotation")
    return replace(
        top,
        trunk_elevation=-22.0,
        pelvis_roll=roll,
        contacts=rest.contacts - {"pelvis"},
        free=tuple(name for name in rest.free if not name.endswith(under_test)),
    )


BRIDGE_FAULTS = {
    "too_low": (35.0, "degrees"),  # hip flexion left at the top
    "hips_sink": (20.0, "degrees"),  # hip flexion lost during the hold
    "dropped": (0.5, "seconds"),  # duration of the way down
    "feet_too_far": (130.0, "degrees"),  # interior angle at the knee, at the top
    "feet_too_near": (60.0, "degrees"),
    "hips_not_level": (10.0, "degrees"),  # roll of the pelvis
    "knees_apart": (30.0, "degrees"),  # abduction and rotation of each hip, together
}

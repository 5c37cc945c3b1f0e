"""Exercises on hands and knees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.angles import both
from samples.exercises.plan import Exercise, Plan
from samples.posture import Fault, Over, Posture, Repetition, Script, sided

QUADRUPED = Posture(
    "down",
    {**both(hip_flexion=84, knee_flexion=88, ankle_dorsiflexion=-50, toe_extension=-10,
            shoulder_flexion=80, elbow_flexion=4, forearm_pronation=90, wrist_flexion=-85),
     "neck_flexion": -18},
    trunk_elevation=6.0,
    contacts=frozenset(sided("hand", "knee", "toes")),
    planted=frozenset(sided("hand", "knee", "toes")),
    free=sided("hip_flexion", "hip_abduction", "hip_rotation", "knee_flexion", "ankle_dorsiflexion",
               "shoulder_flexion", "shoulder_abduction", "wrist_flexion"),
    over=(Over("left_shoulder", "left_wrist"), Over("right_shoulder", "right_wrist"),
          Over("left_hip", "left_knee"), Over("right_hip", "right_knee")),
)  # fmt: skip


def bird_dog(plan: Plan) -> Script:
    """Bird dog: opposite arm and leg lifted into line with the trunk, sides in turn."""
    rng = np.random.default_rng(plan.seed)
    script = Script("bird_dog", QUADRUPED, plan.tempo)
    script.stay(rng.uniform(1.2, 2.0))
    for i in range(plan.repetitions):
        leg = ("left", "right")[i % 2]
        top = _bird_dog_top(leg, plan, i, rng)
        begin = script.clock_s
        script.move(top, rng.uniform(1.3, 2.0))
        peak = script.clock_s
        script.stay(plan.hold_s * rng.uniform(0.85, 1.15))
        script.move(QUADRUPED, rng.uniform(1.3, 2.0))
        script.repetitions.append(Repetition(begin, peak, script.clock_s, leg))
        if plan.shows_fault(i):
            unit = BIRD_DOG_FAULTS[plan.fault or ""][1]
            script.faults.append(
                Fault(plan.fault or "", begin, script.clock_s, plan.size or 0.0, unit, i)
            )
        script.stay(rng.uniform(0.6, 1.4))
    return script


# How far the hips sway over the support knee for each degree that they open, at most.
SWAY_M = 0.003
# The share of the pelvis's roll that the spine takes up.
SPINE_TAKES = 0.35, 0.65


def _bird_dog_top(leg: str, plan: Plan, repetition: int, rng: np.random.Generator) -> Posture:
    """Return the reach of a bird dog that lifts this leg."""
    fault = plan.fault if plan.shows_fault(repetition) else None
    size = plan.size or 0.0
    arm = leg if fault == "same_side" else {"left": "right", "right": "left"}[leg]
    hip_extension = rng.uniform(8.0, 16.0)
    angles = {
        f"{leg}_hip_flexion": -hip_extension,
        f"{leg}_knee_flexion": rng.uniform(2.0, 8.0),
        f"{leg}_ankle_dorsiflexion": -25.0,
        f"{leg}_toe_extension": 0.0,
        f"{arm}_shoulder_flexion": rng.uniform(164.0, 174.0),
        f"{arm}_wrist_flexion": 0.0,
        "neck_flexion": -12.0,
    }
    lifted = (f"{leg}_knee", f"{leg}_toes", f"{arm}_hand")
    if fault == "arm_not_lifted":
        angles = {name: value for name, value in angles.items() if not name.startswith(arm)}
        lifted = lifted[:2]
    if fault == "leg_too_low":
        angles[f"{leg}_hip_flexion"] = size
    if fault == "knee_bent":
        angles[f"{leg}_knee_flexion"] = size
    if fault == "head_drops":
        angles["neck_flexion"] = size
    roll = sway = 0.0
    if fault == "hips_not_level":
        # The pelvis opens towards the lifted leg, which turns out and away with it. About half of
        # the turn is taken up by the spine, for the hand keeps the shoulders down; the rest of it
        # the shoulders follow.
        sign = 1.0 if leg == "left" else -1.0
        roll = sign * size
        angles["spine_rotation"] = -rng.uniform(*SPINE_TAKES) * roll
        # The support thigh stays upright, or sways a little outwards, by up to 3 mm a degree.
        sway = sign * size * rng.uniform(0.0, SWAY_M)
        angles[f"{leg}_hip_abduction"] = 0.5 * size
        angles[f"{leg}_hip_rotation"] = 0.8 * size
    top = QUADRUPED.bent(**angles).lifting(*lifted)
    if roll:
        support = {"left": "right", "right": "left"}[leg]
        upright = Over(f"{support}_hip", f"{support}_knee", aside_m=-sway)
        over = tuple(o for o in top.over if o.upper != upright.upper)
        top = replace(top, pelvis_roll=roll, over=(*over, upright))
    return top


BIRD_DOG_FAULTS = {
    "leg_too_low": (40.0, "degrees"),  # hip flexion left in the lifted leg
    "knee_bent": (50.0, "degrees"),  # knee flexion of the lifted leg
    "arm_not_lifted": (0.0, "degrees"),  # allowed: the easier form
    "same_side": (0.0, "degrees"),
    "head_drops": (35.0, "degrees"),  # neck flexion
    "hips_not_level": (15.0, "degrees"),  # roll of the pelvis, lifted side up
}

EXERCISES = {
    "bird_dog": Exercise(
        bird_dog,
        BIRD_DOG_FAULTS,
        ("side_left", "side_right", "feet_raised"),
        fault_cameras={"hips_not_level": "feet_raised"},
    ),
}

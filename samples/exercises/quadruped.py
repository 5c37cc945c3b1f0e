"""Exercises on hands and knees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.angles import both
from samples.exercises.drill import (
    Drill,
    Flaw,
    Shape,
    add,
    both_sides,
    fixed,
    lean,
    put,
    together,
)
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
    if fault == "leg_too_high":
        angles[f"{leg}_hip_flexion"] = -size
        angles["lumbar_flexion"] = -0.5 * size
    if fault == "back_sags":
        angles["lumbar_flexion"] = -size
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
    if fault == "support_arm_off":
        over = (replace(o, ahead_m=size) if "shoulder" in o.upper else o for o in top.over)
        top = replace(top, over=tuple(over))
    if roll:
        support = {"left": "right", "right": "left"}[leg]
        upright = Over(f"{support}_hip", f"{support}_knee", aside_m=-sway)
        over = tuple(o for o in top.over if o.upper != upright.upper)
        top = replace(top, pelvis_roll=roll, over=(*over, upright))
    return top


BIRD_DOG_FAULTS = {
    "leg_too_low": (34.0, "degrees"),  # hip flexion left; at 40 the foot would press into the floor
    "leg_too_high": (38.0, "degrees"),  # hip extension of the lifted leg, half of it the back's
    "back_sags": (30.0, "degrees"),  # extension of the low back
    "support_arm_off": (0.14, "metres"),  # shoulders ahead of the supporting hand
    "knee_bent": (50.0, "degrees"),  # knee flexion of the lifted leg
    "arm_not_lifted": (0.0, "degrees"),  # allowed: the easier form
    "same_side": (0.0, "degrees"),
    "head_drops": (35.0, "degrees"),  # neck flexion
    "hips_not_level": (15.0, "degrees"),  # roll of the pelvis, lifted side up
}

# --- cat and cow --------------------------------------------------------------------------------

CAT = QUADRUPED.bent(lumbar_flexion=38, thoracic_flexion=30, neck_flexion=38)
COW = QUADRUPED.bent(lumbar_flexion=-34, thoracic_flexion=-14, neck_flexion=-48)


def _beyond(upper: str, factor: float) -> Shape:
    """Return a shape that moves joints of both sides off those they stand over."""

    def shape(posture: Posture, size: float) -> Posture:
        over = tuple(
            replace(o, ahead_m=factor * size) if o.upper.endswith(upper) else o
            for o in posture.over
        )
        return replace(posture, over=over)

    return shape


CAT_COW = Drill(
    "cat_cow",
    QUADRUPED,
    CAT,
    {
        "hips_off_knees": Flaw(0.16, "metres", peak=_beyond("hip", -1.0)),
        "shoulders_off_wrists": Flaw(0.14, "metres", peak=_beyond("shoulder", 1.0)),
        "elbows_bend": Flaw(50.0, peak=both_sides(put, elbow_flexion=1.0)),
        "only_head_moves": Flaw(0.0, "", peak=fixed(lumbar_flexion=0.0, thoracic_flexion=0.0)),
    },
    second=COW,
    way_s=(1.4, 2.1),
)

# --- child's pose -------------------------------------------------------------------------------

ON_HEELS = Posture(
    "down",
    {**both(hip_flexion=134, hip_abduction=8, knee_flexion=152, ankle_dorsiflexion=-50,
            toe_extension=-10, shoulder_flexion=160, elbow_flexion=8, forearm_pronation=90,
            wrist_flexion=-22), "lumbar_flexion": 32, "thoracic_flexion": 20, "neck_flexion": 4},
    trunk_elevation=18.0,
    contacts=frozenset({"head", *sided("hand", "knee", "toes")}),
    planted=frozenset(sided("knee", "toes")),
    free=("neck_flexion", "lumbar_flexion", *sided("hip_flexion", "ankle_dorsiflexion",
                                                   "shoulder_flexion", "elbow_flexion")),
)  # fmt: skip


def _hips_high(posture: Posture, size: float) -> Posture:
    """Keep the hips off the heels: so much less bend of the knees."""
    return add(left_knee_flexion=-1.0, right_knee_flexion=-1.0, left_hip_flexion=-0.5,
               right_hip_flexion=-0.5)(posture, size)  # fmt: skip


def _head_up(posture: Posture, size: float) -> Posture:
    up = replace(posture.lifting("head"), trunk_elevation=24.0, trunk_firmness=2.0)
    return add(neck_flexion=-1.0)(up, size)


CHILDS_POSE = Drill(
    "childs_pose",
    replace(QUADRUPED, planted=frozenset(sided("knee", "toes"))),
    ON_HEELS,
    {
        "hips_high": Flaw(45.0, peak=_hips_high),
        "head_not_down": Flaw(45.0, peak=_head_up),
    },
    told="holds",
    way_s=(1.8, 2.6),
)

# --- downward dog -------------------------------------------------------------------------------

DOWNWARD_DOG = Posture(
    "down",
    {**both(hip_flexion=88, knee_flexion=8, ankle_dorsiflexion=12, toe_extension=25,
            shoulder_flexion=172, elbow_flexion=4, forearm_pronation=90, wrist_flexion=-60),
     "neck_flexion": 8},
    trunk_elevation=-42.0,
    contacts=frozenset(sided("hand", "toes")),
    planted=frozenset(sided("hand", "toes")),
    free=sided("ankle_dorsiflexion", "toe_extension", "wrist_flexion", "shoulder_flexion"),
)  # fmt: skip
TUCKED_ON_FOURS = replace(
    QUADRUPED.bent(**both(ankle_dorsiflexion=0, toe_extension=50, shoulder_flexion=95)),
    planted=frozenset(),
    free=(*QUADRUPED.free, *sided("toe_extension")),
)
PEDALLED = DOWNWARD_DOG.bent(left_knee_flexion=45, left_hip_flexion=100, left_ankle_dorsiflexion=5,
                             left_toe_extension=45)  # fmt: skip


def _always(shape: Shape, size: float, unit: str = "degrees") -> Flaw:
    """Return a form error that is there between the repetitions too."""
    return Flaw(size, unit, peak=shape, rest=shape)


DOWNWARD_DOG_DRILL = Drill(
    "downward_dog",
    DOWNWARD_DOG,
    PEDALLED,
    {
        "arms_bend": _always(both_sides(put, elbow_flexion=1.0), 55.0),
        "back_rounds": _always(add(lumbar_flexion=0.6, thoracic_flexion=0.4), 50.0),
        "weight_forward": _always(
            together(both_sides(add, hip_flexion=-1.0), lean(0.7)), 28.0),
    },
    sides="alternate",
    told="rest_hold",
    ready=(TUCKED_ON_FOURS,),
)  # fmt: skip

EXERCISES = {
    "bird_dog": Exercise(
        bird_dog,
        BIRD_DOG_FAULTS,
        ("side_left", "side_right", "feet_raised"),
        fault_cameras={"hips_not_level": "feet_raised"},
    ),
    "cat_cow": Exercise(CAT_COW, CAT_COW.faults),
    "childs_pose": Exercise(CHILDS_POSE, CHILDS_POSE.faults),
    "downward_dog": Exercise(
        DOWNWARD_DOG_DRILL,
        DOWNWARD_DOG_DRILL.faults,
        note="repetitions are the knee bends; the hold lasts from taking the posture to leaving it",
    ),
}

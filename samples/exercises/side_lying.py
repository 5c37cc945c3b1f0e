"""Exercises on a side, written for someone who lies on the right side and moves the left leg."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.angles import both
from samples.exercises.drill import Drill, Flaw, add, put, roll
from samples.exercises.plan import Exercise
from samples.exercises.shapes import limb_turned, to_ankle
from samples.posture import Furniture, Posture, Reach

HAND_ON_HIP = Reach("left_wrist", "left_hip", (0.04, 0.02, 0.12))
LEFT_ARM = ("left_shoulder_flexion", "left_shoulder_abduction", "left_shoulder_rotation",
            "left_elbow_flexion")  # fmt: skip

# The lower arm lies under the head, the upper hand on the hip.
ON_SIDE = Posture(
    "right",
    {**both(hip_flexion=2, knee_flexion=4), "left_hip_abduction": -4,
     "right_shoulder_flexion": 172, "right_elbow_flexion": 12, "right_forearm_pronation": 60,
     "left_shoulder_flexion": -8, "left_shoulder_abduction": 20, "left_shoulder_rotation": -20,
     "left_elbow_flexion": 60, "neck_side_bend": -12},
    contacts=frozenset({"pelvis", "right_knee", "right_heel", "right_upper_arm",
                        "right_forearm"}),
    planted=frozenset({"right_upper_arm", "right_knee", "right_heel"}),
    free=("right_hip_abduction", "right_shoulder_abduction", *LEFT_ARM),
    reaches=(HAND_ON_HIP,),
)  # fmt: skip

ROLLS_BACK = Flaw(20.0, peak=roll())

# --- clamshell ----------------------------------------------------------------------------------

CLOSED = ON_SIDE.bent(**both(hip_flexion=48, knee_flexion=85, ankle_dorsiflexion=-5))
CLOSED = replace(CLOSED, free=(*CLOSED.free, "right_hip_rotation"))


def _opened(posture: Posture, degrees: float) -> Posture:
    """Open the clamshell: the whole leg turns about the line from hip to foot, which stays."""
    return limb_turned(posture, "left_hip", to_ankle(posture, "left"), -degrees)


def _rolled(posture: Posture, size: float) -> Posture:
    """Roll the pelvis back with the knee; the foot stays on the other one."""
    rolled = replace(posture, pelvis_roll=posture.pelvis_roll + size)
    return limb_turned(rolled, "left_hip", np.array([0.0, 0.0, 1.0]), -0.8 * size)


CLAMSHELL = Drill(
    "clamshell",
    CLOSED,
    _opened(CLOSED, 50.0),
    {
        "rolls_back": Flaw(20.0, peak=_rolled),
        "feet_apart": Flaw(18.0, peak=lambda posture, size: _opened(posture, -25.0).bent(
            left_hip_abduction=size + 4.0)),
        "opens_too_little": Flaw(14.0, peak=lambda posture, size: _opened(posture, size - 50.0)),
    },
    sides="one",
)  # fmt: skip

# --- gluteus medius raise -----------------------------------------------------------------------

RAISED = ON_SIDE.bent(left_hip_abduction=32, left_hip_rotation=12)
WALL = (Furniture((0.0, -0.24, 0.55), (3.2, 0.06, 1.15), (222, 216, 204)),)

GLUTEUS_MEDIUS_RAISE = Drill(
    "gluteus_medius_raise",
    ON_SIDE,
    RAISED,
    {
        "knee_bends": Flaw(35.0, peak=put(left_knee_flexion=1.0)),
        "leg_drifts_forward": Flaw(30.0, peak=add(left_hip_flexion=1.0)),
        "rolls_back": ROLLS_BACK,
        "dropped": Flaw(0.4, "seconds", lowering=True),
    },
    sides="one",
    vary={"left_hip_abduction": 3.0},
    furniture=WALL,
)

# --- quadriceps stretch -------------------------------------------------------------------------

# The foot is behind the body; from resting the lower leg bends a little for balance.
BALANCED = ON_SIDE.bent(right_hip_flexion=25, right_knee_flexion=35)
HEEL_HELD = replace(
    BALANCED.bent(left_hip_flexion=-12, left_knee_flexion=125, left_shoulder_flexion=-40,
                  left_shoulder_abduction=10, left_shoulder_rotation=0, left_elbow_flexion=15,
                  left_ankle_dorsiflexion=-25),
    reaches=(Reach("left_wrist", "left_ankle", (0.05, 0.0, 0.04)),),
)  # fmt: skip


def _rolled_off_leg(posture: Posture, size: float) -> Posture:
    """Roll back; the lower leg stays lying as it does, or it would hold the pelvis."""
    return limb_turned(roll()(posture, size), "right_hip", np.array([0.0, 0.0, 1.0]), -size)


QUADRICEPS_STRETCH_SIDE_LYING = Drill(
    "quadriceps_stretch_side_lying",
    BALANCED,
    HEEL_HELD,
    {
        "back_arches": Flaw(30.0, peak=add(lumbar_flexion=-1.0, left_hip_flexion=-0.3)),
        "hip_flexes": Flaw(40.0, peak=put(left_hip_flexion=1.0)),
        "rolls_back": Flaw(20.0, peak=_rolled_off_leg),
    },
    sides="one",
    told="holds",
)

_CAMERAS = ("front_of_body", "back_of_body", "front_of_body_raised", "feet_raised")
_NOTE = "one side a clip (--side)"
EXERCISES = {
    drill.exercise: Exercise(drill, drill.faults, _CAMERAS, note=_NOTE)
    for drill in (CLAMSHELL, GLUTEUS_MEDIUS_RAISE, QUADRICEPS_STRETCH_SIDE_LYING)
}

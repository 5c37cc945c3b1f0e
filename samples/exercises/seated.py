"""Exercises on a chair, and one on the edge of a bed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from samples.angles import both
from samples.body_model import rotation_x
from samples.exercises.approach import STANDING
from samples.exercises.drill import Drill, Flaw, add, lean, turn
from samples.exercises.plan import Exercise
from samples.exercises.shapes import SHRUG, limb_turned
from samples.exercises.standing import ARMS
from samples.placement import LYING, wished_root
from samples.posture import Furniture, Over, Posture, Reach, Surface, sided

SEAT_M, BED_M = 0.45, 0.62
SEAT, BED = Surface(level_m=SEAT_M), Surface(level_m=BED_M)
WOOD, CUSHION, SHEET = (112, 82, 58), (150, 112, 84), (226, 228, 232)
CHAIR = (
    Furniture((-0.02, 0.0, SEAT_M - 0.03), (0.42, 0.44, 0.06), CUSHION),
    *(
        Furniture((x, y, (SEAT_M - 0.06) / 2), (0.04, 0.04, SEAT_M - 0.06), WOOD)
        for x in (-0.2, 0.16)
        for y in (-0.19, 0.19)
    ),
)
BACKREST = (Furniture((-0.25, 0.0, SEAT_M + 0.22), (0.04, 0.42, 0.46), CUSHION),)

SITTING = Posture(
    "down",
    {**both(hip_flexion=84, knee_flexion=86, hip_abduction=4, shoulder_flexion=8,
            shoulder_abduction=8, elbow_flexion=40, forearm_pronation=70), "lumbar_flexion": 4},
    trunk_elevation=86.0,
    contacts=frozenset({"pelvis", *sided("heel", "toes")}),
    planted=frozenset({"pelvis", *sided("heel", "toes")}),
    on={"pelvis": SEAT},
    free=sided("hip_flexion", "knee_flexion", "ankle_dorsiflexion"),
    over=(Over("left_knee", "left_ankle"), Over("right_knee", "right_ankle")),
    trunk_firmness=3.0,
)  # fmt: skip
# Hands on the thighs.
AT_REST = replace(
    SITTING.bent(**both(shoulder_flexion=20, elbow_flexion=60)),
    free=(*SITTING.free, *ARMS),
    reaches=(
        Reach("left_wrist", "left_knee", (-0.20, 0.0, 0.09)),
        Reach("right_wrist", "right_knee", (-0.20, 0.0, 0.09)),
    ),
)

# --- sit to stand -------------------------------------------------------------------------------

ARMS_AHEAD = both(shoulder_flexion=96, shoulder_abduction=2, elbow_flexion=6)
READY = SITTING.bent(**ARMS_AHEAD)
# Nose over toes: the weight comes over the feet before the seat is left.
LEANT = replace(
    READY.bent(**both(hip_flexion=118, shoulder_flexion=118)),
    trunk_elevation=52.0,
    over=(),
)
STOOD = replace(STANDING.bent(**ARMS_AHEAD), trunk_elevation=89.0)
STOOD = replace(STOOD, planted=frozenset(sided("heel", "toes")))
# Half-way up, so that the hips travel in a curve over the feet.
RISING = replace(
    STANDING.bent(**both(hip_flexion=88, knee_flexion=62, shoulder_flexion=112)),
    trunk_elevation=52.0,
    planted=frozenset(sided("heel", "toes")),
    free=sided("ankle_dorsiflexion"),
    over=tuple(Over(f"{side}_shoulder", f"{side}_ankle", 0.16) for side in ("left", "right")),
)


def _knees_forward(posture: Posture, size: float) -> Posture:
    """Begin with the feet drawn back under the seat, so that the knees go over the toes."""
    over = tuple(Over(f"{side}_knee", f"{side}_ankle", size) for side in ("left", "right"))
    return replace(posture, over=over, planted=frozenset({"pelvis"}))


def _on_thighs(posture: Posture, size: float) -> Posture:
    """Push with the hands on the thighs."""
    del size
    return replace(
        posture.bent(**both(shoulder_flexion=40, shoulder_abduction=15, elbow_flexion=50)),
        free=(*posture.free, *ARMS),
        reaches=tuple(
            Reach(f"{side}_wrist", f"{side}_knee", (-0.10, 0.0, 0.08)) for side in ("left", "right")
        ),
    )


def _fold(posture: Posture, size: float) -> Posture:
    """Lean the trunk further forward on the way."""
    return add(left_hip_flexion=1.0, right_hip_flexion=1.0, left_shoulder_flexion=0.4,
               right_shoulder_flexion=0.4)(lean(-1.0)(posture, size), size)  # fmt: skip


SIT_TO_STAND = Drill(
    "sit_to_stand",
    READY,
    STOOD,
    {
        "knees_past_toes": Flaw(0.17, "metres", rest=_knees_forward),
        "dropped": Flaw(0.5, "seconds", lowering=True),
        "not_upright": Flaw(35.0, peak=lambda posture, size: replace(
            posture.bent(**both(hip_flexion=size, knee_flexion=0.7 * size)),
            trunk_elevation=89.0 - 0.5 * size)),
        "trunk_bends_too_far": Flaw(28.0, via=_fold),
        "pushes_with_hands": Flaw(0.0, "", via=_on_thighs, rest=_on_thighs),
        "half_way": Flaw(46.0, peak=lambda posture, size: RISING.bent(
            **both(hip_flexion=size + 24.0, knee_flexion=size)), direct=True),
    },
    told="repetitions",
    via=(LEANT, RISING),
    way_s=(1.6, 2.2),
    furniture=CHAIR,
)  # fmt: skip

# --- seated trunk rotation ----------------------------------------------------------------------

LEFT_ARM = tuple(name for name in ARMS if name.startswith("left"))
# 001: to the left, with the right hand at the left knee; the left one is on the seat behind.
TURNED = replace(
    AT_REST.bent(spine_rotation=42, neck_rotation=18,
                 right_shoulder_flexion=50, right_shoulder_abduction=-10, right_elbow_flexion=20,
                 right_wrist_flexion=12, left_shoulder_flexion=-30, left_shoulder_abduction=20,
                 left_elbow_flexion=20, left_wrist_flexion=-60),
    contacts=SITTING.contacts | {"left_hand"},
    on={"pelvis": SEAT, "left_hand": SEAT},
    reaches=(
        Reach("right_wrist", "left_knee", (-0.09, 0.01, 0.09)),
        Reach("left_wrist", "left_hip", (-0.16, 0.10, 0.0)),
    ),
    trunk_firmness=8.0,  # the arms follow the trunk, they do not hold it
)  # fmt: skip


def _hips_turn(posture: Posture, size: float) -> Posture:
    """Turn the pelvis to the left on the seat; the thighs still point forward, the feet stay."""
    turned = replace(turn()(posture, size), over=())
    for side in ("left", "right"):
        turned = limb_turned(turned, f"{side}_hip", np.array([0.0, 0.0, 1.0]), -size)
    return turned


def _lean_aside(posture: Posture, size: float) -> Posture:
    """Lean to the left: half from the pelvis, on one buttock, half from the spine.

    The line of hips and shoulders leans by seven tenths of what the spine bends.
    """
    pelvis = 0.5 * size
    root = rotation_x(-pelvis) @ wished_root(posture) @ LYING[posture.facing].T
    heading, pitch, rolled = Rotation.from_matrix(root).as_euler("ZYX", degrees=True)
    leant = replace(posture, heading=heading, trunk_elevation=-pitch, pelvis_roll=rolled)
    for side in ("left", "right"):
        leant = limb_turned(leant, f"{side}_hip", np.array([0.0, 1.0, 0.0]), -pelvis)
    return add(spine_side_bend=0.7)(leant, size)


def _slumps(posture: Posture, size: float) -> Posture:
    """Round the back; the hand behind is then too far away, and lies on its thigh."""
    slumped = posture.lifting("left_hand").bent(
        **{name: AT_REST.angles.get(name, 0.0) for name in LEFT_ARM}, left_wrist_flexion=0,
        right_shoulder_flexion=40, right_elbow_flexion=70,
    )  # fmt: skip
    slumped = replace(slumped, reaches=(posture.reaches[0], AT_REST.reaches[0]))
    return add(lumbar_flexion=0.6, thoracic_flexion=0.4)(slumped, size)


SEATED_TRUNK_ROTATION = Drill(
    "seated_trunk_rotation",
    AT_REST,
    TURNED,
    {
        "hips_turn": Flaw(25.0, peak=_hips_turn),
        "trunk_leans": Flaw(22.0, peak=_lean_aside),
        "slumps": Flaw(45.0, peak=_slumps),
    },
    sides="alternate",
    told="holds",
    furniture=CHAIR,
)

# --- side neck stretch --------------------------------------------------------------------------

SIDE_NECK_STRETCH = Drill(
    "side_neck_stretch",
    AT_REST,
    AT_REST.bent(neck_side_bend=36),
    {
        "shoulder_rises": Flaw(26.0, peak=add(left_girdle_elevation=1.0)),
        "head_turns": Flaw(35.0, peak=add(neck_rotation=1.0)),
        "head_drops": Flaw(32.0, peak=add(neck_flexion=1.0)),
        "trunk_leans": Flaw(18.0, peak=_lean_aside),
    },
    sides="alternate",
    told="holds",
    furniture=(*CHAIR, *BACKREST),
)

# --- shoulder blade squeeze ---------------------------------------------------------------------

ELBOWS_BENT = SITTING.bent(**both(shoulder_flexion=6, shoulder_abduction=8, elbow_flexion=85))


def _lean_back(posture: Posture, size: float) -> Posture:
    """Lean back from the hips, which stay free: the thighs lie as they did."""
    hips = {name: posture.angles[name] - size for name in sided("hip_flexion")}
    leant = add(neck_flexion=0.3)(lean()(posture.bent(**hips), size), size)
    return replace(leant, trunk_firmness=8.0)


SHOULDER_BLADE_SQUEEZE = Drill(
    "shoulder_blade_squeeze",
    ELBOWS_BENT,
    ELBOWS_BENT.bent(**both(shoulder_flexion=-34, shoulder_abduction=16, girdle_retraction=24),
                     thoracic_flexion=-6),
    {
        "shoulders_shrug": Flaw(28.0, peak=SHRUG),
        "trunk_leans_back": Flaw(18.0, peak=_lean_back),
    },
    furniture=CHAIR,
)  # fmt: skip

# --- hip flexor stretch on the edge of a bed ----------------------------------------------------

BED_BOX = (
    Furniture((0.80, 0.0, BED_M - 0.11), (1.72, 1.0, 0.22), SHEET),
    Furniture((0.80, 0.0, (BED_M - 0.22) / 2), (1.66, 0.94, BED_M - 0.22), WOOD),
)
ON_BED = frozenset({"pelvis", "thorax", "head"})
DANGLING = Posture(
    "up",
    {**both(hip_flexion=-4, knee_flexion=72, ankle_dorsiflexion=-20, shoulder_abduction=14,
            elbow_flexion=6, forearm_pronation=80), "neck_flexion": 4},
    contacts=ON_BED | {*sided("hand")},
    planted=frozenset({"thorax"}),
    on=dict.fromkeys((*ON_BED, *sided("hand", "forearm", "upper_arm", "elbow")), BED),
    free=("neck_flexion", *sided("shoulder_flexion")),
)  # fmt: skip
HUGGED = replace(
    DANGLING.lifting(*sided("hand")).bent(
        left_hip_flexion=118, left_knee_flexion=130, right_hip_flexion=-10,
        **both(shoulder_flexion=60, shoulder_abduction=8, elbow_flexion=40, wrist_flexion=75)),
    free=("neck_flexion", *ARMS),
    reaches=(
        Reach("left_wrist", "left_knee", (-0.03, 0.07, 0.07)),
        Reach("right_wrist", "left_knee", (-0.03, -0.07, 0.07)),
    ),
)  # fmt: skip


def _arched(posture: Posture, size: float) -> Posture:
    """Arch the low back off the bed; the pelvis tips as it must."""
    arched = add(lumbar_flexion=-1.0)(posture, size)
    return replace(arched, free=(*arched.free, "thoracic_flexion"))


HIP_FLEXOR_STRETCH_SUPINE = Drill(
    "hip_flexor_stretch_supine",
    DANGLING,
    HUGGED,
    {
        "back_arches": Flaw(14.0, peak=_arched),
        "thigh_rises": Flaw(28.0, peak=add(right_hip_flexion=1.0)),
    },
    sides="alternate",
    told="holds",
    way_s=(1.8, 2.6),
    furniture=BED_BOX,
)

_SIDES = "side_left", "side_right"
_FRONT = "front", "side_left", "side_right", "back", "front_near"
EXERCISES = {
    "sit_to_stand": Exercise(SIT_TO_STAND, SIT_TO_STAND.faults, _SIDES, "upright"),
    **{
        drill.exercise: Exercise(drill, drill.faults, _FRONT, "upright")
        for drill in (SEATED_TRUNK_ROTATION, SIDE_NECK_STRETCH)
    },
    "shoulder_blade_squeeze": Exercise(
        SHOULDER_BLADE_SQUEEZE, SHOULDER_BLADE_SQUEEZE.faults, _FRONT, "upright",
        fault_cameras={"trunk_leans_back": "side_left"},
    ),
    "hip_flexor_stretch_supine": Exercise(
        HIP_FLEXOR_STRETCH_SUPINE, HIP_FLEXOR_STRETCH_SUPINE.faults,
        ("side_right", "side_left", "side_left_far", "side_right_far"), "bed",
    ),
}  # fmt: skip

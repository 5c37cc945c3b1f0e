"""Exercises that stand; also the two to avoid that begin or end there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.angles import both
from samples.exercises.approach import STANDING
from samples.exercises.drill import (
    Drill,
    Flaw,
    add,
    both_sides,
    falls_short,
    put,
)
from samples.exercises.plan import Exercise
from samples.exercises.shapes import limb_turned
from samples.posture import Furniture, Over, Posture, Reach, Surface, sided

ARMS = sided("shoulder_flexion", "shoulder_abduction", "shoulder_rotation", "elbow_flexion")
LEGS = sided("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
FEET = frozenset(sided("heel", "toes"))
AKIMBO = both(shoulder_flexion=-12, shoulder_abduction=42, shoulder_rotation=-25,
              elbow_flexion=95, wrist_flexion=15, forearm_pronation=40)  # fmt: skip
HANDS_ON_HIPS = replace(
    STANDING.bent(**AKIMBO),
    free=(*STANDING.free, *ARMS),
    reaches=(
        Reach("left_wrist", "left_hip", (-0.02, 0.12, 0.13)),
        Reach("right_wrist", "right_hip", (-0.02, -0.12, 0.13)),
    ),
)

# --- standing back stretch ----------------------------------------------------------------------

# The pelvis goes forward over the feet while the trunk goes back.
BENT_BACK = replace(
    HANDS_ON_HIPS.bent(**both(hip_flexion=-6), lumbar_flexion=-13, thoracic_flexion=-8,
                       neck_flexion=4),
    trunk_elevation=94.0,
)  # fmt: skip
STANDING_BACK_STRETCH = Drill(
    "standing_back_stretch",
    HANDS_ON_HIPS,
    BENT_BACK,
    {
        "knees_bend": Flaw(38.0, peak=both_sides(put, knee_flexion=1.0)),
        "head_thrown_back": Flaw(55.0, peak=add(neck_flexion=-1.0)),
        "too_far": Flaw(30.0, peak=add(lumbar_flexion=-0.7, thoracic_flexion=-0.3)),
        "too_fast": Flaw(0.45, "seconds", rising=True),
    },
)

# --- standing side bend -------------------------------------------------------------------------

# 001: the foot of the side bent to is ahead, and that side's hand is on the hip.
STAGGERED = replace(
    STANDING.bent(left_hip_flexion=14, right_hip_flexion=-6, **both(hip_abduction=3),
                  **{f"left_{name.split('_', 1)[1]}": v for name, v in AKIMBO.items()}),
    free=(*STANDING.free, *(name for name in ARMS if name.startswith("left"))),
    reaches=HANDS_ON_HIPS.reaches[:1],
)  # fmt: skip
SIDE_BENT = STAGGERED.bent(spine_side_bend=30, neck_side_bend=5, right_shoulder_abduction=172,
                           right_elbow_flexion=14, right_shoulder_rotation=60)  # fmt: skip


def _hip_juts(posture: Posture, size: float) -> Posture:
    """Shift the hips to the right over the feet, which stay; the legs lean."""
    return posture.bent(left_hip_abduction=3 + size, right_hip_abduction=3 - size)


STANDING_SIDE_BEND = Drill(
    "standing_side_bend",
    STAGGERED,
    SIDE_BENT,
    {
        "bends_forward": Flaw(30.0, peak=add(lumbar_flexion=0.7, thoracic_flexion=0.3)),
        "hip_juts_out": Flaw(12.0, peak=_hip_juts),
        "arm_low": Flaw(70.0, peak=add(right_shoulder_abduction=-1.0)),
    },
    sides="one",
    told="holds",
)

# --- doorway chest stretch ----------------------------------------------------------------------

FRAME = Surface((-1.0, 0.0, 0.0), 0.0)
FRAME_COLOUR = (232, 228, 220)
DOOR_FRAME = (
    Furniture((0.03, 0.56, 1.03), (0.06, 0.16, 2.06), FRAME_COLOUR),
    Furniture((0.03, -0.56, 1.03), (0.06, 0.16, 2.06), FRAME_COLOUR),
    Furniture((0.03, 0.0, 2.1), (0.06, 1.28, 0.1), FRAME_COLOUR),
)


def _spread(abduction: float, back: float) -> dict[str, float]:
    """Return arms out to the sides with the forearms up, drawn back by so many degrees."""
    posture = Posture("down", both(shoulder_abduction=abduction, shoulder_rotation=90))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        turn = np.array([0.0, 0.0, sign])
        posture = limb_turned(posture, f"{side}_shoulder", turn, back)
    return {**posture.angles, **both(elbow_flexion=88, forearm_pronation=0)}


STEPPED = replace(
    STANDING.bent(left_hip_flexion=20, left_knee_flexion=10, right_hip_flexion=-12,
                  right_knee_flexion=3, **_spread(88, 0)),
    trunk_elevation=88.0,
    contacts=frozenset({*FEET, *sided("forearm")}) - {"right_heel"},
    planted=frozenset({*sided("toes", "forearm")}),
    on=dict.fromkeys(sided("forearm"), FRAME),
    free=LEGS,
)  # fmt: skip
THROUGH = replace(STEPPED.bent(**_spread(88, 24), **both(girdle_retraction=10)), trunk_elevation=86)
DOORWAY_CHEST_STRETCH = Drill(
    "doorway_chest_stretch",
    STEPPED,
    THROUGH,
    {
        "elbows_low": Flaw(35.0, peak=lambda posture, size: posture.bent(**_spread(88 - size, 24)),
                           rest=lambda posture, size: posture.bent(**_spread(88 - size, 0))),
        "back_arches": Flaw(28.0, peak=add(lumbar_flexion=-1.0)),
        "head_juts": Flaw(28.0, peak=add(neck_flexion=1.0)),
    },
    told="holds",
    furniture=DOOR_FRAME,
)  # fmt: skip

# --- wall sit -----------------------------------------------------------------------------------

WALL = Surface((1.0, 0.0, 0.0), 0.0, solid=True)
WALL_BOX = (Furniture((-0.04, 0.0, 1.1), (0.08, 2.2, 2.2), (216, 208, 194)),)


def _against_wall(feet_m: float, knee_flexion: float) -> Posture:
    """Return the back on the wall, with the ankles so far ahead of the hips."""
    return Posture(
        "down",
        both(hip_flexion=knee_flexion * 0.9, knee_flexion=knee_flexion, ankle_dorsiflexion=0,
             hip_abduction=3, shoulder_abduction=10, elbow_flexion=10),
        trunk_elevation=90.0,
        contacts=frozenset({"thorax", "pelvis", *FEET}),
        planted=frozenset(sided("toes")),
        on={"thorax": WALL, "pelvis": WALL},
        free=("lumbar_flexion", *sided("hip_flexion", "ankle_dorsiflexion")),
        over=tuple(Over(f"{side}_ankle", f"{side}_hip", feet_m) for side in ("left", "right")),
        trunk_firmness=0.3,
    )  # fmt: skip


def _sat(feet_m: float, knee_flexion: float) -> Posture:
    """Return the seat reached; the feet are where they were."""
    return replace(_against_wall(feet_m, knee_flexion), over=())


FEET_OUT_M = 0.36
LEANING = _against_wall(FEET_OUT_M, 18.0)
LEANING = replace(LEANING, free=(*LEANING.free, *sided("knee_flexion")))


def _seat_at(posture: Posture, interior: float) -> Posture:
    return posture.bent(**both(knee_flexion=180 - interior, hip_flexion=0.9 * (180 - interior)))


def _back_leaves(posture: Posture, size: float) -> Posture:
    """Lean the trunk forward; only the pelvis stays at the wall."""
    off = posture.lifting("thorax").bent(**both(hip_flexion=84 + size))
    return replace(off, trunk_elevation=90.0 - size, trunk_firmness=4.0,
                   on={"pelvis": WALL})  # fmt: skip


def _feet_near(posture: Posture, size: float) -> Posture:
    """Stand so much nearer to the wall."""
    over = tuple(replace(o, ahead_m=FEET_OUT_M - size) for o in posture.over)
    return replace(posture, over=over, planted=posture.planted if not over else frozenset())


WALL_SIT = Drill(
    "wall_sit",
    LEANING,
    _sat(FEET_OUT_M, 84.0),
    {
        "too_high": Flaw(132.0, peak=_seat_at),
        "too_deep": Flaw(70.0, peak=_seat_at),
        "knees_past_toes": Flaw(0.2, "metres", rest=_feet_near, peak=_feet_near),
        "back_leaves_wall": Flaw(22.0, peak=_back_leaves),
    },
    furniture=WALL_BOX,
    way_s=(1.6, 2.4),
)

# --- to avoid -----------------------------------------------------------------------------------

TOES_TOUCHED = replace(
    STANDING.bent(**both(hip_flexion=92, knee_flexion=4, shoulder_flexion=120,
                         shoulder_abduction=2, elbow_flexion=3),
                  lumbar_flexion=32, thoracic_flexion=26, neck_flexion=5),
    trunk_elevation=8.0,
)  # fmt: skip
TOE_TOUCH = Drill(
    "toe_touch", STANDING, TOES_TOUCHED,
    {"part_way": Flaw(52.0, peak=falls_short(STANDING, 130.0))}, told="repetitions",
)  # fmt: skip

_SIDES = "side_left", "side_right"
_FRONT = "front", "side_left", "side_right"
EXERCISES = {
    "wall_sit": Exercise(WALL_SIT, WALL_SIT.faults, (*_SIDES, "oblique_45_left"), "upright"),
    "standing_back_stretch": Exercise(
        STANDING_BACK_STRETCH, STANDING_BACK_STRETCH.faults, _SIDES, "upright"
    ),
    "standing_side_bend": Exercise(
        STANDING_SIDE_BEND, STANDING_SIDE_BEND.faults, ("front_far", "back_far"), "upright",
        note="one side a clip (--side): the foot in front changes with the side",
        fault_cameras={"bends_forward": "front_far"},
    ),
    "doorway_chest_stretch": Exercise(
        DOORWAY_CHEST_STRETCH, DOORWAY_CHEST_STRETCH.faults, _FRONT, "upright",
        fault_cameras={"back_arches": "side_left", "head_juts": "side_left"},
    ),
    "toe_touch": Exercise(TOE_TOUCH, TOE_TOUCH.faults, _SIDES, "upright", note="to avoid"),
}  # fmt: skip

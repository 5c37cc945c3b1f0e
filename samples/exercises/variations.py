"""Postures that no exercise takes, or takes otherwise: what people do before, after and instead.

Written for the left side, as the exercises are. A still of each is drawn with its angles a little
different every time (`samples.stills`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from samples.angles import both
from samples.exercises.approach import FLOOR_SITTING, HALF_KNEELING, KNEELING, STANDING
from samples.exercises.avoid import HANDS_AT_HEAD, HANDS_UP, SAT_UP
from samples.exercises.other import passing_foot, stride
from samples.exercises.prone import (
    FOREARM_PLANK,
    HIGH_PLANK,
    PRONE,
    SPHINX,
    TOES_TUCKED,
)
from samples.exercises.quadruped import DOWNWARD_DOG, ON_HEELS, QUADRUPED
from samples.exercises.seated import CHAIR, SITTING
from samples.exercises.side_lying import ON_SIDE
from samples.exercises.standing import FEET, TOES_TOUCHED
from samples.exercises.supine import HOOK_LYING, LONG_LYING
from samples.posture import Furniture, Posture, sided


@dataclass(frozen=True, slots=True)
class Variation:
    """A posture to draw.

    Attributes
    ----------
    posture
        See `formcheck.body.POSTURES`.
    jitter
        SD of its angles from one drawing to the next, degrees.
    """

    posture: str
    shape: Posture
    place: str = "floor"
    furniture: tuple[Furniture, ...] = ()
    jitter: float = 5.0


HANGING = both(shoulder_flexion=4, shoulder_abduction=8, elbow_flexion=14)
AHEAD = both(shoulder_flexion=88, shoulder_abduction=2, elbow_flexion=8)
OVERHEAD = both(shoulder_flexion=168, shoulder_abduction=8, elbow_flexion=12)
ASIDE = both(shoulder_flexion=0, shoulder_abduction=88, elbow_flexion=5)
AKIMBO = both(shoulder_flexion=-12, shoulder_abduction=42, shoulder_rotation=-25, elbow_flexion=95,
              forearm_pronation=40)  # fmt: skip
CACTUS = both(shoulder_flexion=0, shoulder_abduction=85, shoulder_rotation=85, elbow_flexion=90)
CROSSED = both(shoulder_flexion=35, shoulder_abduction=5, shoulder_rotation=-60, elbow_flexion=125)
BEHIND = both(shoulder_flexion=-30, shoulder_abduction=14, shoulder_rotation=-20, elbow_flexion=20)
AT_HEAD = HANDS_AT_HEAD
ON_THIGHS = both(shoulder_flexion=30, shoulder_abduction=8, elbow_flexion=50)
AT_CHEST = both(shoulder_flexion=40, shoulder_abduction=12, shoulder_rotation=-30,
                elbow_flexion=120)  # fmt: skip
ONE_UP = {**HANGING, "left_shoulder_abduction": 165, "left_elbow_flexion": 15}
HAND_ON_HEAD = {**HANGING, "left_shoulder_abduction": 120, "left_shoulder_rotation": 50,
                "left_elbow_flexion": 120}  # fmt: skip
ARM_POSES = {
    "hanging": HANGING,
    "on_thighs": ON_THIGHS,
    "ahead": AHEAD,
    "overhead": OVERHEAD,
    "aside": ASIDE,
    "akimbo": AKIMBO,
    "cactus": CACTUS,
    "crossed": CROSSED,
    "behind": BEHIND,
    "at_head": AT_HEAD,
    "at_chest": AT_CHEST,
    "one_up": ONE_UP,
    "hand_on_head": HAND_ON_HEAD,
}


def _arms(posture: Posture, arms: dict[str, float]) -> Posture:
    """Return the posture with other arms, which then hold and touch nothing."""
    kept = {n: v for n, v in posture.angles.items() if not _of_arm(n)}
    return replace(
        posture,
        angles={**kept, **arms},
        contacts=frozenset(n for n in posture.contacts if not _of_arm(n)),
        planted=frozenset(n for n in posture.planted if not _of_arm(n)),
        free=tuple(n for n in posture.free if not _of_arm(n)),
        over=tuple(o for o in posture.over if not _of_arm(o.upper) and not _of_arm(o.lower)),
        reaches=tuple(r for r in posture.reaches if not _of_arm(r.joint)),
    )


def _of_arm(name: str) -> bool:
    parts = ("shoulder", "elbow", "forearm", "wrist", "hand", "upper_arm", "girdle")
    return any(part in name for part in parts)


def _each(
    posture: str, name: str, shape: Posture, arms: str, place: str = "floor",
    furniture: tuple[Furniture, ...] = (),
) -> dict[str, Variation]:  # fmt: skip
    """Return the shape with each of these arms."""
    return {
        f"{name}_{arm}": Variation(posture, _arms(shape, ARM_POSES[arm]), place, furniture)
        for arm in arms.split()
    }


# --- standing -----------------------------------------------------------------------------------


def _squat(knees: float, trunk: float, abduction: float = 10.0) -> Posture:
    """Return a squat with so much bend of the knees; the hips follow from trunk and thighs."""
    ankles = min(32.0, 0.36 * knees)
    return replace(
        STANDING.bent(**both(hip_flexion=90.0 - trunk + knees - ankles, knee_flexion=knees,
                             ankle_dorsiflexion=ankles, hip_abduction=abduction,
                             hip_rotation=abduction)),
        trunk_elevation=trunk,
        free=sided("ankle_dorsiflexion"),
        trunk_firmness=2.0,
    )  # fmt: skip


def _hinge(trunk: float, knees: float, back: float = 0.0) -> Posture:
    """Return a bend forward from the hips, and of the back."""
    return replace(
        STANDING.bent(**both(hip_flexion=90.0 - trunk + 0.4 * knees, knee_flexion=knees),
                      lumbar_flexion=0.6 * back, thoracic_flexion=0.4 * back),
        trunk_elevation=trunk,
    )  # fmt: skip


WIDE = STANDING.bent(**both(hip_abduction=16))
ONE_LEG = STANDING.bent(left_hip_flexion=85, left_knee_flexion=95).lifting("left_heel", "left_toes")
QUAD_STANDING = STANDING.bent(left_hip_flexion=-5, left_knee_flexion=115).lifting(
    "left_heel", "left_toes"
)
SPLIT = replace(
    STANDING.bent(left_hip_flexion=55, left_knee_flexion=60, right_hip_flexion=-20,
                  right_knee_flexion=35, right_ankle_dorsiflexion=10, right_toe_extension=40),
    contacts=frozenset({"left_heel", "left_toes", "right_toes"}),
    free=sided("ankle_dorsiflexion", "knee_flexion"),
)  # fmt: skip
AT_WALL = replace(STANDING.bent(**both(ankle_dorsiflexion=16)), trunk_elevation=74.0,
                  trunk_firmness=6.0)  # fmt: skip
SIDE_BEND = STANDING.bent(spine_side_bend=28, neck_side_bend=8)
TURNED = STANDING.bent(spine_rotation=35, neck_rotation=20)

STANDINGS = {
    **_each("standing", "stand", STANDING, " ".join(ARM_POSES), "upright"),
    **_each("standing", "stand_wide", WIDE, "hanging overhead aside", "upright"),
    **_each("standing", "squat_30", _squat(35, 72), "ahead at_chest hanging", "upright"),
    **_each("standing", "squat_60", _squat(65, 62), "ahead at_chest akimbo hanging", "upright"),
    **_each("standing", "squat_90", _squat(92, 55), "ahead at_chest at_head hanging", "upright"),
    **_each("standing", "squat_105", _squat(108, 52, 14), "ahead at_chest", "upright"),
    **_each("standing", "squat_upright", _squat(80, 86), "ahead hanging akimbo", "upright"),
    **_each("standing", "squat_wide", _squat(75, 78, 28), "ahead at_chest akimbo", "upright"),
    **_each("standing", "squat_wide_deep", _squat(95, 84, 24), "aside crossed cactus", "upright"),
    **_each("standing", "hinge_60", _hinge(60, 12), "hanging akimbo ahead", "upright"),
    **_each("standing", "hinge_30", _hinge(30, 18), "hanging ahead akimbo", "upright"),
    **_each("standing", "hinge_5", _hinge(5, 15, 30), "ahead", "upright"),
    **_each("standing", "one_leg", ONE_LEG, "hanging akimbo", "upright"),
    **_each("standing", "heel_to_bottom", QUAD_STANDING, "hanging one_up", "upright"),
    **_each("standing", "split", SPLIT, "hanging akimbo", "upright"),
    **_each("standing", "at_wall", AT_WALL, "ahead at_chest", "upright"),
    **_each("standing", "side_bend", SIDE_BEND, "overhead one_up akimbo", "upright"),
    **_each("standing", "turned", TURNED, "ahead akimbo", "upright"),
    "stride": Variation("standing", stride("left", "right"), "upright"),
    "passing": Variation("standing", passing_foot("left"), "upright"),
    "toes_touched": Variation("standing", TOES_TOUCHED, "upright"),
}

# --- seated -------------------------------------------------------------------------------------

LEANT_30 = replace(SITTING.bent(**both(hip_flexion=112)), trunk_elevation=60.0)
LEANT_55 = replace(SITTING.bent(**both(hip_flexion=130), lumbar_flexion=14), trunk_elevation=35.0)
LEANT_BACK = replace(SITTING.bent(**both(hip_flexion=68)), trunk_elevation=104.0)
APART = replace(SITTING.bent(**both(hip_abduction=22, hip_rotation=10)), over=())
SLUMPED = SITTING.bent(lumbar_flexion=22, thoracic_flexion=18, neck_flexion=14)
TWISTED = SITTING.bent(spine_rotation=38, neck_rotation=20)
ASIDE_BENT = SITTING.bent(spine_side_bend=26, neck_side_bend=10)
LEG_OUT = replace(
    SITTING.bent(left_knee_flexion=15, left_hip_flexion=80).lifting("left_heel", "left_toes"),
    over=(),
)
LEG_OVER = replace(
    SITTING.bent(left_hip_flexion=92, left_hip_abduction=18, left_hip_rotation=45,
                 left_knee_flexion=100).lifting("left_heel", "left_toes"),
    over=(),
)  # fmt: skip
KNEE_UP = replace(
    SITTING.bent(left_hip_flexion=112, left_knee_flexion=100).lifting("left_heel", "left_toes"),
    over=(),
)
SEATS = {
    **_each("seated", "sit", SITTING, " ".join(ARM_POSES), "upright", CHAIR),
    **_each("seated", "sit_leant", LEANT_30, "ahead hanging crossed", "upright", CHAIR),
    **_each("seated", "sit_low", LEANT_55, "ahead hanging", "upright", CHAIR),
    **_each("seated", "sit_back", LEANT_BACK, "hanging crossed", "upright", CHAIR),
    **_each("seated", "sit_apart", APART, "hanging at_chest", "upright", CHAIR),
    **_each("seated", "sit_slumped", SLUMPED, "hanging at_chest", "upright", CHAIR),
    **_each("seated", "sit_twisted", TWISTED, "crossed aside at_head", "upright", CHAIR),
    **_each("seated", "sit_bent", ASIDE_BENT, "one_up hand_on_head", "upright", CHAIR),
    **_each("seated", "leg_out", LEG_OUT, "hanging", "upright", CHAIR),
    **_each("seated", "leg_over", LEG_OVER, "hanging at_chest", "upright", CHAIR),
    **_each("seated", "knee_up", KNEE_UP, "hanging at_chest", "upright", CHAIR),
}

# --- sitting on the floor -----------------------------------------------------------------------

LONG_SITTING = Posture(
    "down",
    {**both(hip_flexion=88, knee_flexion=6, ankle_dorsiflexion=-5, hip_abduction=4),
     "lumbar_flexion": 10},
    trunk_elevation=84.0,
    contacts=frozenset({"pelvis", *sided("heel")}),
    planted=frozenset({"pelvis"}),
    free=sided("hip_flexion", "knee_flexion"),
    trunk_firmness=8.0,
)  # fmt: skip
REACHING = replace(LONG_SITTING.bent(**both(hip_flexion=112), lumbar_flexion=25,
                                     thoracic_flexion=15), trunk_elevation=58.0)  # fmt: skip
STRADDLE = LONG_SITTING.bent(**both(hip_abduction=32))
LEG_CROSSED_OVER = replace(
    LONG_SITTING.bent(left_hip_flexion=112, left_knee_flexion=110, left_hip_abduction=-8,
                      spine_rotation=30),
    contacts=frozenset({"pelvis", "right_heel", "left_heel"}),
    free=("right_hip_flexion", "left_hip_flexion", "left_knee_flexion"),
)  # fmt: skip
CROSS_LEGGED = Posture(
    "down",
    {**both(hip_flexion=88, hip_abduction=38, hip_rotation=62, knee_flexion=122,
            ankle_dorsiflexion=-15), "lumbar_flexion": 12},
    trunk_elevation=86.0,
    contacts=frozenset({"pelvis", *sided("heel")}),
    planted=frozenset({"pelvis"}),
    free=sided("hip_flexion", "hip_rotation", "hip_abduction"),
    trunk_firmness=8.0,
)  # fmt: skip
# Ankles crossed under the knees, and the knees low.
CROSSED_LOW = CROSS_LEGGED.bent(**both(hip_flexion=76, hip_abduction=46, hip_rotation=74,
                                       knee_flexion=134))  # fmt: skip
# Soles together.
SOLES = CROSS_LEGGED.bent(**both(hip_flexion=82, hip_abduction=44, hip_rotation=58,
                                 knee_flexion=108))  # fmt: skip
CROSS_LEANT = replace(CROSS_LEGGED.bent(**both(hip_flexion=108), lumbar_flexion=24),
                      trunk_elevation=64.0)  # fmt: skip
CROSS_TWISTED = CROSS_LEGGED.bent(spine_rotation=38, neck_rotation=18)
HOOK_SITTING = replace(
    LONG_SITTING.bent(**both(hip_flexion=112, knee_flexion=95)),
    contacts=frozenset({"pelvis", *sided("heel", "toes")}),
    free=sided("hip_flexion", "ankle_dorsiflexion"),
    trunk_elevation=78.0,
)
ONE_KNEE_UP = replace(
    LONG_SITTING.bent(left_hip_flexion=112, left_knee_flexion=95),
    contacts=frozenset({"pelvis", "right_heel", "left_heel", "left_toes"}),
    free=("right_hip_flexion", "left_hip_flexion", "left_ankle_dorsiflexion"),
)
FLOOR_SITS = {
    **_each("floor_sitting", "long_sit", LONG_SITTING, "on_thighs ahead overhead behind at_head"
            " cactus akimbo one_up"),
    **_each("floor_sitting", "reaching", REACHING, "ahead"),
    **_each("floor_sitting", "straddle", STRADDLE, "on_thighs ahead"),
    **_each("floor_sitting", "crossed_over", LEG_CROSSED_OVER, "behind crossed at_chest"),
    **_each("floor_sitting", "cross_legged", CROSS_LEGGED, "on_thighs ahead overhead aside"
            " akimbo cactus crossed behind at_head at_chest one_up hand_on_head"),
    **_each("floor_sitting", "crossed_low", CROSSED_LOW, "on_thighs cactus overhead behind at_chest"
            " hand_on_head"),
    **_each("floor_sitting", "soles", SOLES, "on_thighs at_chest"),
    **_each("floor_sitting", "cross_leant", CROSS_LEANT, "ahead at_chest"),
    **_each("floor_sitting", "cross_twisted", CROSS_TWISTED, "behind crossed"),
    **_each("floor_sitting", "hook_sit", HOOK_SITTING, "ahead on_thighs behind at_head crossed"),
    **_each("floor_sitting", "one_knee_up", ONE_KNEE_UP, "on_thighs behind at_chest"),
    **_each("floor_sitting", "sat_up", SAT_UP, "ahead crossed at_head"),
    "hands_behind": Variation("floor_sitting", FLOOR_SITTING, jitter=4.0),
}  # fmt: skip

# --- kneeling -----------------------------------------------------------------------------------

ON_HEELS_UPRIGHT = Posture(
    "down",
    {**both(hip_flexion=68, knee_flexion=150, ankle_dorsiflexion=-50, toe_extension=-10),
     "lumbar_flexion": 5},
    trunk_elevation=86.0,
    contacts=frozenset({*sided("knee"), *sided("toes")}),
    planted=frozenset(sided("knee")),
    free=sided("hip_flexion", "ankle_dorsiflexion"),
    trunk_firmness=8.0,
)  # fmt: skip
BOTH_KNEES = replace(KNEELING, contacts=frozenset(sided("knee", "toes")))
KNEELING_LEANT = replace(BOTH_KNEES.bent(**both(hip_flexion=25)), trunk_elevation=70.0)
LUNGE = replace(
    HALF_KNEELING.bent(left_hip_flexion=100, left_knee_flexion=100, right_hip_flexion=-22,
                       right_knee_flexion=60),
    trunk_elevation=84.0,
)  # fmt: skip
LUNGE_LEANT = replace(HALF_KNEELING.bent(left_hip_flexion=115), trunk_elevation=60.0)
KNEELS = {
    **_each("kneeling", "kneel", BOTH_KNEES, " ".join(ARM_POSES)),
    **_each("kneeling", "kneel_leant", KNEELING_LEANT, "ahead hanging"),
    **_each("kneeling", "on_heels", ON_HEELS_UPRIGHT, "hanging overhead ahead at_chest akimbo"),
    **_each("half_kneeling", "half_kneel", HALF_KNEELING, "hanging akimbo overhead at_chest ahead"),
    **_each("half_kneeling", "lunge", LUNGE, "hanging akimbo overhead one_up"),
    **_each("half_kneeling", "lunge_leant", LUNGE_LEANT, "hanging akimbo"),
}

# --- on all fours, folded, upside down ----------------------------------------------------------

ON_ELBOWS = replace(
    QUADRUPED.bent(**both(shoulder_flexion=85, elbow_flexion=92, wrist_flexion=0)),
    trunk_elevation=-8.0,
    contacts=frozenset(sided("elbow", "forearm", "knee", "toes")),
    planted=frozenset(sided("knee", "toes")),
    free=sided("hip_flexion", "knee_flexion", "ankle_dorsiflexion", "shoulder_flexion",
               "elbow_flexion"),
    over=(),
)  # fmt: skip
HALF_BACK = replace(
    QUADRUPED.bent(**both(hip_flexion=108, knee_flexion=112, shoulder_flexion=115)),
    over=(), planted=frozenset(sided("knee", "toes")),
)  # fmt: skip
LEG_BACK = replace(
    QUADRUPED.bent(left_hip_flexion=5, left_knee_flexion=8).lifting("left_knee", "left_toes"),
    over=QUADRUPED.over[:2],
)
DONKEY = replace(
    QUADRUPED.bent(left_hip_flexion=10, left_knee_flexion=95).lifting("left_knee", "left_toes"),
    over=QUADRUPED.over[:2],
)
TUCKED = replace(
    QUADRUPED.bent(left_hip_flexion=118, left_knee_flexion=120).lifting("left_knee", "left_toes"),
    over=QUADRUPED.over[:2],
)
ARM_FORWARD = replace(
    QUADRUPED.bent(left_shoulder_flexion=170, left_wrist_flexion=0).lifting("left_hand"),
    over=QUADRUPED.over[1:],
)
FOLDED = _arms(ON_HEELS, both(shoulder_flexion=-8, shoulder_abduction=14, elbow_flexion=8))
OFF_HEELS = ON_HEELS.bent(**both(hip_flexion=124, knee_flexion=128))
WIDE_KNEES = ON_HEELS.bent(**both(hip_abduction=28, hip_rotation=8))
BENT_DOG = DOWNWARD_DOG.bent(**both(knee_flexion=38, hip_flexion=100, toe_extension=40))
STEEP_DOG = replace(DOWNWARD_DOG.bent(**both(hip_flexion=108)), trunk_elevation=-55.0)
LONG_DOG = replace(DOWNWARD_DOG.bent(**both(hip_flexion=68)), trunk_elevation=-30.0)
FOURS = {
    "fours": Variation("quadruped", QUADRUPED),
    "on_elbows": Variation("quadruped", ON_ELBOWS),
    "half_back": Variation("quadruped", HALF_BACK),
    "leg_back": Variation("quadruped", LEG_BACK),
    "donkey": Variation("quadruped", DONKEY),
    "tucked": Variation("quadruped", TUCKED),
    "arm_forward": Variation("quadruped", ARM_FORWARD),
    "fours_round": Variation("quadruped", QUADRUPED.bent(lumbar_flexion=28, thoracic_flexion=22,
                                                         neck_flexion=25)),
    "child": Variation("folded", ON_HEELS),
    "child_arms_back": Variation("folded", FOLDED),
    "child_off_heels": Variation("folded", OFF_HEELS),
    "child_wide": Variation("folded", WIDE_KNEES),
    "dog": Variation("inverted", DOWNWARD_DOG),
    "dog_bent": Variation("inverted", BENT_DOG),
    "dog_steep": Variation("inverted", STEEP_DOG),
    "dog_long": Variation("inverted", LONG_DOG),
}  # fmt: skip

# --- on the front -------------------------------------------------------------------------------

KNEES_DOWN = replace(
    HIGH_PLANK.bent(**both(knee_flexion=35, ankle_dorsiflexion=-50, toe_extension=-10)),
    trunk_elevation=24.0,
    contacts=frozenset(sided("hand", "knee")),
    planted=frozenset(sided("hand", "knee")),
)
LOWERED = replace(
    HIGH_PLANK.bent(**both(shoulder_flexion=5, shoulder_abduction=35, elbow_flexion=95,
                           wrist_flexion=-70)),
    trunk_elevation=5.0,
    over=(),
)  # fmt: skip
LOWERED_KNEES = replace(
    KNEES_DOWN.bent(**both(shoulder_flexion=8, shoulder_abduction=35, elbow_flexion=95,
                           wrist_flexion=-70)),
    trunk_elevation=10.0,
    over=(),
)  # fmt: skip
# Knee push-ups are done with the feet in the air just as often.
FEET_UP = both(knee_flexion=90, ankle_dorsiflexion=-20)
ARMS_BY_SIDES = replace(
    _arms(PRONE, both(shoulder_flexion=-5, shoulder_abduction=12, elbow_flexion=5)),
    planted=frozenset(),
)
COBRA = replace(
    SPHINX.bent(**both(shoulder_flexion=48, elbow_flexion=8, wrist_flexion=-75, hip_flexion=-18),
                lumbar_flexion=-38, thoracic_flexion=-14),
    contacts=frozenset({"pelvis", *sided("thigh", "knee", "toes", "hand")}),
    planted=frozenset(sided("toes")),
    free=("lumbar_flexion", "thoracic_flexion", *sided("hip_flexion", "knee_flexion",
                                                     "ankle_dorsiflexion", "shoulder_flexion",
                                                     "elbow_flexion", "wrist_flexion")),
    over=(),
    trunk_elevation=6.0,
)  # fmt: skip
LEG_LIFTED = PRONE.bent(left_hip_flexion=-15).lifting("left_knee", "left_toes", "left_thigh")
SUPERMAN = replace(
    _arms(PRONE, both(shoulder_flexion=170, elbow_flexion=5)).bent(
        **both(hip_flexion=-14), thoracic_flexion=-12, lumbar_flexion=-8),
    contacts=frozenset({"pelvis"}), planted=frozenset(), free=(),
)  # fmt: skip
KNEES_BENT = replace(
    PRONE.bent(**both(knee_flexion=95)).lifting(*sided("toes")), planted=frozenset(),
    free=("neck_flexion", *sided("hip_flexion", "shoulder_flexion", "elbow_flexion")),
)  # fmt: skip
FRONTS = {
    "high_plank": Variation("plank", HIGH_PLANK, jitter=3.0),
    "forearm_plank": Variation("plank", FOREARM_PLANK, jitter=3.0),
    "plank_piked": Variation("plank", FOREARM_PLANK.bent(**both(hip_flexion=22)), jitter=3.0),
    "high_plank_piked": Variation("plank", HIGH_PLANK.bent(**both(hip_flexion=24)), jitter=3.0),
    "knees_down": Variation("plank", KNEES_DOWN, jitter=3.0),
    "lowered": Variation("plank", LOWERED, jitter=3.0),
    "lowered_knees": Variation("plank", LOWERED_KNEES, jitter=3.0),
    "knees_down_feet_up": Variation("plank", KNEES_DOWN.bent(**FEET_UP), jitter=4.0),
    "lowered_feet_up": Variation("plank", LOWERED_KNEES.bent(**FEET_UP), jitter=4.0),
    "prone": Variation("prone", PRONE),
    "prone_arms_down": Variation("prone", ARMS_BY_SIDES),
    "sphinx": Variation("prone", SPHINX),
    "cobra": Variation("prone", COBRA, jitter=3.0),
    "cobra_bent": Variation("prone", COBRA.bent(**both(elbow_flexion=45)), jitter=3.0),
    "cobra_toes": Variation("prone", COBRA.bent(**TOES_TUCKED), jitter=3.0),
    "prone_leg": Variation("prone", LEG_LIFTED),
    "superman": Variation("prone", SUPERMAN),
    "prone_knees_bent": Variation("prone", KNEES_BENT),
}

# --- on the back and on the side ----------------------------------------------------------------

ON_FLOOR = frozenset({"pelvis", "thorax", "head"})


def _on_back(arms: dict[str, float], **angles: float) -> Posture:
    """Return somebody on the back whose limbs are held in the air, or lie."""
    return Posture("up", {**arms, **angles, "neck_flexion": 4}, contacts=ON_FLOOR,
                   planted=frozenset({"thorax"}), free=("neck_flexion",))  # fmt: skip


LYING_ARMS = both(shoulder_flexion=-4, shoulder_abduction=16, elbow_flexion=6, forearm_pronation=80)
CRUNCHED = (
    replace(_arms(HOOK_LYING, AT_HEAD), planted=frozenset({*FEET, "pelvis"}))
    .lifting("head")
    .bent(thoracic_flexion=26, lumbar_flexion=10, neck_flexion=24)
)
ON_ELBOW = replace(
    ON_SIDE.bent(right_shoulder_flexion=20, right_shoulder_abduction=75, right_elbow_flexion=95,
                 spine_side_bend=18, neck_side_bend=10),
    contacts=frozenset({"pelvis", "right_knee", "right_heel"}),
    planted=frozenset({"right_knee", "right_heel"}),
    free=("right_hip_abduction",),
    reaches=(),
    trunk_elevation=10.0,
)  # fmt: skip
FOETAL = replace(
    ON_SIDE.bent(**both(hip_flexion=80, knee_flexion=95)),
    free=(*ON_SIDE.free, "right_hip_rotation"),
)
ARM_IN_FRONT = replace(
    ON_SIDE.bent(left_shoulder_flexion=70, left_elbow_flexion=50, left_shoulder_abduction=5),
    reaches=(), free=("right_hip_abduction", "right_shoulder_abduction"),
)  # fmt: skip
BACKS = {
    **_each("supine", "hook", HOOK_LYING, "overhead cactus at_head crossed aside ahead"),
    **_each("supine", "flat", LONG_LYING, "overhead cactus at_head crossed aside ahead hanging"),
    "crunch": Variation("supine", CRUNCHED, jitter=3.0),
    "crunch_chest": Variation("supine", _arms(CRUNCHED, CROSSED), jitter=3.0),
    "legs_up": Variation("supine", _on_back(LYING_ARMS, **both(hip_flexion=84, knee_flexion=10))),
    "leg_up": Variation("supine", _on_back(LYING_ARMS, left_hip_flexion=75, left_knee_flexion=8,
                                           right_knee_flexion=3)),
    "table_top": Variation("supine", _on_back(LYING_ARMS, **both(hip_flexion=90,
                                                                 knee_flexion=90))),
    "dead_bug": Variation("supine", _on_back(AHEAD, **both(hip_flexion=90, knee_flexion=90))),
    "dead_bug_out": Variation("supine", _on_back(
        {**AHEAD, "left_shoulder_flexion": 165}, right_hip_flexion=15, right_knee_flexion=12,
        left_hip_flexion=90, left_knee_flexion=90)),
    "happy_baby": Variation("supine", _on_back(
        both(shoulder_flexion=75, shoulder_abduction=20), **both(
            hip_flexion=112, hip_abduction=28, hip_rotation=15, knee_flexion=85))),
    "hands_up_hook": Variation("supine", HANDS_UP),
    "side_straight": Variation("side_lying", ON_SIDE),
    "side_foetal": Variation("side_lying", FOETAL),
    "side_arm_front": Variation("side_lying", ARM_IN_FRONT),
    "side_on_elbow": Variation("side_lying", ON_ELBOW),
    "side_leg_up": Variation("side_lying", ON_SIDE.bent(left_hip_abduction=38)),
    "side_leg_front": Variation("side_lying", ON_SIDE.bent(left_hip_flexion=60)),
}  # fmt: skip

VARIATIONS: dict[str, Variation] = {
    **STANDINGS,
    **SEATS,
    **FLOOR_SITS,
    **KNEELS,
    **FOURS,
    **FRONTS,
    **BACKS,
}

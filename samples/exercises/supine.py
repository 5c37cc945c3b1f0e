"""Exercises on the back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.angles import both
from samples.exercises.drill import Drill, Flaw, Shape, add, both_sides, fixed, lift, put, together
from samples.exercises.plan import Exercise, Plan
from samples.exercises.shapes import HEAD_LIFTS, SHOULDERS_LIFT, knees_rolled, limb_turned
from samples.posture import Fault, Posture, Reach, Repetition, Script, sided

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
    rest = HOOK_LYING.bent(**both(knee_flexion=knee, hip_flexion=0.55 * knee))
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
        if shown and fault == "over_arched":
            # The hips are pushed up beyond the line by the low back.
            extra = {"lumbar_flexion": -size}
            flexion -= 0.4 * size
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
    "over_arched": (15.0, "degrees"),  # extension of the low back
    "hips_sink": (20.0, "degrees"),  # hip flexion lost during the hold
    "dropped": (0.5, "seconds"),  # duration of the way down
    "feet_too_far": (130.0, "degrees"),  # interior angle at the knee, at the top
    "feet_too_near": (60.0, "degrees"),
    "hips_not_level": (10.0, "degrees"),  # roll of the pelvis
    "knees_apart": (30.0, "degrees"),  # abduction and rotation of each hip, together
}

# --- lying flat ---------------------------------------------------------------------------------

LONG_LYING = replace(
    HOOK_LYING.bent(**both(hip_flexion=0, knee_flexion=3, ankle_dorsiflexion=-15)),
    contacts=frozenset({"pelvis", "thorax", "head", *sided("heel", "hand")}),
    planted=frozenset({"thorax", *sided("heel")}),
)
ARM = ("shoulder_flexion", "shoulder_abduction", "shoulder_rotation", "elbow_flexion")


def _held(posture: Posture, left: Reach, right: Reach, **angles: float) -> Posture:
    """Return a posture in which both hands hold something; only the arms may reach for it."""
    arms = both(
        shoulder_flexion=60,
        shoulder_abduction=8,
        shoulder_rotation=-10,
        elbow_flexion=40,
        wrist_flexion=75,
    )
    posture = posture.lifting(*sided("hand")).bent(**{**arms, **angles})
    kept = tuple(name for name in posture.free if not name.endswith("shoulder_flexion"))
    return replace(posture, free=(*kept, *sided(*ARM)), reaches=(left, right))


def _lifted(posture: Posture, side: str, **angles: float) -> Posture:
    """Return a posture with one foot off the floor."""
    return posture.lifting(f"{side}_heel", f"{side}_toes").bent(
        **{f"{side}_{name}": value for name, value in angles.items()}
    )


# Someone on the back has the left at -y; a hand lies on the shin just below the knee.
ON_SHIN_LEFT = Reach("left_wrist", "left_knee", (-0.03, 0.07, 0.07))
ON_SHIN_RIGHT = Reach("right_wrist", "left_knee", (-0.03, -0.07, 0.07))
KNEE_HELD = _held(
    _lifted(HOOK_LYING, "left", hip_flexion=120, knee_flexion=132), ON_SHIN_LEFT, ON_SHIN_RIGHT
)
KNEE_HELD_LEG_FLAT = _held(
    _lifted(LONG_LYING, "left", hip_flexion=116, knee_flexion=132), ON_SHIN_LEFT, ON_SHIN_RIGHT
)
KNEES_HELD = _held(
    _lifted(_lifted(HOOK_LYING, "left", hip_flexion=118, knee_flexion=132), "right",
            hip_flexion=118, knee_flexion=132),
    ON_SHIN_LEFT, Reach("right_wrist", "right_knee", (-0.03, -0.07, 0.07)),
    lumbar_flexion=8,
)  # fmt: skip

KNEE_TO_CHEST_FLAWS = {
    "other_leg_lifts": Flaw(30.0, peak=together(lift("right_heel", "right_toes"),
                                                put(right_hip_flexion=1.0),
                                                fixed(right_knee_flexion=25.0))),
    "head_lifts": Flaw(35.0, peak=HEAD_LIFTS),
    "knee_not_close": Flaw(80.0, peak=put(left_hip_flexion=1.0), late=False),
}  # fmt: skip
SINGLE_KNEE_TO_CHEST = Drill(
    "single_knee_to_chest", HOOK_LYING, KNEE_HELD, KNEE_TO_CHEST_FLAWS, sides="alternate",
    told="holds", way_s=(1.5, 2.2), vary={"left_hip_flexion": 3.0},
)  # fmt: skip
SINGLE_KNEE_TO_CHEST_LEG_FLAT = replace(
    SINGLE_KNEE_TO_CHEST, rest=LONG_LYING, peak=KNEE_HELD_LEG_FLAT
)
DOUBLE_KNEE_TO_CHEST = Drill(
    "double_knee_to_chest",
    HOOK_LYING,
    KNEES_HELD,
    {"head_lifts": Flaw(35.0, peak=HEAD_LIFTS), "legs_together": Flaw(0.0, "", direct=True)},
    told="holds",
    via=(_lifted(HOOK_LYING, "left", hip_flexion=108, knee_flexion=125),),
    way_s=(2.2, 3.0),
)

# --- hamstring stretch --------------------------------------------------------------------------

BEHIND_LEFT = Reach("left_wrist", "left_knee", (-0.09, 0.05, -0.19))
BEHIND_RIGHT = Reach("right_wrist", "left_knee", (-0.09, -0.05, -0.19))
LEG_RAISED = _held(
    _lifted(LONG_LYING, "left", hip_flexion=82, knee_flexion=8, ankle_dorsiflexion=0),
    BEHIND_LEFT, BEHIND_RIGHT,
)  # fmt: skip
SUPINE_HAMSTRING_STRETCH = Drill(
    "supine_hamstring_stretch",
    LONG_LYING,
    LEG_RAISED,
    {
        "knee_bends": Flaw(50.0, peak=put(left_knee_flexion=1.0)),
        "other_leg_lifts": Flaw(25.0, peak=together(lift("right_heel"), put(right_hip_flexion=1.0),
                                                    fixed(right_knee_flexion=10.0))),
        "other_knee_bends": Flaw(60.0, peak=put(right_knee_flexion=1.0, right_hip_flexion=0.55)),
        "hips_lift": Flaw(20.0, peak=lambda posture, size: replace(
            add(lumbar_flexion=1.0, right_hip_flexion=-1.0)(posture.lifting("pelvis"), size),
            trunk_elevation=-size, trunk_firmness=2.0)),
        "shoulders_lift": Flaw(25.0, peak=SHOULDERS_LIFT),
    },
    sides="alternate",
    told="holds",
    way_s=(1.8, 2.6),
    vary={"left_hip_flexion": 4.0},
)  # fmt: skip

# --- rolling the knees --------------------------------------------------------------------------

ARMS_OUT = replace(
    HOOK_LYING.bent(**both(shoulder_abduction=75, hip_abduction=-6, hip_flexion=62,
                           knee_flexion=108)),
    free=("neck_flexion", *sided("hip_flexion", "knee_flexion", "ankle_dorsiflexion",
                                 "shoulder_flexion")),
)  # fmt: skip


def _knees_to_left(degrees: float) -> Posture:
    """Return the knees rolled to the left; the left foot lies on its edge."""
    rolled = knees_rolled()(ARMS_OUT.bent(**both(knee_flexion=122)), degrees)
    return replace(
        rolled,
        contacts=frozenset({"pelvis", "thorax", "head", *sided("hand"), "left_heel"}),
        planted=frozenset({"thorax"}),
        free=("neck_flexion", *sided("shoulder_flexion"), "left_knee_flexion"),
    )


def _right_lags(posture: Posture, size: float) -> Posture:
    """Leave the upper knee behind the lower one."""
    return replace(
        limb_turned(posture, "right_hip", np.array([0.0, 0.0, 1.0]), -size),
        contacts=posture.contacts | {"right_heel"},
        free=(*posture.free, "right_knee_flexion", "right_hip_flexion"),
    )  # fmt: skip


def _chest_follows(posture: Posture, size: float) -> Posture:
    """Let the chest turn with the knees, so that one shoulder comes up.

    The arms stay on the floor, or the lower one would hold the chest down.
    """
    posture = add(spine_rotation=1.0)(posture, size)
    for side, share in (("left", 1.0), ("right", 1.3)):
        arm = np.array([0.0, 0.0, 1.0])
        posture = limb_turned(posture, f"{side}_shoulder", arm, -share * size)
    return replace(posture, planted=posture.planted - {"thorax"},
                   contacts=posture.contacts - {"right_hand", "left_hand"})  # fmt: skip


LOWER_TRUNK_ROTATION = Drill(
    "lower_trunk_rotation",
    ARMS_OUT,
    _knees_to_left(42.0),
    {
        "shoulders_lift": Flaw(20.0, peak=_chest_follows),
        "knees_apart": Flaw(35.0, peak=_right_lags),
        "too_fast": Flaw(0.5, "seconds", rising=True),
    },
    sides="alternate",
    told="repetitions",
)
LOWER_BACK_STRETCH = Drill(
    "lower_back_stretch",
    ARMS_OUT,
    _knees_to_left(60.0),
    {
        "shoulders_turn": Flaw(25.0, peak=_chest_follows),
        "knees_apart": Flaw(35.0, peak=_right_lags),
    },
    sides="alternate",
    told="holds",
    way_s=(1.8, 2.6),
)

# --- curl-up ------------------------------------------------------------------------------------

ARMS_UP = replace(
    HOOK_LYING.bent(**both(shoulder_flexion=90, shoulder_abduction=0, elbow_flexion=3)),
    contacts=HOOK_LYING.contacts - {*sided("hand")},
)
CURLED = (
    add(thoracic_flexion=1.0, lumbar_flexion=0.3)(ARMS_UP, 26.0)
    .lifting("head")
    .bent(neck_flexion=22.0, **both(shoulder_flexion=116.0))
)


def _knees_at(posture: Posture, interior: float) -> Posture:
    """Return a posture with the feet further out or nearer, by the angle at the knees."""
    return both_sides(put, knee_flexion=1.0)(posture.bent(**both(hip_flexion=40)), 180 - interior)


CURL_UP_ARMS_REACH = Drill(
    "curl_up_arms_reach",
    ARMS_UP,
    CURLED,
    {
        "sits_up_too_far": Flaw(50.0, peak=lambda posture, size: replace(
            add(lumbar_flexion=0.4, left_shoulder_flexion=0.6, right_shoulder_flexion=0.6)(
                posture.lifting("thorax"), size),
            trunk_elevation=0.6 * size, trunk_firmness=2.0)),
        "arms_not_vertical": Flaw(45.0, peak=both_sides(add, shoulder_flexion=-1.0)),
        "chin_tucked": Flaw(35.0, peak=add(neck_flexion=1.0)),
        "too_low": Flaw(24.0, peak=add(thoracic_flexion=-1.0, lumbar_flexion=-0.3,
                                       left_shoulder_flexion=-1.0, right_shoulder_flexion=-1.0)),
        "knees_out_of_range": Flaw(
            135.0,
            rest=lambda posture, size: replace(_knees_at(posture, size),
                                               planted=frozenset({"thorax"})),
            peak=lambda posture, size: _knees_at(posture, size),
        ),
    },
)  # fmt: skip

# --- small ones ---------------------------------------------------------------------------------


def _pelvis_tilted(degrees: float) -> Posture:
    """Return hook lying with the low back pressed to the floor (+) or lifted off it (-)."""
    tilted = HOOK_LYING.bent(lumbar_flexion=degrees)
    return replace(tilted, trunk_elevation=-degrees, trunk_firmness=2.0)


def _hips_lift(posture: Posture, size: float) -> Posture:
    """Make a small bridge of it."""
    return replace(posture.lifting("pelvis"), trunk_elevation=-size, trunk_firmness=2.0)


TILT_FLAWS = {"hips_lift": Flaw(24.0, peak=_hips_lift)}
POSTERIOR_PELVIC_TILT = Drill(
    "posterior_pelvic_tilt",
    HOOK_LYING,
    _pelvis_tilted(14.0),
    TILT_FLAWS,
)
PELVIC_TILT = Drill(
    "pelvic_tilt", HOOK_LYING, _pelvis_tilted(14.0), TILT_FLAWS, told="repetitions",
    second=_pelvis_tilted(-14.0),
)  # fmt: skip
GLUTEAL_SET = Drill(
    "gluteal_set",
    LONG_LYING,
    LONG_LYING.bent(**both(hip_rotation=6.0)),
    {
        "moves_out_of_position": Flaw(50.0, peak=put(left_knee_flexion=1.0, left_hip_flexion=0.5)),
        "hips_lift": Flaw(12.0, peak=_hips_lift),
    },
    told="holds",
)
HANDS_ON_HIP_BONES = _held(
    HOOK_LYING,
    Reach("left_wrist", "left_hip", (0.10, 0.07, 0.13)),
    Reach("right_wrist", "right_hip", (0.10, -0.07, 0.13)),
    **both(shoulder_flexion=5, shoulder_abduction=25, shoulder_rotation=-40, elbow_flexion=70),
)
TRANSVERSE_ABDOMINIS_SET = Drill(
    "transverse_abdominis_set",
    HANDS_ON_HIP_BONES,
    HANDS_ON_HIP_BONES.bent(neck_flexion=3.0),
    {
        "pelvis_moves": Flaw(14.0, peak=lambda posture, size: replace(
            posture.bent(lumbar_flexion=size), trunk_elevation=-size, trunk_firmness=2.0)),
        "ribs_move": Flaw(18.0, peak=add(thoracic_flexion=-1.0, neck_flexion=1.0)),
        "knees_drift": Flaw(35.0, peak=both_sides(put, hip_abduction=0.5, hip_rotation=0.5)),
        **TILT_FLAWS,
    },
    told="holds",
)  # fmt: skip

# --- piriformis ---------------------------------------------------------------------------------

CROSSED = ("left_hip_flexion", "left_hip_abduction", "left_hip_rotation", "left_knee_flexion")
ANKLE_ON_KNEE = Reach("left_ankle", "right_knee", (0.05, 0.02, 0.10))
FIGURE_FOUR = _lifted(HOOK_LYING, "left", hip_flexion=88, hip_abduction=30, hip_rotation=48,
                      knee_flexion=100, ankle_dorsiflexion=5)  # fmt: skip
FIGURE_FOUR = replace(
    FIGURE_FOUR,
    free=(*(n for n in FIGURE_FOUR.free if not n.startswith("left_")), *CROSSED,
          "left_shoulder_flexion"),
    reaches=(ANKLE_ON_KNEE,),
)  # fmt: skip
PRESSED = replace(
    FIGURE_FOUR.lifting("left_hand").bent(left_shoulder_flexion=55, left_shoulder_abduction=20,
                                          left_elbow_flexion=15),
    free=(*FIGURE_FOUR.free, *(f"left_{n}" for n in ARM[1:])),
    reaches=(ANKLE_ON_KNEE, Reach("left_wrist", "left_knee", (0.08, 0.02, -0.02))),
)  # fmt: skip
PULLED_IN = _lifted(FIGURE_FOUR, "right", hip_flexion=98, knee_flexion=95)
PULLED_IN = replace(
    _held(PULLED_IN.bent(left_hip_flexion=108),
          Reach("left_wrist", "right_knee", (-0.10, 0.07, -0.16)),
          Reach("right_wrist", "right_knee", (-0.10, -0.07, -0.16))),
    contacts=PULLED_IN.contacts - {*sided("hand")},
)  # fmt: skip
PULLED_IN = replace(PULLED_IN, reaches=(*PULLED_IN.reaches, ANKLE_ON_KNEE))
# 003: the left leg crossed over the right one, thighs together; both hands are under the knee of
# the right, lower leg and pull it in.
THIGHS_CROSSED = _held(
    _lifted(
        _lifted(HOOK_LYING, "right", hip_flexion=104, knee_flexion=95, hip_abduction=-4),
        "left", hip_flexion=116, knee_flexion=95, hip_abduction=-22, hip_rotation=10,
    ),
    Reach("left_wrist", "right_knee", (-0.07, 0.06, -0.11)),
    Reach("right_wrist", "right_knee", (-0.07, -0.06, -0.11)),
)  # fmt: skip
TO_OTHER_SHOULDER = _held(
    _lifted(HOOK_LYING, "left", hip_flexion=112, knee_flexion=115, hip_abduction=-26,
            hip_rotation=12),
    Reach("left_wrist", "left_ankle", (0.03, 0.08, 0.05)),
    Reach("right_wrist", "left_knee", (-0.04, -0.08, 0.06)),
)  # fmt: skip


def _slips_off(posture: Posture, size: float) -> Posture:
    """Let the crossed foot slide down the other shin."""
    moved = tuple(
        replace(r, off_m=(-size, 0.02, -0.2 * size + 0.08)) if r == ANKLE_ON_KNEE else r
        for r in posture.reaches
    )
    return replace(posture, reaches=moved)


def _falls_off(posture: Posture, size: float) -> Posture:
    """Let the crossed foot slide down the other shin and off, until it hangs so far under it.

    The hands go on holding the other thigh.
    """
    hands = tuple(r for r in posture.reaches if r != ANKLE_ON_KNEE)
    off = Reach("left_ankle", "right_ankle", (0.0, 0.16, -size))
    fallen = posture.bent(left_hip_flexion=52, left_hip_abduction=24, left_hip_rotation=16,
                          left_knee_flexion=88, left_ankle_dorsiflexion=-15)  # fmt: skip
    # Not the hip's flexion: lifted, the leg would look as if it were pulled too.
    free = tuple(name for name in fallen.free if name != "left_hip_flexion")
    return replace(fallen, free=free, reaches=(*hands, off))


def _back_twists(posture: Posture, size: float) -> Posture:
    """Roll the pelvis away from the crossed leg's side."""
    return add(spine_rotation=0.7)(replace(posture, pelvis_roll=-size), size)


PIRIFORMIS_FLAWS = {
    "shoulders_lift": Flaw(25.0, peak=SHOULDERS_LIFT),
    "back_twists": Flaw(20.0, peak=_back_twists),
}


def _piriformis(variant: str, rest: Posture, peak: Posture, slips: Shape | None = None) -> Drill:
    via = (FIGURE_FOUR,) if slips else ()
    flaws = PIRIFORMIS_FLAWS | (
        {"foot_slips_off": Flaw(0.18, "metres", peak=slips)} if slips else {}
    )
    return Drill(f"piriformis_stretch_{variant}", rest, peak, flaws, sides="alternate",
                 told="holds", via=via, way_s=(2.2, 3.0))  # fmt: skip


PIRIFORMIS = (
    (_piriformis("figure_four", HOOK_LYING, PRESSED, _slips_off), "000: knee pushed forward"),
    (_piriformis("thigh_press", HOOK_LYING, PULLED_IN, _falls_off),
     "001 (Outer Hip): bottom leg pulled in; pressing the thigh away looks like figure_four"),
    (_piriformis("crossed_pull", HOOK_LYING, THIGHS_CROSSED), "003: legs crossed, one pulled"),
    (_piriformis("opposite_shoulder", HOOK_LYING, TO_OTHER_SHOULDER),
     "004: knee to the opposite shoulder"),
)  # fmt: skip

SIDES = "side_left", "side_right"
_ROLLED = ("feet_raised_high", "oblique_45_left")
EXERCISES = {
    "bridge": Exercise(
        bridge,
        BRIDGE_FAULTS,
        (*SIDES, "feet_raised"),
        fault_cameras={"hips_not_level": "feet_raised", "knees_apart": "feet_raised"},
    ),
    **{
        drill.exercise: Exercise(drill, drill.faults, SIDES)
        for drill in (
            SINGLE_KNEE_TO_CHEST, DOUBLE_KNEE_TO_CHEST, SUPINE_HAMSTRING_STRETCH,
            CURL_UP_ARMS_REACH, POSTERIOR_PELVIC_TILT, PELVIC_TILT, GLUTEAL_SET,
            TRANSVERSE_ABDOMINIS_SET,
        )
    },
    "single_knee_to_chest_leg_flat": Exercise(
        SINGLE_KNEE_TO_CHEST_LEG_FLAT, SINGLE_KNEE_TO_CHEST_LEG_FLAT.faults, SIDES,
        note="000, 001, 004: the other knee straight",
    ),
    **{
        drill.exercise: Exercise(drill, drill.faults, _ROLLED)
        for drill in (LOWER_TRUNK_ROTATION, LOWER_BACK_STRETCH)
    },
    **{
        drill.exercise: Exercise(drill, drill.faults, (*SIDES, "feet_raised"), note=note,
                                 fault_cameras={"back_twists": "feet_raised"})
        for drill, note in PIRIFORMIS
    },
}  # fmt: skip

"""Exercises on the front."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.angles import both
from samples.exercises.drill import Drill, Flaw, add, both_sides, put
from samples.exercises.plan import Exercise, Plan
from samples.exercises.shapes import SHRUG
from samples.posture import Fault, Hold, Over, Posture, Script, sided

FEET_FLAT = both(ankle_dorsiflexion=-50, toe_extension=-10)
TOES_TUCKED = both(ankle_dorsiflexion=5, toe_extension=55)

PRONE = Posture(
    "down",
    {**both(shoulder_flexion=150, shoulder_abduction=12, elbow_flexion=35, forearm_pronation=85),
     **FEET_FLAT, "neck_flexion": -10},
    contacts=frozenset({"pelvis", "thorax", *sided("thigh", "knee", "toes", "forearm", "hand")}),
    planted=frozenset(sided("toes")),
    free=("neck_flexion", *sided("hip_flexion", "knee_flexion", "ankle_dorsiflexion",
                                 "shoulder_flexion", "elbow_flexion")),
)  # fmt: skip

# Propped on the forearms with the hips down; from here the plank is lifted.
SPHINX = Posture(
    "down",
    {**both(hip_flexion=-10, shoulder_flexion=60, elbow_flexion=90, forearm_pronation=85),
     **FEET_FLAT, "lumbar_flexion": -30, "thoracic_flexion": -8, "neck_flexion": -10},
    trunk_elevation=4.0,
    contacts=frozenset({"pelvis", *sided("thigh", "knee", "toes", "forearm", "elbow")}),
    planted=frozenset(sided("toes", "elbow")),
    free=("lumbar_flexion", *sided("hip_flexion", "knee_flexion", "ankle_dorsiflexion",
                                   "shoulder_flexion", "elbow_flexion")),
    over=(Over("left_shoulder", "left_elbow", -0.03), Over("right_shoulder", "right_elbow", -0.03)),
)  # fmt: skip
SPHINX_TUCKED = SPHINX.bent(**TOES_TUCKED)
SPHINX_TUCKED = replace(SPHINX_TUCKED, free=(*SPHINX_TUCKED.free, *sided("toe_extension")))

FOREARM_PLANK = Posture(
    "down",
    {**both(shoulder_flexion=82, elbow_flexion=90, forearm_pronation=85, hip_flexion=2),
     **TOES_TUCKED, "neck_flexion": -6},
    trunk_elevation=8.0,
    contacts=frozenset(sided("forearm", "elbow", "toes")),
    planted=frozenset(sided("elbow", "toes")),
    free=sided("shoulder_flexion", "elbow_flexion", "ankle_dorsiflexion", "toe_extension"),
    over=(Over("left_shoulder", "left_elbow"), Over("right_shoulder", "right_elbow")),
)  # fmt: skip

# Lying with the hands beside the chest, and pushed up from there.
PRONE_HANDS = Posture(
    "down",
    {**both(shoulder_flexion=-30, shoulder_abduction=20, elbow_flexion=125, forearm_pronation=80,
            wrist_flexion=-60), **TOES_TUCKED, "neck_flexion": -12},
    contacts=frozenset({"pelvis", "thorax", *sided("thigh", "knee", "toes", "hand")}),
    planted=frozenset(sided("toes", "hand")),
    free=("neck_flexion", *sided("knee_flexion", "ankle_dorsiflexion", "toe_extension",
                                 "shoulder_flexion", "shoulder_abduction", "elbow_flexion",
                                 "wrist_flexion")),
)  # fmt: skip
HIGH_PLANK = Posture(
    "down",
    {**both(shoulder_flexion=72, elbow_flexion=5, forearm_pronation=90, wrist_flexion=-80,
            hip_flexion=2), **TOES_TUCKED, "neck_flexion": -8},
    trunk_elevation=16.0,
    contacts=frozenset(sided("hand", "toes")),
    planted=frozenset(sided("hand", "toes")),
    free=sided("shoulder_flexion", "shoulder_abduction", "elbow_flexion", "wrist_flexion",
               "ankle_dorsiflexion", "toe_extension"),
    over=(Over("left_shoulder", "left_wrist"), Over("right_shoulder", "right_wrist")),
)  # fmt: skip

KNEE_PLANK = replace(
    FOREARM_PLANK.bent(**FEET_FLAT, **both(knee_flexion=25.0)),
    trunk_elevation=20.0,
    contacts=frozenset(sided("forearm", "elbow", "knee", "toes")),
    planted=frozenset(sided("elbow", "knee")),
    free=sided("shoulder_flexion", "elbow_flexion", "knee_flexion", "ankle_dorsiflexion"),
)
SPHINX_KNEES = replace(SPHINX, planted=frozenset(sided("knee", "elbow")))


def _with_plank_fault(held: Posture, fault: str, size: float) -> Posture:
    """Return a plank with a form error; for sag and pike, size is the bend of the body's line."""
    if fault == "hips_sag":
        # A third in the hips, the rest in the low back, whose bend shows only in part at the hips.
        return held.bent(**both(hip_flexion=2.0 - 0.35 * size), lumbar_flexion=-0.7 * size)
    if fault == "hips_piked":
        return held.bent(**both(hip_flexion=size))
    if fault == "head_drops":
        return held.bent(neck_flexion=size)
    if fault == "knees_bent":
        return held.bent(**both(knee_flexion=size, hip_flexion=size * 0.35))
    if fault == "shoulders_off_support":
        over = tuple(replace(o, ahead_m=size) for o in held.over)
        return replace(held, over=over)
    raise ValueError(fault)


def _hold(plan: Plan, exercise: str, rest: Posture, ready: Posture, held: Posture) -> Script:
    """Lie, prop up, hold and come down; a fault sets in half-way through the hold."""
    rng = np.random.default_rng(plan.seed)
    script = Script(exercise, rest, plan.tempo)
    script.stay(rng.uniform(1.2, 1.8))
    if ready is not rest:
        script.move(ready, rng.uniform(1.5, 2.0))
        script.stay(rng.uniform(0.4, 0.9))
    for i in range(plan.repetitions):
        script.move(held, rng.uniform(1.1, 1.7))
        begin = script.clock_s
        script.stay(plan.hold_s * (0.5 if plan.shows_fault(i) else 1.0))
        if plan.shows_fault(i):
            fault, size = plan.fault or "", plan.size or 0.0
            script.move(_with_plank_fault(held, fault, size), rng.uniform(0.9, 1.4))
            since = script.clock_s
            script.stay(plan.hold_s * 0.5)
            unit = PLANK_FAULTS[fault][1]
            script.faults.append(Fault(fault, since, script.clock_s, size, unit, i))
        script.holds.append(Hold(begin, script.clock_s))
        script.move(ready, rng.uniform(1.1, 1.7))
        script.stay(rng.uniform(0.8, 1.5))
    if ready is not rest:
        script.move(rest, rng.uniform(1.2, 1.8))
    script.stay(1.0)
    return script


def plank(plan: Plan) -> Script:
    """Plank on the forearms."""
    return _hold(plan, "plank", PRONE, SPHINX_TUCKED, FOREARM_PLANK)


def high_plank(plan: Plan) -> Script:
    """Plank on the hands."""
    return _hold(plan, "plank", PRONE_HANDS, PRONE_HANDS, HIGH_PLANK)


def knee_plank(plan: Plan) -> Script:
    """Plank on the forearms and knees."""
    return _hold(plan, "knee_plank", PRONE, SPHINX_KNEES, KNEE_PLANK)


PLANK_FAULTS = {
    "hips_sag": (12.0, "degrees"),  # bend of the line shoulder-hip-ankle
    "hips_piked": (25.0, "degrees"),
    "head_drops": (40.0, "degrees"),  # neck flexion
    "shoulders_off_support": (0.15, "metres"),  # shoulders ahead of (+) or behind (-) the elbows
    "knees_bent": (25.0, "degrees"),
}
KNEE_PLANK_FAULTS = {name: size for name, size in PLANK_FAULTS.items() if name != "knees_bent"}

# --- press-up -----------------------------------------------------------------------------------

# Feet flat, hands beside the shoulders, elbows toward the ribs.
PRESS_REST = replace(
    PRONE_HANDS.bent(**FEET_FLAT, **both(shoulder_flexion=-12, shoulder_abduction=12)),
    # On a round belly thighs and knees do not touch.
    contacts=PRONE_HANDS.contacts - {*sided("thigh", "knee")},
    planted=frozenset({"pelvis", *sided("toes", "hand")}),
)
PRESSED_UP = Posture(
    "down",
    {**both(hip_flexion=-6, shoulder_flexion=38, shoulder_abduction=10, elbow_flexion=35,
            forearm_pronation=85, wrist_flexion=-72), **FEET_FLAT,
     "lumbar_flexion": -42, "thoracic_flexion": -12, "neck_flexion": -12},
    trunk_elevation=6.0,
    contacts=frozenset({"pelvis", *sided("thigh", "knee", "toes", "hand")}),
    planted=frozenset({"pelvis", *sided("toes", "hand")}),
    # The arms give way, not the back: it bends as far as a back does.
    free=sided("hip_flexion", "knee_flexion", "ankle_dorsiflexion", "shoulder_flexion",
               "elbow_flexion"),
)  # fmt: skip


def _hips_off(posture: Posture, size: float) -> Posture:
    """Lift the hips off the floor, the thighs sloping by the size; the back bends less for it."""
    return _on_knees_and_hands(posture, size, lumbar=-12.0, elbow=75.0, trunk=22.0)


def _locked(posture: Posture, size: float) -> Posture:
    """Push on to straight elbows, so that the hips come up."""
    return _on_knees_and_hands(posture, size, lumbar=-36.0, elbow=4.0, trunk=46.0)


def _on_knees_and_hands(
    posture: Posture, size: float, *, lumbar: float, elbow: float, trunk: float
) -> Posture:
    up = posture.lifting("pelvis", *sided("thigh"))
    # Only shoulders, wrists and ankles give way: else the placement would let the hips down again.
    return replace(
        up.bent(**both(hip_flexion=0.0, knee_flexion=size, elbow_flexion=elbow),
                lumbar_flexion=lumbar),
        trunk_elevation=trunk,
        trunk_firmness=2.0,
        planted=frozenset(sided("knee", "hand")),
        free=sided("shoulder_flexion", "ankle_dorsiflexion", "wrist_flexion"),
    )  # fmt: skip


def _flared(posture: Posture, size: float) -> Posture:
    """Turn the elbows out; the chest comes up all the same."""
    out = both_sides(put, shoulder_abduction=1.0)(posture, size)
    return replace(out, trunk_elevation=26.0, trunk_firmness=4.0)


PRESS_UP = Drill(
    "press_up",
    PRESS_REST,
    PRESSED_UP,
    {
        "hips_lift": Flaw(20.0, peak=_hips_off),
        "elbows_flare": Flaw(40.0, peak=_flared),
        "shoulders_shrug": Flaw(28.0, peak=SHRUG),
        "elbows_lock_hips_lift": Flaw(20.0, peak=_locked),
        "too_low": Flaw(30.0, peak=add(lumbar_flexion=1.0, thoracic_flexion=0.3)),
    },
    way_s=(1.5, 2.2),
)

# --- quadriceps stretch -------------------------------------------------------------------------

# The left hand holds a strap, beside the head, that pulls the heel to the buttock.
STRAP_HELD = replace(
    PRONE.bent(left_knee_flexion=130, left_hip_flexion=0, left_shoulder_flexion=165,
               left_shoulder_abduction=15, left_elbow_flexion=120, left_wrist_flexion=0),
    contacts=PRONE.contacts - {"left_toes", "left_forearm", "left_hand"},
    planted=frozenset({"right_toes", "pelvis"}),
    free=("neck_flexion", "left_hip_flexion", "right_hip_flexion", "right_knee_flexion",
          "right_ankle_dorsiflexion", "right_shoulder_flexion", "right_elbow_flexion"),
)  # fmt: skip


def _thigh_lifts(posture: Posture, size: float) -> Posture:
    return add(left_hip_flexion=-1.0)(posture.lifting("left_thigh", "left_knee"), size)


def _hips_come_up(posture: Posture, size: float) -> Posture:
    """Pike a little: the buttocks come up as the heel comes near."""
    up = posture.lifting("pelvis", "left_thigh", "right_thigh")
    up = replace(up, trunk_elevation=-0.5 * size, trunk_firmness=2.0)
    return add(left_hip_flexion=1.0, right_hip_flexion=1.0, lumbar_flexion=0.0)(up, size)


QUADRICEPS_STRETCH_PRONE = Drill(
    "quadriceps_stretch_prone",
    replace(PRONE, planted=frozenset({"pelvis", *sided("toes")})),
    STRAP_HELD,
    {
        "hips_lift": Flaw(22.0, peak=_hips_come_up),
        "thigh_lifts": Flaw(18.0, peak=_thigh_lifts),
    },
    sides="alternate",
    told="holds",
)

EXERCISES = {
    "plank": Exercise(plank, PLANK_FAULTS),
    "high_plank": Exercise(high_plank, PLANK_FAULTS, note="the plank on the hands (001)"),
    "knee_plank": Exercise(knee_plank, KNEE_PLANK_FAULTS),
    "press_up": Exercise(PRESS_UP, PRESS_UP.faults),
    "quadriceps_stretch_prone": Exercise(
        QUADRICEPS_STRETCH_PRONE, QUADRICEPS_STRETCH_PRONE.faults, note="the strap is not drawn"
    ),
}

"""The exercises as scripts, and their faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from samples.angles import both
from samples.posture import Fault, Hold, Over, Posture, Repetition, Script, sided


@dataclass(frozen=True, slots=True)
class Plan:
    """How often, how long and how well an exercise is done.

    Attributes
    ----------
    repetitions
        How many.
    hold_s
        How long each is held at its peak (with ±15 %).
    fault, size
        The form error and how much of it, in the fault's own unit; the fault's usual size if None.
    faulty
        Which repetitions show it, counted from 0; all if None.
    seed
        Of the chance variations.
    tempo
        Factor on all durations: below 1 is quicker than usual.
    """

    repetitions: int = 4
    hold_s: float = 1.0
    fault: str | None = None
    size: float | None = None
    faulty: frozenset[int] | None = None
    seed: int = 0
    tempo: float = 1.0

    def shows_fault(self, repetition: int) -> bool:
        """Whether a repetition shows the fault."""
        return self.fault is not None and (self.faulty is None or repetition in self.faulty)


@dataclass(frozen=True, slots=True)
class Exercise:
    """How an exercise is performed, and its faults with their usual size and unit."""

    perform: Callable[[Plan], Script]
    faults: dict[str, tuple[float, str]]

    def script(self, plan: Plan) -> Script:
        """Return the script of a plan."""
        if plan.fault is not None and plan.fault not in self.faults:
            raise ValueError(f"no such fault: {plan.fault} (there are {', '.join(self.faults)})")
        if plan.fault is not None and plan.size is None:
            plan = replace(plan, size=self.faults[plan.fault][0])
        return self.perform(plan)


# --- supine -------------------------------------------------------------------------------------

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

# --- on hands and knees -------------------------------------------------------------------------

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

# --- prone on the forearms or hands -------------------------------------------------------------

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
KNEE_PLANK_FAULTS = {name: PLANK_FAULTS[name] for name in ("hips_sag", "hips_piked", "head_drops")}


# --- movements that are none of these exercises -------------------------------------------------


def knee_to_chest(plan: Plan) -> Script:
    """Single knee to chest, supine, the other foot flat; sides in turn."""
    rng = np.random.default_rng(plan.seed)
    script = Script("single_knee_to_chest", HOOK_LYING, plan.tempo)
    script.stay(rng.uniform(1.2, 2.0))
    for i in range(plan.repetitions):
        side = ("left", "right")[i % 2]
        pulled = HOOK_LYING.bent(
            **{f"{side}_hip_flexion": rng.uniform(112.0, 120.0), f"{side}_knee_flexion": 125.0},
            **both(shoulder_flexion=50.0, elbow_flexion=42.0),
            lumbar_flexion=6.0,
        ).lifting(f"{side}_heel", f"{side}_toes", *sided("hand"))
        free = ("neck_flexion", *sided("hip_flexion", "knee_flexion", "ankle_dorsiflexion"))
        begin = script.clock_s
        script.move(replace(pulled, free=free), rng.uniform(1.5, 2.2))
        peak = script.clock_s
        script.stay(plan.hold_s * rng.uniform(0.85, 1.15))
        script.move(HOOK_LYING, rng.uniform(1.5, 2.2))
        script.repetitions.append(Repetition(begin, peak, script.clock_s, side))
        script.stay(rng.uniform(0.7, 1.4))
    return script


STANDING = Posture(
    "down",
    both(hip_flexion=2, knee_flexion=4, ankle_dorsiflexion=3, shoulder_abduction=8,
         elbow_flexion=12),
    trunk_elevation=88.0,
    contacts=frozenset(sided("heel", "toes")),
    planted=frozenset(sided("toes")),
    free=sided("ankle_dorsiflexion", "knee_flexion"),
    trunk_firmness=2.0,
)  # fmt: skip


def _stride(front: str, back: str) -> Posture:
    """Return double support: one foot ahead, the other on its toes behind."""
    stride = STANDING.bent(**{
        f"{front}_hip_flexion": 24, f"{front}_knee_flexion": 8, f"{front}_shoulder_flexion": -18,
        f"{back}_hip_flexion": -14, f"{back}_knee_flexion": 18, f"{back}_shoulder_flexion": 18,
        f"{back}_ankle_dorsiflexion": 0, f"{back}_toe_extension": 20,
    })  # fmt: skip
    return replace(stride, contacts=stride.contacts - {f"{back}_heel"})


def _passing(swing: str) -> Posture:
    """Return single support, the other foot passing."""
    passing = STANDING.bent(**{f"{swing}_hip_flexion": 28, f"{swing}_knee_flexion": 52})
    return passing.lifting(f"{swing}_heel", f"{swing}_toes")


HALF_KNEELING = Posture(
    "down",
    {"left_hip_flexion": 88, "left_knee_flexion": 92, "right_hip_flexion": 2,
     "right_knee_flexion": 92, "right_ankle_dorsiflexion": -30,
     **both(shoulder_flexion=25, shoulder_abduction=6, elbow_flexion=25)},
    trunk_elevation=80.0,
    contacts=frozenset({"left_heel", "left_toes", "right_knee", "right_toes"}),
    planted=frozenset({"left_toes", "right_knee"}),
    free=("left_hip_flexion", "left_knee_flexion", "left_ankle_dorsiflexion", "right_knee_flexion",
          "right_ankle_dorsiflexion", "right_toe_extension"),
    trunk_firmness=2.0,
)  # fmt: skip


# Upright on both knees. The left foot, which was in front, is not on the floor on its way back.
KNEELING = Posture(
    "down",
    both(knee_flexion=88, ankle_dorsiflexion=-50, toe_extension=-10, shoulder_abduction=8,
         elbow_flexion=15),
    trunk_elevation=88.0,
    contacts=frozenset({*sided("knee"), "right_toes"}),
    planted=frozenset({"right_knee"}),
    free=sided("knee_flexion", "ankle_dorsiflexion"),
    trunk_firmness=2.0,
)  # fmt: skip


def walk_lie_rise(plan: Plan) -> Script:
    """Walk in, kneel, lie down on the front, rest, and get up again; `hold_s` is the rest."""
    first, second = _stride("left", "right"), _stride("right", "left")
    on_left, on_right = _passing("right"), _passing("left")
    script = Script("other", first, plan.tempo)
    for posture in (on_left, second, on_right, first, on_left):
        script.move(posture, 0.38)
    script.move(STANDING, 0.5)
    script.stay(0.6)
    script.move(HALF_KNEELING, 1.6)
    # The foot in front comes back over the floor, not through it.
    passing = KNEELING.bent(left_hip_flexion=70, left_knee_flexion=128, left_ankle_dorsiflexion=-10)
    script.move(passing, 0.5)
    script.move(KNEELING, 0.6)
    script.stay(0.2)
    all_fours = replace(QUADRUPED, planted=frozenset({"right_knee"}))
    script.move(all_fours, 1.2)
    script.stay(0.4)
    lying = replace(PRONE, planted=frozenset({"right_knee"}))
    script.move(lying, 1.8)
    script.stay(plan.hold_s)
    script.move(all_fours, 1.8)
    script.move(KNEELING, 1.1)
    script.move(passing, 0.6)
    script.move(HALF_KNEELING, 0.5)
    script.move(STANDING, 1.6)
    script.stay(0.8)
    return script


EXERCISES: dict[str, Exercise] = {
    "bridge": Exercise(bridge, BRIDGE_FAULTS),
    "bird_dog": Exercise(bird_dog, BIRD_DOG_FAULTS),
    "plank": Exercise(plank, PLANK_FAULTS),
    "high_plank": Exercise(high_plank, PLANK_FAULTS),
    "knee_plank": Exercise(knee_plank, KNEE_PLANK_FAULTS),
    "knee_to_chest": Exercise(knee_to_chest, {}),
    "walk_lie_rise": Exercise(walk_lie_rise, {}),
}

"""Two of the movements to avoid that begin on the back; the third, toe_touch, stands."""

from __future__ import annotations

from dataclasses import replace

from samples.angles import both
from samples.exercises.drill import Drill, Flaw, falls_short
from samples.exercises.plan import Exercise
from samples.exercises.supine import HOOK_LYING, LONG_LYING
from samples.posture import sided

FEET = frozenset(sided("heel", "toes"))
# Hands at the temples.
HANDS_AT_HEAD = both(shoulder_flexion=65, shoulder_abduction=45, shoulder_rotation=40,
                     elbow_flexion=140)  # fmt: skip
HANDS_UP = replace(
    HOOK_LYING.bent(**HANDS_AT_HEAD),
    contacts=HOOK_LYING.contacts - {*sided("hand")},
    planted=FEET | {"pelvis"},
    free=tuple(name for name in HOOK_LYING.free if not name.endswith("shoulder_flexion")),
)
SAT_UP = replace(
    HANDS_UP.bent(lumbar_flexion=34, thoracic_flexion=18, neck_flexion=12,
                  **both(hip_flexion=88)),
    trunk_elevation=38.0,
    contacts=frozenset({"pelvis", *FEET}),
    trunk_firmness=2.0,
)  # fmt: skip
SIT_UP = Drill(
    "sit_up", HANDS_UP, SAT_UP, {"part_way": Flaw(38.0, peak=falls_short(HANDS_UP, 74.0))},
    told="repetitions", way_s=(0.9, 1.3),
)  # fmt: skip

LEGS_UP = replace(
    LONG_LYING.bent(**both(hip_flexion=42, knee_flexion=3)),
    contacts=LONG_LYING.contacts - {*sided("heel")},
    planted=frozenset({"thorax"}),
    free=("neck_flexion", *sided("shoulder_flexion")),
)
DOUBLE_LEG_LIFT = Drill(
    "double_leg_lift", LONG_LYING, LEGS_UP,
    {"part_way": Flaw(30.0, peak=falls_short(LONG_LYING, 42.0))}, told="repetitions",
)  # fmt: skip

EXERCISES = {
    drill.exercise: Exercise(drill, drill.faults, note="to avoid")
    for drill in (SIT_UP, DOUBLE_LEG_LIFT)
}

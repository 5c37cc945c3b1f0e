"""Movements that are none of the exercises, and the ways into position."""

from __future__ import annotations

from dataclasses import replace

from samples.exercises.approach import HALF_KNEELING, KNEELING, PASSING_KNEE, STANDING
from samples.exercises.plan import Exercise, Plan
from samples.exercises.prone import PRONE
from samples.exercises.quadruped import QUADRUPED
from samples.posture import Posture, Script


def stride(front: str, back: str) -> Posture:
    """Return double support: one foot ahead, the other on its toes behind."""
    striding = STANDING.bent(**{
        f"{front}_hip_flexion": 24, f"{front}_knee_flexion": 8, f"{front}_shoulder_flexion": -18,
        f"{back}_hip_flexion": -14, f"{back}_knee_flexion": 18, f"{back}_shoulder_flexion": 18,
        f"{back}_ankle_dorsiflexion": 0, f"{back}_toe_extension": 20,
    })  # fmt: skip
    return replace(striding, contacts=striding.contacts - {f"{back}_heel"})


def passing_foot(swing: str) -> Posture:
    """Return single support, the other foot passing."""
    passing = STANDING.bent(**{f"{swing}_hip_flexion": 28, f"{swing}_knee_flexion": 52})
    return passing.lifting(f"{swing}_heel", f"{swing}_toes")


def _walking(half_steps: int, tempo: float = 1.0) -> Script:
    first, second = stride("left", "right"), stride("right", "left")
    cycle = (passing_foot("right"), second, passing_foot("left"), first)
    script = Script("other", first, tempo)
    for i in range(half_steps):
        script.move(cycle[i % 4], 0.38)
    return script


def walk(plan: Plan) -> Script:
    """Walk, two steps a repetition; ends in the posture that it began with."""
    return _walking(4 * plan.repetitions, plan.tempo)


def walk_lie_rise(plan: Plan) -> Script:
    """Walk in, kneel, lie down on the front, rest, and get up again; `hold_s` is the rest."""
    script = _walking(5, plan.tempo)
    script.move(STANDING, 0.5)
    script.stay(0.6)
    script.move(HALF_KNEELING, 1.6)
    script.move(PASSING_KNEE, 0.5)
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
    script.move(PASSING_KNEE, 0.6)
    script.move(HALF_KNEELING, 0.5)
    script.move(STANDING, 1.6)
    script.stay(0.8)
    return script


EXERCISES = {
    "walk_lie_rise": Exercise(walk_lie_rise, {}, ("side_left_far", "side_right_far"),
                              note="none of the exercises"),
}  # fmt: skip

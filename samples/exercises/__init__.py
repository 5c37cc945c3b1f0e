"""The exercises as scripts, and their faults: one module per position, all in `EXERCISES`."""

from samples.exercises import (
    avoid,
    kneeling,
    other,
    prone,
    quadruped,
    seated,
    side_lying,
    standing,
    supine,
)
from samples.exercises.plan import Exercise, Plan

__all__ = ["EXERCISES", "Exercise", "Plan"]

EXERCISES: dict[str, Exercise] = {
    **supine.EXERCISES,
    **quadruped.EXERCISES,
    **prone.EXERCISES,
    **side_lying.EXERCISES,
    **kneeling.EXERCISES,
    **standing.EXERCISES,
    **seated.EXERCISES,
    **avoid.EXERCISES,
    **other.EXERCISES,
}

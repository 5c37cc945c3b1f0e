"""The exercises as scripts, and their faults: one module per position, all in `EXERCISES`."""

from samples.exercises import other, prone, quadruped, supine
from samples.exercises.plan import Exercise, Plan

__all__ = ["EXERCISES", "Exercise", "Plan"]

EXERCISES: dict[str, Exercise] = {
    "bridge": Exercise(supine.bridge, supine.BRIDGE_FAULTS),
    "bird_dog": Exercise(quadruped.bird_dog, quadruped.BIRD_DOG_FAULTS),
    "plank": Exercise(prone.plank, prone.PLANK_FAULTS),
    "high_plank": Exercise(prone.high_plank, prone.PLANK_FAULTS),
    "knee_plank": Exercise(prone.knee_plank, prone.KNEE_PLANK_FAULTS),
    "knee_to_chest": Exercise(other.knee_to_chest, {}),
    "walk_lie_rise": Exercise(other.walk_lie_rise, {}),
}

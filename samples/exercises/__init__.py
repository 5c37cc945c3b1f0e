"""The exercises as scripts, and their faults: one module per position, all in `EXERCISES`."""

from dataclasses import replace

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
from samples.exercises.approach import KNEELING_DOWN, SITTING_DOWN
from samples.exercises.plan import Exercise, Plan

__all__ = ["EXERCISES", "Exercise", "Plan"]

_ALL: dict[str, Exercise] = {
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

# Those that begin in hook lying, on all fours, and on the front.
_WAYS = (
    (SITTING_DOWN, (
        "bridge", "single_knee_to_chest", "double_knee_to_chest", "lower_trunk_rotation",
        "lower_back_stretch", "curl_up_arms_reach", "posterior_pelvic_tilt", "pelvic_tilt",
        "transverse_abdominis_set", "piriformis_stretch_figure_four",
        "piriformis_stretch_thigh_press", "piriformis_stretch_crossed_pull",
    )),
    # By hook lying: the sit-up keeps the hips where they are, which from sitting are too far off.
    ((*SITTING_DOWN, (supine.HOOK_LYING, 1.0)), ("sit_up",)),
    (KNEELING_DOWN, ("bird_dog", "cat_cow", "childs_pose")),
    ((*KNEELING_DOWN, (replace(quadruped.QUADRUPED, planted=frozenset({"right_knee"})), 1.8)), (
        "plank", "knee_plank", "press_up", "quadriceps_stretch_prone",
    )),
)  # fmt: skip
EXERCISES: dict[str, Exercise] = _ALL | {
    name: replace(_ALL[name], approach=stations) for stations, names in _WAYS for name in names
}

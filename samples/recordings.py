"""The clips that the engine is tuned and tested on: exercise, body, camera, fault and seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from samples.exercises import EXERCISES, Plan
from samples.passer import Passing


@dataclass(frozen=True, slots=True)
class Clip:
    """One video or recording to make; its name is that of the files.

    `passing` is where somebody walks through the picture, if somebody does; `wide` is whether the
    clothes are.
    """

    name: str
    exercise: str
    body: int
    camera: str
    fps: int = 30
    plan: Plan = field(default_factory=Plan)
    passing: Passing | None = None
    wide: bool = False


def _bridges() -> Iterator[Clip]:
    yield Clip("bridge_correct_b1", "bridge", 1, "side_left", 30, Plan(4, 1.0, seed=11))
    yield Clip("bridge_too_low_b1", "bridge", 1, "side_right", 30, Plan(4, 1.0, "too_low", seed=12))
    yield Clip("bridge_correct_b2", "bridge", 2, "side_right", 25, Plan(4, 2.0, seed=13))
    yield Clip("bridge_correct_b3", "bridge", 3, "side_left", 24, Plan(5, 0.5, seed=14))
    yield Clip("bridge_mixed_low_b3", "bridge", 3, "side_right", 30,
               Plan(5, 0.8, "too_low", 30.0, frozenset({2, 4}), seed=15))  # fmt: skip
    yield Clip("bridge_too_low_b2", "bridge", 2, "side_left", 25, Plan(3, 1.0, "too_low", seed=16))
    yield Clip("bridge_hips_sink_b1", "bridge", 1, "side_left", 25,
               Plan(2, 5.0, "hips_sink", seed=17))  # fmt: skip
    yield Clip("bridge_dropped_b2", "bridge", 2, "side_left", 30, Plan(4, 1.0, "dropped", seed=18))
    yield Clip("bridge_feet_too_far_b3", "bridge", 3, "side_left", 15,
               Plan(3, 1.0, "feet_too_far", seed=19))  # fmt: skip
    yield Clip("bridge_feet_too_near_b1", "bridge", 1, "side_right", 15,
               Plan(3, 1.0, "feet_too_near", seed=20))  # fmt: skip
    for fault in (None, "knees_apart", "hips_not_level"):
        for body in (1, 3):
            name = f"bridge_feet_view_{fault or 'correct'}_b{body}"
            plan = Plan(2, 1.0, fault, seed=21 + body)
            yield Clip(name, "bridge", body, "feet_raised", 15, plan)


def _bird_dogs() -> Iterator[Clip]:
    for body in (1, 2, 3):
        for roll in (0, 15, 20, 10):
            plan = Plan(4, 1.2, seed=100 + body)
            if roll:
                plan = replace(plan, fault="hips_not_level", size=float(roll))
            name = f"bird_dog_behind_roll{roll}_b{body}"
            yield Clip(name, "bird_dog", body, "feet_raised", 15, plan)
    yield Clip("bird_dog_correct_b1", "bird_dog", 1, "side_left", 30, Plan(4, 1.5, seed=31))
    yield Clip("bird_dog_correct_b2", "bird_dog", 2, "side_right", 25, Plan(4, 3.0, seed=32))
    yield Clip("bird_dog_correct_b3", "bird_dog", 3, "side_left", 24, Plan(4, 1.0, seed=33))
    faults = ("leg_too_low", "knee_bent", "arm_not_lifted", "same_side", "head_drops")
    for i, fault in enumerate(faults):
        body, camera = 1 + i % 3, ("side_left", "side_right")[i % 2]
        yield Clip(f"bird_dog_{fault}_b{body}", "bird_dog", body, camera, 15,
                   Plan(4, 1.2, fault, seed=34 + i))  # fmt: skip


def _behind_from_elsewhere() -> Iterator[Clip]:
    """Yield level and opened hips with the camera not quite where it should be."""
    for camera in ("feet_raised_left", "feet_raised_tilted", "feet_raised_low", "feet_raised_high"):
        for roll in (0, 15):
            plan = Plan(4, 1.0, "hips_not_level" if roll else None, float(roll) or None, seed=141)
            yield Clip(f"bird_dog_{camera}_roll{roll}_b1", "bird_dog", 1, camera, 15, plan)


def _planks() -> Iterator[Clip]:
    yield Clip("plank_correct_b1", "plank", 1, "side_left", 30, Plan(1, 10.0, seed=51))
    yield Clip("plank_sag12_b1", "plank", 1, "side_right", 30,
               Plan(1, 8.0, "hips_sag", 12.0, seed=52))  # fmt: skip
    yield Clip("plank_pike25_b1", "plank", 1, "side_left", 30,
               Plan(1, 8.0, "hips_piked", 25.0, seed=53))  # fmt: skip
    yield Clip("plank_correct_b2", "plank", 2, "side_right", 25, Plan(2, 8.0, seed=54))
    for i, (fault, size) in enumerate(
        (("hips_sag", 8.0), ("hips_sag", 18.0), ("hips_piked", 15.0), ("hips_piked", 35.0),
         ("head_drops", 40.0), ("shoulders_off_support", 0.18), ("shoulders_off_support", -0.15),
         ("knees_bent", 25.0))
    ):  # fmt: skip
        body, camera = 1 + i % 3, ("side_left", "side_right")[i % 2]
        amount = f"{size:g}" if size > 1 else ("_ahead" if size > 0 else "_behind")
        short = fault.replace("hips_", "").replace("piked", "pike")
        yield Clip(f"plank_{short}{amount}_b{body}", "plank", body, camera, 15,
                   Plan(1, 8.0, fault, size, seed=55 + i))  # fmt: skip
    yield Clip("high_plank_correct_b3", "high_plank", 3, "side_left", 25, Plan(1, 9.0, seed=71))
    yield Clip("high_plank_sag15_b1", "high_plank", 1, "side_right", 15,
               Plan(1, 8.0, "hips_sag", 15.0, seed=72))  # fmt: skip
    yield Clip("high_plank_pike25_b2", "high_plank", 2, "side_left", 15,
               Plan(1, 8.0, "hips_piked", 25.0, seed=73))  # fmt: skip
    yield Clip("knee_plank_correct_b1", "knee_plank", 1, "side_left", 25, Plan(1, 10.0, seed=81))
    yield Clip("knee_plank_correct_b3", "knee_plank", 3, "side_right", 15, Plan(1, 8.0, seed=82))
    yield Clip("knee_plank_sag15_b2", "knee_plank", 2, "side_left", 15,
               Plan(1, 8.0, "hips_sag", 15.0, seed=83))  # fmt: skip
    yield Clip("knee_plank_pike25_b1", "knee_plank", 1, "side_right", 15,
               Plan(1, 8.0, "hips_piked", 25.0, seed=84))  # fmt: skip


def _others() -> Iterator[Clip]:
    """Yield movements in which nothing may be counted as one of the exercises."""
    rise, pull = "walk_lie_rise", "single_knee_to_chest"
    yield Clip(f"other_{rise}_b1", rise, 1, "side_left_far", 15, Plan(1, 3.0, seed=91))
    yield Clip(f"other_{rise}_b3", rise, 3, "side_right_far", 25, Plan(1, 2.0, seed=92))
    yield Clip("other_knee_to_chest_b1", pull, 1, "side_right", 15, Plan(3, 3.0, seed=93))
    yield Clip("other_knee_to_chest_b2", pull, 2, "side_left", 15, Plan(4, 2.0, seed=94))


# What the regression tests run on: the three promises, right and wrong; name there, and clip.
_TESTED = {
    "bridge_correct": "bridge_correct_b3",
    "bridge_too_low": "bridge_too_low_b1",
    "bird_dog_correct": "bird_dog_correct_b1",
    "bird_dog_behind_level": "bird_dog_behind_roll0_b2",
    "bird_dog_behind_opened": "bird_dog_behind_roll20_b1",
    "plank_correct": "plank_correct_b1",
    "plank_sagging": "plank_sag12_b1",
    "plank_piked": "plank_pike25_b1",
}
TEST_FPS = 15  # keeps every file of tests/data below 400 kB


def test_clips() -> list[Clip]:
    """Return the clips of the repository's `tests/data` folder."""
    by_name = {clip.name: clip for clip in clips()}
    return [replace(by_name[clip], name=name, fps=TEST_FPS) for name, clip in _TESTED.items()]


def sample_videos() -> list[Clip]:
    """Return the videos of the repository's `sample_videos` folder.

    One of every exercise, done rightly, and a few with typical errors.
    """
    own = [
        Clip("bridge", "bridge", 3, "side_left_near", 30,
             Plan(5, 0.8, "too_low", 25.0, frozenset({4}), seed=7, tempo=0.75)),
        Clip("bird_dog_behind", "bird_dog", 1, "feet_raised", 30,
             Plan(5, 1.2, "hips_not_level", 18.0, frozenset({3, 4}), seed=7, tempo=0.8)),
        Clip("plank", "plank", 1, "side_right", 30,
             Plan(1, 13.0, "hips_sag", 16.0, seed=7, tempo=0.8)),
        Clip("bird_dog", "bird_dog", 2, "side_right_near", 30, Plan(4, 1.5, seed=7, tempo=0.85)),
    ]  # fmt: skip
    shown = {clip.exercise for clip in own} | {"walk_lie_rise"}  # which is no exercise
    for i, (name, exercise) in enumerate(EXERCISES.items()):
        if name not in shown:
            often, long = (1, 6.0) if name in ("high_plank", "knee_plank") else (2, 1.5)
            plan = Plan(often, long, seed=7, tempo=0.85)
            title = "plank_on_hands" if name == "high_plank" else name  # shown with the plank
            own.append(Clip(title, name, 1 + i % 4, exercise.cameras[0], 24, plan))
    return own


def clips() -> list[Clip]:
    """Return every clip."""
    return [*_bridges(), *_bird_dogs(), *_planks(), *_behind_from_elsewhere(), *_others()]

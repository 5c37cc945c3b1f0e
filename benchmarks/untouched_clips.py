"""The recordings of an untouched set: a drawn person does a drawn exercise, and is tracked.

Needs the `samples` extra (see samples/README.md). `benchmarks.untouched` says what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.untouched import ATTEMPTS, Draw, Rendered, draw, places
from benchmarks.view_clips import acted_by, aimed, facing_of, tracked, truth_of
from benchmarks.view_map import keep
from formcheck.body import Array
from formcheck.spec import Spec, catalogue
from samples.body_model import Body
from samples.camera import Camera
from samples.clothes import Outfit
from samples.exercises import EXERCISES, Plan
from samples.exercises.drill import Drill
from samples.posture import Furniture, Script
from samples.scene import Decor, Scene

TRIED_PLACES = 200
# No camera stands where furniture, as the wall of a wall sit, would hide more of the body.
MOST_HIDDEN = 0.25
# Two big steps, as the specs ask for; and within the room.
NEAREST_M, FARTHEST_M = 1.5, 8.0


@cache
def ways(exercise: str) -> tuple[Rendered, ...]:
    """Return the ways in which an exercise of the catalogue can be rendered."""
    found = []
    for name, how in EXERCISES.items():
        script = how.script(Plan(1))
        if script.exercise == exercise:
            drill = how.perform
            lasting = isinstance(drill, Drill) and drill.told == "rest_hold"
            held = not script.repetitions and not lasting
            once_s = how.script(Plan(2)).clock_s - script.clock_s
            found.append(Rendered(name, held, once_s, how.faults))
    return tuple(found)


def maker(seed: int) -> Callable[[str, int, Path], None]:
    """Return what makes the recordings of a set."""

    def make(exercise: str, number: int, path: Path) -> None:
        spec = catalogue()[exercise].spec
        reasons = []
        for attempt in range(ATTEMPTS):
            drawn = draw(seed, spec, number, attempt, ways(exercise))
            try:
                film(seed, spec, drawn, path)
            except ValueError as error:
                reasons.append(str(error))
            else:
                return
        raise ValueError("; ".join(reasons))

    return make


def film(seed: int, spec: Spec, drawn: Draw, path: Path) -> None:
    """Draw and track a clip, and keep landmarks and truth as one file.

    Raises
    ------
    ValueError
        If the body cannot take the postures, or no camera can stand where it should.
    """
    body, outfit = Body.shaped(drawn.body), Outfit(**drawn.clothes)
    acted = acted_by(body, script_of(drawn), drawn.seed)
    furniture = acted.performance.furniture
    facing = facing_of(drawn.rendered, acted.performance)
    camera = camera_of(seed, spec, drawn, acted.skin, facing, furniture)
    scene = Scene(
        body,
        outfit,
        camera,
        decor=Decor(**drawn.room),
        seed=drawn.seed,
        smooth_edges=False,
        furniture=furniture,
        mat=EXERCISES[drawn.rendered].place == "floor",
    )
    place = f"{camera.azimuth:.0f}deg_{camera.height_m:.1f}m"
    truth = truth_of(drawn.rendered, acted, camera.azimuth, place=place, body=None)
    truth |= {"draw": asdict(drawn), "distance_m": camera.distance_m, "height_m": camera.height_m}
    keep(path, tracked(scene, acted.figures), truth)


def script_of(drawn: Draw) -> Script:
    """Return what the person does."""
    plan = Plan(
        drawn.repetitions,
        drawn.hold_s,
        drawn.error,
        drawn.size,
        frozenset(drawn.faulty),
        drawn.seed,
        drawn.tempo,
        drawn.side,
    )
    return EXERCISES[drawn.rendered].script(plan).rested(drawn.pauses_s)


def camera_of(
    seed: int,
    spec: Spec,
    drawn: Draw,
    skin: Array,
    facing: str,
    furniture: Sequence[Furniture],
) -> Camera:
    """Return the first drawn camera that fits the set-up and sees the body.

    Raises
    ------
    ValueError
        If none of those tried does.
    """
    setup = None if drawn.setup is None else spec.cameras[drawn.setup]
    for azimuth, height_m in islice(places(seed, drawn, setup, facing), TRIED_PLACES):
        camera = aimed(skin, azimuth, height_m, filled=drawn.filled, fov=drawn.fov, tilt=drawn.roll)
        camera = replace(camera, distance_m=max(camera.distance_m, NEAREST_M))
        elevation = np.degrees(np.arctan2(height_m - camera.target_m, camera.distance_m))
        low, high = (-90.0, 90.0) if setup is None else setup.elevation_deg
        if (
            low <= elevation <= high
            and camera.distance_m < FARTHEST_M
            and camera.hidden(skin, furniture) <= MOST_HIDDEN
        ):
            return camera
    raise ValueError(f"no camera fits {drawn.setup or 'anywhere'}")

"""The recordings behind the map of views: each exercise filmed from all around.

Needs the `samples` extra (see samples/README.md). `benchmarks.view_map` says which and where to.
"""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy import claims_of
from benchmarks.view_map import View, grows, keep, planned_errors, seed_of
from formcheck.body import Array, Recording
from formcheck.pose.models import model_path
from formcheck.pose.tracker import PoseTracker
from formcheck.spec import catalogue
from samples.body_model import Body
from samples.camera import Camera
from samples.clothes import Outfit
from samples.exercises import EXERCISES, Plan
from samples.exercises.drill import Drill
from samples.performance import Figure, Performance, perform
from samples.placement import LEFT
from samples.posture import Script
from samples.scene import DECORS, Dressed, Scene, pyrender
from samples.truth import angles_at, write_truth

MODEL = "full"  # as in reviews
FPS = 12
SIZE = 480, 360
# How often and how long: as little as can be counted, or timed.
REPETITIONS, PEAK_S = 2, 0.8
HOLD_S = 4.0
# Throughout the movement, the body keeps this far from the edges: share of half the frame.
FILLED = 0.8
NEAREST_M, FARTHEST_M = 1.0, 9.0
CLOSEST_M = 0.3  # nothing of the body comes nearer to the lens
# A placement whose contacts miss the floor by more than this is no posture a body can take.
WORST_GAP_M = 0.02

OUTFITS = {
    8: Outfit((120, 84, 150), (70, 74, 84), (210, 206, 198), (70, 46, 30), (204, 158, 128),
              long_hair=True),
    9: Outfit((204, 176, 92), (48, 56, 76), (84, 88, 92), (38, 32, 30), (164, 116, 88)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Acted:
    """A body that does an exercise, with its true angles frame by frame."""

    performance: Performance
    figures: list[Figure]
    rows: list[dict[str, float]]
    skin: Array  # (N, 3) of many frames, thinned out: what must be in the picture


class Wardrobe(Dressed):
    """A dressed body that remembers how its clothes lie: all views show the same figures."""

    def __init__(self, body: Body, outfit: Outfit) -> None:
        super().__init__(body, outfit, smooth_edges=False)
        self._known: dict[int, list[pyrender.Primitive]] = {}

    def forget(self) -> None:
        """Forget the figures, before others come."""
        self._known.clear()

    def surfaces(self, figure: Figure) -> list[pyrender.Mesh]:
        """Return the layers on the posed body, as new meshes: each belongs to one renderer."""
        if id(figure) not in self._known:
            meshes = super().surfaces(figure)
            self._known[id(figure)] = [part for mesh in meshes for part in mesh.primitives]
        return [
            pyrender.Mesh(
                [
                    pyrender.Primitive(
                        positions=part.positions, normals=part.normals, indices=part.indices,
                        color_0=part.color_0, material=part.material,
                    )
                ]
            )
            for part in self._known[id(figure)]
        ]  # fmt: skip


@cache
def dressed(body: int) -> Wardrobe:
    """Return a body in its clothes, made once."""
    return Wardrobe(Body.create(body), OUTFITS[body])


def plan_of(exercise: str) -> Plan:
    """Return how an exercise is done: twice, or held once."""
    drill = EXERCISES[exercise].perform
    held = not EXERCISES[exercise].script(Plan(1)).repetitions
    if held or (isinstance(drill, Drill) and drill.told == "rest_hold"):
        return Plan(1, HOLD_S, seed=seed_of(exercise))
    return Plan(REPETITIONS, PEAK_S, seed=seed_of(exercise))


def errors_near(exercise: str) -> list[View]:
    """Return from where the form errors that a spec claims to detect are looked at.

    Left out are those that the renders of the exercise's own name cannot show.
    """
    spec, how = catalogue()[exercise].spec, EXERCISES[exercise]
    errors = [id for id in claims_of(spec) if id in how.faults]
    facing = facing_at(exercise, how.script(Plan(1)))
    return planned_errors(spec, errors, facing)


def size_of(exercise: str, error: str) -> float:
    """Return how large a form error is made: as usual, or as large as it is claimed to be found."""
    usual, unit = EXERCISES[exercise].faults[error]
    claimed = claims_of(catalogue()[exercise].spec)[error] or usual
    return max(usual, claimed) if grows(error, unit) else min(usual, claimed)


def act(exercise: str, body: int, error: str | None = None) -> Acted:
    """Let a body do an exercise, correctly or with a form error.

    Raises
    ------
    ValueError
        If that body cannot take the exercise's postures.
    """
    plan = plan_of(exercise)
    if error is not None:
        plan = replace(plan, fault=error, size=size_of(exercise, error))
    acted = acted_by(Body.create(body), EXERCISES[exercise].script(plan), plan.seed)
    dressed(body).forget()
    return acted


def acted_by(body: Body, script: Script, seed: int) -> Acted:
    """Let a body perform a script; `seed` is that of its unsteadiness.

    Raises
    ------
    ValueError
        If that body cannot take the script's postures.
    """
    performance = perform(body, script, FPS, seed)
    if performance.gap_m > WORST_GAP_M:
        raise ValueError(f"a contact misses by {1000 * performance.gap_m:.0f} mm")
    gc.freeze()  # each renderer that is freed collects: what stays needs no looking at
    figures = [performance.figure(i) for i in range(len(performance.t))]
    rows = [angles_at(performance, i, figure) for i, figure in enumerate(figures)]
    skin = np.concatenate([figure.skin[::23] for figure in figures[::4]])
    return Acted(performance, figures, rows, skin)


def aimed(
    skin: Array,
    azimuth: float,
    height_m: float,
    *,
    filled: float = FILLED,
    fov: float = 45.0,
    tilt: float = 0.0,
) -> Camera:
    """Return a camera so far away that all of the exercise is in the picture."""
    middle = float((skin[:, 2].min() + skin[:, 2].max()) / 2)
    near, far = NEAREST_M, FARTHEST_M
    camera = Camera(azimuth, far, height_m, middle, *SIZE, fov, tilt)
    for _ in range(18):
        distance = (near + far) / 2
        nearer = replace(camera, distance_m=distance)
        ahead = (skin - nearer.eye) @ -nearer.pose[:3, 2]
        half = np.array(SIZE) / 2
        if ahead.min() < CLOSEST_M or (np.abs(nearer.project(skin) / half - 1) > filled).any():
            near = distance
        else:
            far, camera = distance, nearer
    return camera


def near_side(exercise: str, performance: Performance, azimuth: float) -> str:
    """Return the side of the body that a camera at an azimuth is beside; the upper one of two."""
    facing = EXERCISES[exercise].facing or performance.script.start.facing
    if facing in ("left", "right"):
        return {"left": "right", "right": "left"}[facing]
    return "left" if np.sin(np.radians(azimuth)) * LEFT[facing] > -1e-6 else "right"


def film(view: View, acted: Acted, path: Path) -> None:
    """Draw and track one view, and keep landmarks and truth as one file."""
    performance = acted.performance
    exercise = EXERCISES[view.exercise]
    seed = seed_of(view.exercise)
    scene = Scene(
        performance.body,
        OUTFITS[view.body],
        aimed(acted.skin, view.azimuth, view.height_m),
        decor=seed % len(DECORS),
        seed=seed,
        smooth_edges=False,
        furniture=performance.furniture,
        mat=exercise.place == "floor",
        person=dressed(view.body),
    )
    truth = truth_of(view.exercise, acted, view.azimuth, place=view.place, body=view.body)
    keep(path, tracked(scene, acted.figures), truth)


def tracked(scene: Scene, figures: Iterable[Figure]) -> Recording:
    """Draw figures, and return what the tracker finds; the scene is closed."""
    with PoseTracker(model_path(MODEL)) as tracker:
        frames = [tracker.track(scene.draw(figure), i / FPS) for i, figure in enumerate(figures)]
    scene.close()
    return Recording(
        np.array([frame.t for frame in frames]),
        np.array([frame.image for frame in frames], dtype=np.float32),
        np.array([frame.world for frame in frames], dtype=np.float32),
        *SIZE,
        MODEL,
    )


def truth_of(
    exercise: str, acted: Acted, azimuth: float, *, place: str, body: int | None
) -> dict[str, Any]:
    """Return what was done, as `samples.truth` writes it; the camera is named by the near side."""
    near = near_side(exercise, acted.performance, azimuth)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "truth.json"
        write_truth(
            file, acted.performance, acted.rows, body=body, camera=f"{place}_{near}",
            fps=FPS,
        )  # fmt: skip
        truth: dict[str, Any] = json.loads(file.read_text())
    return truth | {"facing": facing_of(exercise, acted.performance)}


def facing_of(exercise: str, performance: Performance) -> str:
    """Return where the front of the body points: up, down, left, right; or ``upright``."""
    return facing_at(exercise, performance.script)


def facing_at(exercise: str, script: Script) -> str:
    """Return the same of a script that nobody has performed yet."""
    if EXERCISES[exercise].place == "upright":
        return "upright"
    return EXERCISES[exercise].facing or script.start.facing

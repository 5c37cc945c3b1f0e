"""Single pictures of many postures, seen from all around: what postures are learnt from.

Each exercise at rest, half-way and at the top, with its form errors, and postures that no exercise
takes (`VARIATIONS`); from every 30 degrees around, from three heights. Drawn, tracked, and kept as
landmarks with what is true: see `Still`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from formcheck.body import Array
from samples.angles import INDEX
from samples.body_model import BODIES, Body
from samples.camera import Camera
from samples.clothes import OUTFITS, Outfit
from samples.exercises import EXERCISES, Plan
from samples.exercises.drill import Drill
from samples.exercises.variations import VARIATIONS, Variation
from samples.performance import Figure, Performance, halfway, still_of, taken
from samples.posture import Posture, Script, mirrored
from samples.scene import DECORS, Dressed, Scene
from samples.sheet import times_shown
from samples.truth import angles_at

SIZE = 480, 360
AZIMUTHS = tuple(range(0, 360, 30))
AZIMUTH_JITTER = 12.0
# On the floor, on a table, held by somebody who stands; metres.
HEIGHTS = (0.25, 0.9, 1.7)
HEIGHT_JITTER = 0.12
VIEWS_AT_ONCE = 6  # of one placed body: placing costs as much as two pictures
SHARE = 0.4, 0.9  # of the picture that the body fills
CROPPED, CROPPED_SHARE = 0.2, (1.0, 1.6)  # how often part of it is out of frame
PORTRAIT = 0.25
ROLL_SD = 4.0  # degrees by which the camera hangs askew
MOST_GAP_M = 0.035
SHARD = 10  # units a file

STANDING = (
    "wall_sit", "standing_back_stretch", "standing_side_bend", "doorway_chest_stretch", "toe_touch",
)  # fmt: skip
# The posture of an exercise; of some phases another one, or none in particular.
POSTURES: Mapping[str, str] = {
    **dict.fromkeys(STANDING, "standing"),
    **dict.fromkeys(("clamshell", "gluteus_medius_raise", "quadriceps_stretch_side_lying"),
                    "side_lying"),
    **dict.fromkeys(("seated_trunk_rotation", "side_neck_stretch", "shoulder_blade_squeeze",
                     "sit_to_stand"), "seated"),
    **dict.fromkeys(("hip_flexor_stretch_kneeling", "hip_flexor_stretch_kneeling_psoas"),
                    "half_kneeling"),
    **dict.fromkeys(("bird_dog", "cat_cow"), "quadruped"),
    **dict.fromkeys(("plank", "high_plank", "knee_plank"), "plank"),
    **dict.fromkeys(("press_up", "quadriceps_stretch_prone"), "prone"),
    "childs_pose": "folded",
    "downward_dog": "inverted",
}  # fmt: skip
EXCEPTIONS: Mapping[tuple[str, str], str] = {
    ("sit_up", "mid"): "",
    ("sit_up", "top"): "floor_sitting",
    ("curl_up_arms_reach", "sits_up_too_far"): "floor_sitting",
    ("childs_pose", "rest"): "quadruped",
    ("childs_pose", "mid"): "",
    ("downward_dog", "ready"): "quadruped",
    **{(plank, phase): "prone" for plank in ("plank", "high_plank", "knee_plank")
       for phase in ("rest", "via0")},
    **{(plank, "mid"): "" for plank in ("plank", "high_plank", "knee_plank")},
    ("press_up", "hips_lift"): "",
    ("press_up", "elbows_lock_hips_lift"): "",
    **{("sit_to_stand", phase): "standing"
       for phase in ("via1", "mid", "top", "not_upright", "dropped")},
}  # fmt: skip


def posture_of(exercise: str, phase: str) -> str:
    """Return the posture of a phase, "" for one on the way between two."""
    return EXCEPTIONS.get((exercise, phase), POSTURES.get(exercise, "supine"))


@dataclass(frozen=True, slots=True)
class Still:
    """One picture's landmarks, and what is true of it.

    Attributes
    ----------
    exercise, phase
        ``rest``, ``mid``, ``top``, ``second``, ``ready``, ``via0``, a form error's id, or the
        exercise "variation" and the variation's name.
    posture
        See `formcheck.body.POSTURES`; "" when between two.
    side
        Of the exercise, ``left`` or ``right``.
    azimuth, height, distance, roll
        Of the camera; degrees from where the head of a lying, the front of an upright body points
        (see `samples.camera`), metres.
    image, world
        (33, 5) and (33, 3), NaN where nobody was found.
    root
        (3, 3): orientation of the pelvis in the room.
    """

    exercise: str
    phase: str
    posture: str
    body: int
    side: str
    place: str
    facing: str
    azimuth: float
    height: float
    distance: float
    roll: float
    fov: float
    width: int
    depicted: float
    gap: float
    image: Array
    world: Array
    root: Array
    truth: Array


@dataclass(frozen=True, slots=True)
class Unit:
    """A body in one posture, which is placed once and seen from a few sides."""

    exercise: str
    phase: str
    body: int
    turn: int


def units(bodies: tuple[int, ...], rounds: int, seed: int = 0) -> list[Unit]:
    """Return everything to draw, shuffled round by round: any beginning is a balanced sample."""
    rng = np.random.default_rng(seed)
    names = [name for name in EXERCISES if name != "walk_lie_rise"]
    phases = [(name, phase) for name in names for phase in _phases(name)]
    faults = [(name, fault) for name in names for fault in EXERCISES[name].faults]
    variations = [("variation", name) for name in VARIATIONS]
    common = ("standing", "seated", "supine")
    rare = [v for v in variations if VARIATIONS[v[1]].posture not in common]
    out: list[Unit] = []
    for turn in range(rounds):
        # Phases matter most; half of the form errors will do; and what few exercises show is made
        # up for.
        keys = phases * 2 + variations + rare + faults[turn % 2 :: 2]
        those = [Unit(*key, body, turn) for key in keys for body in bodies]
        out += [those[i] for i in rng.permutation(len(those))]
    return out


def _phases(name: str) -> tuple[str, ...]:
    perform = EXERCISES[name].perform
    if not isinstance(perform, Drill):
        # The planks are lifted from lying propped up.
        return ("rest", "via0", "mid", "top") if name.endswith("plank") else ("rest", "mid", "top")
    via = tuple(f"via{i}" for i in range(len(perform.via)))
    ready = ("ready",) if perform.ready else ()
    second = ("second",) if perform.second else ()
    return (*ready, "rest", *via, "mid", "top", *second)


@cache
def body_of(number: int) -> Body:
    """Return a body, made once."""
    return Body.create(number)


def outfit_of(number: int, wide: bool) -> Outfit:
    """Return an outfit, or its wide cut."""
    return OUTFITS[number].wide() if wide else OUTFITS[number]


@cache
def dressed(body: int, number: int, wide: bool) -> Dressed:
    """Return a body in an outfit; dressing takes longer than drawing."""
    return Dressed(body_of(body), outfit_of(number, wide), smooth_edges=False)


def placed(unit: Unit, rng: np.random.Generator) -> tuple[Performance, str, str, str]:
    """Return the body as it is placed, the posture's name, the side, and where it is."""
    body = body_of(unit.body)
    side = str(rng.choice(["left", "right"]))
    if unit.exercise == "variation":
        variation = VARIATIONS[unit.phase]
        posture = _jittered(variation.shape, variation, rng)
        if side == "right":
            posture = mirrored(posture)
        script = Script("variation", posture, furniture=variation.furniture)
        (first,) = taken(body, script)
        return still_of(body, script, first), variation.posture, side, variation.place
    exercise = EXERCISES[unit.exercise]
    fault = unit.phase if unit.phase in exercise.faults else None
    plan = Plan(1, 4.0, fault, seed=int(rng.integers(1 << 30)), side=side)
    script = exercise.script(plan)
    stations = list(taken(body, script))
    name = posture_of(unit.exercise, unit.phase)
    if fault is not None:
        at = script.at(times_shown(exercise.perform, script, fault)["fault"])[0] + 1
        return still_of(body, script, stations[at]), name, side, exercise.place
    perform = exercise.perform
    ready = len(perform.ready) if isinstance(perform, Drill) else 0
    reached = [r.peak_s for r in script.repetitions] or [h.start_s for h in script.holds]
    top = script.at(reached[0] + 0.01)[0] + 1
    if isinstance(perform, Drill):
        top = ready + len(perform.via) + 1
    if unit.phase == "mid":
        return (
            still_of(body, script, halfway(body, stations[top - 1], stations[top])), name, side,
            exercise.place,
        )  # fmt: skip
    at = {"ready": 0, "rest": ready, "top": top, "second": top + 1}.get(unit.phase, -1)
    if at < 0:
        at = ready + 1 + int(unit.phase.removeprefix("via"))
    return still_of(body, script, stations[at]), name, side, exercise.place


def _jittered(posture: Posture, variation: Variation, rng: np.random.Generator) -> Posture:
    """Return the posture with its angles a little different; arms differ most."""
    angles = {}
    for name, value in posture.angles.items():
        spread = variation.jitter * (1.6 if "shoulder" in name or "elbow" in name else 1.0)
        angles[name] = value + rng.normal(0.0, spread) * (name in INDEX)
    return replace(
        posture,
        angles=angles,
        trunk_elevation=posture.trunk_elevation + rng.normal(0.0, variation.jitter / 2),
    )


def seen_from(
    figure: Figure, azimuth: float, height: float, rng: np.random.Generator
) -> tuple[Camera, float]:
    """Return a camera from there, so far that the body fills a share of the picture."""
    size = SIZE if rng.random() > PORTRAIT else (SIZE[1], SIZE[0])
    fov = float(rng.uniform(38.0, 62.0))
    if size[0] < size[1]:
        fov *= 1.25
    skin = figure.skin[::23]
    middle = float((skin[:, 2].min() + skin[:, 2].max()) / 2)
    cropped = rng.random() < CROPPED
    share = float(rng.uniform(*(CROPPED_SHARE if cropped else SHARE)))
    # Nobody aims exactly.
    aim = middle + float(rng.normal(0.0, 0.35 if cropped else 0.06))
    roll = float(rng.normal(0.0, ROLL_SD))
    near, far = 0.7, 9.0
    for _ in range(18):
        distance = (near + far) / 2
        camera = Camera(azimuth, distance, height, aim, *size, fov, roll)
        ahead = (skin - camera.eye) @ -camera.pose[:3, 2]
        if ahead.min() < 0.25:
            near = distance
            continue
        spread = np.ptp(camera.project(skin), axis=0) / size
        near, far = (distance, far) if spread.max() > share else (near, distance)
    return camera, share


class Finder:
    """MediaPipe on single pictures."""

    def __init__(self, model: Path) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=vision.RunningMode.IMAGE,
        )
        self._landmarker = vision.PoseLandmarker.create_from_options(options)

    def __call__(self, picture: Any) -> tuple[Array, Array]:
        """Return image (33, 5) and world (33, 3); NaN where nobody was found."""
        found = self._landmarker.detect(
            mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        )
        if not found.pose_landmarks:
            return np.full((33, 5), np.nan), np.full((33, 3), np.nan)
        image = [(p.x, p.y, p.z, p.visibility, p.presence) for p in found.pose_landmarks[0]]
        world = [(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]]
        return np.array(image), np.array(world)


def stills(unit: Unit, index: int, finder: Finder) -> Iterator[Still]:
    """Draw and track one unit; nothing where the posture cannot be taken."""
    rng = np.random.default_rng((7, index))
    try:
        performance, posture, side, place = placed(unit, rng)
    except (IndexError, KeyError) as error:
        print(f"{unit}: {error!r}", flush=True)
        return
    if performance.gap_m > MOST_GAP_M:
        print(f"{unit.exercise} {unit.phase} b{unit.body}: gap {performance.gap_m:.3f}", flush=True)
        return
    figure = performance.figure(0)
    truth = np.array([*angles_at(performance, 0, figure).values()])
    views = [(azimuth, height) for azimuth in AZIMUTHS for height in HEIGHTS]
    for i in rng.choice(len(views), VIEWS_AT_ONCE, replace=False):
        azimuth = views[i][0] + float(rng.uniform(-AZIMUTH_JITTER, AZIMUTH_JITTER))
        height = views[i][1] + float(rng.uniform(-HEIGHT_JITTER, HEIGHT_JITTER))
        camera, share = seen_from(figure, azimuth, height, rng)
        look = int(rng.integers(1, len(OUTFITS) + 1)), bool(rng.random() < 0.1)
        scene = Scene(
            performance.body, outfit_of(*look), camera, person=dressed(unit.body, *look),
            decor=int(rng.integers(len(DECORS))), seed=int(rng.integers(1 << 30)),
            smooth_edges=False, furniture=performance.furniture, mat=place == "floor",
        )  # fmt: skip
        picture = scene.draw(figure)
        scene.close()
        image, world = finder(picture)
        yield Still(
            unit.exercise, unit.phase, posture, unit.body, side, place,
            performance.script.start.facing, azimuth % 360.0, height, camera.distance_m,
            camera.tilt, camera.fov, camera.width, share, performance.gap_m, image, world,
            figure.root, truth,
        )  # fmt: skip


def write_shard(path: Path, rows: list[Still], columns: list[str]) -> None:
    """Write the stills as arrays by name; `truth_columns` names the true angles."""
    names = Still.__dataclass_fields__
    arrays: dict[str, Any] = {
        name: np.array([getattr(row, name) for row in rows]) for name in names
    }
    arrays["image_height"] = np.where(arrays["width"] == SIZE[0], SIZE[1], SIZE[0])
    np.savez_compressed(path, truth_columns=np.array(columns), **arrays)


def write_stills(
    folder: Path,
    model: Path,
    bodies: tuple[int, ...] = tuple(BODIES),
    rounds: int = 3,
    seed: int = 0,
) -> None:
    """Draw and track everything that is not yet in the folder; one file for so many units."""
    folder.mkdir(parents=True, exist_ok=True)
    todo = units(bodies, rounds, seed)
    for number in bodies:
        body_of(number)
    gc.freeze()  # each renderer that is freed collects: what stays needs no looking at
    finder = Finder(model)
    columns = truth_columns()
    for start in range(0, len(todo), SHARD):
        path = folder / f"stills_{seed}_{start // SHARD:04d}.npz"
        if path.exists():
            continue
        rows = [
            still
            for i in range(start, min(start + SHARD, len(todo)))
            for still in stills(todo[i], seed * len(todo) + i, finder)
        ]
        if rows:
            write_shard(path, rows, columns)
        print(f"{path.name}: {len(rows)} of {len(todo) * VIEWS_AT_ONCE}", flush=True)


@cache
def truth_columns() -> list[str]:
    """Return the names of the true angles."""
    body = body_of(1)
    script = Script("variation", next(iter(VARIATIONS.values())).shape)
    performance = still_of(body, script, next(taken(body, script)))
    return list(angles_at(performance, 0, performance.figure(0)))

"""Train the network that tells postures, and say how right it is: `python -m benchmarks.posture`.

Trained on rendered people only: the clips of benchmarks/rendered, and stills seen from all around
(`python -m samples stills`). Real people are for the check alone. See docs/posture.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.packed import SUFFIX, unpack
from benchmarks.posture_labels import true_postures
from formcheck.body import (
    INDEX,
    N_LANDMARKS,
    POSTURES,
    PRESENCE,
    Array,
    PoseFrame,
    Recording,
)
from formcheck.engine.posture import (
    MIRROR_SIGN,
    MIRRORED,
    N_FEATURES,
    PostureModel,
    features,
)

ROOT = Path(__file__).parent.parent
RENDERED = ROOT / "benchmarks" / "rendered"
FOOTAGE = ROOT.parent / "shared" / "footage"
WEIGHTS = ROOT / "formcheck" / "engine" / "posture.npz"

HIDDEN = (64, 32)
EVERY = 4  # of a clip's frames: the next ones are nearly alike
LEAST_PRESENCE = 0.5
# A wall sit looks like sitting on a chair, and should be thought as likely.
LEVEL_WEIGHT = 3.0
# The examples of each posture are as many. But standing is common, and spread over more ways of
# doing it than any other, so that each single way (upright, from behind) would be thought too rare.
COMMON = {"standing": 2.0}
SMOOTHING = 0.04
TEACHERS = 3
ANSWERED = 15_000  # of the examples of bodies held out
# By part of the camera's name; from its height, distance and aim.
LOOKING_DOWN = (
    ("feet_raised_high", 39.0),
    ("feet_raised", 29.0),
    ("oblique_45", 20.0),
    ("raised", 22.0),
)
STILLS = 0.7  # of the examples, where a posture has both: clips show few views, and many frames

SIDES = ("left", "right")


def _of(*joints: str, sides: Iterable[str] = SIDES) -> NDArray[np.intp]:
    return np.array([INDEX[f"{side}_{joint}"] for side in sides for joint in joints])


FEET = _of("heel", "foot_index")
SHANKS = np.concatenate((FEET, _of("ankle")))
LEGS = np.concatenate((SHANKS, _of("knee")))
FOREARMS = _of("wrist")
ARMS = _of("wrist", "elbow")
HEAD = np.array([INDEX["nose"], INDEX["left_ear"], INDEX["right_ear"]])
UPPER = np.concatenate((HEAD, ARMS, _of("shoulder")))
LOWER = np.concatenate((LEGS, _of("hip")))
# Bones whose lengths differ between people: from, to, and what hangs on it.
STRETCHED: tuple[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]], ...] = (
    (_of("hip"), _of("shoulder"), UPPER),
    *(
        (_of(a, sides=(side,)), _of(b, sides=(side,)), _of(*beyond, sides=(side,)))
        for side in SIDES
        for a, b, beyond in (
            ("hip", "knee", ("knee", "ankle", "heel", "foot_index")),
            ("knee", "ankle", ("ankle", "heel", "foot_index")),
            ("shoulder", "elbow", ("elbow", "wrist")),
        )
    ),
)


def _longer(a: NDArray[np.intp], b: NDArray[np.intp], beyond: NDArray[np.intp]) -> Array:
    """Return (33, 33) what a bone that is longer by its own length adds to the landmarks."""
    out = np.zeros((N_LANDMARKS, N_LANDMARKS))
    out[np.ix_(beyond, b)] += 1.0 / len(b)
    out[np.ix_(beyond, a)] -= 1.0 / len(a)
    return out


LONGER = np.array([_longer(*bone) for bone in STRETCHED])
# What is out of frame or hidden together, and how often of all that is.
HIDDEN_TOGETHER: tuple[tuple[NDArray[np.intp], float], ...] = (
    (FEET, 0.15),
    (SHANKS, 0.15),
    (LEGS, 0.1),
    (LOWER, 0.06),
    (HEAD, 0.12),
    (FOREARMS, 0.08),
    (ARMS, 0.08),
    (UPPER, 0.04),
    (np.concatenate((HEAD, FEET)), 0.04),
    (_of("wrist", "elbow", sides=("left",)), 0.05),
    (_of("wrist", "elbow", sides=("right",)), 0.05),
    (_of("knee", "ankle", "heel", "foot_index", sides=("left",)), 0.04),
    (_of("knee", "ankle", "heel", "foot_index", sides=("right",)), 0.04),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame with its posture.

    Attributes
    ----------
    points
        (33, 2) picture heights, y up.
    world
        (33, 3) metres, as the tracker gives them.
    usable
        (33,) inside the picture and there.
    posture
        Its place in `POSTURES`.
    body
        Which rendered person.
    source
        Exercise or variation; frames of one are much alike.
    view
        Where rendered from all around, where the camera was: degrees from the head end of somebody
        lying or the front of somebody upright (0 to 180), and its height, m. Else None.
    down
        By how much the camera looked down, degrees.
    weight
        How often it is drawn, of its like.
    """

    points: Array
    world: Array
    usable: NDArray[np.bool_]
    posture: int
    body: int
    source: str
    view: tuple[float, float] | None = None
    down: float = 0.0
    weight: float = 1.0


def seen_points(image: Array, width: float, height: float) -> tuple[Array, NDArray[np.bool_]]:
    """Return the landmarks in picture heights, y up, and which are usable."""
    points = np.column_stack((image[:, 0] * width / height, 1.0 - image[:, 1])).astype(float)
    inside = ((image[:, :2] >= 0) & (image[:, :2] <= 1)).all(1)
    return points, inside & (image[:, PRESENCE] > LEAST_PRESENCE)


def clip_frames(paths: Iterable[Path]) -> Iterator[Frame]:
    """Yield frames of the rendered clips whose posture is beyond doubt."""
    for path in paths:
        recording, truth = unpack(path)
        at = np.arange(0, len(recording.t), EVERY)
        for i, posture in zip(at, true_postures(truth, recording.t[at]), strict=True):
            image, world = recording.image[i], recording.world[i]
            if posture is None or not np.isfinite(world).all():
                continue
            points, usable = seen_points(image, recording.width, recording.height)
            yield Frame(
                points, world.astype(float), usable, POSTURES.index(posture),
                truth["body"], truth["exercise"], down=_looks_down(truth["camera"]),
            )  # fmt: skip


def _looks_down(camera: str) -> float:
    """Return by how much a camera of `samples.camera` looks down, degrees."""
    return next((degrees for part, degrees in LOOKING_DOWN if part in camera), 4.0)


def still_frames(folder: Path) -> Iterator[Frame]:
    """Yield the stills of `python -m samples stills` in which somebody was found."""
    for path in sorted(folder.glob("stills_*.npz")):
        with np.load(path) as arrays:
            rows = {name: arrays[name] for name in arrays.files}
        truth = dict(zip(rows["truth_columns"].tolist(), rows["truth"].T, strict=True))
        hips = truth["hip_height_m"]
        thighs = np.maximum(truth["left_thigh_elevation"], truth["right_thigh_elevation"])
        down = np.degrees(np.arctan2(rows["height"] - hips, rows["distance"]))
        for i in np.flatnonzero(np.isfinite(rows["world"]).all((1, 2))):
            posture = str(rows["posture"][i])
            if not posture:
                continue
            exercise, phase = str(rows["exercise"][i]), str(rows["phase"][i])
            points, usable = seen_points(
                rows["image"][i], float(rows["width"][i]), float(rows["image_height"][i])
            )
            yield Frame(
                points, rows["world"][i].astype(float), usable, POSTURES.index(posture),
                int(rows["body"][i]), phase if exercise == "variation" else exercise,
                (_from_front(rows["root"][i], float(rows["azimuth"][i])), float(rows["height"][i])),
                float(down[i]),
                LEVEL_WEIGHT if posture == "standing" and thighs[i] > -30.0 else 1.0,
            )  # fmt: skip


def _from_front(root: Array, azimuth: float) -> float:
    """Return how far around the camera is, 0 to 180 degrees; see `Frame.view`."""
    # At rest the pelvis faces -y, its head end is +z.
    head_end, front = root[:, 2], -root[:, 1]
    axis = head_end if abs(head_end[2]) < 0.6 else front
    towards = np.radians(azimuth)
    along = axis[0] * np.cos(towards) + axis[1] * np.sin(towards)
    return float(np.degrees(np.arccos(np.clip(along / np.hypot(axis[0], axis[1]), -1.0, 1.0))))


def augmented(frame: Frame, rng: np.random.Generator) -> Array | None:
    """Return the features of the frame as it might have been seen just as well."""
    points, world, usable = frame.points.copy(), frame.world.copy(), frame.usable.copy()
    # Mirrored pictures need no example: the network looks at both.
    if rng.random() < (0.4 if frame.view is None else 0.3):
        points, world = _from_elsewhere(world, frame.down, rng)
    other = np.eye(N_LANDMARKS) + np.tensordot(rng.normal(0.0, 0.06, len(LONGER)), LONGER, 1)
    points, world = other @ points, other @ world
    if rng.random() < 0.06:
        _swap_limbs(points, world, usable, rng)
    roll = np.radians(np.clip(rng.normal(0.0, 9.0), -22.0, 22.0))
    cos, sin = np.cos(roll), np.sin(roll)
    turn = np.array([[cos, -sin], [sin, cos]])
    points = points @ turn.T
    world[:, :2] = world[:, :2] @ turn  # y down: the other way round
    world[:, 2] *= rng.uniform(0.8, 1.2)
    size = float(np.ptp(points[:, 1]) + np.ptp(points[:, 0]))
    world += rng.normal(0.0, 0.012, world.shape) + rng.normal(0.0, 0.015, world.shape) * [0, 0, 1]
    points += rng.normal(0.0, 0.006 * size, points.shape)
    if rng.random() < 0.5:
        _hide(points, world, usable, rng)
    return features(points, world, usable)


def _swap_limbs(
    points: Array, world: Array, usable: NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Take the left legs or arms for the right ones, as trackers do."""
    limbs = (("knee", "ankle", "heel", "foot_index"), ("elbow", "wrist"))
    for joints in (limbs[:1], limbs[1:], limbs)[rng.integers(3)]:
        left, right = (_of(*joints, sides=(side,)) for side in SIDES)
        for array in (points, world, usable):
            array[np.r_[left, right]] = array[np.r_[right, left]]


def _from_elsewhere(world: Array, down: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return the body in space as seen by another camera, at 2 to 6 m, that looks down otherwise.

    Which joints are usable stays as it is.
    """
    yaw = rng.uniform(-np.pi, np.pi)
    c, s = np.cos(yaw), np.sin(yaw)
    about_y = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    world = world @ (_pitch(rng.uniform(-6.0, 32.0)) @ about_y @ _pitch(-down)).T
    depth = world[:, 2] + rng.uniform(2.0, 6.0)
    return world[:, :2] * [1.0, -1.0] / np.maximum(depth, 0.5)[:, None], world


def _pitch(degrees: float) -> Array:
    """Return what turns the room's axes into those of a camera that looks down so much."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _hide(points: Array, world: Array, usable: NDArray[np.bool_], rng: np.random.Generator) -> None:
    if rng.random() < 0.4:
        usable &= rng.random(len(usable)) > rng.uniform(0.05, 0.3)
    if rng.random() < 0.8:
        share = np.array([p for _, p in HIDDEN_TOGETHER])
        which = HIDDEN_TOGETHER[rng.choice(len(share), p=share / share.sum())][0]
        usable[which] = False
        # What is out of frame the tracker makes up.
        world[which] += rng.normal(0.0, 0.05, (1, 3)) + rng.normal(0.0, 0.03, (len(which), 3))


def examples(
    frames: list[Frame], count: int, rng: np.random.Generator
) -> tuple[Array, NDArray[np.intp]]:
    """Draw frames, rare postures and exercises more often.

    Returns the features of each as it might have been seen, and which frame it was.
    """
    posture = np.array([frame.posture for frame in frames])
    still = np.array([frame.view is not None for frame in frames])
    groups: dict[tuple[int, str, bool], list[int]] = {}
    for i, frame in enumerate(frames):
        groups.setdefault((frame.posture, frame.source, frame.view is None), []).append(i)
    weight = np.zeros(len(frames))
    for members in groups.values():
        weight[members] = len(members) ** -0.6
    weight *= [frame.weight for frame in frames]
    for p in range(len(POSTURES)):
        for kind, share in ((still, STILLS), (~still, 1.0 - STILLS)):
            among = (posture == p) & kind
            if among.any():
                weight[among] *= share * among.sum() ** 0.1 / weight[among].sum()
    chosen = rng.choice(len(frames), count, p=weight / weight.sum())
    x = np.empty((count, N_FEATURES), np.float32)
    keep = np.ones(count, bool)
    for row, i in enumerate(chosen):
        found = augmented(frames[i], rng)
        keep[row] = found is not None
        x[row] = 0.0 if found is None else found
    return x[keep], chosen[keep]


Layers = list[tuple[Array, Array]]


def taught(x: Array, y: NDArray[np.intp], epochs: int) -> Layers:
    """Fit a network to the mean answer of several: one alone depends on its random beginning."""
    mean = np.zeros((len(x), len(POSTURES)), np.float32)
    for seed in range(TEACHERS):
        teacher = train(x, y, epochs=epochs, seed=seed, smoothing=SMOOTHING)
        mean += probabilities_of(teacher, x) / TEACHERS
        print(f"  teacher {seed} trained", flush=True)
    # Where the teachers say otherwise than what is true, the truth still counts.
    target = 0.7 * mean
    target[np.arange(len(y)), y] += 0.3 * (1.0 - SMOOTHING)
    target += 0.3 * SMOOTHING / len(POSTURES)
    return train(x, target, epochs=epochs, seed=TEACHERS, smoothing=0.0)


def probabilities_of(layers: Layers, x: Array) -> NDArray[np.float32]:
    """Return the answers of a network to many features at once."""
    logits = np.zeros((len(x), len(POSTURES)), np.float32)
    for mirrored in (False, True):
        h = x[:, MIRRORED] * MIRROR_SIGN.astype(np.float32) if mirrored else x
        for i, (weights, bias) in enumerate(layers):
            h = h @ weights.astype(np.float32) + bias.astype(np.float32)
            if i < len(layers) - 1:
                np.maximum(h, 0.0, out=h)
        logits += 0.5 * h
    odds: NDArray[np.float32] = np.exp(logits - logits.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True)


def train(
    x: Array, y: NDArray[Any], *, epochs: int, seed: int = 0, smoothing: float = 0.0
) -> Layers:
    """Fit a network; its answer is the mean of a frame's and its mirror image's.

    `y` are postures, or (N, 12) probabilities of them.
    """
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    mean, spread = x.mean(0), x.std(0) + 0.05
    sizes = (N_FEATURES, *HIDDEN, len(POSTURES))
    linear = [torch.nn.Linear(a, b) for a, b in pairwise(sizes)]
    net = torch.nn.Sequential()
    for i, layer in enumerate(linear):
        net.append(layer)
        if i < len(linear) - 1:
            net.append(torch.nn.ReLU())
    mirrored = torch.from_numpy(MIRRORED)
    sign = torch.from_numpy(MIRROR_SIGN.astype(np.float32))
    m, s = torch.from_numpy(mean).float(), torch.from_numpy(spread).float()
    xs, ys = torch.from_numpy(x), torch.from_numpy(y)
    batch, steps = 1024, epochs * (len(x) // 1024)
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, total_steps=steps)
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)
    done = 0
    while done < steps:
        order = torch.randperm(len(xs))
        for start in range(0, len(xs) - batch + 1, batch):
            if done == steps:
                break
            rows = order[start : start + batch]
            xb = xs[rows]
            logits = 0.5 * (net((xb - m) / s) + net((xb[:, mirrored] * sign - m) / s))
            loss = loss_of(logits, ys[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            done += 1
    layers = [
        (layer.weight.detach().numpy().T.astype(float), layer.bias.detach().numpy().astype(float))
        for layer in linear
    ]
    # The scaling of the features goes into the first layer.
    weights, bias = layers[0]
    weights = weights / spread[:, None]
    return [(weights, bias - mean @ weights), *layers[1:]]


def rounded(layers: Layers) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Return the layers as they are kept: half precision, which changes no answer."""
    return [(w.astype(np.float16), b.astype(np.float16)) for w, b in layers]


def save(path: Path, layers: Layers) -> None:
    """Write the layers for `formcheck.engine.posture`."""
    arrays: dict[str, NDArray[Any]] = {}
    for i, (weights, bias) in enumerate(rounded(layers)):
        arrays |= {f"weights_{i}": weights, f"bias_{i}": bias}
    np.savez_compressed(path, **arrays)


def answers(model: PostureModel, x: Array) -> Array:
    """Return the probabilities of many frames."""
    return np.array([model.of_features(row) for row in x.astype(float)])


# --- the check on real people -------------------------------------------------------------------

REAL: dict[str, str] = {}
for _posture, _exercises in {
    "supine": "bridge curl_up_arms_reach double_knee_to_chest double_leg_lift gluteal_set"
    " lower_back_stretch lower_trunk_rotation pelvic_tilt piriformis_stretch_crossed_pull"
    " piriformis_stretch_figure_four piriformis_stretch_opposite_shoulder"
    " piriformis_stretch_thigh_press posterior_pelvic_tilt single_knee_to_chest"
    " supine_hamstring_stretch transverse_abdominis_set hip_flexor_stretch_supine",
    "prone": "press_up quadriceps_stretch_prone",
    "plank": "plank knee_plank high_plank",
    "quadruped": "bird_dog cat_cow",
    "side_lying": "clamshell gluteus_medius_raise quadriceps_stretch_side_lying",
    "half_kneeling": "hip_flexor_stretch_kneeling hip_flexor_stretch_kneeling_psoas",
    "folded": "childs_pose",
    "inverted": "downward_dog",
    "seated": "seated_trunk_rotation shoulder_blade_squeeze",
    "standing": "wall_sit standing_back_stretch standing_side_bend doorway_chest_stretch",
}.items():
    REAL |= dict.fromkeys(_exercises.split(), _posture)
# Told by eye from the notes: other movements, and exercises done in another posture.
REAL_CLIPS = {
    "squat_tfjs": "standing",
    "wallpushup_malik_m": "standing",
    "squat_hanshitha": "standing",
    "deadbug_prakhar": "supine",
    "pushup_darebee": "plank",
    "kneepushup_hanshitha": "plank",
    "fit_neckstretch": "standing",
    "fit_floortwist": "floor_sitting",
    "ant_wallsit": "standing",
    "blm_wallpushup": "standing",
    "blm_allfours_tilt": "quadruped",
    "sit_curlup_crossed": "supine",
    "ets_crunch": "supine",
    "ida_heartopener": "floor_sitting",
    "ida_angelwings": "floor_sitting",
    "ida_turtleneck": "floor_sitting",
    "ida_neck": "floor_sitting",
    "ida_seatedtwist": "seated",
    "adx_seatedtwist": "seated",
    "chl_seatedpirif": "seated",
    "birddog_lenag_cropped": "quadruped",
}


def real_clips(folder: Path) -> Iterator[tuple[str, str, Recording, NDArray[np.bool_]]]:
    """Yield clip, posture, recording, and which of its frames are labelled as in it."""
    for label in json.loads((folder / "labels.json").read_text()):
        posture = REAL_CLIPS.get(label["clip"]) or REAL.get(label["exercise"])
        if posture is None:
            continue
        recording = Recording.load(folder / f"{label['clip']}.npz")
        t = recording.t
        spans = label["holds_s"]
        if not spans and label.get("peaks_s"):
            spans = [[min(label["peaks_s"]) - 0.5, max(label["peaks_s"]) + 0.5]]
        within = np.ones(len(t), bool)
        if spans:
            within = np.any([(t >= a) & (t <= b) for a, b in spans], 0)
        yield label["clip"], posture, recording, within


def frame_answer(model: PostureModel, frame: PoseFrame) -> Array | None:
    """Return the probabilities for a tracked frame, None where nobody was found."""
    if not np.isfinite(frame.world).all():
        return None
    points, usable = seen_points(frame.image, frame.width, frame.height)
    found = features(points, frame.world.astype(float), usable)
    return None if found is None else model.of_features(found)


def check_real(model: PostureModel, folder: Path, verbose: bool = True) -> dict[str, Any]:
    """Return, per clip, the mean probability of the right posture and the most frequent one."""
    result: dict[str, Any] = {}
    for clip, posture, recording, within in real_clips(folder):
        told = [
            answer
            for frame, wanted in zip(recording, within, strict=True)
            if wanted and (answer := frame_answer(model, frame)) is not None
        ]
        if not told:
            continue
        mean = np.mean(told, 0)
        winners = np.bincount(np.argmax(told, 1), minlength=len(POSTURES))
        best = POSTURES[int(winners.argmax())]
        p = float(mean[POSTURES.index(posture)])
        result[clip] = {"posture": posture, "mean": round(p, 3), "majority": best}
        if verbose and (best != posture or p < 0.6):
            order = np.argsort(-mean)[:3]
            listed = ", ".join(f"{POSTURES[i]} {mean[i]:.2f}" for i in order)
            print(f"  {'' if best == posture else 'WRONG '}{clip:34}{posture:14}{p:.2f}  {listed}")
    right = sum(r["majority"] == r["posture"] for r in result.values())
    print(f"real clips right by majority: {right} of {len(result)}, mean probability of the right"
          f" one {np.mean([r['mean'] for r in result.values()]):.3f}")  # fmt: skip
    return result


def by_posture(probabilities: Array, y: NDArray[np.intp]) -> None:
    """Print the accuracy of each posture, and what it is taken for."""
    told = probabilities.argmax(1)
    for p, name in enumerate(POSTURES):
        among = y == p
        if not among.any():
            continue
        wrong = np.bincount(told[among & (told != p)], minlength=len(POSTURES))
        listed = ", ".join(f"{POSTURES[i]} {wrong[i]}" for i in np.argsort(-wrong)[:3] if wrong[i])
        print(f"  {name:14}{among.sum():6}  {(told[among] == p).mean():.3f}"
              f"  p {probabilities[among, p].mean():.3f}  {listed}")  # fmt: skip


def by_view(probabilities: Array, frames: list[Frame]) -> None:
    """Print the accuracy by where the camera was."""
    right = probabilities.argmax(1) == [frame.posture for frame in frames]
    sure = probabilities[np.arange(len(frames)), [frame.posture for frame in frames]]
    azimuth, height = np.array([frame.view for frame in frames]).T
    print("  degrees from the head end (upright: the front); camera at .25, .9, 1.7 m")
    for low, high in ((0, 30), (30, 60), (60, 120), (120, 150), (150, 181)):
        cells = []
        for least, most in ((0.0, 0.6), (0.6, 1.3), (1.3, 2.0)):
            among = (azimuth >= low) & (azimuth < high) & (height >= least) & (height < most)
            cells.append(
                f"{right[among].mean():.3f} p {sure[among].mean():.2f} of {among.sum():4}"
                if among.any()
                else "-"
            )
        print(f"  {low:3}-{min(high, 180):3}  " + "   ".join(cells))


def temperature_of(model: PostureModel, x: Array, y: NDArray[np.intp]) -> float:
    """Return by what the logits are to be divided for the likelihood to be greatest."""
    logits = np.log(answers(model, x))
    logits -= logits.max(1, keepdims=True)

    def loss(temperature: float) -> float:
        odds = np.exp(logits / temperature)
        return -float(np.log(odds[np.arange(len(y)), y] / odds.sum(1)).mean())

    return min(np.arange(0.5, 2.01, 0.05), key=loss)


def reliability(probabilities: Array, y: NDArray[np.intp]) -> None:
    """Print how often the answer is right where it is so sure."""
    sure, right = probabilities.max(1), probabilities.argmax(1) == y
    for low, high in pairwise((0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)):
        among = (sure > low) & (sure <= high)
        if among.any():
            print(f"  said {sure[among].mean():.2f}, right {right[among].mean():.2f}"
                  f" of {among.sum()}")  # fmt: skip


def divided(layers: Layers, temperature: float) -> Layers:
    """Return the layers with the logits divided."""
    weights, bias = layers[-1]
    return [*layers[:-1], (weights / temperature, bias / temperature)]


def report(model: PostureModel, what: str, frames: list[Frame]) -> None:
    """Print how right the answers are on frames as they are."""
    seen = [(f, x) for f in frames if (x := features(f.points, f.world, f.usable)) is not None]
    if not seen:
        return
    y = np.array([f.posture for f, _ in seen])
    told = answers(model, np.array([x for _, x in seen]))
    print(f"{what} of bodies held out: {(told.argmax(1) == y).mean():.3f}")
    by_posture(told, y)
    if frames[0].view is not None:
        by_view(told, [f for f, _ in seen])
        reliability(told, y)


def with_prior(layers: Layers) -> Layers:
    """Return the layers with the logits of common postures raised."""
    weights, bias = layers[-1]
    prior = np.log([COMMON.get(name, 1.0) for name in POSTURES])
    return [*layers[:-1], (weights, bias + prior)]


def main() -> None:
    """Train, print the figures and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stills", type=Path, help="folder of `python -m samples stills`")
    parser.add_argument("--held-out", type=int, nargs="*", default=(), help="bodies, for figures")
    parser.add_argument("--examples", type=int, default=360_000)
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument(
        "--temperature", type=float, default=1.0, help="as found on held-out bodies"
    )
    parser.add_argument("--out", type=Path, help="where to write the weights")
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    frames = list(clip_frames(sorted(RENDERED.glob(f"*{SUFFIX}"))))
    clips = len(frames)
    if arguments.stills:
        frames += still_frames(arguments.stills)
    held = [f for f in frames if f.body in arguments.held_out]
    print(f"{clips} frames of clips, {len(frames) - clips} stills; {len(held)} of them held out")
    x, chosen = examples(frames, arguments.examples, rng)
    y = np.array([f.posture for f in frames])[chosen]
    known = np.array([f.body not in arguments.held_out for f in frames])[chosen]
    if held:
        layers = taught(x[known], y[known], arguments.epochs)
        model = PostureModel(rounded(divided(layers, arguments.temperature)))
        for what, stills in (("clips", False), ("stills", True)):
            report(model, what, [f for f in held if (f.view is not None) == stills])
        told = answers(model, x[~known][:ANSWERED])
        wanted = y[~known][:ANSWERED]
        print(f"held out, augmented: {(told.argmax(1) == wanted).mean():.3f}")
        by_posture(told, wanted)
        reliability(told, wanted)
        best = temperature_of(model, x[~known][:ANSWERED], wanted)
        print(f"temperature to divide by still: {best:.2f}")
        if FOOTAGE.exists():
            check_real(model, FOOTAGE, verbose=False)
    print("trained on all bodies:")
    layers = taught(x, y, arguments.epochs)
    layers = with_prior(divided(layers, arguments.temperature))
    model = PostureModel(rounded(layers))
    if FOOTAGE.exists():
        check_real(model, FOOTAGE)
    if arguments.out:
        save(arguments.out, layers)


if __name__ == "__main__":
    main()

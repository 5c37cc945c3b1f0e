"""A person's body: bones, skin, and where both are for given clinical joint angles.

Built on Anny (Apache-2.0; its data, from MakeHuman, is CC0). At rest the body faces -y in an
A-pose, its left is +x and up is +z, in metres. Posing is plain NumPy: each bone is first turned
from the A-pose to the anatomical standing position, then by the clinical angles about the axes of
that position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import ConvexHull
from scipy.spatial.transform import Rotation

from formcheck.body import Array
from samples.angles import INDEX

# Phenotypes as Anny names them, each 0..1: gender 0 is male, weight and muscle .5 average.
BODIES: dict[int, dict[str, float]] = {
    1: {"gender": 0.1, "age": 0.65, "muscle": 0.55, "weight": 0.45, "height": 0.5},
    2: {"gender": 0.9, "age": 0.7, "muscle": 0.45, "weight": 0.5, "height": 0.45},
    3: {"gender": 0.95, "age": 0.6, "muscle": 0.55, "weight": 0.38, "height": 0.55},
    4: {"gender": 0.05, "age": 0.85, "muscle": 0.4, "weight": 0.7, "height": 0.6},
    # Only for the regression set of `make accuracy`: no limit may be chosen on these.
    5: {"gender": 0.1, "age": 0.55, "muscle": 0.65, "weight": 0.5, "height": 0.65},
    6: {"gender": 0.95, "age": 0.8, "muscle": 0.4, "weight": 0.6, "height": 0.35},
    7: {"gender": 0.8, "age": 0.5, "muscle": 0.6, "weight": 0.4, "height": 0.45},
    # Only for the map of views (`make view-map`): nothing may be tuned on these either.
    8: {"gender": 0.2, "age": 0.7, "muscle": 0.5, "weight": 0.55, "height": 0.55},
    9: {"gender": 0.9, "age": 0.65, "muscle": 0.5, "weight": 0.45, "height": 0.4},
}

# How far flesh and mat give way under a part that carries weight, metres. A rigid skin would
# otherwise touch the floor in single points and seem to float.
SINK: dict[str, float] = {"pelvis": 0.018, "thorax": 0.012, "head": 0.008, "thigh": 0.01}
OTHER_SINK = 0.004

# Shares of a movement that several bones carry.
LUMBAR = {"spine05": 0.4, "spine04": 0.35, "spine03": 0.25}
THORACIC = {"spine02": 0.5, "spine01": 0.5}
SPINE = {"spine05": 0.22, "spine04": 0.24, "spine03": 0.22, "spine02": 0.20, "spine01": 0.12}
NECK = {"neck01": 0.25, "neck02": 0.25, "neck03": 0.25, "head": 0.25}
GIRDLE_SHARE, GIRDLE_FROM = 0.33, 30.0  # of the arm's elevation beyond 30 degrees

SKIN_SAMPLE = 60  # vertices per region that the placement watches
DOWN = np.array([0.0, 0.0, -1.0])


def rotation_x(degrees: float) -> Array:
    """Return the rotation about x."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def rotation_y(degrees: float) -> Array:
    """Return the rotation about y."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def rotation_z(degrees: float) -> Array:
    """Return the rotation about z."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def shortest_turn(a: Array, b: Array, share: float = 1.0) -> Array:
    """Return the smallest rotation (or a share of it) that brings direction a to direction b."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    axis = np.cross(a, b)
    sine = np.linalg.norm(axis)
    if sine < 1e-9:
        return np.eye(3)
    return Rotation.from_rotvec(axis / sine * np.arctan2(sine, a @ b) * share).as_matrix()


def clinical_rotations(q: Array) -> dict[str, Array]:
    """Return each bone's rotation from standing, about its parent's axes, for clinical angles."""
    out: dict[str, Array] = {}
    for side, letter, sign in (("left", "L", 1.0), ("right", "R", -1.0)):

        def angle(name: str, side: str = side) -> float:
            return float(q[INDEX[f"{side}_{name}"]])

        hip = rotation_x(-angle("hip_flexion")) @ rotation_y(-sign * angle("hip_abduction"))
        half_turn = rotation_z(0.5 * sign * angle("hip_rotation"))
        out[f"upperleg01.{letter}"] = hip @ half_turn
        out[f"upperleg02.{letter}"] = half_turn
        out[f"lowerleg01.{letter}"] = rotation_x(angle("knee_flexion"))
        out[f"foot.{letter}"] = rotation_x(-angle("ankle_dorsiflexion"))
        toes = rotation_x(-angle("toe_extension"))
        out.update({f"toe{i}-1.{letter}": toes for i in range(1, 6)})

        arm = (
            rotation_x(-angle("shoulder_flexion"))
            @ rotation_y(-sign * angle("shoulder_abduction"))
            @ rotation_z(sign * angle("shoulder_rotation"))
        )
        along = arm @ DOWN
        elevation = np.degrees(np.arccos(np.clip(along @ DOWN, -1, 1)))
        share = GIRDLE_SHARE * max(0.0, elevation - GIRDLE_FROM) / max(elevation, 1e-6)
        girdle = shortest_turn(DOWN, along, share)
        half_pronation = rotation_z(-0.5 * sign * angle("forearm_pronation"))
        # Shrugging lifts the shoulder's end of the collar bone; retraction draws it backwards.
        # The arm's direction stays.
        collar = rotation_y(-sign * angle("girdle_elevation")) @ rotation_z(
            sign * angle("girdle_retraction")
        )
        out[f"clavicle.{letter}"] = collar
        out[f"shoulder01.{letter}"] = collar.T @ girdle
        out[f"upperarm01.{letter}"] = girdle.T @ arm
        out[f"lowerarm01.{letter}"] = rotation_x(-angle("elbow_flexion")) @ half_pronation
        out[f"lowerarm02.{letter}"] = half_pronation
        out[f"wrist.{letter}"] = rotation_y(sign * angle("wrist_flexion"))

    def axial(flexion: float, side_bend: float, turn: float) -> Array:
        return rotation_x(flexion) @ rotation_y(side_bend) @ rotation_z(turn)

    lumbar, thoracic, side_bend, turn = (
        q[INDEX[name]]
        for name in ("lumbar_flexion", "thoracic_flexion", "spine_side_bend", "spine_rotation")
    )
    for bone, share in SPINE.items():
        flexion = lumbar * LUMBAR.get(bone, 0.0) + thoracic * THORACIC.get(bone, 0.0)
        out[bone] = axial(flexion, side_bend * share, turn * share)
    neck = [q[INDEX[f"neck_{name}"]] for name in ("flexion", "side_bend", "rotation")]
    for bone, share in NECK.items():
        out[bone] = axial(*(share * value for value in neck))
    return out


@cache
def _anny() -> Any:
    """Return Anny's model of all bodies; loading it takes seconds."""
    import anny
    import torch

    return anny.Anny(rig="makehuman", topology="anny").to(dtype=torch.float32)


@dataclass(frozen=True)
class Body:
    """A body at rest, and its posing.

    Attributes
    ----------
    vertices, faces
        The skin at rest.
    heads
        (bones, 3) where each bone begins, at rest.
    bones
        The names of the bones that move by themselves; the others are merged into their parents.
    parents
        Index of each bone's parent, -1 for the root; parents come first.
    weights
        (vertices, bones) sparse skinning weights.
    part
        Per vertex, the name of the original bone that moves it most.
    keypoints
        Per name, the (vertices,) weights whose sum over the skin is that keypoint (COCO's).
    eyes
        (2, 3) centres of the eyeballs at rest.
    """

    vertices: Array
    faces: NDArray[np.int32]
    heads: Array
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    weights: csr_matrix
    part: NDArray[np.str_]
    keypoints: dict[str, Array]
    eyes: Array

    @classmethod
    @cache
    def create(cls, number: int) -> Body:
        """Make the body of that number in `BODIES`."""
        return cls.shaped({"proportions": 0.5, **BODIES[number]})

    @classmethod
    def shaped(cls, phenotype: Mapping[str, float]) -> Body:
        """Make a body of any shape: see `BODIES`; of `proportions`, 1 is ideal."""
        import torch
        from anny.keypoints import KeypointsRegressor

        model = _anny()
        shape = model(
            phenotype_kwargs={name: torch.tensor([value]) for name, value in phenotype.items()},
            return_bone_ends=True,
        )
        vertices = shape["rest_vertices"][0].numpy().astype(np.float64)
        heads = shape["rest_bone_heads"][0].numpy().astype(np.float64)
        names = list(model.bone_labels)
        all_parents = [int(p) for p in model.bone_parents]

        moving = {*clinical_rotations(np.zeros(len(INDEX))), "root"}
        kept = [i for i, name in enumerate(names) if name in moving]
        carrier: list[int] = []  # per original bone, the kept bone that carries it
        for i, parent in enumerate(all_parents):
            carrier.append(kept.index(i) if i in kept else carrier[parent])

        bone_index = np.asarray(model.vertex_bone_indices)
        bone_weight = np.asarray(model.vertex_bone_weights).astype(np.float64)
        rows = np.repeat(np.arange(len(vertices)), bone_index.shape[1])
        columns = np.array(carrier)[bone_index.ravel()]
        weights = csr_matrix(
            (bone_weight.ravel(), (rows, columns)), shape=(len(vertices), len(kept))
        )
        strongest = bone_index[np.arange(len(vertices)), bone_weight.argmax(1)]

        coco = KeypointsRegressor.coco(model)
        regression = coco.regression_weights.numpy().astype(np.float64)
        return cls(
            vertices,
            np.asarray(model.get_triangular_faces()).astype(np.int32),
            heads[kept],
            tuple(names[i] for i in kept),
            tuple(carrier[all_parents[i]] if all_parents[i] >= 0 else -1 for i in kept),
            weights,
            np.array(names)[strongest],
            dict(zip(coco.labels, regression, strict=True)),
            heads[[names.index("eye.L"), names.index("eye.R")]],
        )

    def head_of(self, bone: str) -> Array:
        """Return where a bone begins, at rest."""
        return self.heads[self.bones.index(bone)]

    @cached_property
    def hip_centre(self) -> Array:
        """Middle between the hip joints, at rest; the root turns about it."""
        return (self.head_of("upperleg01.L") + self.head_of("upperleg01.R")) / 2

    @cached_property
    def standing(self) -> tuple[Array, ...]:
        """Per bone, the rotation from rest (A-pose) to standing with hanging arms."""
        turned: dict[str, Array] = {}
        for letter in "LR":
            hip, knee, foot = (
                self.head_of(f"{bone}.{letter}") for bone in ("upperleg01", "lowerleg01", "foot")
            )
            turned[f"upperleg01.{letter}"] = shortest_turn(knee - hip, DOWN)
            turned[f"lowerleg01.{letter}"] = shortest_turn(foot - knee, DOWN)
            turned[f"foot.{letter}"] = np.eye(3)
            shoulder, elbow, wrist = (
                self.head_of(f"{bone}.{letter}") for bone in ("upperarm01", "lowerarm01", "wrist")
            )
            upper = shortest_turn(elbow - shoulder, DOWN)
            forearm = upper @ (wrist - elbow)
            # Turn about the upper arm until the elbow bends straight forward (-y).
            upper = rotation_z(np.degrees(-np.arctan2(forearm[0], -forearm[1]))) @ upper
            turned[f"upperarm01.{letter}"] = upper
            turned[f"lowerarm01.{letter}"] = shortest_turn(upper @ (wrist - elbow), DOWN) @ upper
        out: list[Array] = []
        for bone, parent in zip(self.bones, self.parents, strict=True):
            out.append(turned.get(bone, out[parent] if parent >= 0 else np.eye(3)))
        return tuple(out)

    @cached_property
    def regions(self) -> dict[str, NDArray[np.intp]]:
        """Vertex indices of the parts that may touch the floor: ``left_heel``, ``thorax``."""
        at, part = self.vertices, self.part

        def of(*prefixes: str) -> NDArray[np.bool_]:
            return np.array([name.startswith(prefixes) for name in part])

        def near(bone: str, metres: float) -> NDArray[np.bool_]:
            return np.linalg.norm(at - self.head_of(bone), axis=1) < metres

        found: dict[str, NDArray[np.bool_]] = {
            "pelvis": of("pelvis", "upperleg01", "root", "spine05"),
            "lumbar": of("spine04", "spine03"),
            "thorax": of("spine02", "spine01", "breast", "clavicle", "shoulder01"),
            "head": of("head", "neck", "jaw", "levator", "oris", "temporal", "oculi", "special"),
        }
        for side, letter in (("left", "L"), ("right", "R")):
            mine = np.array([name.endswith(f".{letter}") for name in part])
            knee = of("upperleg02", "lowerleg01") & near(f"lowerleg01.{letter}", 0.10)
            elbow = of("upperarm02", "lowerarm01") & near(f"lowerarm01.{letter}", 0.06)
            behind_ankle = at[:, 1] > self.head_of(f"foot.{letter}")[1]
            for name, mask in {
                "heel": of("foot") & behind_ankle,
                "instep": of("foot") & ~behind_ankle,
                "toes": of("toe"),
                "knee": knee,
                "shin": of("lowerleg") & ~knee,
                "thigh": of("upperleg02") & ~knee,
                "elbow": elbow,
                "forearm": of("lowerarm") & ~elbow,
                "upper_arm": of("upperarm") & ~elbow,
                "hand": of("wrist", "metacarpal", "finger"),
            }.items():
                found[f"{side}_{name}"] = mask & mine
        return {name: np.flatnonzero(mask) for name, mask in found.items()}

    @cached_property
    def sampled(self) -> tuple[NDArray[np.intp], dict[str, NDArray[np.intp]]]:
        """The outermost vertices of every region, and where each region's are among them."""
        few = {name: _outermost(self.vertices, ids) for name, ids in self.regions.items()}
        every = np.unique(np.concatenate(list(few.values())))
        return every, {name: np.searchsorted(every, ids) for name, ids in few.items()}

    @cached_property
    def sampled_skin(self) -> tuple[Array, Array]:
        """The sampled vertices (homogeneous) and their dense weights, for the placement."""
        ids, _ = self.sampled
        return (
            np.c_[self.vertices[ids], np.ones(len(ids))],
            np.asarray(self.weights[ids].todense()),
        )

    def pose(self, q: Array) -> tuple[Array, Array]:
        """Return every bone's rotation (bones, 3, 3) and shift (bones, 3), root at rest."""
        turns = clinical_rotations(q)
        rotation = np.empty((len(self.bones), 3, 3))
        shift = np.empty((len(self.bones), 3))
        for i, (bone, parent) in enumerate(zip(self.bones, self.parents, strict=True)):
            if parent < 0:
                rotation[i], shift[i] = np.eye(3), 0.0
                continue
            own = self.standing[parent].T @ turns[bone] @ self.standing[i]
            rotation[i] = rotation[parent] @ own
            joint = rotation[parent] @ self.heads[i] + shift[parent]
            shift[i] = joint - rotation[i] @ self.heads[i]
        return rotation, shift

    def sampled_at(self, pose: tuple[Array, Array]) -> Array:
        """Return the sampled vertices of a pose, root at rest."""
        vertices, weights = self.sampled_skin
        return blend(weights, vertices, *pose)

    def skin_at(self, pose: tuple[Array, Array]) -> Array:
        """Return the whole skin of a pose, root at rest."""
        return blend(self.weights, np.c_[self.vertices, np.ones(len(self.vertices))], *pose)

    def joints_at(self, pose: tuple[Array, Array]) -> Array:
        """Return where each bone begins in a pose, root at rest."""
        rotation, shift = pose
        return np.einsum("bij,bj->bi", rotation, self.heads) + shift


def _outermost(vertices: Array, ids: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return up to `SKIN_SAMPLE` corners of a region's hull, spread evenly."""
    corners = ids[ConvexHull(vertices[ids]).vertices]
    chosen = [corners[0]]
    nearest = np.full(len(corners), np.inf)
    while len(chosen) < min(SKIN_SAMPLE, len(corners)):
        step = np.linalg.norm(vertices[corners] - vertices[chosen[-1]], axis=1)
        nearest = np.minimum(nearest, step)
        chosen.append(corners[np.argmax(nearest)])
    return np.sort(np.array(chosen))


def blend(weights: Array | csr_matrix, vertices: Array, rotation: Array, shift: Array) -> Array:
    """Skin homogeneous vertices by linear blending."""
    transforms = np.concatenate([rotation, shift[:, :, None]], axis=2).reshape(len(shift), 12)
    blended = np.asarray(weights @ transforms).reshape(-1, 3, 4)
    return np.einsum("vij,vj->vi", blended, vertices)

"""Clothes, hair and face: what makes the body's skin look like a dressed person.

Garments are copies of parts of the skin, pushed outwards, with their own edges; shoes are the hulls
of the feet. All of it is skinned with the body's own weights, so it moves with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, vstack
from scipy.spatial import ConvexHull

from formcheck.body import Array
from samples.body_model import Body, blend
from samples.performance import Figure
from samples.placement import to_room

Colour = tuple[int, int, int]

# The shirt hangs over the trousers, well clear of them, for at the hips both fold.
SHIRT_OFF_M, TROUSERS_OFF_M, HAIR_OFF_M, SHOE_OFF_M = 0.013, 0.006, 0.014, 0.006
LOOSE_M = 0.03  # wide clothes hang so much further off
CLOTH_ROUGHNESS = 0.9


@dataclass(frozen=True, slots=True)
class Outfit:
    """Colours, sRGB 0..255, and the cut."""

    shirt: Colour
    trousers: Colour
    shoes: Colour
    hair: Colour
    skin: Colour
    long_hair: bool = False
    long_sleeves: bool = False
    loose: bool = False

    def wide(self) -> Outfit:
        """Return a wide suit of one dark colour, with sleeves, that hides where a limb ends."""
        dark = (44, 44, 50)
        return replace(self, shirt=dark, trousers=dark, long_sleeves=True, loose=True)


OUTFITS: dict[int, Outfit] = {
    1: Outfit((46, 94, 142), (52, 54, 62), (225, 225, 222), (58, 40, 28), (208, 160, 132)),
    2: Outfit((172, 66, 74), (40, 44, 70), (70, 74, 82), (46, 34, 30), (150, 104, 78)),
    3: Outfit((232, 226, 214), (62, 86, 84), (205, 208, 214), (112, 74, 44), (226, 182, 156),
              long_hair=True),
    4: Outfit((98, 126, 84), (88, 84, 78), (50, 50, 54), (150, 146, 140), (216, 172, 148),
              long_sleeves=True),
    5: Outfit((60, 62, 68), (116, 112, 104), (240, 240, 236), (30, 26, 24), (120, 80, 58)),
    6: Outfit((186, 150, 170), (58, 60, 84), (190, 186, 180), (170, 168, 164), (222, 184, 160),
              long_sleeves=True),
    7: Outfit((52, 120, 110), (34, 36, 40), (220, 80, 90), (80, 52, 34), (196, 148, 116),
              long_hair=True),
}  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """One drawn surface: its own vertices at rest, moved by the weights of the skin beneath.

    `open` tells whether its inner side can be seen.
    """

    rest: Array
    weights: csr_matrix
    faces: NDArray[np.int32]
    colours: NDArray[np.uint8]
    roughness: float
    open: bool

    def at(self, figure: Figure, body: Body) -> Array:
        """Return the layer's vertices on a posed body, in the room."""
        posed = blend(self.weights, np.c_[self.rest, np.ones(len(self.rest))], *figure.pose)
        return to_room(posed, body, figure.root, figure.position)


def merged(layers: Sequence[Layer]) -> Layer:
    """Return all layers as one, which draws in a third of the time.

    Roughness becomes the cloth's, and the inner side of everything is drawn.
    """
    first = np.cumsum([0, *(len(layer.rest) for layer in layers)])
    return Layer(
        np.concatenate([layer.rest for layer in layers]),
        vstack([layer.weights for layer in layers]).tocsr(),
        np.concatenate([layer.faces + n for layer, n in zip(layers, first[:-1], strict=True)]),
        np.concatenate([layer.colours for layer in layers]),
        CLOTH_ROUGHNESS,
        True,
    )


class VertexNormals:
    """Smooth normals of a mesh whose vertices move."""

    def __init__(self, faces: NDArray[np.int32], vertices: int) -> None:
        self._faces = faces
        rows, columns = faces.ravel(), np.repeat(np.arange(len(faces)), 3)
        self._gather: csr_matrix = coo_matrix(
            (np.ones(len(rows)), (rows, columns)), shape=(vertices, len(faces))
        ).tocsr()

    def of(self, vertices: Array) -> Array:
        """Return (N, 3) unit normals."""
        a, b, c = (vertices[self._faces[:, i]] for i in range(3))
        out = np.asarray(self._gather @ np.cross(b - a, c - a))
        return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A hem: the garment ends at the plane through `at`; `outwards` points to what is cut off.

    `of` are the vertices it applies to.
    """

    at: Array
    outwards: Array
    of: NDArray[np.bool_]

    def beyond(self, points: Array) -> Array:
        """Return how far points lie beyond the hem, negative inside."""
        return (points - self.at) @ self.outwards


def dress(body: Body, outfit: Outfit) -> list[Layer]:
    """Return the layers of a dressed person, the skin first."""
    everywhere = np.ones(len(body.vertices), dtype=bool)
    up, hips = np.array([0.0, 0.0, 1.0]), body.hip_centre
    ankle = body.head_of("foot.L")
    waist = _Cut(hips + 0.02 * up, -up, everywhere)
    collar = np.array([0.0, -0.45, 1.0]) / np.hypot(1.0, 0.45)
    neck = _Cut(body.head_of("neck01") + 0.035 * up, collar, _part(body, "neck", "spine"))
    belt = _Cut(hips + 0.06 * up, up, everywhere)
    ends = _Cut(ankle + 0.05 * up, -up, everywhere)
    trunk = _part(
        body, "spine", "root", "pelvis", "breast", "clavicle", "shoulder", "upperleg01", "neck01",
        "upperarm", *(("lowerarm",) if outfit.long_sleeves else ()),
    )  # fmt: skip
    legs = _part(body, "upperleg", "lowerleg", "pelvis", "root", "spine05", "spine04")
    shirt = trunk, [waist, neck, *(_sleeve(body, letter, outfit) for letter in "LR")]
    trousers = legs, [belt, ends]
    hidden = (
        _covered(body, *shirt) | _covered(body, *trousers) | _part(body, "foot", "toe", "tongue")
    )
    wide = LOOSE_M if outfit.loose else 0.0
    layers = [
        _surface(body, ~hidden, _skin_colours(body, outfit)),
        _garment(body, *trousers, TROUSERS_OFF_M + wide, outfit.trousers),
        _garment(body, *shirt, SHIRT_OFF_M + wide, outfit.shirt),
        _garment(body, _hair(body, outfit), [], HAIR_OFF_M, outfit.hair),
    ]
    layers += [_shoe(body, letter, outfit.shoes) for letter in "LR"]
    return layers


def _part(body: Body, *prefixes: str) -> NDArray[np.bool_]:
    return np.array([name.startswith(prefixes) for name in body.part])


def _on_side(body: Body, letter: str) -> NDArray[np.bool_]:
    return np.array([name.endswith(f".{letter}") for name in body.part])


def _sleeve(body: Body, letter: str, outfit: Outfit) -> _Cut:
    """Return the end of a sleeve, square to the arm."""
    bones = ("lowerarm01", "wrist") if outfit.long_sleeves else ("upperarm01", "lowerarm01")
    near, far = (body.head_of(f"{bone}.{letter}") for bone in bones)
    along = (far - near) / np.linalg.norm(far - near)
    share = 0.9 if outfit.long_sleeves else 0.62
    arm = _on_side(body, letter) & _part(body, "upperarm", "lowerarm")
    return _Cut(near + share * (far - near), along, arm)


def _hair(body: Body, outfit: Outfit) -> NDArray[np.bool_]:
    at = body.vertices
    head = _part(body, "head", "neck", "temporal", "levator", "oculi", "special", "jaw")
    down = at[:, 2].max() - at[:, 2]
    behind = at[:, 1] - at[np.argmax(at[:, 2]), 1]  # the crown; towards the back of the head
    length, ear_line = (0.25, 0.0) if outfit.long_hair else (0.17, 0.03)
    return head & (
        (down < 0.045)
        | ((down < 0.10) & (behind > -0.055) & (np.abs(at[:, 0]) > 0.045))
        | ((down < 0.12) & (behind > -0.01))
        | ((down < length) & (behind > ear_line))
    )


def _covered(body: Body, worn: NDArray[np.bool_], cuts: list[_Cut]) -> NDArray[np.bool_]:
    """Return the vertices well inside a garment: their skin cannot be seen and is not drawn."""
    margin_m = 0.03
    out = worn.copy()
    for cut in cuts:
        out &= ~(cut.of & (cut.beyond(body.vertices) > -margin_m))
    border = worn[body.faces].any(1) & ~worn[body.faces].all(1)
    out[body.faces[border].ravel()] = False
    return out


def _garment(
    body: Body, worn: NDArray[np.bool_], cuts: list[_Cut], off_m: float, colour: Colour
) -> Layer:
    """Make a garment of part of the skin, pushed outwards; beyond a hem it is drawn back to it."""
    inside = worn.copy()
    for cut in cuts:
        inside &= ~(cut.of & (cut.beyond(body.vertices) > 0))
    faces = body.faces[inside[body.faces].any(1) & worn[body.faces].all(1)]
    used = np.unique(faces)
    rest = body.vertices + off_m * VertexNormals(body.faces, len(body.vertices)).of(body.vertices)
    for cut in cuts:
        beyond = np.where(cut.of, np.maximum(0.0, cut.beyond(rest)), 0.0)
        rest = rest - beyond[:, None] * cut.outwards
    paint = np.tile(np.array(colour, dtype=np.uint8), (len(used), 1))
    return Layer(
        rest[used], body.weights[used], _renumbered(faces, used), paint, CLOTH_ROUGHNESS, True
    )


def _surface(body: Body, shown: NDArray[np.bool_], colours: NDArray[np.uint8]) -> Layer:
    """Make the layer of the bare skin."""
    faces = body.faces[shown[body.faces].any(1)]
    used = np.unique(faces)
    return Layer(
        body.vertices[used], body.weights[used], _renumbered(faces, used), colours[used], 0.6, False
    )


def _shoe(body: Body, letter: str, colour: Colour) -> Layer:
    """Make a shoe: the convex hull of a foot, with a darker sole."""
    low = body.vertices[:, 2] < body.head_of("foot.L")[2]
    vertices = np.flatnonzero(_on_side(body, letter) & _part(body, "foot", "toe", "lowerleg") & low)
    at = body.vertices[vertices]
    hull = ConvexHull(at)
    faces = hull.simplices.astype(np.int32)
    # Qhull does not order the corners: turn every face outwards.
    normal = np.cross(at[faces[:, 1]] - at[faces[:, 0]], at[faces[:, 2]] - at[faces[:, 0]])
    inwards = np.sum(normal * hull.equations[:, :3], axis=1) < 0
    faces[inwards] = faces[inwards][:, ::-1]
    used = np.unique(faces)
    faces = _renumbered(faces, used)
    corners = at[used]
    rest = corners + SHOE_OFF_M * VertexNormals(faces, len(used)).of(corners)
    sole = corners[:, 2] < body.vertices[:, 2].min() + 0.02
    paint = np.where(sole[:, None], np.array(colour) * 0.55, np.array(colour)).astype(np.uint8)
    return Layer(rest, body.weights[vertices[used]], faces, paint, 0.6, False)


def _renumbered(faces: NDArray[np.int32], used: NDArray[np.intp]) -> NDArray[np.int32]:
    """Return faces that count only the used vertices."""
    return np.searchsorted(used, faces).astype(np.int32)


def _skin_colours(body: Body, outfit: Outfit) -> NDArray[np.uint8]:
    """Paint eyes, brows and lips on the skin."""
    at = body.vertices
    out = np.tile(np.array(outfit.skin, dtype=np.uint8), (len(at), 1))
    head = _part(body, "head", "temporal", "levator", "oculi", "special", "oris", "jaw", "orbic",
                 "eye", "risor")  # fmt: skip
    for eye in body.eyes:
        side, up = at[:, 0] - eye[0], at[:, 2] - eye[2]
        front = head & (at[:, 1] < eye[1])
        out[front & (np.hypot(side, 1.6 * up) < 0.016)] = (240, 238, 234)
        out[front & (np.hypot(side, up) < 0.007)] = (46, 34, 28)
        out[front & (np.abs(side) < 0.022) & (np.abs(up - 0.022) < 0.005)] = outfit.hair
    faces = at[head]
    nose = faces[np.argmin(faces[:, 1])]
    lips = (
        head
        & (at[:, 1] < nose[1] + 0.03)
        & (np.abs(at[:, 0]) < 0.024)
        & (np.abs(at[:, 2] - nose[2] + 0.035) < 0.008)
    )
    out[lips] = (np.array(outfit.skin) * (0.86, 0.62, 0.64)).astype(np.uint8)
    return out

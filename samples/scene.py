"""Draw a figure in a room.

The room never moves, so it is drawn once; per frame only the person is drawn over it, and a soft
shadow on the floor, as in a room with large windows, is laid under them in the picture.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

os.environ.setdefault("PYOPENGL_PLATFORM", "egl")  # draws without a display

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.body import Array
from samples.body_model import Body
from samples.camera import Camera
from samples.clothes import Outfit, VertexNormals, dress, merged
from samples.performance import Figure
from samples.posture import Furniture

np.infty = np.inf  # type: ignore[attr-defined]  # pyrender 0.1.45 uses the name NumPy 2 dropped
import pyrender  # noqa: E402
import pyrender.renderer as renderer_module  # noqa: E402
import trimesh  # noqa: E402
from OpenGL import GL  # noqa: E402

Picture = NDArray[np.uint8]

MAT_M = (2.0, 0.75)
ROOM_M = (9.0, 6.4)
WALL_HEIGHT_M = 3.4
# The shadow map: a square of floor around the middle of the mat.
SHADOW_M, SHADOW_PX = 3.2, 160
SHADOW_REACH_M = 0.45  # above this height a part casts no visible shadow any more
SHADOW_DARKEST = 0.62
NOISE = 1.6  # SD of the camera's noise, grey levels


@dataclass(frozen=True, slots=True)
class Decor:
    """Colours of a room."""

    wall: tuple[int, int, int] = (206, 200, 188)
    floor: tuple[int, int, int] = (164, 132, 98)
    mat: tuple[int, int, int] = (74, 92, 120)


DECORS: dict[int, Decor] = {
    0: Decor(),
    1: Decor((188, 198, 200), (128, 104, 84), (110, 74, 120)),
    2: Decor((214, 208, 202), (148, 144, 138), (70, 112, 96)),
}


class Dressed:
    """A body with its clothes, as surfaces to be drawn."""

    def __init__(self, body: Body, outfit: Outfit, *, smooth_edges: bool) -> None:
        self._body = body
        layers = dress(body, outfit)
        self._layers = layers if smooth_edges else [merged(layers)]
        self._normals = [VertexNormals(layer.faces, len(layer.rest)) for layer in self._layers]
        self._colours = [
            np.c_[_linear(layer.colours), np.ones(len(layer.rest))].astype(np.float32)
            for layer in self._layers
        ]

    def surfaces(self, figure: Figure) -> list[pyrender.Mesh]:
        """Return the layers on the posed body."""
        parts = zip(self._layers, self._normals, self._colours, strict=True)
        out = []
        for layer, normals, colours in parts:
            at = layer.at(figure, self._body)
            surface = pyrender.Primitive(
                positions=at.astype(np.float32),
                normals=normals.of(at).astype(np.float32),
                indices=layer.faces,
                color_0=colours,
                material=pyrender.MetallicRoughnessMaterial(
                    metallicFactor=0.0, roughnessFactor=layer.roughness, doubleSided=layer.open
                ),
            )
            out.append(pyrender.Mesh([surface]))
        return out


class Scene:
    """A person in a room, seen by a camera; `draw` gives the picture of a figure.

    `passer` is who walks through the picture, if somebody does; `person` is the body in the outfit,
    where it is dressed already.
    """

    def __init__(
        self,
        body: Body,
        outfit: Outfit,
        camera: Camera,
        *,
        decor: int | Decor = 0,
        seed: int = 0,
        smooth_edges: bool = True,
        furniture: Sequence[Furniture] = (),
        mat: bool = True,
        passer: tuple[Body, Outfit] | None = None,
        person: Dressed | None = None,
    ) -> None:
        self._camera = camera
        self._person = person or Dressed(body, outfit, smooth_edges=smooth_edges)
        self._passer = Dressed(*passer, smooth_edges=smooth_edges) if passer else None
        # pyrender always takes four samples a pixel; one takes a third of the time in software.
        renderer_module.glRenderbufferStorageMultisample = partial(
            _storage_multisample, samples=4 if smooth_edges else 0
        )
        self._renderer = pyrender.OffscreenRenderer(camera.width, camera.height)
        self._rng = np.random.default_rng(seed)
        self._stage = self._lit(background=(0.0, 0.0, 0.0, 0.0))
        room = decor if isinstance(decor, Decor) else DECORS[decor]
        self._room, depth = self._draw_room(room, furniture, mat)
        self._floor, self._shadow_to_picture = self._floor_mask(depth)

    def close(self) -> None:
        """Free the renderer."""
        self._renderer.delete()

    def draw(self, figure: Figure, passer: Figure | None = None) -> Picture:
        """Return the (height, width, 3) RGB picture of a figure, and of who passes by just now."""
        meshes = self._person.surfaces(figure)
        if passer is not None and self._passer is not None:
            meshes += self._passer.surfaces(passer)
        nodes = [self._stage.add(mesh) for mesh in meshes]
        person, _ = self._renderer.render(self._stage, flags=pyrender.RenderFlags.RGBA)
        for node in nodes:
            self._stage.remove_node(node)
        opaque = person[:, :, 3].astype(np.float32) / 255.0
        cast = self._shadow(figure.skin)
        picture = self._room.copy()
        touched = _bounds((opaque > 0) | (cast > 0))  # elsewhere the room is as it was
        a, dark = opaque[touched][:, :, None], SHADOW_DARKEST * cast[touched][:, :, None]
        picture[touched] = (
            self._room[touched] * (1.0 - dark) * (1.0 - a) + person[touched][:, :, :3] * a
        )
        noise = self._rng.standard_normal(picture.shape[:2], dtype=np.float32)[:, :, None]
        picture += NOISE * noise
        return np.clip(picture, 0, 255, out=picture).astype(np.uint8)

    def _lit(self, background: tuple[float, ...]) -> pyrender.Scene:
        scene = pyrender.Scene(bg_color=background, ambient_light=(0.5, 0.5, 0.52))
        scene.add(
            pyrender.PerspectiveCamera(
                yfov=np.radians(self._camera.fov),
                aspectRatio=self._camera.width / self._camera.height,
            ),
            pose=self._camera.pose,
        )
        for direction, strength in (((0.5, -1.0, 1.6), 1.5), ((-0.6, 1.0, 1.4), 1.1)):
            scene.add(
                pyrender.DirectionalLight(color=(1.0, 0.98, 0.95), intensity=strength),
                pose=_looking_down(np.array(direction)),
            )
        return scene

    def _draw_room(
        self, decor: Decor, furniture: Sequence[Furniture], mat: bool
    ) -> tuple[Array, Array]:
        scene = self._lit(background=(0.5, 0.5, 0.5, 1.0))
        rng = np.random.default_rng(5)
        boxes: list[trimesh.Trimesh] = []

        def box(size: tuple[float, ...], at: tuple[float, ...], colour: tuple[int, ...]) -> None:
            mesh = trimesh.creation.box(size)
            mesh.apply_translation(at)
            mesh.visual.vertex_colors = [*(255 * _linear(np.array(colour))).astype(int), 255]
            boxes.append(mesh)

        half_x, half_y = ROOM_M[0] / 2, ROOM_M[1] / 2
        board = 0.16
        for x in np.arange(-half_x, half_x, board):
            shade = rng.uniform(0.93, 1.05)
            colour = tuple(int(min(255, c * shade)) for c in decor.floor)
            box((board - 0.004, ROOM_M[1], 0.02), (x + board / 2, 0.0, -0.03), colour)
        box((ROOM_M[0], ROOM_M[1], 0.01), (0, 0, -0.04), tuple(int(c * 0.7) for c in decor.floor))
        if mat:
            box((*MAT_M, 0.012), (0.0, 0.0, -0.010), decor.mat)
        for piece in furniture:
            box(piece.size, piece.at, piece.colour)
        for sign in (-1.0, 1.0):
            for along_x in (True, False):
                wall = (ROOM_M[0], 0.05) if along_x else (0.05, ROOM_M[1])
                skirting = (wall[0] - 0.1, 0.08, 0.09) if along_x else (0.08, wall[1] - 0.1, 0.09)
                x, y = (0.0, sign * half_y) if along_x else (sign * half_x, 0.0)
                if np.dot((x, y), self._camera.eye[:2]) > 1.0:
                    continue  # the wall behind the camera
                box((*wall, WALL_HEIGHT_M), (x, y, WALL_HEIGHT_M / 2), decor.wall)
                box(skirting, (x, y, 0.025), (236, 234, 228))
                inside = 0.985
                frame = (0.7, 0.06, 0.5) if along_x else (0.06, 0.7, 0.5)
                paper = tuple(0.8 * s if s > 0.1 else 0.075 for s in frame)
                dx, dy = (-1.1, 0.0) if along_x else (0.0, 0.9)
                box(frame, (x * inside + dx, y * inside + dy, 1.35), (70, 58, 48))
                box(paper, (x * inside + dx, y * inside + dy, 1.35), (148, 168, 172))
        # A low cupboard and a plant pot, out of the person's way.
        side = -np.sign(self._camera.eye[1]) if abs(self._camera.eye[1]) > 0.5 else 1.0
        box((1.1, 0.4, 0.62), (1.5, side * (half_y - 0.35), 0.29), (196, 176, 148))
        box((0.04, 0.42, 0.6), (1.5, side * (half_y - 0.36), 0.29), (150, 132, 108))
        # As one: every mesh that is drawn by itself costs a few milliseconds.
        room = trimesh.util.concatenate(boxes)
        scene.add(pyrender.Mesh.from_trimesh(room, smooth=False))
        picture, depth = self._renderer.render(scene)
        return picture.astype(np.float32), depth

    def _floor_mask(self, depth: Array) -> tuple[Array, Array]:
        """Return where the picture shows floor, and the homography from shadow map to picture."""
        camera = self._camera
        half = SHADOW_M / 2
        corners = np.array([(-half, -half, 0), (half, -half, 0), (half, half, 0), (-half, half, 0)])
        seen = camera.project(corners).astype(np.float32)
        inner = (corners[:, :2] / SHADOW_M + 0.5).astype(np.float32) * SHADOW_PX
        ys, xs = np.mgrid[0 : camera.height, 0 : camera.width]
        rays = np.stack(
            [(xs - camera.width / 2) / camera.focal_px, (camera.height / 2 - ys) / camera.focal_px,
             -np.ones_like(xs, dtype=float)], axis=-1,
        )  # fmt: skip
        heights = camera.eye[2] + depth * (rays @ camera.pose[:3, :3].T)[:, :, 2]
        mask = (depth > 0) & (np.abs(heights) < 0.035)
        return mask.astype(np.float32), cv2.getPerspectiveTransform(inner, seen)

    def _shadow(self, skin: Array) -> Array:
        """Return how dark the figure's soft shadow is on the floor in the picture, 0..1."""
        near = np.clip(1.0 - skin[:, 2] / SHADOW_REACH_M, 0.0, 1.0) ** 2
        cell = ((skin[:, :2] / SHADOW_M + 0.5) * SHADOW_PX).astype(int)
        inside = ((cell >= 0) & (cell < SHADOW_PX)).all(1)
        plan = np.zeros((SHADOW_PX, SHADOW_PX), np.float32)
        np.maximum.at(plan, (cell[inside, 1], cell[inside, 0]), near[inside].astype(np.float32))
        plan = cv2.morphologyEx(plan, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        plan = 0.6 * cv2.GaussianBlur(plan, (0, 0), 1.6) + 0.4 * cv2.GaussianBlur(plan, (0, 0), 5.0)
        size = (self._camera.width, self._camera.height)
        return cv2.warpPerspective(plan, self._shadow_to_picture, size) * self._floor


def _bounds(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Return the rectangle of a picture that holds all of a mask."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    if not len(rows):
        return slice(0), slice(0)
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _storage_multisample(target: int, wished: int, *rest: int, samples: int) -> None:
    """Make a render buffer with our number of samples instead of the wished one."""
    del wished
    GL.glRenderbufferStorageMultisample(target, samples, *rest)


def _linear(srgb: Array) -> Array:
    """Bring sRGB 0..255 to the linear 0..1 that the renderer expects."""
    return (np.asarray(srgb, dtype=np.float64) / 255.0) ** 2.2


def _looking_down(direction: Array) -> Array:
    """Return the pose of a light that shines from a direction towards the origin."""
    back = direction / np.linalg.norm(direction)
    right = np.cross((0.0, 1.0, 0.0), back)
    right /= np.linalg.norm(right)
    out = np.eye(4)
    out[:3, :3] = np.stack([right, np.cross(back, right), back], axis=1)
    return out

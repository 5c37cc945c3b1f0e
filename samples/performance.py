"""A body performing a script: where every joint is at every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from formcheck.body import Array
from samples.angles import INDEX
from samples.body_model import Body
from samples.placement import Placed, place, to_room
from samples.posture import Furniture, Posture, Script

STEPS = 8  # placements per move; between them the angles are interpolated
TREMOR_PHASE = 0.012  # SD of the unsteadiness, as a share of the move
TREMOR_NECK = 0.7  # degrees
TREMOR_S = 0.12  # how quickly it changes


@dataclass(frozen=True, slots=True)
class Figure:
    """The body at one time, in the room: its skin, and where its bones begin.

    `pose` is what `Body.pose` gave, and `root` and `position` bring it into the room.
    """

    skin: Array
    joints: Array
    pose: tuple[Array, Array]
    root: Array
    position: Array


@dataclass(frozen=True)
class Performance:
    """A script as one body performs it, frame by frame.

    Attributes
    ----------
    t
        (T,) seconds.
    q
        (T, angles) degrees.
    root, position
        (T, 3, 3) and (T, 3): the pelvis in the room.
    gap_m
        The largest contact gap of all placements.
    shift
        (3,) by how much all was moved to the middle of the mat; the furniture goes along.
    """

    body: Body
    script: Script
    t: Array
    q: Array
    root: Array
    position: Array
    gap_m: float
    shift: Array

    @property
    def furniture(self) -> tuple[Furniture, ...]:
        """The script's furniture, where the body is."""
        return tuple(
            replace(piece, at=tuple(np.add(piece.at, self.shift)))
            for piece in self.script.furniture
        )

    def figure(self, frame: int) -> Figure:
        """Return the body at a frame."""
        pose = self.body.pose(self.q[frame])
        where = self.root[frame], self.position[frame]
        return Figure(
            to_room(self.body.skin_at(pose), self.body, *where),
            to_room(self.body.joints_at(pose), self.body, *where),
            pose,
            *where,
        )


class _Way:
    """The way between two placed postures, as a function of the phase."""

    def __init__(self, placed: list[Placed]) -> None:
        phases = np.linspace(0.0, 1.0, len(placed))
        self._origin = placed[0].root
        turns = [Rotation.from_matrix(p.root @ self._origin.T).as_rotvec() for p in placed]
        stacked = [np.concatenate([p.q, v, p.position]) for p, v in zip(placed, turns, strict=True)]
        self._curve = PchipInterpolator(phases, np.array(stacked))

    def at(self, phase: float) -> tuple[Array, Array, Array]:
        values = self._curve(phase)
        root = Rotation.from_rotvec(values[-6:-3]).as_matrix() @ self._origin
        return values[:-6], root, values[-3:]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A posture that was taken, and where its plants are."""

    posture: Posture
    placed: Placed
    plants: dict[str, Array]

    def fits(self, posture: Posture, plants: dict[str, Array]) -> bool:
        """Whether this is the same posture, on the same plants as far as they are given."""
        return posture is self.posture and all(
            np.allclose(self.plants[name], xy, atol=1e-6) for name, xy in plants.items()
        )


def _between(a: Posture, b: Posture) -> Posture:
    """Return what holds all the way from a to b: the contacts, plants and freedom of both."""
    same = {name for name in a.contacts & b.contacts if a.on.get(name) == b.on.get(name)}
    on = {name: surface for name, surface in a.on.items() if name in same}
    return Posture(
        b.facing,
        {},
        contacts=frozenset(same),
        planted=a.planted & b.planted & same,
        free=tuple(name for name in a.free if name in b.free),
        over=tuple(o for o in a.over if o in b.over),
        trunk_firmness=min(a.trunk_firmness, b.trunk_firmness),
        on=on,
        reaches=tuple(r for r in a.reaches if r in b.reaches),
    )


def halfway(body: Body, start: _Taken, end: _Taken) -> _Taken:
    """Return the body half-way between two postures."""
    posture = _between(start.posture, end.posture)
    plants = {name: xy for name, xy in start.plants.items() if name in posture.planted}
    a, b = start.placed, end.placed
    turn = Rotation.from_matrix(b.root @ a.root.T).as_rotvec()
    root = Rotation.from_rotvec(0.5 * turn).as_matrix() @ a.root
    position = (a.position + b.position) / 2
    wish = ((a.q + b.q) / 2, root)
    return _Taken(posture, place(body, posture, plants, wish, position, a), plants)


def _way(body: Body, start: _Taken, end: _Taken) -> _Way:
    """Place the steps between two postures."""
    posture = _between(start.posture, end.posture)
    plants = {name: xy for name, xy in start.plants.items() if name in posture.planted}
    a, b = start.placed, end.placed
    turn = Rotation.from_matrix(b.root @ a.root.T).as_rotvec()
    placed = [a]
    for phase in np.linspace(0.0, 1.0, STEPS + 1)[1:-1]:
        # The wish runs between the postures as taken, not as asked for: so what the placement
        # had to change at the ends fades in and out.
        q = (1.0 - phase) * a.q + phase * b.q
        root = Rotation.from_rotvec(phase * turn).as_matrix() @ a.root
        position = (1.0 - phase) * a.position + phase * b.position
        placed.append(place(body, posture, plants, (q, root), position, placed[-1]))
    return _Way([*placed, b])


def _tremor(frames: int, fps: float, rng: np.random.Generator) -> Array:
    """Return smooth noise of unit SD."""
    noise = gaussian_filter1d(rng.standard_normal(frames), TREMOR_S * fps, mode="wrap")
    return noise / noise.std()


def _taken(body: Body, script: Script) -> Iterator[tuple[int, _Taken]]:
    """Yield how the body takes each posture of a script, with a number that is its own.

    Regions that stay planted from one posture to the next keep their place on the floor, and a
    posture taken again from the same plants is the same placement, so nothing creeps.
    """
    known: list[_Taken] = []
    last: _Taken | None = None
    for posture in script.postures():
        plants = {n: xy for n, xy in last.plants.items() if n in posture.planted} if last else {}
        now = next((i for i, taken in enumerate(known) if taken.fits(posture, plants)), len(known))
        if now == len(known):
            placed = place(body, posture, plants, before=last.placed if last else None)
            fresh = {name: placed.marks[name] for name in posture.planted}
            known.append(_Taken(posture, placed, {**fresh, **plants}))
        last = known[now]
        yield now, last


def taken(body: Body, script: Script) -> Iterator[_Taken]:
    """Yield how the body takes each posture of a script."""
    for _, each in _taken(body, script):
        yield each


def still_of(body: Body, script: Script, at: _Taken) -> Performance:
    """Return the body in one of a script's postures, in the middle of the mat."""
    placed = at.placed
    return _centred(
        Performance(
            body, script, np.zeros(1), placed.q[None], placed.root[None], placed.position[None],
            placed.gap_m, np.zeros(3),
        )
    )  # fmt: skip


def stills(body: Body, script: Script, times: Sequence[float]) -> list[Performance]:
    """Return a body in the postures last begun at these times, without the ways between them."""
    each = list(taken(body, script))
    return [still_of(body, script, each[script.at(t)[0] + 1]) for t in times]


def perform(body: Body, script: Script, fps: float, seed: int) -> Performance:
    """Let a body perform a script."""
    rng = np.random.default_rng(seed)
    ways: dict[tuple[int, int], _Way] = {}
    course: list[tuple[_Way, bool]] = []
    gap = 0.0
    before: tuple[int, _Taken] | None = None
    for now, reached in _taken(body, script):
        gap = max(gap, reached.placed.gap_m)
        if before is not None:
            there, back = (before[0], now), (now, before[0])
            if there not in ways and back not in ways:
                ways[there] = _way(body, before[1], reached)
            course.append((ways[there], False) if there in ways else (ways[back], True))
        before = now, reached

    t = np.arange(round(script.clock_s * fps)) / fps
    unsteady = TREMOR_PHASE * _tremor(len(t), fps, rng)
    nod = TREMOR_NECK * _tremor(len(t), fps, rng)
    rows = []
    for i, time in enumerate(t):
        move, phase = script.at(float(time))
        phase = abs(phase + unsteady[i])
        phase = min(phase, 2.0 - phase)  # reflected, so that it never leaves 0..1
        way, reverse = course[max(move, 0)]
        rows.append(way.at(1.0 - phase if reverse else phase))
    q = np.array([row[0] for row in rows])
    q[:, INDEX["neck_flexion"]] += nod
    root, position = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    return _centred(Performance(body, script, t, q, root, position, gap, np.zeros(3)))


def _centred(performance: Performance) -> Performance:
    """Return the performance with the middle of all its figures over the middle of the mat."""
    frames = range(0, len(performance.t), max(1, len(performance.t) // 40))
    plans = np.concatenate([performance.figure(i).joints[:, :2] for i in frames])
    middle = (plans.min(0) + plans.max(0)) / 2
    shift = np.array([*-middle, 0.0])
    return replace(performance, position=performance.position + shift, shift=shift)

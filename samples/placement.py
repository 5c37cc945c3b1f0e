"""Find how a body takes a posture on the floor: least squares over the root and a few joints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeResult, least_squares
from scipy.spatial.transform import Rotation

from formcheck.body import Array
from samples.angles import INDEX, vector
from samples.body_model import OTHER_SINK, SINK, Body, rotation_x, rotation_y, rotation_z
from samples.posture import FLOOR, Posture, Surface

# Weights of the residuals. A centimetre of gap costs as much as 20 degrees at a free joint.
CONTACT = 40.0  # per metre
PLANT = 20.0  # per metre of sliding
OVER = 20.0  # per metre
REACH = 12.0  # per metre
ROLL_YAW = 4.0  # per radian: left free, the solver invents a roll of the pelvis
FREE_JOINT = 0.15  # per radian
# Some joints are worse to guess: their effect on the contacts is small, so they would run away.
LESS_FREE = {"abduction": 0.8, "hip_rotation": 0.8, "toe_extension": 0.5, "wrist_flexion": 0.5}
# With hands that reach for something no free joint goes further than this from the wish: an arm
# that misses its aim would wind up.
FREE_RANGE, BEYOND_RANGE = 1.2, 5.0  # radians; per radian beyond
POOR = 0.5  # cost of a placement that got stuck, and is tried again from elsewhere
STAY = 0.02  # per metre of drift of the whole body
LOWEST = 3  # a region's height is the mean of its lowest sampled vertices
EVALUATIONS = 500  # at most, per placement

# Body axes (left, back, head) as columns, for a body lying flat with the head towards +x.
LYING: dict[str, Array] = {
    "down": np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
    "up": np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]]),
    "right": np.array([[0.0, 0.0, 1.0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]),
    "left": np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]),
}
# The y of the person's left; someone on a side has none, and says +y.
LEFT = {"down": 1.0, "up": -1.0, "right": 1.0, "left": 1.0}

# Bone whose beginning is the joint, by the name `Over` uses.
JOINT_BONES = {
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
}


def joint_bone(name: str) -> str:
    """Return the bone that begins at a joint.

    Examples
    --------
    >>> joint_bone("left_elbow")
    'lowerarm01.L'
    """
    side, joint = name.split("_")
    return f"{JOINT_BONES[joint]}.{side[0].upper()}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A posture as the body took it.

    Attributes
    ----------
    q
        Clinical angles, degrees.
    root
        (3, 3) orientation of the pelvis in the room.
    position
        (3,) hip centre in the room, metres.
    marks
        Centre of every region on the floor plan, metres.
    gap_m
        Largest distance of a contact from where it should be.
    """

    q: Array
    root: Array
    position: Array
    marks: dict[str, Array]
    gap_m: float


def to_room(points: Array, body: Body, root: Array, position: Array) -> Array:
    """Bring points given with the root at rest into the room."""
    return (points - body.hip_centre) @ root.T + position


def wished_root(posture: Posture) -> Array:
    """Return the orientation of the pelvis that the posture asks for."""
    return (
        rotation_z(posture.heading)
        @ rotation_y(-posture.trunk_elevation)
        @ rotation_x(posture.pelvis_roll)
        @ LYING[posture.facing]
    )


def place(
    body: Body,
    posture: Posture,
    plants: Mapping[str, Array],
    wish: tuple[Array, Array] | None = None,
    near: Array | None = None,
    before: Placed | None = None,
) -> Placed:
    """Place a body.

    Parameters
    ----------
    posture
        What to take.
    plants
        Where on the floor plan the planted regions are, as far as known.
    wish
        Angles and root orientation to use instead of the posture's own (between two postures).
    near
        Where about the hip centre will be.
    before
        The placement this one comes from: a second start, should the first get stuck.
    """
    wished_q, base = wish or (vector(posture.angles), wished_root(posture))
    free_names = [name for name in posture.free if posture.bears(name)]
    free = [INDEX[name] for name in free_names]
    firmness = np.array(
        [next((w for end, w in LESS_FREE.items() if name.endswith(end)), FREE_JOINT)
         for name in free_names]
    )  # fmt: skip
    _, where = body.sampled
    sink = {name: SINK.get(name.split("_", 1)[-1], OTHER_SINK) for name in where}
    joints = [
        (body.bones.index(joint_bone(o.upper)), body.bones.index(joint_bone(o.lower)), o)
        for o in posture.over
        if posture.bears(o.lower)
    ]
    hands = [
        (body.bones.index(joint_bone(r.joint)), body.bones.index(joint_bone(r.at)),
         np.array(r.off_m) * (1.0, LEFT[posture.facing], 1.0))
        for r in posture.reaches
    ]  # fmt: skip
    walls = {surface for surface in posture.on.values() if surface.solid}

    def unpack(x: Array) -> tuple[Array, Array, Array]:
        q = wished_q.copy()
        q[free] += np.degrees(x[6:])
        return q, Rotation.from_rotvec(x[:3]).as_matrix() @ base, x[3:6]

    def height(points: Array, surface: Surface) -> float:
        """Return how far a region is from a surface, by its nearest vertices."""
        z = points @ surface.normal - surface.level_m
        return float(np.partition(z, LOWEST)[:LOWEST].mean())

    def gap(skin: Array, name: str, surface: Surface) -> float:
        return height(skin[where[name]], surface) + sink[name]

    # Begin with the angles and the orientation as wished, on the floor, over the plants: a start
    # from other angles may wind a joint round.
    begin = np.zeros(6 + len(free))
    q, root, _ = unpack(begin)
    skin = to_room(body.sampled_at(body.pose(q)), body, root, np.zeros(3))
    known = sorted(posture.planted & plants.keys())
    if near is not None:
        begin[3:6] = near
    else:
        begin[5] = -skin[:, 2].min()
        for name, surface in posture.on.items():
            off = surface.level_m - float((skin[where[name]] @ surface.normal).min())
            begin[3:6] += (off - begin[3:6] @ surface.normal) * np.array(surface.normal)
        if known:
            begin[3:5] = np.mean([plants[n] - skin[where[n], :2].mean(0) for n in known], axis=0)

    def residuals(x: Array) -> Array:
        q, root, position = unpack(x)
        pose = body.pose(q)
        skin = to_room(body.sampled_at(pose), body, root, position)
        out: list[float] = []
        for name in where:
            surface = posture.on.get(name, FLOOR)
            low = gap(skin, name, surface)
            out.append(CONTACT * (low if name in posture.contacts else min(0.0, low)))
            for solid in walls - {surface}:
                out.append(CONTACT * min(0.0, gap(skin, name, solid)))
            if surface is not FLOOR:
                out.append(CONTACT * min(0.0, gap(skin, name, FLOOR)))
        for name in known:
            out.extend(PLANT * (skin[where[name], :2].mean(0) - plants[name]))
        if joints or hands:
            at = to_room(body.joints_at(pose), body, root, position)
            out.extend(OVER * (at[a, 0] - at[b, 0] - o.ahead_m) for a, b, o in joints)
            out.extend(
                OVER * (at[a, 1] - at[b, 1] - LEFT[posture.facing] * o.aside_m)
                for a, b, o in joints
                if o.aside_m is not None
            )
            for a, b, off in hands:
                out.extend(REACH * (at[a] - at[b] - off))
        out.extend(x[:3] * (ROLL_YAW, posture.trunk_firmness, ROLL_YAW))
        out.extend((x[3:5] - begin[3:5]) * STAY)
        out.extend(x[6:] * firmness)
        if hands:
            out.extend(BEYOND_RANGE * np.maximum(0.0, np.abs(x[6:]) - FREE_RANGE))
        return np.array(out)

    def solve(start: Array) -> OptimizeResult:
        return least_squares(
            residuals, start, method="lm", diff_step=1e-4, xtol=1e-4, ftol=1e-4,
            max_nfev=EVALUATIONS,
        )  # fmt: skip

    solution = solve(begin)
    if solution.cost > POOR and before is not None:
        turn = Rotation.from_matrix(before.root @ base.T).as_rotvec()
        bend = np.radians(before.q[free] - wished_q[free])
        again = solve(np.concatenate([turn, before.position, bend]))
        solution = min(solution, again, key=lambda s: float(s.cost))
    q, root, position = unpack(solution.x)
    skin = to_room(body.sampled_at(body.pose(q)), body, root, position)
    gaps = [abs(gap(skin, n, posture.on.get(n, FLOOR))) for n in posture.contacts]
    marks = {name: skin[ids, :2].mean(0) for name, ids in where.items()}
    return Placed(q, root, position, marks, max(gaps, default=0.0))

"""What the body really did, measured on the placed body and never on what was asked of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from formcheck.body import Array
from samples.angles import INDEX, SIDES
from samples.body_model import Body
from samples.performance import Figure, Performance
from samples.placement import joint_bone

CONVENTIONS = {
    "knee, elbow": "interior angle, degrees; 180 is straight",
    "hip, shoulder": "interior angle shoulder-hip-knee, hip-shoulder-elbow in the pelvis's sagittal"
    " plane, degrees",
    "line": "shoulder-hip-ankle in the same plane, degrees: 180 straight, above 180 hip above the"
    " line (piked), below 180 hip below it (sagging); knee_line is shoulder-hip-knee, likewise",
    "elevation": "of the direction hip to ankle, hip to knee, shoulder to wrist and hips to"
    " shoulders above the horizontal, degrees",
    "roll": "of the line between the two hip joints (shoulders), left end up, degrees",
    "ahead_m": "shoulder beyond the elbow towards the head, metres",
    "neck_flexion, lumbar_flexion, thoracic_flexion": "degrees, of the joints",
    "trunk_forward, trunk_aside": "hips to shoulders off the vertical, forwards and to the left",
    "shoulder_hip_turn, head_turn": "shoulder line against hip line, ears against shoulders, to the"
    " left, degrees about the trunk",
    "hip_heading": "of an upright body, degrees to the left of its starting direction",
    "knees_rolled": "hips to knees off the vertical to the left, of someone on the back",
    "head_tilt": "ear line against shoulder line to the left, degrees",
    "head_pitch": "ears to nose above the horizontal, degrees",
    "hip_abduction": "of the thigh out of the pelvis's sagittal plane, degrees",
    "knee_gap, ankle_gap": "distance between them, thigh lengths",
    "elbow_back_m": "elbow behind the shoulder; knee_ahead_m: knee beyond the ankle towards the"
    " head, or forwards if upright",
}

MOST_ROWS = 330  # of a clip; more frames than that are thinned out evenly

# Where a tracker's landmark is: the keypoints of people's annotation (COCO) for these joints, the
# beginning of the bone for the others.
ANNOTATED = ("shoulder", "hip", "ankle")
JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")


def landmarks(body: Body, figure: Figure) -> dict[str, Array]:
    """Return the joints of a figure, ``left_shoulder`` …, (3,) metres."""
    out = {}
    for side in SIDES:
        for joint in JOINTS:
            name = f"{side}_{joint}"
            if joint in ANNOTATED:
                out[name] = body.keypoints[name] @ figure.skin
            else:
                out[name] = figure.joints[body.bones.index(joint_bone(name))]
    return out


def interior(a: Array, b: Array, c: Array) -> float:
    """Return the angle at b, degrees."""
    u, v = a - b, c - b
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(u, v)), u @ v)))


def signed_line(a: Array, b: Array, c: Array) -> float:
    """Return the angle at b, above 180 when b lies above the line from a to c."""
    share = np.clip((b - a) @ (c - a) / ((c - a) @ (c - a)), 0.0, 1.0)
    above = b[2] > (a + share * (c - a))[2]
    angle = interior(a, b, c)
    return 360.0 - angle if above else angle


def elevation(a: Array, b: Array) -> float:
    """Return how far the direction from a to b points above the horizontal, degrees."""
    d = b - a
    return float(np.degrees(np.arctan2(d[2], np.hypot(d[0], d[1]))))


def angles_at(performance: Performance, frame: int, figure: Figure) -> dict[str, float]:
    """Return the true angles of one frame."""
    body = performance.body
    at = landmarks(body, figure)
    across = figure.root[:, 0]

    def flat(point: Array) -> Array:
        """Bring a point into the sagittal plane: hips are narrower than shoulders."""
        return point - (point @ across) * across

    out: dict[str, float] = {}
    for side in SIDES:
        shoulder, elbow, wrist, hip, knee, ankle = (at[f"{side}_{joint}"] for joint in JOINTS)
        out[f"{side}_hip"] = interior(flat(shoulder), flat(hip), flat(knee))
        out[f"{side}_knee"] = interior(hip, knee, ankle)
        out[f"{side}_elbow"] = interior(shoulder, elbow, wrist)
        out[f"{side}_shoulder"] = interior(flat(hip), flat(shoulder), flat(elbow))
        out[f"{side}_line"] = signed_line(flat(shoulder), flat(hip), flat(ankle))
        out[f"{side}_knee_line"] = signed_line(flat(shoulder), flat(hip), flat(knee))
        out[f"{side}_leg_elevation"] = elevation(hip, ankle)
        out[f"{side}_thigh_elevation"] = elevation(hip, knee)
        out[f"{side}_arm_elevation"] = elevation(shoulder, wrist)
        out[f"{side}_shoulder_ahead_m"] = float(shoulder[0] - elbow[0])

    def joint(bone: str) -> Array:
        return figure.joints[body.bones.index(bone)]

    out["pelvis_roll"] = elevation(joint("upperleg01.R"), joint("upperleg01.L"))
    out["shoulder_roll"] = elevation(at["right_shoulder"], at["left_shoulder"])
    hips = (at["left_hip"] + at["right_hip"]) / 2
    shoulders = (at["left_shoulder"] + at["right_shoulder"]) / 2
    out["trunk_elevation"] = elevation(hips, shoulders)
    commanded = ("neck_flexion", "lumbar_flexion", "thoracic_flexion")
    out.update({name: float(performance.q[frame, INDEX[name]]) for name in commanded})
    return out | _turns_at(body, figure, at) | _distances_at(body, figure, at)


def _turns_at(body: Body, figure: Figure, at: dict[str, Array]) -> dict[str, float]:
    """Return how trunk, thighs and head are turned against each other and the room."""
    left, back, head = figure.root.T
    hips = (at["left_hip"] + at["right_hip"]) / 2
    shoulders = (at["left_shoulder"] + at["right_shoulder"]) / 2
    trunk = (shoulders - hips) / np.linalg.norm(shoulders - hips)
    hip_line, shoulder_line = (
        at[f"left_{joint}"] - at[f"right_{joint}"] for joint in ("hip", "shoulder")
    )
    ears = [body.keypoints[f"{side}_ear"] @ figure.skin for side in SIDES]
    nose = body.keypoints["nose"] @ figure.skin
    knees = (at["left_knee"] + at["right_knee"]) / 2 - hips
    aside = np.array([*shoulder_line[:2], 0.0])
    aside = aside / max(float(np.linalg.norm(aside)), 1e-9)
    ahead = np.cross(aside, (0.0, 0.0, 1.0))
    out = {
        "trunk_forward": _angle(trunk @ ahead, trunk[2]),
        "trunk_aside": _angle(trunk @ aside, trunk[2]),
        "shoulder_hip_turn": _turn(hip_line, shoulder_line, trunk),
        "hip_heading": _angle(-hip_line[0], hip_line[1]),
        "knees_rolled": _angle(knees @ aside, knees[2]),
        "head_tilt": _turn(shoulder_line, ears[0] - ears[1], np.cross(trunk, shoulder_line)),
        "head_turn": _turn(shoulder_line, ears[0] - ears[1], trunk),
        "head_pitch": elevation((ears[0] + ears[1]) / 2, nose),
    }
    for side, sign in (("left", 1.0), ("right", -1.0)):
        thigh = at[f"{side}_knee"] - at[f"{side}_hip"]
        plane = np.hypot(thigh @ back, thigh @ head)
        out[f"{side}_hip_abduction"] = _angle(sign * thigh @ left, plane)
    return out


def _distances_at(body: Body, figure: Figure, at: dict[str, Array]) -> dict[str, float]:
    """Return distances that faults are judged by, metres or parts of the thigh's length."""
    thigh = float(np.linalg.norm(at["left_knee"] - at["left_hip"]))
    across = at["left_shoulder"] - at["right_shoulder"]
    hips = (at["left_hip"] + at["right_hip"]) / 2
    out = {
        "knee_gap": float(np.linalg.norm(at["left_knee"] - at["right_knee"])) / thigh,
        "ankle_gap": float(np.linalg.norm(at["left_ankle"] - at["right_ankle"])) / thigh,
        "shoulder_width_m": float(np.linalg.norm(across)),
        "hip_height_m": float(hips[2]),
    }
    for side in SIDES:
        ear = body.keypoints[f"{side}_ear"] @ figure.skin
        shoulder, elbow = at[f"{side}_shoulder"], at[f"{side}_elbow"]
        out[f"{side}_ear_shoulder_m"] = float(np.linalg.norm(ear - shoulder))
        out[f"{side}_elbow_back_m"] = float((elbow - shoulder) @ figure.root[:, 1])
        out[f"{side}_knee_ahead_m"] = float(at[f"{side}_knee"][0] - at[f"{side}_ankle"][0])
    return out


def _angle(sine: float, cosine: float) -> float:
    return float(np.degrees(np.arctan2(sine, cosine)))


def _turn(a: Array, b: Array, axis: Array) -> float:
    """Return by how much b is turned against a about an axis, degrees."""
    axis = axis / np.linalg.norm(axis)
    a, b = a - (a @ axis) * axis, b - (b @ axis) * axis
    return _angle(float(axis @ np.cross(a, b)), float(a @ b))


def write_truth(
    path: Path,
    performance: Performance,
    rows: list[dict[str, float]],
    *,
    body: int | None,
    camera: str,
    fps: float,
) -> None:
    """Write what was done beside the video or recording, as JSON."""
    script = performance.script

    def rounded(record: dict) -> dict:
        return {k: round(v, 3) if isinstance(v, float) else v for k, v in record.items()}

    def value(name: str, number: float) -> float:
        return round(number, 3 if name.endswith(("_m", "_gap")) else 1)

    step = -(-len(rows) // MOST_ROWS)
    table = [
        [round(float(performance.t[i]), 3), *(value(n, x) for n, x in rows[i].items())]
        for i in range(0, len(rows), step)
    ]
    truth = {
        "exercise": script.exercise,
        "body": body,
        "camera": camera,
        "fps": fps,
        "repetitions": [rounded(asdict(r)) for r in script.repetitions],
        "holds": [rounded(asdict(h)) for h in script.holds],
        "faults": [rounded(asdict(f)) for f in script.faults],
        "conventions": CONVENTIONS,
        "columns": ["t", *rows[0]],
        "rows": table,
    }
    lines = [
        f"  {json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}"
        for key, value in truth.items()
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")

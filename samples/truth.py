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
    "neck_flexion": "degrees, of the joint",
}

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
    out["neck_flexion"] = float(performance.q[frame, INDEX["neck_flexion"]])
    return out


def write_truth(
    path: Path,
    performance: Performance,
    rows: list[dict[str, float]],
    *,
    body: int,
    camera: str,
    fps: float,
) -> None:
    """Write what was done beside the video or recording, as JSON."""
    script = performance.script

    def rounded(record: dict) -> dict:
        return {k: round(v, 3) if isinstance(v, float) else v for k, v in record.items()}

    angles = {}
    for name in rows[0]:
        digits = 3 if name.endswith("_m") else 1
        angles[name] = [round(row[name], digits) for row in rows]
    truth = {
        "exercise": script.exercise,
        "body": body,
        "camera": camera,
        "fps": fps,
        "repetitions": [rounded(asdict(r)) for r in script.repetitions],
        "holds": [rounded(asdict(h)) for h in script.holds],
        "faults": [rounded(asdict(f)) for f in script.faults],
        "conventions": CONVENTIONS,
        "angles": angles,
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in truth.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")

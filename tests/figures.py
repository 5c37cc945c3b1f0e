"""A jointed stick figure whose every angle is known, seen by an ideal camera.

Room coordinates are metres: x to the right of the picture, y up, z away from the camera. The
figure is posed in its sagittal plane by joint angles, its two sides set apart along z, then turned
(yaw) and looked down upon (pitch).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from formcheck.body import INDEX, PoseFrame, Recording

TRUNK, THIGH, SHANK, UPPER_ARM, FOREARM, HEAD, FOOT = 0.5, 0.42, 0.42, 0.28, 0.26, 0.22, 0.2
HEEL = 0.085  # below the ankle
SHOULDER_WIDTH, HIP_WIDTH = 0.36, 0.22
Point = tuple[float, float]


def go(start: Point, angle_deg: float, length: float) -> Point:
    """Return the point at a length from `start`, in a direction (0 is +x, 90 is up)."""
    a = np.radians(angle_deg)
    return (start[0] + length * float(np.cos(a)), start[1] + length * float(np.sin(a)))


@dataclass(frozen=True)
class Limbs:
    """One side's joints in the sagittal plane."""

    shoulder: Point
    elbow: Point
    wrist: Point
    hip: Point
    knee: Point
    ankle: Point
    toe: Point


def _heel(limbs: Limbs) -> Point:
    """Return where the heel is: square to the foot below the ankle, on the sole's side."""
    foot = np.subtract(limbs.toe, limbs.ankle)
    shank = np.subtract(limbs.ankle, limbs.knee)
    length = float(np.hypot(*foot))
    down = shank - (shank @ foot) / length**2 * foot if length else np.zeros(2)
    size = float(np.hypot(*down))
    if size < 1e-6:
        return limbs.ankle
    heel = np.asarray(limbs.ankle) + HEEL / size * down
    return float(heel[0]), float(heel[1])


@dataclass(frozen=True)
class Figure:
    """A pose: both sides, the head, and whether the left side is towards the camera."""

    left: Limbs
    right: Limbs
    ear: Point
    nose: Point
    left_is_near: bool
    roll_deg: float = 0.0  # the hip line tilted about the trunk, left side up
    # Instead of the sides' widths: how far landmarks are from the picture's plane, away from the
    # camera, metres; 0 for those not named.
    depth: Mapping[str, float] | None = None
    # Landmarks that the two sides do not give: x, y and z in the room, metres.
    places: Mapping[str, tuple[float, float, float]] | None = None

    def frame(
        self,
        t: float = 0.0,
        yaw: float = 0.0,
        pitch: float = 0.0,
        scale: float = 0.3,
        shift: Point = (0.5, 0.4),
        size: tuple[int, int] = (640, 480),
        reads: float | None = None,
    ) -> PoseFrame:
        """Take the image: `scale` image heights a metre, the hips at `shift` (y up).

        From the feet and above the tracker `reads` the camera higher than its `pitch`.
        """
        room = np.full((33, 3), np.nan)
        near = -1.0 if self.left_is_near else 1.0
        for side, limbs, z in (("left", self.left, near), ("right", self.right, -near)):
            for joint, width in (
                ("shoulder", SHOULDER_WIDTH),
                ("elbow", SHOULDER_WIDTH),
                ("wrist", SHOULDER_WIDTH),
                ("hip", HIP_WIDTH),
                ("knee", HIP_WIDTH),
                ("ankle", HIP_WIDTH),
            ):
                room[INDEX[f"{side}_{joint}"]] = (*getattr(limbs, joint), z * width / 2)
            room[INDEX[f"{side}_foot_index"]] = (*limbs.toe, z * HIP_WIDTH / 2)
            room[INDEX[f"{side}_heel"]] = (*_heel(limbs), z * HIP_WIDTH / 2)
            for finger in ("pinky", "index", "thumb"):
                room[INDEX[f"{side}_{finger}"]] = (*limbs.wrist, z * SHOULDER_WIDTH / 2)
            room[INDEX[f"{side}_ear"]] = (*self.ear, z * 0.07)
            for eye in ("eye_inner", "eye", "eye_outer"):
                room[INDEX[f"{side}_{eye}"]] = (*self.nose, z * 0.03)
            room[INDEX[f"mouth_{side}"]] = (*self.nose, z * 0.02)
        room[INDEX["nose"]] = (*self.nose, 0.0)
        if self.depth is not None:
            room[:, 2] = [self.depth.get(name, 0.0) for name in INDEX]
        for name, place in (self.places or {}).items():
            room[INDEX[name]] = place
        hips = (room[INDEX["left_hip"]] + room[INDEX["right_hip"]]) / 2
        body = room - hips
        if self.roll_deg:
            a = np.radians(self.roll_deg)
            for side, sign in (("left", 1.0), ("right", -1.0)):
                for joint in ("hip",):
                    body[INDEX[f"{side}_{joint}"], 1] += sign * np.sin(a) * HIP_WIDTH / 2
        y = np.radians(yaw)
        turn = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
        body = body @ turn.T
        space = body @ _looking_down(pitch if reads is None else reads).T
        body = body @ _looking_down(pitch).T
        image = np.ones((33, 5))
        width, height = size
        image[:, 0] = shift[0] + body[:, 0] * scale * height / width
        image[:, 1] = 1.0 - shift[1] - body[:, 1] * scale
        image[:, 2] = 0.0
        far = [INDEX[f"{'right' if self.left_is_near else 'left'}_{j}"] for j in ("elbow", "wrist")]
        image[far, 3] = 0.6
        return PoseFrame(t, image, space * (1.0, -1.0, 1.0), width, height)


def _looking_down(degrees: float) -> np.ndarray:
    """Return the (3, 3) turn of a camera that looks down: what is farther away appears higher."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, c, s], [0, -s, c]])


def turned_round(figure: Figure) -> Figure:
    """The same pose with the head to the other end of the picture."""

    def flip(limbs: Limbs) -> Limbs:
        return Limbs(**{k: (-p[0], p[1]) for k, p in vars(limbs).items()})

    return replace(
        figure,
        left=flip(figure.left),
        right=flip(figure.right),
        ear=(-figure.ear[0], figure.ear[1]),
        nose=(-figure.nose[0], figure.nose[1]),
        left_is_near=not figure.left_is_near,
    )


def bridge(hip: float = 125.0, knee: float = 85.0, far_hip: float | None = None) -> Figure:
    """Supine, head to the right, knees bent; `hip` is the shoulder-hip-knee angle, past 180 above.

    The feet stay level with the shoulders: the trunk tilts as it must.
    """

    def side(angle: float) -> Limbs:
        shoulder = (TRUNK, 0.08)
        # Find the trunk's tilt that puts the foot on the floor.
        _, tilt = min(
            (abs(side_at(shoulder, a, angle)[2][1] - 0.06), a) for a in np.arange(-5, 60, 0.25)
        )
        pelvis, bend, ankle = side_at(shoulder, float(tilt), angle)
        wrist = (shoulder[0] - 0.5, 0.04)
        return Limbs(
            shoulder, (shoulder[0] - 0.27, 0.05), wrist, pelvis, bend, ankle, go(ankle, 190, FOOT)
        )

    def side_at(shoulder: Point, tilt: float, angle: float) -> tuple[Point, Point, Point]:
        pelvis = go(shoulder, 180 - tilt, TRUNK)
        thigh = -tilt + angle
        bend = go(pelvis, thigh, THIGH)
        return pelvis, bend, go(bend, thigh + 180 - knee, SHANK)

    near = side(hip)
    far = near if far_hip is None else side(far_hip)
    return Figure(near, far, ear=(TRUNK + 0.2, 0.1), nose=(TRUNK + 0.22, 0.2), left_is_near=True)


def on_all_fours(
    thigh: float = -90.0,
    knee: float = 90.0,
    arm: float = -90.0,
    lifted: str = "",
    arm_of: str = "",
    own_arm: float = -90.0,
    trunk: float = 0.0,
    head: float = 0.0,
    elbow_angle: float = 180.0,
    hips_ahead: float = 0.0,
    shoulders_ahead: float = 0.0,
) -> Figure:
    """On hands and knees, head to the right; one leg and one arm may be lifted.

    `thigh` and `arm` are degrees against the trunk line, 0 in line with it; so is `head`. What
    is ahead of its support leans over it by so many degrees.
    """
    pelvis = (0.0, THIGH + 0.05)
    half = (180.0 - elbow_angle) / 2
    shoulder = go(pelvis, trunk, TRUNK)

    def side(name: str) -> Limbs:
        up = name == lifted
        angle = 180 + trunk - thigh if up else 270.0 - hips_ahead
        bend = go(pelvis, angle, THIGH)
        fold = knee if up else 90.0
        ankle = go(bend, angle + 180 + fold, SHANK) if up else go(bend, 180, SHANK)
        reach = arm if name == arm_of else (own_arm if up else -90.0 - shoulders_ahead)
        elbow = go(shoulder, trunk + reach - half, UPPER_ARM)
        wrist = go(elbow, trunk + reach + half, FOREARM)
        return Limbs(shoulder, elbow, wrist, pelvis, bend, ankle, go(ankle, 200, FOOT / 2))

    ear = go(shoulder, trunk + head, 0.2)
    return Figure(
        side("left"),
        side("right"),
        ear=ear,
        nose=go(ear, trunk + head - 37, 0.1),
        left_is_near=False,
    )


def plank(
    line: float = 180.0,
    knee: float = 180.0,
    on_hands: bool = False,
    ahead: float = 0.0,
    head: float = 10.0,
    on_knees: bool = False,
) -> Figure:
    """Prone on forearms or hands, head to the right; `line` is past 180 when the hips are high.

    `ahead` is the upper arm's lean from vertical, degrees, shoulders headwards of the elbows;
    `head` the ear's direction against the trunk line; on knees, `line` is taken at the knees.
    """
    arm = UPPER_ARM + FOREARM if on_hands else UPPER_ARM
    elbow_y = FOREARM if on_hands else 0.05
    elbow = (0.0, elbow_y)
    shoulder = go(elbow, 90 - ahead, UPPER_ARM)
    wrist = (elbow[0], 0.03) if on_hands else (FOREARM, 0.04)

    def legs(slope: float) -> tuple[Point, Point, Point]:
        pelvis = go(shoulder, 180 + slope, TRUNK)
        back = 180 + slope - (180 - line)  # the direction onwards, bent at the hip by line - 180
        bend = go(pelvis, back + (0 if on_knees else (180 - knee) / 2), THIGH)
        return pelvis, bend, go(bend, (170 if on_knees else back - (180 - knee) / 2), SHANK)

    floor = 0.06
    contact = 1 if on_knees else 2
    _, slope = min(
        (abs(legs(float(a))[contact][1] - floor), float(a)) for a in np.arange(-45, 60, 0.25)
    )
    pelvis, bend, ankle = legs(slope)
    assert arm > 0
    limbs = Limbs(shoulder, elbow, wrist, pelvis, bend, ankle, (ankle[0], 0.0))
    ear = go(shoulder, slope + head, 0.2)
    return Figure(limbs, limbs, ear=ear, nose=(ear[0] + 0.06, ear[1] - 0.08), left_is_near=False)


def supine(
    thigh: float = 130.0,
    knee: float = 75.0,
    other_thigh: float = 130.0,
    other_knee: float = 75.0,
    head: float = 16.0,
    hands_off: float | None = None,
    hands_at: Literal["near", "other"] = "near",
) -> Figure:
    """On the back, head to the right; the near leg and the other one, each by hip and knee angle.

    `head` is the ear's direction against the trunk; `hands_off` how far the hands are from the
    knee of `hands_at`, metres, or None when they lie on the floor.
    """
    pelvis, shoulder = (0.0, 0.1), (TRUNK, 0.1)

    def leg(hip: float, fold: float) -> tuple[Point, Point]:
        bend = go(pelvis, hip, THIGH)
        return bend, go(bend, hip + 180 - fold, SHANK)

    held, _ = leg(thigh, knee) if hands_at == "near" else leg(other_thigh, other_knee)
    wrist = (0.05, 0.05) if hands_off is None else (held[0] + hands_off, held[1])
    elbow = ((shoulder[0] + wrist[0]) / 2, (shoulder[1] + wrist[1]) / 2 - 0.05)

    def side(hip: float, fold: float) -> Limbs:
        bend, ankle = leg(hip, fold)
        return Limbs(shoulder, elbow, wrist, pelvis, bend, ankle, (ankle[0], ankle[1] + 0.15))

    ear = go(shoulder, head, 0.2)
    return Figure(
        side(thigh, knee),
        side(other_thigh, other_knee),
        ear=ear,
        nose=(ear[0], ear[1] + 0.08),
        left_is_near=True,
    )


def arms_raised(
    head: float = 16.0, trunk: float = 0.0, arm: float = 88.0, knee: float = 80.0
) -> Figure:
    """On the back, head to the right, feet on the floor, arms up by `arm` degrees.

    `head` is the ear's direction against the trunk, `trunk` its slope up from the hips.
    """
    pelvis = (0.0, 0.1)
    bend = go(pelvis, 90 + knee / 2, THIGH)
    ankle = go(bend, 270 - knee / 2, SHANK)
    shoulder = go(pelvis, trunk, TRUNK)
    elbow = go(shoulder, arm, UPPER_ARM)
    wrist = go(elbow, arm, FOREARM)
    limbs = Limbs(shoulder, elbow, wrist, pelvis, bend, ankle, (ankle[0] - FOOT, ankle[1]))
    ear = go(shoulder, trunk + head, 0.2)
    return Figure(limbs, limbs, ear=ear, nose=(ear[0], ear[1] + 0.08), left_is_near=True)


def prone(trunk: float = 4.0, thigh: float = 3.0, elbow: float = 140.0) -> Figure:
    """On the front, head to the right, the chest lifted on the hands by the trunk's slope.

    `thigh` is the slope of the thighs, from knees on the floor up to the hips.
    """
    knee = (-THIGH, 0.06)
    pelvis = go(knee, thigh, THIGH)
    shoulder = go(pelvis, trunk, TRUNK)
    reach = float(
        np.sqrt(UPPER_ARM**2 + FOREARM**2 - 2 * UPPER_ARM * FOREARM * np.cos(np.radians(elbow)))
    )
    down = shoulder[1] - 0.04
    wrist = (shoulder[0] + float(np.sqrt(max(0.0, reach**2 - down**2))), 0.04)
    # the elbow's triangle, bent towards the feet
    away = float(np.degrees(np.arctan2(wrist[1] - shoulder[1], wrist[0] - shoulder[0])))
    inner = np.degrees(np.arccos((UPPER_ARM**2 + reach**2 - FOREARM**2) / (2 * UPPER_ARM * reach)))
    bend = go(shoulder, away - float(inner), UPPER_ARM)
    ankle = (knee[0] - SHANK, 0.08)
    limbs = Limbs(shoulder, bend, wrist, pelvis, knee, ankle, (ankle[0] - 0.08, 0.02))
    ear = go(shoulder, trunk + 10, 0.2)
    return Figure(limbs, limbs, ear=ear, nose=(ear[0] + 0.1, ear[1]), left_is_near=False)


def heel_to_buttock(
    knee: float = 55.0, thigh: float = 5.0, hips: float = 0.0, far: bool = False
) -> Figure:
    """On the front, head to the right, one heel drawn up by the knee's angle.

    `thigh` is the slope of its thigh, up to the hips; `hips` how far trunk and thighs slope up to
    the hips beyond that, degrees. The other leg lies straight; the far one bends with `far`.
    """
    pelvis = (0.0, 0.15)
    shoulder = go(pelvis, -hips, TRUNK)
    wrist, elbow = (shoulder[0] + 0.3, 0.04), (shoulder[0] + 0.1, 0.04)
    ear = go(shoulder, 10, 0.2)

    def side(slope: float, fold: float, toes: float) -> Limbs:
        bend = go(pelvis, 180 + slope + hips, THIGH)
        ankle = go(bend, slope + hips + fold, SHANK)
        toe = (ankle[0] - 0.15, ankle[1] + toes)
        return Limbs(shoulder, elbow, wrist, pelvis, bend, ankle, toe)

    bent, straight = side(thigh, knee, 0.05), side(5.0, 178.0, -0.05)
    near, other = (straight, bent) if far else (bent, straight)
    nose = (ear[0] + 0.02, ear[1] - 0.06)
    return Figure(other, near, ear=ear, nose=nose, left_is_near=False)


def sat_up(trunk: float = 0.0) -> Figure:
    """On the back with bent knees, head to the right; the trunk raised by so many degrees."""
    pelvis, knee = (0.0, 0.08), (-0.3, 0.4)
    shoulder = go(pelvis, trunk, TRUNK)
    elbow = go(shoulder, trunk + 60, UPPER_ARM)
    ankle = (-0.55, 0.11)
    limbs = Limbs(
        shoulder, elbow, go(elbow, trunk - 60, FOREARM), pelvis, knee, ankle, (-0.75, 0.05)
    )
    ear = go(shoulder, trunk + 10, 0.2)
    return Figure(limbs, limbs, ear=ear, nose=go(ear, trunk + 90, 0.1), left_is_near=True)


def side_lying(opened: float = 0.0, foot: float = 0.0, leg: float | None = None) -> Figure:
    """On the right side, head to the left of the picture, the front of the body to the camera.

    Hips and knees are bent, the knees towards the camera; `opened` is how far the clamshell is
    open (1 is upright), `foot` how far the upper foot is off the other one, metres. With `leg`,
    both legs are straight instead and the upper one rises by so many degrees.
    """

    def limbs(up: float, knee: Point, ankle: Point) -> Limbs:
        shoulder = (-TRUNK, 0.1 + 0.27 * up)
        hand = (-0.3, shoulder[1])
        hip = (0.0, 0.1 + 0.22 * up)
        return Limbs(shoulder, go(shoulder, 20, 0.2), hand, hip, knee, ankle, go(ankle, -60, 0.1))

    if leg is not None:
        hip = (0.0, 0.32)
        upper = limbs(1, go(hip, leg, THIGH), go(hip, leg, THIGH + SHANK))
        lower = limbs(0, (THIGH, 0.08), (THIGH + SHANK, 0.06))
        depth: dict[str, float] = {"nose": -0.1}
    else:
        upper = limbs(1, (0.26, 0.2 + 0.28 * opened), (0.55, 0.12 + foot))
        lower = limbs(0, (0.26, 0.06), (0.55, 0.05))
        depth = {"nose": -0.1, "right_knee": -0.33, "left_knee": -0.33 + 0.25 * opened}
    ear = (-TRUNK - 0.2, 0.25)
    return Figure(upper, lower, ear=ear, nose=ear, left_is_near=True, depth=depth)


def foot_behind(foot: float = 0.2, hand: float = 0.1) -> Figure:
    """On the right side, head to the left, the front to the camera, the left foot held behind.

    The foot lies so far from the hip in the picture, the hand so far from the foot, metres.
    """

    def limbs(up: float, ankle: Point, wrist: Point) -> Limbs:
        shoulder, hip = (-TRUNK, 0.1 + 0.27 * up), (0.0, 0.1 + 0.22 * up)
        knee = (THIGH, hip[1])
        return Limbs(shoulder, go(shoulder, 20, 0.2), wrist, hip, knee, ankle, ankle)

    upper = limbs(1, (foot, 0.3), (foot - hand, 0.3))
    lower = limbs(0, (THIGH + SHANK, 0.08), (-0.9, 0.1))
    ear = (-TRUNK - 0.2, 0.25)
    return Figure(upper, lower, ear=ear, nose=ear, left_is_near=True, depth={"nose": -0.1})


def on_heels(hip: float = 35.0, knee: float = 35.0, ear_height: float = 0.15) -> Figure:
    """Kneeling and folded forward, head to the right, hands in front; by hip and knee angle."""
    bend, ankle = (0.0, 0.06), (-SHANK, 0.06)
    pelvis = go(bend, 180 - knee, THIGH)
    shoulder = go(pelvis, hip - knee, TRUNK)
    wrist = (shoulder[0] + 0.4, 0.04)
    elbow = ((shoulder[0] + wrist[0]) / 2, (shoulder[1] + wrist[1]) / 2 + 0.05)
    limbs = Limbs(shoulder, elbow, wrist, pelvis, bend, ankle, (ankle[0] - 0.1, 0.02))
    ear = (shoulder[0] + 0.18, ear_height)
    return Figure(limbs, limbs, ear=ear, nose=(ear[0] + 0.06, ear[1] - 0.06), left_is_near=False)


def downward_dog(arms_line: float = 182.0, elbow: float = 170.0, legs: float = 62.0) -> Figure:
    """On hands and feet, hips high, head to the right.

    `arms_line` is the angle hips-shoulder-wrist, past 180 when the shoulders are over the line;
    `legs` is their slope.
    """
    ankle = (0.0, 0.1)
    knee = go(ankle, legs, SHANK)
    pelvis = go(knee, legs, THIGH)
    reach = float(
        np.sqrt(UPPER_ARM**2 + FOREARM**2 - 2 * UPPER_ARM * FOREARM * np.cos(np.radians(elbow)))
    )

    def arms(slope: float) -> tuple[Point, Point]:
        shoulder = go(pelvis, slope, TRUNK)
        return shoulder, go(shoulder, slope - arms_line + 180, reach)

    _, slope = min((abs(arms(float(a))[1][1] - 0.04), float(a)) for a in np.arange(-70, 10, 0.25))
    shoulder, wrist = arms(slope)
    inner = float(
        np.degrees(np.arccos((UPPER_ARM**2 + reach**2 - FOREARM**2) / (2 * UPPER_ARM * reach)))
    )
    bend = go(shoulder, slope - arms_line + 180 - inner, UPPER_ARM)
    limbs = Limbs(shoulder, bend, wrist, pelvis, knee, ankle, (0.12, 0.02))
    ear = go(shoulder, slope - 10, 0.2)
    return Figure(limbs, limbs, ear=ear, nose=go(ear, slope - 90, 0.1), left_is_near=False)


def knees_rolled(degrees: float = 0.0, lag: float = 0.0) -> Figure:
    """On the back with bent knees, the feet to the camera; the knees rolled to the left.

    `lag` is how far the upper knee stays behind, degrees. To be looked down on.
    """
    depth: dict[str, float] = {"nose": 0.7}
    for side in ("left", "right"):
        depth |= {f"{side}_ear": 0.7, f"{side}_knee": -0.1, f"{side}_ankle": -0.4}
        depth |= {f"{side}_{joint}": 0.5 for joint in ("shoulder", "elbow", "wrist")}

    def limbs(sign: float, roll: float) -> Limbs:
        hip, shoulder = (sign * HIP_WIDTH / 2, 0.1), (sign * SHOULDER_WIDTH / 2, 0.1)
        a = float(np.radians(roll))
        x, y = sign * HIP_WIDTH / 2, 0.33
        knee = (
            x * float(np.cos(a)) + y * float(np.sin(a)),
            0.1 + y * float(np.cos(a)) - x * float(np.sin(a)),
        )
        out = (shoulder[0] + sign * 0.25, 0.08)
        return Limbs(shoulder, out, (out[0] + sign * 0.25, 0.06), hip, knee, hip, hip)

    upper = degrees - lag if degrees >= 0 else degrees + lag
    left, right = (degrees, upper) if degrees >= 0 else (upper, degrees)
    return Figure(
        limbs(1.0, left),
        limbs(-1.0, right),
        (0.0, 0.15),
        (0.0, 0.2),
        left_is_near=True,
        depth=depth,
    )


def seated(
    head: float = 0.0,
    head_turn: float = 0.0,
    head_drop: float = 0.0,
    aside: float = 0.0,
    leant_back: float = 0.0,
    elbows_back: float = 0.0,
    turned: float = 0.0,
    hips_turned: float = 0.0,
    slumped: float = 0.0,
) -> Figure:
    """On a chair, facing the camera; all in degrees, to the left or forwards.

    The head leans, turns and drops; the trunk leans aside and back, turns on the hips and sinks
    into itself (metres); the hips turn with the knees; the elbows go back from hanging.
    """

    def about(axis: str, degrees: float) -> np.ndarray:
        c, s = float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))
        return np.array(
            {
                "left": [[c, s, 0], [-s, c, 0], [0, 0, 1]],  # leaning over to the left
                "round": [[c, 0, -s], [0, 1, 0], [s, 0, c]],  # turning to the left
                "forwards": [[1, 0, 0], [0, c, s], [0, -s, c]],
            }[axis]
        )

    def mirror(points: dict[str, tuple[float, float, float]], turn: np.ndarray, at: np.ndarray):
        out = {}
        for name, (x, y, z) in points.items():
            for side, sign in (("left_", 1.0), ("right_", -1.0)):
                out[side + name] = at + turn @ np.array([sign * x, y, z])
        return out

    hips = about("round", hips_turned)
    pelvis = np.array([0.0, 0.5, 0.0])
    below = {"hip": (0.11, 0.0, 0.0), "knee": (0.13, -0.02, -0.42), "ankle": (0.13, -0.4, -0.42)}
    below |= {"heel": (0.13, -0.44, -0.38), "foot_index": (0.13, -0.44, -0.56)}
    trunk = about("left", aside) @ about("forwards", -leant_back) @ hips @ about("round", turned)
    neck = pelvis + trunk @ np.array([0.0, TRUNK - slumped, -0.4 * slumped])
    arm = np.radians(elbows_back)
    down, back = UPPER_ARM * float(np.cos(arm)), UPPER_ARM * float(np.sin(arm))
    arms = {"shoulder": (0.18, 0.0, 0.0), "elbow": (0.22, -down, back)}
    hand = (0.2, -down, back - FOREARM)
    arms |= dict.fromkeys(("wrist", "index", "pinky", "thumb"), hand)
    skull = trunk @ about("left", head) @ about("forwards", head_drop) @ about("round", head_turn)
    face = {"ear": (0.075, 0.2, -0.05)} | dict.fromkeys(
        ("eye", "eye_inner", "eye_outer"), (0.03, 0.22, -0.13)
    )
    places = mirror(below, hips, pelvis) | mirror(arms, trunk, neck) | mirror(face, skull, neck)
    nose = neck + skull @ np.array([0.0, 0.18, -0.14])
    places |= {"nose": nose, "mouth_left": nose, "mouth_right": nose}
    nowhere = (0.0, 0.0)
    limbs = Limbs(*[nowhere] * 7)
    xyz = {name: (float(p[0]), float(p[1]), float(p[2])) for name, p in places.items()}
    return Figure(limbs, limbs, nowhere, nowhere, left_is_near=True, depth={}, places=xyz)


def standing(lean: float = 0.0) -> Figure:
    """Upright, seen from the side, facing right."""
    ankle = (0.0, 0.08)
    knee = go(ankle, 90, SHANK)
    pelvis = go(knee, 90, THIGH)
    shoulder = go(pelvis, 90 - lean, TRUNK)
    elbow = go(shoulder, -90, UPPER_ARM)
    limbs = Limbs(shoulder, elbow, go(elbow, -80, FOREARM), pelvis, knee, ankle, (0.2, 0.0))
    ear = go(shoulder, 85, 0.2)
    return Figure(limbs, limbs, ear=ear, nose=(ear[0] + 0.1, ear[1]), left_is_near=False)


def upright(
    trunk: float = 0.0,
    thigh: float = 0.0,
    shank: float = 0.0,
    arm: float = -40.0,
    elbow: float = 95.0,
    face: float = -8.0,
    hand_off_knee: float | None = None,
    head: float = 5.0,
    elbow_off_shoulder: Point | None = None,
) -> Figure:
    """Upright on both feet, seen from the side, facing right; also sitting.

    Degrees off the vertical, positive where the upper end of the trunk, the lower end of the thigh,
    the upper end of the shank and the elbow are forward. The arms rest on the hips unless told
    otherwise, or the hands are so far above the knees, metres, or an arm that points at the camera
    has its elbow beside the shoulder. `face` is how far the nose is above the ear, `head` the
    ear's direction against the trunk, forward.
    """
    ankle = (0.0, 0.08)
    knee = go(ankle, 90 - shank, SHANK)
    pelvis = go(knee, 90 + thigh, THIGH)
    shoulder = go(pelvis, 90 - trunk, TRUNK)
    bend = go(shoulder, arm - 90, UPPER_ARM)
    wrist = go(bend, arm + 90 - elbow, FOREARM)
    if hand_off_knee is not None:
        wrist = (knee[0], knee[1] + hand_off_knee)
        bend = ((shoulder[0] + wrist[0]) / 2, (shoulder[1] + wrist[1]) / 2)
    if elbow_off_shoulder is not None:
        bend = (shoulder[0] + elbow_off_shoulder[0], shoulder[1] + elbow_off_shoulder[1])
        wrist = (bend[0], bend[1] + FOREARM)
    limbs = Limbs(shoulder, bend, wrist, pelvis, knee, ankle, (0.2, 0.0))
    ear = go(shoulder, 90 - trunk - head, 0.2)
    return Figure(limbs, limbs, ear=ear, nose=go(ear, face, 0.1), left_is_near=False)


def half_kneeling(hips_forward: float = 0.0, trunk: float = 0.0, shank: float = 0.0) -> Figure:
    """On the right knee, the left foot in front, seen from the side, facing right.

    `hips_forward` is how far the right hip is ahead of its knee, degrees off the vertical; `trunk`
    and `shank` lean forward.
    """
    knelt = (0.0, 0.06)
    pelvis = go(knelt, 90 - hips_forward, THIGH)
    up = 0.08 + SHANK * float(np.cos(np.radians(shank)))
    knee = (pelvis[0] + float(np.sqrt(THIGH**2 - (up - pelvis[1]) ** 2)), up)
    ankle = go(knee, 270 - shank, SHANK)
    shoulder = go(pelvis, 90 - trunk, TRUNK)
    bend, wrist = go(shoulder, -60, UPPER_ARM), (knee[0] - 0.1, knee[1] + 0.08)
    back = (-SHANK, 0.08)
    left = Limbs(shoulder, bend, wrist, pelvis, knee, ankle, (ankle[0] + 0.2, 0.0))
    right = Limbs(shoulder, bend, wrist, pelvis, knelt, back, (back[0] - 0.05, 0.02))
    ear = go(shoulder, 85 - trunk, 0.2)
    return Figure(left, right, ear=ear, nose=(ear[0] + 0.1, ear[1]), left_is_near=False)


def facing(
    lean: float = 0.0,
    right_arm: float = 170.0,
    left_arm: float = 170.0,
    hips_out: float = 0.0,
    nose: float = 0.17,
) -> Figure:
    """Standing, the front of the body to the camera, leaning to the left (the picture's right).

    Arms are degrees off the trunk's line, 0 overhead, 90 out to the side with the forearm up. The
    legs lean to the right by `hips_out`; the nose is so many metres above the shoulders.
    """
    out = float(np.tan(np.radians(hips_out)))
    neck = go((-0.84 * out, 0.92), 90 - lean, TRUNK)

    def limbs(sign: float, arm: float) -> Limbs:
        shoulder = go(neck, -lean if sign > 0 else 180 - lean, SHOULDER_WIDTH / 2)
        bend = go(shoulder, 90 - lean - sign * arm, UPPER_ARM)
        wrist = go(bend, 90 if 45 < arm < 135 else 90 - lean - sign * arm, FOREARM)
        x = sign * HIP_WIDTH / 2
        hip, knee, ankle = (x - 0.84 * out, 0.92), (x - 0.42 * out, 0.5), (x, 0.08)
        return Limbs(shoulder, bend, wrist, hip, knee, ankle, (x, 0.0))

    face = (neck[0] + 0.1 * float(np.sin(np.radians(lean))), neck[1] + nose)
    return Figure(
        limbs(1.0, left_arm),
        limbs(-1.0, right_arm),
        ear=face,
        nose=face,
        left_is_near=True,
        depth={"nose": -0.1, "left_foot_index": -0.2, "right_foot_index": -0.2},
    )


def record(
    pose_at: Callable[[float], Figure], duration_s: float, fps: float = 30.0, **camera: object
) -> Recording:
    """Film a pose that changes with time."""
    times = np.arange(0.0, duration_s, 1.0 / fps)
    return from_frames([pose_at(float(t)).frame(float(t), **camera) for t in times])  # type: ignore[arg-type]


def from_frames(frames: Sequence[PoseFrame]) -> Recording:
    """Make a recording of frames."""
    return Recording(
        np.array([f.t for f in frames]),
        np.array([f.image for f in frames], np.float32),
        np.array([f.world for f in frames], np.float32),
        frames[0].width,
        frames[0].height,
    )


def swing(t: float, begin: float, rise: float, stay: float, fall: float) -> float:
    """Go smoothly from 0 to 1 and back: the share of the way at time `t`."""

    def ease(share: float) -> float:
        return 0.5 - 0.5 * float(np.cos(np.pi * min(1.0, max(0.0, share))))

    if t < begin + rise + stay:
        return ease((t - begin) / rise)
    return 1.0 - ease((t - begin - rise - stay) / fall)

"""Every rule of the shipped specs fires on a crafted pose and stays silent on its neighbour."""

from collections.abc import Callable

import figures as f
import numpy as np
import pytest
from test_engine import bird_dogs, bridges, judge

from formcheck.body import Recording
from formcheck.spec import catalogue

BEHIND = {"yaw": -90.0, "pitch": 33.0, "shift": (0.5, 0.45)}


def bridge(knee: float = 85.0, top: float = 178.0, fall: float = 1.5) -> Recording:
    def pose(t: float) -> f.Figure:
        return f.bridge(125 + (top - 125) * f.swing(t, 1.0, 1.0, 1.5, fall), knee=knee)

    return f.record(pose, 5.0 + fall)


def bird_dog(**pose) -> Recording:
    return bird_dogs(("left",), **pose)


def same_side(own_arm: float) -> Recording:
    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.0, 1.2, 2.0, 1.2)
        return f.on_all_fours(
            thigh=-90 + 88 * share,
            knee=90 + 80 * share,
            lifted="right",
            own_arm=-90 + (90 + own_arm) * share,
        )

    return f.record(pose, 7)


def from_behind(hips: float = 0.0, lifted: float = 0.0, support: float = 0.05) -> Recording:
    """On all fours from behind and above; parts moved sideways in the picture, metres.

    The hips to the right, the lifted left foot and the supporting right foot outwards. From
    behind, the person's left is the picture's left; the camera's perspective spreads the feet.
    """
    moves = {("left_hip", "right_hip"): hips, ("left_ankle",): -lifted, ("right_ankle",): support}

    def pose(t: float) -> f.PoseFrame:
        frame = f.on_all_fours(thigh=-5, knee=170, lifted="left").frame(t, **BEHIND)
        for names, metres in moves.items():
            rows = [f.INDEX[name] for name in names]
            frame.image[rows, 0] += metres * 0.3 * frame.height / frame.width
        return frame

    return f.from_frames([pose(i / 30) for i in range(120)])


def held(**pose) -> Recording:
    return f.record(lambda t: f.plank(**pose), 5)


def knee_held(**pose) -> Recording:
    return held(on_knees=True, **pose)


def knee_held_up(**pose) -> Recording:
    """One knee drawn to the chest; parts of the pose changed."""
    return f.record(lambda t: f.supine(**{"thigh": 62, "knee": 50, "hands_off": 0.05, **pose}), 5)


def knees_held_up(**pose) -> Recording:
    """Both knees drawn to the chest."""
    both = {"thigh": 60, "knee": 50, "other_thigh": 60, "other_knee": 50, "hands_off": 0.05}
    return f.record(lambda t: f.supine(**{**both, **pose}), 5)


def leg_up(**pose) -> Recording:
    """One straight leg raised, the other flat."""
    flat = {"thigh": 100, "knee": 174, "other_thigh": 175, "other_knee": 175, "hands_off": 0.2}
    return f.record(lambda t: f.supine(**{**flat, **pose}), 5, shift=(0.5, 0.3))


def press_up(top: float = 50.0, thigh: float = 3.0, elbow: float = 140.0) -> Recording:
    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.0, 1.5, 2.0, 1.5)
        return f.prone(4 + (top - 4) * share, 3 + (thigh - 3) * share, 70 + (elbow - 70) * share)

    return f.record(pose, 7)


def cat(head: float = -65.0, **pose: float) -> Recording:
    def at(t: float) -> f.Figure:
        share = f.swing(t, 1.0, 1.5, 1.5, 1.5)
        lean = {name: value * share for name, value in pose.items() if name != "elbow_angle"}
        bend = 180 + (pose.get("elbow_angle", 180) - 180) * share
        return f.on_all_fours(head=5 + (head - 5) * share, elbow_angle=bend, **lean)

    return f.record(at, 7)


def childs_pose(**pose: float) -> Recording:
    return f.record(lambda t: f.on_heels(**pose), 6)


def downward_dog(**pose: float) -> Recording:
    return f.record(lambda t: f.downward_dog(**pose), 6, shift=(0.4, 0.5))


def roll(
    degrees: float = 40.0, lag: float = 0.0, fall: float = 1.5, reads: float = 60.0
) -> Recording:
    """To the left and to the right, seen from the feet and above."""

    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.5, 1.5, 0.8, fall) - f.swing(t, 6.5, 1.5, 0.8, fall)
        return f.knees_rolled(degrees * share, lag * abs(share))

    return f.record(pose, 12, pitch=35, reads=reads)


def clamshell(opened: float = 1.0, foot: float = 0.0) -> Recording:
    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.0, 1.5, 1.0, 1.5)
        return f.side_lying(opened * share, foot * share)

    return f.record(pose, 7)


def leg_raise(top: float = 26.0, fall: float = 1.5) -> Recording:
    def pose(t: float) -> f.Figure:
        return f.side_lying(leg=-8 + (top + 8) * f.swing(t, 1.0, 1.5, 1.5, fall))

    return f.record(pose, 7)


def lean_back(
    top: float = 18.0,
    knee: float = 180.0,
    face: float = 8.0,
    rise: float = 1.5,
    rest: float = 0.0,
) -> Recording:
    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.0, rise, 1.5, 1.5)
        bent = (180 - knee) / 2 * share
        return f.upright(
            -rest - (top - rest) * share, thigh=bent, shank=bent, face=-8 + (face + 8) * share
        )

    return f.record(pose, 7)


def wall_sit(knee: float = 95.0, trunk: float = -3.0, shank: float = 0.0) -> Recording:
    """Down along the wall; the shins stand `shank` degrees forward at the bottom."""

    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.5, 1.5, 1.5, 1.5)
        return f.upright(
            -3 + (trunk + 3) * share,
            thigh=30 + (180 - knee - shank - 30) * share,
            shank=-20 + (shank + 20) * share,
        )

    return f.record(pose, 8)


def sit_to_stand(
    lean: float = 40.0,
    top: float = 1.0,
    bent: float = 0.0,
    fall: float = 2.0,
    shank: float = 0.0,
    hand: float | None = None,
) -> Recording:
    """Up for `top` of the way, hips still bent by `bent` there, and down again.

    The trunk leans by `lean` half-way; sitting, the shins stand `shank` degrees forward.
    """

    def pose(t: float) -> f.Figure:
        share = top * f.swing(t, 1.5, 2.0, 1.5, fall)
        half_way = float(np.sin(np.pi * share))
        return f.upright(
            lean * half_way + bent * share,
            thigh=90 - 90 * share,
            shank=shank * (1 - share) + 10 * half_way,
            arm=90 - lean * half_way,
            elbow=175,
            hand_off_knee=hand,
        )

    return f.record(pose, 8)


def side_bend(**pose: float) -> Recording:
    """Leaning to the left with the right arm overhead."""
    return f.record(lambda t: f.facing(**{"lean": 18, "right_arm": 5, **pose}), 4)


def in_doorway(**pose: float) -> Recording:
    """Seen from the side, the body ahead of the elbows."""
    stood = {"elbow_off_shoulder": (-0.06, 0.1), "head": 25.0}
    return f.record(lambda t: f.upright(**{**stood, **pose}), 4)


def in_doorway_from_front(arm: float) -> Recording:
    return f.record(lambda t: f.facing(right_arm=arm, left_arm=arm), 4)


def lunge(**pose: float) -> Recording:
    return f.record(lambda t: f.half_kneeling(**{"hips_forward": 29, "shank": 14, **pose}), 4)


def psoas(**pose: float) -> Recording:
    return f.record(lambda t: f.half_kneeling(**{"hips_forward": 18, "shank": 8, **pose}), 4)


def curl_up(head: float = 46.0, trunk: float = 4.0, arm: float = 88.0, knee: float = 80.0):
    """Head and shoulders up from the mat and back, the arms pointing up by `arm` degrees."""

    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.0, 1.5, 1.2, 1.5)
        neck = 16 + (head - 16) * share
        return f.arms_raised(neck, trunk * share, 88 + (arm - 88) * share, knee)

    return f.record(pose, 7, shift=(0.5, 0.3))


def squeeze(back: float = 15.0, yaw: float = 90.0, **pose: float) -> Recording:
    """Elbows drawn back on a chair, seen from the left side or (yaw 0) from the front."""

    def at(t: float) -> f.Figure:
        share = f.swing(t, 1.5, 1.5, 1.5, 1.5)
        changed = {name: value * share for name, value in pose.items()}
        return f.seated(elbows_back=-20 + (back + 20) * share, **changed)

    return f.record(at, 8, yaw=yaw, scale=0.45, shift=(0.5, 0.45))


def neck_stretch(head: float = 30.0, **pose: float) -> Recording:
    """One ear held near its shoulder, seen from the front."""
    return f.record(lambda t: f.seated(head=head, **pose), 5, scale=0.45, shift=(0.5, 0.45))


def chest_turned(turned: float = 35.0, **pose: float) -> Recording:
    """The chest turned on a chair and kept there, seen from the front."""
    return f.record(lambda t: f.seated(turned=turned, **pose), 5, scale=0.45, shift=(0.5, 0.45))


def sit_up(top: float = 70.0) -> Recording:
    def pose(t: float) -> f.Figure:
        return f.sat_up(top * f.swing(t, 1.0, 1.2, 0.8, 1.2))

    return f.record(pose, 6)


def legs_lifted(left: float = 45.0, right: float = 45.0, knee: float = 175.0) -> Recording:
    """From lying straight: each leg rises by so many degrees."""

    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.0, 1.5, 1.0, 1.5)
        legs = {"thigh": 180 - left * share, "other_thigh": 180 - right * share}
        return f.supine(**legs, knee=knee, other_knee=knee)

    return f.record(pose, 7, shift=(0.5, 0.3))


def rolled(degrees: float = 55.0, lag: float = 0.0, reads: float = 60.0) -> Recording:
    """Knees sunk to the left and kept there, seen from the feet and above."""

    def pose(t: float) -> f.Figure:
        share = f.swing(t, 1.5, 1.5, 3.0, 1.5)
        return f.knees_rolled(degrees * share, lag * share)

    return f.record(pose, 8, pitch=35, reads=reads)


def one_leg_hangs(thigh: float = 188.0) -> Recording:
    """On a bed: the far knee hugged, the near leg over the edge with its thigh at an angle."""
    hugged = {"other_thigh": 62, "other_knee": 52, "hands_at": "other"}
    return f.record(
        lambda t: f.supine(thigh=thigh, knee=102, hands_off=0.05, **hugged), 5, shift=(0.5, 0.5)
    )


def figure_four(**pose) -> Recording:
    """The near ankle on the other knee, the hand on the near one."""
    crossed = {"thigh": 75, "knee": 85, "other_thigh": 125, "other_knee": 70, "hands_off": 0.05}
    return f.record(lambda t: f.supine(**{**crossed, **pose}), 5)


def drawn_in(**pose) -> Recording:
    """The near ankle on the other knee, the other leg drawn in with the hands."""
    legs = {"thigh": 50, "knee": 100, "other_thigh": 95, "other_knee": 100}
    hands = {"hands_off": 0.15, "hands_at": "other"}
    return f.record(lambda t: f.supine(**{**legs, **hands, **pose}), 5)


def thighs_crossed(**pose) -> Recording:
    """Thigh on thigh, both drawn up with the hands."""
    legs = {"thigh": 88, "knee": 94, "other_thigh": 90, "other_knee": 94, "hands_off": 0.1}
    return f.record(lambda t: f.supine(**{**legs, **pose}), 5)


def lying_knees_bent(hip: float) -> Recording:
    return f.record(lambda t: f.bridge(hip), 5)


def lying_straight(hip: float = 184, knee: float = 176) -> Recording:
    legs = {"thigh": hip, "knee": knee, "other_thigh": hip - 2, "other_knee": 176.0}
    return f.record(lambda t: f.supine(**legs), 5)


def toe_touch(fold: float = 125.0, yaw: float = 0.0) -> Recording:
    def pose(t: float) -> f.Figure:
        return f.standing(fold * f.swing(t, 1.0, 1.5, 1.0, 1.5))

    return f.record(pose, 7, yaw=yaw)


def heel_drawn_up(**pose: float) -> Recording:
    """On the front, one heel held near the buttock."""
    return f.record(lambda t: f.heel_to_buttock(**pose), 5, shift=(0.5, 0.3))


# exercise, fault, what makes it, what just does not
RULES: list[tuple[str, str, Callable[[], Recording], Callable[[], Recording]]] = [
    ("bridge", "too_low", lambda: bridge(top=152), lambda: bridge(top=166)),
    ("bridge", "over_arched", lambda: bridge(top=211), lambda: bridge(top=198)),
    ("bridge", "dropped", lambda: bridge(fall=0.5), lambda: bridge(fall=1.2)),
    ("bridge", "feet_too_far", lambda: bridge(knee=128), lambda: bridge(knee=117)),
    ("bird_dog", "leg_too_low", lambda: bird_dog(thigh=-42), lambda: bird_dog(thigh=-22)),
    ("bird_dog", "leg_too_high", lambda: bird_dog(thigh=38), lambda: bird_dog(thigh=26)),
    ("bird_dog", "knee_bent", lambda: bird_dog(knee=141), lambda: bird_dog(knee=156)),
    ("bird_dog", "same_side", lambda: same_side(-10), lambda: same_side(-70)),
    ("bird_dog", "hips_swing", lambda: from_behind(hips=0.07), lambda: from_behind()),
    (
        "bird_dog",
        "hips_not_level",
        lambda: from_behind(lifted=0.3),
        lambda: from_behind(lifted=0.05),
    ),
    ("plank", "hips_sag", lambda: held(line=164, on_hands=True), lambda: held(line=174)),
    ("plank", "hips_piked", lambda: held(line=216), lambda: held(line=205)),
    (
        "plank",
        "knees_bent",
        lambda: held(knee=154, on_hands=True),
        lambda: held(knee=166, on_hands=True),
    ),
    ("plank", "shoulders_off_support", lambda: held(ahead=31), lambda: held(ahead=18)),
    ("plank", "head_drops", lambda: held(head=-34), lambda: held(head=-15)),
    (
        "knee_plank",
        "hips_sag",
        lambda: knee_held(line=163, on_hands=True),
        lambda: knee_held(line=174),
    ),
    ("knee_plank", "hips_piked", lambda: knee_held(line=216), lambda: knee_held(line=205)),
    (
        "knee_plank",
        "shoulders_off_support",
        lambda: knee_held(ahead=31),
        lambda: knee_held(ahead=18),
    ),
    ("knee_plank", "head_drops", lambda: knee_held(head=-34), lambda: knee_held(head=-15)),
    (
        "single_knee_to_chest",
        "knee_not_close",
        lambda: knee_held_up(thigh=98, hands_off=0.2),
        lambda: knee_held_up(thigh=78, hands_off=0.2),
    ),
    (
        "single_knee_to_chest",
        "other_leg_lifts",
        lambda: knee_held_up(other_thigh=155, other_knee=165),
        lambda: knee_held_up(other_thigh=175, other_knee=175),
    ),
    (
        "single_knee_to_chest",
        "head_lifts",
        lambda: knee_held_up(head=44),
        lambda: knee_held_up(head=32),
    ),
    ("cat_cow", "only_head_moves", lambda: cat(head=-40), lambda: cat(head=-62)),
    ("cat_cow", "elbows_bend", lambda: cat(elbow_angle=130), lambda: cat(elbow_angle=150)),
    ("cat_cow", "hips_off_knees", lambda: cat(hips_ahead=-18), lambda: cat(hips_ahead=-11)),
    (
        "cat_cow",
        "shoulders_off_wrists",
        lambda: cat(shoulders_ahead=9),
        lambda: cat(shoulders_ahead=4),
    ),
    ("childs_pose", "hips_high", lambda: childs_pose(hip=55, knee=70), lambda: childs_pose()),
    (
        "childs_pose",
        "head_not_down",
        lambda: childs_pose(ear_height=0.26),
        lambda: childs_pose(ear_height=0.18),
    ),
    ("clamshell", "opens_too_little", lambda: clamshell(0.2), lambda: clamshell(0.7)),
    ("clamshell", "feet_apart", lambda: clamshell(foot=0.15), lambda: clamshell(foot=0.03)),
    (
        "double_knee_to_chest",
        "head_lifts",
        lambda: knees_held_up(head=44),
        lambda: knees_held_up(head=32),
    ),
    (
        "downward_dog",
        "arms_bend",
        lambda: downward_dog(elbow=138),
        lambda: downward_dog(elbow=156),
    ),
    (
        "downward_dog",
        "weight_forward",
        lambda: downward_dog(legs=33),
        lambda: downward_dog(legs=37),
    ),
    ("gluteus_medius_raise", "dropped", lambda: leg_raise(fall=0.5), lambda: leg_raise(fall=1.2)),
    (
        "supine_hamstring_stretch",
        "knee_bends",
        lambda: leg_up(knee=130),
        lambda: leg_up(knee=145),
    ),
    (
        "supine_hamstring_stretch",
        "other_leg_lifts",
        lambda: leg_up(other_thigh=155, other_knee=175),
        lambda: leg_up(other_thigh=130, other_knee=75),
    ),
    (
        "supine_hamstring_stretch",
        "shoulders_lift",
        lambda: leg_up(head=51),
        lambda: leg_up(head=37),
    ),
    ("lower_trunk_rotation", "knees_apart", lambda: roll(lag=38), lambda: roll(lag=30)),
    ("lower_trunk_rotation", "too_fast", lambda: roll(fall=0.5), lambda: roll(fall=1.3)),
    ("press_up", "too_low", lambda: press_up(top=17), lambda: press_up(top=26)),
    (
        "standing_back_stretch",
        "knees_bend",
        lambda: lean_back(knee=156),
        lambda: lean_back(knee=166),
    ),
    (
        "standing_back_stretch",
        "head_thrown_back",
        lambda: lean_back(face=48),
        lambda: lean_back(face=36),
    ),
    ("standing_back_stretch", "too_far", lambda: lean_back(33), lambda: lean_back(26)),
    (
        "standing_back_stretch",
        "too_fast",
        lambda: lean_back(rise=0.5),
        lambda: lean_back(rise=1.1),
    ),
    ("wall_sit", "too_high", lambda: wall_sit(knee=128), lambda: wall_sit(knee=114)),
    ("wall_sit", "too_deep", lambda: wall_sit(knee=78), lambda: wall_sit(knee=87)),
    ("wall_sit", "back_leaves_wall", lambda: wall_sit(trunk=14), lambda: wall_sit(trunk=5)),
    ("wall_sit", "knees_past_toes", lambda: wall_sit(shank=24), lambda: wall_sit(shank=12)),
    ("sit_to_stand", "half_way", lambda: sit_to_stand(top=0.5), lambda: sit_to_stand(top=0.9)),
    ("sit_to_stand", "not_upright", lambda: sit_to_stand(bent=36), lambda: sit_to_stand(bent=24)),
    (
        "sit_to_stand",
        "trunk_bends_too_far",
        lambda: sit_to_stand(lean=60),
        lambda: sit_to_stand(lean=46),
    ),
    (
        "sit_to_stand",
        "pushes_with_hands",
        lambda: sit_to_stand(hand=0.2),
        lambda: sit_to_stand(hand=0.34),
    ),
    (
        "standing_side_bend",
        "bends_forward",
        lambda: side_bend(nose=0.07),
        lambda: side_bend(nose=0.12),
    ),
    (
        "standing_side_bend",
        "hip_juts_out",
        lambda: side_bend(hips_out=11),
        lambda: side_bend(hips_out=6),
    ),
    (
        "standing_side_bend",
        "arm_low",
        lambda: side_bend(right_arm=53),
        lambda: side_bend(right_arm=40),
    ),
    (
        "doorway_chest_stretch",
        "elbows_low",
        lambda: in_doorway_from_front(120),
        lambda: in_doorway_from_front(108),
    ),
    (
        "doorway_chest_stretch",
        "back_arches",
        lambda: in_doorway(trunk=-7.5),
        lambda: in_doorway(trunk=-4),
    ),
    (
        "doorway_chest_stretch",
        "head_juts",
        lambda: in_doorway(head=48, face=-24),
        lambda: in_doorway(head=43, face=-18),
    ),
    (
        "hip_flexor_stretch_kneeling",
        "trunk_leans",
        lambda: lunge(trunk=20),
        lambda: lunge(trunk=11),
    ),
    (
        "hip_flexor_stretch_kneeling_psoas",
        "trunk_leans",
        lambda: psoas(trunk=21),
        lambda: psoas(trunk=12),
    ),
    (
        "hip_flexor_stretch_kneeling_psoas",
        "knee_past_toes",
        lambda: psoas(shank=25),
        lambda: psoas(shank=14),
    ),
    ("curl_up_arms_reach", "too_low", lambda: curl_up(head=38), lambda: curl_up()),
    ("curl_up_arms_reach", "sits_up_too_far", lambda: curl_up(trunk=45), lambda: curl_up(trunk=25)),
    ("curl_up_arms_reach", "arms_not_vertical", lambda: curl_up(arm=55), lambda: curl_up(arm=72)),
    (
        "curl_up_arms_reach",
        "knees_out_of_range",
        lambda: curl_up(knee=124),
        lambda: curl_up(knee=106),
    ),
    ("lower_back_stretch", "knees_apart", lambda: rolled(lag=40), lambda: rolled(lag=15)),
    (
        "hip_flexor_stretch_supine",
        "thigh_rises",
        lambda: one_leg_hangs(163),
        lambda: one_leg_hangs(178),
    ),
    (
        "piriformis_stretch_figure_four",
        "foot_slips_off",
        lambda: figure_four(thigh=92, knee=82),
        lambda: figure_four(thigh=80, knee=85),
    ),
    (
        "piriformis_stretch_figure_four",
        "shoulders_lift",
        lambda: figure_four(head=48),
        lambda: figure_four(head=30),
    ),
    (
        "piriformis_stretch_thigh_press",
        "foot_slips_off",
        lambda: drawn_in(thigh=77, knee=91),
        lambda: drawn_in(thigh=60, knee=90),
    ),
    (
        "piriformis_stretch_thigh_press",
        "shoulders_lift",
        lambda: drawn_in(head=48),
        lambda: drawn_in(head=30),
    ),
    (
        "piriformis_stretch_crossed_pull",
        "shoulders_lift",
        lambda: thighs_crossed(head=48),
        lambda: thighs_crossed(head=30),
    ),
    (
        "piriformis_stretch_opposite_shoulder",
        "shoulders_lift",
        lambda: knee_held_up(head=40, other_thigh=175, other_knee=175),
        lambda: knee_held_up(head=26, other_thigh=175, other_knee=175),
    ),
    *(
        (exercise, "hips_lift", lambda: lying_knees_bent(160), lambda: lying_knees_bent(144))
        for exercise in ("posterior_pelvic_tilt", "pelvic_tilt", "transverse_abdominis_set")
    ),
    ("gluteal_set", "hips_lift", lambda: lying_straight(203), lambda: lying_straight(195)),
    (
        "gluteal_set",
        "moves_out_of_position",
        lambda: lying_straight(knee=163),
        lambda: lying_straight(knee=171),
    ),
    (
        "shoulder_blade_squeeze",
        "trunk_leans_back",
        lambda: squeeze(leant_back=22),
        lambda: squeeze(leant_back=10),
    ),
    (
        "side_neck_stretch",
        "head_turns",
        lambda: neck_stretch(head=20, head_turn=45),
        lambda: neck_stretch(head=20, head_turn=12),
    ),
    (
        "side_neck_stretch",
        "head_drops",
        lambda: neck_stretch(head_drop=32),
        lambda: neck_stretch(head_drop=5),
    ),
    (
        "side_neck_stretch",
        "trunk_leans",
        lambda: neck_stretch(aside=14),
        lambda: neck_stretch(aside=4),
    ),
    (
        "seated_trunk_rotation",
        "trunk_leans",
        lambda: chest_turned(aside=18),
        lambda: chest_turned(aside=8),
    ),
    (
        "seated_trunk_rotation",
        "slumps",
        lambda: chest_turned(slumped=0.27, head_drop=35),
        lambda: chest_turned(slumped=0.12, head_drop=35),
    ),
    (
        "quadriceps_stretch_prone",
        "hips_lift",
        lambda: heel_drawn_up(hips=8),
        lambda: heel_drawn_up(hips=1.5),
    ),
    (
        "quadriceps_stretch_prone",
        "thigh_lifts",
        lambda: heel_drawn_up(thigh=-13),
        lambda: heel_drawn_up(thigh=-2),
    ),
    ("sit_up", "part_way", lambda: sit_up(38), lambda: sit_up(52)),
    (
        "double_leg_lift",
        "part_way",
        lambda: legs_lifted(11, 11),
        lambda: legs_lifted(30, 30),
    ),
    ("toe_touch", "part_way", lambda: toe_touch(80), lambda: toe_touch(105)),
]


def test_no_rule_is_forgotten():
    crafted = {(exercise, fault) for exercise, fault, *_ in RULES}
    shipped = set()
    for id, loaded in catalogue().items():
        shipped |= {(id, fault.id) for fault in loaded.spec.faults}
        if loaded.spec.short_error is not None:
            shipped.add((id, loaded.spec.short_error.id))
    assert crafted == shipped


@pytest.mark.parametrize(("exercise", "fault", "wrong", "right"), RULES, ids=lambda x: str(x)[:24])
def test_it_fires_on_its_pose_and_not_on_the_neighbour(exercise, fault, wrong, right):
    told, _ = judge(wrong(), exercise)
    assert fault in {x.id for x in told.faults}
    silent, _ = judge(right(), exercise)
    assert fault not in {x.id for x in silent.faults}
    # silent because it was judged, not because it was not seen
    assert fault not in {n.id for n in silent.not_judged()}


@pytest.mark.parametrize(
    ("exercise", "make"),
    [
        ("gluteus_medius_raise", lambda: leg_raise(7.5)),
        ("lower_trunk_rotation", lambda: roll(10)),
        ("standing_back_stretch", lambda: lean_back(9)),
        ("shoulder_blade_squeeze", lambda: squeeze(-3)),
    ],
)
def test_where_falling_short_is_no_form_error_it_is_an_attempt_with_its_reason(exercise, make):
    engine, _ = judge(make(), exercise)
    told = {(r.counted, r.reason) for r in engine.repetitions}
    assert told == {(False, catalogue()[exercise].spec.repetition.short)}
    assert not engine.faults


def test_knees_that_roll_to_either_side_count_for_that_side():
    engine, _ = judge(roll(), "lower_trunk_rotation")
    assert [(r.side, r.counted) for r in engine.repetitions] == [("left", True), ("right", True)]


@pytest.mark.parametrize(
    ("make", "exercise"),
    [(neck_stretch, "side_neck_stretch"), (chest_turned, "seated_trunk_rotation")],
)
def test_a_stretch_on_a_chair_is_timed_for_the_side_it_goes_to(make, exercise):
    for degrees, side in ((32, "left"), (-32, "right")):
        engine, _ = judge(make(degrees), exercise)
        assert [(h.side, h.held_s > 4) for h in engine.holds] == [(side, True)]
    engine, _ = judge(make(4), exercise)
    assert engine.in_position
    assert not engine.holds


def test_shoulder_blades_are_counted_from_all_around_and_not_judged_from_behind():
    counted = {
        yaw: sum(
            r.counted for r in judge(squeeze(yaw=yaw), "shoulder_blade_squeeze")[0].repetitions
        )
        for yaw in (90.0, -90.0, 0.0, 45.0, 135.0, 180.0)
    }
    assert counted == {90.0: 1, -90.0: 1, 0.0: 1, 45.0: 1, 135.0: 1, 180.0: 0}
    behind, _ = judge(squeeze(yaw=180.0), "shoulder_blade_squeeze")
    assert "repetitions" in {n.id for n in behind.not_judged()}


def test_a_head_that_leans_is_no_shoulder_blade_squeeze():
    engine, _ = judge(squeeze(yaw=0.0, head=28), "shoulder_blade_squeeze")
    assert not [r for r in engine.repetitions if r.counted]


@pytest.mark.parametrize(
    ("make", "exercise", "counted"),
    [
        (sit_up, "sit_up", 1),
        (lambda: sit_up(8), "sit_up", 0),  # a curl-up
        (lambda: press_up(top=60), "sit_up", 0),
        (legs_lifted, "double_leg_lift", 1),
        (lambda: legs_lifted(60, 2), "double_leg_lift", 0),  # the hamstring stretch
        (lambda: legs_lifted(90, 90, knee=70), "double_leg_lift", 0),  # knees to the chest
        (toe_touch, "toe_touch", 1),
        (lambda: toe_touch(yaw=90), "toe_touch", 1),  # from the front
        (lambda: toe_touch(yaw=-90), "toe_touch", 1),  # from behind
        (lambda: toe_touch(45), "toe_touch", 0),  # a bow
    ],
    ids=lambda x: str(x)[:20],
)
def test_what_to_avoid_is_counted_and_what_is_like_it_is_not(make, exercise, counted):
    engine, _ = judge(make(), exercise)
    assert sum(r.counted for r in engine.repetitions) == counted


def test_a_plank_rests_on_the_toes_and_a_knee_plank_on_the_knees():
    for make, exercise, other in (
        (held, "plank", "knee_plank"),
        (knee_held, "knee_plank", "plank"),
    ):
        assert judge(make(), exercise)[0].holds
        assert not judge(make(), other)[0].holds


def test_the_heel_is_held_on_either_side_and_only_on_the_front():
    for far, side in ((False, "right"), (True, "left")):
        engine, _ = judge(heel_drawn_up(far=far), "quadriceps_stretch_prone")
        assert [(h.side, h.held_s > 4) for h in engine.holds] == [(side, True)]
    engine, _ = judge(heel_drawn_up(knee=110), "quadriceps_stretch_prone")
    assert engine.in_position
    assert not engine.holds
    engine, _ = judge(knee_held_up(), "quadriceps_stretch_prone")
    assert not engine.holds


def test_a_foot_held_behind_the_body_is_timed_though_the_tracker_only_guesses_it():
    def frame(t: float, foot: float, hand: float) -> f.PoseFrame:
        frame = f.foot_behind(foot, hand).frame(t, shift=(0.5, 0.3))
        hidden = [f.INDEX["left_ankle"], f.INDEX["left_heel"], f.INDEX["left_wrist"]]
        frame.image[hidden, 3] = 0.3
        return frame

    held = {
        (foot, hand): len(
            judge(
                f.from_frames([frame(i / 30, foot, hand) for i in range(150)]),
                "quadriceps_stretch_side_lying",
            )[0].holds
        )
        for foot, hand in ((0.2, 0.1), (0.45, 0.1), (0.2, 0.6))
    }
    assert held == {(0.2, 0.1): 1, (0.45, 0.1): 0, (0.2, 0.6): 0}


def test_one_knee_is_the_single_stretch_and_two_the_double():
    one, two = knee_held_up(), knees_held_up()
    held = {
        (name, exercise): len(judge(recording, exercise)[0].holds)
        for name, recording in (("one", one), ("two", two))
        for exercise in ("single_knee_to_chest", "double_knee_to_chest")
    }
    assert held == {
        ("one", "single_knee_to_chest"): 1,
        ("one", "double_knee_to_chest"): 0,
        ("two", "single_knee_to_chest"): 0,
        ("two", "double_knee_to_chest"): 1,
    }


def test_upright_stretches_are_held_and_told_apart():
    clips = {
        "standing_side_bend": side_bend(),
        "doorway_chest_stretch": in_doorway(),
        "hip_flexor_stretch_kneeling": lunge(),
        "hip_flexor_stretch_kneeling_psoas": psoas(),
    }
    held = {
        # A shallow hold says itself that it went less far.
        (name, exercise): [h.side for h in judge(recording, exercise)[0].holds if not h.shallow]
        for name, recording in clips.items()
        for exercise in clips
    }
    sides = {name: None if name == "doorway_chest_stretch" else "left" for name in clips}
    assert held == {
        (name, exercise): [sides[name]] if name == exercise else []
        for name in clips
        for exercise in clips
    }


@pytest.mark.parametrize(("rest", "top", "counted"), [(-8, 8, 1), (-8, -1, 0), (0, 7, 0)])
def test_leaning_back_counts_by_the_way_from_ones_own_upright(rest, top, counted):
    # 30 deg off the side an upright trunk reads leaning forward.
    engine, _ = judge(lean_back(top, rest=rest), "standing_back_stretch")
    assert sum(r.counted for r in engine.repetitions) == counted


@pytest.mark.parametrize(("lean", "arm", "held"), [(10, 5, 1), (4, 5, 0), (10, 170, 0)])
def test_a_small_side_bend_is_timed_when_the_arm_is_overhead(lean, arm, held):
    engine, _ = judge(side_bend(lean=lean, right_arm=arm), "standing_side_bend")
    assert len(engine.holds) == held


def test_a_squat_is_no_wall_sit():
    def squat(t: float) -> f.Figure:
        share = f.swing(t, 1.5, 1.5, 1.5, 1.5)
        return f.upright(30 * share, thigh=65 * share, shank=20 * share)

    engine, _ = judge(f.record(squat, 8), "wall_sit")
    assert not engine.repetitions
    assert not engine.holds


def test_sitting_on_a_chair_and_rising_is_no_wall_sit():
    engine, _ = judge(sit_to_stand(), "wall_sit")
    assert not engine.repetitions
    assert not engine.holds


def low_and_up(thigh: float, shank: float, trunk: float) -> Recording:
    """Standing, down to these slopes with the arms held out, and up again, three times."""

    def pose(t: float) -> f.Figure:
        share = f.swing(t % 3.0, 0.6, 0.9, 0.3, 0.9)
        return f.upright(trunk * share, thigh * share, shank * share, arm=85, elbow=175)

    return f.record(pose, 9.5)


def test_a_way_back_that_was_not_filmed_is_not_judged():
    recording = sit_to_stand()
    standing = int(np.searchsorted(recording.t, 4.5))
    engine, _ = judge(recording[:standing], "sit_to_stand")
    (one,) = engine.repetitions
    assert one.counted
    assert np.isnan(one.lowering_s)
    assert not engine.faults


def test_who_only_touches_the_seat_sits_down():
    # By motion capture, somebody who perches has the thighs at 77 deg, the shins at 32.
    engine, _ = judge(low_and_up(thigh=77, shank=32, trunk=27), "sit_to_stand")
    assert sum(r.counted for r in engine.repetitions) == 3


def squat() -> Recording:
    return low_and_up(thigh=105, shank=33, trunk=40)


@pytest.mark.parametrize("other", [wall_sit, lean_back, squat])
def test_rising_from_no_chair_is_no_sit_to_stand(other):
    engine, _ = judge(other(), "sit_to_stand")
    assert not any(r.counted for r in engine.repetitions)


def test_stretches_on_the_back_are_told_apart():
    poses = {
        "single_knee_to_chest": knee_held_up(),
        "double_knee_to_chest": knees_held_up(),
        "supine_hamstring_stretch": leg_up(),
        "piriformis_stretch_figure_four": figure_four(),
        "piriformis_stretch_thigh_press": drawn_in(),
        "piriformis_stretch_crossed_pull": thighs_crossed(),
        "hip_flexor_stretch_supine": one_leg_hangs(),
    }
    # The knee to chest is part of some of the others, so it is not asked.
    own = [name for name in poses if not name.endswith("knee_to_chest")]
    for pose, recording in poses.items():
        held = [name for name in own if judge(recording, name)[0].holds]
        assert held == [name for name in own if name == pose]


@pytest.mark.parametrize(
    ("exercise", "recording"),
    [("lower_trunk_rotation", roll), ("lower_back_stretch", rolled)],
)
def test_from_low_at_the_feet_knees_are_not_judged(exercise, recording):
    assert judge(recording(lag=38), exercise)[0].faults
    assert not judge(recording(lag=38, reads=42), exercise)[0].faults


def test_knees_sunk_to_a_side_are_held_on_that_side():
    engine, _ = judge(rolled(), "lower_back_stretch")
    assert [hold.side for hold in engine.holds] == ["left"]
    assert not judge(rolled(15), "lower_back_stretch")[0].holds


def test_a_chest_propped_on_the_arms_is_not_yet_a_childs_pose():
    timed, _ = judge(childs_pose(ear_height=0.22), "childs_pose")
    assert timed.holds
    propped, _ = judge(childs_pose(ear_height=0.36), "childs_pose")
    assert not propped.holds


def test_a_sit_up_is_no_curl_up():
    engine, _ = judge(curl_up(trunk=60), "curl_up_arms_reach")
    assert [r.reason for r in engine.repetitions] == ["It became a sit-up."]


def test_hands_that_stay_on_the_floor_reach_nowhere():
    engine, _ = judge(curl_up(arm=-5), "curl_up_arms_reach")
    assert [r.reason for r in engine.repetitions] == ["The hands stayed on the floor."]


@pytest.mark.parametrize("yaw", [0, 20])
def test_level_hips_are_not_judged_from_the_side(yaw):
    engine, _ = judge(
        f.record(lambda t: f.on_all_fours(), 3, yaw=yaw),
        "bird_dog",
    )
    reasons = {n.id: n.reason for n in engine.not_judged()}
    assert "This camera does not show it" in reasons["hips_not_level"]


@pytest.mark.parametrize("support", [-0.1, 0.2])
def test_level_hips_are_not_judged_from_a_camera_to_the_side_of_straight_behind(support):
    engine, _ = judge(from_behind(lifted=0.3, support=support), "bird_dog")
    assert not engine.faults
    reasons = {n.id: n.reason for n in engine.not_judged()}
    assert "From where the camera stood it does not show" in reasons["hips_not_level"]


def test_an_arm_and_leg_of_the_same_side_are_an_attempt_at_a_bird_dog():
    engine, _ = judge(same_side(-10), "bird_dog")
    assert [(r.side, r.counted, r.reason) for r in engine.repetitions] == [
        ("right", False, "Arm and leg of the same side")
    ]


def test_a_fault_is_told_once_in_each_repetition_in_which_it_is_made():
    recording, _ = bridges([178, 178, 178])
    engine, _ = judge(recording, "bridge")
    assert not engine.faults
    low, _ = bridges([150, 178, 151])
    engine, _ = judge(low, "bridge")
    assert [x.repetition for x in engine.faults] == [0, 2]

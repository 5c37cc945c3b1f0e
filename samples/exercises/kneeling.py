"""Exercises in half-kneeling, written for the left foot in front."""

from __future__ import annotations

from dataclasses import replace

from samples.angles import both
from samples.exercises.drill import Drill, Flaw, add
from samples.exercises.plan import Exercise
from samples.exercises.shapes import limb_turned, to_ankle
from samples.posture import Over, Posture, Reach, sided

LEFT_ARM_RIGHT_ARM = sided("shoulder_flexion", "shoulder_abduction", "shoulder_rotation",
                           "elbow_flexion")  # fmt: skip
ON_KNEE = (
    Reach("left_wrist", "left_knee", (-0.10, 0.04, 0.08)),
    Reach("right_wrist", "left_knee", (-0.10, -0.06, 0.08)),
)
# The front foot stands far enough ahead for the knee to come over it, not past it.
HALF_KNEELING = Posture(
    "down",
    {"left_hip_flexion": 80, "left_knee_flexion": 68, "right_hip_flexion": 0,
     "right_knee_flexion": 90, "right_ankle_dorsiflexion": -45, "right_toe_extension": -10,
     **both(shoulder_flexion=45, shoulder_abduction=4, elbow_flexion=25, forearm_pronation=80,
            wrist_flexion=20)},
    trunk_elevation=88.0,
    contacts=frozenset({"left_heel", "left_toes", "right_knee", "right_toes"}),
    planted=frozenset({"left_toes", "right_knee"}),
    free=("left_hip_flexion", "left_knee_flexion", "left_ankle_dorsiflexion", "right_knee_flexion",
          "right_ankle_dorsiflexion", *LEFT_ARM_RIGHT_ARM),
    over=(Over("left_knee", "left_ankle", -0.12),),
    reaches=ON_KNEE,
    trunk_firmness=2.0,
)  # fmt: skip

# The hips have gone forward over the front foot; the front knee is bent more.
LUNGED = replace(
    HALF_KNEELING.bent(right_hip_flexion=-23, right_knee_flexion=66, left_hip_flexion=92,
                       left_knee_flexion=86, **both(elbow_flexion=35)),
    over=(),
)  # fmt: skip
# 003 (Psoas): upright, the buttocks tight, the front leg turned outwards about the line from hip to
# ankle, so that its foot stays. The hips go less far forward, so the foot stands nearer.
HALF_KNEELING_PSOAS = replace(HALF_KNEELING, over=(Over("left_knee", "left_ankle", -0.06),))
PSOAS = replace(
    HALF_KNEELING.bent(right_hip_flexion=-14, right_knee_flexion=78),
    over=(),
    # The knee has gone aside: the right hand lies on the thigh, or it would pull the trunk along.
    reaches=(ON_KNEE[0], Reach("right_wrist", "left_knee", (-0.15, -0.11, 0.09))),
)
PSOAS = limb_turned(PSOAS, "left_hip", to_ankle(PSOAS, "left"), -28.0)


def _foot_near(posture: Posture, size: float) -> Posture:
    """Stand the front foot so much nearer: the knee passes the toes as the hips go forward."""
    return replace(posture, over=tuple(replace(o, ahead_m=o.ahead_m + size) for o in posture.over))


def _knee_follows(posture: Posture, size: float) -> Posture:
    """Bend the front knee more, as the foot that stands nearer asks for."""
    near = {"left_hip_flexion": 20 * size, "left_knee_flexion": 140 * size}
    return posture.bent(**{name: posture.angles[name] + more for name, more in near.items()})


def _trunk_leans(posture: Posture, size: float) -> Posture:
    """Lean forward from the hips; the back thigh stays where it is."""
    leant = add(right_hip_flexion=1.0, left_hip_flexion=1.0)(posture, size)
    return replace(leant, trunk_elevation=posture.trunk_elevation - size, trunk_firmness=8.0,
                   free=(*leant.free, "left_hip_flexion"))  # fmt: skip


def _back_arches(posture: Posture, size: float) -> Posture:
    """Tip the pelvis forward and keep the chest up."""
    arched = add(lumbar_flexion=-1.0, right_hip_flexion=0.6)(posture, size)
    return replace(arched, trunk_elevation=posture.trunk_elevation - 0.6 * size)


FLAWS = {
    "trunk_leans": Flaw(28.0, peak=_trunk_leans),
    # How much further forward than it should be; there from the beginning.
    "knee_past_toes": Flaw(0.2, "metres", rest=_foot_near, peak=_knee_follows, late=False),
    "back_arches": Flaw(35.0, peak=_back_arches),
}
HIP_FLEXOR_STRETCH_KNEELING = Drill(
    "hip_flexor_stretch_kneeling", HALF_KNEELING, LUNGED, FLAWS, sides="one", told="holds"
)
HIP_FLEXOR_STRETCH_PSOAS = replace(
    HIP_FLEXOR_STRETCH_KNEELING,
    exercise="hip_flexor_stretch_kneeling_psoas",
    rest=HALF_KNEELING_PSOAS,
    peak=PSOAS,
)

# The camera stands on the side of the back leg, so that the thigh can be seen.
_CAMERAS = "side_right", "side_left", "oblique_45_right"
EXERCISES = {
    "hip_flexor_stretch_kneeling": Exercise(
        HIP_FLEXOR_STRETCH_KNEELING, HIP_FLEXOR_STRETCH_KNEELING.faults, _CAMERAS,
        "upright", note="002: leaning forward; --side is the front foot",
    ),
    "hip_flexor_stretch_kneeling_psoas": Exercise(
        HIP_FLEXOR_STRETCH_PSOAS, HIP_FLEXOR_STRETCH_PSOAS.faults, _CAMERAS, "upright",
        note="003 (Psoas): upright, the front leg turned outwards, its foot stays",
    ),
}  # fmt: skip

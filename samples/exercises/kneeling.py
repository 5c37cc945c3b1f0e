"""Exercises in half-kneeling, written for the left foot in front."""

from __future__ import annotations

from dataclasses import replace

from samples.angles import both
from samples.exercises.drill import Drill, Flaw, Shape, add
from samples.exercises.plan import Exercise
from samples.posture import Over, Posture, Reach, sided

LEFT_ARM_RIGHT_ARM = sided("shoulder_flexion", "shoulder_abduction", "shoulder_rotation",
                           "elbow_flexion")  # fmt: skip
ON_KNEE = (
    Reach("left_wrist", "left_knee", (-0.10, 0.04, 0.08)),
    Reach("right_wrist", "left_knee", (-0.10, -0.06, 0.08)),
)
HALF_KNEELING = Posture(
    "down",
    {"left_hip_flexion": 88, "left_knee_flexion": 92, "right_hip_flexion": 0,
     "right_knee_flexion": 90, "right_ankle_dorsiflexion": -45, "right_toe_extension": -10,
     **both(shoulder_flexion=45, shoulder_abduction=4, elbow_flexion=25, forearm_pronation=80,
            wrist_flexion=20)},
    trunk_elevation=88.0,
    contacts=frozenset({"left_heel", "left_toes", "right_knee", "right_toes"}),
    planted=frozenset({"left_toes", "right_knee"}),
    free=("left_hip_flexion", "left_knee_flexion", "left_ankle_dorsiflexion", "right_knee_flexion",
          "right_ankle_dorsiflexion", *LEFT_ARM_RIGHT_ARM),
    over=(Over("left_knee", "left_ankle"),),
    reaches=ON_KNEE,
    trunk_firmness=2.0,
)  # fmt: skip

# The hips have gone forward over the front foot; the front knee is bent more.
LUNGED = replace(
    HALF_KNEELING.bent(right_hip_flexion=-27, right_knee_flexion=62, left_hip_flexion=98,
                       left_knee_flexion=100, **both(elbow_flexion=35)),
    over=(),
)  # fmt: skip
# 003 (Psoas): upright, the back leg turned outwards, the buttocks tight.
PSOAS = replace(
    HALF_KNEELING.bent(right_hip_flexion=-14, right_hip_rotation=18, right_knee_flexion=78),
    over=(),
)


def _knee_ahead(posture: Posture, size: float) -> Posture:
    """Bring the front knee so far beyond the ankle that it passes the toes."""
    return replace(posture, over=(Over("left_knee", "left_ankle", size),))


def _trunk_leans(posture: Posture, size: float) -> Posture:
    """Lean forward from the hips; the back thigh stays where it is."""
    leant = add(right_hip_flexion=1.0, left_hip_flexion=1.0)(posture, size)
    return replace(leant, trunk_elevation=posture.trunk_elevation - size,
                   free=(*leant.free, "left_hip_flexion"))  # fmt: skip


def _back_arches(posture: Posture, size: float) -> Posture:
    """Tip the pelvis forward and keep the chest up."""
    arched = add(lumbar_flexion=-1.0, right_hip_flexion=0.6)(posture, size)
    return replace(arched, trunk_elevation=posture.trunk_elevation - 0.6 * size)


_FLAWS: dict[str, tuple[float, str, Shape]] = {
    "trunk_leans": (28.0, "degrees", _trunk_leans),
    "knee_past_toes": (0.2, "metres", _knee_ahead),
    "back_arches": (35.0, "degrees", _back_arches),
}
FLAWS = {name: Flaw(size, unit, peak=shape) for name, (size, unit, shape) in _FLAWS.items()}
HIP_FLEXOR_STRETCH_KNEELING = Drill(
    "hip_flexor_stretch_kneeling", HALF_KNEELING, LUNGED, FLAWS, sides="one", told="holds"
)
HIP_FLEXOR_STRETCH_PSOAS = replace(HIP_FLEXOR_STRETCH_KNEELING, peak=PSOAS)

# The camera stands on the side of the back leg, so that the thigh can be seen.
_CAMERAS = "side_right", "side_left", "oblique_45_right"
EXERCISES = {
    "hip_flexor_stretch_kneeling": Exercise(
        HIP_FLEXOR_STRETCH_KNEELING, HIP_FLEXOR_STRETCH_KNEELING.faults, _CAMERAS,
        "upright", note="002: leaning forward; --side is the front foot",
    ),
    "hip_flexor_stretch_kneeling_psoas": Exercise(
        HIP_FLEXOR_STRETCH_PSOAS, HIP_FLEXOR_STRETCH_PSOAS.faults, _CAMERAS, "upright",
        note="003 (Psoas): upright, the back leg turned outwards",
    ),
}  # fmt: skip

"""Ways into position and out of it: from sitting on the floor, and from standing."""

from __future__ import annotations

from dataclasses import replace

from samples.angles import both
from samples.posture import Posture, Script, sided

# Postures on the way, each with the seconds to the next one.
Stations = tuple[tuple[Posture, float], ...]

STANDING = Posture(
    "down",
    both(hip_flexion=2, knee_flexion=4, ankle_dorsiflexion=3, shoulder_abduction=8,
         elbow_flexion=12),
    trunk_elevation=88.0,
    contacts=frozenset(sided("heel", "toes")),
    planted=frozenset(sided("toes")),
    free=sided("ankle_dorsiflexion", "knee_flexion"),
    trunk_firmness=2.0,
)  # fmt: skip

HALF_KNEELING = Posture(
    "down",
    {"left_hip_flexion": 88, "left_knee_flexion": 92, "right_hip_flexion": 2,
     "right_knee_flexion": 92, "right_ankle_dorsiflexion": -30,
     **both(shoulder_flexion=25, shoulder_abduction=6, elbow_flexion=25)},
    trunk_elevation=80.0,
    contacts=frozenset({"left_heel", "left_toes", "right_knee", "right_toes"}),
    planted=frozenset({"left_toes", "right_knee"}),
    free=("left_hip_flexion", "left_knee_flexion", "left_ankle_dorsiflexion", "right_knee_flexion",
          "right_ankle_dorsiflexion", "right_toe_extension"),
    trunk_firmness=2.0,
)  # fmt: skip


# Upright on both knees. The left foot, which was in front, is not on the floor on its way back.
KNEELING = Posture(
    "down",
    both(knee_flexion=88, ankle_dorsiflexion=-50, toe_extension=-10, shoulder_abduction=8,
         elbow_flexion=15),
    trunk_elevation=88.0,
    contacts=frozenset({*sided("knee"), "right_toes"}),
    planted=frozenset({"right_knee"}),
    free=sided("knee_flexion", "ankle_dorsiflexion"),
    trunk_firmness=2.0,
)  # fmt: skip

# The foot in front comes back over the floor, not through it.
PASSING_KNEE = KNEELING.bent(
    left_hip_flexion=70, left_knee_flexion=128, left_ankle_dorsiflexion=-10
)

FLOOR_SITTING = Posture(
    "up",
    {**both(hip_flexion=105, knee_flexion=100, shoulder_flexion=-40, shoulder_abduction=15,
            elbow_flexion=20, wrist_flexion=-70, forearm_pronation=80), "lumbar_flexion": 15},
    trunk_elevation=62.0,
    contacts=frozenset({"pelvis", *sided("heel", "toes", "hand")}),
    planted=frozenset({"pelvis", *sided("heel", "toes")}),
    # Not the knees: the placement would rather stretch the legs than lift the knees.
    free=sided("hip_flexion", "ankle_dorsiflexion", "shoulder_flexion", "elbow_flexion"),
    trunk_firmness=8.0,
)  # fmt: skip

SITTING_DOWN: Stations = ((FLOOR_SITTING, 2.2),)
KNEELING_DOWN: Stations = (
    (STANDING, 1.6),
    (HALF_KNEELING, 0.5),
    (PASSING_KNEE, 0.6),
    (KNEELING, 1.3),
)


def approached(script: Script, stations: Stations) -> Script:
    """Return a script with the way into its start, and from its end the same way back."""
    out = Script(script.exercise, stations[0][0], script.tempo, furniture=script.furniture)
    out.stay(0.8)
    targets = [*(posture for posture, _ in stations[1:]), script.start]
    for target, (_, seconds) in zip(targets, stations, strict=True):
        out.move(target, seconds)
    later = out.clock_s

    def shifted(records: list) -> list:
        times = ("start_s", "peak_s", "end_s")
        return [
            replace(r, **{name: getattr(r, name) + later for name in times if hasattr(r, name)})
            for r in records
        ]

    out.moves += shifted(script.moves)
    out.clock_s += script.clock_s
    out.repetitions, out.holds = shifted(script.repetitions), shifted(script.holds)
    out.faults = shifted(script.faults)
    for posture, seconds in reversed(stations):
        out.move(posture, seconds)
    out.stay(0.8)
    return out

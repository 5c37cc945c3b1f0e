"""The posture of one frame: the same from a leaning camera and in a mirror, unsure when unseen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.packed import unpack
from benchmarks.posture import check_real, seen_points
from benchmarks.posture_labels import true_postures
from formcheck.body import INDEX, MIRROR, POSTURES, Array, Recording
from formcheck.engine.posture import N_FEATURES, features, posture_model
from formcheck.engine.sight import Sight

DATA = Path(__file__).parent / "data"
RENDERED = Path(__file__).parents[1] / "benchmarks" / "rendered"
# One clip of each posture that a clip keeps to, from the sides and from the feet.
CLIPS = (
    ("bridge_correct_side_left_b5", "supine"),
    ("lower_trunk_rotation_correct_feet_raised_high_b7", "supine"),
    ("quadriceps_stretch_prone_correct_side_right_b6", "prone"),
    ("plank_correct_side_left_b7", "plank"),
    ("clamshell_correct_front_of_body_b5", "side_lying"),
    ("gluteus_medius_raise_correct_back_of_body_b6", "side_lying"),
    ("bird_dog_correct_feet_raised_b7", "quadruped"),
    ("childs_pose_correct_side_left_b5", "folded"),
    ("downward_dog_correct_side_right_b6", "inverted"),
    ("hip_flexor_stretch_kneeling_correct_oblique_45_right_b7", "half_kneeling"),
    ("sit_up_correct_side_left_b6", "floor_sitting"),
    ("seated_trunk_rotation_correct_front_b5", "seated"),
    ("wall_sit_correct_side_left_b6", "standing"),
    ("standing_side_bend_correct_back_far_b7", "standing"),
)
LEGS = [INDEX[f"{side}_{joint}"] for side in ("left", "right")
        for joint in ("knee", "ankle", "heel", "foot_index")]  # fmt: skip

Seen = tuple[Array, Array, np.ndarray]


def frames_of(name: str, posture: str) -> list[Seen]:
    """Return points, world and usable flags of a clip's frames that are truly in the posture."""
    recording, truth = unpack(RENDERED / f"{name}.clip.xz")
    at = np.arange(0, len(recording.t), 5)
    out = []
    for i, true in zip(at, true_postures(truth, recording.t[at]), strict=True):
        if true == posture and np.isfinite(recording.world[i]).all():
            points, usable = seen_points(recording.image[i], recording.width, recording.height)
            out.append((points, recording.world[i].astype(float), usable))
    assert len(out) > 3
    return out


def mean_of(frames: list[Seen]) -> Array:
    """Return the mean of the frames' probabilities."""
    told = []
    for frame in frames:
        found = features(*frame)
        assert found is not None
        told.append(posture_model().of_features(found))
    return np.mean(told, 0)


def rolled(frame: Seen, degrees: float) -> Seen:
    """Return what a camera that hangs askew would have seen."""
    points, world, usable = frame
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, -s], [s, c]])
    askew = world.copy()
    askew[:, :2] = world[:, :2] @ turn  # y down
    return points @ turn.T, askew, usable


@pytest.mark.parametrize(("name", "posture"), CLIPS)
def test_right_and_the_same_from_a_leaning_camera(name: str, posture: str) -> None:
    frames = frames_of(name, posture)
    at = POSTURES.index(posture)
    upright = mean_of(frames)
    assert upright.argmax() == at
    assert upright[at] > 0.6
    for degrees in (-15.0, 15.0):
        askew = mean_of([rolled(frame, degrees) for frame in frames])
        assert askew.argmax() == at
        assert askew[at] > upright[at] - 0.25


@pytest.mark.parametrize(("name", "posture"), CLIPS)
def test_mirrored_pictures_make_no_difference(name: str, posture: str) -> None:
    frames = frames_of(name, posture)
    mirrored = [
        (points[MIRROR] * (-1.0, 1.0), world[MIRROR] * (-1.0, 1.0, 1.0), usable[MIRROR])
        for points, world, usable in frames
    ]
    np.testing.assert_allclose(mean_of(mirrored), mean_of(frames), atol=1e-9)


def test_unseen_legs_make_unsure_rather_than_wrong() -> None:
    lost = []
    for name, posture in CLIPS:
        frames = frames_of(name, posture)
        at = POSTURES.index(posture)
        without = []
        for points, world, usable in frames:
            usable = usable.copy()
            usable[LEGS] = False
            without.append((points, world, usable))
        whole, half = mean_of(frames), mean_of(without)
        lost.append(whole.max() - half.max())
        assert half[at] < whole[at] + 0.03
        assert half.argmax() == at or half.max() < 0.75
    assert np.mean(lost) > 0.05


def test_what_is_unseen_may_be_anywhere() -> None:
    points, world, usable = frames_of(*CLIPS[0])[0]
    usable = usable.copy()
    usable[LEGS] = False
    elsewhere, far = points.copy(), world.copy()
    elsewhere[LEGS], far[LEGS] = np.nan, np.nan
    expected, found = features(points, world, usable), features(elsewhere, far, usable)
    assert expected is not None
    assert found is not None
    np.testing.assert_array_equal(found, expected)


def test_nothing_is_known_without_a_trunk() -> None:
    recording = Recording.load(DATA / "bridge_correct.npz")
    seen = Sight()(next(iter(recording))).seen
    assert seen is not None
    seen.world[INDEX["left_hip"]] = np.nan
    told = posture_model()(np.array(seen.points), seen.world, np.array(seen.usable))
    np.testing.assert_allclose(told, 1.0 / len(POSTURES))


def test_probabilities_of_a_recording_as_the_engine_sees_it() -> None:
    sight, model = Sight(), posture_model()
    best = []
    for frame in Recording.load(DATA / "bird_dog_behind_level.npz"):
        seen = sight(frame).seen
        if seen is None:
            continue
        arrays = np.array(seen.points), seen.world, np.array(seen.usable)
        told = model(*arrays)
        assert told.shape == (len(POSTURES),)
        assert (told >= 0.0).all()
        assert told.sum() == pytest.approx(1.0)
        np.testing.assert_array_equal(model(*arrays), told)
        best.append(POSTURES[told.argmax()])
    assert best.count("quadruped") > 0.9 * len(best) > 300


def test_features_have_their_length() -> None:
    found = features(*frames_of(*CLIPS[0])[0])
    assert found is not None
    assert found.shape == (N_FEATURES,)
    assert np.isfinite(found).all()


REAL_RIGHT = 56  # of 66; 58 when it was trained


def test_real_people(footage: Path) -> None:
    """Nothing was trained on these."""
    result = check_real(posture_model(), footage, verbose=False)
    right = sum(clip["majority"] == clip["posture"] for clip in result.values())
    assert right >= REAL_RIGHT

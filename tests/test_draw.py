"""What is drawn onto a picture, and what is not."""

from dataclasses import replace

import figures as f
import numpy as np
import pytest
from test_engine import bridges

from formcheck.body import INDEX, VISIBILITY, PoseFrame, Recording
from formcheck.engine.core import Engine, Now
from formcheck.engine.events import FaultResult
from formcheck.measures import Inclination, Lift, Separation, Size, Turn, Value
from formcheck.spec import Spec, catalogue, find
from formcheck.video.draw import canvas, draw, shrink

BRIDGE = find("bridge").spec
CUE = "Lift your hips a little higher, as far as is comfortable."
FAULT = FaultResult("too_low", "Too low", "minor", CUE, None, 1, 2, "hip", 148, 160, "deg")


def state(recording: Recording, spec: Spec, t: float) -> Now:
    engine = Engine(spec)
    for frame in recording:
        engine.feed(frame)
        if frame.t >= t:
            break
    return engine.now()


@pytest.fixture(scope="module")
def top() -> Now:
    """At the top of the second bridge."""
    recording, begin = bridges([175, 175], size=(1280, 720))
    return state(recording, BRIDGE, begin[1] + 1.5)


def ground(width: int = 1280, height: int = 720, value: int = 120) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def changed(one: np.ndarray, other: np.ndarray) -> tuple[int, int, int, int]:
    """Return the box (left, top, right, bottom) in which two pictures differ."""
    y, x = np.nonzero((one != other).any(axis=2))
    return x.min(), y.min(), x.max() + 1, y.max() + 1


def is_touched(one: np.ndarray, other: np.ndarray, x: float, y: float, reach: int = 4) -> bool:
    """Whether two pictures differ around a place given in picture heights, y up."""
    height = one.shape[0]
    column, row = round(x * height), round((1 - y) * height)
    part = np.s_[row - reach : row + reach + 1, column - reach : column + reach + 1]
    return bool((one[part] != other[part]).any())


def test_the_picture_given_stays_as_it_is(top):
    picture = ground()
    drawn = draw(picture, top, BRIDGE)
    assert (picture == 120).all()
    assert drawn.shape == picture.shape
    assert drawn.dtype == np.uint8
    assert (drawn != picture).any()
    assert (drawn == draw(picture, top, BRIDGE)).all()


def test_a_picture_that_cannot_be_written_to_will_do(top):
    picture = ground()
    picture.flags.writeable = False
    assert draw(picture[:, ::-1], top, BRIDGE).shape == picture.shape


def test_seen_joints_are_drawn_and_guessed_ones_are_not():
    recording, begin = bridges([175], size=(1280, 720))
    elbows = [INDEX["left_elbow"], INDEX["right_elbow"]]  # one behind the other
    for visibility, drawn in ((1.0, True), (0.2, False)):
        recording.image[:, elbows, VISIBILITY] = visibility
        now = state(recording, BRIDGE, begin[0] + 1.5)
        picture = draw(ground(), now, BRIDGE)
        assert is_touched(picture, ground(), *now.seen.points[elbows[0]][:2]) is drawn
        assert is_touched(picture, ground(), *now.seen.points[INDEX["left_knee"]][:2])


def test_the_angle_is_drawn_at_its_joint_when_it_is_known(top):
    unknown = replace(top, shown=Value(top.shown.value, False))
    with_it, without = draw(ground(), top, BRIDGE), draw(ground(), unknown, BRIDGE)
    left, upper, right, lower = changed(with_it, without)
    hip = top.seen.points[INDEX["left_hip"]]
    assert left < hip[0] * 720 < right
    assert upper < (1 - hip[1]) * 720 < lower
    # The arc of a line angle lies above the line, and so does its label.
    assert (1 - hip[1]) * 720 - upper > 60


@pytest.mark.parametrize(
    "change",
    [
        {"counts": {None: 5}},
        {"attempts": 1},
        {"hold_s": 4.2, "hold_total_s": 9.1},
    ],
)
def test_counts_and_the_hold_clock_stand_top_left(top, change):
    box = changed(draw(ground(), top, BRIDGE), draw(ground(), replace(top, **change), BRIDGE))
    assert box[2] < 1280 * 0.7
    assert box[3] < 720 * 0.2


def test_a_clock_that_runs_moves_nothing(top):
    spec = find("plank").spec
    boxes = []
    for seconds in (11.1, 18.8, 20.4):
        now = replace(top, seen=None, hold_s=seconds, hold_total_s=seconds)
        boxes.append(changed(draw(ground(), now, spec), ground()))
    assert len(set(boxes)) == 1


@pytest.mark.parametrize(
    "change",
    [{"phase": "rest"}, {"phase": "out of position"}, {"t": 71.0}, {"camera": None}],
)
def test_the_phase_the_time_and_the_view_stand_top_right(top, change):
    box = changed(draw(ground(), top, BRIDGE), draw(ground(), replace(top, **change), BRIDGE))
    assert box[0] > 1280 * 0.6
    assert box[3] < 720 * 0.2


def test_not_seen_is_said_and_no_body_is_drawn(top):
    picture = draw(ground(), replace(top, seen=None), BRIDGE)
    assert (picture[200:] == 120).all()


def test_a_cue_stands_at_the_bottom(top):
    told = draw(ground(), replace(top, faults=(FAULT,)), BRIDGE)
    left, upper, right, lower = changed(draw(ground(), top, BRIDGE), told)
    assert upper > 720 * 0.8
    assert (left, right, lower) == (16, 1280 - 16, 720 - 16)


def test_an_important_cue_has_a_sign_of_another_shape(top):
    minor = draw(ground(value=0), replace(top, faults=(FAULT,)), BRIDGE)
    major = draw(ground(value=0), replace(top, faults=(replace(FAULT, severity="major"),)), BRIDGE)
    left, _, right, _ = changed(minor, major)
    assert right - left < 60
    where = np.s_[720 * 4 // 5 :, left:right]
    shape = [(one[where].astype(int).max(axis=2) > 100).sum() for one in (minor, major)]
    assert shape[1] > 1.5 * shape[0]


def test_two_cues_are_told_at_most_the_important_one_first(top):
    def tell(*ids: tuple[str, str]) -> np.ndarray:
        faults = tuple(replace(FAULT, message=text, severity=s) for text, s in ids)
        return draw(ground(), replace(top, faults=faults), BRIDGE)

    both = tell(("Lift your hips.", "minor"), ("Bend your knees.", "major"))
    assert (both == tell(("Bend your knees.", "major"), ("Lift your hips.", "minor"))).all()
    more = tell(("Lift your hips.", "minor"), ("Bend your knees.", "major"), ("Slowly.", "minor"))
    assert (both == more).all()
    twice = tell(("Lift your hips.", "minor"), ("Lift your hips.", "minor"))
    assert (twice == tell(("Lift your hips.", "minor"))).all()


def test_from_a_place_that_does_not_fit_the_camera_is_told():
    recording, begin = bridges([175], yaw=63, size=(1280, 720))
    now = replace(state(recording, BRIDGE, begin[0]), in_position=True)
    assert now.setup is None
    box = changed(draw(ground(), now, BRIDGE), draw(ground(), replace(now, camera=None), BRIDGE))
    assert box[3] == 720 - 16


@pytest.mark.parametrize(
    ("width", "height"),
    [(1280, 720), (640, 360), (360, 640), (720, 1280), (320, 240), (176, 144), (64, 48), (2, 2)],
)
@pytest.mark.parametrize("background", [0, 255])
def test_every_size_is_drawn_on(top, width, height, background):
    now = replace(top, faults=(FAULT, replace(FAULT, message="Slowly.")), attempts=12, hold_s=99.9)
    picture = ground(width, height, background)
    assert (draw(picture, now, BRIDGE) != picture).any()


def luminance(colour: np.ndarray) -> float:
    part = colour / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("background", [0, 128, 255])
@pytest.mark.parametrize("size", [(1280, 720), (640, 360)])
def test_text_is_legible_on_any_background(top, background, size):
    told = draw(ground(*size, background), replace(top, faults=(FAULT,)), BRIDGE)
    panel = told[-round(size[1] * 0.1) : -round(size[1] * 0.05), size[0] // 20 : size[0] // 2]
    values = sorted(map(luminance, panel.reshape(-1, 3)))
    # WCAG asks for 4.5:1; a stroke's core is full white, the panel is the commonest value.
    assert (values[-1] + 0.05) / (values[len(values) // 2] + 0.05) > 4.5


@pytest.mark.parametrize("exercise", catalogue())
def test_every_exercise_can_be_drawn(exercise):
    spec = find(exercise).spec
    figure = {
        "bridge": f.bridge(150),
        "bird_dog": f.on_all_fours(0, 175, 0, "left", "right"),
        "plank": f.plank(175),
        "knee_plank": f.plank(175, on_knees=True),
        "cat_cow": f.on_all_fours(head=-40),
        "childs_pose": f.on_heels(),
        "clamshell": f.side_lying(0.5),
        "double_knee_to_chest": f.supine(60, 50, 60, 50, hands_off=0.05),
        "downward_dog": f.downward_dog(),
        "gluteus_medius_raise": f.side_lying(leg=20),
        "lower_trunk_rotation": f.knees_rolled(20),
        "press_up": f.prone(40),
        "single_knee_to_chest": f.supine(62, 50, hands_off=0.05),
        "supine_hamstring_stretch": f.supine(100, 174, 175, 175),
    }.get(exercise, f.standing())
    now = state(f.record(lambda t: figure, 1, size=(1280, 720)), spec, 0.9)
    assert is_touched(draw(ground(), now, spec), ground(), *now.seen.picture[INDEX["left_hip"]][:2])


@pytest.mark.parametrize(
    "measure",
    [
        Inclination(kind="inclination", points=("near_hip", "near_shoulder")),
        Lift(kind="lift", points=("near_hip", "near_ankle"), length="trunk"),
        Separation(kind="separation", points=("near_hip", "near_ankle"), length="thigh"),
        Turn(kind="turn"),
        Size(kind="size", of=("trunk",)),
    ],
)
def test_every_kind_of_measure_can_be_shown(measure):
    spec = BRIDGE.model_copy(
        update={"measures": {**BRIDGE.measures, "other": measure}, "show": "other"}
    )
    recording, begin = bridges([175], size=(1280, 720))
    now = state(recording, spec, begin[0] + 1.5)
    assert now.shown.clear
    unknown = replace(now, shown=Value(now.shown.value, False))
    box = changed(draw(ground(), now, spec), draw(ground(), unknown, spec))
    assert box[2] - box[0] > 30


def test_nobody_can_be_drawn():
    now = state(f.from_frames([PoseFrame.empty(0.0, 640, 480)]), BRIDGE, 0)
    assert (draw(ground(), now, BRIDGE) != ground()).any()


@pytest.mark.parametrize(
    ("size", "becomes"),
    [
        ((7680, 4320), (1280, 720)),
        ((1280, 720), (1280, 720)),
        ((2160, 3840), (720, 1280)),
        ((641, 361), (640, 360)),
        ((320, 240), (320, 240)),
        ((4000, 3), (1280, 2)),
    ],
)
def test_pictures_become_small_enough_with_even_edges(size, becomes):
    width, height = becomes
    assert shrink(ground(*size)).shape == (height, width, 3)
    assert canvas(*size).shape == (height, width, 3)


def test_a_picture_of_the_right_size_is_not_touched():
    picture = ground()
    assert shrink(picture) is picture

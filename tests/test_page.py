"""The page, run without a browser; and what it is made of."""

import html
import json
import logging
import re
import tempfile
from io import BytesIO, StringIO
from pathlib import Path

import figures as f
import pytest
from conftest import ROOT
from rich.console import Console
from streamlit.testing.v1 import AppTest
from test_engine import bridges

from benchmarks.packed import unpack
from formcheck.errors import FormcheckError
from formcheck.report import camera_places
from formcheck.report.as_json import review_as_json
from formcheck.report.summary import review_summary
from formcheck.review import open_source, review
from formcheck.spec import find
from formcheck.view_map import view_maps
from formcheck.web import job, page, texts
from formcheck.web.chart import measure_chart, targets
from formcheck.web.samples import samples_of


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """Where temporary folders are made in this test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> Path:
    """Two bridges, and an attempt between them."""
    path = tmp_path_factory.mktemp("recordings") / "evening.npz"
    bridges([175, 150, 176])[0].save(path)
    return path


@pytest.fixture(scope="module")
def oblique(tmp_path_factory) -> Path:
    """Two bridges, seen from between the head and the left side: counted, not judged."""
    path = tmp_path_factory.mktemp("recordings") / "oblique.npz"
    unpack(ROOT / "tests" / "data" / "bridge_oblique_60.clip.xz")[0].save(path)
    return path


def opened(**session) -> AppTest:
    app = AppTest.from_file(str(ROOT / "formcheck" / "web" / "main.py"), default_timeout=120)
    for key, value in session.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def reviewed(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].upload(name, content).run()
    app.button(key="review").click().run()
    assert not app.exception
    return app


def verdict(app: AppTest) -> str | None:
    """Return the heading of the result, if there is one."""
    return next((one.value for one in app.header if one.anchor == "result"), None)


def words(app: AppTest) -> str:
    """All text of the page, in one line."""
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.warning, *app.success]
    return " ".join(" ".join(part.value.split()) for part in parts)


def by_command(path: Path, exercise) -> str:
    """The verdict of the command line."""
    with open_source(path) as source:
        result = review(source, exercise)
    console = Console(file=StringIO(), width=200)
    console.print(review_summary(result))
    return console.file.getvalue().splitlines()[0]


# -- before -----------------------------------------------------------------------------------


def test_safety_comes_before_anything_else():
    app = opened()
    safety = app.markdown[1].value
    for part in (
        "Stop when it hurts, and call a clinician",
        "Ask a clinician before you start",
        "After an injury or surgery, do only what they have agreed to",
        "not a diagnosis or treatment",
    ):
        assert part in safety


def test_every_exercise_explains_itself(exercises):
    app = opened()
    # Nobody is asked to do what is to be avoided.
    offered = {id: one for id, one in exercises.items() if one.spec.kind != "avoid"}
    assert sorted(app.selectbox(key="exercise").options) == sorted(
        loaded.spec.name for loaded in offered.values()
    )
    for id, loaded in offered.items():
        app.selectbox(key="exercise").set_value(id).run()
        assert not app.exception
        shown, spec = words(app), loaded.spec
        told = [spec.summary, spec.feel, *spec.instructions, *spec.cautions]
        told += [camera.text for camera in spec.cameras.values()]
        told += [rule.cue for rule in spec.faults]
        for text in told:
            assert " ".join(text.split()) in shown
        for one in spec.dosage:
            assert f"Document {one.document}: " in shown


def test_nothing_can_be_reviewed_before_there_is_a_file():
    assert opened().button(key="review").disabled


def test_a_broken_spec_is_told(monkeypatch):
    def broken():
        raise FormcheckError("my.yaml, line 3: name: this key is missing")

    monkeypatch.setattr(page, "catalogue", broken)
    app = opened()
    assert [error.value for error in app.error] == ["my.yaml, line 3: name: this key is missing"]


def plots(app: AppTest) -> list[str]:
    """Return the text alternatives of the maps of camera positions."""
    found = []
    for one in app.get("html"):
        image = re.search(
            r'<img [^>]*src="data:image/svg\+xml;base64,[^"]+" alt="([^"]+)"', one.proto.body
        )
        found.append(html.unescape(image[1]))
    return found


def test_where_to_put_the_camera_is_shown_on_a_map_where_there_is_one(exercises):
    app = opened()
    offered = [id for id, one in exercises.items() if one.spec.kind != "avoid"]
    for id in offered:
        app.selectbox(key="exercise").set_value(id).run()
        spec, view_map = exercises[id].spec, view_maps().get(id)
        if view_map is None:
            assert plots(app) == []
            continue
        assert plots(app) == [camera_places.alternative(spec, view_map)]
        for line in camera_places.lines(spec, view_map):
            assert line in words(app)


def test_an_exercise_that_is_not_measured_yet_shows_what_is_known_without(oblique, monkeypatch):
    monkeypatch.setattr(page, "view_maps", dict)
    app = opened()
    assert plots(app) == []
    assert "level with your hips" in words(app)
    reviewed(app, "oblique.npz", oblique.read_bytes())
    assert plots(app) == []
    assert "Camera between the side and an end" in words(app)


# -- a review ---------------------------------------------------------------------------------


def test_an_upload_gets_the_same_review_as_on_the_command_line(recording, exercises, temporary):
    app = reviewed(opened(), "my evening.npz", recording.read_bytes())
    assert not app.error
    assert verdict(app) == by_command(recording, exercises["bridge"])
    assert verdict(app) == "Bridge: 2 repetitions, 1 attempt"
    assert {m.label: m.value for m in app.metric}["Repetitions"] == "2"
    table = app.table[0].value
    assert list(table["Movement"]) == ["1", "Attempt 1", "2"]
    assert "In my evening.npz" in words(app)

    finished = app.session_state["visit"].finished
    with open_source(recording) as source:
        expected = json.loads(review_as_json(review(source, exercises["bridge"])))
    expected["source"]["path"] = "my evening.npz"
    assert json.loads(finished.json) == expected
    assert finished.csv.startswith("kind,")
    assert finished.annotated[4:8] == b"ftyp"
    assert [b.label for b in app.get("download_button")] == [
        "Review (JSON)",
        "Table (CSV)",
        "Annotated video (MP4)",
    ]


STOOD = "Your camera stood at your head, 30° towards your left side."


def test_after_a_review_it_is_marked_where_the_camera_stood_and_how_to_turn(oblique):
    app = reviewed(opened(), "oblique.npz", oblique.read_bytes())
    (warning,) = [one.value for one in app.warning]
    assert warning.startswith(
        "**Camera between the side and an end, looking down: you are counted from there, but your"
        " form is not judged.**"
    )
    assert warning.endswith(
        "Nearest good place: turn yourself, or move the camera around you, by about 20° until it"
        " sees you from your left side."
    )
    before, after = plots(app)
    assert after == f"{STOOD} {before}"
    assert STOOD in words(app)


def test_a_camera_that_stood_well_is_marked_too_but_nothing_is_to_be_changed(recording):
    app = reviewed(opened(), "evening.npz", recording.read_bytes())
    assert not app.warning
    assert "good for this exercise" in words(app)
    assert "Nearest good place" not in words(app)
    assert plots(app)[1].startswith("Your camera stood at your ")
    assert [one.label for one in app.expander] == ["About this exercise", texts.WHERE_IT_STOOD]


def test_of_somebody_who_was_never_in_position_no_camera_is_marked(tmp_path):
    f.record(lambda t: f.standing(), 4.0).save(tmp_path / "standing.npz")
    app = reviewed(opened(), "standing.npz", (tmp_path / "standing.npz").read_bytes())
    assert verdict(app).startswith("Bridge: you were not in position")
    assert len(plots(app)) == 1


def recognised(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].upload(name, content).run()
    app.button(key="recognise").click().run()
    assert not app.exception
    return app


def test_an_upload_is_reviewed_as_the_exercise_that_is_recognised(recording, temporary):
    app = opened(exercise="plank")
    recognised(app, "evening.npz", recording.read_bytes())
    assert not app.error
    assert verdict(app) == "Bridge: 2 repetitions, 1 attempt"
    assert app.selectbox(key="exercise").value == "bridge"
    assert re.fullmatch(
        r"Detected: Bridge \(9\d %\)\. If it is another exercise, choose it and .*",
        app.info[0].value,
    )
    assert list(temporary.iterdir()) == []
    # Asked for by name, nothing is said of recognising.
    reviewed(app, "evening.npz", recording.read_bytes())
    assert not app.info


def test_what_is_no_exercise_or_one_to_avoid_is_told(tmp_path):
    nothing, sit_up = tmp_path / "standing.npz", tmp_path / "sit_up.npz"
    f.record(lambda t: f.standing(), 4.0).save(nothing)
    f.record(lambda t: f.sat_up(62 * f.swing(t, 1.0, 1.3, 0.6, 1.3)), 6.0).save(sit_up)
    for path, told in ((nothing, "no exercise was detected"), (sit_up, "Leave it out")):
        app = recognised(opened(), path.name, path.read_bytes())
        (error,) = app.error
        assert told in error.value
        assert path.name in error.value.replace("\\", "")
        assert verdict(app) is None


def test_an_upload_is_deleted_after_its_review(recording, temporary, monkeypatch):
    forgotten = []
    monkeypatch.setattr(page, "_forget", forgotten.append)
    app = reviewed(opened(), "evening.npz", recording.read_bytes())
    assert [upload.name for upload in forgotten] == ["evening.npz"]
    assert list(temporary.iterdir()) == []
    assert app.file_uploader[0].value is None
    assert app.button(key="review").disabled


def test_a_forgotten_upload_is_gone_from_memory():
    def script():
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        from formcheck.web.page import _forget

        upload = st.file_uploader("file")
        if upload is not None:
            context = get_script_run_ctx()

            def kept():
                return context.uploaded_file_mgr.get_files(context.session_id, [upload.file_id])

            before = len(kept())
            _forget(upload)
            st.write(f"{before} then {len(kept())}")

    app = AppTest.from_function(script).run()
    app.file_uploader[0].upload("film.mp4", b"film").run()
    assert app.markdown[0].value == "1 then 0"


def test_two_visitors_do_not_mix(recording):
    first = reviewed(opened(), "first.npz", recording.read_bytes())
    second = opened()
    assert verdict(second) is None
    reviewed(second, "second.npz", recording.read_bytes())
    first.run()
    assert "In first.npz" in words(first)
    assert "In second.npz" in words(second)


def test_another_exercise_has_no_result_yet(recording):
    app = reviewed(opened(), "evening.npz", recording.read_bytes())
    app.selectbox(key="exercise").set_value("plank").run()
    assert verdict(app) is None
    app.selectbox(key="exercise").set_value("bridge").run()
    assert verdict(app).startswith("Bridge: ")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("notes.mp4", b"this is a text and no video", "notes.mp4"),
        ("empty.mp4", b"", "empty.mp4"),
        ("notes.npz", b"this is no recording", "notes.npz: this is not a recording"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_its_name(name, content, problem, temporary):
    app = reviewed(opened(), name, content)
    (error,) = app.error
    assert problem in error.value
    assert "upload." not in error.value
    assert str(temporary) not in error.value
    assert list(temporary.iterdir()) == []
    assert verdict(app) is None


def test_after_a_bad_file_a_good_one_is_reviewed(recording):
    app = reviewed(opened(), "notes.npz", b"this is no recording")
    reviewed(app, "evening.npz", recording.read_bytes())
    assert not app.error
    assert verdict(app).startswith("Bridge: 2 repetitions")


def test_an_unexpected_error_is_told_plainly_and_logged(recording, temporary, monkeypatch, caplog):
    def fails(*_):
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(page, "review_file", fails)
    with caplog.at_level(logging.ERROR, logger="formcheck"):
        app = reviewed(opened(), "evening.npz", recording.read_bytes())
    assert [error.value for error in app.error] == [texts.UNEXPECTED]
    assert "a secret detail" in caplog.text
    assert list(temporary.iterdir()) == []


def test_a_review_that_is_stopped_leaves_nothing_behind(recording, exercises, temporary):
    class Stopped(BaseException):
        """As Streamlit's own."""

    def stop(_):
        raise Stopped

    with (
        pytest.raises(Stopped),
        job.private_copy(BytesIO(recording.read_bytes()), "evening.npz") as path,
    ):
        assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0
        job.review_file(path, "evening.npz", exercises["bridge"], stop)
    assert list(temporary.iterdir()) == []


def test_a_video_of_a_real_person_is_reviewed(footage):
    clip = footage / "bridge_malik_w_diag.mp4"
    app = reviewed(opened(), clip.name, clip.read_bytes())
    assert not app.error
    assert verdict(app).startswith("Bridge: 2 repetitions")


def test_the_sample_is_one_click_away(bridge_count):
    app = opened()
    app.button(key="sample-bridge").click().run()
    assert not app.exception
    assert not app.error
    assert verdict(app).startswith(f"Bridge: {bridge_count} repetitions")


def test_where_there_is_no_sample_the_page_says_so(monkeypatch):
    monkeypatch.setattr(page, "samples_of", lambda *_: [])
    assert "There is no sample video for this exercise." in words(opened())


def test_the_name_of_a_file_is_shown_as_it_is(recording):
    app = reviewed(opened(), "my_*best*_$night$.npz", recording.read_bytes())
    assert r"In my\_\*best\*\_\$night\$.npz" in words(app)


# -- its parts --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../../etc/passwd", "a.b/c", "film.mp4\0", ".npz/..", ""])
def test_no_name_of_an_upload_leads_out_of_its_folder(name, temporary):
    with job.private_copy(BytesIO(b"film"), name) as path:
        assert path.parent.parent == temporary
        assert path.read_bytes() == b"film"
        assert re.fullmatch(r"upload(\.\w+)?", path.name)
    assert list(temporary.iterdir()) == []


def test_samples_belong_to_the_longest_name_that_fits(tmp_path):
    for name in ("plank", "plank_side", "plank_side_sagging", "plank_too_high", "planks"):
        (tmp_path / f"{name}.mp4").touch()
    known = ["plank", "plank_side"]
    plank = samples_of("plank", known, tmp_path)
    assert [(s.path.stem, s.variant) for s in plank] == [
        ("plank", ""),
        ("plank_too_high", "too high"),
    ]
    assert [s.variant for s in samples_of("plank_side", known, tmp_path)] == ["", "sagging"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "a few seconds"), (6, "about 10 s"), (61, "about 65 s"), (90, "about 2 min")],
)
def test_time_left_is_as_exact_as_a_forecast(seconds, text):
    assert texts.time_left(seconds) == text


def test_progress_is_told_with_the_time_left(monkeypatch):
    now = 100.0
    monkeypatch.setattr(job.time, "monotonic", lambda: now)
    clock = job._Clock(10.0)
    assert clock.at(5.0) == job.Progress(5.0, 0.0, None)
    now = 100.1
    assert clock.at(5.1) is None
    now = 102.0
    assert clock.at(9.0) == job.Progress(9.0, 0.4, pytest.approx(3.0))
    assert (
        texts.progress_line(job.Progress(9.0, 0.4, 3.0)) == "Looking at 0:09.0, a few seconds left"
    )


def test_progress_without_a_known_length_tells_where_it_is(monkeypatch):
    now = 0.0
    monkeypatch.setattr(job.time, "monotonic", lambda: now)
    clock = job._Clock(None)
    assert clock.at(0.0) == job.Progress(0.0, None, None)
    now = 9.0
    assert texts.progress_line(clock.at(70.0)) == "Looking at 1:10.0 …"


def test_the_chart_has_gaps_where_nothing_is_known(recording, exercises):
    with open_source(recording) as source:
        result = review(source, exercises["bridge"])
    result.trace.values[None][3] = float("nan")
    chart = json.dumps(measure_chart(result).to_dict())
    assert "NaN" not in chart
    assert chart.count('"value": null') == 1
    assert '"Hip (degrees)"' in chart
    assert '"attempt"' in chart


def test_there_is_no_chart_of_nothing(recording, exercises):
    with open_source(recording) as source:
        result = review(source, exercises["bridge"])
    result.trace.values = {None: [float("nan")] * len(result.trace.t)}
    assert measure_chart(result) is None


def test_targets_are_what_the_spec_wants(exercises):
    bridge = exercises["bridge"].spec
    assert [t.value for t in targets(bridge)] == [bridge.repetition.reach.value]
    limits = [t.value for t in targets(exercises["plank"].spec)]
    assert limits == sorted(limits)
    assert len(limits) == 2


def test_nothing_judged_is_not_called_fine(tmp_path, exercises):
    path = tmp_path / "short.npz"
    # lying in position without a bridge, from where the feet's place cannot be judged either
    f.record(lambda t: f.bridge(125.0), 3.0, yaw=48).save(path)
    with open_source(path) as source:
        result = review(source, exercises["bridge"])
    assert result.in_position
    assert texts.no_error_line(result) is None
    assert texts.not_judged_lines(result)


def test_a_mirrored_upload_has_its_sides_back(tmp_path):
    clip = ROOT / "benchmarks" / "rendered" / "bird_dog_correct_side_left_b6.clip.xz"
    path = tmp_path / "x.npz"
    unpack(clip)[0].mirrored().save(path)
    rows = []
    for ticked in (False, True):
        app = opened(exercise="bird_dog")
        if ticked:
            app.checkbox(key="mirrored").check().run()
        app = reviewed(app, "x.npz", path.read_bytes())
        rows.append([str(one) for one in app.table[0].value["Movement"]])
        assert texts.MIRRORED_HINT in words(app)
    swapped = [
        row.replace("Left", "x").replace("Right", "Left").replace("x", "Right") for row in rows[0]
    ]
    assert rows[1] == swapped != rows[0]


def test_a_set_up_that_shows_nothing_is_only_named():
    lines = texts.camera_lines(find("bridge").spec)
    assert "How high the hips come cannot be seen from your feet." in lines
    assert sum("*Shows " in line for line in lines) == 1

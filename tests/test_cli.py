"""The command line: what it writes, and one clear line for whatever is wrong."""

import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import figures as f
import numpy as np
import pytest
from test_engine import bridges

from formcheck import __version__
from formcheck.body import PoseFrame, Recording
from formcheck.cli import main
from formcheck.spec import catalogue, specs_folder

FOOTAGE = Path(__file__).parents[2] / "shared" / "footage"
needs_footage = pytest.mark.skipif(not FOOTAGE.is_dir(), reason=f"there is no {FOOTAGE}")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Two bridges, one of them too low, as a recording."""
    path = tmp_path_factory.mktemp("made") / "bridge.npz"
    recording, _ = bridges([175, 150])
    recording.save(path)
    return path


@pytest.fixture()
def bridge(made, tmp_path, monkeypatch) -> str:
    """The recording, alone in the working directory."""
    shutil.copy(made, tmp_path)
    monkeypatch.chdir(tmp_path)
    return made.name


def film(path: Path, seconds: float) -> Path:
    """Film an empty room, over which the light moves."""
    from formcheck.video.write import VideoWriter

    ramp = np.add.outer(np.arange(240), np.arange(320)) // 3
    with VideoWriter(path) as video:
        for i in range(round(seconds * 30)):
            grey = ((ramp + i) % 200 + 30).astype(np.uint8)
            video.write(np.repeat(grey[..., None], 3, axis=2), i / 30)
    return path


@pytest.fixture(scope="module")
def empty_room(tmp_path_factory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "room.mp4", 1.0)


def files() -> set[str]:
    return set(os.listdir())


def fails(capsys, *args: str) -> str:
    """Run what must fail; return the one line that says why."""
    before = files()
    assert main(list(args)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("formcheck: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert files() == before, "something was left behind"
    return err


def review(*args: str) -> int:
    return main(["review", *args])


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/films/bridge.mp4",
        "http://example.org/bridge.npz",
        "rtsp://camera.local/1",
        "s3://bucket/bridge.mp4",
        "www.example.org/watch?v=1",
    ],
)
@pytest.mark.parametrize("command", [["review"], ["record"]])
def test_an_address_is_no_file(capsys, tmp_path, monkeypatch, address, command):
    monkeypatch.chdir(tmp_path)
    rest = ["out.npz"] if command == ["record"] else []
    assert fails(capsys, *command, address, *rest) == (
        f"formcheck: {address}: this is an address, not a file; download the video first, then"
        " give the file\n"
    )


def test_an_address_of_a_file_here_asks_for_its_path(capsys):
    assert fails(capsys, "review", "file:///home/me/bridge.mp4") == (
        "formcheck: file:///home/me/bridge.mp4: this is an address; give the file's path\n"
    )


# -- review: what it writes -------------------------------------------------------------------


def test_a_review_is_told_in_words(bridge, capsys):
    assert review(bridge, "--exercise", "bridge") == 0
    out, err = capsys.readouterr()
    assert out.startswith("Bridge: 1 repetition, 1 attempt\n")
    assert out.endswith("ask a clinician.\n")
    assert not any(line.endswith(" ") for line in out.splitlines())
    assert err == ""
    assert files() == {bridge}


def test_all_outputs_at_once(bridge, capsys):
    args = ["--json", "a.json", "--csv", "a.csv", "--annotated", "a.mp4"]
    assert review(bridge, "--exercise", "bridge", *args) == 0
    assert files() == {bridge, "a.json", "a.csv", "a.mp4"}
    value = json.loads(Path("a.json").read_text())
    assert value["reps"] == {"total": 1, "left": None, "right": None, "attempts": 1}
    assert value["source"]["path"] == bridge
    assert len(list(csv.DictReader(Path("a.csv").read_text().splitlines()))) == 2
    assert Path("a.mp4").read_bytes()[4:8] == b"ftyp"
    out, err = capsys.readouterr()
    assert out.startswith("Bridge: ")
    assert err.strip() == "Written: a.json, a.csv, a.mp4"


def test_the_same_file_gives_the_same_bytes(bridge):
    for name in ("one", "two"):
        args = ["--json", f"{name}.json", "--csv", f"{name}.csv"]
        assert review(bridge, "--exercise", "bridge", *args) == 0
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


def test_an_annotated_recording_has_a_picture_for_every_frame(bridge):
    import av

    assert review(bridge, "--exercise", "bridge", "--annotated", "a.mp4") == 0
    recording = Recording.load(bridge)
    with av.open("a.mp4") as video:
        stream = video.streams.video[0]
        assert stream.codec_context.name == "h264"
        times = [frame.time for frame in video.decode(stream)]
    assert len(times) == len(recording)
    assert times == pytest.approx(list(recording.t - recording.t[0]), abs=0.002)


def test_json_on_stdout_is_nothing_but_json(bridge, capsys):
    assert review(bridge, "--exercise", "bridge", "--json", "-") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["schema"] == "formcheck.review/1"
    assert err.startswith("Bridge: 1 repetition")
    assert files() == {bridge}


def test_csv_on_stdout_is_nothing_but_the_table(bridge, capsys):
    assert review(bridge, "--exercise", "bridge", "--csv", "-", "--json", "a.json") == 0
    out, _ = capsys.readouterr()
    assert [row["kind"] for row in csv.DictReader(io.StringIO(out))] == ["repetition", "attempt"]
    assert json.loads(Path("a.json").read_text())


def test_what_was_there_is_replaced(bridge):
    Path("a.json").write_text("old")
    assert review(bridge, "--exercise", "bridge", "--json", "a.json") == 0
    assert json.loads(Path("a.json").read_text())


def test_a_part_is_reviewed(bridge, capsys):
    assert review(bridge, "--exercise", "bridge", "--json", "-", "--from", "4.6") == 0
    value = json.loads(capsys.readouterr().out)
    assert value["reps"]["total"] == 0
    assert value["reps"]["attempts"] == 1
    assert value["repetitions"][0]["start_s"] > 4.6  # times stay those of the whole
    assert review(bridge, "--exercise", "bridge", "--json", "-", "--to", "0:04.8") == 0
    value = json.loads(capsys.readouterr().out)
    assert value["reps"] == {"total": 1, "left": None, "right": None, "attempts": 0}


@pytest.mark.parametrize("exercise", ["bridge", "bird_dog", "plank"])
def test_the_exercise_is_recognised_when_it_is_not_named(tmp_path, monkeypatch, capsys, exercise):
    clip = Path(__file__).parent / "data" / f"{exercise}_correct.npz"
    monkeypatch.chdir(tmp_path)
    assert review(str(clip), "--json", "-") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["exercise"] == exercise
    assert f"Detected: {catalogue()[exercise].spec.name} (" in err
    found = json.loads(out)["recognition"]
    assert found["answer"] == "one"
    assert found["exercises"][0]["exercise"] == exercise
    assert found["exercises"][0]["confidence"] > 0.9


def test_a_video_whose_exercise_is_recognised_is_annotated_too(tmp_path, monkeypatch, capsys):
    sample = Path(__file__).parents[1] / "sample_videos" / "bridge.mp4"
    monkeypatch.chdir(tmp_path)
    args = ["--to", "6", "--json"]
    assert review(str(sample), *args, "a.json", "--annotated", "a.mp4") == 0
    assert review(str(sample), *args, "b.json", "--exercise", "bridge") == 0
    one, two = (json.loads(Path(name).read_text()) for name in ("a.json", "b.json"))
    assert one.pop("recognition")["answer"] == "one"
    assert two.pop("recognition") is None
    assert one == two
    assert one["reps"]["total"] == 1
    assert files() == {"a.json", "b.json", "a.mp4"}


def test_what_is_none_of_the_exercises_is_not_called_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    f.from_frames([PoseFrame.empty(i / 30, 640, 480) for i in range(60)]).save("nobody.npz")
    err = fails(capsys, "review", "nobody.npz", "--json", "a.json")
    assert "no exercise was detected" in err
    assert "--exercise" in err
    assert files() == {"nobody.npz"}


def test_nobody_in_view_is_a_review_that_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    f.from_frames([PoseFrame.empty(i / 30, 640, 480) for i in range(60)]).save("nobody.npz")
    args = ["--json", "a.json", "--annotated", "a.mp4"]
    assert review("nobody.npz", "--exercise", "bridge", *args) == 0
    assert capsys.readouterr().out.startswith("Bridge: no one was detected\n")
    assert json.loads(Path("a.json").read_text())["reps"]["total"] == 0
    assert Path("a.mp4").stat().st_size > 0


def test_an_exercise_of_ones_own(bridge, capsys):
    text = (specs_folder() / "bridge.yaml").read_text()
    Path("mine.yaml").write_text(text.replace("\nname: Bridge\n", "\nname: My bridge\n"))
    assert review(bridge, "--exercise", "mine.yaml") == 0
    assert capsys.readouterr().out.startswith("My bridge: 1 repetition")


@needs_footage
@pytest.mark.parametrize(
    ("clip", "exercise"),
    [("bridge_malik_w_diag", "bridge"), ("birddog_vincent_home_a", "bird_dog")],
)
def test_recordings_of_real_people(clip, exercise, capsys):
    (labels,) = (
        one for one in json.loads((FOOTAGE / "labels.json").read_text()) if one["clip"] == clip
    )
    assert review(str(FOOTAGE / f"{clip}.npz"), "--exercise", exercise, "--json", "-") == 0
    value = json.loads(capsys.readouterr().out)
    fewest, most = labels["reps"]
    assert fewest <= value["reps"]["total"] <= most


@needs_footage
def test_a_video_of_a_real_person(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    video = str(FOOTAGE / "bridge_malik_w_diag.mp4")
    args = ["--json", "a.json", "--annotated", "a.mp4", "--model", "lite"]
    assert review(video, "--exercise", "bridge", *args) == 0
    value = json.loads(Path("a.json").read_text())
    assert value["reps"]["total"] == 2
    assert value["source"]["kind"] == "video"
    assert value["engine"]["model"] == "lite"
    assert Path("a.mp4").read_bytes()[4:8] == b"ftyp"
    out, err = capsys.readouterr()
    assert out.startswith("Bridge: 2 repetitions")
    assert err.strip() == "Written: a.json, a.mp4"
    # The recording of the video gives the same review.
    assert main(["record", video, "a.npz", "--model", "lite"]) == 0
    assert "somebody found in" in capsys.readouterr().out
    assert review("a.npz", "--exercise", "bridge", "--json", "b.json") == 0
    again = json.loads(Path("b.json").read_text())
    for key in ("reps", "repetitions", "holds", "faults", "camera"):
        assert again[key] == value[key]
    assert again["engine"] == value["engine"]


def test_a_recording_can_be_cut(bridge, capsys):
    assert main(["record", bridge, "part.npz", "--from", "1", "--to", "2"]) == 0
    part = Recording.load("part.npz")
    assert 29 <= len(part) <= 31
    assert part.t[0] == pytest.approx(1.0, abs=0.04)
    whole = Recording.load(bridge)
    first = int(np.searchsorted(whole.t, part.t[0]))
    assert np.array_equal(whole.image[first : first + len(part)], part.image)
    assert np.array_equal(whole.world[first : first + len(part)], part.world)
    assert "100%" in capsys.readouterr().out


# -- review: what is wrong --------------------------------------------------------------------


def spoil(name: str, **arrays: object) -> None:
    """Save a recording of ten frames in which something is replaced."""
    parts = {
        "t": np.arange(10) / 30,
        "image": np.zeros((10, 33, 5), np.float32),
        "world": np.full((10, 33, 3), 0.1, np.float32),
        "size": np.array([640, 480]),
    }
    np.savez(name, **{k: v for k, v in {**parts, **arrays}.items() if v is not None})


BAD_TIMES = np.array([0.0, 0.1, 0.2, 0.1, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"image": np.zeros((10, 32, 5))}, "shape"),
        ({"world": np.zeros((9, 33, 3))}, "shape"),
        ({"image": np.array(["no"] * 10)}, "shape"),
        ({"world": None}, "'world'"),
        ({"world": np.zeros((10, 33, 3))}, "not in space"),
        ({"world": np.full((10, 33, 3), np.nan)}, "not in space"),
        ({"t": BAD_TIMES}, "go back"),
        ({"t": np.where(BAD_TIMES == 0.2, np.nan, BAD_TIMES)}, "not a number"),
        ({"t": np.zeros((10, 2))}, "list of times"),
        ({"size": np.array([0, 480])}, "size"),
        (
            {"t": np.zeros(0), "image": np.zeros((0, 33, 5)), "world": np.zeros((0, 33, 3))},
            "empty",
        ),
    ],
)
def test_a_broken_recording(bridge, capsys, arrays, told):
    spoil("bad.npz", **arrays)
    err = fails(capsys, "review", "bad.npz", "--exercise", "bridge", "--json", "a.json")
    assert "bad.npz" in err
    assert told in err


@pytest.mark.parametrize("name", ["text.npz", "text.mp4"])
def test_a_text_file_is_neither_a_recording_nor_a_video(bridge, capsys, name):
    Path(name).write_text("This is a text.\n" * 100)
    assert name in fails(capsys, "review", name, "--exercise", "bridge", "--json", "a.json")


@pytest.mark.parametrize("name", ["empty.npz", "empty.mp4"])
def test_an_empty_file(bridge, capsys, name):
    Path(name).touch()
    assert name in fails(capsys, "review", name, "--exercise", "bridge", "--csv", "a.csv")


@pytest.mark.parametrize("name", ["none.npz", "none.mp4", "no folder/none.mp4", "none"])
def test_a_missing_file(bridge, capsys, name):
    err = fails(capsys, "review", name, "--exercise", "bridge", "--annotated", "a.mp4")
    assert name in err
    assert "no such file" in err.lower()


@pytest.mark.parametrize("name", ["folder.npz", "folder.mp4"])
def test_a_folder_instead_of_a_file(bridge, capsys, name):
    Path(name).mkdir()
    assert name in fails(capsys, "review", name, "--exercise", "bridge", "--json", "a.json")


def test_an_odd_file_name_stays_one_line(bridge, capsys):
    assert "two lines.npz" in fails(capsys, "review", "two\nlines.npz", "--exercise", "bridge")


def test_an_unknown_exercise_offers_the_nearest(bridge, capsys):
    assert "did you mean bridge" in fails(capsys, "review", bridge, "--exercise", "brigde")
    assert "plank" in fails(capsys, "review", bridge, "--exercise", "swimming")


def test_a_broken_spec_names_file_line_and_key(bridge, capsys):
    text = (specs_folder() / "bridge.yaml").read_text()
    Path("mine.yaml").write_text(text.replace("\nsummary:", "\nsumary:"))
    line = text[: text.index("\nsummary:")].count("\n") + 2
    for args in (
        ["review", bridge, "--exercise", "mine.yaml"],
        ["exercises", "check", "mine.yaml"],
        ["exercises", "mine.yaml"],
    ):
        err = fails(capsys, *args)
        assert f"mine.yaml, line {line}: sumary: " in err


@pytest.mark.parametrize("option", ["--json", "--csv", "--annotated"])
def test_an_output_that_cannot_be_written(bridge, capsys, option):
    Path("folder.mp4").mkdir()
    for out in ("folder.mp4", "no folder/a.mp4", f"{bridge}/a.mp4"):
        assert out in fails(capsys, "review", bridge, "--exercise", "bridge", option, out)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_write_protected(bridge, capsys):
    Path("locked").mkdir(mode=0o500)
    fails(capsys, "review", bridge, "--exercise", "bridge", "--json", "locked/a.json")


def test_one_output_that_cannot_be_written_means_that_none_is(bridge, capsys):
    args = ["--json", "a.json", "--csv", "no folder/a.csv"]
    fails(capsys, "review", bridge, "--exercise", "bridge", *args)


@pytest.mark.parametrize(
    "args",
    [
        ["--json", "a", "--csv", "a"],
        ["--json", "a", "--csv", "./a"],
        ["--json", "-", "--csv", "-"],
        ["--json", "a.mp4", "--annotated", "a.mp4"],
    ],
)
def test_two_outputs_of_one_name(bridge, capsys, args):
    assert "the same" in fails(capsys, "review", bridge, "--exercise", "bridge", *args)


def test_an_output_that_is_the_input(bridge, capsys):
    before = Path(bridge).read_bytes()
    shutil.copy(specs_folder() / "bridge.yaml", "mine.yaml")
    os.link(bridge, "link.npz")
    os.symlink(bridge, "symlink.npz")
    for out in (bridge, f"./{bridge}", "mine.yaml", "link.npz", "symlink.npz"):
        err = fails(capsys, "review", bridge, "--exercise", "mine.yaml", "--json", out)
        assert "this is what is read" in err
    assert "this is what is read" in fails(capsys, "record", bridge, bridge)
    assert Path(bridge).read_bytes() == before


def test_an_annotated_video_is_an_mp4(bridge, capsys):
    for out in ("a.avi", "-", "a"):
        err = fails(capsys, "review", bridge, "--exercise", "bridge", "--annotated", out)
        assert ".mp4" in err


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--from", "5", "--to", "5"], "not before"),
        (["--from", "-1"], "0 or more"),
        (["--from", "nan"], "--from"),
        (["--to", "soon"], "no time"),
        (["--to", "1:2:3"], "no time"),
        (["--from", "1000"], "nothing lies"),
    ],
)
def test_a_part_that_is_none(bridge, capsys, args, told):
    assert told in fails(capsys, "review", bridge, "--exercise", "bridge", *args)


def test_a_recording_is_an_npz(bridge, capsys):
    assert ".npz" in fails(capsys, "record", bridge, "a.mp4")


def test_an_unknown_model(bridge, empty_room, capsys):
    err = fails(capsys, "review", str(empty_room), "--exercise", "bridge", "--model", "fulll")
    assert "did you mean 'full'" in err


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "COMMAND"),
        (["rewiev"], "rewiev"),
        (["review", "bridge.npz", "--exercise", "bridge", "--jsn", "a"], "--jsn"),
        (["exercises", "bridge", "plank"], "one exercise at a time"),
        (["exercises", "check"], "name the spec file"),
        (["exercises", "check", "none.yaml"], "none.yaml"),
        (["exercises", "sqat"], "sqat"),
        (["app", "--port", "http"], "--port"),
    ],
)
def test_wrong_arguments(bridge, capsys, args, told):
    assert told in fails(capsys, *args)


# -- the other commands -----------------------------------------------------------------------


def test_the_list_of_exercises(capsys):
    assert main(["exercises"]) == 0
    out = capsys.readouterr().out
    for name, loaded in catalogue().items():
        assert name in out
        assert loaded.spec.name in out


def test_the_list_of_exercises_as_json(capsys):
    assert main(["exercises", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in entries] == list(catalogue())
    for entry in entries:
        assert {"id", "name", "position", "view", "kind"} <= entry.keys()
        assert all(isinstance(value, str) for value in entry.values())
        assert entry["kind"] in ("repetitions", "hold", "guided", "avoid")


def test_one_exercise(capsys):
    assert main(["exercises", "bridge"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Bridge (bridge): ")
    assert "How to do it" in out
    assert main(["exercises", "bridge", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["id"] == "bridge"
    assert value["repetition"]["reach"]["why"]


def test_the_schema_fits_the_specs(capsys):
    import jsonschema
    import yaml

    assert main(["exercises", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    for path in specs_folder().glob("*.yaml"):
        jsonschema.validate(yaml.safe_load(path.read_text()), schema)


def test_a_good_spec_is_said_to_be_good(capsys):
    assert main(["exercises", "check", str(specs_folder() / "bridge.yaml")]) == 0
    assert "a valid spec (Bridge: repetitions, 4 form errors)" in capsys.readouterr().out


def test_the_models_are_listed(capsys):
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    for name in ("lite", "full*", "heavy"):
        assert f"{name} " in out


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help(capsys, option):
    with pytest.raises(SystemExit, match="0"):
        main([option])
    out = capsys.readouterr().out
    assert "formcheck" in out
    assert option == "--help" or out == f"formcheck {__version__}\n"


# -- as a process -----------------------------------------------------------------------------


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "formcheck", *args]


def test_a_command_that_needs_no_video_imports_nothing_heavy():
    code = (
        "import sys; from formcheck.cli import main; main(['exercises']); main(['models']);"
        "print([m for m in ('mediapipe', 'cv2', 'av', 'streamlit') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_a_video_of_nobody_and_nothing_but_the_review_is_said(empty_room, tmp_path):
    done = subprocess.run(
        command("review", str(empty_room), "--exercise", "bridge", "--json", "-"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["source"]["frames"] == 30
    assert done.stderr.startswith("Bridge: no one was detected\n")
    assert done.stderr.endswith("ask a clinician.\n")


@pytest.mark.skipif(os.name != "posix", reason="opens a pseudo-terminal")
@pytest.mark.parametrize("name", ["room.mp4", "room.h264"])
def test_a_terminal_is_shown_how_far_it_is(empty_room, tmp_path, name):
    """Also where the file does not tell how long it is, as the bare stream does not."""
    import pty

    import av

    if name == "room.h264":
        with av.open(str(empty_room)) as source, av.open(str(tmp_path / name), "w") as bare:
            stream = bare.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    bare.mux(packet)
    else:
        shutil.copy(empty_room, tmp_path)
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        command("review", name, "--exercise", "bridge", "--json", "-"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(terminal)
        told = b""
        try:
            while chunk := os.read(controller, 4096):
                told += chunk
        except OSError:  # on Linux, the end
            pass
        os.close(controller)
        out, _ = process.communicate()
    assert process.returncode == 0
    assert json.loads(out)["source"]["frames"] == 30
    text = told.decode()
    assert "Reviewing bridge" in text
    assert ("left" in text.split("Bridge:")[0]) is (name == "room.mp4")
    assert "no one was detected" in text


@pytest.fixture(scope="module", params=["npz", "mp4"])
def long(request, tmp_path_factory) -> Path:
    """An hour of lying still, or a minute of nobody: there is time to stop its review."""
    path = tmp_path_factory.mktemp("long") / f"long.{request.param}"
    if request.param == "mp4":
        return film(path, 60)
    frame = f.bridge().frame()
    count = 60 * 60 * 30
    Recording(
        np.arange(count) / 30,
        np.broadcast_to(frame.image.astype(np.float32), (count, 33, 5)),
        np.broadcast_to(frame.world.astype(np.float32), (count, 33, 3)),
        640,
        480,
    ).save(path)
    return path


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize(
    ("number", "code", "told"),
    [
        (signal.SIGINT, 130, "formcheck: stopped; nothing was written.\n"),
        (signal.SIGTERM, 128 + signal.SIGTERM, ""),
    ],
)
def test_stopping_leaves_nothing_behind(long, tmp_path, number, code, told):
    old = tmp_path / "a.json"
    old.write_text("old")
    args = ["--json", "a.json", "--csv", "a.csv", "--annotated", "a.mp4"]
    with subprocess.Popen(
        command("review", str(long), "--exercise", "bridge", *args),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None and not any(tmp_path.glob(".*.part")):
            time.sleep(0.02)
        time.sleep(1.0)
        assert process.poll() is None, "it was done before it could be stopped"
        process.send_signal(number)
        began = time.monotonic()
        out, err = process.communicate()
    assert time.monotonic() - began < 5
    assert (process.returncode, out) == (code, "")
    # MediaPipe's threads, stopped while they start, may still say something themselves.
    assert told in err
    assert "Traceback" not in err
    assert os.listdir(tmp_path) == ["a.json"]
    assert old.read_text() == "old"


@pytest.mark.skipif(os.name != "posix", reason="closes pipes")
@pytest.mark.parametrize("args", [["exercises", "--json"], ["exercises"], ["--help"]])
def test_a_reader_that_stops_reading_is_no_error(args):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command(*args), stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_stdout_means_that_no_file_is_written(bridge):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command("review", bridge, "--exercise", "bridge", "--json", "-", "--csv", "a.csv"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("formcheck: ")
    assert done.stderr.count("\n") == 1
    assert files() == {bridge}


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_app_starts_and_ends(tmp_path, number):
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        command("app", "--port", str(port)),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that Ctrl-C reaches the server and not the tests
    ) as process:
        while process.poll() is None and not answers(port):
            time.sleep(0.2)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        out, _ = process.communicate()
    assert process.returncode == (0 if number == signal.SIGINT else 128 + number)
    assert "Traceback" not in out
    assert not answers(port)

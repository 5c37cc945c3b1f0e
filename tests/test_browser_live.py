"""The live page in a real browser, from the real app, with a film in place of a camera.

A slow machine sees fewer pictures of a film, but the same film: what is waited for is what happens,
and little is asked of the speed: the five pictures a second that form is judged by. Beside other
tests there are moments with fewer, so these tests run alone.
"""

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
from conftest import FOOTAGE, ROOT
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from test_browser import START_S, Watched, wait_until_healthy, wrong_on

from benchmarks.camera_films import FLAGS, RATE, Clip, film, nobody, written
from formcheck.body import Recording
from formcheck.engine.gate import UNSEEN_S
from formcheck.live.spoken import OTHER_PERSON
from formcheck.report.as_json import review_as_json
from formcheck.review import open_source, review
from formcheck.spec import find

DIST = ROOT / "frontend" / "dist" / "live.html"
SAMPLES = ROOT / "sample_videos"
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
# The tracker tries how quick it is, then the film has to come round to where the body lies still.
ACTIVE_S = 90
SET_S = 180
# The film's beginning: the position is held, so that the camera check and the countdown pass.
STILL_S = 9.0
# Longer than the server waits for a silent page.
ASLEEP_S = 33.0
# The last picture of a clip that is cut where the body has just come to rest.
END_S = 2.0
MOST_TABS = 80
AMOUNTS = {"sets": "Sets", "times": "Times", "hold": "Hold, s", "rest": "Rest, s"}
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(not DIST.exists(), reason="the live page is not built: make setup"),
    pytest.mark.skipif(
        PROGRAM is None, reason="there is no Chromium here (Debian: apt-get install chromium)"
    ),
]

# A voice that is silent and quick, and remembers what it was to say; the machine may have none.
VOICE = """
window.spoken = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const voice = { name: "test", lang: "en-US", localService: true, default: true };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [voice], addEventListener: () => {}, cancel: () => {},
  speak: (utterance) => {
    window.spoken.push(utterance.text);
    setTimeout(() => utterance.onend(), 50);
  },
}});
"""


@dataclass
class Server:
    """The running app: where it is, and where it saves sessions."""

    address: str
    sessions: Path

    @property
    def saved(self) -> list[Path]:
        return sorted(self.sessions.glob("*/recording.npz"))


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    log = folder / "log.txt"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
            cwd=ROOT,
            env=os.environ | {"FORMCHECK_SESSIONS": str(folder / "sessions")},
            stdout=out,
            stderr=out,
        )
    try:
        wait_until_healthy(f"http://localhost:{port}", process)
        yield Server(f"http://localhost:{port}", folder / "sessions")
    except TimeoutError:
        pytest.fail(f"the app did not start:\n{log.read_text()}")
    finally:
        process.terminate()
        process.wait(START_S)
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@dataclass
class Live(Watched):
    """The live page, with all that the server told it."""

    told: list[dict] = field(default_factory=list)

    def watch(self) -> None:
        super().watch()
        self.page.on("websocket", lambda one: one.on("framereceived", self._hear))

    def _hear(self, data: str | bytes) -> None:
        message = json.loads(data)
        self.told.append(message)

    def all(self, type: str) -> list[dict]:
        return [message for message in self.told if message["type"] == type]

    def stages(self) -> list[str]:
        """The stages that were gone through, in order."""
        stages = [now["stage"] for now in self.all("now")]
        return [s for i, s in enumerate(stages) if i == 0 or stages[i - 1] != s]

    def said(self, kind: str) -> list[tuple[float, str]]:
        return [
            (now["t"], one["text"])
            for now in self.all("now")
            for one in now["say"]
            if one["kind"] == kind
        ]

    def until(self, happened: Callable[[], object], seconds: float, what: str) -> None:
        for _ in range(round(5 * seconds)):
            if happened():
                return
            self.page.wait_for_timeout(200)
        stage = self.all("now")[-1:] or self.told[-1:]
        raise AssertionError(f"{what}: not within {seconds} s; last: {stage}")

    def stage(self, name: str, seconds: float) -> None:
        self.page.wait_for_selector(f".live[data-stage={name}]", timeout=1000 * seconds)

    def begin(self) -> None:
        self.page.get_by_role("button", name="Turn on the camera").click()

    def result(self, seconds: float) -> dict:
        """Wait for the last result, as the page got it and as it is shown."""
        heading = self.page.get_by_role("heading", name="What you did")
        expect(heading).to_be_visible(timeout=1000 * seconds)
        self.until(lambda: any(not r["next"] for r in self.all("result")), 30, "the result")
        return self.all("result")[-1]

    def spoken(self) -> list[str]:
        return self.page.evaluate("window.spoken")


def counted(live: Live) -> int:
    """Return how many repetitions the page was told of."""
    return sum(now["tone"] == "repetition" for now in live.all("now"))


@contextmanager
def visiting(
    playwright: Playwright, address: str, camera: Path, exercise: str, **asked: object
) -> Iterator[Live]:
    """Open the live page, ready to begin, in a browser of its own with its own camera."""
    flags = [*FLAGS, *CAMERA, f"--use-file-for-fake-video-capture={camera}"]
    size = asked.pop("size", (1280, 800))
    browser = playwright.chromium.launch(executable_path=PROGRAM, args=flags)
    try:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        page = context.new_page()
        page.add_init_script(VOICE)
        live = Live(page)
        live.watch()
        page.goto(f"{address}/live?exercise={exercise}")
        expect(page.get_by_label("Exercise")).to_have_value(exercise, timeout=1000 * START_S)
        for label, value in asked.items():
            page.get_by_label(AMOUNTS[label]).fill(str(value))
        yield live
        assert live.strangers() == []
        assert live.complaints == []
    finally:
        browser.close()


def reviewed_again(recording: Path) -> dict:
    exercise = json.loads((recording.parent / "review.json").read_text())["exercise"]
    with open_source(recording) as source:
        told = json.loads(review_as_json(review(source, find(exercise))))
    return told | {"source": None}


@pytest.fixture(scope="module")
def bridge_film(tmp_path_factory) -> Path:
    """Four bridges, one that is too low, and nobody for long enough to pause."""
    folder = tmp_path_factory.mktemp("bridge")
    return film(folder / "camera.mjpeg", Clip(SAMPLES / "bridge.mp4"), STILL_S, 0.0, 13.0)


# -- from start to saved result --------------------------------------------------------------------


def test_a_set_is_done_hands_free(playwright, server, bridge_film):
    """Seen, counted down, counted, corrected, paused while away, gone on, ended, saved."""
    with visiting(playwright, server.address, bridge_film, "bridge", times=6, hold=0) as live:
        live.begin()
        result = live.result(SET_S)
        page = live.page
        assert result["ended_by"] == "dosage"
        stages = live.stages()
        assert stages[0] == "setup"
        assert stages[-1] == "finished"
        assert "countdown" in stages
        away = stages.index("away")
        assert stages[away - 1 : away + 2] == ["active", "away", "active"]
        review = result["review"]
        # All that the film shows: a pass of it has four whole ones, and then one that is too low.
        assert review["reps"]["total"] == 6
        assert review["reps"]["attempts"] >= 1, review["warnings"]
        expect(page.get_by_text("6 of 6", exact=True)).to_be_visible()
        # Each repetition is counted aloud once, and sounds.
        counts = [text for _, text in live.said("count")]
        assert [text for text in counts if text in "12456" or text == "5. One more."][-6:]
        tones = [now["tone"] for now in live.all("now") if now["tone"]]
        assert tones.count("repetition") + tones.count("end") >= 6
        # The fifth is too low: it is said when it happens, in words, once.
        low = next(fault for fault in review["faults"] if fault["id"] == "too_low")
        cues = [(t, text) for t, text in live.said("cue") if text == low["message"]]
        assert len(cues) == sum(fault["id"] == "too_low" for fault in review["faults"])
        assert 0.0 <= cues[0][0] - low["end_s"] <= 1.0
        spoken = live.spoken()
        assert cues[0][1] in spoken
        assert spoken.count("That was the last one. Well done.") == 1
        # Nothing of importance is said twice within some seconds.
        times = [t for t, _ in live.said("cue")]
        assert all(b - a >= 2.5 for a, b in itertools.pairwise(times))
        # Saved, and reviewed again alike.
        recording = server.sessions / result["saved"] / "recording.npz"
        saved = json.loads((recording.parent / "review.json").read_text())
        assert reviewed_again(recording) == saved | {"source": None}
        assert {one.name for one in recording.parent.iterdir()} == {
            "recording.npz",
            "review.json",
            "session.json",
        }
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the review of Bridge").click()
        assert json.loads(download.value.path().read_text()) == review
        pain = page.get_by_role("group", name="How much pain do you have now?")
        pain.get_by_label("3", exact=True).check()
        session = recording.parent / "session.json"
        live.until(lambda: json.loads(session.read_text())["pain"] == 3, 20, "pain is kept")
        page.get_by_role("button", name="Delete what was saved").click()
        page.get_by_role("button", name="Really delete it?").click()
        expect(page.get_by_text("Deleted.")).to_be_visible(timeout=20_000)
        assert not recording.exists()


def test_a_routine_has_sets_and_rests_and_the_video_stays_here(
    playwright, server, bridge_film, tmp_path
):
    asked = {"times": 2, "hold": 0, "sets": 2, "rest": 3}
    with visiting(playwright, server.address, bridge_film, "bridge", **asked) as live:
        page = live.page
        page.get_by_role("button", name="Add an exercise").click()
        page.get_by_label("Exercise").nth(1).select_option("bridge")
        page.get_by_label("Times").nth(1).fill("1")
        page.get_by_label("Hold, s").nth(1).fill("0")
        page.get_by_label("Keep a video of me").check()
        before = set(server.saved)
        live.begin()
        result = live.result(2 * SET_S)
        first, second = live.all("result")
        assert first["next"]
        assert (first["ended_by"], second["ended_by"]) == ("dosage", "dosage")
        assert first["review"]["reps"]["total"] == 4
        assert result["review"]["reps"]["total"] == 1
        stages = live.stages()
        rest = stages.index("rest")
        assert stages[rest - 1 : rest + 2] == ["active", "rest", "active"]
        assert stages.index("finished") > rest
        expect(page.get_by_text("4 of 4", exact=True)).to_be_visible()
        expect(page.get_by_text("1 of 1", exact=True)).to_be_visible()
        # The video is the page's alone; of what is saved, nothing is a picture.
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the video").click()
        kept = tmp_path / download.value.suggested_filename
        download.value.save_as(kept)
        with av.open(str(kept)) as video:
            assert sum(1 for _ in video.decode(video=0)) > 30
        saved = set(server.saved) - before
        assert len(saved) == 2
        for recording in saved:
            assert {one.suffix for one in recording.parent.iterdir()} == {".npz", ".json"}


def test_two_visitors_do_different_exercises_at_once(playwright, server, tmp_path):
    films = {
        name: film(tmp_path / f"{name}.mjpeg", Clip(SAMPLES / f"{name}.mp4"), STILL_S, 0.0, 4.0)
        for name in ("bird_dog", "plank")
    }
    address = server.address
    with (
        visiting(playwright, address, films["bird_dog"], "bird_dog", times=1, hold=0) as birds,
        visiting(
            playwright, address, films["plank"], "plank", times=1, hold=8, size=(390, 844)
        ) as planks,
    ):
        birds.begin()
        planks.begin()
        bird_dog = birds.result(SET_S)
        assert bird_dog["ended_by"] == "dosage"
        # One of each side, as the film shows in turn. It does not wait for a computer that stands
        # still, so that one may pass unseen, and the other side is there again before it; but
        # nothing is counted twice: each side comes every 9.7 s.
        done = [one for one in bird_dog["review"]["repetitions"] if one["counted"]]
        for side in ("left", "right"):
            peaks = [one["peak_s"] for one in done if one["side"] == side]
            assert peaks, side
            assert all(b - a > 8.0 for a, b in itertools.pairwise(peaks)), peaks
        plank = planks.result(SET_S)
        assert plank["review"]["exercise"] == "plank"
        assert plank["review"]["hold_best_s"] >= 8
        # It sags in the middle, and is told so while it does.
        sag = next(fault for fault in plank["review"]["faults"] if fault["id"] == "hips_sag")
        assert sag["message"] in planks.spoken()
        assert any(text.startswith("That's 8 seconds.") for text in planks.spoken())
        width = planks.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390


# -- what may happen meanwhile ---------------------------------------------------------------------


class Proxy:
    """A line to the app that can be cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._up = True
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if not self._up:
                near.close()
                continue
            far = socket.create_connection(("localhost", self._port))
            self._open += [near, far]
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(a, b), daemon=True).start()

    @staticmethod
    def _pass(a: socket.socket, b: socket.socket) -> None:
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for one in (a, b):
            one.close()

    def cut(self) -> None:
        self._up = False
        for one in self._open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._open.clear()

    def mend(self) -> None:
        self._up = True

    def close(self) -> None:
        self.cut()
        self._listening.close()


@pytest.fixture
def line(server) -> Iterator[Proxy]:
    proxy = Proxy(urlsplit(server.address).port)
    yield proxy
    proxy.close()


def test_a_lost_line_a_camera_unplugged_and_another_tab_lose_nothing(
    playwright, server, line, bridge_film
):
    asked = {"times": 30, "hold": 0}
    with visiting(playwright, line.address, bridge_film, "bridge", **asked) as live:
        page = live.page
        live.begin()
        live.stage("active", ACTIVE_S)
        # The line is cut until the page says so, and mended.
        before = live.all("now")[-1]["frame"]
        line.cut()
        lost = page.get_by_text("The connection was lost.")
        expect(lost).to_be_visible(timeout=20_000)
        line.mend()
        expect(lost).to_be_hidden(timeout=20_000)
        assert len(live.all("welcome")) == 2
        assert live.all("welcome")[1]["received"] >= before
        # What was refused or cut off meanwhile is not the page's mistake.
        cut = ("ERR_", "Connection closed before receiving a handshake response")
        live.complaints[:] = [c for c in live.complaints if not any(one in c for one in cut)]
        # By key: pause, and go on.
        page.keyboard.press(" ")
        live.stage("paused", 10)
        page.keyboard.press(" ")
        page.wait_for_selector(".live:not([data-stage=paused])", timeout=10_000)
        # The camera goes.
        page.evaluate(
            "document.querySelector('video').srcObject.getTracks()[0]"
            ".dispatchEvent(new Event('ended'))"
        )
        expect(page.get_by_text("The camera is gone.")).to_be_visible()
        page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
        expect(page.get_by_text("The camera is gone.")).to_be_hidden(timeout=20_000)
        page.wait_for_selector(".live:not([data-stage=paused])", timeout=20_000)
        # In the background nothing can be followed.
        hide = (
            "Object.defineProperty(document, 'visibilityState', {value: '%s', configurable: true});"
        )
        change = "document.dispatchEvent(new Event('visibilitychange'))"
        page.evaluate(hide % "hidden" + change)
        page.evaluate(hide % "visible" + change)
        expect(page.get_by_text("This tab was in the background")).to_be_visible()
        # Another tab asks before it takes the camera.
        other = page.context.new_page()
        other.goto(f"{line.address}/live?exercise=bridge")
        other.get_by_role("button", name="Turn on the camera").click(timeout=1000 * START_S)
        expect(other.get_by_text("Another tab uses the camera")).to_be_visible(timeout=20_000)
        other.close()
        # It hurts: the end, at once, whatever the server does, with the advice to stop and ask.
        page.bring_to_front()
        page.keyboard.press("Escape")
        advice = page.get_by_role("alert").filter(has_text="it hurts")
        expect(advice).to_be_visible(timeout=2000)
        assert page.evaluate("document.querySelector('video')") is None
        expect(page.get_by_text("You stopped because it hurt.")).to_be_visible(timeout=20_000)
        result = live.result(20)
        assert result["ended_by"] == "hurt"
        assert "Stopped. Rest in the way that hurts least, and breathe calmly." in live.spoken()
        # What was done while the line was away is there: there is no hole before the pause.
        recording = Recording.load(server.sessions / result["saved"] / "recording.npz")
        paused = next(now["t"] for now in live.all("now") if now["stage"] == "paused")
        steps = np.diff(recording.t[recording.t < paused])
        assert steps.max() < 2.0


def its_processes(camera: Path) -> int:
    """Return the process group of the browser whose camera shows this film."""
    flag = f"--use-file-for-fake-video-capture={camera}".encode()
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            if flag in command.read_bytes():
                group = os.getpgid(int(command.parent.name))
                assert group != os.getpgid(0)
                return group
    raise AssertionError("the browser was not found")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found in /proc (Linux)")
def test_a_computer_that_was_asleep_loses_nothing(playwright, server, bridge_film):
    with visiting(playwright, server.address, bridge_film, "bridge", times=30, hold=0) as live:
        live.begin()
        live.until(lambda: counted(live) >= 2, SET_S, "two repetitions")
        group = its_processes(bridge_film)
        os.killpg(group, signal.SIGSTOP)
        try:
            time.sleep(ASLEEP_S)
        finally:
            os.killpg(group, signal.SIGCONT)
        expect(live.page.get_by_text("The computer was asleep.")).to_be_visible(timeout=30_000)
        live.until(lambda: len(live.all("welcome")) == 2, 30, "the line is back")
        before = counted(live)
        live.until(lambda: counted(live) > before, SET_S, "it goes on")
        live.page.keyboard.press("e")
        result = live.result(30)
        assert result["review"]["reps"]["total"] == counted(live)
        # Told as it was, with the time in which nobody looked.
        recording = server.sessions / result["saved"] / "recording.npz"
        saved = json.loads((recording.parent / "review.json").read_text())
        assert reviewed_again(recording) == saved | {"source": None}
        assert np.diff(Recording.load(recording).t).max() > ASLEEP_S - 1.0


@pytest.fixture(scope="module")
def two_people_film(tmp_path_factory) -> Path:
    """Somebody stands there alone; then somebody does bridges beside them; then they are gone."""
    lying = [picture[:, 95:550] for picture in Clip(SAMPLES / "bridge.mp4")]
    stand = [picture[:, 243:428] for picture in Clip(SAMPLES / "standing_side_bend.mp4")]
    standing = itertools.cycle(stand)
    mat, wall = (np.full_like(one, nobody()[0, 0, 0]) for one in (lying[0], stand[0]))
    still = lying[:1] * round(STILL_S * RATE)

    def shown() -> Iterator[np.ndarray]:
        for left in [mat] * round(10.0 * RATE) + still + lying:
            yield np.hstack([left, next(standing)])
        for left in still:
            yield np.hstack([left, wall])
        yield from [nobody()] * round(4.0 * RATE)

    return written(tmp_path_factory.mktemp("people") / "camera.mjpeg", shown())


def test_of_two_people_the_one_who_exercises_is_followed(playwright, server, two_people_film):
    with visiting(playwright, server.address, two_people_film, "bridge", times=40, hold=0) as live:

        def changes() -> int:
            return sum(text == OTHER_PERSON for _, text in live.said("stage"))

        page = live.page
        notice = page.get_by_role("status").filter(has_text="Someone else is in view.")
        live.begin()
        expect(notice).to_be_visible(timeout=1000 * ACTIVE_S)
        live.until(lambda: changes() == 1, ACTIVE_S, "the one on the mat is followed")
        assert any(now["leave"] == 0 for now in live.all("now"))
        assert OTHER_PERSON in live.spoken()
        before = counted(live)
        live.until(lambda: counted(live) >= before + 2, SET_S, "two repetitions")
        expect(notice).to_be_visible(timeout=1000 * ACTIVE_S)
        assert wrong_on(page, "two people") == []
        before = changes()
        page.get_by_role("button", name="Switch person").click(timeout=1000 * ACTIVE_S)
        live.until(lambda: changes() > before, 20, "the other one is followed, as chosen")
        # They leave.
        expect(notice).to_be_hidden(timeout=1000 * ACTIVE_S)
        page.keyboard.press("e")
        assert live.result(30)["review"]["reps"]["total"] == counted(live)


ADVICE = {
    # The feet are out of the picture.
    "cropped": ("bridge", "bridge", "whole", "move the camera back"),
    # From the front, for an exercise that only the side shows.
    "frontal": (
        "standing_back_stretch",
        "standing_side_bend",
        "place",
        "Turn so that your side faces the camera.",
    ),
}


@pytest.mark.parametrize("case", ADVICE)
def test_the_camera_check_says_what_to_do(playwright, server, tmp_path, case):
    exercise, sample, check, advice = ADVICE[case]

    def cut(picture: np.ndarray) -> np.ndarray:
        if case == "frontal":
            return picture
        height, width = picture.shape[:2]
        return picture[height * 30 // 100 : height * 90 // 100, width * 40 // 100 :]

    clip = Clip(SAMPLES / f"{sample}.mp4", cut)
    camera = film(tmp_path / "camera.mjpeg", clip, 30.0, 0.0, 0.0)
    with visiting(playwright, server.address, camera, exercise) as live:
        live.begin()
        live.until(
            lambda: any(advice in text for _, text in live.said("advice")), ACTIVE_S, "advice"
        )
        assert live.stages() == ["setup"]
        shown = live.page.locator(".checks li").filter(has_text=advice)
        expect(shown).to_be_visible()
        wrong = next(c for c in live.all("now")[-1]["checks"] if c["id"] == check)
        assert wrong["ok"] is False
        live.until(lambda: any(advice in text for text in live.spoken()), 20, "spoken advice")


def test_the_map_of_camera_positions_is_shown_where_it_helps(playwright, server, tmp_path):
    # From the front, where a wall sit is counted, and its form is not judged.
    clip = Clip(SAMPLES / "standing_side_bend.mp4")
    camera = film(tmp_path / "camera.mjpeg", clip, 30.0, 0.0, 0.0)
    with visiting(playwright, server.address, camera, "wall_sit") as live:
        plot = live.page.locator(".start .views img")
        expect(plot).to_be_visible()
        said = plot.get_attribute("alt")
        assert said.startswith("A map of the camera positions around you")
        assert plot.evaluate("one => one.decode().then(() => one.naturalWidth)") > 300
        expect(live.page.locator(".start .views li").first).to_contain_text("Best: ")
        live.begin()
        plot = live.page.locator(".stage .stage-views")
        expect(plot).to_be_visible(timeout=1000 * ACTIVE_S)
        assert plot.get_attribute("alt") == said
        # It hides nothing of what the camera sees.
        image, video = plot.bounding_box(), live.page.locator(".stage .camera").bounding_box()
        assert image["y"] >= video["y"] + video["height"] - 1


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("NotAllowedError", "The camera is not allowed for this page."),
        ("NotFoundError", "No camera was found."),
        ("NotReadableError", "The camera is in use by another program"),
    ],
)
def test_without_a_camera_it_says_what_to_do(playwright, server, bridge_film, error, message):
    with visiting(playwright, server.address, bridge_film, "bridge") as live:
        live.page.evaluate(
            "name => { navigator.mediaDevices.getUserMedia ="
            " () => Promise.reject(new DOMException('', name)); }",
            error,
        )
        live.begin()
        expect(live.page.get_by_role("alert").filter(has_text=message)).to_be_visible()
        expect(live.page.get_by_role("button", name="Try again")).to_be_visible()


def test_without_webgl_it_says_what_to_do(playwright, server, bridge_film):
    with visiting(playwright, server.address, bridge_film, "bridge") as live:
        live.page.add_init_script("OffscreenCanvas.prototype.getContext = () => null")
        live.page.reload()
        message = live.page.get_by_role("alert").filter(has_text="needs WebGL, which is off")
        expect(message).to_be_visible()
        expect(live.page.get_by_role("link", name="Review a video instead")).to_be_visible()
        expect(live.page.get_by_text("Loading")).not_to_be_visible()
        assert wrong_on(live.page, "turned away") == []


# -- by keyboard, and accessible -------------------------------------------------------------------


def tab_to(page: Page, name: str) -> None:
    """Move on with the tabulator until what has this name, or label, has the focus."""
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "() => { const e = document.activeElement; return e.getAttribute('aria-label') ??"
            " e.labels?.[0]?.textContent ?? e.textContent; }"
        )
        seen.append(" ".join(label.split())[:40])
        if name in label:
            return
    raise AssertionError(f"no tab stop {name!r} among {seen}")


def motion(page: Page) -> list[str]:
    """Name what moves by itself, or would on a change."""
    return page.evaluate(
        "() => [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || s.transitionDuration.split(',')"
        ".some(d => parseFloat(d) > 0); }).map(e => e.className || e.tagName)"
    )


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desk", "phone"])
def test_a_set_is_done_by_keyboard_and_every_screen_is_accessible(
    playwright, server, bridge_film, size
):
    with visiting(playwright, server.address, bridge_film, "bridge", size=size) as live:
        page = live.page
        page.emulate_media(reduced_motion="reduce")
        wrong = wrong_on(page, "start")
        assert motion(page) == []
        tab_to(page, "Times")
        page.keyboard.press("Control+a")
        page.keyboard.type("40")
        expect(page.locator(".words")).to_contain_text("40 times")  # the field is not left yet
        tab_to(page, "Turn on the camera")
        page.keyboard.press("Enter")
        live.stage("setup", ACTIVE_S)
        wrong += wrong_on(page, "set-up")
        live.stage("active", ACTIVE_S)
        wrong += wrong_on(page, "active")
        live.until(lambda: counted(live) >= 1, ACTIVE_S, "a repetition")
        page.keyboard.press("Space")
        live.stage("paused", 10)
        wrong += wrong_on(page, "paused")
        assert motion(page) == []
        page.keyboard.press("Space")
        live.until(lambda: live.all("now")[-1]["stage"] != "paused", 10, "it goes on")
        page.keyboard.press("e")
        saved = live.result(30)["saved"]
        wrong += wrong_on(page, "result")
        # The first key goes to the result, not to a page that is no more.
        tab_to(page, "0")
        page.keyboard.press("ArrowRight")
        session = server.sessions / saved / "session.json"
        live.until(lambda: json.loads(session.read_text())["pain"] == 1, 20, "pain is kept")
        tab_to(page, "Delete what was saved")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Really delete it?")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Deleted.")).to_be_visible(timeout=20_000)
        wrong += wrong_on(page, "deleted")
        assert not session.exists()
    assert wrong == []


# -- real people -----------------------------------------------------------------------------------

REAL = ("bridge_malik_w_diag", "sidelegraise_malik_m", "cobra_malik_side")


@pytest.mark.parametrize("name", REAL)
def test_real_people_are_counted_as_labelled(playwright, server, footage, tmp_path, name):
    labels = json.loads((FOOTAGE / "labels.json").read_text())
    label = next(one for one in labels if one["clip"] == name)
    clip = Clip(footage / label["video"])
    camera = film(tmp_path / "camera.mjpeg", clip, STILL_S, END_S, 4.0)
    with visiting(playwright, server.address, camera, label["exercise"], times=50) as live:
        live.begin()
        # Nobody is there at the film's end. Who began in the middle of it waits for the next pass.
        whole = clip.seconds + END_S + 1.0
        # For a moment the page takes it that who is out of sight is still there; the review knows.
        live.until(lambda: spell(live) >= whole + UNSEEN_S, SET_S, "a whole pass of the film")
        live.page.keyboard.press("e")
        told = live.result(30)["review"]
        start, end = next(span for span in told["in_position"] if span[1] - span[0] >= whole)
        counted = [
            one for one in told["repetitions"] if one["counted"] and start <= one["start_s"] < end
        ]
        least, most = label["reps"]
        assert least <= len(counted) <= most
        held = [one["held_s"] for one in told["holds"] if start <= one["start_s"] < end]
        for (from_s, to_s), held_s in zip(label["holds_s"], held, strict=False):
            # Who still holds in the last picture holds on as long as the film shows it.
            until_s = to_s + END_S if to_s > clip.seconds - 0.5 else to_s
            assert held_s == pytest.approx(until_s - from_s, abs=1.0)


def spell(live: Live) -> float:
    """How long the longest time in position was that is over."""
    longest, since, last = 0.0, None, 0.0
    for now in live.all("now"):
        if now["in_position"]:
            since = now["t"] if since is None else since
            last = now["t"]
        elif since is not None:
            longest, since = max(longest, last - since), None
    return longest

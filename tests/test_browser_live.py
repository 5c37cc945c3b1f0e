"""The live page in a real browser, from the real server, with a film in place of a camera."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect, sync_playwright
from test_browser import FLAGS, START_S, Watched, address  # noqa: F401

DIST = ROOT / "frontend" / "dist" / "live.html"
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
# The tracker tries how quick it is, then the film has to come round to where the body lies still.
ACTIVE_S = 60
SET_S = 60

pytestmark = pytest.mark.skipif(not DIST.exists(), reason="the live page is not built: make setup")


def as_camera(film: Path, folder: Path) -> Path:
    """Write a film as what Chromium takes for a camera; it is shown over and over."""
    path = folder / "camera.mjpeg"
    with av.open(film) as source, av.open(path, "w", format="mjpeg") as target:
        shown = source.streams.video[0]
        stream = target.add_stream("mjpeg", rate=round(shown.average_rate or 30))
        stream.width, stream.height, stream.pix_fmt = shown.width, shown.height, "yuvj420p"
        for picture in source.decode(shown):
            target.mux(stream.encode(picture.reformat(format="yuvj420p")))
        target.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    film = as_camera(ROOT / "sample_videos" / "bridge.mp4", tmp_path_factory.mktemp("camera"))
    flags = [*FLAGS, *CAMERA, f"--use-file-for-fake-video-capture={film}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def live(browser, address) -> Iterator[Watched]:  # noqa: F811
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    watched = Watched(page)
    watched.watch()
    page.goto(f"{address}/live?exercise=bridge")
    expect(page.get_by_label("Exercise")).to_have_value("bridge", timeout=1000 * START_S)
    page.get_by_label("Times").fill("2")
    page.get_by_label("Hold, s").fill("0")
    yield watched
    page.close()


def stage(page: Page, name: str, seconds: float) -> None:
    page.wait_for_selector(f".live[data-stage={name}]", timeout=1000 * seconds)


def test_a_set_is_done_without_touching_anything_and_nothing_leaves_this_machine(live, tmp_path):
    page = live.page
    page.get_by_role("button", name="Turn on the camera").click()
    stage(page, "active", ACTIVE_S)
    expect(page.get_by_role("heading", name="What you did")).to_be_visible(timeout=1000 * SET_S)
    expect(page.get_by_text("2 of 2")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the review of Bridge").click()
    download.value.save_as(tmp_path / "review.json")
    review = json.loads((tmp_path / "review.json").read_text())
    assert review["schema"] == "formcheck.review/1"
    assert review["reps"]["total"] == 2
    page.get_by_role("button", name="Delete what was saved").click()
    page.get_by_role("button", name="Really delete it?").click()
    assert live.strangers() == []
    assert live.complaints == []


def test_keys_pause_and_stop_it_hurts_ends_at_once(live):
    page = live.page
    page.get_by_role("button", name="Turn on the camera").click()
    stage(page, "active", ACTIVE_S)
    page.keyboard.press(" ")
    stage(page, "paused", 10)
    page.keyboard.press(" ")
    stage(page, "active", 10)
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert").filter(has_text="it hurts")).to_be_visible(timeout=2000)
    assert page.evaluate("document.querySelector('video')") is None
    expect(page.get_by_text("You stopped because it hurt.")).to_be_visible(timeout=20_000)

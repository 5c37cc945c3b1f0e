"""The page in a real browser, from the real server."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect, sync_playwright
from test_engine import bridges

from benchmarks.camera_films import FLAGS

START_S = 60
REVIEW_S = 300  # how long is waited, on a machine that does other things as well
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# What the Web Content Accessibility Guidelines 2.2 ask for at level AA, as far as a tool can tell.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """The running app's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )
    address = f"http://localhost:{port}"
    try:
        wait_until_healthy(address, server)
        yield address
    except TimeoutError:
        pytest.fail(f"the app did not start:\n{log.read_text()}")
    finally:
        server.terminate()
        server.wait(START_S)


def wait_until_healthy(address: str, server: subprocess.Popen) -> None:
    give_up = time.monotonic() + START_S
    while server.poll() is None and time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError


@dataclass
class Watched:
    """A page, with every address it asked for and everything it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        page = self.page
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and self.complaints.append(message.text),
        )

    def strangers(self) -> list[str]:
        """The addresses on other machines."""
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in ("data", "blob")
            and urlsplit(url).hostname != "localhost"
        ]


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def watched(request, browser, address) -> Iterator[Watched]:
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    watched = Watched(page)
    watched.watch()
    page.goto(address)
    expect(page.get_by_role("heading", name="formcheck")).to_be_visible(timeout=1000 * START_S)
    yield watched
    page.close()


def wrong_on(page: Page, screen: str) -> list[str]:
    """Return what axe-core finds wrong on the page as it is now."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert len(found["passes"]) > 10
    return [
        f"{screen}: {one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def verdict(page: Page) -> str:
    heading, problem = page.locator("#result"), page.get_by_role("alert")
    expect(heading.or_(problem).first).to_be_visible(timeout=1000 * REVIEW_S)
    return heading.or_(problem).first.inner_text()


def test_the_sample_is_one_click_away_and_nothing_leaves_this_machine(watched, bridge_count):
    page = watched.page
    page.get_by_role("button", name="Try the sample", exact=True).click()
    assert verdict(page).startswith(f"Bridge: {bridge_count} repetitions")
    check_results(watched)


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make setup")
def test_the_page_is_accessible_before_and_after_a_review(watched):
    page = watched.page
    about = page.get_by_role("heading", name="How to do it")
    expect(about).to_be_visible()
    wrong = wrong_on(page, "before")
    page.get_by_role("button", name="Try the sample", exact=True).click()
    verdict(page)
    expect(page.get_by_role("button", name="Review (JSON)")).to_be_visible()
    expect(about).to_be_hidden()
    page.get_by_text("About this exercise").click()
    expect(about).to_be_visible()
    wrong += wrong_on(page, "after")
    # Streamlit's own upload field has two roles at once; it works by keyboard and by name.
    assert [one for one in wrong if "presentation-role-conflict" not in one] == []


def test_the_map_of_camera_positions_is_drawn_and_fits_the_screen(watched):
    page = watched.page
    plot = page.get_by_role("img", name="A map of the camera positions around you")
    expect(plot).to_be_visible()
    assert plot.evaluate("one => one.decode().then(() => one.naturalWidth)") > 300
    box = plot.bounding_box()
    assert box["width"] > 300
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    assert watched.complaints == []


def test_an_uploaded_recording_is_reviewed(watched, tmp_path):
    bridges([175, 150, 176])[0].save(tmp_path / "evening.npz")
    page = watched.page
    page.locator("input[type=file]").set_input_files(tmp_path / "evening.npz")
    page.get_by_role("button", name="Review my video").click()
    assert verdict(page) == "Bridge: 2 repetitions, 1 attempt"
    check_results(watched)


def check_results(watched: Watched) -> None:
    page = watched.page
    # The annotated video is one that this browser plays.
    page.locator("video").evaluate(
        "video => video.readyState >= 2 || new Promise(ok => video.onloadeddata = ok)",
        timeout=30_000,
    )
    assert page.evaluate("document.querySelector('video').duration") > 5
    # The chart is drawn, and says in words what it shows.
    chart = page.locator("[data-testid=stVegaLiteChart]")
    expect(chart).to_be_visible()
    expect(chart.locator("canvas, svg").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Review (JSON)").click()
    review = json.loads(download.value.path().read_text())
    assert review["schema"] == "formcheck.review/1"
    # Nothing is cut off on the right, or only to be had by scrolling sideways.
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth") <= width
    assert watched.requests
    assert watched.strangers() == []
    assert watched.complaints == []


def test_a_stopped_review_shows_no_result(watched, tmp_path):
    bridges([175] * 40)[0].save(tmp_path / "long.npz")
    page = watched.page
    page.locator("input[type=file]").set_input_files(tmp_path / "long.npz")
    page.get_by_role("button", name="Review my video").click()
    page.get_by_role("button", name="Stop").click(timeout=1000 * START_S)
    expect(page.get_by_role("button", name="Stop")).to_be_hidden(timeout=30_000)
    expect(page.locator("#result")).to_have_count(0)
    # All is as before: another file can be given.
    expect(page.get_by_role("button", name="Review my video")).to_be_disabled()
    assert watched.complaints == []


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/static/nothing", "/live", "/other"])
def test_the_policies_are_on_streamlits_own_responses(address, path):
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=30) as response:
            headers = response.headers
    except urllib.error.HTTPError as refused:
        headers = refused.headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "*" not in policy
    live = path == "/live"
    assert headers["Permissions-Policy"].startswith("camera=(self)" if live else "camera=()")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_leads_to_the_live_page(watched):
    link = watched.page.get_by_role("link", name="Exercise live in front of your camera")
    expect(link).to_be_visible()
    assert link.get_attribute("href") == "/live?exercise=bridge"
    with watched.page.expect_popup() as opened:
        link.click()
    # Where the frontend is not built, it says what to do.
    expect(opened.value.locator("h1").first).to_be_visible()
    assert urlsplit(opened.value.url).path == "/live"
    opened.value.close()

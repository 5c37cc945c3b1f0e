"""The live page in a real browser: its landmarks against Python's, and how soon it answers.

A rendered film takes the place of the camera. What the browser finds in it is sent to a real
server, which saves it; Python looks at the same film. Times are taken in the page, where it sends a
frame (the skeleton is drawn in the same task) and where it hears the answer.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from benchmarks.camera_films import FLAGS, RATE, Clip, film
from formcheck.body import INDEX, VISIBILITY, PoseFrame, Recording, X, Y
from formcheck.pose.models import model_path
from formcheck.pose.tracker import PoseTracker
from formcheck.review import Reviewer
from formcheck.spec import find

ROOT = Path(__file__).parent.parent
EXERCISES = ("bridge", "bird_dog")
MODELS = ("lite", "full")
STILL_S, NOBODY_S = 9.0, 4.0
WAIT_S = 150.0
CAMERA_FLAGS = [
    *FLAGS,
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
BODY = [INDEX[f"{side}_{joint}"] for side in ("left", "right") for joint in JOINTS]

# Frames are binary: a number, and the time the picture was taken, on the page's own clock. What is
# queued as a microtask runs when the page has drawn and updated.
WATCH = """
window.told = []; window.overlay = []; window.answers = []; window.looked = [];
window.Worker = class extends Worker {
  constructor(...address) {
    super(...address);
    this.addEventListener("message", ({ data }) => {
      if (data.type === "frame") window.looked.push(data.ms);
    });
  }
};
const sent = new Map();
window.WebSocket = class extends WebSocket {
  send(data) {
    super.send(data);
    if (!(data instanceof ArrayBuffer)) return;
    const view = new DataView(data);
    const number = view.getUint32(0, true), taken = 1000 * view.getFloat64(4, true);
    sent.set(number, performance.now());
    queueMicrotask(() => window.overlay.push(performance.now() - taken));
  }
  set onmessage(handler) {
    super.onmessage = (event) => {
      handler(event);
      const message = JSON.parse(event.data);
      if (message.type === "now") {
        const since = sent.get(message.frame);
        if (since !== undefined) window.answers.push(performance.now() - since);
        window.told.push([message.t, message.stage, message.in_position]);
      }
      if (message.type === "result") window.result = message;
    };
  }
};
"""


def chromium() -> str | None:
    """Return the browser's program, None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def visit(host: str, exercise: str, model: str, camera: Path, whole_s: float) -> dict[str, Any]:
    """Exercise in a browser for one whole pass of a film; return what the page saw."""
    from playwright.sync_api import Route, sync_playwright

    def only_this_model(route: Route) -> None:
        told = route.fetch().json()
        told["models"] = {model: told["models"][model]}
        route.fulfill(json=told)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=[*CAMERA_FLAGS, f"--use-file-for-fake-video-capture={camera}"],
        )
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(WATCH)
            page.route("**/live/exercises.json", only_this_model)
            page.goto(f"http://{host}/live?exercise={exercise}")
            page.get_by_label("Times").fill("50")
            page.get_by_label("Hold, s").fill("0")
            page.get_by_role("button", name="Turn on the camera").click()
            give_up = time.monotonic() + WAIT_S
            while spell(page.evaluate("window.told")) < whole_s:
                if time.monotonic() > give_up:
                    raise TimeoutError(f"{exercise}, {model}: no whole pass of the film was seen")
                page.wait_for_timeout(500)
            page.keyboard.press("e")
            while not page.evaluate("!!window.result"):  # to wait by eval is forbidden there
                if time.monotonic() > give_up:
                    raise TimeoutError(f"{exercise}, {model}: no result came")
                page.wait_for_timeout(100)
            return dict(
                page.evaluate(
                    "({result: window.result, overlay: window.overlay, answers: window.answers,"
                    " looked: window.looked})"
                )
            )
        finally:
            browser.close()


def spell(told: list[tuple[float, str, bool]]) -> float:
    """Return the longest time in position that is over, seconds."""
    longest, since, last = 0.0, None, 0.0
    for t, _, in_position in told:
        if in_position:
            since = t if since is None else since
            last = t
        elif since is not None:
            longest, since = max(longest, last - since), None
    return longest


def tracked(camera: Path, model: str, start_s: float, end_s: float) -> list[PoseFrame]:
    """Return Python's landmarks of a part of the film, picture by picture."""
    frames = []
    with av.open(str(camera), format="mjpeg") as source, PoseTracker(model_path(model)) as tracker:
        for i, picture in enumerate(source.decode(video=0)):
            t = i / RATE
            if start_s <= t < end_s:
                frames.append(tracker.track(picture.to_ndarray(format="rgb24"), t))
    return frames


def counted(exercise: str, frames: list[PoseFrame]) -> tuple[int, int]:
    """Return how many repetitions and attempts an engine counts."""
    reviewer = Reviewer(find(exercise))
    for frame in frames:
        reviewer.feed(frame)
    reviewer.engine.finish()
    done = [one.counted for one in reviewer.engine.repetitions]
    return sum(done), len(done) - sum(done)


def shown(exercise: str, frames: list[PoseFrame]) -> NDArray[np.float64]:
    """Return the spec's shown measure of each frame, of its first side; NaN where not seen."""
    reviewer = Reviewer(find(exercise))
    values = []
    for frame in frames:
        reviewer.feed(frame)
        values.append(reviewer.engine.shown()[0][1])
    return np.array(values)


def compare(
    exercise: str, recording: Recording, span: list[float], film_s: float, camera: Path, model: str
) -> dict[str, Any]:
    """Compare one pass of the film, as the browser saw it, with Python's view of the film."""
    whole = tracked(camera, model, 0.0, film_s - NOBODY_S)
    of_python = np.array([frame.image for frame in whole])
    part = [frame for frame in recording if span[0] <= frame.t <= span[1] + 0.5]
    of_browser = np.array([frame.image for frame in part])
    times = np.array([frame.t for frame in part])
    # The camera's clock began somewhere in the film: where the landmarks fit best.
    best, at = np.inf, np.zeros(0, int)
    for begin_s in np.arange(-1.0, STILL_S + 1.0, 1 / (2 * RATE)):
        place = np.round((times - times[0] + begin_s) * RATE).astype(int)
        inside = (place >= 0) & (place < len(whole))
        if inside.sum() < 0.8 * len(place):
            continue
        apart = of_browser[inside][:, BODY] - of_python[place[inside]][:, BODY]
        error = float(np.nanmedian(np.abs(apart[..., : Y + 1])))
        if error < best:
            best, at = error, place
    inside = (at >= 0) & (at < len(whole))
    width, height = recording.width, recording.height
    apart = (of_browser[inside] - of_python[at[inside]])[:, BODY]
    clear = of_browser[inside][:, BODY][..., VISIBILITY] >= 0.5
    pixels = np.hypot(apart[..., X] * width, apart[..., Y] * height)[clear]
    live = shown(exercise, [replace(frame, t=frame.t - times[0]) for frame in part])[inside]
    python = shown(exercise, whole)[at[inside]]
    degrees = np.abs(live - python)
    return {
        "median_px": round(float(np.nanmedian(pixels)), 2),
        "p95_px": round(float(np.nanpercentile(pixels, 95)), 2),
        "median_deg": round(float(np.nanmedian(degrees)), 2),
        "p95_deg": round(float(np.nanpercentile(degrees, 95)), 2),
        "python_counts": list(counted(exercise, whole)),
    }


def measure(host: str, sessions: Path) -> list[dict[str, Any]]:
    """Run all exercises with all models; return one result each."""
    results = []
    with tempfile.TemporaryDirectory() as name:
        for exercise in EXERCISES:
            clip = Clip(ROOT / "sample_videos" / f"{exercise}.mp4")
            camera = film(Path(name) / f"{exercise}.mjpeg", clip, STILL_S, 0.0, NOBODY_S)
            film_s = STILL_S + clip.seconds + NOBODY_S
            for model in MODELS:
                whole_s = clip.seconds + 1.0
                seen = visit(host, exercise, model, camera, whole_s)
                told = seen["result"]["review"]
                span = next(one for one in told["in_position"] if one[1] - one[0] >= whole_s)
                done = [
                    r["counted"] for r in told["repetitions"] if span[0] <= r["start_s"] < span[1]
                ]
                recording = Recording.load(sessions / seen["result"]["saved"] / "recording.npz")
                steps = np.diff(recording.t)
                results.append(
                    {
                        "exercise": exercise,
                        "model": model,
                        "frames_a_s": round(float(1 / np.median(steps)), 1),
                        "tracker_ms": round(float(np.median(seen["looked"])), 1),
                        "overlay_ms": round(float(np.median(seen["overlay"])), 1),
                        "overlay_p95_ms": round(float(np.percentile(seen["overlay"], 95)), 1),
                        "feedback_ms": round(float(np.median(seen["answers"])), 1),
                        "feedback_p95_ms": round(float(np.percentile(seen["answers"], 95)), 1),
                        "live_counts": [sum(done), len(done) - sum(done)],
                        **compare(exercise, recording, span, film_s, camera, model),
                    }
                )
                print(json.dumps(results[-1]), flush=True)
    return results

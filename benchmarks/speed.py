"""How fast formcheck is, and how rightly it counts real people: `make benchmark`.

Prints a table and writes benchmarks/results/speed.json. Machines differ and are noisy: the review
is compared with a bare loop of OpenCV decoding and the pose tracker on the same file, run in turn
in the same session, and the median of the ratios is reported. The pose models are compared, frame
by frame in turn, with themselves before the segmentation mask was left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import av
import numpy as np

from benchmarks.accuracy import FOOTAGE
from benchmarks.readme import put
from formcheck.body import Recording
from formcheck.engine.core import Engine
from formcheck.pose.bundle import assemble
from formcheck.pose.models import MODELS, model_path, published_networks
from formcheck.pose.tracker import PoseTracker
from formcheck.recognise import together
from formcheck.spec import catalogue, find
from formcheck.video.read import VideoReader
from formcheck.video.write import VideoWriter

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_videos" / "bridge.mp4"
RESULTS = ROOT / "benchmarks" / "results" / "speed.json"
PROMISED = ("bridge", "bird_dog", "plank", "knee_plank")

# What a review cannot do without: decode with OpenCV, track with MediaPipe, nothing else.
BARE_LOOP = """
import sys
import cv2
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision

options = vision.PoseLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=sys.argv[2]),
    running_mode=vision.RunningMode.VIDEO,
)
video = cv2.VideoCapture(sys.argv[1])
fps = video.get(cv2.CAP_PROP_FPS)
frame = 0
with vision.PoseLandmarker.create_from_options(options) as tracker:
    while True:
        ok, picture = video.read()
        if not ok:
            break
        rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
        tracker.detect_for_video(image, int(frame * 1000 / fps))
        frame += 1
"""


def lengthened(times: int, target: Path, height: int = 720) -> Path:
    """Write the sample several times in a row, at another size, as a plain H.264 video."""
    shown = 0
    with VideoWriter(target) as out:
        for _ in range(times):
            with av.open(str(SAMPLE)) as video:
                for frame in video.decode(video=0):
                    width = frame.width * height // frame.height // 2 * 2
                    picture = frame.to_ndarray(width=width, height=height, format="rgb24")
                    out.write(picture, shown / 30)
                    shown += 1
    return target


def timed(command: list[str]) -> tuple[float, float]:
    """Run a command; return its wall seconds and its peak memory in MB."""
    # A child of its own, so that the peak is that of this command alone.
    probe = (
        "import resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "nothing = subprocess.DEVNULL\n"
        "code = subprocess.run(sys.argv[1:], stdout=nothing, stderr=nothing)\n"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,"
        " code.returncode)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, *command], capture_output=True, text=True, check=True
    )
    seconds, peak, code = done.stdout.split()
    if code != "0":
        raise SystemExit(f"failed with {code}: {' '.join(command)}")
    return float(seconds), float(peak) / (1024 if platform.system() == "Linux" else 1024**2)


def review_against_bare_loop(rounds: int, folder: Path) -> dict[str, Any]:
    """Time `formcheck review` and the bare loop in turn on the same 720p file."""
    video = lengthened(2, folder / "long.mp4")
    model = str(model_path("full"))
    review = [sys.executable, "-m", "formcheck", "review", str(video), "--exercise", "bridge"]
    review += ["--json", str(folder / "out.json")]
    bare = [sys.executable, "-c", BARE_LOOP, str(video), model]
    timed(review), timed(bare)  # warm the caches
    pairs = [(timed(review)[0], timed(bare)[0]) for _ in range(rounds)]
    frames = json.loads((folder / "out.json").read_text())["source"]["frames"]
    ratios = [a / b for a, b in pairs]
    return {
        "review_s": round(statistics.median(a for a, _ in pairs), 2),
        "bare_loop_s": round(statistics.median(b for _, b in pairs), 2),
        "ratio_median": round(statistics.median(ratios), 3),
        "ratio_min": round(min(ratios), 3),
        "ratio_max": round(max(ratios), 3),
        "frames": frames,
        "frames_per_s": round(frames / statistics.median(a for a, _ in pairs), 1),
        "rounds": rounds,
    }


def tracking(folder: Path, end_s: float = 5.0) -> dict[str, Any]:
    """Time the tracker with each model, and with the same model that still computes its mask.

    Both look at the same 720p frames in turn, in this process, so that whatever else slows the
    machine slows both.
    """
    with VideoReader(lengthened(1, folder / "once.mp4"), end_s=end_s) as video:
        frames = list(video)
    result: dict[str, Any] = {}
    for name, model in MODELS.items():
        with_mask = folder / "with_mask.task"
        with_mask.write_bytes(assemble(*published_networks(model), mask=True))
        times = []
        with PoseTracker(model_path(name)) as tracker, PoseTracker(with_mask) as masking:
            for frame in frames:
                start = time.perf_counter()
                found = tracker.track(frame.rgb, frame.t)
                between = time.perf_counter()
                expected = masking.track(frame.rgb, frame.t)
                times.append((between - start, time.perf_counter() - between))
                if not np.array_equal(found.image, expected.image, equal_nan=True):
                    raise SystemExit(f"{name}: not the landmarks of the model with its mask")
        result[name] = {
            "median_ms": round(1000 * statistics.median(own for own, _ in times), 2),
            "with_mask_ms": round(1000 * statistics.median(other for _, other in times), 2),
            "ratio_median": round(statistics.median(other / own for own, other in times), 2),
            "frames": len(times),
        }
    return result


def memory(folder: Path) -> dict[str, Any]:
    """Peak memory of a review of a video, and of one five times as long."""
    peaks = {}
    for times in (1, 5):
        video = lengthened(times, folder / f"times{times}.mp4", height=480)
        command = [sys.executable, "-m", "formcheck", "review", str(video), "--exercise", "bridge"]
        peaks[times] = timed([*command, "--model", "lite"])[1]
    return {
        "peak_mb": round(peaks[1]),
        "peak_mb_5_times_as_long": round(peaks[5]),
    }


def engine_speed() -> dict[str, Any]:
    """Median time of one frame in the engine, per exercise, on the bridge's recording.

    As the app runs it: the movements to avoid are looked for as well.
    """
    result = {}
    avoid = [one.spec for one in catalogue().values() if one.spec.kind == "avoid"]
    frames = list(Recording.load(ROOT / "tests" / "data" / "bridge_correct.npz"))
    for exercise in PROMISED:
        spec = find(exercise).spec
        times = []
        for _ in range(5):
            engine = Engine(spec, avoid)
            for frame in frames:
                start = time.perf_counter()
                engine.feed(frame)
                times.append(time.perf_counter() - start)
        result[exercise] = {
            "median_ms": round(1000 * statistics.median(times), 3),
            "mean_ms": round(1000 * statistics.fmean(times), 3),
            "p95_ms": round(1000 * float(np.percentile(times, 95)), 3),
        }
    return result


def on_footage() -> list[dict[str, Any]]:
    """Judge every clip of real people for each promised exercise, against the labels by eye."""
    labels = json.loads((FOOTAGE / "labels.json").read_text())
    rows = []
    for label in labels:
        own = label["exercise"]
        recording = Recording.load(FOOTAGE / label["trace"])
        told: dict[str, Any] = {}
        for exercise in PROMISED:
            engine = Engine(find(exercise).spec)
            together(recording, [engine])
            told[exercise] = {
                "reps": sum(r.counted for r in engine.repetitions),
                "peaks_s": [round(r.peak_s, 2) for r in engine.repetitions if r.counted],
                "holds_s": [[round(h.start_s, 2), round(h.end_s, 2)] for h in engine.holds],
            }
        row: dict[str, Any] = {"clip": label["clip"], "exercise": own}
        if own in PROMISED:
            mine = told.pop(own)
            row |= {
                "labelled_reps": label["reps"],
                "reps": mine["reps"],
                "reps_right": label["reps"][0] <= mine["reps"] <= label["reps"][1],
                "peak_error_s": peak_error(mine["peaks_s"], label["peaks_s"]),
                "hold_error_s": hold_error(mine["holds_s"], label["holds_s"])
                if own in ("plank", "knee_plank")
                else None,
            }
        row["false_reps"] = sum(x["reps"] for x in told.values())
        row["false_hold_s"] = round(sum(b - a for x in told.values() for a, b in x["holds_s"]), 2)
        rows.append(row)
    return rows


def peak_error(told: list[float], labelled: list[float]) -> float | None:
    """Return the largest distance of a told peak from the nearest labelled one, seconds."""
    if not told or not labelled:
        return None
    return round(max(min(abs(t - x) for x in labelled) for t in told), 2)


def hold_error(told: list[list[float]], labelled: list[list[float]]) -> float | None:
    """Return the largest error at an edge of a labelled hold, seconds; None if one is missing."""
    if len(told) != len(labelled):
        return None
    edges = [
        abs(a - b) for x, y in zip(told, labelled, strict=True) for a, b in zip(x, y, strict=True)
    ]
    return round(max(edges, default=0.0), 2)


def as_markdown(result: dict[str, Any]) -> str:
    """Return the tables for people."""
    lines = ["| measured | figure |", "|---|---|"]
    against = result["review"]
    lines += [
        f"| `formcheck review` against a bare loop of OpenCV and the tracker | "
        f"{against['ratio_median']} times ({against['ratio_min']} to {against['ratio_max']} in "
        f"{against['rounds']} pairs) |",
        f"| a 720p video, full model | {against['frames_per_s']} frames/s |",
    ]
    models = result["tracking"]
    lines.append(
        f"| tracking one 720p frame, median: {', '.join(models)}; times as fast as with the mask |"
        f" {', '.join(str(one['median_ms']) for one in models.values())} ms;"
        f" {', '.join(str(one['ratio_median']) for one in models.values())} |"
    )
    slowest = max(result["engine"].values(), key=lambda x: x["median_ms"])
    lines.append(
        "| engine, movements to avoid included, one frame, median (slowest of four exercises)"
        f" | {slowest['median_ms']} ms |"
    )
    peak = result["memory"]
    lines.append(
        f"| peak memory; the same for a video five times as long | {peak['peak_mb']} MB;"
        f" {peak['peak_mb_5_times_as_long']} MB |"
    )
    rows = result["footage"]
    if rows:
        own = [r for r in rows if "reps" in r]
        holds = [r["hold_error_s"] for r in own if r["hold_error_s"] is not None]
        peaks = [r["peak_error_s"] for r in own if r["peak_error_s"] is not None]
        lines += [
            f"| real clips of the four exercises: repetitions within what the eye counted | "
            f"{sum(r['reps_right'] for r in own)} of {len(own)} clips |",
            f"| largest error of a peak; of an edge of a plank | {max(peaks)} s; {max(holds)} s |",
            f"| false repetitions, false held seconds: four exercises on {len(rows)} clips of 20"
            f" movements | {sum(r['false_reps'] for r in rows)};"
            f" {sum(r['false_hold_s'] for r in rows)} s |",
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run all, print, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="pairs of review and bare loop")
    parser.add_argument("--readme", action="store_true", help="also put the table in the README")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = {
            "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
            "engine": engine_speed(),
            "tracking": tracking(folder),
            "review": review_against_bare_loop(args.rounds, folder),
            "memory": memory(folder),
            "footage": on_footage() if FOOTAGE.is_dir() else [],
        }
    if not FOOTAGE.is_dir():
        print("The clips of real people (../shared/footage) are not here; their rows are left out.")
    table = as_markdown(result)
    print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    print(f"written: {RESULTS.relative_to(ROOT)}")
    if args.readme:
        put("benchmark", table)


if __name__ == "__main__":
    main()

"""The live page, measured: `python -m benchmarks.live`, or `make benchmark-live`.

In a real browser: benchmarks/live_browser.py. How many people one server process can accompany: the
server runs in a process of its own; here are its visitors, each with a connection of its own,
sending recorded landmarks at a camera's pace. Told are the time from a frame to its answer, the
server's share of a core, and its memory. The visitors come and go again and again, to see that
nothing of them stays.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.client import connect

from benchmarks import live_browser
from benchmarks.readme import put
from formcheck.body import PoseFrame, Recording
from formcheck.live.protocol import write_frame

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "live.json"
DATA = ROOT / "tests" / "data"
EXERCISES = {"bridge": "bridge_correct", "bird_dog": "bird_dog_correct", "plank": "plank_sagging"}
FRAMES_A_S = 15.0
ARRIVAL_S = 10.0  # in which the visitors come, one after the other
# What is asked for, by the issue: so many visitors a core, answered in so many milliseconds.
VISITORS, WANTED_MS = 60, 50.0

SERVER = """
import asyncio, sys
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from formcheck.live.site import LiveSite
from formcheck.live.socket import Limits

folder = Path(sys.argv[1])
site = LiveSite(
    dist=Path(sys.argv[2]),
    sessions_folder=folder / "sessions",
    compressed_folder=folder / "gzip",
    limits=Limits(over_s=0.0, sweep_s=1.0),  # so that what stays is not what still waits
)
app = Starlette(routes=site.routes(), middleware=site.middleware(), lifespan=site.lifespan)
# As Streamlit runs it.
config = uvicorn.Config(
    app, port=0, log_level="warning", ws="websockets-sansio", ws_per_message_deflate=False
)
server = uvicorn.Server(config)

async def serve():
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await task

asyncio.run(serve())
"""
DIST = ROOT / "frontend" / "dist"
PAGE = '<!doctype html><meta name="formcheck-token" content="">'


@dataclass
class Tally:
    """What the visitors saw."""

    answers_s: list[float] = field(default_factory=list)
    slowest_s: list[float] = field(default_factory=list)  # each visitor's 99th percentile
    sent: int = 0
    counted: int = 0
    most_mb: float = 0.0  # of the server


def resampled(recording: Recording) -> list[PoseFrame]:
    """Return a recording's frames at the camera's pace."""
    wanted = np.arange(recording.t[0], recording.t[-1], 1.0 / FRAMES_A_S)
    at = np.unique(np.searchsorted(recording.t, wanted))
    frames = list(recording)
    return [frames[i] for i in at]


async def visit(
    host: str, exercise: str, frames: list[PoseFrame], long_s: float, tally: Tally
) -> None:
    """Exercise for some time, these frames again and again."""
    with urllib.request.urlopen(f"http://{host}/live") as response:
        cookie = response.headers["Set-Cookie"].partition(";")[0]
        token = re.search(r'content="(\w+)"', response.read().decode())
    assert token is not None
    sent: dict[int, float] = {}
    async with connect(
        f"ws://{host}/live/socket", origin=f"http://{host}", additional_headers={"Cookie": cookie}
    ) as socket:
        wanted = [{"exercise": exercise, "sets": 20, "times": 100, "rest_s": 5}]
        await socket.send(json.dumps({"type": "begin", "token": token[1], "routine": wanted}))

        async def send() -> None:
            begin = time.perf_counter()
            for number in range(1, int(long_s * FRAMES_A_S)):
                due = begin + number / FRAMES_A_S
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                frame = frames[number % len(frames)]
                moved = replace(frame, t=number / FRAMES_A_S)
                sent[number] = time.perf_counter()
                tally.sent += 1
                await socket.send(write_frame(number, moved))
            await socket.send('{"type":"do","what":"end"}')

        sending = asyncio.create_task(send())
        own: list[float] = []
        async for text in socket:
            now = time.perf_counter()
            message = json.loads(text)
            if message["type"] == "now":
                for number in [n for n in sent if n <= message["frame"]]:
                    own.append(now - sent.pop(number))
            elif message["type"] == "result":
                tally.counted += bool(message["review"] and message["review"]["in_position"])
                break
        await sending
        tally.answers_s += own
        tally.slowest_s.append(float(np.percentile(own, 99)))
        await socket.send('{"type":"forget"}')


async def visits(host: str, pid: int, visitors: int, long_s: float) -> Tally:
    """Let so many people exercise at a time.

    They come within the first seconds, at random but the same in every run, and no two are at the
    same point of the recording: people do not move in step, nor do their cameras take pictures so.
    """

    async def look() -> None:
        while True:
            tally.most_mb = max(tally.most_mb, used(pid)[1])
            await asyncio.sleep(1.0)

    tally = Tally()
    recorded = {
        id: resampled(Recording.load(DATA / f"{name}.npz")) for id, name in EXERCISES.items()
    }

    # Evenly spread, sixty would send in step: 10 s / 60 is 2.5 times the time between pictures.
    arrivals = np.sort(np.random.default_rng(0).uniform(0.0, ARRIVAL_S, visitors)).tolist()

    async def one(i: int) -> None:
        await asyncio.sleep(arrivals[i])
        exercise = list(EXERCISES)[i % len(EXERCISES)]
        frames = recorded[exercise]
        first = len(frames) * i // visitors
        await visit(host, exercise, frames[first:] + frames[:first], long_s, tally)

    looking = asyncio.create_task(look())
    await asyncio.gather(*(one(i) for i in range(visitors)))
    looking.cancel()
    return tally


def used(pid: int) -> tuple[float, float]:
    """Return a process's processor seconds and its memory in MB."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")
    status = Path(f"/proc/{pid}/status").read_text()
    resident = re.search(r"VmRSS:\s+(\d+)", status)
    assert resident is not None
    return seconds, int(resident[1]) / 1024


@contextmanager
def serving(folder: Path, dist: Path) -> Iterator[tuple[str, int]]:
    """Run the server in a process of its own; give its host and port, and its process."""
    command = [sys.executable, "-c", SERVER, str(folder), str(dist)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield f"127.0.0.1:{int(server.stdout.readline())}", server.pid
        finally:
            server.terminate()


def on_server(visitors: int, long_s: float, rounds: int) -> list[dict[str, Any]]:
    """Run the server and its visitors; return one result a round."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "live.html").write_text(PAGE)
        with serving(Path(folder), Path(folder)) as (host, pid):
            _, empty_mb = used(pid)
            for _ in range(rounds):
                results.append(one_round(host, pid, visitors, long_s))
                results[-1]["memory_empty_mb"] = round(empty_mb, 1)
                print(json.dumps(results[-1]), flush=True)
    return results


def one_round(host: str, pid: int, visitors: int, long_s: float) -> dict[str, Any]:
    """Let the visitors come, exercise and go."""
    before_s, before_mb = used(pid)
    begin = time.perf_counter()
    tally = asyncio.run(visits(host, pid, visitors, long_s))
    took = time.perf_counter() - begin
    after_s, after_mb = used(pid)
    p50, p95, p99 = np.percentile(tally.answers_s, [50, 95, 99]) * 1000
    return {
        "visitors": visitors,
        "frames_a_s": FRAMES_A_S,
        "seconds": long_s,
        "sent": tally.sent,
        "answered": len(tally.answers_s),
        "reviewed": tally.counted,
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "p99_ms": round(float(p99), 1),
        "slowest_visitor_p99_ms": round(1000 * max(tally.slowest_s), 1),
        "ms_a_frame": round(1000 * (after_s - before_s) / tally.sent, 3),
        "cores": round((after_s - before_s) / took, 2),
        "memory_most_mb": round(tally.most_mb, 1),
        "memory_mb": round(after_mb, 1),
        "memory_before_mb": round(before_mb, 1),
    }


def in_browser() -> list[dict[str, Any]]:
    """Let a real browser exercise with the built page."""
    if live_browser.chromium() is None or not (DIST / "live.html").is_file():
        print("There is no Chromium, or the page is not built: its rows are left out.")
        return []
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), DIST) as (host, _),
    ):
        return live_browser.measure(
            f"localhost:{host.rpartition(':')[2]}", Path(folder) / "sessions"
        )


def as_markdown(result: dict[str, Any]) -> str:
    """Return the README's table."""
    lines = ["| measured | figure |", "|---|---|"]
    pages, rounds = result["browser"], result["server"]
    for model in sorted({one["model"] for one in pages}):
        own = [one for one in pages if one["model"] == model]

        def most(name: str, own: list[dict[str, Any]] = own) -> float:
            return max(float(one[name]) for one in own)

        right = sum(one["live_counts"] == one["python_counts"] for one in own)
        rate = min(one["frames_a_s"] for one in own)
        lines += [
            f"| {model} model in the browser, on the CPU | {rate} pictures/s |",
            f"| - of MediaPipe itself, a picture, median | {most('tracker_ms')} ms |",
            f"| - from the picture to its overlay, median (95%) | {most('overlay_ms')} ms"
            f" ({most('overlay_p95_ms')} ms) |",
            f"| - from the landmarks to the feedback, median (95%) | {most('feedback_ms')} ms"
            f" ({most('feedback_p95_ms')} ms) |",
            f"| - against Python on the same film: landmarks, median (95%) | {most('median_px')} px"
            f" ({most('p95_px')} px) of 640 x 480 |",
            f"| - against Python: the angle that is counted, median (95%) | {most('median_deg')}°"
            f" ({most('p95_deg')}°) |",
            f"| - against Python: repetitions and attempts alike | {right} of {len(own)} films |",
        ]
    if rounds:
        first, last = rounds[0], rounds[-1]
        each = (first["memory_most_mb"] - first["memory_empty_mb"]) / first["visitors"]
        lines += [
            f"| {first['visitors']} people at once, {FRAMES_A_S:g} frames/s each: share of"
            f" a core | {max(one['cores'] for one in rounds)} |",
            f"| - the server's work, a frame | {max(one['ms_a_frame'] for one in rounds)} ms |",
            f"| - a frame's answer, median; 99% | {max(one['p50_ms'] for one in rounds)} ms;"
            f" {max(one['p99_ms'] for one in rounds)} ms |",
            f"| - the same of the person who waited longest, 99% |"
            f" {max(one['slowest_visitor_p99_ms'] for one in rounds)} ms |",
            f"| - memory, a person | {each:.2f} MB |",
            f"| - memory after {len(rounds)} such rounds of {first['seconds']:g} s, one after the"
            f" other | {first['memory_mb']:.0f} MB, then {last['memory_mb']:.0f} MB |",
        ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure all, print, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("server", "browser"), help="and keep nothing")
    parser.add_argument("--readme", action="store_true", help="also put the table in the README")
    options = parser.parse_args()
    server = options.only != "browser"
    result = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "browser": in_browser() if options.only != "server" else [],
        "server": on_server(options.visitors, options.seconds, options.rounds) if server else [],
    }
    table = as_markdown(result)
    print(table)
    if options.only is None:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"written: {RESULTS.relative_to(ROOT)}")
        if options.readme:
            put("live", table)
    return 0 if all(one["p99_ms"] <= WANTED_MS for one in result["server"]) else 1


if __name__ == "__main__":
    sys.exit(main())

"""How many people one server process can accompany: `python -m benchmarks.live`.

The server runs in a process of its own; here are its visitors, each with a connection of its own,
sending recorded landmarks at a camera's pace. Told are the time from a frame to its answer, the
server's share of a core, and its memory. With `--rounds`, the visitors come and go again and again,
to see that nothing of them stays.
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
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.client import connect

from formcheck.body import PoseFrame, Recording
from formcheck.live.protocol import write_frame

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "live.json"
DATA = ROOT / "tests" / "data"
EXERCISES = {"bridge": "bridge_correct", "bird_dog": "bird_dog_correct", "plank": "plank_sagging"}
FRAMES_A_S = 15.0
# What is asked for, by the issue: so many visitors a core, answered in so many milliseconds.
WANTED_MS = 50.0

SERVER = """
import asyncio, sys
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from formcheck.live.site import LiveSite
from formcheck.live.socket import Limits

folder = Path(sys.argv[1])
site = LiveSite(
    dist=folder,
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
PAGE = '<!doctype html><meta name="formcheck-token" content="">'


@dataclass
class Tally:
    """What the visitors saw."""

    answers_s: list[float] = field(default_factory=list)
    sent: int = 0
    counted: int = 0


def resampled(recording: Recording) -> list[PoseFrame]:
    """Return a recording's frames at the camera's pace."""
    wanted = np.arange(recording.t[0], recording.t[-1], 1.0 / FRAMES_A_S)
    at = np.unique(np.searchsorted(recording.t, wanted))
    frames = list(recording)
    return [frames[i] for i in at]


async def visit(
    host: str, exercise: str, frames: list[PoseFrame], long_s: float, tally: Tally
) -> None:
    """Exercise for some time, the recording again and again."""
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
        async for text in socket:
            now = time.perf_counter()
            message = json.loads(text)
            if message["type"] == "now":
                for number in [n for n in sent if n <= message["frame"]]:
                    tally.answers_s.append(now - sent.pop(number))
            elif message["type"] == "result":
                tally.counted += bool(message["review"] and message["review"]["in_position"])
                break
        await sending
        await socket.send('{"type":"forget"}')


async def visits(host: str, visitors: int, long_s: float) -> Tally:
    """Let so many people exercise at a time; they come within the first second."""
    tally = Tally()
    recorded = {
        id: resampled(Recording.load(DATA / f"{name}.npz")) for id, name in EXERCISES.items()
    }

    async def one(i: int) -> None:
        await asyncio.sleep(i / visitors)
        exercise = list(EXERCISES)[i % len(EXERCISES)]
        await visit(host, exercise, recorded[exercise], long_s, tally)

    await asyncio.gather(*(one(i) for i in range(visitors)))
    return tally


def used(pid: int) -> tuple[float, float]:
    """Return a process's processor seconds and its memory in MB."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")
    status = Path(f"/proc/{pid}/status").read_text()
    resident = re.search(r"VmRSS:\s+(\d+)", status)
    assert resident is not None
    return seconds, int(resident[1]) / 1024


def measure(visitors: int, long_s: float, rounds: int) -> list[dict[str, Any]]:
    """Run the server and its visitors; return one result a round."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "live.html").write_text(PAGE)
        command = [sys.executable, "-c", SERVER, folder]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                host = f"127.0.0.1:{int(server.stdout.readline())}"
                for _ in range(rounds):
                    before_s, before_mb = used(server.pid)
                    begin = time.perf_counter()
                    tally = asyncio.run(visits(host, visitors, long_s))
                    took = time.perf_counter() - begin
                    after_s, after_mb = used(server.pid)
                    p50, p95, p99 = np.percentile(tally.answers_s, [50, 95, 99]) * 1000
                    results.append(
                        {
                            "visitors": visitors,
                            "frames_a_s": FRAMES_A_S,
                            "seconds": long_s,
                            "sent": tally.sent,
                            "answered": len(tally.answers_s),
                            "reviewed": tally.counted,
                            "p50_ms": round(float(p50), 1),
                            "p95_ms": round(float(p95), 1),
                            "p99_ms": round(float(p99), 1),
                            "ms_a_frame": round(1000 * (after_s - before_s) / tally.sent, 3),
                            "cores": round((after_s - before_s) / took, 2),
                            "memory_mb": round(after_mb, 1),
                            "memory_before_mb": round(before_mb, 1),
                        }
                    )
                    print(json.dumps(results[-1]), flush=True)
            finally:
                server.terminate()
    return results


def main() -> int:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    results = measure(options.visitors, options.seconds, options.rounds)
    if options.keep:
        machine = f"{platform.machine()}, {os.cpu_count()} cores"
        text = json.dumps({"machine": machine, "rounds": results}, indent=1)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    return 0 if all(one["p99_ms"] <= WANTED_MS for one in results) else 1


if __name__ == "__main__":
    sys.exit(main())

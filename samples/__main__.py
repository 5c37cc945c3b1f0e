"""``python -m samples``: render videos, and make the recordings for tuning and tests."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.packed import SUFFIX, pack
from formcheck.body import Recording
from formcheck.pose.tracker import PoseTracker
from samples.angles import SIDES
from samples.body_model import BODIES
from samples.camera import camera
from samples.clothes import OUTFITS
from samples.evaluation import evaluation_clips
from samples.exercises import EXERCISES, Plan
from samples.passer import AWAY_M, Passer
from samples.performance import Performance, perform
from samples.recordings import Clip, clips, sample_videos, test_clips
from samples.scene import DECORS, Picture, Scene
from samples.sheet import body_of, write_sheet
from samples.stills import write_stills
from samples.table import update_table
from samples.truth import angles_at, write_truth
from samples.video import write_video

# A placement whose contacts miss the floor by more than this is no posture a body can take.
WORST_GAP_M = 0.02

RECORDED = 480, 360  # pixels of a picture that only the tracker sees


@dataclass
class Rendering:
    """A clip being drawn; its true angles are collected on the way."""

    clip: Clip
    performance: Performance
    rows: list[dict[str, float]]

    @classmethod
    def of(cls, clip: Clip) -> Rendering:
        """Let the body perform the clip."""
        script = EXERCISES[clip.exercise].script(clip.plan)
        performance = perform(body_of(clip.body), script, clip.fps, clip.plan.seed)
        if performance.gap_m > WORST_GAP_M:
            raise SystemExit(f"{clip.name}: a contact misses by {1000 * performance.gap_m:.0f} mm")
        return cls(clip, performance, [])

    def pictures(self, *, smooth_edges: bool) -> Iterator[Picture]:
        """Draw frame after frame; without smooth edges also smaller."""
        exercise, script = EXERCISES[self.clip.exercise], self.performance.script
        view = camera(self.clip.camera, exercise.facing or script.start.facing, exercise.place)
        if not smooth_edges:
            view = replace(view, width=RECORDED[0], height=RECORDED[1])
        seed = self.clip.plan.seed
        passer = None
        other = 1 if self.clip.body != 1 else 2
        if self.clip.passing is not None:
            passer = Passer.of(body_of(other), self.clip.passing, view, self.clip.fps)
        scene = Scene(
            self.performance.body,
            OUTFITS[self.clip.body].wide() if self.clip.wide else OUTFITS[self.clip.body],
            view,
            decor=seed % len(DECORS),
            seed=seed,
            smooth_edges=smooth_edges,
            furniture=self.performance.furniture,
            mat=exercise.place == "floor",
            passer=(passer.performance.body, OUTFITS[other]) if passer else None,
        )
        for frame in range(len(self.performance.t)):
            figure = self.performance.figure(frame)
            self.rows.append(angles_at(self.performance, frame, figure))
            yield scene.draw(figure, passer.at(self.performance.t[frame]) if passer else None)
        scene.close()

    def write_truth(self, path: Path) -> None:
        """Write the truth; only after all pictures are drawn."""
        clip = self.clip
        write_truth(
            path, self.performance, self.rows, body=clip.body, camera=clip.camera, fps=clip.fps
        )


def render(clip: Clip, folder: Path) -> None:
    """Render a clip as a video, with its truth beside it."""
    rendering = Rendering.of(clip)
    write_video(folder / f"{clip.name}.mp4", rendering.pictures(smooth_edges=True), clip.fps)
    rendering.write_truth(folder / f"{clip.name}.json")


def record(clip: Clip, folder: Path, model: Path) -> None:
    """Render a clip and keep the landmarks that MediaPipe finds in it."""
    rendering = Rendering.of(clip)
    with PoseTracker(model) as tracker:
        frames = [
            tracker.track(picture, i / clip.fps)
            for i, picture in enumerate(rendering.pictures(smooth_edges=False))
        ]
    Recording(
        np.array([frame.t for frame in frames]),
        np.array([frame.image for frame in frames], dtype=np.float32),
        np.array([frame.world for frame in frames], dtype=np.float32),
        frames[0].width,
        frames[0].height,
        model.stem,
    ).save(folder / f"{clip.name}.npz")
    rendering.write_truth(folder / f"{clip.name}.json")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("render", help="one video, and its truth beside it")
    one.add_argument("out", type=Path, help="an .mp4 file")
    one.add_argument("--exercise", choices=EXERCISES, required=True)
    one.add_argument("--body", type=int, choices=BODIES, default=1)
    one.add_argument("--camera", help="the one that judges the fault, or the exercise, by default")
    one.add_argument("--side", choices=SIDES, default="left", help="the one that begins")
    one.add_argument(
        "--approach",
        action="store_true",
        help="with the way into position, where the exercise has one",
    )
    one.add_argument("--passing", choices=AWAY_M, help="somebody walks through the picture, there")
    one.add_argument("--wide", action="store_true", help="in wide clothes of one colour")
    one.add_argument("--tempo", type=float, default=1.0, help="factor on all durations")
    one.add_argument("--fault")
    one.add_argument("--size", type=float, help="of the fault, in its own unit")
    one.add_argument("--faulty", type=int, nargs="+", help="repetitions that show it, from 0")
    one.add_argument("--repetitions", type=int, default=4)
    one.add_argument("--hold", type=float, default=1.0, help="seconds at the peak")
    one.add_argument("--fps", type=int, default=30)
    one.add_argument("--seed", type=int, default=0)
    samples = commands.add_parser("videos", help="the videos of the sample_videos folder")
    samples.add_argument("folder", type=Path)
    samples.add_argument("--only", default="", help="videos whose name begins with this")
    stills = commands.add_parser("sheet", help="a picture of an exercise's postures and faults")
    stills.add_argument("exercise", choices=EXERCISES)
    stills.add_argument("out", type=Path, help="a .png file")
    stills.add_argument("--body", type=int, choices=BODIES, default=1)
    stills.add_argument("--camera")
    commands.add_parser("table", help="renew the table of exercises in README.md")
    many = commands.add_parser("recordings", help="landmarks and truth of all clips")
    many.add_argument("folder", type=Path)
    many.add_argument("--model", type=Path, required=True, help="pose landmarker, a .task file")
    many.add_argument("--only", default="", help="clips whose name begins with this")
    many.add_argument("--tests", action="store_true", help="only the clips of tests/data")
    measured = commands.add_parser("evaluation", help="the regression set of `make accuracy`")
    measured.add_argument("folder", type=Path)
    measured.add_argument("--model", type=Path, required=True, help="pose landmarker, a .task file")
    measured.add_argument("--exercises", nargs="+", default=(), help="only these")
    around = commands.add_parser("stills", help="landmarks of many postures from all around")
    around.add_argument("folder", type=Path)
    around.add_argument("--model", type=Path, required=True, help="pose landmarker, a .task file")
    around.add_argument("--bodies", type=int, nargs="+", choices=BODIES, default=(1, 2, 3, 4))
    around.add_argument("--rounds", type=int, default=1)
    around.add_argument("--seed", type=int, default=0, help="another one draws others")
    arguments = parser.parse_args()

    if arguments.command == "render":
        faulty = frozenset(arguments.faulty) if arguments.faulty else None
        plan = Plan(
            arguments.repetitions, arguments.hold, arguments.fault, arguments.size, faulty,
            arguments.seed, arguments.tempo, arguments.side, arguments.approach,
        )  # fmt: skip
        view = arguments.camera or EXERCISES[arguments.exercise].camera_for(arguments.fault)
        clip = Clip(arguments.out.stem, arguments.exercise, arguments.body, view,
                    arguments.fps, plan, arguments.passing, arguments.wide)  # fmt: skip
        render(clip, arguments.out.parent)
        return
    if arguments.command == "stills":
        bodies = tuple(arguments.bodies)
        write_stills(arguments.folder, arguments.model, bodies, arguments.rounds, arguments.seed)
        return
    if arguments.command == "table":
        update_table(Path(__file__).with_name("README.md"))
        return
    if arguments.command == "sheet":
        gap = write_sheet(arguments.exercise, arguments.out, arguments.body, arguments.camera)
        print(f"largest contact gap {1000 * gap:.0f} mm")
        return
    if arguments.command == "videos":
        for clip in sample_videos():
            if clip.name.startswith(arguments.only):
                render(clip, arguments.folder)
        return
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.command == "evaluation":
        for clip in evaluation_clips(tuple(arguments.exercises)):
            packed = arguments.folder / f"{clip.name}{SUFFIX}"
            if not packed.exists():
                with tempfile.TemporaryDirectory() as folder:
                    record(clip, Path(folder), arguments.model)
                    made = f"{folder}/{clip.name}"
                    truth = json.loads(Path(f"{made}.json").read_text())
                    pack(packed, Recording.load(Path(f"{made}.npz")), truth)
                print(clip.name, flush=True)
        return
    for clip in test_clips() if arguments.tests else clips():
        if clip.name.startswith(arguments.only):
            since = time.monotonic()
            record(clip, arguments.folder, arguments.model)
            print(f"{clip.name}: {time.monotonic() - since:.0f} s", flush=True)


if __name__ == "__main__":
    main()

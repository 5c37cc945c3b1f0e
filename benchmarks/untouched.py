"""How right formcheck is on people that nobody has looked at: `make untouched`.

The set of `make accuracy` is a regression set: rules were mended on it. This one is drawn at random
when the work is done: bodies, clothes, rooms, camera positions, pacing, and which form error is
made. All of a clip follows from the set's seed, the exercise and a number. A set is published once,
whatever it says, and is then no longer untouched: the next one takes the next seed.

Recordings stay in the user's cache folder; figures are in benchmarks/results/untouched.json and in
docs/untouched.md. `benchmarks.untouched_clips` does the rendering and needs the `samples` extra.

What is drawn
-------------
camera
    Within a set-up that the spec claims, evenly: around, in height and in how much of the image the
    person fills, with a roll. A share of the clips is filmed from anywhere in the ring instead,
    where the engine may say that it does not count or judge.
form
    Half of the clips are correct. Each of the others shows one form error, in some or all of its
    repetitions or holds, at the size from which the spec claims to detect it or somewhat beyond;
    where it names none, at the size that `make accuracy` uses.

What is measured
----------------
counts, holds
    A count is right when each side's repetitions are exact, a hold time when it is within a second
    or 15 % of the true one (correct clips only: some errors stop the clock). From a claimed set-up,
    what is refused is not right; from anywhere else, only clips that the engine says it counts or
    times are taken. Left out are movements that truly end within 8 degrees of what counts.
refused
    Clips from a claimed set-up that the engine says it cannot count or time, or in which it found
    nothing at all.
blamed
    Correct clips in which a form error, or a movement to avoid, was reported.
precision, recall
    Of form errors, per repetition or hold (benchmarks/accuracy.py); from a claimed set-up. Errors
    that the review lists as not judged are not part of the recall; `judged` is the share that is.
false repetitions
    Repetitions and holds that other exercises' specs find in correct clips, and in how many.
recognition
    Correct clips, guided exercises left out: right, one of two (the right one among them), none,
    or wrong.

Intervals are Wilson's, 95 %. Repetitions of one clip are alike, so those of precision and recall
are narrower than they would be if every repetition were somebody else's.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import view_map
from benchmarks.accuracy import (
    RELATED,
    Clip,
    borderline,
    claims_of,
    counted,
    made,
    occasions,
    tally_faults,
)
from benchmarks.intervals import wilson
from benchmarks.packed import SUFFIX, unpack
from benchmarks.readme import put
from benchmarks.view_map import counts, false_alarms, grows, is_counted, middles, showing
from formcheck.body import Array
from formcheck.engine.core import Engine
from formcheck.recognise import from_engines, together
from formcheck.spec import ELSEWHERE, Camera, Spec, catalogue

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "untouched.json"
PAGE = ROOT / "docs" / "untouched.md"
NOTHING = "Nothing has been published yet.\n"  # what the page says before the first time

FIRST_SEED = 2  # the one before is for trying this module
EACH = 4  # clips of an exercise
ANYWHERE = 0.25  # share of the clips that are not filmed from a claimed set-up
ATTEMPTS = 6  # draws of a clip until a body can take the postures and a camera can stand there

# Shapes of adults, as `samples.body_model.BODIES` has them.
BODY: Mapping[str, tuple[float, float]] = {
    "gender": (0.0, 1.0),
    "age": (0.5, 0.9),
    "muscle": (0.35, 0.7),
    "weight": (0.35, 0.7),
    "height": (0.3, 0.7),
    "proportions": (0.3, 0.8),
}
# sRGB, from dark to light.
SKIN = ((92, 62, 46), (232, 190, 164))
HAIR = ((24, 20, 18), (206, 190, 160))
LONG_HAIR, LONG_SLEEVES, LOOSE = 0.35, 0.3, 0.15
FOV_DEG, ROLL_DEG, FILLED = (40.0, 60.0), (-5.0, 5.0), (0.55, 0.85)
HEIGHT_M = (0.2, 2.1)
# One of these: mostly few, as each frame takes time to draw; and no clip goes on for much longer.
LONGEST_S = 20.0
REPETITIONS, HOLDS = (2, 2, 2, 3, 3, 4), (1, 1, 2)
PEAK_S, HOLD_S, PAUSE_S = (0.4, 1.6), (3.5, 6.0), (0.0, 1.2)
TEMPO = (0.8, 1.25)  # a way of 1 s at the quickest
BEYOND = 1.1  # an error is at most so much larger than it is claimed to be detected


@dataclass(frozen=True, slots=True)
class Rendered:
    """A way of rendering an exercise.

    Attributes
    ----------
    held
        Whether it is held rather than repeated.
    once_s
        How long a repetition takes at the usual tempo.
    errors
        Its form errors' usual size and unit.
    """

    name: str
    held: bool
    once_s: float
    errors: Mapping[str, tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Draw:
    """All that chance decides of a clip.

    Attributes
    ----------
    attempt
        Of drawing it: which draws are impossible shows only when they are tried.
    rendered
        Of the ways of rendering the exercise, the name of the one taken.
    body, clothes, room
        Arguments for the body's shape, its outfit and the decor.
    setup
        Of the spec's cameras; None for anywhere.
    fov, roll, filled
        Of the camera, degrees; share of half the image that the person keeps within.
    pauses_s
        Further rest after each repetition, seconds.
    error, size, faulty
        The form error, in its own unit, and the repetitions that show it; None and none if correct.
    """

    exercise: str
    number: int
    attempt: int
    rendered: str
    body: dict[str, float]
    clothes: dict[str, Any]
    room: dict[str, tuple[int, int, int]]
    setup: str | None
    fov: float
    roll: float
    filled: float
    repetitions: int
    hold_s: float
    tempo: float
    side: str
    pauses_s: tuple[float, ...]
    error: str | None
    size: float | None
    faulty: tuple[int, ...]
    seed: int


# -- drawing --------------------------------------------------------------------------------------


def chance(seed: int, exercise: str, *more: int) -> np.random.Generator:
    """Return a random generator that depends on all of these."""
    return np.random.default_rng([seed, zlib.crc32(exercise.encode()), *more])


def draw(seed: int, spec: Spec, number: int, attempt: int, ways: Sequence[Rendered]) -> Draw:
    """Draw a clip of an exercise.

    Parameters
    ----------
    seed
        Of the set.
    number
        Of the clip within the exercise: even ones are correct.
    ways
        In which the exercise can be rendered.
    """
    rng = chance(seed, spec.id, number, attempt)
    way = ways[int(rng.integers(len(ways)))]
    error, size = None, None
    possible = form_errors(spec, way)
    if number % 2 and possible:
        # In another order for each set, and another one in each clip.
        order = chance(seed, spec.id).permutation(len(possible))
        error = possible[order[(number // 2) % len(possible)]]
        size = size_of(spec, way, error, rng)
    tempo = round(float(rng.uniform(*TEMPO)), 2)
    repetitions = int(rng.choice(HOLDS if way.held else REPETITIONS))
    if not way.held:
        fitting = int(LONGEST_S / (way.once_s * tempo))
        repetitions = max(min(repetitions, fitting), min(REPETITIONS))
    setup = None
    if rng.random() >= ANYWHERE:
        setup = str(rng.choice(set_ups(spec, error)))
    return Draw(
        exercise=spec.id,
        number=number,
        attempt=attempt,
        rendered=way.name,
        body={name: round(float(rng.uniform(*ends)), 3) for name, ends in BODY.items()},
        clothes=clothes(rng),
        room={name: colour(rng, *ends) for name, ends in ROOM.items()},
        setup=setup,
        fov=round(float(rng.uniform(*FOV_DEG)), 1),
        roll=round(float(rng.uniform(*ROLL_DEG)), 1),
        filled=round(float(rng.uniform(*FILLED)), 2),
        repetitions=repetitions,
        hold_s=round(float(rng.uniform(*(HOLD_S if way.held else PEAK_S))), 2),
        tempo=tempo,
        side=str(rng.choice(["left", "right"])),
        pauses_s=tuple(round(float(x), 2) for x in rng.uniform(*PAUSE_S, repetitions)),
        error=error,
        size=size,
        faulty=some(repetitions, rng) if error else (),
        seed=int(rng.integers(1 << 30)),
    )


ROOM = {
    "wall": ((130, 130, 125), (235, 230, 225)),
    "floor": ((70, 60, 50), (190, 170, 150)),
    "mat": ((40, 40, 40), (170, 160, 160)),
}


def colour(
    rng: np.random.Generator, dark: Sequence[int], light: Sequence[int]
) -> tuple[int, int, int]:
    """Return a colour, each of its parts anywhere between those of two colours."""
    r, g, b = (int(rng.integers(a, z + 1)) for a, z in zip(dark, light, strict=True))
    return r, g, b


def between(rng: np.random.Generator, ends: Sequence[Sequence[int]]) -> tuple[int, int, int]:
    """Return a colour on the way from one to another."""
    share = rng.random()
    r, g, b = (round(a + share * (z - a)) for a, z in zip(*ends, strict=True))
    return r, g, b


def clothes(rng: np.random.Generator) -> dict[str, Any]:
    """Return the arguments of a `samples.clothes.Outfit`."""
    anything = (25, 25, 25), (240, 240, 240)
    return {
        "shirt": colour(rng, *anything),
        "trousers": colour(rng, *anything),
        "shoes": colour(rng, *anything),
        "hair": between(rng, HAIR),
        "skin": between(rng, SKIN),
        "long_hair": bool(rng.random() < LONG_HAIR),
        "long_sleeves": bool(rng.random() < LONG_SLEEVES),
        "loose": bool(rng.random() < LOOSE),
    }


def some(number: int, rng: np.random.Generator) -> tuple[int, ...]:
    """Return all of so many repetitions, or, as often, some of them."""
    shown = [i for i in range(number) if rng.random() < 0.5]
    return tuple(shown if shown and rng.random() < 0.5 else range(number))


def form_errors(spec: Spec, way: Rendered) -> list[str]:
    """Return the form errors that a spec claims to detect and that can be rendered."""
    return [id for id in claims_of(spec) if id in way.errors]


def size_of(spec: Spec, way: Rendered, error: str, rng: np.random.Generator) -> float:
    """Return a size of a form error from which on the spec claims to detect it."""
    usual, unit = way.errors[error]
    claimed = claims_of(spec)[error] or usual
    if not grows(error, unit):
        ends = claimed / BEYOND, claimed
    else:
        # No further than usual where less is claimed: a body can hardly do more.
        ends = claimed, usual if usual > claimed else claimed * BEYOND
    return round(float(rng.uniform(*ends)), 3)


def set_ups(spec: Spec, error: str | None) -> list[str]:
    """Return the cameras that a spec claims: for a form error, or to count, time or judge."""
    if error is not None:
        shown = showing(spec, error)
        return [name for name, camera in spec.cameras.items() if camera in shown]
    claimed = {*spec.counted_from, *spec.judged_from} - {ELSEWHERE}
    return [name for name in spec.cameras if name in claimed]


def places(seed: int, drawn: Draw, camera: Camera | None, facing: str) -> Iterator[Array]:
    """Yield camera positions, azimuth in degrees and height in metres, until one will do.

    Parameters
    ----------
    camera
        The set-up, whose elevation has still to be checked; None for anywhere.
    facing
        Of the person, as `benchmarks.view_clips.facing_of` has it.
    """
    rng = chance(seed, drawn.exercise, drawn.number, drawn.attempt, 1)
    while True:
        azimuth = rng.uniform(0.0, 360.0)
        if camera is not None:
            middle = float(rng.choice(middles(camera, facing)))
            azimuth = (middle + rng.uniform(-1.0, 1.0) * camera.within_deg) % 360.0
        yield np.array([azimuth, rng.uniform(*HEIGHT_M)])


def file_of(folder: Path, exercise: str, number: int) -> Path:
    """Return where a clip's recording is kept."""
    return folder / f"{exercise}_{number}{SUFFIX}"


def cache_folder(seed: int) -> Path:
    """Return where a set's recordings are kept: beside the pose models."""
    return view_map.cache_folder().with_name("untouched") / str(seed)


def planned(each: int) -> list[tuple[str, int]]:
    """Return all clips, by exercise and number.

    One of each exercise comes after the other, so that any beginning is a fair sample.
    """
    return [(id, number) for number in range(each) for id in catalogue()]


def record(
    clips: Iterable[tuple[str, int]],
    folder: Path,
    make: Callable[[str, int, Path], None],
) -> Iterator[tuple[str, float]]:
    """Make the recordings that are not there yet; yield each name with the seconds it took.

    Parameters
    ----------
    make
        Writes the recording of a clip to a path, whole or not at all. ValueError: no body that was
        drawn can do it, and it is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for exercise, number in clips:
        path = file_of(folder, exercise, number)
        if path.exists():
            continue
        since = time.monotonic()
        try:
            make(exercise, number, path)
        except ValueError as error:
            print(f"{exercise} {number}: left out: {error}", flush=True)
            continue
        yield f"{exercise} {number}", time.monotonic() - since


# -- judging --------------------------------------------------------------------------------------


def judge(clip: Clip) -> dict[str, Any]:
    """Return what the engine says of a clip, compared with what was done."""
    drawn = clip.truth["draw"]
    spec = catalogue()[clip.truth["exercise"]].spec
    own = Engine(spec, [one.spec for one in catalogue().values() if one.spec.kind == "avoid"])
    others = {id: Engine(one.spec) for id, one in catalogue().items() if id != spec.id}
    alone = Engine(spec)  # recognition looks at each exercise by itself
    watch = together(clip.recording, [alone, own, *others.values()])
    correct = not clip.truth["faults"]
    missed = {note.id for note in own.not_judged() if note.side is None}
    claimed = ("repetitions" if is_counted(spec) else "holds") not in missed
    either = bool(is_counted(spec) and spec.repetition and borderline(clip, spec, spec.repetition))
    found = counts(clip, spec, own)
    tallies = tally_faults(clip, spec, own)
    alarms = false_alarms(clip, spec, own) if correct else []
    # It may, or may not, be short; where it was made so, the spec claims to detect it.
    if either and spec.short_error and drawn["error"] != spec.short_error.id:
        tallies.pop(spec.short_error.id, None)
        alarms = [id for id in alarms if id != spec.short_error.id]
    claims = claims_of(spec)
    row: dict[str, Any] = {
        "exercise": spec.id,
        "number": drawn["number"],
        "setup": drawn["setup"],
        "camera": clip.truth["camera"],
        "seen_as": own.camera().setup or own.camera().view,
        "error": drawn["error"],
        "size": drawn["size"],
        "due": drawn["setup"] in spec.counted_from,
        "claimed": claimed,
        "nothing": not (own.repetitions or own.holds),
        "counted": is_counted(spec),
        **{name: found[name] for name in ("repetitions", "hold_s") if name in found},
        # Of a hold with a form error the clock may rightly stop.
        "right": None if either or not (is_counted(spec) or correct) else bool(found["counted"]),
        "alarms": alarms,
        "made": sum(
            size is not None and size >= claim
            for id, claim in claims.items()
            for size in (made(clip, spec, id, i) for i in range(len(occasions(clip))))
        ),
        "judged": sum(len(tally.found_from(claims[id])) for id, tally in tallies.items()),
        "errors": {
            id: [tally.told_rightly, tally.told_wrongly, *_recall(tally.found_from(claims[id]))]
            for id, tally in tallies.items()
            if tally.made or tally.told_wrongly
        },
    }
    if correct:
        row["false"] = {
            id: n
            for id, engine in others.items()
            if spec.id not in RELATED.get(id, ()) and (n := sum(counted(engine)[:2]))
        }
        if spec.guide is None:
            answer = from_engines([alone, *others.values()], watch)
            row["recognised"] = [id for id in (answer.exercise, answer.other) if id is not None]
    return row


def _recall(found: Sequence[bool]) -> tuple[int, int]:
    return sum(found), len(found)


def judge_file(path: Path) -> dict[str, Any]:
    """Judge a recording."""
    recording, truth = unpack(path)
    return judge(Clip(path.name.removesuffix(SUFFIX), truth, recording))


# -- figures --------------------------------------------------------------------------------------


def share(right: int, of: int) -> dict[str, float | int]:
    """Return a share as published: so many of so many, and the ends of its 95 % interval."""
    least, most = wilson(right, of)
    return {"right": right, "of": of, "least": round(least, 3), "most": round(most, 3)}


def of_flags(flags: Iterable[bool]) -> dict[str, float | int]:
    """Return the share of flags that are true."""
    listed = list(flags)
    return share(sum(listed), len(listed))


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Sum up judged clips: see the module's text."""
    inside = [row for row in rows if row["setup"] is not None]
    due = [row for row in inside if row["due"]]
    outside = [row for row in rows if row["setup"] is None]
    correct = [row for row in rows if row["error"] is None]
    errors = [each for row in inside for each in row["errors"].values()]
    rightly, wrongly = sum(e[0] for e in errors), sum(e[1] for e in errors)
    answers = Counter(answer_of(row) for row in correct if "recognised" in row)
    return {
        "clips": len(rows),
        "counts": of_flags(done_right(row) for row in due if row["counted"] and known(row)),
        "holds": of_flags(done_right(row) for row in due if not row["counted"] and known(row)),
        "refused": of_flags(not row["claimed"] or row["nothing"] for row in due),
        "elsewhere": of_flags(done_right(row) for row in outside if row["claimed"] and known(row)),
        "elsewhere_refused": of_flags(not row["claimed"] for row in outside),
        "blamed": of_flags(bool(row["alarms"]) for row in correct),
        "precision": share(rightly, rightly + wrongly),
        "recall": share(sum(e[2] for e in errors), sum(e[3] for e in errors)),
        "judged": share(sum(row["judged"] for row in inside), sum(row["made"] for row in inside)),
        "false_in": of_flags(bool(row["false"]) for row in correct),
        "false_repetitions": sum(sum(row["false"].values()) for row in correct),
        "recognised": {name: answers[name] for name in ANSWERS},
        "recognised_right": share(answers["right"], answers.total()),
    }


ANSWERS = ("right", "one of two", "none", "wrong")


def known(row: Mapping[str, Any]) -> bool:
    """Whether there is one right answer to the count or hold of a clip."""
    return row["right"] is not None


def done_right(row: Mapping[str, Any]) -> bool:
    """Whether a clip's count or hold is right; what is refused is not."""
    return bool(row["claimed"] and row["right"])


def answer_of(row: Mapping[str, Any]) -> str:
    """Return which kind of answer the recognition of a clip is: of `ANSWERS`."""
    if not row["recognised"]:
        return "none"
    if row["exercise"] not in row["recognised"]:
        return "wrong"
    return "right" if len(row["recognised"]) == 1 else "one of two"


def results(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the figures of a set: overall, by exercise and clip by clip."""
    ids = dict.fromkeys(row["exercise"] for row in rows)
    return {
        "overall": summary(rows),
        "exercises": {id: summary([row for row in rows if row["exercise"] == id]) for id in ids},
        "rows": list(rows),
    }


def as_markdown(found: Mapping[str, Any]) -> str:
    """Return the tables for people."""
    whole = found["overall"]
    made_of = f"{found['clips']} of {found['planned']} planned clips"
    lines = [
        f"Seed {found['seed']}, {found['date']}, commit `{found['commit']}`: {made_of}.",
        "",
        "| all exercises | clips or errors | share | 95 % interval |",
        "|---|---|---|---|",
        *(
            f"| {title} | {one['right']} of {one['of']} | {_percent(one)} | {_interval(one)} |"
            for name, title in TITLES.items()
            for one in [whole[name]]
        ),
        "",
        "Recognition: "
        + ", ".join(f"{name} {n}" for name, n in whole["recognised"].items())
        + f". False repetitions and holds: {whole['false_repetitions']}.",
        "",
        "| exercise | clips | counts exact | holds right | refused | correct clips blamed"
        " | precision | recall | errors judged | false repetitions | recognised |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for id, row in found["exercises"].items():
        cells = [
            _cell(row[name])
            for name in ("counts", "holds", "refused", "blamed", "precision", "recall", "judged")
        ]
        lines.append(
            f"| {catalogue()[id].spec.name if id in catalogue() else id} | {row['clips']} |"
            f" {' | '.join(cells)} | {row['false_repetitions']} |"
            f" {_cell(row['recognised_right'])} |"
        )
    return "\n".join(lines) + "\n"


TITLES = {
    "counts": "repetitions counted exactly",
    "holds": "hold time within 1 s or 15 %",
    "refused": "refused, from a claimed set-up",
    "elsewhere": "counted or timed correctly from anywhere, where that is claimed",
    "elsewhere_refused": "said not to be counted or timed, from anywhere",
    "blamed": "correct clips blamed",
    "precision": "reported form errors that were made (precision)",
    "recall": "form errors at claimed sizes that were reported (recall)",
    "judged": "form errors made that were judged",
    "false_in": "correct clips in which another exercise counted something",
    "recognised_right": "exercise recognised",
}


def _percent(one: Mapping[str, float]) -> str:
    return f"{one['right'] / one['of']:.1%}" if one["of"] else "-"


def _interval(one: Mapping[str, float]) -> str:
    return f"{one['least']:.0%} to {one['most']:.0%}" if one["of"] else "-"


def _cell(one: Mapping[str, float]) -> str:
    if not one["of"]:
        return "-"
    return f"{one['right']}/{one['of']} ({one['least']:.0%}-{one['most']:.0%})"


# -- publishing -----------------------------------------------------------------------------------


def publications() -> list[dict[str, Any]]:
    """Return what was published, the latest first."""
    found: list[dict[str, Any]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    return found


def next_seed(published: Sequence[Mapping[str, Any]]) -> int:
    """Return the seed of the first set that nobody has looked at."""
    return 1 + max((int(one["seed"]) for one in published), default=FIRST_SEED - 1)


def may_publish(seed: int, published: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a set is untouched; that of development never is."""
    return seed >= next_seed(published)


def commit() -> str:
    """Return the commit that is measured, marked when files of it were changed."""
    return subprocess.run(
        ["git", "describe", "--always", "--exclude=*", "--abbrev=12", "--dirty"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip


def write(path: Path, published: Sequence[Mapping[str, Any]]) -> None:
    """Write all publications, one clip a line."""
    blocks = []
    for one in published:
        about = {name: value for name, value in one.items() if name != "rows"}
        rows = ",\n".join(f"  {json.dumps(row)}" for row in one["rows"])
        blocks.append(f' {json.dumps(about)[:-1]}, "rows": [\n{rows}]}}')
    path.write_text("[\n" + ",\n".join(blocks) + "\n]\n")


def main() -> None:
    """Make the recordings; once all are there, measure and publish."""
    published = publications()
    parser = argparse.ArgumentParser(description="How right formcheck is on an untouched set.")
    parser.add_argument("--seed", type=int, default=next_seed(published), help="of the set")
    parser.add_argument("--each", type=int, default=EACH, help="clips of an exercise")
    parser.add_argument("--exercises", nargs="+", metavar="ID", help="only these")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--minutes", type=float, help="begin no new recording after so long")
    parser.add_argument(
        "--figures", action="store_true", help="measure, and publish, what has been recorded so far"
    )
    args = parser.parse_args()
    folder = cache_folder(args.seed)
    clips = planned(args.each)
    if args.exercises:
        clips = [clip for clip in clips if clip[0] in args.exercises]
    # Processes of their own, not forks: a tracker and a renderer do not survive one.
    with ProcessPoolExecutor(args.jobs, mp_context=get_context("spawn")) as pool:
        if not args.figures:
            until = time.time() + 60 * args.minutes if args.minutes is not None else np.inf
            shares = [clips[i :: args.jobs] for i in range(args.jobs)]
            if not all(list(pool.map(partial(_recorded, args.seed, until), shares))):
                print(f"Not all is recorded. Go on with the same command. Recordings: {folder}")
                return
        paths = [path for path in (file_of(folder, *clip) for clip in clips) if path.exists()]
        rows = list(pool.map(judge_file, paths))
    found = {
        "seed": args.seed,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": commit(),
        "planned": len(clips),
        "clips": len(rows),
        **results(rows),
    }
    print(as_markdown(found))
    if not may_publish(args.seed, published) or args.exercises:
        print("This set is not untouched, or not whole: nothing is written.")
        for row in rows:
            print(json.dumps(row))
        return
    write(RESULTS, [found, *published])
    put("untouched", as_markdown(found), PAGE)
    print(f"written: {RESULTS.relative_to(ROOT)}, {PAGE.relative_to(ROOT)}")


def _recorded(seed: int, until: float, clips: Sequence[tuple[str, int]]) -> bool:
    """Make recordings until the clock shows a time; return whether all were tried."""
    try:
        from benchmarks.untouched_clips import maker
    except ImportError as error:
        raise SystemExit(f"{error}: install the samples extra (samples/README.md)") from error
    for name, seconds in record(clips, cache_folder(seed), maker(seed)):
        print(f"{name}: {seconds:.0f} s", flush=True)
        if time.time() > until:
            return False
    return True


if __name__ == "__main__":
    main()

"""How far a recognition can be believed: `python -m benchmarks.recognition`.

Asks of every recording which exercise it is, compares how sure the answer is with how often it is
right, and draws that (docs/recognition.svg). With `--fit` the confidence's numbers
(formcheck/recognition.json) are made anew first. Both take real people, who are not part of the
project (../shared); without them the rendered ones are measured, and nothing is written.

Recordings
----------
footage
    Clips of real people, labelled by eye; movements that are no exercise of the catalogue are
    "none". Guided exercises are never recognised: they look like lying still.
yoga, motion capture
    Landmarks of held poses; and marker positions of sitting down and standing up, and of four other
    movements, seen by cameras all around.
rendered
    The clips of benchmarks/rendered that are done rightly.
parts
    Of the first and third, single repetitions and halves; of footage also the same rolled by 8
    degrees, and at 8 frames a second.
strange
    All of these once more, without the exercise that they show and its relations in the catalogue:
    so an unknown exercise looks. For the fit only.

Fit
---
Logistic regression with a slight ridge. Real people weigh most: see `WEIGHTS`. Every confidence
that is shown comes from a fit without that body or clip (and its parts).
"""

from __future__ import annotations

import argparse
import json
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy import RELATED, rendered_clips, thinned
from benchmarks.intervals import wilson
from benchmarks.readme import put
from benchmarks.real import FOOTAGE, INDEPENDENT, exercise_of, seen_from
from formcheck.body import Array, Recording, X, Y
from formcheck.confidence import FEATURES, Evidence, Fit, beside, chances, confidence, features, fit
from formcheck.engine.core import Engine
from formcheck.recognise import Recognition, evidence_of, together
from formcheck.spec import catalogue

ROOT = Path(__file__).parent.parent
NUMBERS = ROOT / "formcheck" / "recognition.json"
RESULTS = ROOT / "benchmarks" / "results" / "recognition.json"
FIGURE = ROOT / "docs" / "recognition.svg"
PAGE = ROOT / "docs" / "engine.md"

# What a recording weighs in the fit. One of many views of the same movement weighs less.
WEIGHTS = {
    "footage": 1.0,
    "footage, parts": 0.25,
    "motion capture": 1 / 6,
    "motion capture, parts": 1 / 12,
    "yoga": 0.25,
    "rendered": 0.1,
}
STRANGE = 1.0  # so much of that without its own exercise: unknown ones are common
RIDGE = 0.3
# Which way each feature can speak: for an answer, against it, or either way.
SIGNS = {"always": 0, "share": 1, "posture": 1, "close": -1, "unseen": -1, "mistaken": -1}
# An answer counts as often mistaken from so many recordings on.
OFTEN = 2
# Of the second exercise's share: as if so many cases more had been seen, half of them right.
PRIOR = 2
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
AZIMUTHS = (60, 90, 120, 240, 270, 300)
AZIMUTHS_OF_OTHERS = (0, 60, 90, 270)
AZIMUTHS_OF_PARTS = (60, 90, 270)
ROLL_DEG, FEW_FPS = 8.0, 8.0
# Two of the clips are the same film.
SAME = {"ank_downdog": "downdog_akshathak"}


@dataclass(frozen=True, slots=True)
class Row:
    """What was found in one recording.

    Attributes
    ----------
    source
        Of the sets in the module's text.
    body
        Whose recording it is: what is fitted on one is never tried on the same.
    truth
        The exercise; None where it is none of the catalogue.
    found, strange
        What speaks for each exercise, the likeliest first; the same without the true exercise,
        None where it is none.
    """

    source: str
    name: str
    body: str
    truth: str | None
    found: tuple[Evidence, ...]
    strange: tuple[Evidence, ...] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A recording to be looked at, and what it shows."""

    source: str
    name: str
    body: str
    label: str
    recording: Recording


# -- recordings -------------------------------------------------------------------------------


def cases() -> Iterator[Case]:
    """Yield all recordings that are here."""
    if FOOTAGE.is_dir():
        for label in json.loads((FOOTAGE / "labels.json").read_text()):
            yield from of_clip(label)
    if INDEPENDENT.is_dir():
        for path in sorted(INDEPENDENT.glob("uiprmd_m*.npz")):
            yield from of_markers(path)
        for path in sorted(INDEPENDENT.glob("yoga_*.npz")):
            exercise = "downward_dog" if "downdog" in path.name else "press_up"
            body = path.stem.rsplit("_", 1)[0]
            yield Case("yoga", path.stem, body, exercise, Recording.load(path))
    for clip in rendered_clips():
        if not clip.truth["faults"]:
            body = clip.name.rsplit("_", 1)[-1]
            label = clip.truth["exercise"]
            yield Case("rendered", clip.name, body, label, clip.recording)


def of_clip(label: dict[str, Any]) -> Iterator[Case]:
    """Yield a labelled clip, and parts of it."""
    name, exercise = label["clip"], exercise_of(label["exercise"])
    body = SAME.get(name, name)
    whole = Recording.load(FOOTAGE / label["trace"])
    yield Case("footage", name, body, exercise, whole)
    begin, end = float(whole.t[0]), float(whole.t[-1])
    middle = (begin + end) / 2
    parts = {
        "few": thinned(whole, FEW_FPS, 0),
        "left": rolled(whole, ROLL_DEG),
        "right": rolled(whole, -ROLL_DEG),
    }
    if end - begin > 6.0:
        parts["first"] = part(whole, begin, middle)
        parts["last"] = part(whole, middle, end)
    peaks = label["peaks_s"]
    if len(peaks) > 1:
        between = [(a + b) / 2 for a, b in pairwise(peaks)]
        edges = [max(begin, peaks[0] - 3.0), *between, min(end, peaks[-1] + 3.0)]
        for i in sorted({0, len(peaks) // 2, len(peaks) - 1}):
            parts[f"peak{i}"] = part(whole, edges[i] - 0.3, edges[i + 1] + 0.3)
    for which, recording in parts.items():
        yield Case("footage, parts", f"{name}@{which}", body, exercise, recording)


def of_markers(path: Path) -> Iterator[Case]:
    """Yield marker data from all around, and single repetitions of it."""
    _, movement, _, body = path.stem.split("_")
    seated = movement == "m05"
    exercise = "sit_to_stand" if seated else f"other: {movement}"
    for azimuth in AZIMUTHS if seated else AZIMUTHS_OF_OTHERS:
        whole, _ = seen_from(path, azimuth, 0)
        name = f"{path.stem}@{azimuth}"
        yield Case("motion capture", name, f"mocap_{body}", exercise, whole)
    if not seated:
        return
    ends = np.asarray(np.load(path)["ends_s"], dtype=float)
    for azimuth in AZIMUTHS_OF_PARTS:
        whole, _ = seen_from(path, azimuth, 0)
        for i in (3, 7):
            # It begins with a second of stillness.
            one = part(whole, 1.0 + ends[i - 1] - 0.8, 1.0 + ends[i] + 0.8)
            name = f"{path.stem}@{azimuth}rep{i}"
            yield Case("motion capture, parts", name, f"mocap_{body}", exercise, one)


def part(recording: Recording, begin_s: float, end_s: float) -> Recording:
    """Return what a recording shows between two times."""
    kept = (begin_s <= recording.t) & (recording.t <= end_s)
    sizes = None if recording.sizes is None else recording.sizes[kept]
    return replace(
        recording,
        t=recording.t[kept],
        image=recording.image[kept],
        world=recording.world[kept],
        sizes=sizes,
    )


def rolled(recording: Recording, degrees: float) -> Recording:
    """Return a recording as a camera sees it that hangs askew."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    image, world = recording.image.copy(), recording.world.copy()
    aspect = recording.width / recording.height
    x, y = (image[..., X] - 0.5) * aspect, image[..., Y] - 0.5
    image[..., X], image[..., Y] = (c * x - s * y) / aspect + 0.5, s * x + c * y + 0.5
    x, y = world[..., X].copy(), world[..., Y].copy()
    world[..., X], world[..., Y] = c * x - s * y, s * x + c * y
    return replace(recording, image=image, world=world)


def look(case: Case) -> Row:
    """Ask which exercise a recording shows."""
    engines = {
        id: Engine(loaded.spec) for id, loaded in catalogue().items() if loaded.spec.guide is None
    }
    watch = together(case.recording, engines.values())
    truth = case.label if case.label in catalogue() else None
    strange = None
    if truth is not None:
        own = {truth, *RELATED.get(truth, ()), *(a for a, b in RELATED.items() if truth in b)}
        strange = tuple(evidence_of([e for id, e in engines.items() if id not in own], watch))
    found = tuple(evidence_of(engines.values(), watch))
    return Row(case.source, case.name, case.body, truth, found, strange)


def measure() -> list[Row]:
    """Look at all recordings that are here."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(look, cases(), chunksize=8))


# -- the fit ----------------------------------------------------------------------------------


def is_right(row: Row) -> bool:
    """Whether the likeliest exercise is the true one."""
    return row.found[0].exercise == row.truth


def is_whole(row: Row) -> bool:
    """Whether it is a recording, not a part of one."""
    return not row.source.endswith("parts")


def often_mistaken(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Return, per answer that was wrong in some recordings, what they were; no name for none."""
    wrong: dict[str, Counter[str]] = {}
    for row in rows:
        if is_whole(row) and row.found and not is_right(row):
            wrong.setdefault(row.found[0].exercise, Counter())[row.truth or ""] += 1
    return {
        answer: [truth for truth, _ in truths.most_common() if truth]
        for answer, truths in sorted(wrong.items())
        if truths.total() >= OFTEN
    }


def fitted(rows: Sequence[Row]) -> Fit:
    """Fit the confidence to recordings."""
    mistaken = often_mistaken(rows)
    examples = [(row.found[0], is_right(row), WEIGHTS[row.source]) for row in rows if row.found]
    examples += [(r.strange[0], False, STRANGE * WEIGHTS[r.source]) for r in rows if r.strange]
    x = np.array([list(features(one, mistaken).values()) for one, _, _ in examples])
    right = np.array([float(flag) for _, flag, _ in examples])
    weights = signed(x, right, np.array([weight for _, _, weight in examples]))
    numbers = dict(zip(FEATURES, (round(float(w), 2) for w in weights), strict=True))
    found = Fit(numbers, mistaken, {})
    return Fit(numbers, mistaken, second(rows, found))


def signed(x: Array, right: Array, weight: Array) -> Array:
    """Return the weights of a logistic regression in which doubts can only lower a confidence.

    Few recordings have another exercise that explains the same time; by chance most of those may be
    right. Where the data gives a feature the sign that it cannot have, it is left out.
    """
    kept = np.arange(x.shape[1])
    while True:
        found = np.zeros(x.shape[1])
        found[kept] = logistic(x[:, kept], right, weight)
        wrong = [i for i in kept if found[i] * SIGNS[FEATURES[i]] < 0.0]
        if not wrong:
            return found
        kept = np.setdiff1d(kept, wrong)


def logistic(x: Array, right: Array, weight: Array) -> Array:
    """Return the weights of a logistic regression, by Newton's method; the first is no slope."""
    ridge = RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 1e-3  # so that there is an answer, too, when all are right
    found = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-x @ found))
        slope = x.T @ (weight * (p - right)) + ridge @ found
        step = np.linalg.solve((x.T * (weight * p * (1.0 - p))) @ x + ridge, slope)
        found -= step
        if np.abs(step).max() < 1e-9:
            break
    return found


def second(rows: Sequence[Row], by: Fit) -> dict[str, float]:
    """Return how often it is the exercise named beside a wrong one, by why that is named."""
    seen = {why: [PRIOR / 2, float(PRIOR)] for why in ("close", "mistaken", "seen")}
    for row in rows:
        if row.found and not is_right(row):
            other, why = beside(row.found, by)
            if other is not None:
                seen[why][0] += WEIGHTS[row.source] * (other == row.truth)
                seen[why][1] += WEIGHTS[row.source]
    return {why: round(right / all_, 2) for why, (right, all_) in seen.items()}


def held_out(rows: Sequence[Row]) -> list[float]:
    """Return each answer's confidence, from a fit without its body; 0 where nothing was found."""
    sure = dict.fromkeys(range(len(rows)), 0.0)
    for body in {row.body for row in rows}:
        by = fitted([row for row in rows if row.body != body])
        for i, row in enumerate(rows):
            if row.body == body and row.found:
                sure[i] = confidence(row.found[0], by)
    return list(sure.values())


# -- how well it holds ------------------------------------------------------------------------


def reliability(rows: Sequence[Row], sure: Sequence[float]) -> list[dict[str, float]]:
    """Return, by how sure the answers are, how many of them are right."""
    table = []
    for low, high in pairwise(BINS):
        here = [
            (row, p) for row, p in zip(rows, sure, strict=True) if row.found and low <= p < high
        ]
        if not here:
            continue
        right = sum(is_right(row) for row, _ in here)
        least, most = wilson(right, len(here))
        table.append(
            {
                "from": low,
                "to": high,
                "answers": len(here),
                "confidence": round(sum(p for _, p in here) / len(here), 3),
                "right": right,
                "share": round(right / len(here), 3),
                "least": round(least, 3),
                "most": round(most, 3),
            }
        )
    return table


GROUPS = {
    "real people": ("footage", "yoga", "motion capture"),
    "parts of real recordings": ("footage, parts", "motion capture, parts"),
    "rendered": ("rendered",),
}


def results(rows: Sequence[Row], by: Fit) -> dict[str, Any]:
    """Return what is published: no recording is named in it."""
    sure = held_out(rows)
    found: dict[str, Any] = {"reliability": {}, "answers": {}}
    for group, sources in {**GROUPS, "all recordings": sum(GROUPS.values(), ())}.items():
        some = [(row, p) for row, p in zip(rows, sure, strict=True) if row.source in sources]
        if group == "all recordings":
            some = [one for one in some if is_whole(one[0])]
        if some:
            found["reliability"][group] = reliability([r for r, _ in some], [p for _, p in some])
    for source in WEIGHTS:
        here = [row for row in rows if row.source == source]
        if here:
            found["answers"][source] = answers(here, by)
    return found


def answers(rows: Sequence[Row], by: Fit) -> dict[str, int]:
    """Return how the answers of the whole fit come out."""
    count: Counter[str] = Counter()
    for row in rows:
        found = Recognition(chances(row.found, by))
        answer = found.exercise
        if row.truth is None:
            count["none rightly" if answer is None else "none, wrongly named"] += 1
        elif answer is None:
            count["not recognised"] += 1
        elif found.answer == "two":
            both = row.truth in (answer, found.other)
            count["one of two, rightly" if both else "one of two, wrongly"] += 1
        else:
            count["one, rightly" if answer == row.truth else "one, wrongly"] += 1
        count["wrong above 90 %"] += found.confidence > 0.9 and answer not in (None, row.truth)
    return dict(sorted(count.items()))


# -- the figure -------------------------------------------------------------------------------

SIDE, EDGE = 340, 56  # of the plot, and around it, in the figure's units
COLOURS = {"real people": "#1b6ca8", "rendered": "#d1812b"}


def figure(tables: dict[str, list[dict[str, float]]]) -> str:
    """Return the reliability diagram as SVG: each bin's share of right answers, with intervals."""
    size = SIDE + 2 * EDGE

    def at(x: float, y: float) -> tuple[str, str]:
        return f"{EDGE + SIDE * x:.1f}", f"{EDGE + SIDE * (1 - y):.1f}"

    def line(start: tuple[str, str], end: tuple[str, str], style: str) -> str:
        return f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" {style}/>'

    def text(x: float, y: float, said: str, more: str = "") -> str:
        return f'<text x="{x:.0f}" y="{y:.0f}" {more}>{said}</text>'

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size + 20}"'
        ' font-family="sans-serif" font-size="12" fill="#333">',
        f'<rect width="{size}" height="{size + 20}" fill="#fff"/>',
        line(at(0, 0), at(1, 1), 'stroke="#999" stroke-dasharray="5 4"'),
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        drawn += [
            line(at(tick, 0), at(tick, 1), 'stroke="#e6e6e6"'),
            line(at(0, tick), at(1, tick), 'stroke="#e6e6e6"'),
            text(EDGE + SIDE * tick, EDGE + SIDE + 18, f"{tick:.0%}", 'text-anchor="middle"'),
            text(EDGE - 8, EDGE + SIDE * (1 - tick) + 4, f"{tick:.0%}", 'text-anchor="end"'),
        ]
    middle = EDGE + SIDE / 2
    drawn += [
        text(middle, EDGE + SIDE + 38, "confidence of the answer", 'text-anchor="middle"'),
        text(0, 0, "share that is right", f'transform="translate(14 {middle:.0f}) rotate(-90)"'
             ' text-anchor="middle"'),
        text(middle, 22, "Which exercise is it?", 'text-anchor="middle" font-size="15"'),
    ]  # fmt: skip
    for i, (group, colour) in enumerate(COLOURS.items()):
        apart = 0.008 * (2 * i - 1)  # beside each other, where they are as sure
        for row in tables.get(group, ()):
            x = row["confidence"] + apart
            drawn.append(
                line(at(x, row["least"]), at(x, row["most"]), f'stroke="{colour}" stroke-width="2"')
            )
            cx, cy = at(x, row["share"])
            drawn.append(f'<circle cx="{cx}" cy="{cy}" r="4.5" fill="{colour}"/>')
        y = EDGE + SIDE + 62
        of = sum(round(row["answers"]) for row in tables.get(group, ()))
        drawn.append(f'<circle cx="{EDGE - 20 + 200 * i}" cy="{y - 4}" r="4.5" fill="{colour}"/>')
        drawn.append(text(EDGE - 8 + 200 * i, y, f"{group} ({of} answers)"))
    return "\n".join([*drawn, "</svg>"]) + "\n"


# -- to and from files ------------------------------------------------------------------------


def read_rows(path: Path) -> list[Row]:
    """Read what `write_rows` wrote."""

    def evidence(values: list[dict[str, Any]]) -> tuple[Evidence, ...]:
        listed = ("spans", "unseen", "close")
        return tuple(Evidence(**one | {key: tuple(one[key]) for key in listed}) for one in values)

    return [
        Row(**row | {"found": evidence(row["found"]), "strange": evidence(row["strange"] or [])})
        for row in json.loads(path.read_text())
    ]


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """Keep what was found: looking takes a quarter of an hour, all the rest seconds."""
    path.write_text(json.dumps([asdict(row) for row in rows]))


def as_markdown(found: dict[str, Any]) -> str:
    """Return the table for people: by confidence, how many answers are right."""
    tables = found["reliability"]
    bins = list(pairwise(BINS))
    cells = {
        (
            group,
            low,
        ): f"{row['right']} of {row['answers']} ({row['least']:.0%} to {row['most']:.0%})"
        for group, table in tables.items()
        for row in table
        for low in [row["from"]]
    }
    lines = [
        f"| confidence | {' | '.join(f'{group}: right (95 % interval)' for group in tables)} |",
        f"|---|{'---|' * len(tables)}",
    ]
    for low, high in bins:
        row = " | ".join(cells.get((group, low), "-") for group in tables)
        lines.append(f"| {low:.0%} to {high:.0%} | {row} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, draw, and write the results."""
    parser = argparse.ArgumentParser(description="How far a recognition can be believed.")
    parser.add_argument("--fit", action="store_true", help="make the confidence's numbers anew")
    parser.add_argument("--rows", type=Path, help="keep what was found here, or take it from here")
    options = parser.parse_args()
    if options.rows is not None and options.rows.is_file():
        rows = read_rows(options.rows)
    else:
        rows = measure()
        if options.rows is not None:
            write_rows(rows, options.rows)
    everybody = FOOTAGE.is_dir() and INDEPENDENT.is_dir()
    if options.fit and not everybody:
        parser.error("real people are not here (../shared/footage and ../shared/independent)")
    by = fitted(rows) if options.fit else fit()
    found = results(rows, by)
    print(as_markdown(found))
    for source, count in found["answers"].items():
        print(f"{source}: {', '.join(f'{what} {n}' for what, n in count.items())}")
    files = {NUMBERS: json.dumps(asdict(by), indent=1) + "\n"} if options.fit else {}
    if everybody:
        files[RESULTS] = json.dumps(found, indent=1) + "\n"
        files[FIGURE] = figure(found["reliability"])
    else:
        print("Real people are not here (../shared): nothing is written.")
    for path, text in files.items():
        path.write_text(text)
        print(f"written: {path.relative_to(ROOT)}")
    if everybody:
        put("recognition", as_markdown(found), PAGE)


if __name__ == "__main__":
    main()

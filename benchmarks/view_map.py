"""Where formcheck is right: a measured map of camera positions for every exercise, `make view-map`.

Every exercise is done correctly by rendered people that no threshold was chosen on, and filmed from
12 directions around at three heights. What the engine then says is compared with what was done.
docs/engine.md describes what the map is for, and what it costs.

Recordings stay in the user's cache folder; figures are in benchmarks/results/view_map.json, and
what the app shows of them in formcheck/view_map.json. A view without a recording keeps its figures
as long as the spec's set-ups are those it was measured with.

What is measured, per view
--------------------------
counted
    As many repetitions on each side as were done, or on each side a hold time within a second (or
    15 %) of the true one. A guided exercise is timed while its posture is kept. Movements to avoid
    are counted when they are reported.
detected
    Share of the frames in which somebody was detected.
instead
    What the app says of somebody who was never in position: what to change, or the posture seen.
claimed
    Whether the engine says that it counts, or times, from there.
judged
    The form errors that it says it judged. `form` is whether the view fits a set-up of the spec
    that judges form; an exercise without form errors has none to fit.
false_alarms
    Form errors, and movements to avoid, that were reported although everything was done correctly.
borderline
    Whether a movement of this body truly ends within 8 degrees of what counts, so that either count
    is right: it contradicts nothing.
angle
    Mean error (bias) and mean size of the error (MAE) of the angle that is shown, in degrees, while
    in position and clearly in view; absent where no true angle is known.
would_count
    Where it is not claimed: the spec's set-ups by whose rules it would be counted correctly if they
    reached that far. This is how a refusal that the map contradicts is found.

Form errors
-----------
Near the set-ups that show it, from a table, each form error that can be rendered is made in every
repetition or hold: at its usual size, or as large as the spec claims to detect it where that is
more. `reported` is in how many of them it was; an error that is
said not to be judged from there is neither found nor missed. `others` are form errors that were
reported and not made.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import platformdirs

from benchmarks.accuracy import (
    Clip,
    borderline,
    claims_of,
    is_repetition,
    made,
    occasions,
    off,
    tally_faults,
    true_holds,
)
from benchmarks.packed import SUFFIX, pack, unpack
from formcheck.body import Recording
from formcheck.engine.core import Engine
from formcheck.files import replace_when_done
from formcheck.measures import Side
from formcheck.pose.models import CACHE_VARIABLE
from formcheck.recognise import together
from formcheck.spec import ELSEWHERE, Camera, From, Spec, catalogue
from formcheck.view_map import AZIMUTHS, LETTERS, State
from formcheck.view_map import BLOCKED as NO_PLACE

Acted = TypeVar("Acted")

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "view_map.json"
CONTRADICTIONS = ROOT / "benchmarks" / "results" / "view_map_contradictions.json"

# What of it the app shows.
SHOWN = ROOT / "formcheck" / "view_map.json"

# Of the camera, metres: on the floor, on a table, held by somebody who stands.
HEIGHTS = {"floor": 0.25, "table": 0.9, "standing": 1.7}
# In which order they are measured.
FIRST_HEIGHTS = ("table", "floor", "standing")
BODIES = (8, 9)
FIRST_SEED = 500_000  # used nowhere else
# What is prescribed and filmed most often comes first.
FIRST = (
    "sit_to_stand", "bridge", "bird_dog", "plank", "cat_cow", "clamshell", "wall_sit",
    "lower_trunk_rotation", "single_knee_to_chest", "press_up",
)  # fmt: skip
# Where no camera can stand: behind the wall that somebody leans on.
BLOCKED: Mapping[str, tuple[int, ...]] = {"wall_sit": (120, 150, 180, 210, 240)}
# Guided exercises whose posture is kept at rest, too: timed from beginning to end.
KEPT_AT_REST = ("gluteal_set", "pelvic_tilt", "posterior_pelvic_tilt", "transverse_abdominis_set")
# A hold is right within this.
HOLD_OFF_S, HOLD_OFF_SHARE = 1.0, 0.15


# Where the camera stands, seen from the person: degrees as in `samples.camera`.
SEEN_FROM: Mapping[From, tuple[int, ...]] = {
    "side": (90, 270),
    "front": (0,),
    "behind": (180,),
    "head end": (0,),
    "foot end": (180,),
}
# Somebody who lies on the right side faces +y (90 degrees), on the left side -y.
FRONT_OF_LYING = {"right": 90, "left": 270}
FACED = ("front", "behind")
# Form errors whose size is what is left of the movement, or an angle that gets too small.
SMALLER_IS_WORSE = ("knee_not_close", "opens_too_little", "too_deep")
# Where form errors are looked at.
ERRORS_FROM, ERRORS_BY = "table", 8


@dataclass(frozen=True, slots=True)
class View:
    """A camera position from which an exercise is filmed, who does it, and with which error."""

    exercise: str
    azimuth: int
    height: str
    body: int
    error: str | None = None

    @property
    def height_m(self) -> float:
        """The camera's height above the floor, metres."""
        return HEIGHTS[self.height]

    @property
    def place(self) -> str:
        """Where the camera stands, such as ``table_090``."""
        return f"{self.height}_{self.azimuth:03d}"

    @property
    def key(self) -> str:
        """Its name among the figures of its exercise."""
        return "_".join([self.place, f"b{self.body}", *([self.error] if self.error else [])])

    @classmethod
    def of(cls, exercise: str, key: str) -> View:
        """Return the view that a key stands for."""
        height, azimuth, body, *error = key.split("_", 3)
        return cls(exercise, int(azimuth), height, int(body.removeprefix("b")), *error)

    def file(self, folder: Path) -> Path:
        """Return where its recording is kept."""
        return folder / f"{self.exercise}_{self.key}{SUFFIX}"


def seed_of(exercise: str) -> int:
    """Return the seed of an exercise's random variations. All views share it."""
    return FIRST_SEED + zlib.crc32(exercise.encode()) % 100_000


def cache_folder() -> Path:
    """Return where the recordings are kept: beside the pose models."""
    named = os.environ.get(CACHE_VARIABLE)
    cache = Path(named or platformdirs.user_cache_dir("formcheck", appauthor=False))
    return cache / "view_map"


def planned(exercises: Iterable[str]) -> list[View]:
    """Return all views, in an order in which each part is useful by itself.

    Ring by ring (a body, a height, all directions): the first exercises are one height ahead of the
    others, and the second body comes when the first is done.
    """
    names = sorted(exercises)
    order = [*(n for n in FIRST if n in names), *(n for n in names if n not in FIRST)]
    rings = [
        (body, rank + (name not in FIRST), name not in FIRST, order.index(name), name, height)
        for body in BODIES
        for rank, height in enumerate(FIRST_HEIGHTS)
        for name in order
    ]
    return [
        View(name, azimuth, height, body)
        for body, _, _, _, name, height in sorted(rings)
        for azimuth in AZIMUTHS
        if azimuth not in BLOCKED.get(name, ())
    ]


def middles(camera: Camera, facing: str) -> list[int]:
    """Return at which azimuths a set-up has its middle.

    Parameters
    ----------
    facing
        Of the person, as `benchmarks.view_clips.facing_of` has it.
    """
    turned = FRONT_OF_LYING.get(facing, 0) if camera.seen_from in FACED else 0
    return [(azimuth + turned) % 360 for azimuth in SEEN_FROM[camera.seen_from]]


def showing(spec: Spec, error: str) -> list[Camera]:
    """Return the set-ups that show a form error, of which one may be that it falls short."""
    fault = next((fault for fault in spec.faults if fault.id == error), None)
    short = () if spec.repetition is None else spec.repetition.cameras
    names = short if fault is None else fault.cameras
    return [camera for name, camera in spec.cameras.items() if name in names]


def grows(error: str, unit: str) -> bool:
    """Whether more of a form error's size is worse; of some, less is."""
    return unit != "seconds" and error not in SMALLER_IS_WORSE


def planned_errors(spec: Spec, errors: Iterable[str], facing: str) -> list[View]:
    """Return the views from which form errors are looked at: those within their set-ups' width."""
    return [
        View(spec.id, azimuth, ERRORS_FROM, ERRORS_BY, error)
        for error in errors
        for azimuth in AZIMUTHS
        if azimuth not in BLOCKED.get(spec.id, ())
        and any(
            abs((azimuth - middle + 180) % 360 - 180) <= camera.within_deg
            for camera in showing(spec, error)
            for middle in middles(camera, facing)
        )
    ]


# -- recordings -----------------------------------------------------------------------------------


def record(
    views: Iterable[View],
    folder: Path,
    act: Callable[[str, int, str | None], Acted],
    film: Callable[[View, Acted, Path], None],
) -> Iterator[tuple[View, float]]:
    """Make the recordings that are not there yet; yield each view with the seconds it took.

    Parameters
    ----------
    views
        In this order. What is in the folder already is not made again.
    act
        Lets a body do an exercise, with a form error or none, once for all views that follow one
        another. ValueError: that body cannot do it, and its views are left out.
    film
        Writes the recording of a view to a path, whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    who: tuple[str, int, str | None] | None = None
    acted: Acted | None = None
    for view in views:
        path = view.file(folder)
        if path.exists():
            continue
        since = time.monotonic()
        if who != (view.exercise, view.body, view.error):
            who = view.exercise, view.body, view.error
            try:
                acted = act(*who)
            except ValueError as error:
                made = f", {view.error}" if view.error else ""
                print(f"{view.exercise}, body {view.body}{made}: {error}", flush=True)
                acted = None
        if acted is not None:
            film(view, acted, path)
            yield view, time.monotonic() - since


def keep(path: Path, recording: Recording, truth: dict[str, Any]) -> None:
    """Write landmarks and truth as one file, which appears whole or not at all."""
    with replace_when_done(path) as temporary:
        pack(temporary, recording, truth)


# -- one view -------------------------------------------------------------------------------------


def measure(clip: Clip, spec: Spec) -> dict[str, Any]:
    """Return the figures of one view: see the module's text."""
    avoid = [one.spec for one in catalogue().values() if one.spec.kind == "avoid"]
    engine = Engine(spec, avoid)
    errors = _play(clip, spec, engine)
    missed = {note.id for note in engine.not_judged() if note.side is None}
    claimed = ("repetitions" if is_counted(spec) else "holds") not in missed
    ids = [fault.id for fault in spec.faults if fault.id not in missed]
    report = engine.camera()
    row: dict[str, Any] = {
        "detected": round(float(np.isfinite(clip.recording.image).all((1, 2)).mean()), 2),
        "seen_from": report.view,
        "setup": report.setup,
        "in_position": bool(engine.in_position),
        "claimed": claimed,
        **counts(clip, spec, engine),
        "form": report.setup in spec.judged_from if spec.judged_from else True,
        "judged": ids,
        "false_alarms": false_alarms(clip, spec, engine),
    }
    if not row["in_position"] and (instead := engine.amiss or engine.instead):
        row["instead"] = instead
    if errors:
        row["angle"] = off(errors)
    if is_counted(spec) and spec.repetition and borderline(clip, spec, spec.repetition):
        row["borderline"] = True
        short = {spec.short_error.id} if spec.short_error else set()
        row["false_alarms"] = [x for x in row["false_alarms"] if x not in short]
    if not claimed:
        row["would_count"] = [
            name for name in spec.counted_from if name != ELSEWHERE and _by(name, clip, spec)
        ]
    return row


def measure_error(clip: Clip, spec: Spec, error: str) -> dict[str, Any]:
    """Return in how many repetitions or holds a form error was reported, of how many it was in."""
    engine = Engine(spec, [one.spec for one in catalogue().values() if one.spec.kind == "avoid"])
    for frame in clip.recording:
        engine.feed(frame)
    engine.finish()
    tally = tally_faults(clip, spec, engine).get(error)
    found = [] if tally is None else tally.found_from(claims_of(spec)[error])
    return {
        "seen_from": engine.camera().view,
        "setup": engine.camera().setup,
        "judged": tally is not None,
        "reported": [sum(found), len(found)],
        "others": [id for id in false_alarms(clip, spec, engine) if id != error],
    }


def is_counted(spec: Spec) -> bool:
    """Whether repetitions are what matters; else the time for which it is held."""
    return spec.repetition is not None and spec.kind in ("repetitions", "avoid")


def _play(clip: Clip, spec: Spec, engine: Engine) -> list[float]:
    """Feed the engine; return the errors of the shown angle, frame by frame.

    Which side is near is what the engine takes for it: from the front either may be.
    """
    truth = {
        (near, side): replace(clip, truth={**clip.truth, "camera": near}).true(
            spec, spec.show, side
        )
        for near in ("left", "right")
        for side in spec.judged_sides
    }
    done = [(x["start_s"], x["end_s"], x.get("side")) for x in occasions(clip)]
    errors = []
    for i, frame in enumerate(clip.recording):
        engine.feed(frame)
        if not engine.gate_open:
            continue
        moving = {side for start, end, side in done if start <= frame.t <= end}
        near = engine.now().near
        for side, values in engine.values():
            value, clear = values[spec.show]
            angle = truth[near, side]
            if angle is not None and clear and (side is None or side in moving):
                errors.append(value - float(angle[i]))
    engine.finish()
    return errors


def counts(clip: Clip, spec: Spec, engine: Engine) -> dict[str, Any]:
    """Return what was reported, what was really done, and whether the two agree."""
    if is_counted(spec):
        real = [
            _side_of(spec, movement)
            for i, movement in enumerate(clip.truth["repetitions"])
            if is_repetition(clip, spec, i)
        ]
        told = [r.side for r in engine.repetitions if r.counted]
        return {
            "repetitions": [len(told), len(real)],
            "counted": sorted(map(str, told)) == sorted(map(str, real)),
        }
    true: dict[Side | None, float] = {}
    for side, seconds in _true_hold_s(clip, spec):
        true[side] = true.get(side, 0.0) + seconds
    held: dict[Side | None, float] = {}
    for hold in engine.holds:
        held[hold.side] = held.get(hold.side, 0.0) + hold.held_s
    right = all(
        abs(held.get(side, 0.0) - true.get(side, 0.0))
        <= max(HOLD_OFF_S, HOLD_OFF_SHARE * true.get(side, 0.0))
        for side in {*true, *held}
    )
    return {
        "hold_s": [round(sum(held.values()), 1), round(sum(true.values()), 1)],
        # A second is within a second of nothing: what is not timed at all is never right.
        "counted": right and all(held.get(side, 0.0) > 0.0 for side in true),
    }


def _true_hold_s(clip: Clip, spec: Spec) -> Iterator[tuple[Side | None, float]]:
    if spec.id in KEPT_AT_REST:
        yield None, float(clip.recording.t[-1] - clip.recording.t[0])
        return
    spans = true_holds(clip, spec, set())
    for hold, (start, end) in zip(clip.truth["holds"], spans, strict=True):
        yield _side_of(spec, hold), end - start


def _side_of(spec: Spec, occasion: Mapping[str, Any]) -> Side | None:
    return occasion.get("side") if spec.sides == "each" else None


def false_alarms(clip: Clip, spec: Spec, engine: Engine) -> list[str]:
    """Return the form errors that were reported, but for those that this body really makes."""
    really = {
        fault.id
        for fault in spec.faults
        for i in range(len(occasions(clip)))
        if made(clip, spec, fault.id, i) is not None
    }
    return sorted({fault.id for fault in engine.faults} - really)


def _by(setup: str, clip: Clip, spec: Spec) -> bool:
    """Whether it would be counted if this set-up of the spec reached all around."""
    everywhere = spec.cameras[setup].model_copy(
        # Nothing is further from the side than 90 degrees.
        update={"seen_from": "side", "within_deg": 90.0, "elevation_deg": (-90.0, 90.0)}
    )
    opened = spec.model_copy(update={"cameras": {setup: everywhere} | _others(spec, setup)})
    engine = Engine(opened)
    together(clip.recording, [engine])
    return bool(counts(clip, spec, engine)["counted"])


def _others(spec: Spec, setup: str) -> dict[str, Any]:
    return {name: camera for name, camera in spec.cameras.items() if name != setup}


# -- the map --------------------------------------------------------------------------------------


def set_ups(spec: Spec) -> dict[str, Any]:
    """Return what of a spec says from where it counts and judges."""
    return {
        "cameras": {
            name: [camera.seen_from, camera.within_deg, *camera.elevation_deg]
            for name, camera in spec.cameras.items()
        },
        "counted_from": list(spec.counted_from),
        "form_errors": {fault.id: list(fault.cameras) for fault in spec.faults},
    }


def figures(folder: Path, before: Mapping[str, Any]) -> dict[str, Any]:
    """Measure all recordings of a folder; keep of the figures before what has none there."""
    found: dict[str, Any] = {}
    views = planned(catalogue())
    for id, loaded in catalogue().items():
        spec, old = loaded.spec, before.get(id, {})
        rows: dict[str, Any] = {}
        facing = old.get("facing")
        for view in (view for view in views if view.exercise == id):
            file = view.file(folder)
            if file.exists():
                recording, truth = unpack(file)
                clip = Clip(view.key, truth, recording)
                rows[view.key] = measure(clip, spec)
                facing = truth["facing"]
            elif view.key in old.get("views", {}) and old["set_ups"] == set_ups(spec):
                rows[view.key] = old["views"][view.key]
        if rows:
            found[id] = {
                "facing": facing,
                "set_ups": set_ups(spec),
                "views": rows,
                "form_errors": error_figures(folder, spec, old),
            }
    return found


def error_figures(folder: Path, spec: Spec, old: Mapping[str, Any]) -> dict[str, Any]:
    """Measure the recordings of form errors; keep of the figures before what has none there."""
    claims = claims_of(spec)
    rows = dict(old.get("form_errors", {})) if old.get("set_ups") == set_ups(spec) else {}
    for file in folder.glob(f"{spec.id}_*{SUFFIX}"):
        key = file.name.removesuffix(SUFFIX).removeprefix(f"{spec.id}_")
        # Of another exercise, whose name begins with this one's, no height follows.
        error = View.of(spec.id, key).error if key.split("_")[0] in HEIGHTS else None
        if error in claims:
            recording, truth = unpack(file)
            rows[key] = measure_error(Clip(key, truth, recording), spec, error)
    return dict(sorted(rows.items()))


def state(rows: Sequence[Mapping[str, Any]]) -> State:
    """Return ``judged``, ``counted`` or ``neither``: the worst of the bodies; or ``unmeasured``."""
    if not rows:
        return "unmeasured"
    if not all(row["counted"] for row in rows):
        return "neither"
    return "judged" if all(row["form"] and not row["false_alarms"] for row in rows) else "counted"


def rows_at(entry: Mapping[str, Any], height: str, azimuth: int) -> list[Mapping[str, Any]]:
    """Return the figures of one camera position, one per body measured there."""
    keys = [View("", azimuth, height, body).key for body in BODIES]
    return [entry["views"][key] for key in keys if key in entry["views"]]


def shown(maps: Mapping[str, Any]) -> dict[str, Any]:
    """Return of the figures what the app shows, as `formcheck.view_map` reads it."""
    return {
        id: {
            "facing": entry["facing"],
            "rings": {
                height: "".join(
                    NO_PLACE
                    if azimuth in BLOCKED.get(id, ())
                    else LETTERS[state(rows_at(entry, height, azimuth))]
                    for azimuth in AZIMUTHS
                )
                for height in HEIGHTS
            },
        }
        for id, entry in maps.items()
    }


def contradictions(maps: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Return where spec and map contradict each other: by exercise and kind, the views.

    ``miscounted``: it is said to be counted, or timed, from there, and is wrong, with the form not
    judged. ``miscounted where form is judged``: so, in a set-up that judges form. ``never in
    position``: so, as the exercise's position is not recognised. ``blamed: ID``: a form error is
    reported of somebody who did it correctly. ``refused: SETUP``: it is not counted from there,
    though it would be counted correctly by that set-up's rules.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for id, entry in maps.items():
        kinds: dict[str, list[str]] = {}
        for key, row in entry["views"].items():
            if row["claimed"] and not row["counted"] and not row.get("borderline"):
                kind = "miscounted where form is judged" if row["form"] else "miscounted"
                kind = kind if row["in_position"] else "never in position"
                kinds.setdefault(kind, []).append(key)
            for fault in row["false_alarms"]:
                kinds.setdefault(f"blamed: {fault}", []).append(key)
            for setup in row.get("would_count", ())[:1]:
                kinds.setdefault(f"refused: {setup}", []).append(key)
        if kinds:
            found[id] = {kind: sorted(keys) for kind, keys in sorted(kinds.items())}
    return found


def still_known(
    known: Mapping[str, Mapping[str, list[str]]],
    found: Mapping[str, Mapping[str, list[str]]],
    before: Mapping[str, Any],
) -> dict[str, dict[str, list[str]]]:
    """Return the list of known contradictions with what is mended struck off.

    It may only shrink: one that is found at a view measured before is not put on it. Those of views
    that are measured for the first time are.
    """
    kept: dict[str, dict[str, list[str]]] = {}
    for id, kinds in found.items():
        old = before.get(id, {}).get("views", {})
        for kind, keys in kinds.items():
            listed = known.get(id, {}).get(kind, ())
            if here := [key for key in keys if key in listed or key not in old]:
                kept.setdefault(id, {})[kind] = here
    return kept


LONG = ("views", "form_errors")


def write_figures(path: Path, maps: Mapping[str, Any]) -> None:
    """Write the figures, one view a line."""
    lines = []
    for id, entry in maps.items():
        about = {name: value for name, value in entry.items() if name not in LONG}
        head = json.dumps(about)[1:-1]
        for name in LONG:
            rows = ",\n".join(
                f"   {json.dumps(key)}: {json.dumps(row)}" for key, row in entry[name].items()
            )
            head += f", {json.dumps(name)}: {{\n{rows}}}"
        lines.append(f" {json.dumps(id)}: {{{head}}}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def write_shown(path: Path, maps: Mapping[str, Any]) -> None:
    """Write what the app shows, one exercise a line."""
    lines = [f" {json.dumps(id)}: {json.dumps(entry)}" for id, entry in shown(maps).items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def load() -> dict[str, Any]:
    """Return the figures in git."""
    maps: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return maps


def write_contradictions(path: Path, found: Mapping[str, Mapping[str, list[str]]]) -> None:
    """Write the list, one kind of an exercise a line."""
    blocks = [
        f" {json.dumps(id)}: {{\n"
        + ",\n".join(f"  {json.dumps(kind)}: {json.dumps(keys)}" for kind, keys in kinds.items())
        + "}"
        for id, kinds in found.items()
    ]
    path.write_text("{\n" + ",\n".join(blocks) + "\n}\n")


def main() -> None:
    """Make recordings, measure all, and write the figures."""
    parser = argparse.ArgumentParser(description="Where formcheck is right, view by view.")
    parser.add_argument(
        "--figures", action="store_true", help="only measure the recordings that are there"
    )
    parser.add_argument("--exercises", nargs="+", metavar="ID", help="record only these")
    parser.add_argument("--minutes", type=float, help="begin no new recording after so long")
    args = parser.parse_args()
    folder = cache_folder()
    if not args.figures:
        try:
            from benchmarks.view_clips import act, errors_near, film
        except ImportError as error:
            raise SystemExit(
                f"{error}: to record views, install the samples extra (samples/README.md);"
                " with --figures those that are there are measured"
            ) from error
        until = time.monotonic() + 60 * (args.minutes if args.minutes is not None else np.inf)
        names = args.exercises or list(catalogue())
        views = [*planned(names), *(view for name in names for view in errors_near(name))]
        for view, seconds in record(views, folder, act, film):
            print(f"{view.exercise} {view.key}: {seconds:.0f} s", flush=True)
            if time.monotonic() > until:
                break
    before = load()
    maps = figures(folder, before)
    found = contradictions(maps)
    known = json.loads(CONTRADICTIONS.read_text()) if CONTRADICTIONS.exists() else {}
    listed = still_known(known, found, before)
    write_figures(RESULTS, maps)
    write_shown(SHOWN, maps)
    write_contradictions(CONTRADICTIONS, listed)
    for id, kinds in found.items():
        for kind, keys in kinds.items():
            old = listed.get(id, {}).get(kind, [])
            new = [key for key in keys if key not in old]
            print(f"{id}: {kind}: {', '.join(keys)}" + (f"; NEW: {', '.join(new)}" * bool(new)))
    print(f"{sum(len(entry['views']) for entry in maps.values())} views measured")
    print(f"recordings: {folder}; figures: {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""Make docs/exercises.md: every exercise with its picture, its rules in words and its figures.

Run it (``python -m benchmarks.gallery``) after a spec, a sample video, the accuracy or the map of
views has changed. Pictures are the sample videos' frames at the top of the first repetition, or in
the hold; the map is drawn as a plot of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2

from benchmarks import view_map, view_plot
from benchmarks.accuracy import RESULTS, ROOT
from formcheck.report.words import KIND, dosage
from formcheck.spec import Spec, catalogue
from formcheck.web.samples import samples_of

PAGE = ROOT / "docs" / "exercises.md"
PICTURES = ROOT / "docs" / "exercises"
VIEWS = "_views.svg"
WIDTH_PX = 320
GROUPS = {"strength": "Strength", "mobility": "Mobility", "avoid": "To be avoided"}
HEAD = """# The exercises

Made by `python -m benchmarks.gallery` from the specs, the sample videos and the accuracy benchmark.
The people are rendered; nobody's picture is in here. `formcheck exercises ID` tells more of each:
how to do it, and every limit. How the figures are measured is written in
[benchmarks/accuracy.py](../benchmarks/accuracy.py), and how the maps of camera positions are made
in [engine.md](engine.md#a-measured-map-of-camera-positions).

The clips, rendered and real, are *regression sets*: where they showed a defect, the rule was
changed and measured again on them. Expect lower figures for people whom no rule has seen.

This is exercise feedback, not a diagnosis or treatment. Stop if it hurts, and ask a clinician.
"""


def page(figures: dict[str, Any], maps: Mapping[str, Any]) -> str:
    """Return the page's text for the accuracy benchmark's results and the maps of views."""
    specs = [loaded.spec for loaded in catalogue().values()]
    parts = [HEAD]
    for group, heading in GROUPS.items():
        of_group = sorted((s for s in specs if s.group == group), key=lambda s: s.name)
        names = ", ".join(f"[{s.name}](#{_anchor(s.name)})" for s in of_group)
        parts.append(f"## {heading}\n\n{names}.\n")
        parts += [_entry(spec, figures, maps.get(spec.id)) for spec in of_group]
    return "\n".join(parts)


def _anchor(name: str) -> str:
    kept = "".join(c for c in name.lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")


def _entry(spec: Spec, figures: dict[str, Any], mapped: Mapping[str, Any] | None) -> str:
    lines = [f"### {spec.name}", ""]
    if (PICTURES / f"{spec.id}.jpg").exists():
        lines += [f"![{spec.name}: {spec.summary}](exercises/{spec.id}.jpg)", ""]
    lines += [spec.summary, ""]
    views = " or ".join(dict.fromkeys(camera.seen_from for camera in spec.cameras.values()))
    lines.append(f"- `{spec.id}`, {spec.position.name}; camera at the {views}.")
    lines.append(f"- {KIND[spec.kind].capitalize()}{_sides(spec)}.")
    told = [spec.short_error.name] if spec.short_error is not None else []
    told += [fault.name for fault in spec.faults]
    if spec.kind != "avoid":
        lines.append(f"- Told: {_listed(told)}.")
    if spec.not_judged:
        lines.append(f"- Not judged: {_listed([one.name for one in spec.not_judged])}.")
    lines += [f"- {dosage(one)}" for one in spec.dosage]
    lines.append(f"- {_accuracy(spec, figures)}")
    if mapped is None:
        lines.append("- Camera positions: none has been measured yet.")
    else:
        lines += _map(spec, mapped)
    return "\n".join(lines) + "\n"


def _map(spec: Spec, views: Mapping[str, Any]) -> list[str]:
    """Return the map of camera positions: its plot, and the same in words."""
    said = view_plot.summary(spec, views)
    errors = [
        f"{error:.0f}° {where}"
        for form, where in ((True, "where form is judged"), (False, "from elsewhere"))
        if (error := view_plot.shown_error(views, form=form)) is not None
    ]
    off = [f" The angle shown is off by {' and '.join(errors)}."] if errors else []
    if (held := view_plot.hold_error(views)) is not None:
        off.append(f" Times that count as right are off by {held:.1f} s.")
    if view_plot.borderline_bodies(views):
        off.append(
            " The movement that was rendered ends within 8° of what counts, so that either count is"
            " right here."
        )
    lines = [
        f"- {said}{''.join(off)}",
        "",
        f"![{spec.name}, from where it is right. {said}](exercises/{spec.id}{VIEWS})",
        "",
        "<details><summary>The same as a table</summary>",
        "",
        view_plot.table(spec, views),
        "",
        view_plot.KEY,
    ]
    for id, places in view_plot.alarms(spec, views).items():
        lines += ["", f"`{id}` is wrongly reported from {'; '.join(places)}."]
    return [*lines, *_errors(spec, views.get("form_errors", {})), "", "</details>"]


def _errors(spec: Spec, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return how often form errors are reported near the set-ups that show them."""
    names = {fault.id: fault.name for fault in [spec.short_error, *spec.faults] if fault}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for key, row in rows.items():
        found.setdefault(view_map.View.of(spec.id, key).error or "", []).append(row)
    if not found:
        return []
    lines = [
        "",
        "Form errors that were made near the set-ups that show them, from a table:",
        "",
        "| form error | camera positions | said not to show it | reported from the others |",
        "|---|---|---|---|",
    ]
    for id, views in found.items():
        right, made = (sum(row["reported"][i] for row in views) for i in (0, 1))
        unseen = sum(not row["judged"] for row in views)
        share = f"{right} of {made}" if made else "-"
        lines.append(f"| {names[id].rstrip('.')} | {len(views)} | {unseen} | {share} |")
    return lines


def _sides(spec: Spec) -> str:
    return ", each side by itself" if spec.sides == "each" else ""


def _listed(names: list[str]) -> str:
    tidy = [name.rstrip(".") for name in names]
    return "; ".join(one[0].lower() + one[1:] for one in tidy) or "nothing"


def _accuracy(spec: Spec, figures: dict[str, Any]) -> str:
    row = figures["rendered"].get(spec.id)
    if row is None:
        return "Accuracy: no clip of it has been measured yet."
    found = [f"{row['clips']} rendered clips of the regression set"]
    if row["reps_exact"] is not None:
        found.append(f"repetitions exact in {row['reps_exact']:.0%}")
    if row["hold_error_s"] is not None:
        found.append(f"holds off by {row['hold_error_s']:.1f} s")
    told = [f for f in row["faults"].values() if f["recall"] is not None]
    if told:
        made = sum(f["made"] for f in told)
        right = sum(f["recall"] * f["made"] for f in told)
        found.append(f"{right / made:.0%} of {made} form errors told")
    found.append(f"{len(row['blamed_when_right'])} right clips blamed")
    found.append(f"{row['false_reps']} false counts in other movements")
    real = figures["footage"].get(spec.id)
    if real is not None and real["clips"]:
        exact = real["reps_exact"]
        counted = f", counted as labelled in {exact:.0%}" if exact is not None else ""
        found.append(f"{real['clips']} clips of real people{counted}")
    return f"Accuracy: {', '.join(found)}."


def picture(spec: Spec) -> None:
    """Write an exercise's picture, if there is a sample video of it."""
    samples = samples_of(spec.id, catalogue())
    if not samples:
        return
    video = samples[0].path
    truth = json.loads(video.with_suffix(".json").read_text())
    first = (truth["holds"] or truth["repetitions"])[0]
    at_s = (first.get("peak_s", first["start_s"]) + first["end_s"]) / 2
    if "peak_s" in first:
        at_s = first["peak_s"] + 0.3
    film = cv2.VideoCapture(str(video))
    film.set(cv2.CAP_PROP_POS_MSEC, 1000 * at_s)
    seen, frame = film.read()
    film.release()
    if not seen:
        raise SystemExit(f"{video}: it has no picture at {at_s:.1f} s")
    height = round(frame.shape[0] * WIDTH_PX / frame.shape[1])
    small = cv2.resize(frame, (WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(PICTURES / f"{spec.id}.jpg"), small, [cv2.IMWRITE_JPEG_QUALITY, 82])


def main() -> None:
    """Write the pictures and the page."""
    PICTURES.mkdir(exist_ok=True)
    for loaded in catalogue().values():
        picture(loaded.spec)
    maps = view_map.load()
    for id, views in maps.items():
        plot = view_plot.svg(catalogue()[id].spec, views)
        (PICTURES / f"{id}{VIEWS}").write_text(plot)
    PAGE.write_text(page(json.loads(RESULTS.read_text()), maps))
    print(f"written: {PAGE.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()

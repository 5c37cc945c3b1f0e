"""An exercise's spec in words, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from formcheck.report.words import KIND, NOTICE, SEVERITY, amount, dosage, plain
from formcheck.spec import ELSEWHERE, AnyOf, Condition, Fault, Gate, Hold, Phase, Repetition, Spec

_INDENT = (0, 0, 0, 2)
_PHASE: dict[Phase, str] = {
    "position": "",
    "whole": "",
    "rising": " on the way out",
    "top": " at the top",
    "hold": " while holding",
    "lowering": " on the way back",
    "after": "",
}


def exercise_list(specs: Iterable[Spec]) -> RenderableType:
    """Return the list of exercises, by kind, as something that rich can print."""
    specs = list(specs)
    parts: list[RenderableType] = []
    for kind, heading in KIND.items():
        of_kind = [spec for spec in specs if spec.kind == kind]
        if of_kind:
            table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
            table.add_column(no_wrap=True, min_width=max(len(spec.id) for spec in specs))  # copied
            for spec in of_kind:
                table.add_row(spec.id, spec.name)
            headed = heading[0].upper() + heading[1:]
            parts += [Text(headed, style="bold"), Padding(table, _INDENT), ""]
    return Group(*parts[:-1])


def exercise_text(spec: Spec) -> RenderableType:
    """Return all that a person may want to know of an exercise."""
    parts: list[RenderableType] = [
        Text.assemble((spec.name, "bold"), f" ({spec.id}): {KIND[spec.kind]}"),
        Text(spec.summary),
    ]
    you = [f"Position: {spec.position.name}."]
    if spec.equipment:
        you.append(f"You need: {', '.join(spec.equipment)}.")
    if spec.sides == "each":
        you.append("Each side is done and counted by itself.")
    for heading, body in (
        ("Getting ready", you),
        ("Where to put the camera", _cameras(spec)),
        ("How to do it", [_steps(spec.instructions)]),
        ("What you should feel", [spec.feel] if spec.feel else []),
        ("How much", [dosage(one) for one in spec.dosage]),
        ("Take care", list(spec.cautions)),
        ("What counts", _what_counts(spec)),
        ("Form errors that are told", _faults(spec)),
        ("Not judged", [f"{one.name.rstrip('.')}: {one.reason}" for one in spec.not_judged]),
    ):
        if body:
            parts += ["", Text(heading, style="bold")]
            parts += [Padding(Text(one) if isinstance(one, str) else one, _INDENT) for one in body]
    parts += ["", Text(NOTICE, style="italic")]
    return Group(*parts)


def _steps(instructions: Iterable[str]) -> Table:
    table = Table.grid(padding=(0, 1))
    for number, step in enumerate(instructions, 1):
        table.add_row(f"{number}.", Text(step))
    return table


def _cameras(spec: Spec) -> list[str | RenderableType]:
    if len(spec.cameras) == 1:
        return [camera.text for camera in spec.cameras.values()]
    return [
        f"{plain(name).capitalize()}: {camera.text} Shows {_shows(spec, name)}."
        for name, camera in spec.cameras.items()
    ]


def _shows(spec: Spec, camera: str) -> str:
    shown = []
    if spec.repetition is not None and camera in spec.repetition.cameras:
        shown.append("repetitions")
    if spec.hold is not None and camera in spec.hold.cameras:
        shown.append("holds")
    faults = [rule.name.rstrip(".").lower() for rule in spec.faults if camera in rule.cameras]
    if faults and len(faults) == len(spec.faults):
        shown.append("all form errors below")
    elif faults:
        shown.append(f"these form errors: {', '.join(faults)}")
    return " and ".join([*([", ".join(shown[:-1])] if shown[1:] else []), *shown[-1:]]) or "nothing"


def _what_counts(spec: Spec) -> list[str | RenderableType]:
    parts: list[str | RenderableType] = [_gate(spec.gate)]
    if spec.repetition is not None:
        parts += _repetition(spec.repetition)
        parts += [
            f"At the top: {_condition(one)}; otherwise an attempt ({one.otherwise.rstrip('.')})."
            for one in spec.repetition.requires
        ]
    if spec.hold is not None:
        parts += [_hold(spec.hold)]
    return parts


def _gate(rules: Gate) -> str:
    postures = [plain(posture) for posture in rules.postures]
    return f"In position: {' or '.join(postures)}."


def _repetition(rules: Repetition) -> list[str]:
    up = rules.direction == "up"
    rest, reach = (
        amount(rules.rest.value, rules.rest.unit),
        amount(rules.reach.value, rules.reach.unit),
    )
    enough = ""
    if rules.range is not None:
        enough = f", or {amount(rules.range.value, rules.range.unit)} from your own resting value"
    back = ", and back," if rules.ends == "back" else ""
    parts = [
        f"A repetition: {plain(rules.measure)} from {rest} or {'less' if up else 'more'} to {reach}"
        f" or {'more' if up else 'less'}{enough}{back} in {rules.least_s:g} to {rules.most_s:g} s."
        " One that falls short is an attempt."
    ]
    if (signal := rules.elsewhere) is not None:
        change = amount(signal.range.value, signal.range.unit)
        parts.append(
            "From other camera positions a repetition is counted, and its form is not judged:"
            f" {plain(signal.measure)} {change} {'above' if signal.direction == 'up' else 'below'}"
            " your own resting value."
        )
    return parts


def _hold(rules: Hold) -> str:
    conditions = _all_of(rules.conditions)
    still = "; ".join(_asked(one) for one in rules.still)
    starts = f" It starts once you are still: {still}." if still else ""
    anywhere = " It is timed from every camera position." if ELSEWHERE in rules.cameras else ""
    less = ""
    if (shallow := rules.shallow) is not None:
        enough = _all_of(shallow.conditions)
        less = (
            f" If you leave the position without a hold, {shallow.least_s:g} s or more of a smaller"
            f" stretch are timed instead: {enough}."
        )
    return (
        f"The hold clock runs while: {conditions}.{starts} A hold lasts {rules.least_s:g} s or"
        f" longer; a lapse of up to {rules.grace_s:g} s does not break it.{anywhere}{less}"
    )


def _all_of(conditions: Sequence[Condition | AnyOf]) -> str:
    return "; ".join(
        " or ".join(_asked(one) for one in condition.any_of)
        if isinstance(condition, AnyOf)
        else _asked(condition)
        for condition in conditions
    )


def _asked(one: Condition) -> str:
    """Return a condition, and from where it is asked if that is not everywhere."""
    if not one.cameras:
        return _condition(one)
    places = [
        "other camera positions" if name == ELSEWHERE else plain(name) for name in one.cameras
    ]
    return f"{_condition(one)} (camera: {', '.join(places)})"


def _condition(one: Condition) -> str:
    limits = []
    if one.at_least is not None:
        limits.append(f"at least {amount(one.at_least, one.unit)}")
    if one.at_most is not None:
        limits.append(f"at most {amount(one.at_most, one.unit)}")
    return f"{plain(one.measure)} {' and '.join(limits)}"


def _faults(spec: Spec) -> list[str | RenderableType]:
    parts: list[str | RenderableType] = []
    if (short := spec.short_error) is not None:
        parts += [f"{short.name.rstrip('.')} ({SEVERITY[short.severity]})"]
        parts += [Padding(Text(short.cue), _INDENT)]
    for rule in spec.faults:
        parts += [f"{rule.name.rstrip('.')} ({SEVERITY[rule.severity]}{_where(spec, rule)})"]
        parts += [Padding(Text(f"{rule.cue} Wanted: {_wanted(rule)}."), _INDENT)]
    return parts


def _where(spec: Spec, rule: Fault) -> str:
    if set(rule.cameras) == set(spec.cameras):
        return ""
    return f", camera: {' or '.join(plain(name) for name in rule.cameras)}"


def _wanted(rule: Fault) -> str:
    side = "at least" if rule.at_least is not None else "at most"
    return f"{plain(rule.measure)} {side} {amount(rule.limit, rule.unit)}{_PHASE[rule.phase]}"

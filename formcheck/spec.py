"""The data model of an exercise spec, and loading it with errors that name file, key and line."""

from __future__ import annotations

import difflib
import functools
import hashlib
import importlib.resources
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from formcheck.body import Posture
from formcheck.errors import FormcheckError
from formcheck.measures import (
    REPETITION_QUANTITIES,
    SIDES,
    Measure,
    Side,
    check_point,
)

Kind = Literal["repetitions", "hold", "guided", "avoid"]
From = Literal["side", "front", "behind", "head end", "foot end"]
Phase = Literal["position", "whole", "rising", "top", "hold", "lowering", "after"]
Severity = Literal["info", "minor", "major"]
# Where no camera set-up of a spec fits the view.
ELSEWHERE = "elsewhere"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Position(_Model):
    """How the body is held."""

    name: str = Field(description="In words, as in: supine, knees bent.")
    faces: Literal["head", "front", "back", "side"] = Field(
        description="What of the trunk faces up: the head (standing, sitting, kneeling), the front"
        " (supine), the back (prone, on all fours) or a side (side-lying)."
    )


class Camera(_Model):
    """A place for the camera from which something of the exercise can be judged."""

    seen_from: From
    within_deg: float = Field(gt=0, le=90, description="How far from that place it may stand.")
    elevation_deg: tuple[float, float] = Field(
        default=(-30.0, 40.0), description="Least and greatest angle of looking down."
    )
    text: str = Field(description="How to set the camera up, told to the person.")
    why: str


class Condition(_Model):
    """A measure within limits. `margin` is how far outside it still holds once it held.

    With `cameras`, it is asked only from there; `elsewhere` is wherever no set-up fits.
    """

    measure: str
    at_least: float | None = None
    at_most: float | None = None
    margin: float = Field(default=0.0, ge=0)
    unit: str
    why: str
    broken: str = Field(default="", description="In words, what happened when it stops holding.")
    cameras: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The text for when it fails."""
        return self.broken

    @model_validator(mode="after")
    def _has_a_limit(self) -> Condition:
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least, at_most or both")
        return self


class AnyOf(_Model):
    """Holds when one of several conditions does."""

    any_of: tuple[Condition, ...] = Field(min_length=2)

    @property
    def told(self) -> str:
        """The text for when all of them fail."""
        return self.any_of[0].told


class Threshold(_Model):
    """One number with its unit and reason."""

    value: float
    unit: str
    why: str


class LiftedLeg(_Model):
    """One leg at a time is lifted: the leg that begins to rise is the lifted one.

    Where the tracker exchanges the legs' names in mid-air, they are given back.
    """

    measure: str = Field(description="How high a leg is, of either side.")
    down: Threshold = Field(description="A leg this low supports, or lies.")
    apart: Threshold = Field(description="From this difference on one leg is above the other.")
    cameras: tuple[str, ...] = Field(min_length=1)


class _Cued(_Model):
    cue: str = Field(
        min_length=1, description="What to do when only this keeps somebody out of position."
    )

    @property
    def told(self) -> str:
        """The text for when it fails."""
        return self.cue


class GateCondition(_Cued, Condition):
    """A condition of being in position."""


class GateAnyOf(_Cued, AnyOf):
    """Holds when one of several conditions of being in position does."""


class Gate(_Model):
    """The exercise's position: nothing counts before the person is in it, or after leaving it.

    It is told by the posture, which needs no camera set-up, and by what else must not be
    contradicted: the conditions. What of them is out of sight is not held against anybody.
    """

    enter_s: float = Field(default=0.4, gt=0)
    leave_s: float = Field(default=0.8, gt=0)
    postures: tuple[Posture, ...] = Field(
        min_length=1, description="The postures that the exercise is done in, from rest to top."
    )
    conditions: tuple[GateCondition | GateAnyOf, ...] = ()


FOUND_FROM = Field(
    default=None,
    description="The smallest size of the error that is told reliably, as `make accuracy` measures"
    " it on rendered people, in the unit of its truth.",
)


class Short(_Model):
    """The form error of a movement that falls short of the range: an attempt, not a repetition."""

    id: str
    name: str
    severity: Severity
    cue: str
    tolerance: float = Field(
        default=0.0,
        ge=0,
        description="Falling short by no more than this is not reported as an error: the tracker"
        " errs by as much. It is an attempt all the same.",
    )
    found_from: float | None = FOUND_FROM


class Requirement(Condition):
    """What must hold at the top for a repetition to count, else it is an attempt."""

    otherwise: str = Field(description="The reason told when it does not hold.")
    must_be_seen: bool = Field(
        default=False,
        description="Out of sight it counts against the repetition, where another movement is as"
        " likely.",
    )


class Resting(_Model):
    """What must be seen at rest, at least for a moment, for a repetition to begin there.

    One of several signs is enough: sitting on a chair, say, rather than squatting. Each is a list
    of conditions that hold at one moment; `when` says which moments are looked at.
    """

    when: tuple[Condition, ...] = ()
    any_of: tuple[tuple[Condition, ...], ...] = Field(min_length=1)
    otherwise: str = Field(description="The reason told when none was seen.")


class Signal(_Model):
    """A measure that counts where it is not judged: by how far it goes from the person's own rest.

    It separates the movement from rest from every view, though its degrees may be wrong there.
    """

    measure: str
    direction: Literal["up", "down"] = "up"
    leave: Threshold = Field(description="A movement begins this far from the resting value.")
    range: Threshold = Field(description="A movement that goes this far from rest counts.")
    rest: Threshold | None = Field(
        default=None, description="The resting value must lie on the near side of this."
    )
    requires: tuple[Requirement, ...] = ()


class Repetition(_Model):
    """Rest, out, peak, back: how a repetition is recognised in one measure.

    The person's own resting value is followed. A movement begins when the measure leaves it by
    `leave`, counts when it gets to `reach` (or as far as `range` from rest), and is over when it is
    back within `return_within` of the way. From where no set-up of `cameras` fits, it is counted by
    `elsewhere`, and its form is not judged.
    """

    measure: str
    direction: Literal["up", "down"] = "up"
    rest: Threshold = Field(description="The resting value must lie on the near side of this.")
    leave: Threshold = Field(description="A movement begins this far from the resting value.")
    reach: Threshold = Field(description="A movement that gets here counts.")
    range: Threshold | None = Field(
        default=None,
        description="So does one that goes this far from the person's own rest: where the source"
        " document gives no target.",
    )
    top_margin: Threshold = Field(description="Once there, it is still the top this far short.")
    resting: Resting | None = None
    ends: Literal["back", "top"] = Field(
        default="back",
        description="With `top`, it is complete at the top: who stays there has done it.",
    )
    elsewhere: Signal | None = None
    return_within: float = Field(default=0.35, gt=0, lt=1)
    attempt: Threshold = Field(description="A movement of at least this is told as an attempt.")
    least_s: float = Field(default=0.6, gt=0)
    most_s: float = Field(default=120.0, gt=0)
    requires: tuple[Requirement, ...] = ()
    short: Short | str = Field(
        description="What falls short is an attempt: the form error to report, or only the reason"
        " of the attempt, where no size of the error is reliably detected."
    )
    cameras: tuple[str, ...] = Field(min_length=1)

    @property
    def falls_short(self) -> str:
        """The reason of an attempt that falls short."""
        return self.short if isinstance(self.short, str) else self.short.name

    @property
    def counted_from(self) -> tuple[str, ...]:
        """The set-ups, or `elsewhere`, from which it is counted."""
        return self.cameras if self.elsewhere is None else (*self.cameras, ELSEWHERE)


class Shallow(_Model):
    """What is timed of somebody who never goes as far as a hold asks for.

    While somebody rests between two holds, nothing tells rest from a hold that is too shallow. Who
    comes out of position and never went further has done the exercise, if less of it: what met
    these conditions is then timed as a hold. The first condition dates it.
    """

    conditions: tuple[Condition | AnyOf, ...] = Field(min_length=1)
    least_s: float = Field(gt=0, description="Longer than it takes to pass through.")
    told: str = Field(description="What was too little, such as: your hips hardly moved forward.")


class Hold(_Model):
    """When the hold clock runs: in the posture of `conditions`, from the first `still` moment on.

    The first condition is the matter itself. A movement that ends outside the posture was the way
    out of it; any other, as rocking in a lunge, is held through.
    """

    conditions: tuple[Condition | AnyOf, ...] = Field(min_length=1)
    still: tuple[Condition, ...] = ()
    least_s: float = Field(default=1.0, gt=0)
    grace_s: float = Field(default=0.5, ge=0)
    cameras: tuple[str, ...] = Field(min_length=1)
    shallow: Shallow | None = None


class Fault(_Model):
    """A form error: a measure beyond a limit, in a phase, for some time.

    The measure must go beyond `limit` by `tolerance` at least once and stay beyond `limit` for
    `least_s`. Phases: ``position`` is all the time in position, ``whole`` a whole repetition, with
    ``rising``, ``top`` and ``lowering`` in it; ``hold`` is while the hold clock runs or at the top.
    In the phase ``after`` the measure is one of the repetition's own quantities.

    `when` says when the error can be made at all, `seen_when` when it can be judged: while that
    does not hold, the error is not judged. With an error that `voids` it, a repetition is an
    attempt: it was another movement than the exercise.
    """

    id: str
    name: str
    measure: str
    at_least: float | None = None
    at_most: float | None = None
    tolerance: float = Field(default=0.0, ge=0)
    least_s: float = Field(default=0.3, ge=0)
    unit: str
    phase: Phase
    when: tuple[Condition, ...] = ()
    seen_when: tuple[Condition, ...] = ()
    severity: Severity
    voids: bool = False
    cue: str = Field(description="What to do, not what is wrong.")
    cameras: tuple[str, ...] = Field(min_length=1)
    why: str
    found_from: float | None = FOUND_FROM

    @model_validator(mode="after")
    def _one_limit(self) -> Fault:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give either at_least or at_most: what is right, not what is wrong")
        return self

    @property
    def limit(self) -> float:
        """The limit of what is right."""
        return self.at_least if self.at_least is not None else self.at_most  # type: ignore[return-value]

    def excess(self, value: float) -> float:
        """How far a value is beyond the limit; negative when it is right."""
        return self.at_least - value if self.at_least is not None else value - self.limit


class Unjudged(_Model):
    """A form error that no camera set-up here can show; always reported as not judged."""

    id: str
    name: str
    reason: str


class Dosage(_Model):
    """What one source document prescribes."""

    document: str
    sets: int | None = None
    repetitions: tuple[int, int] | None = None
    hold_s: tuple[float, float] | None = None
    each_side: bool = False
    times_a_day: tuple[int, int] | None = None
    note: str = ""

    @property
    def least(self) -> tuple[int, int, float]:
        """In how many sets, how often in each and for how many seconds, at least.

        Of a hold without a number of repetitions, the sets are how often it is done.
        """
        sets, held_s = self.sets or 1, self.hold_s[0] if self.hold_s else 0.0
        if self.repetitions is not None:
            return sets, self.repetitions[0], held_s
        return (1, sets, held_s) if self.hold_s else (sets, 1, held_s)


class Guide(_Model):
    """How a contraction that no camera can see is paced: so long on, so long off.

    The clock runs while the posture of `hold` is kept. That the contraction was made is reported by
    the person, never by the camera.
    """

    contract_s: float = Field(gt=0)
    rest_s: float = Field(ge=0)
    why: str

    def contractions(self, held_s: float) -> int:
        """Return for how many whole contractions a time in the posture was long enough."""
        return int((held_s + self.rest_s) // (self.contract_s + self.rest_s))

    def at(self, held_s: float) -> tuple[bool, int]:
        """Return whether to contract now or to rest, and the contraction's number, from 1."""
        round_s = self.contract_s + self.rest_s
        return held_s % round_s < self.contract_s, int(held_s // round_s) + 1


class Spec(_Model):
    """One exercise: all that the engine and the pages know of it."""

    SCHEMA: ClassVar[str] = "formcheck.exercise/1"

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    kind: Kind
    group: Literal["strength", "mobility", "avoid"]
    position: Position
    sides: Literal["none", "each"] = "none"
    equipment: tuple[str, ...] = ()
    summary: str
    instructions: tuple[str, ...] = Field(min_length=1)
    feel: str = ""
    dosage: tuple[Dosage, ...] = ()
    cautions: tuple[str, ...] = ()
    cameras: dict[str, Camera] = Field(min_length=1)
    needs: tuple[str, ...] = Field(min_length=1, description="Points the camera must see.")
    measures: dict[str, Measure] = Field(min_length=1)
    show: str = Field(description="The measure that is drawn and plotted.")
    gate: Gate
    lifted_leg: LiftedLeg | None = None
    repetition: Repetition | None = None
    hold: Hold | None = None
    guide: Guide | None = None
    faults: tuple[Fault, ...] = ()
    not_judged: tuple[Unjudged, ...] = ()

    @property
    def gentlest(self) -> Dosage | None:
        """The document that asks for least: what someone begins with. None where none says.

        By the least repetitions in all sets or, of holds, the least seconds, and the shortest.
        """
        told = [one for one in self.dosage if one.repetitions or one.hold_s]

        def load(one: Dosage) -> tuple[float, float]:
            sets, often, held_s = one.least
            times = sets * often
            return (times * held_s, held_s) if self.kind == "hold" else (times, held_s)

        return min(told, key=load, default=None)

    @property
    def view(self) -> str:
        """Where the camera stands in the first, best set-up."""
        return next(iter(self.cameras.values())).seen_from

    @property
    def counted_from(self) -> tuple[str, ...]:
        """The set-ups, or `elsewhere`, from which repetitions are counted or holds timed."""
        if self.kind in ("hold", "guided") and self.hold is not None:
            return self.hold.cameras
        return self.repetition.counted_from if self.repetition is not None else ()

    @property
    def short_error(self) -> Short | None:
        """The form error of falling short; None where it is none."""
        short = self.repetition.short if self.repetition is not None else None
        return short if isinstance(short, Short) else None

    @property
    def judged_from(self) -> set[str]:
        """The set-ups from which form is judged."""
        return {name for fault in self.faults for name in fault.cameras}

    @property
    def judged_sides(self) -> tuple[Side | None, ...]:
        """The sides that are judged apart; a single None where there are none."""
        return SIDES if self.sides == "each" else (None,)

    def units(self) -> dict[str, str]:
        """Return the unit of every measure."""
        units: dict[str, str] = {}
        for name, measure in self.measures.items():
            units[name] = measure.unit(units)
        return units

    def points_of(self, measure: str) -> set[str]:
        """Name the points that a measure is made of; of a repetition's own quantity none."""
        if measure not in self.measures:
            return set()
        made_of = self.measures[measure]
        points = set(made_of.needs())
        for part in made_of.parts():
            points |= self.points_of(part)
        return points

    @model_validator(mode="after")
    def _hangs_together(self) -> Spec:
        for name in self.needs:
            check_point(name)
        units: dict[str, str] = {}
        for name, measure in self.measures.items():
            for part in measure.parts():
                if part not in units:
                    raise ValueError(f"measures.{name}: no measure {part!r} stands before it")
            for point in measure.needs():
                if self.sides == "none" and point.split("_")[0] in ("own", "other"):
                    raise ValueError(f"measures.{name}: {point!r} needs `sides: each`")
            units[name] = measure.unit(units)
        if self.show not in units:
            raise ValueError(f"show: there is no measure {self.show!r}")
        for where, condition in self._conditions():
            _check_unit(where, condition.measure, condition.unit, units)
            self._check_cameras(where, condition.cameras)
        for fault in self.faults:
            where = f"faults.{fault.id}"
            if fault.phase == "after":
                if fault.measure not in REPETITION_QUANTITIES:
                    raise ValueError(
                        f"{where}: in the phase `after`, the measure is one of"
                        f" {', '.join(REPETITION_QUANTITIES)}"
                    )
                if self.repetition is None:
                    raise ValueError(f"{where}: the phase `after` needs a repetition")
            else:
                _check_unit(where, fault.measure, fault.unit, units)
            self._check_cameras(where, fault.cameras)
        if self.lifted_leg is not None:
            leg = self.lifted_leg
            if self.sides == "none":
                raise ValueError("lifted_leg: needs `sides: each`")
            for key in ("down", "apart"):
                _check_unit(f"lifted_leg.{key}", leg.measure, getattr(leg, key).unit, units)
            self._check_cameras("lifted_leg", leg.cameras)
        if self.repetition is not None:
            rep = self.repetition
            for key in ("rest", "leave", "reach", "range", "top_margin", "attempt"):
                if (threshold := getattr(rep, key)) is not None:
                    _check_unit(f"repetition.{key}", rep.measure, threshold.unit, units)
            if (signal := rep.elsewhere) is not None:
                for key in ("rest", "leave", "range"):
                    if (threshold := getattr(signal, key)) is not None:
                        where = f"repetition.elsewhere.{key}"
                        _check_unit(where, signal.measure, threshold.unit, units)
            if rep.least_s < self.gate.enter_s:
                raise ValueError("repetition.least_s: must not be less than gate.enter_s")
            self._check_cameras("repetition", rep.cameras)
        if self.hold is not None:
            self._check_cameras("hold", self.hold.cameras)
        if self.kind == "repetitions" and self.repetition is None:
            raise ValueError("kind: repetitions needs the key `repetition`")
        if self.kind == "hold" and self.hold is None:
            raise ValueError("kind: hold needs the key `hold`")
        if self.kind == "avoid" and (self.repetition is None or not self.cautions):
            raise ValueError(
                "kind: avoid needs the key `repetition`: what is told, and `cautions`: why"
            )
        if (self.kind == "guided") != (self.guide is not None):
            raise ValueError("kind: guided needs the key `guide`, and no other kind has it")
        if self.kind == "guided" and self.hold is None:
            raise ValueError("kind: guided needs the key `hold`: the posture to keep")
        ids = [fault.id for fault in self.faults] + [fault.id for fault in self.not_judged]
        ids += [self.short_error.id] if self.short_error else []
        for one in ids:
            if ids.count(one) > 1:
                raise ValueError(f"faults: the id {one!r} stands twice")
        return self

    def _conditions(self) -> Iterator[tuple[str, Condition]]:
        groups: list[tuple[str, tuple[Condition | AnyOf, ...]]] = [
            ("gate.conditions", self.gate.conditions)
        ]
        if self.hold is not None:
            groups.append(("hold.conditions", self.hold.conditions))
            groups.append(("hold.still", self.hold.still))
            if self.hold.shallow is not None:
                groups.append(("hold.shallow.conditions", self.hold.shallow.conditions))
        if self.repetition is not None:
            groups.append(("repetition.requires", self.repetition.requires))
            if self.repetition.resting is not None:
                resting = self.repetition.resting
                groups.append(("repetition.resting.when", resting.when))
                groups += [("repetition.resting.any_of", sign) for sign in resting.any_of]
            if self.repetition.elsewhere is not None:
                signal = self.repetition.elsewhere
                groups.append(("repetition.elsewhere.requires", signal.requires))
        groups += [(f"faults.{fault.id}.when", fault.when) for fault in self.faults]
        groups += [(f"faults.{fault.id}.seen_when", fault.seen_when) for fault in self.faults]
        for where, conditions in groups:
            for condition in conditions:
                for one in condition.any_of if isinstance(condition, AnyOf) else (condition,):
                    yield where, one

    def _check_cameras(self, where: str, names: tuple[str, ...]) -> None:
        for name in names:
            if name not in self.cameras and name != ELSEWHERE:
                raise ValueError(f"{where}.cameras: there is no camera {name!r}")


def _check_unit(where: str, measure: str, unit: str, units: dict[str, str]) -> None:
    if measure not in units:
        near = difflib.get_close_matches(measure, units, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{where}: there is no measure {measure!r}{hint}")
    if unit != units[measure]:
        raise ValueError(f"{where}: {measure!r} is in {units[measure]!r}, not in {unit!r}")


@dataclass(frozen=True, slots=True)
class LoadedSpec:
    """A spec and where it came from.

    Attributes
    ----------
    spec
        The checked spec.
    sha256
        Of the file's bytes, so that a review can say by which rules it judged.
    path
        The file's name.
    """

    spec: Spec
    sha256: str
    path: str


class _Loader(yaml.SafeLoader):
    """YAML that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _line_of(node: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """Return the 1-based line of the innermost node of a path that exists."""
    line = 1
    for step in path:
        if node is None:
            break
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    line, node = key.start_mark.line + 1, value
                    break
            else:
                # pydantic also names the members of a union, which are not in the file
                continue
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step] if step < len(node.value) else None
            line = node.start_mark.line + 1 if node is not None else line
    return line


def _in_file(node: yaml.Node | None, path: tuple[int | str, ...]) -> str:
    """Return a path as written in the file, without the members of unions."""
    words: list[str] = []
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next((v for k, v in node.value if k.value == str(step)), None)
            if found is None and step is not path[-1]:
                continue
            words.append(str(step))
            node = found
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            words.append(str(step + 1))
            node = node.value[step] if step < len(node.value) else None
        elif node is None:
            words.append(str(step))
    return ".".join(words) or "the spec"


def parse(text: str, name: str) -> Spec:
    """Check a spec's text.

    Parameters
    ----------
    text
        YAML.
    name
        The file's name, for messages.

    Raises
    ------
    FormcheckError
        Naming file, line and key.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FormcheckError(f"{name}, line {line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise FormcheckError(f"{name}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise FormcheckError(f"{name}, line 1: a spec is a mapping of keys to values")
    try:
        return Spec.model_validate(data)
    except ValidationError as error:
        first = _deepest(error)
        path = first["loc"]
        problem = {
            "extra_forbidden": "this key is not known; is it misspelt?",
            "missing": "this key is missing",
        }.get(first["type"], first["msg"].removeprefix("Value error, "))
        where = _in_file(node, path)
        line = _line_of(node, path)
        if not path:  # found by _hangs_together, which names the key itself
            key, _, rest = problem.partition(":")
            steps = tuple(key.split("."))
            line, where, problem = _line_of(node, steps), key, rest.strip() or problem
        others = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise FormcheckError(f"{name}, line {line}: {where}: {problem}{others}") from error


def _deepest(error: ValidationError) -> dict[str, Any]:
    """Return the error to tell: of the members of a union, the one that got farthest."""
    errors = error.errors()
    extra = [e for e in errors if e["type"] == "extra_forbidden"]
    candidates = extra or errors
    return dict(max(candidates, key=lambda e: len(e["loc"])))


def specs_folder() -> Path:
    """Return the folder of the exercise specs: in a checkout beside the package, else within it."""
    checkout = Path(__file__).parent.parent / "exercise_specs"
    if checkout.is_dir():
        return checkout
    return Path(str(importlib.resources.files("formcheck") / "exercise_specs"))


def load_file(path: Path) -> LoadedSpec:
    """Read and check one spec file.

    Raises
    ------
    FormcheckError
        If it cannot be read or is not a valid spec.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode()
    except OSError as error:
        raise FormcheckError(f"{path}: cannot read it: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise FormcheckError(f"{path}: a spec is UTF-8 text") from error
    return LoadedSpec(parse(text, str(path)), hashlib.sha256(raw).hexdigest(), str(path))


@functools.cache
def catalogue() -> dict[str, LoadedSpec]:
    """Return all exercises by id, in the order of their names.

    Raises
    ------
    FormcheckError
        If a spec is broken, or its id is not its file's name.
    """
    found = {}
    for path in sorted(specs_folder().glob("*.yaml")):
        loaded = load_file(path)
        if loaded.spec.id != path.stem:
            raise FormcheckError(f"{path}, line 1: id: must be the file's name, {path.stem!r}")
        found[loaded.spec.id] = loaded
    return found


def find(exercise: str) -> LoadedSpec:
    """Return an exercise by its id, or from the path of a spec file ending in .yaml.

    Raises
    ------
    FormcheckError
        If there is none; the nearest names are offered.
    """
    if exercise.endswith((".yaml", ".yml")):
        return load_file(Path(exercise))
    known = catalogue()
    if exercise in known:
        return known[exercise]
    names = {loaded.spec.name.lower(): id for id, loaded in known.items()}
    plain = exercise.lower().strip()
    if plain in names:
        return known[names[plain]]
    near = difflib.get_close_matches(
        plain.replace(" ", "_").replace("-", "_"), known, n=3, cutoff=0.4
    )
    offer = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}."
    raise FormcheckError(f"there is no exercise {exercise!r}: {offer}")


def json_schema() -> str:
    """Return the JSON Schema of spec files, for editors."""
    schema = Spec.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "formcheck exercise spec"
    return json.dumps(schema, indent=1) + "\n"

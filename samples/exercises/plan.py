"""How an exercise is asked for, and what a performer of exercises offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from samples.exercises.approach import Stations, approached
from samples.posture import Facing, Script


@dataclass(frozen=True, slots=True)
class Plan:
    """How often, how long and how well an exercise is done.

    Attributes
    ----------
    repetitions
        How many.
    hold_s
        How long each is held at its peak (with ±15 %).
    fault, size
        The form error and how much of it, in the fault's own unit; the fault's usual size if None.
    faulty
        Which repetitions show it, counted from 0; all if None.
    seed
        Of the chance variations.
    tempo
        Factor on all durations: below 1 is quicker than usual.
    side
        The side that begins, or the only one of exercises that lie on a side.
    approach
        Whether the clip shows the way into position and out of it, where the exercise has one.
    """

    repetitions: int = 4
    hold_s: float = 1.0
    fault: str | None = None
    size: float | None = None
    faulty: frozenset[int] | None = None
    seed: int = 0
    tempo: float = 1.0
    side: str = "left"
    approach: bool = False

    def shows_fault(self, repetition: int) -> bool:
        """Whether a repetition shows the fault."""
        return self.fault is not None and (self.faulty is None or repetition in self.faulty)


@dataclass(frozen=True, slots=True)
class Exercise:
    """How an exercise is performed, and its faults with their usual size and unit.

    Attributes
    ----------
    cameras
        That show it, the judging one first.
    place
        What the person is on, for the cameras: someone upright is seen from higher up.
    facing
        Where the front of the body looks, if not as at the start of the script.
    fault_cameras
        Faults that need another camera than the first.
    approach
        The way into position, if it can be shown.
    note
        Which document's variant it is, or what is special.
    """

    perform: Callable[[Plan], Script]
    faults: Mapping[str, tuple[float, str]]
    cameras: tuple[str, ...] = ("side_left", "side_right")
    place: Literal["floor", "upright", "bed"] = "floor"
    facing: Facing | None = None
    fault_cameras: Mapping[str, str] | None = None
    note: str = ""
    approach: Stations = ()

    def script(self, plan: Plan) -> Script:
        """Return the script of a plan."""
        if plan.fault is not None and plan.fault not in self.faults:
            raise ValueError(f"no such fault: {plan.fault} (there are {', '.join(self.faults)})")
        if plan.fault is not None and plan.size is None:
            plan = replace(plan, size=self.faults[plan.fault][0])
        script = self.perform(plan)
        return approached(script, self.approach) if plan.approach and self.approach else script

    def camera_for(self, fault: str | None) -> str:
        """Return the camera that judges a fault, or the exercise."""
        return (self.fault_cameras or {}).get(fault or "", self.cameras[0])

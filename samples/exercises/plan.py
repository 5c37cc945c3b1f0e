"""How an exercise is asked for, and what a performer of exercises offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from samples.posture import Script


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
    """

    repetitions: int = 4
    hold_s: float = 1.0
    fault: str | None = None
    size: float | None = None
    faulty: frozenset[int] | None = None
    seed: int = 0
    tempo: float = 1.0

    def shows_fault(self, repetition: int) -> bool:
        """Whether a repetition shows the fault."""
        return self.fault is not None and (self.faulty is None or repetition in self.faulty)


@dataclass(frozen=True, slots=True)
class Exercise:
    """How an exercise is performed, and its faults with their usual size and unit."""

    perform: Callable[[Plan], Script]
    faults: dict[str, tuple[float, str]]

    def script(self, plan: Plan) -> Script:
        """Return the script of a plan."""
        if plan.fault is not None and plan.fault not in self.faults:
            raise ValueError(f"no such fault: {plan.fault} (there are {', '.join(self.faults)})")
        if plan.fault is not None and plan.size is None:
            plan = replace(plan, size=self.faults[plan.fault][0])
        return self.perform(plan)

"""What a dosage asks for, and how far someone has come with it: sets, sides, what is next."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from formcheck.engine.events import HoldResult, RepetitionResult
from formcheck.measures import SIDES, Side
from formcheck.spec import Dosage, Spec

Done = dict[Side | None, int]  # per side, or of None where there are none


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done next.

    Attributes
    ----------
    set
        In which set, from 1.
    side
        With which side; None where there are none.
    often
        How often still, in this set and on this side.
    """

    set: int
    side: Side | None
    often: int


class Session:
    """Count what the engine tells against a dosage.

    Parameters
    ----------
    spec
        The exercise.
    dosage
        What is asked for: the least of it; the gentlest document's when None.

    Raises
    ------
    ValueError
        If no document says how much.

    Attributes
    ----------
    sets, often, held_s
        What is asked for: so many sets of so many times (on each side), each held so many seconds.
    done
        Per set, how often, on each side.
    beyond
        How often more than asked for.
    held_short
        Of the repetitions, how many were held for less than `held_s`; they count.
    """

    def __init__(self, spec: Spec, dosage: Dosage | None = None) -> None:
        dosage = dosage or spec.gentlest
        if dosage is None:
            raise ValueError(f"no document says how much of {spec.id}")
        self.dosage = dosage
        self.sets, self.often, self.held_s = dosage.least
        self._spec = spec
        each = spec.sides == "each" and dosage.each_side
        self._sides: tuple[Side | None, ...] = SIDES if each else (None,)
        self.done: list[Done] = [dict.fromkeys(self._sides, 0) for _ in range(self.sets)]
        self.beyond = 0
        self.held_short = 0
        self._last: Side | None = self._sides[0]

    def add(self, result: RepetitionResult | HoldResult) -> None:
        """Add what was done; what does not count, or was not held for long enough, adds nothing."""
        for _ in range(self._worth(result)):
            self._add_one(result.side if len(self._sides) > 1 else None)

    def _worth(self, result: RepetitionResult | HoldResult) -> int:
        if isinstance(result, RepetitionResult):
            counts = self._spec.kind == "repetitions" and result.counted
            self.held_short += counts and result.hold_s < self.held_s
            return int(counts)
        if self._spec.guide is not None:
            return self._spec.guide.contractions(result.held_s)
        return int(self._spec.kind == "hold" and result.held_s >= self.held_s)

    def _add_one(self, side: Side | None) -> None:
        self._last = side
        for done in self.done:
            if done[side] < self.often:
                done[side] += 1
                return
        self.beyond += 1

    @property
    def next(self) -> Next | None:
        """What is to be done next, with the same side as long as it lacks some; None when done."""
        for number, done in enumerate(self.done, 1):
            order = sorted(self._sides, key=lambda side: side != self._last)
            for side in order:
                if done[side] < self.often:
                    return Next(number, side, self.often - done[side])
        return None

    def next_after(self, result: RepetitionResult | HoldResult) -> Next | None:
        """Return what would be next if this were done, too, as a hold that is under way."""
        trial = copy.copy(self)
        trial.done = [dict(done) for done in self.done]
        trial.add(result)
        return trial.next

"""Which cue is said when: one at a time, the most important first, and praise when it helped."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.spec import Severity

# Between two cues there is time to hear one, and to do it.
GAP_S = 2.5
# Somebody who just heard it is at work on it.
SAME_AGAIN_S = 8.0
# An error that lasts is told again after this, so that it is not taken for put right.
REMIND_S = 15.0
# What could not be said for so long is about a moment that is over.
STALE_S = 2.0
PRAISE = "Good, that's it."

_ORDER: dict[Severity, int] = {"major": 0, "minor": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to do better.

    Attributes
    ----------
    id
        Of the form error.
    severity
        How much it matters.
    text
        What is said.
    """

    id: str
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Praise:
    """The error that was told last was put right."""

    id: str
    text: str = PRAISE


class Coach:
    """Choose what is said of all that is seen.

    Times are the frames' own, so that the same recording is always accompanied in the same way.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[float, Cue]] = {}
        self._said_at: dict[str, float] = {}
        self._wrong: set[str] = set()  # said, and not put right since
        self._better: tuple[float, str] | None = None
        self._last_t = -GAP_S

    @property
    def wrong(self) -> frozenset[str]:
        """What was said and has not been put right yet, by id."""
        return frozenset(self._wrong)

    def see(self, t: float, cue: Cue) -> None:
        """Take note of an error that begins now."""
        self._wait(t, cue, SAME_AGAIN_S)

    def still(self, t: float, cue: Cue) -> None:
        """Take note of an error that goes on."""
        if cue.id not in self._waiting:
            self._wait(t, cue, REMIND_S)

    def _wait(self, t: float, cue: Cue, after_s: float) -> None:
        said = self._said_at.get(cue.id)
        if said is None or t - said >= after_s:
            self._waiting[cue.id] = (t, cue)

    def right(self, t: float, id: str) -> None:
        """Take note that an error is put right; it is worth praise if it was told."""
        self._waiting.pop(id, None)
        if id in self._wrong:
            self._wrong.remove(id)
            self._better = (t, id)

    def forget(self) -> None:
        """Drop what waits to be said, as when the person stops for a while."""
        self._waiting.clear()
        self._wrong.clear()
        self._better = None

    def say(self, t: float) -> Cue | Praise | None:
        """Return what is to be said now, if anything; it counts as said."""
        for id in [id for id, (since, _) in self._waiting.items() if t - since > STALE_S]:
            del self._waiting[id]
        if self._better is not None and t - self._better[0] > STALE_S:
            self._better = None
        if t - self._last_t < GAP_S:
            return None
        if self._waiting:
            waiting = self._waiting.values()
            _, cue = min(waiting, key=lambda one: (_ORDER[one[1].severity], one[0]))
            del self._waiting[cue.id]
            self._last_t = self._said_at[cue.id] = t
            self._wrong.add(cue.id)
            return cue
        if self._better is not None:
            praise = Praise(self._better[1])
            self._better, self._last_t = None, t
            return praise
        return None

"""Somebody else in view of the camera: whether it is they who exercise, and are to be followed."""

from __future__ import annotations

import math

from formcheck.body import PoseFrame
from formcheck.box import Box
from formcheck.engine.core import Engine, Now
from formcheck.people import LARGER
from formcheck.spec import Spec

# Everything speaks for the other person for this long before it changes: longer than it takes to
# step over a mat, or to look at the trainer.
MEANT_S = 3.0
# In area: the other person is nearer by that much, as a person is to one on a television.
MUCH_LARGER = 3.0
# Neither in a repetition nor in a hold.
IDLE = ("out of position", "ready", "rest")
# The page is asked once, and again after this: what it was asked may have been lost on the way.
ASK_AGAIN_S = 5.0
# After a change, the other person is given this long to settle.
SETTLE_S = 10.0


class Other:
    """Decide whether the other person in view is to be followed instead.

    Times are the frames' own.

    Parameters
    ----------
    spec
        The exercise.

    Attributes
    ----------
    anew
        Whether what was done so far was somebody else's, when it changes.

    Notes
    -----
    The other person has an engine of their own, which says whether they are in position, just as
    for the followed one. Nobody is followed on trial: the other must be in position first.

    Before the start, whoever is in position is followed; if both are, the larger one (by `LARGER`).
    When the exercise is paused because the followed person is away, the other must not be much
    smaller. During the exercise, the other must be doing it as well and be much larger: then the
    one followed so far was on a television.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._whom: int | None = None
        self._by_hand = self.anew = False
        self._own_size = math.nan
        self._settled_t = self._ask_t = -math.inf
        self._forget()

    def _forget(self) -> None:
        self._engine: Engine | None = None
        self._meant_since = self._size = math.nan

    def changed(self, t: float, whom: int) -> bool:
        """Take note of whom the page follows; return whether it is somebody else from now on."""
        if self._whom in (None, whom):
            self._whom = whom
            return False
        asked = t < self._ask_t
        # Whoever was chosen by hand stays followed.
        self._by_hand = self._by_hand or not asked
        self.anew = self.anew and asked
        self._whom = whom
        self._settled_t = t + SETTLE_S
        self._own_size = math.nan
        self._forget()
        return True

    def see(self, own: PoseFrame, other: PoseFrame | None, stage: str, now: Now) -> bool:
        """Take a frame; return whether the page is to follow the other person from now on.

        Parameters
        ----------
        own
            The followed person.
        other
            The other person, where the page looked at them in this frame.
        stage
            Where in its course the exercise is.
        now
            The state of the followed person.
        """
        t = own.t
        box = Box.around(own)
        if box is not None:
            self._own_size = box.area
        if other is not None and (box := Box.around(other)) is not None:
            self._engine = self._engine or Engine(self._spec)
            self._engine.feed(other)
            self._size = box.area
        if not self._is_meant(stage, now):
            self._meant_since = math.nan
            return False
        if self._meant_since != self._meant_since:
            self._meant_since = t
        if other is None or t - self._meant_since < MEANT_S:
            return False
        if t < max(self._settled_t, self._ask_t) or now.phase not in IDLE:
            return False
        if stage == "active" and not self._exercises():
            return False
        self._ask_t, self.anew = t + ASK_AGAIN_S, stage != "away"
        return True

    def _is_meant(self, stage: str, now: Now) -> bool:
        if self._by_hand or self._engine is None or not self._engine.gate_open:
            return False
        larger = self._size / self._own_size if self._own_size else math.nan
        if stage == "active":
            return larger >= MUCH_LARGER
        if stage == "setup" and now.in_position:
            return larger >= LARGER
        # Not one who is much smaller: whoever sits up for a moment is no reason to count the
        # trainer on the television.
        return stage in ("setup", "away") and not larger < 1 / LARGER

    def _exercises(self) -> bool:
        """Whether the other person has done a repetition, or holds the position of a hold."""
        engine = self._engine
        assert engine is not None
        if engine.spec.kind == "repetitions":
            return any(one.counted for one in engine.repetitions)
        return bool(engine.holds) or engine.now().hold_s >= MEANT_S

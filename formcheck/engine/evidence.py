"""How likely each posture is, over the last moments."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from formcheck.body import POSTURES, Array
from formcheck.engine.posture import posture_model

# Evidence of a posture is looked for this often and averaged over this time: one frame may be read
# wrongly, and nobody changes posture faster.
LOOK_EVERY_S = 0.09
EVIDENCE_S = 0.4
# From here on it is more likely than not; a posture that was there must be gone plainly.
LIKELY, UNLIKELY = 0.5, 0.2
# Less will do for the likeliest of all.
LIKELIEST = 0.33


class IsOneOf:
    """Tell whether somebody is in one of some postures, by how likely each is.

    Parameters
    ----------
    wanted
        The postures.
    """

    __slots__ = ("_others", "_wanted")

    def __init__(self, wanted: Collection[str]) -> None:
        self._wanted = tuple(wanted)
        self._others = [posture for posture in POSTURES if posture not in wanted]

    def __call__(self, likely: Mapping[str, float], was: bool) -> bool:
        """Whether they are; `was` says that they were a moment ago."""
        together = math.fsum([likely[posture] for posture in self._wanted])
        if together >= (UNLIKELY if was else LIKELY):
            return True
        others = max([likely[posture] for posture in self._others], default=0.0)
        return together >= max(LIKELIEST, others)


class PostureEvidence:
    """Follow one person's posture from frame to frame."""

    def __init__(self) -> None:
        self._model = posture_model()
        self.reset()

    def reset(self) -> None:
        """Forget all, as after a change of person."""
        self._t = math.nan
        self._average: Array | None = None
        self._likely: dict[str, float] = {}

    def update(
        self, t: float, points: Array, world: Array, usable: NDArray[np.bool_]
    ) -> dict[str, float]:
        """Return how likely each posture is, 0 to 1, with this frame added.

        Parameters
        ----------
        t
            Seconds.
        points, world, usable
            As `posture.features` takes them.
        """
        elapsed = t - self._t
        if elapsed < LOOK_EVERY_S:
            return self._likely  # the last look was a moment ago
        now = self._model(points, world, usable)
        if self._average is None:
            self._average = now
        else:
            share = 1.0 - math.exp(-elapsed / EVIDENCE_S)
            self._average = self._average + share * (now - self._average)
        self._t = t
        self._likely = dict(zip(POSTURES, self._average.tolist(), strict=True))
        return self._likely

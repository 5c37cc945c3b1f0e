"""How far a measured figure can be trusted: 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def wilson(right: float, of: float, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a share.

    Parameters
    ----------
    right, of
        How many of how many. Not whole numbers where many views of few people are weighed as if
        there were one view of each: what is seen of one person is alike.
    z
        Standard deviations; 1.96 for 95 %.

    Examples
    --------
    >>> [round(bound, 2) for bound in wilson(9, 10)]
    [0.6, 0.98]
    """
    if not of:
        return 0.0, 1.0
    share, spread = right / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def bootstrap(values: Sequence[float], times: int = 10_000) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of a mean; the same for the same values.

    One value for each independent recording, not for each frame: frames of a recording are alike.

    Examples
    --------
    >>> bootstrap([2.0, 2.0, 2.0])
    (2.0, 2.0)
    """
    every = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(0).integers(0, len(every), (times, len(every)))
    low, high = np.percentile(every[drawn].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)

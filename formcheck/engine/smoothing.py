"""The One-Euro filter over all coordinates at once, with the real time step.

Casiez, Roussel and Vogel, "1 Euro Filter", CHI 2012: a low-pass whose cut-off rises with speed, so
that a still body does not tremble and a moving one does not lag.
"""

from __future__ import annotations

import math
from typing import overload

import numpy as np

from formcheck.body import Array


class OneEuro:
    """Filter an array of coordinates, frame by frame.

    Parameters
    ----------
    least_cutoff_hz
        Cut-off for a body at rest.
    beta
        How many Hz the cut-off rises per unit of speed.
    speed_cutoff_hz
        Cut-off of the speed estimate.
    gap_s
        A coordinate that was unknown for longer starts afresh.
    """

    def __init__(
        self,
        least_cutoff_hz: float,
        beta: float,
        speed_cutoff_hz: float = 1.5,
        gap_s: float = 0.3,
    ) -> None:
        self._least, self._beta, self._speed_cutoff = least_cutoff_hz, beta, speed_cutoff_hz
        self._gap_s = gap_s
        self._t = math.nan
        self._value: Array | None = None
        self._speed: Array | None = None
        self._age: Array | None = None
        self._whole = False  # in the last frame everything was known

    def reset(self) -> None:
        """Forget everything, as after a change of person."""
        self._value = None

    def __call__(self, t: float, raw: Array, whole: bool = False) -> Array:
        """Return the smoothed array, which is not to be written to.

        NaN in, NaN out; a short gap is bridged in memory only. `whole` says that nothing is
        missing, which is quicker.
        """
        if self._value is None or self._speed is None or self._age is None:
            self._t, self._value = t, raw.copy()
            self._speed, self._age = np.zeros_like(raw), np.zeros_like(raw)
            self._whole = False
            return raw
        dt, self._t = t - self._t, t
        was_whole, self._whole = self._whole, whole
        if was_whole and whole:  # nothing was or is missing: the same sums without the cases
            delta = raw - self._value
            share = _share(self._speed_cutoff, dt)
            self._speed *= 1.0 - share
            self._speed += delta * (share / dt)
            # What is left of the step: 1 / (1 + a) of it, with `a` as in `_share`.
            rest = np.abs(self._speed)
            rest *= self._beta * (2 * math.pi) * dt
            rest += 1.0 + self._least * (2 * math.pi) * dt
            delta /= rest
            self._value = raw - delta
            return self._value
        known = raw == raw  # NaN is not itself
        self._age += dt
        fresh = known & ~((self._value == self._value) & (self._age <= self._gap_s + dt))
        delta = raw - self._value
        elapsed = np.maximum(self._age, dt)
        speed = self._speed + _share(self._speed_cutoff, elapsed) * (delta / elapsed - self._speed)
        value = self._value + _share(self._least + self._beta * np.abs(speed), elapsed) * delta
        if fresh.any():
            value = np.where(fresh, raw, value)
            speed = np.where(fresh, 0.0, speed)
        self._value = np.where(known, value, self._value)
        self._speed = np.where(known, speed, self._speed)
        self._age = np.where(known, 0.0, self._age)
        return np.where(known, value, raw)


@overload
def _share(cutoff_hz: float, elapsed: float) -> float: ...
@overload
def _share(cutoff_hz: float | Array, elapsed: Array) -> Array: ...
def _share(cutoff_hz: float | Array, elapsed: float | Array) -> float | Array:
    """Return the share of a new value that a low-pass takes over."""
    a = cutoff_hz * (2 * math.pi) * elapsed
    return a / (1 + a)

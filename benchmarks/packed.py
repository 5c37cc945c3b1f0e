"""One file per rendered clip: landmarks and truth, a fifth as large as .npz and .json.

Numbers are rounded to what a tracker can tell, kept as steps from frame to frame, and compressed
with LZMA. NumPy's own .npz compression does not see that one frame is much like the last.
"""

from __future__ import annotations

import io
import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.body import Array, Recording

SUFFIX = ".clip.xz"
# Steps per unit: a tenth of a pixel of a 480-pixel picture, 5 mm of depth that nothing is judged
# by, a fiftieth of certainty; 2 mm of body; microseconds.
IMAGE = np.array([5e3, 5e3, 2e2, 5e1, 5e1])
WORLD = np.array([5e2, 5e2, 5e2])
TIME = np.array([1e6])
# Of the truth, tenths of a degree; seconds and lengths in thousandths.
DEGREES, FINE = 1e1, 1e3
UNKNOWN = np.iinfo(np.int32).min // 2  # far from every number, and its steps still fit


def pack(path: Path, recording: Recording, truth: dict[str, Any]) -> None:
    """Write a clip; `truth` is what `samples.truth.write_truth` wrote."""
    # The conventions are the same in all: see samples/truth.py.
    about = {name: truth[name] for name in truth if name not in ("rows", "conventions")}
    about |= {"width": recording.width, "height": recording.height, "model": recording.model}
    out = io.BytesIO()
    np.savez(
        out,
        about=np.frombuffer(json.dumps(about).encode(), np.uint8),
        t=_steps(recording.t, TIME),
        image=_steps(recording.image, IMAGE),
        world=_steps(recording.world, WORLD),
        rows=_steps(np.array(truth["rows"], dtype=float), _fineness(truth["columns"])),
    )
    path.write_bytes(lzma.compress(out.getvalue(), preset=9 | lzma.PRESET_EXTREME))


def unpack(path: Path) -> tuple[Recording, dict[str, Any]]:
    """Read a clip: its landmarks, and the truth."""
    with np.load(io.BytesIO(lzma.decompress(path.read_bytes()))) as arrays:
        about = json.loads(arrays["about"].tobytes())
        size = about.pop("width"), about.pop("height"), about.pop("model")
        recording = Recording(
            _numbers(arrays["t"], TIME),
            _numbers(arrays["image"], IMAGE).astype(np.float32),
            _numbers(arrays["world"], WORLD).astype(np.float32),
            *size,
        )
        return recording, {**about, "rows": _numbers(arrays["rows"], _fineness(about["columns"]))}


def _fineness(columns: list[str]) -> Array:
    fine = [name == "t" or name.endswith(("_m", "_gap")) for name in columns]
    return np.where(fine, FINE, DEGREES)


def _steps(numbers: Array, per_unit: Array) -> NDArray[np.uint8]:
    """Return rounded steps from row to row: (4, channels, rows) bytes, the lowest first.

    Like bytes lie together, which is what makes them small.
    """
    known = np.isfinite(numbers)
    whole = np.round(np.where(known, numbers, 0.0) * per_unit).astype(np.int32)
    whole[~known] = UNKNOWN
    steps = np.diff(whole, axis=0, prepend=np.zeros_like(whole[:1]))
    bytes_ = np.ascontiguousarray(np.moveaxis(steps, 0, -1)).astype("<i4").view(np.uint8)
    return np.ascontiguousarray(np.moveaxis(bytes_.reshape(*steps.shape[1:], -1, 4), -1, 0))


def _numbers(bytes_: NDArray[np.uint8], per_unit: Array) -> Array:
    """Undo `_steps`."""
    steps = np.ascontiguousarray(np.moveaxis(bytes_, 0, -1)).view("<i4")[..., 0]
    whole = np.cumsum(np.moveaxis(steps, -1, 0), axis=0, dtype=np.int64)
    return np.where(whole == UNKNOWN, np.nan, whole / per_unit)

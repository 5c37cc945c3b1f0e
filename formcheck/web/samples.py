"""The sample videos that come with a checkout, by exercise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "sample_videos"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample video.

    Attributes
    ----------
    path
        The file.
    variant
        What is special about it, in words; empty for the exercise as it should be.
    """

    path: Path
    variant: str


def samples_of(exercise: str, known: Collection[str], folder: Path = FOLDER) -> list[Sample]:
    """Return an exercise's samples, the plain one first.

    Parameters
    ----------
    exercise
        Its id.
    known
        The ids of all exercises: a file belongs to the one with the longest name that fits, so that
        ``plank_side.mp4`` is a plank's unless there is an exercise ``plank_side``.
    folder
        Where to look. Files are named ``<id>.mp4`` or ``<id>_<variant>.mp4``.
    """
    found = []
    for path in sorted(folder.glob("*.mp4"), key=lambda path: path.stem):
        fits = [one for one in known if path.stem == one or path.stem.startswith(f"{one}_")]
        if fits and max(fits, key=len) == exercise:
            variant = path.stem.removeprefix(exercise).replace("_", " ").strip()
            found.append(Sample(path, variant))
    return found

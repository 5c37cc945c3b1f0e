"""Which of several people is followed: the one asked for, by default the one who exercises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.body import Recording, X, Y
from formcheck.box import Box
from formcheck.engine.core import Engine
from formcheck.errors import FormcheckError
from formcheck.recognise import Recognition, explained_s, together
from formcheck.spec import LoadedSpec, Spec
from formcheck.way_up import recognise_any_way_up

# Somebody who walks past, or comes to stop the camera, is in view for less time than this.
SEEN_S = 2.0
# Of two people doing the same exercise, one this much larger is followed: the other may be on a
# television.
LARGER = 1.5
# A longer gap between two pictures is a hole.
LONGEST_GAP_S = 0.5


@dataclass(frozen=True, slots=True)
class Person:
    """One of those in view.

    Attributes
    ----------
    recording
        The landmarks, frame by frame.
    x
        Where in the picture, 0 at the left to 1 at the right; the median.
    size
        The median share of the picture that the box around the landmarks takes.
    """

    recording: Recording
    x: float
    size: float


@dataclass(frozen=True, slots=True)
class InView:
    """How many people are in view, and which of them is meant.

    Attributes
    ----------
    count
        How many.
    followed
        Which of them was followed, counted from the left, from 1.
    seen
        For each, from the left, when they are in view, seconds, and where.
    """

    count: int
    followed: int
    seen: tuple[tuple[float, Box], ...] = ()

    @classmethod
    def of(cls, people: Sequence[Person], followed: int) -> InView:
        """Return it of several people, of whom one is followed, counted from 0."""
        seen = [_moment(person.recording) for person in people] if len(people) > 1 else []
        return cls(len(people), followed + 1, tuple(one for one in seen if one is not None))

    @property
    def places(self) -> list[str]:
        """What each of them is called, from the left."""
        if self.count == 2:
            return ["left", "right"]
        return [str(i) for i in range(1, self.count + 1)]

    @property
    def said(self) -> str:
        """The same as a sentence."""
        place = self.places[self.followed - 1]
        which = f"on the {place}" if self.count == 2 else f"who is number {place} from the left"
        return f"{numbered(self.count)} people are in view: this is about the one {which}."


def numbered(count: int) -> str:
    """Return a number of people as a sentence begins with it."""
    return {2: "Two", 3: "Three", 4: "Four"}.get(count, str(count))


ALONE = InView(1, 1)


def _moment(recording: Recording) -> tuple[float, Box] | None:
    """Return half-way through the time somebody is seen, and where that is."""
    found = np.flatnonzero(np.isfinite(recording.image[:, 0, X]))
    if not len(found):
        return None
    middle = int(found[len(found) // 2])
    (frame,) = recording[middle : middle + 1]
    box = Box.around(frame)
    return None if box is None else (frame.t, box)


def in_view(recordings: Sequence[Recording], mirrored: bool = False) -> list[Person]:
    """Return those who are in view for a while, from left to right; at least the first.

    Parameters
    ----------
    recordings
        The landmarks of each, of the same frames.
    mirrored
        Whether the picture was turned back before it was looked at: who is named left is the one
        on the left of the file as it is.
    """
    people = []
    for i, recording in enumerate(recordings):
        found = np.isfinite(recording.image[:, 0, X])
        seen_s = np.minimum(np.diff(recording.t), LONGEST_GAP_S)[found[1:]].sum()
        if i and seen_s < SEEN_S:
            continue
        image = recording.image[found]
        x, y = image[..., X], image[..., Y]
        at = float(np.median((x.min(axis=1) + x.max(axis=1)) / 2)) if len(image) else 0.5
        size = float(np.median(np.ptp(x, axis=1) * np.ptp(y, axis=1))) if len(image) else 0.0
        people.append(Person(recording, 1.0 - at if mirrored else at, size))
    return sorted(people, key=lambda person: person.x)


def asked_for(people: Sequence[Person], who: str) -> int:
    """Return which of them is asked for: "left", "right", or a number from the left, from 1.

    Raises
    ------
    FormcheckError
        If nobody is there.
    """
    number = {"left": 1, "right": len(people)}.get(who) or (int(who) if who.isdecimal() else 0)
    if not 1 <= number <= len(people):
        few = "one person is" if len(people) == 1 else f"{numbered(len(people)).lower()} people are"
        raise FormcheckError(
            f"there is no person {who}: {few} in view; give left, right or a number"
        )
    return number - 1


def who_exercises(people: Sequence[Person], amounts: Sequence[float]) -> int:
    """Return which of them is meant.

    Whoever does the exercise, then whoever is much larger, then whoever does more of it.

    Parameters
    ----------
    people
        Those in view.
    amounts
        How much of the exercise each does, seconds.
    """
    doing = [i for i, amount in enumerate(amounts) if amount > 0] or list(range(len(people)))
    largest = max(people[i].size for i in doing)
    near = [i for i in doing if LARGER * people[i].size >= largest]
    return max(near, key=lambda i: (amounts[i], people[i].size))


def choose(
    recordings: Sequence[Recording],
    amount_s: Callable[[Recording], float],
    who: str | None = None,
    mirrored: bool = False,
) -> tuple[Recording, InView]:
    """Return the landmarks of the person to follow, and how many people are in view.

    Parameters
    ----------
    recordings
        The landmarks of each person, of the same frames.
    amount_s
        For how long somebody exercises, seconds; asked only of several people.
    who, mirrored
        See `asked_for` and `in_view`.

    Raises
    ------
    FormcheckError
        If there is nobody where `who` says.
    """
    people = in_view(recordings, mirrored)
    if who is not None:
        i = asked_for(people, who)
    elif len(people) == 1:
        i = 0
    else:
        i = who_exercises(people, [amount_s(person.recording) for person in people])
    return people[i].recording, InView.of(people, i)


def exercised_s(recording: Recording, spec: Spec) -> float:
    """Return for how long an exercise is done in a recording, seconds."""
    engine = Engine(spec)
    return explained_s(engine, together(recording, [engine]))


def recognise_somebody(
    recordings: Sequence[Recording],
    exercises: Iterable[LoadedSpec],
    who: str | None = None,
    mirrored: bool = False,
) -> tuple[Recognition, list[Recording]]:
    """Find out which exercise is done, and by whom.

    Parameters
    ----------
    recordings
        The landmarks of each person, of the same frames.
    exercises
        Those to choose from.
    who, mirrored
        See `asked_for` and `in_view`.

    Returns
    -------
    Recognition
        Which exercise it is.
    list of Recording
        The same recordings, that person's first.

    Raises
    ------
    FormcheckError
        If the one who is asked for is not there.
    """
    exercises = list(exercises)
    found: dict[int, Recognition] = {}

    def recognised(recording: Recording) -> Recognition:
        if id(recording) not in found:
            found[id(recording)] = recognise_any_way_up(recording, exercises)
        return found[id(recording)]

    def amount_s(recording: Recording) -> float:
        one = recognised(recording)
        return one.seconds.get(one.exercise or "", 0.0)

    first, _ = choose(recordings, amount_s, who, mirrored)
    return recognised(first), [first, *(one for one in recordings if one is not first)]

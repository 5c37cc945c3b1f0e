"""Everyone in one stream of pictures: whom the tracker follows, and who else is in view."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import numpy as np

from formcheck.body import PRESENCE, VISIBILITY, PoseFrame, X, Y
from formcheck.box import Box, Picture
from formcheck.closing import Closing
from formcheck.pose.tracker import PoseTracker

# How often to look for other people: 7 % more work at 30 frames per second.
LOOK_EVERY_S = 2.0
# Two boxes that share this much of the smaller one are the same person, found twice.
SAME = 0.6
# Most of another person's landmarks are clearly visible; those of a coat on a chair are not.
PLAINLY = 0.5
# A person lost for this long is no longer tracked; the next one to appear takes their place.
LOST_S = 2.0
GREY = 128


@dataclass(slots=True)
class _Follower:
    """One person, and what follows it."""

    tracker: PoseTracker | None
    box: Box | None = None
    found_t: float = field(default=-np.inf)

    def track(self, picture: Picture, t: float) -> PoseFrame:
        height, width = picture.shape[:2]
        if self.tracker is None:
            return PoseFrame.empty(t, width, height)
        frame = self.tracker.track(picture, t)
        box = Box.around(frame)
        if box is not None:
            self.box, self.found_t = box, t
        return frame

    def close(self) -> None:
        if self.tracker is not None:
            self.tracker.close()
        self.tracker = None


class PeopleTracker(Closing):
    """Follow everyone in one stream of pictures.

    Use it as a context manager, or close it.

    Parameters
    ----------
    model
        The ``.task`` bundle, from `formcheck.pose.models.model_path`.

    Raises
    ------
    FormcheckError
        If MediaPipe cannot use the bundle.

    Notes
    -----
    As long as there is one person, it does what `PoseTracker` does, to the last bit. Every two
    seconds it looks at the picture with that person covered. Whoever is seen there gets a tracker
    of their own, and from then on each tracker is shown the picture with the others covered: it
    cannot leap to them. MediaPipe's own way to several people is not used: its detector leaves out
    the smaller of two, and it does not smooth their landmarks.
    """

    def __init__(self, model: str | os.PathLike[str]) -> None:
        self._model = os.fspath(model)
        self._people = [_Follower(PoseTracker(model))]
        self._spare: PoseTracker | None = None  # looks for others; follows whom it finds
        self._next_look = -np.inf

    def close(self) -> None:
        """Free the trackers; it cannot be used afterwards."""
        for person in self._people:
            person.close()
        if self._spare is not None:
            self._spare.close()

    def track(self, rgb: Picture, t: float) -> list[PoseFrame]:
        """Find everyone in the next picture.

        Parameters
        ----------
        rgb
            (H, W, 3), upright.
        t
            Presentation time, seconds, not negative and later than that of the picture before.

        Returns
        -------
        list of PoseFrame
            The landmarks of each person so far, in the order in which they were found; the list
            never gets shorter, and whoever is not in view has an empty frame.

        Raises
        ------
        ValueError
            If the time does not go on, or the array is no picture.
        """
        frames = [person.track(self._shown(person, rgb), t) for person in self._people]
        for i, person in enumerate(self._people):
            if i and person.tracker is not None and self._is_over(i, t):
                person.close()
                height, width = rgb.shape[:2]
                frames[i] = PoseFrame.empty(t, width, height)
        if t >= self._next_look and frames[0].found:
            self._next_look = t + LOOK_EVERY_S
            frames += self._look(rgb, t, frames)
        return frames

    def _shown(self, person: _Follower, rgb: Picture) -> Picture:
        """Return the picture with all others covered."""
        others = [
            one.box
            for one in self._people
            if one is not person and one.tracker is not None and one.box is not None
        ]
        if not others:
            return rgb
        return _covered(rgb, others, person.box)

    def _is_over(self, i: int, t: float) -> bool:
        """Whether somebody is gone, or is one who was found before."""
        person = self._people[i]
        if t - person.found_t >= LOST_S:
            return True
        return any(
            one.tracker is not None
            and one.found_t == t
            and one.box is not None
            and person.box is not None
            and person.box.shares(one.box) >= SAME
            for one in self._people[:i]
        )

    def _look(self, rgb: Picture, t: float, frames: list[PoseFrame]) -> list[PoseFrame]:
        """Look for somebody who is not followed yet; return their frame where they are new."""
        known = [one.box for one in self._people if one.tracker is not None and one.box is not None]
        if self._spare is None:
            self._spare = PoseTracker(self._model, doubtful=False)
        frame = self._spare.track(_covered(rgb, known, None), t)
        box = Box.around(frame)
        if box is None:
            return []
        tracker, self._spare = self._spare, None
        if not _plain(frame) or any(box.shares(one) >= SAME for one in known):
            tracker.close()
            return []
        gone = [i for i, one in enumerate(self._people) if one.tracker is None]
        person = _Follower(tracker, box, t)
        if not gone:
            self._people.append(person)
            return [frame]
        self._people[gone[0]] = person
        frames[gone[0]] = frame
        return []


def _covered(rgb: Picture, boxes: list[Box], own: Box | None) -> Picture:
    """Return a copy of a picture in which boxes are grey, but for somebody's own."""
    out = rgb.copy()
    for box in boxes:
        box.of(out)[:] = GREY
    if own is not None:
        own.of(out)[:] = own.of(rgb)
    return out


def _plain(frame: PoseFrame) -> bool:
    """Whether most of somebody is plainly seen, in the picture."""
    sure = np.minimum(frame.image[:, VISIBILITY], frame.image[:, PRESENCE])
    x, y = frame.image[:, X], frame.image[:, Y]
    inside = (x > 0.0) & (x < 1.0) & (y > 0.0) & (y < 1.0)
    return bool(np.mean((sure > PLAINLY) & inside) > PLAINLY)

"""The map of camera positions as a person reads it: a plot, the same in words, and advice."""

from __future__ import annotations

from collections.abc import Iterable

from formcheck.report.view_plot import ROOMY, Sign, Wedge, draw
from formcheck.spec import Spec
from formcheck.view_map import (
    AZIMUTHS,
    CAMERA,
    STEP_DEG,
    State,
    ViewMap,
    apart,
    nearest,
)

SIGNS: dict[State, str] = {"judged": "✓", "counted": "C", "neither": "-", "unmeasured": ""}
TIMED = "T"  # in place of "C"
WORDS: dict[State, str] = {
    "judged": "Best",
    "counted": "Counts only",
    "neither": "Not from here",
    "unmeasured": "Not tried yet",
}
TIMES_ONLY = "Times only"
NOWHERE = "none of the positions tried so far"
# In the words of who sets a camera up.
HEIGHT = CAMERA | {"standing": "at standing height"}
# Where a camera stands, and from where it sees somebody then.
AT = {
    "head": "at your head",
    "feet": "at your feet",
    "front": "in front of you",
    "back": "behind you",
    "left side": "at your left side",
    "right side": "at your right side",
}
SEES = {
    "head": "from your head",
    "feet": "from your feet",
    "front": "from the front",
    "back": "from behind",
    "left side": "from your left side",
    "right side": "from your right side",
}


def meanings(spec: Spec) -> dict[State, str]:
    """Return what each state is called for an exercise: a hold is timed, not counted."""
    return WORDS | ({"counted": TIMES_ONLY} if _is_timed(spec) else {})


def signs(spec: Spec) -> dict[State, str]:
    """Return the sign of each state."""
    return SIGNS | ({"counted": TIMED} if _is_timed(spec) else {})


def _is_timed(spec: Spec) -> bool:
    return spec.kind in ("hold", "guided")


def plot(spec: Spec, view_map: ViewMap, camera: float | None = None) -> str:
    """Return the plot (SVG), with the direction marked in which a camera stood, degrees."""
    sign, meaning = signs(spec), meanings(spec)
    states, heights = view_map.states, view_map.heights
    present = {state for (height, _), state in states.items() if height in heights}
    said = dict(meaning)
    said["judged"] += f": {'times' if _is_timed(spec) else 'counts'}, and checks your form"
    return draw(
        view_map.facing,
        [
            Wedge(
                height,
                azimuth,
                state,
                sign[state],
                f"{_capital(place(azimuth, view_map.around))}, camera {HEIGHT[height]}:"
                f" {meaning[state].lower()}",
            )
            for (height, azimuth), state in states.items()
            if height in heights
        ],
        [Sign(state, sign[state], said[state]) for state in WORDS if state in present],
        [("", line) for line in _rings(heights)],
        title=f"{spec.name}: where to put the camera",
        said=alternative(spec, view_map),
        layout=ROOMY,
        camera=camera,
    )


def _rings(heights: tuple[str, ...]) -> list[str]:
    """Say which ring is which camera height."""
    outer, *inner = [HEIGHT[height] for height in heights]
    if not inner:
        return [f"Seen from above; camera {outer}."]
    between = f", then {inner[0]}" if inner[1:] else ""
    return [f"Outer ring: camera {outer}{between};", f"inner ring: {inner[-1]}. Seen from above."]


def alternative(spec: Spec, view_map: ViewMap) -> str:
    """Return what the plot shows, height by height, for those who cannot see it."""
    meaning = meanings(spec)
    found = ["A map of the camera positions around you, seen from above."]
    for state in ("judged", "counted"):
        found += _by_height(view_map, state, meaning[state]) or [f"{meaning[state]}: {NOWHERE}."]
    return " ".join([*found, "Not from the other positions that were tried.", *_tried(view_map)])


def lines(spec: Spec, view_map: ViewMap) -> list[str]:
    """Say in short from where it is good, and how much of the map is measured.

    Directions are named that are good whatever the camera's height, as far as there are any.

    Examples
    --------
    >>> lines(spec, view_map)
    ['Best: at your left or right side, up to 30° either way.', 'Counts only: at your feet.']
    """
    meaning = meanings(spec)
    found = []
    for state in ("judged", "counted"):
        azimuths = [at for at, one in view_map.whatever_height.items() if one == state]
        if azimuths:
            found.append(f"{meaning[state]}: {directions(azimuths, view_map.around)}.")
        else:
            found += _by_height(view_map, state, meaning[state])
        if not found:
            found.append(f"{meaning['judged']}: {NOWHERE}.")
    return found + _tried(view_map)


def _by_height(view_map: ViewMap, state: State, meaning: str) -> list[str]:
    """Say in which directions, height by height where that makes a difference; nothing of none."""
    found = {height: view_map.where(state, height) for height in view_map.heights}
    alike = len(set(found.values())) == 1
    said = {
        meaning if alike else f"{meaning}, camera {HEIGHT[height]}": azimuths
        for height, azimuths in found.items()
        if azimuths
    }
    return [f"{head}: {directions(azimuths, view_map.around)}." for head, azimuths in said.items()]


def _tried(view_map: ViewMap) -> list[str]:
    """Say how much of a map is measured that is not measured as a whole."""
    states = list(view_map.states.values())
    tried = sum(state != "unmeasured" for state in states)
    if tried == len(states):
        return []
    heights = ", ".join(HEIGHT[height] for height in view_map.heights)
    return [f"Tried so far: {tried} of {len(states)} positions (camera {heights})."]


def directions(azimuths: Iterable[int], around: tuple[str, ...]) -> str:
    """Return directions of the map in words; nothing of none.

    Examples
    --------
    >>> directions((60, 90, 120, 180, 270, 300, 240), AROUND["up"])
    'at your left or right side, up to 30° either way; at your feet'
    """
    azimuths = set(azimuths)
    if azimuths == set(AZIMUTHS):
        return "anywhere around you"
    alike: dict[str, list[str]] = {}  # what is at an end or a side, by how far it goes from there
    for i, name in enumerate(around):
        straight = 90 * i
        beside = [
            towards
            for towards, step in ((around[i - 1], -STEP_DEG), (around[(i + 1) % 4], STEP_DEG))
            if (straight + step) % 360 in azimuths
        ]
        if straight in azimuths or beside:
            alike.setdefault(_how_far(straight in azimuths, beside), []).append(name)
    return "; ".join(f"{_at(names)}{how_far}" for how_far, names in alike.items())


def _how_far(straight: bool, beside: list[str]) -> str:
    """Say which of the three directions at an end or a side of the body are meant."""
    if not beside:
        return ""
    which = "either way" if len(beside) == 2 else f"towards your {beside[0]}"
    return f", {'up to ' if straight else ''}{STEP_DEG}° {which}"


def _at(names: list[str]) -> str:
    both = {"left side", "right side"} <= set(names)
    ends = [AT[name] for name in names if not (both and name.endswith("side"))]
    return " or ".join([*(["at your left or right side"] if both else []), *ends])


def place(azimuth: float, around: tuple[str, ...]) -> str:
    """Return the direction of the map that is nearest, in words.

    Examples
    --------
    >>> place(88.0, AROUND["up"]), place(31.0, AROUND["up"])
    ('at your right side', 'at your head, 30° towards your right side')
    """
    return directions((nearest(azimuth),), around)


def advice(view_map: ViewMap, azimuth: float) -> str | None:
    """Say how to turn so that the camera stands well; None where turning does not help.

    That is to the nearest direction from which form is judged; where there is none, from which it
    is counted.

    Examples
    --------
    >>> advice(view_map, 31.0)
    'Nearest good place: turn yourself, or move the camera around you, by about 30° until it sees \
you from your right side.'
    """
    found = view_map.whatever_height.items()
    good = {at for at, state in found if state == "judged"}
    good = good or {at for at, state in found if state == "counted"}
    if not good or nearest(azimuth) in good:
        return None
    there = min(good, key=lambda at: apart(at, azimuth))
    name = view_map.around[round(there / 90) % 4]
    return (
        "Nearest good place: turn yourself, or move the camera around you, by about"
        f" {round(apart(there, azimuth), -1):.0f}° until it sees you {SEES[name]}."
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]

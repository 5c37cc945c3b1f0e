"""What page and server send each other, as docs/live.md says: read, checked, and written.

Frames come fifteen times a second and are read by hand; the rest are rare, and pydantic checks it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from formcheck.body import N_LANDMARKS, Array, PoseFrame
from formcheck.errors import FormcheckError

_HEAD = struct.Struct("<IdHHB")
_NUMBERS = N_LANDMARKS * 5 + N_LANDMARKS * 3
EMPTY_BYTES = _HEAD.size
PERSON_BYTES = 4 * _NUMBERS
FOUND_BYTES = EMPTY_BYTES + PERSON_BYTES
# In the byte with what follows: the person, another one, and above that whom the page follows.
_FOUND, _OTHER, _WHOM = 1, 2, 4
MOST_WHOM = 64
# The longest text a page has reason to send is a routine of all exercises.
MOST_TEXT_BYTES = 16_384

# No landmark lies hundreds of pictures (or metres) away: such numbers are a broken page's.
FARTHEST = 1000.0
MOST_PIXELS = 16_384
# A day; a camera's own time may count from when the page was opened.
LATEST_S = 86_400.0 * 30


class ProtocolError(FormcheckError):
    """What was sent is not what docs/live.md says; the text can be shown to the person."""


class Sent(NamedTuple):
    """A frame as the page sends it.

    Attributes
    ----------
    number
        Its number.
    frame
        The landmarks of the person who is followed.
    other
        Those of another person, if the page looked at one in this frame.
    whom
        Another number with every change of whom the page follows.
    """

    number: int
    frame: PoseFrame
    other: PoseFrame | None = None
    whom: int = 0


def read_frame(data: bytes) -> Sent:
    """Return a frame.

    Raises
    ------
    ProtocolError
        If it is not as long as it says, or a number in it cannot be.
    """
    if len(data) < EMPTY_BYTES:
        raise ProtocolError(f"A frame of {len(data)} bytes: too short.")
    number, t, width, height, byte = _HEAD.unpack_from(data)
    if not (0.0 <= t <= LATEST_S):  # not a number neither
        raise ProtocolError("A frame without a time.")
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise ProtocolError("A frame of a picture without a size.")
    people = bool(byte & _FOUND) + bool(byte & _OTHER)
    if len(data) != EMPTY_BYTES + people * PERSON_BYTES:
        raise ProtocolError("A frame whose length does not fit with what it says is in it.")
    frame, other = PoseFrame.empty(t, width, height), None
    if byte & _FOUND:
        frame = PoseFrame(t, *_landmarks(data, EMPTY_BYTES), width, height)
    if byte & _OTHER:
        other = PoseFrame(t, *_landmarks(data, len(data) - PERSON_BYTES), width, height)
    return Sent(number, frame, other, byte // _WHOM)


def _landmarks(data: bytes, offset: int) -> tuple[Array, Array]:
    sent = np.frombuffer(data, "<f4", _NUMBERS, offset)
    if not np.maximum.reduce(np.abs(sent)) <= FARTHEST:  # nor where one is not a number
        raise ProtocolError("A frame with a landmark that is nowhere.")
    numbers = sent.astype(np.float64)
    image = numbers[: N_LANDMARKS * 5].reshape(N_LANDMARKS, 5)
    return image, numbers[N_LANDMARKS * 5 :].reshape(N_LANDMARKS, 3)


def write_frame(
    number: int, frame: PoseFrame, other: PoseFrame | None = None, whom: int = 0
) -> bytes:
    """Return a frame as the page sends it: for tests and benchmarks."""
    people = [one for one in (frame, other) if one is not None and one.found]
    byte = _FOUND * frame.found + _OTHER * (other is not None and other.found)
    head = _HEAD.pack(number, frame.t, frame.width, frame.height, byte + _WHOM * (whom % MOST_WHOM))
    numbers = [values.ravel() for one in people for values in (one.image, one.world)]
    return head + b"".join(values.astype("<f4").tobytes() for values in numbers)


class _Message(BaseModel):
    # Unknown keys are passed over, so that a page that is a little newer still gets on.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)


Seconds = Annotated[float, Field(ge=0, le=600, strict=False)]
Ten = Annotated[int, Field(ge=0, le=10)]


class Wanted(_Message):
    """One exercise of a routine; what is None is as the gentlest document says."""

    exercise: str = Field(max_length=100)
    sets: Annotated[int, Field(ge=1, le=20)] | None = None
    times: Annotated[int, Field(ge=1, le=200)] | None = None
    hold_s: Seconds | None = None
    rest_s: Seconds | None = None


class Begin(_Message):
    """A new session."""

    type: Literal["begin"]
    token: str = Field(max_length=200)
    routine: list[Wanted] = Field(min_length=1, max_length=50)
    model: str = Field("full", max_length=20)


class Resume(_Message):
    """The same session, after the connection was lost."""

    type: Literal["resume"]
    token: str = Field(max_length=200)
    session: str = Field(max_length=100)


Action = Literal["start", "pause", "continue", "next", "end", "hurt"]


class Do(_Message):
    """A key or a button."""

    type: Literal["do"]
    what: Action


class Asked(_Message):
    """What the person answered after the end."""

    type: Literal["asked"]
    pain: Ten | None = None
    effort: Ten | None = None


class Forget(_Message):
    """Delete what was saved."""

    type: Literal["forget"]


class Beat(_Message):
    """Still there."""

    type: Literal["beat"]


Message = Begin | Resume | Do | Asked | Forget | Beat
_ANY: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def read_message(text: str) -> Message:
    """Return a message.

    Raises
    ------
    ProtocolError
        If it is none.
    """
    if len(text) > MOST_TEXT_BYTES:
        raise ProtocolError("This message is too long.")
    try:
        return _ANY.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ProtocolError(f"This message was not understood: {where or 'all of it'}.") from error


def write_message(message: Mapping[str, Any]) -> str:
    """Return a message as text; what is not a number becomes null."""
    return to_json(message, inf_nan_mode="null").decode()


def number_or_none(value: float, digits: int = 3) -> float | None:
    """Return a rounded number, None where there is none."""
    return round(value, digits) if math.isfinite(value) else None

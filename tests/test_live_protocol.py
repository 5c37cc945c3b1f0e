"""What comes over the wire: what is right is read as it was, and nothing else is taken."""

import json
import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.body import PoseFrame
from formcheck.live.protocol import (
    EMPTY_BYTES,
    FOUND_BYTES,
    PERSON_BYTES,
    Begin,
    Do,
    ProtocolError,
    read_frame,
    read_message,
    write_frame,
    write_message,
)

NUMBERS = st.floats(-1000, 1000, width=32)


def frame(t: float = 1.5, fill: float = 0.25) -> PoseFrame:
    return PoseFrame(t, np.full((33, 5), fill), np.full((33, 3), -fill), 640, 480)


def test_the_lengths_are_those_of_the_contract():
    assert (EMPTY_BYTES, FOUND_BYTES) == (17, 17 + 1056)
    assert len(write_frame(1, frame())) == FOUND_BYTES
    assert len(write_frame(1, PoseFrame.empty(1.0, 640, 480))) == EMPTY_BYTES


@settings(max_examples=50, deadline=None)
@given(st.lists(NUMBERS, min_size=264, max_size=264), st.integers(1, 2**32 - 1), st.floats(0, 1e6))
def test_a_frame_is_read_as_it_was_written(numbers, number, t):
    image = np.array(numbers[:165]).reshape(33, 5)
    world = np.array(numbers[165:]).reshape(33, 3)
    sent = read_frame(write_frame(number, PoseFrame(t, image, world, 1280, 720)))
    read = sent.frame
    assert (sent.number, read.t, read.width, read.height) == (number, t, 1280, 720)
    assert (sent.other, sent.whom) == (None, 0)
    np.testing.assert_array_equal(read.image, image)
    np.testing.assert_array_equal(read.world, world)


def test_a_frame_of_nobody_is_one():
    sent = read_frame(write_frame(7, PoseFrame.empty(2.0, 640, 480)))
    assert (sent.number, sent.frame.found) == (7, False)


@pytest.mark.parametrize("own", [frame(), PoseFrame.empty(1.5, 640, 480)])
def test_a_frame_carries_another_person(own):
    data = write_frame(7, own, frame(fill=0.75), whom=63)
    assert len(data) == EMPTY_BYTES + (1 + own.found) * PERSON_BYTES
    sent = read_frame(data)
    assert (sent.number, sent.frame.found, sent.whom) == (7, own.found, 63)
    assert sent.other is not None
    assert (sent.other.t, sent.other.width, sent.other.height) == (1.5, 640, 480)
    assert sent.other.image[0, 0] == 0.75
    assert sent.other.world[0, 0] == -0.75


def head(number=1, t=1.0, width=640, height=480, found=1) -> bytes:
    return struct.pack("<IdHHB", number, t, width, height, found)


BODY = bytes(1056)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        head(),  # says somebody was found
        head(found=0) + BODY,
        head(found=3) + BODY,
        head(found=2),
        head(found=2) + BODY + BODY,
        head(found=3) + BODY + struct.pack("<264f", *([0.5] * 263 + [math.nan])),
        head() + BODY + b"\0",
        head() + BODY[:-1],
        head(t=math.nan) + BODY,
        head(t=math.inf) + BODY,
        head(t=-1.0) + BODY,
        head(t=1e9) + BODY,
        head(width=0) + BODY,
        head(height=65535) + BODY,
        head() + struct.pack("<264f", *([0.5] * 263 + [math.nan])),
        head() + struct.pack("<264f", *([0.5] * 263 + [-math.inf])),
        head() + struct.pack("<264f", *([0.5] * 263 + [1e9])),
    ],
)
def test_what_is_no_frame_is_refused(data):
    with pytest.raises(ProtocolError):
        read_frame(data)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=64), st.binary(min_size=1056, max_size=1056).map(lambda b: head() + b)
    )
)
def test_garbage_is_a_frame_or_refused(data):
    try:
        sent = read_frame(data)
    except ProtocolError:
        return
    assert not sent.frame.found or np.isfinite(sent.frame.image).all()


def test_messages_are_read():
    begin = read_message(
        '{"type":"begin","token":"t","routine":[{"exercise":"bridge","sets":2,"times":null,'
        '"hold_s":5,"rest_s":1.5}],"model":"full","now":12.5}'
    )
    assert isinstance(begin, Begin)
    assert (begin.routine[0].sets, begin.routine[0].times, begin.routine[0].hold_s) == (2, None, 5)
    assert read_message('{"type":"do","what":"hurt"}') == Do(type="do", what="hurt")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        '{"type":"launch"}',
        '{"type":"do","what":"rm"}',
        '{"type":"do"}',
        '{"type":"begin","token":"t","routine":[]}',
        '{"type":"begin","token":"t","routine":[{"exercise":"bridge","sets":0}]}',
        '{"type":"begin","token":"t","routine":[{"exercise":"bridge","times":1e9}]}',
        '{"type":"begin","token":"t","routine":[{"exercise":"bridge","hold_s":NaN}]}',
        '{"type":"begin","token":3,"routine":[{"exercise":"bridge"}]}',
        '{"type":"asked","pain":11}',
        '{"type":"asked","pain":"a lot"}',
        '{"type":"begin","token":"' + "x" * 20_000 + '","routine":[{"exercise":"bridge"}]}',
        "[" * 15_000,
    ],
)
def test_what_is_no_message_is_refused_in_plain_words(text):
    with pytest.raises(ProtocolError) as refused:
        read_message(text)
    assert len(str(refused.value)) < 200


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "token", "routine", "exercise", "what", "pain", "session"])
            | st.text(max_size=5),
            inner
            | st.sampled_from(["begin", "resume", "do", "asked", "forget", "beat", "hurt", "end"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | JSON.map(json.dumps))
def test_any_text_is_a_message_or_refused(text):
    try:
        read_message(text)
    except ProtocolError as error:
        assert str(error)


def test_what_is_written_is_json_without_what_json_has_not():
    assert json.loads(write_message({"a": [1, None, "é"]})) == {"a": [1, None, "é"]}
    assert write_message({"a": [math.nan, math.inf]}) == '{"a":[null,null]}'

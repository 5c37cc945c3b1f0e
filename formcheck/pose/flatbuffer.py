"""Read and write FlatBuffers, the layout of TFLite files: as much of it as the pose bundle needs.

Written with `struct` alone, because FlatBuffers libraries lay out the same content differently
from version to version, and the finished file's checksum must be the same everywhere.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# TFLite wants its buffers at multiples of 16 bytes.
ALIGNMENT = 16


@dataclass(frozen=True, slots=True)
class Old:
    """Content of an existing FlatBuffer, at this position of it."""

    position: int


@dataclass(frozen=True, slots=True)
class Byte:
    """A field of one byte."""

    value: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be written: values by field number; `int` stands for four bytes."""

    fields: Mapping[int, Value]


_Content = bytes | str | Sequence["Table | Old"] | Sequence[float] | Table
_Target = _Content | Old
Value = int | Byte | _Target


def root(data: bytes) -> int:
    """Return where the root table begins."""
    return u32(data, 0)


def fields(data: bytes, table: int) -> dict[int, int]:
    """Return where each field of a table is, by field number; absent ones have their default."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    length = struct.unpack_from("<H", data, vtable)[0]
    offsets = struct.unpack_from(f"<{(length - 4) // 2}H", data, vtable + 4)
    return {number: table + offset for number, offset in enumerate(offsets) if offset}


def u32(data: bytes, place: int) -> int:
    """Read a number of four bytes."""
    return int.from_bytes(data[place : place + 4], "little")


def target(data: bytes, place: int) -> int:
    """Return where the content begins that an offset at `place` points to."""
    return place + u32(data, place)


def integers(data: bytes, place: int) -> tuple[int, ...]:
    """Read the list of 32-bit integers that `place` points to."""
    begin = target(data, place)
    return struct.unpack_from(f"<{u32(data, begin)}i", data, begin + 4)


def tables(data: bytes, place: int) -> list[Old]:
    """Find the tables of the list that `place` points to."""
    begin = target(data, place)
    return [Old(target(data, begin + 4 + 4 * i)) for i in range(u32(data, begin))]


def write(root: Table, identifier: bytes) -> bytes:
    """Write a FlatBuffer, parents before children.

    Parameters
    ----------
    root
        The root table. Whatever it holds as `Old` is found when the existing FlatBuffer is
        appended to the result.
    identifier
        Four bytes that say what the file is.
    """
    out = bytearray(4) + identifier
    pending: list[tuple[int, _Target]] = [(0, root)]  # places to be pointed at something
    old: list[tuple[int, int]] = []
    while pending:
        place, target = pending.pop(0)
        if isinstance(target, Old):
            old.append((place, target.position))
            continue
        begin = _append(out, target, pending)
        struct.pack_into("<I", out, place, begin - place)
    out += bytes(-len(out) % ALIGNMENT)
    for place, position in old:
        struct.pack_into("<I", out, place, len(out) + position - place)
    return bytes(out)


def _append(out: bytearray, target: _Content, pending: list[tuple[int, _Target]]) -> int:
    """Write one table, text or list; return where it begins."""
    if isinstance(target, Table):
        return _append_table(out, target, pending)
    if isinstance(target, bytes):
        out += bytes(-(len(out) + 4) % ALIGNMENT)
        begin = len(out)
        out += struct.pack("<I", len(target)) + target
        return begin
    out += bytes(-len(out) % 4)
    begin = len(out)
    if isinstance(target, str):
        out += struct.pack("<I", len(target)) + target.encode("ascii") + b"\0"
        return begin
    out += struct.pack("<I", len(target))
    for item in target:
        if isinstance(item, int | float):
            out += struct.pack("<i" if isinstance(item, int) else "<f", item)
        else:
            pending.append((len(out), item))
            out += bytes(4)
    return begin


def _append_table(out: bytearray, table: Table, pending: list[tuple[int, _Target]]) -> int:
    """Write the list of the fields' offsets, then the table itself, four bytes a field."""
    count = max(table.fields) + 1
    numbers = sorted(table.fields)
    out += bytes(-len(out) % 4)
    vtable = len(out)
    offsets = [4 + 4 * numbers.index(n) if n in table.fields else 0 for n in range(count)]
    out += struct.pack(f"<{2 + count}H", 4 + 2 * count, 4 + 4 * len(numbers), *offsets)
    out += bytes(-len(out) % 4)
    begin = len(out)
    out += struct.pack("<i", begin - vtable)
    for number in numbers:
        value = table.fields[number]
        if isinstance(value, int):
            out += struct.pack("<I", value)
        elif isinstance(value, Byte):
            out += struct.pack("<Bxxx", value.value)
        else:
            pending.append((len(out), value))
            out += bytes(4)
    return begin

"""Put MediaPipe's two pose networks together into the one file its pose landmarker reads.

The pose landmarker wants a ``.task`` bundle: an uncompressed zip of the person detector and the
landmark network, each a TFLite file whose metadata says how to scale the picture's bytes. The npm
package carries the bare networks, so that metadata is added here. TFLite files are FlatBuffers, in
which a table may only point forwards: a new head (root table, list of buffers, list of metadata)
is therefore put *before* the network, and every byte of the network stays as it was published.
Written with `struct` alone, because FlatBuffers libraries lay out the same content differently
from version to version, and the finished file's checksum is to be the same everywhere.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DETECTOR_ENTRY = "pose_detector.tflite"
LANDMARKS_ENTRY = "pose_landmarks_detector.tflite"

# (mean, deviation) per byte: the detector was trained on -1..1, the landmark network on 0..1.
_DETECTOR_SCALING = (127.5, 127.5)
_LANDMARKS_SCALING = (0.0, 255.0)

# Numbers of the fields in TFLite's schema (table Model, Metadata, Buffer) …
_MODEL_FIELDS = 8
_MODEL_VERSION, _MODEL_BUFFERS, _MODEL_METADATA = 0, 4, 6
_METADATA_NAME, _METADATA_BUFFER = 0, 1
_BUFFER_DATA = 0
# … and in that of the metadata (ModelMetadata, SubGraphMetadata, TensorMetadata, ProcessUnit,
# NormalizationOptions).
_SUBGRAPHS = 3
_INPUTS = 2
_PROCESS_UNITS = 4
_OPTIONS_TYPE, _OPTIONS = 0, 1
_MEAN, _STD = 0, 1
_NORMALIZATION = 1

# TFLite wants its buffers at multiples of 16 bytes; the head's length keeps that.
_ALIGNMENT = 16
# The zip extra field that other tools use for padding, too (Android's zipalign).
_PADDING_FIELD = 0xD935
# The earliest date a zip can hold: the bundle is to be the same whenever it is made.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Old:
    """Something that is in the published file already, at this position."""

    position: int


@dataclass(frozen=True, slots=True)
class _Byte:
    """A field of one byte."""

    value: int


@dataclass(frozen=True, slots=True)
class _Table:
    """A FlatBuffers table: values by field number; `int` stands for four bytes."""

    fields: Mapping[int, _Value]


_Content = bytes | str | Sequence["_Table | _Old"] | Sequence[float] | _Table
_Target = _Content | _Old
_Value = int | _Byte | _Target


def assemble(detector: bytes, landmarks: bytes) -> bytes:
    """Make the bundle of a person detector and a landmark network.

    Parameters
    ----------
    detector, landmarks
        The two TFLite files as published, without metadata about their input.

    Returns
    -------
    bytes
        The ``.task`` file; the same bytes for the same networks, always.
    """
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:
        for name, network, scaling in (
            (DETECTOR_ENTRY, detector, _DETECTOR_SCALING),
            (LANDMARKS_ENTRY, landmarks, _LANDMARKS_SCALING),
        ):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system = 3  # else it tells on which system the bundle was made
            # The landmarker maps the networks straight from the file, so they must lie aligned:
            # 30 bytes of local header, the name, and an extra field of 4 bytes and the padding.
            padding = -(bundle.tell() + 30 + len(name) + 4) % _ALIGNMENT
            entry.extra = struct.pack("<HH", _PADDING_FIELD, padding) + bytes(padding)
            archive.writestr(entry, _with_scaling(network, *scaling))
    return bundle.getvalue()


def _with_scaling(network: bytes, mean: float, deviation: float) -> bytes:
    """Return the TFLite file with a head that adds the metadata of its input."""
    root = _root_fields(network)
    buffers = _old_vector(network, root[_MODEL_BUFFERS])
    metadata = _old_vector(network, root[_MODEL_METADATA])
    added = _Table({_BUFFER_DATA: _flatbuffer(_input_metadata(mean, deviation), b"M001")})
    entry = _Table({_METADATA_NAME: "TFLITE_METADATA", _METADATA_BUFFER: len(buffers)})
    fields: dict[int, _Value] = {
        number: position if number == _MODEL_VERSION else _Old(position)
        for number, position in root.items()
    }
    fields[_MODEL_BUFFERS] = [*buffers, added]
    fields[_MODEL_METADATA] = [*metadata, entry]
    return _flatbuffer(_Table(fields), b"TFL3") + network


def _input_metadata(mean: float, deviation: float) -> _Table:
    """Describe the one input: subtract `mean` from every byte, divide by `deviation`."""
    scaling = _Table({_MEAN: [mean], _STD: [deviation]})
    unit = _Table({_OPTIONS_TYPE: _Byte(_NORMALIZATION), _OPTIONS: scaling})
    return _Table({_SUBGRAPHS: [_Table({_INPUTS: [_Table({_PROCESS_UNITS: [unit]})]})]})


def _root_fields(network: bytes) -> dict[int, int]:
    """Read the root table: the version, and where each other field's content begins."""
    table = _u32(network, 0)
    vtable = table - struct.unpack_from("<i", network, table)[0]
    count = min((_u16(network, vtable) - 4) // 2, _MODEL_FIELDS)
    fields = {}
    for number in range(count):
        offset = _u16(network, vtable + 4 + 2 * number)
        if offset:
            value = _u32(network, table + offset)
            fields[number] = value if number == _MODEL_VERSION else table + offset + value
    return fields


def _old_vector(network: bytes, position: int) -> list[_Table | _Old]:
    """Read where each table of a list begins."""
    places = range(position + 4, position + 4 + 4 * _u32(network, position), 4)
    return [_Old(place + _u32(network, place)) for place in places]


def _u16(data: bytes, position: int) -> int:
    return int.from_bytes(data[position : position + 2], "little")


def _u32(data: bytes, position: int) -> int:
    return int.from_bytes(data[position : position + 4], "little")


def _flatbuffer(root: _Table, identifier: bytes) -> bytes:
    """Write a FlatBuffer, parents before children; `_Old` points behind its end."""
    out = bytearray(4) + identifier
    pending: list[tuple[int, _Target]] = [(0, root)]  # places to be pointed at something
    old: list[tuple[int, int]] = []
    while pending:
        place, target = pending.pop(0)
        if isinstance(target, _Old):
            old.append((place, target.position))
            continue
        begin = _append(out, target, pending)
        struct.pack_into("<I", out, place, begin - place)
    out += bytes(-len(out) % _ALIGNMENT)
    for place, position in old:
        struct.pack_into("<I", out, place, len(out) + position - place)
    return bytes(out)


def _append(out: bytearray, target: _Content, pending: list[tuple[int, _Target]]) -> int:
    """Write one table, text or list; return where it begins."""
    if isinstance(target, _Table):
        return _append_table(out, target, pending)
    if isinstance(target, bytes):
        out += bytes(-(len(out) + 4) % _ALIGNMENT)
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
        if isinstance(item, float):
            out += struct.pack("<f", item)
        else:
            pending.append((len(out), item))
            out += bytes(4)
    return begin


def _append_table(out: bytearray, table: _Table, pending: list[tuple[int, _Target]]) -> int:
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
        elif isinstance(value, _Byte):
            out += struct.pack("<Bxxx", value.value)
        else:
            pending.append((len(out), value))
            out += bytes(4)
    return begin

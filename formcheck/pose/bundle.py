"""Put MediaPipe's two pose networks together into the one file its pose landmarker reads.

The pose landmarker wants a ``.task`` bundle: an uncompressed zip of the person detector and the
landmark network, each a TFLite file whose metadata says how to scale the bytes of a frame. The npm
package carries the bare networks, so that metadata is added here. The landmark network also
computes a segmentation mask of the person, which nobody uses and which takes half of the lite
model's time, two fifths of the full and a seventh of the heavy model's: the operators that serve
nothing else are left out.

TFLite files are FlatBuffers, in which an offset may only point forwards: a new head (root table,
lists of operators, tensors, buffers and metadata) is therefore put *before* the network, and every
byte of the network stays as it was published. An operator that the new head doesn't list is never
run. Its weights stay in the file, as they are small: 3 to 4 kB for the whole mask.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from formcheck.pose import flatbuffer
from formcheck.pose.flatbuffer import Byte, Old, Table, Value

DETECTOR_ENTRY = "pose_detector.tflite"
LANDMARKS_ENTRY = "pose_landmarks_detector.tflite"

# (mean, deviation) per byte: the detector was trained on -1..1, the landmark network on 0..1.
_DETECTOR_SCALING = (127.5, 127.5)
_LANDMARKS_SCALING = (0.0, 255.0)

# The Apache License wants a changed file to say that it was changed.
_APACHE = "Apache License 2.0, https://www.apache.org/licenses/LICENSE-2.0"
_SCALING_ADDED = "Part of MediaPipe, changed by formcheck: metadata on the input's scaling added."
_MASK_LEFT_OUT = (
    f"{_SCALING_ADDED} The operators of the segmentation mask are left out; "
    "in the mask's place the network gives the presence score."
)

# Numbers of the fields in TFLite's schema: of Model, SubGraph, Tensor, Operator, Metadata, Buffer …
_VERSION, _SUBGRAPHS, _BUFFERS, _METADATA = 0, 2, 4, 6
_TENSORS, _OUTPUTS, _OPERATORS = 0, 2, 3
_TENSOR_SHAPE, _TENSOR_NAME = 0, 3
_OPERATOR_CODE, _OPERATOR_INPUTS, _OPERATOR_OUTPUTS = 0, 1, 2
_METADATA_NAME, _METADATA_BUFFER = 0, 1
_BUFFER_DATA = 0
# … and in that of the metadata: of ModelMetadata, SubGraphMetadata, TensorMetadata, ProcessUnit,
# NormalizationOptions.
_DESCRIPTION, _SUBGRAPH_METADATA, _LICENCE = 1, 3, 5
_INPUT_METADATA = 2
_PROCESS_UNITS = 4
_OPTIONS_TYPE, _OPTIONS = 0, 1
_MEAN, _STD = 0, 1
_NORMALIZATION = 1

# Places in the landmark network's list of outputs: landmarks, presence, mask, heatmap, world.
_PRESENCE, _MASK = 1, 2

# The zip extra field that other tools use for padding, too (Android's zipalign).
_PADDING_FIELD = 0xD935
# The earliest date a zip can hold: the bundle is to be the same whenever it is made.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def assemble(detector: bytes, landmarks: bytes, *, mask: bool = False) -> bytes:
    """Make the bundle of a person detector and a landmark network.

    Parameters
    ----------
    detector, landmarks
        The two TFLite files as published, without metadata about their input.
    mask
        Whether the landmark network keeps the operators of the segmentation mask. The landmarks
        are the same with and without it, bit for bit; only comparisons need it.

    Returns
    -------
    bytes
        The ``.task`` file; the same bytes for the same networks, always.
    """
    changed: dict[int, Value] = {} if mask else {_SUBGRAPHS: [_without_mask(landmarks)]}
    note = _SCALING_ADDED if mask else _MASK_LEFT_OUT
    networks = {
        DETECTOR_ENTRY: _with_head(detector, _metadata(*_DETECTOR_SCALING, _SCALING_ADDED), {}),
        LANDMARKS_ENTRY: _with_head(landmarks, _metadata(*_LANDMARKS_SCALING, note), changed),
    }
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:
        for name, network in networks.items():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system = 3  # else it tells on which system the bundle was made
            # The landmarker maps the networks straight from the file, so they must lie aligned:
            # 30 bytes of local header, the name, and an extra field of 4 bytes and the padding.
            padding = -(bundle.tell() + 30 + len(name) + 4) % flatbuffer.ALIGNMENT
            entry.extra = struct.pack("<HH", _PADDING_FIELD, padding) + bytes(padding)
            archive.writestr(entry, network)
    return bundle.getvalue()


def _with_head(network: bytes, metadata: Table, changed: Mapping[int, Value]) -> bytes:
    """Return the TFLite file with a head that adds metadata and changes fields of the root."""
    root = flatbuffer.fields(network, flatbuffer.root(network))
    fields = _as_published(network, root)
    fields[_VERSION] = flatbuffer.u32(network, root[_VERSION])
    buffers: list[Table | Old] = [*flatbuffer.tables(network, root[_BUFFERS])]
    entries: list[Table | Old] = [*flatbuffer.tables(network, root[_METADATA])]
    added = Table({_BUFFER_DATA: flatbuffer.write(metadata, b"M001")})
    entry = Table({_METADATA_NAME: "TFLITE_METADATA", _METADATA_BUFFER: len(buffers)})
    fields[_BUFFERS] = [*buffers, added]
    fields[_METADATA] = [*entries, entry]
    return flatbuffer.write(Table({**fields, **changed}), b"TFL3") + network


def _metadata(mean: float, deviation: float, description: str) -> Table:
    """Describe the one input: subtract `mean` from every byte, divide by `deviation`."""
    scaling = Table({_MEAN: [mean], _STD: [deviation]})
    unit = Table({_OPTIONS_TYPE: Byte(_NORMALIZATION), _OPTIONS: scaling})
    subgraph = Table({_INPUT_METADATA: [Table({_PROCESS_UNITS: [unit]})]})
    return Table({_DESCRIPTION: description, _SUBGRAPH_METADATA: [subgraph], _LICENCE: _APACHE})


def _without_mask(network: bytes) -> Table:
    """Return the landmark network's graph without the operators that serve the mask alone.

    The landmarker counts on five outputs. So the mask's tensor becomes a single number, and the
    presence's last operator is listed a second time to fill it: as in the published network, every
    output is then a tensor of its own, which one operator writes and none reads.
    """
    root = flatbuffer.fields(network, flatbuffer.root(network))
    (only,) = flatbuffer.tables(network, root[_SUBGRAPHS])
    graph = flatbuffer.fields(network, only.position)
    tensors = flatbuffer.tables(network, graph[_TENSORS])
    operators = flatbuffer.tables(network, graph[_OPERATORS])
    outputs = flatbuffer.integers(network, graph[_OUTPUTS])
    mask, presence = outputs[_MASK], outputs[_PRESENCE]

    needed = set(outputs) - {mask}
    kept: list[Table | Old] = []
    for published in reversed(operators):
        operator = flatbuffer.fields(network, published.position)
        written = flatbuffer.integers(network, operator[_OPERATOR_OUTPUTS])
        if needed.isdisjoint(written):
            continue
        kept.insert(0, published)
        read = flatbuffer.integers(network, operator[_OPERATOR_INPUTS])
        needed.update(read)
        if presence in written:  # a sigmoid, which has no options
            code = flatbuffer.u32(network, operator[_OPERATOR_CODE])
            kept.append(
                Table({_OPERATOR_CODE: code, _OPERATOR_INPUTS: read, _OPERATOR_OUTPUTS: [mask]})
            )
    name = flatbuffer.fields(network, tensors[mask].position)[_TENSOR_NAME]
    listed: list[Table | Old] = [*tensors]
    listed[mask] = Table(
        {_TENSOR_SHAPE: [1, 1], _TENSOR_NAME: Old(flatbuffer.target(network, name))}
    )
    return Table(_as_published(network, graph) | {_TENSORS: listed, _OPERATORS: kept})


def _as_published(network: bytes, fields: Mapping[int, int]) -> dict[int, Value]:
    """Point at the content of fields of a published table."""
    return {number: Old(flatbuffer.target(network, place)) for number, place in fields.items()}

"""ONNX files taken apart and put together again, so far as is needed to keep weights in a quarter of their size.

An ONNX file is a protobuf message: ModelProto.graph (7) holds initializers (5), each a TensorProto with dims (1), data_type (2),
name (8) and raw_data (9). A packed model is that message without the raw data of its large tensors, and these beside it as one
byte a weight with a scale for each output channel (the first axis).
"""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from math import prod

import numpy as np
from numpy.typing import NDArray

_INITIALIZERS = (7, 5)  # ModelProto.graph.initializer
_INPUT_SHAPES, _OUTPUT_TYPES, _SHAPE = (7, 11, 2, 1, 2), (7, 12, 2, 1), 2  # graph.input.type.tensor_type.shape; graph.output…
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_FLOAT = 1  # TensorProto.DataType
_VARINT, _LENGTH = 0, 2  # wire types
_FIXED = {1: 8, 5: 4}  # wire type -> bytes
LARGE = 512  # weights in a tensor that is worth packing

Field = tuple[int, int, bytes]  # number, wire type, and what it holds: of a length-delimited one without the length


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a protobuf message, in order."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        end = at
        if wire == _VARINT:
            _, end = _varint(message, at)
        elif wire == _LENGTH:
            length, at = _varint(message, at)
            end = at + length
        else:
            end = at + _FIXED[wire]
        yield number, wire, message[at:end]
        at = end


def joined(parts: Iterable[Field]) -> bytes:
    """The message that has these fields."""
    out = BytesIO()
    for number, wire, body in parts:
        out.write(_of_varint(number << 3 | wire))
        if wire == _LENGTH:
            out.write(_of_varint(len(body)))
        out.write(body)
    return out.getvalue()


def pack(model: bytes) -> bytes:
    """The model with one byte a weight, compressed, and for pictures of any size."""
    weights: dict[str, NDArray[np.generic]] = {}

    def lighter(tensor: bytes) -> bytes:
        said = {number: body for number, _, body in fields(tensor)}
        name = said.get(_NAME, b"").decode()
        dims = [_varint(body, 0)[0] for number, _, body in fields(tensor) if number == _DIMS]
        if _RAW not in said or said.get(_TYPE) != bytes([_FLOAT]) or prod(dims) < LARGE or len(dims) < 2:
            return tensor
        exact = np.frombuffer(said[_RAW], "<f4").reshape(dims[0], -1)
        scale = np.maximum(np.abs(exact).max(axis=1), 1e-12) / 127
        weights[f"q:{name}"] = np.rint(exact / scale[:, None]).astype(np.int8)
        weights[f"s:{name}"] = scale.astype(np.float32)
        return joined([field for field in fields(tensor) if field[0] != _RAW])

    opened = _mapped(_mapped(model, _INPUT_SHAPES, _any_size), _OUTPUT_TYPES, _shapeless)
    weights["skeleton"] = np.frombuffer(_mapped(opened, _INITIALIZERS, lighter), np.uint8)
    out = BytesIO()
    np.savez_compressed(out, **weights)  # type: ignore[arg-type]  # numpy's stubs take any keyword for a flag
    return out.getvalue()


def unpack(packed: bytes) -> bytes:
    """The ONNX file of a packed model; its weights are those packed, to half a step of their channel's scale."""
    with np.load(BytesIO(packed)) as weights:

        def whole(tensor: bytes) -> bytes:
            name = next((body.decode() for number, _, body in fields(tensor) if number == _NAME), "")
            if f"q:{name}" not in weights:
                return tensor
            exact = weights[f"q:{name}"].astype("<f4") * weights[f"s:{name}"][:, None]
            return joined([*fields(tensor), (_RAW, _LENGTH, exact.astype("<f4").tobytes())])

        return _mapped(weights["skeleton"].tobytes(), _INITIALIZERS, whole)


def _mapped(message: bytes, path: tuple[int, ...], change: Callable[[bytes], bytes]) -> bytes:
    """The message with what lies at a path of field numbers changed, wherever there is such a path."""
    if not path:
        return change(message)
    inside = ((n, w, _mapped(body, path[1:], change) if n == path[0] else body) for n, w, body in fields(message))
    return joined(inside)


def _any_size(shape: bytes) -> bytes:
    """The shape of a picture (1, 3, height, width) with height and width left open."""
    dims = [field for field in fields(shape) if field[0] == 1]
    open_ = [(1, _LENGTH, joined([(2, _LENGTH, name)])) for name in (b"height", b"width")]
    return joined(dims[:2] + open_)


def _shapeless(tensor_type: bytes) -> bytes:
    """A tensor's type without its shape."""
    return joined(field for field in fields(tensor_type) if field[0] != _SHAPE)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _of_varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])

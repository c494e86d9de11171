"""What crosses between a door's process and the write lane: offered actions, and frames of msgpack on a socket pair.

Only actions that were offered can be asked for, and what they are given is decoded by its declared type. A frame is
four bytes of length and msgpack: `Asked` from the door, `Answered` from the house. Beside calls they carry notes, words
that one side wants the other to know ("ready", "close", or the hub's topic of which there is news).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from posthouse.base.lane_calls import Bulk

MAX_FRAME_BYTES = 1024 * 1024 * 1024
_LENGTH_BYTES = 4

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Offer:
    name: str
    bulk: Bulk[Any, Any]
    item: msgspec.msgpack.Decoder[Any]
    result: msgspec.msgpack.Decoder[Any]


_by_name: dict[str, Offer] = {}
_by_bulk: dict[int, Offer] = {}


def offer(name: str, bulk: Bulk[Item, Result], *, item: object, result: object) -> None:
    """Let doors in other processes ask for an action; `item` and `result` are the types that cross over."""
    made = Offer(name, bulk, msgspec.msgpack.Decoder(item), msgspec.msgpack.Decoder(result))
    _by_name[name] = _by_bulk[id(bulk)] = made


def offer_named(name: str) -> Offer:
    """Raises KeyError."""
    return _by_name[name]


def offer_of(action: object) -> Offer:
    """Raises TypeError for what was not offered."""
    found = _by_bulk.get(id(action))
    if found is None:
        raise TypeError(f"{action!r} was not offered to doors in processes of their own")
    return found


class Call(msgspec.Struct, array_like=True):
    number: int
    name: str
    item: msgspec.Raw


class Answer(msgspec.Struct, array_like=True):
    """`failure` is (kind, code, message)."""

    number: int
    result: msgspec.Raw
    failure: tuple[str, str, str] | None = None


class Asked(msgspec.Struct, array_like=True):
    calls: list[Call]
    notes: list[str]


class Answered(msgspec.Struct, array_like=True):
    answers: list[Answer]
    notes: list[str]


_encoder = msgspec.msgpack.Encoder()


def encoded(value: object) -> msgspec.Raw:
    return msgspec.Raw(_encoder.encode(value))


NOTHING = encoded(None)


def frame_of(message: Asked | Answered) -> bytes:
    content = _encoder.encode(message)
    return len(content).to_bytes(_LENGTH_BYTES, "big") + content


class Frames:
    """Bytes of a stream to whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes | memoryview) -> list[bytes]:
        """The frames that are complete now; raises ValueError for one that is too long to be true."""
        buffer, found, position = self._buffer, [], 0
        buffer += data
        while len(buffer) - position >= _LENGTH_BYTES:
            length = int.from_bytes(buffer[position : position + _LENGTH_BYTES], "big")
            if length > MAX_FRAME_BYTES:
                raise ValueError(f"a frame of {length} bytes")
            end = position + _LENGTH_BYTES + length
            if len(buffer) < end:
                break
            found.append(bytes(buffer[position + _LENGTH_BYTES : end]))
            position = end
        del buffer[:position]
        return found

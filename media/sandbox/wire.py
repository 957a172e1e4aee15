"""The only language that the candidate's interpreter and the checker's speak: literals as JSON text.

None bool int float str bytes list tuple dict set frozenset complex; subclasses become their base. Everything else is
refused. Nothing here can run code of the other side (no pickle, no eval): the other side may be hostile.
"""

import itertools
import json
import re

MAX_CHARS = 8 * 1024 * 1024
MAX_NODES = 1_000_000
MAX_DEPTH = 150
EXACT = 1 << 53


class Unencodable(Exception):
    """A value that is no literal, or too large for one."""


def dump(value):
    """The JSON text of a value; Unencodable where it has none."""
    text = json.dumps(_packed(value, 0, [MAX_NODES]), separators=(",", ":"), allow_nan=False)
    if len(text) > MAX_CHARS:
        raise Unencodable("a value of more than 8 MB")
    return text


def _packed(value, depth, left):
    left[0] -= 1
    if left[0] < 0:
        raise Unencodable(f"a value of more than {MAX_NODES} parts")
    if depth > MAX_DEPTH:
        raise Unencodable(f"a value nested more than {MAX_DEPTH} deep")
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if issubclass(kind, str):
        if str.__len__(value) > MAX_CHARS:
            raise Unencodable("a string of more than 8 MB")
        return str.__getitem__(value, slice(None))
    if issubclass(kind, int):
        number = int.__pos__(value)
        return number if -EXACT < number < EXACT else {"i": hex(number)}
    if issubclass(kind, float):
        return {"f": float.hex(value)}
    if issubclass(kind, complex):
        number = complex.__pos__(value)
        return {"c": [float.hex(number.real), float.hex(number.imag)]}
    if issubclass(kind, bytes):
        return {"b": bytes.hex(value)}
    below = depth + 1
    if issubclass(kind, list):
        return [_packed(item, below, left) for item in list.__iter__(value)]
    if issubclass(kind, tuple):
        return {"t": [_packed(item, below, left) for item in tuple.__iter__(value)]}
    if issubclass(kind, dict):
        pairs = dict.items(value)
        return {"d": [[_packed(key, below, left), _packed(item, below, left)] for key, item in pairs]}
    if issubclass(kind, set):
        return {"S": [_packed(item, below, left) for item in set.__iter__(value)]}
    if issubclass(kind, frozenset):
        return {"F": [_packed(item, below, left) for item in frozenset.__iter__(value)]}
    raise Unencodable(f"a value of type {kind.__name__}")


STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
NO_BRACKETS = re.compile(r"[^\[\]{}]+")


def parsed(text, most_chars, most_depth):
    """json.loads for a hostile text: deep nesting is seen before the parser recurses, which it survives not everywhere."""
    if len(text) > most_chars:
        raise ValueError("too long")
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    brackets = NO_BRACKETS.sub("", outside).encode()
    if max(itertools.accumulate(map(STEP.__getitem__, brackets)), default=0) > most_depth:
        raise ValueError("nested too deeply")
    return json.loads(text)


def load(text):
    """The value of a text that `dump` could have made; ValueError for any other."""
    try:
        return _unpacked(parsed(text, MAX_CHARS, 2 * MAX_DEPTH + 10), 0)
    except (TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError, MemoryError) as error:
        raise ValueError(f"not a literal: {error}") from None


def _unpacked(packed, depth):
    if depth > MAX_DEPTH + 1:
        raise ValueError("nested too deeply")
    if packed is None or isinstance(packed, (bool, int, str)):
        return packed
    below = depth + 1
    if isinstance(packed, list):
        return [_unpacked(item, below) for item in packed]
    if not isinstance(packed, dict) or len(packed) != 1:
        raise ValueError("not a literal")
    ((tag, body),) = packed.items()
    if tag == "i":
        return int(body, 16)
    if tag == "f":
        return float.fromhex(body)
    if tag == "c":
        return complex(float.fromhex(body[0]), float.fromhex(body[1]))
    if tag == "b":
        return bytes.fromhex(body)
    if tag == "t":
        return tuple(_unpacked(item, below) for item in body)
    if tag == "d":
        return {_unpacked(key, below): _unpacked(item, below) for key, item in body}
    if tag == "S":
        return {_unpacked(item, below) for item in body}
    if tag == "F":
        return frozenset(_unpacked(item, below) for item in body)
    raise ValueError("not a literal")

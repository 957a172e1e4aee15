"""The 64 word tokens. The strings of a sequence's tokens, put together, are exactly its text."""

from typing import Final, Iterable

PAD: Final = 0
END: Final = 1
UNKNOWN: Final = 2
NEWLINE: Final = 3
NUMBERS: Final = 4
TARGET: Final = 5
ANSWER: Final = 6
LEFT: Final = 7
EQUALS: Final = 8
PLUS: Final = 9
MINUS: Final = 10
TIMES: Final = 11
DIVIDE: Final = 12
ZERO: Final = 13
LARGEST: Final = 50

TOKENS: Final[list[str]] = [
    "<pad>",
    "</s>",
    "<unk>",
    "\n",
    "Numbers:",
    "Target:",
    "Answer:",
    " left:",
    " =",
    " +",
    " -",
    " *",
    " /",
    *(f" {n}" for n in range(LARGEST + 1)),
]
IDS: Final[dict[str, int]] = {token: i for i, token in enumerate(TOKENS)}
# A token is a line break, a word with the one space before it, or a lone space (foreign text: <unk>).
WORD_PATTERN: Final = r"\n| ?[^ \n]+| "

PROMPT_TOKENS: Final = 9
TRACE_TOKENS: Final = 28
SEQUENCE_TOKENS: Final = PROMPT_TOKENS + TRACE_TOKENS


def number(value: int) -> int:
    """Token id of a whole number 0..50."""
    return ZERO + value


def decode(ids: Iterable[int]) -> str:
    """Text of token ids; the end token is no text."""
    return "".join(TOKENS[i] for i in ids if i not in (PAD, END))

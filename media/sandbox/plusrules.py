"""EvalPlus: how its inputs are read and its outputs compared (evalplus/data/mbpp.py, evalplus/eval/__init__.py)."""

import json
import math

# MBPP+ is stored as JSON, which has no tuples and sets; these tasks take them.
ITEMS = {2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809}
INNER = {63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780}
FIRST_INNER = {75, 413, 444, 753}
SECOND = {106, 750}
FIRST = {250, 405, 446, 617, 720, 763, 808, 307}
ITEMS_AND_INNER = {259, 401, 445}
ALL = {580, 615, 791}

SET_EQUAL = {
    "similar_elements",
    "find_char_long",
    "common_in_nested_lists",
    "extract_singly",
    "larg_nnum",
    "intersection_array",
    "find_dissimilar",
    "Diff",
}
NOT_NONE = {"check_str", "text_match_three", "text_starta_endb"}


def inputs(task_id, text):
    """The argument lists of a task. `text` is the raw JSON: Infinity and integers of any size are read as they stand."""
    rows = json.loads(text)
    if not task_id.startswith("Mbpp/"):
        return rows
    number = int(task_id.split("/")[-1])
    return [_typed(number, row) for row in rows]


def _typed(number, row):
    if number in ITEMS:
        return [tuple(part) for part in row]
    if number in INNER:
        return [[tuple(part) for part in rows] for rows in row]
    if number in FIRST_INNER:
        return [[tuple(part) for part in row[0]], *row[1:]]
    if number in SECOND:
        return [row[0], tuple(row[1])]
    if number in FIRST:
        return [tuple(row[0]), *row[1:]]
    if number in ITEMS_AND_INNER:
        return [tuple(tuple(part) for part in rows) for rows in row]
    if number in ALL:
        return [_tuples(part) for part in row]
    if number == 115:
        return [[set(part) if isinstance(part, list) and part else {} for part in row[0]]]
    if number == 124:
        return [float(row[0]), complex(row[1])]
    if number == 252:
        return [complex(row[0])]
    if number == 278:
        return [tuple(tuple(part) if isinstance(part, list) else part for part in row[0])]
    if number == 722:
        return [{key: tuple(value) for key, value in row[0].items()}, *row[1:]]
    return row


def _tuples(value):
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value


def comparison(dataset, name, atol):
    """A function (arguments, got, expected) -> bool, for the inputs of one task in their order."""
    equal = _equality(atol)
    if dataset == "humaneval" and name == "find_zero":
        return lambda given, got, _: abs(_poly(given[0], got)) <= atol
    if dataset != "mbpp":
        return lambda _, got, expected: equal(got, expected)
    if name in SET_EQUAL:
        return lambda _, got, expected: equal(got, expected, set(got) == set(expected))
    if name in NOT_NONE:
        return lambda _, got, expected: _found(got) == _found(expected)
    if name in OTHER_READINGS:
        other = OTHER_READINGS[name]
        return lambda given, got, expected: equal(got, expected, got == expected or other(given, got, atol))
    return lambda _, got, expected: equal(got, expected)


def _poly(coefficients, x):
    return sum(coefficient * math.pow(x, power) for power, coefficient in enumerate(coefficients))


def _found(value):
    return value if isinstance(value, bool) else value is not None


def _pyramid_surface(base_edge, height):
    """Whose height is that of its apex above the base, rounded."""
    slant = math.sqrt((base_edge / 2) ** 2 + height**2)
    return round(base_edge**2 + 4 * (base_edge * slant) / 2)


def _digit_distance(one, other):
    """Digit by digit from the right."""
    one, other = str(one), str(other)
    length = max(len(one), len(other))
    return sum(abs(int(a) - int(b)) for a, b in zip(one.zfill(length), other.zfill(length)))


# Tasks whose statement can be read in two ways. EvalPlus takes any answer for the first of them.
OTHER_READINGS = {
    "are_equivalent": lambda given, got, atol: True,
    "sum_div": lambda given, got, atol: got == 0,
    "surface_Area": lambda given, got, atol: abs(got - _pyramid_surface(*given)) <= atol,
    "digit_distance_nums": lambda given, got, atol: got == _digit_distance(*given),
}


def _equality(atol):
    """Exactly, else (once an expected value was made of floats, or where the task says so) within rtol 1e-7 and atol."""
    tolerance = atol

    def equal(got, expected, exact=None):
        nonlocal tolerance
        if tolerance == 0 and _is_floats(expected):
            tolerance = 1e-6
        if (got == expected) if exact is None else exact:
            return True
        return tolerance != 0 and type(got) is type(expected) and _close(got, expected, tolerance)

    return equal


def _is_floats(value):
    if isinstance(value, (list, tuple)):
        return len(value) > 0 and all(isinstance(part, float) for part in value)
    return isinstance(value, float)


def _close(got, expected, atol):
    if isinstance(expected, (list, tuple)):
        if not isinstance(got, (list, tuple)) or len(got) != len(expected):
            return False
        return all(_close(a, b, atol) for a, b in zip(got, expected))
    numbers = (int, float, complex)
    if not isinstance(got, numbers) or not isinstance(expected, numbers):
        return False
    if got == expected:
        return True
    return abs(got - expected) <= atol + 1e-7 * abs(expected) and abs(got - expected) != math.inf

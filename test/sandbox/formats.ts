import type { CodeOutcome } from "../../src/core/verify/code/codeOutcome.ts";
import type { CodeTask } from "../../src/core/verify/code/codeTask.ts";

/** A program, its task, and what must come of it in any engine. */
export interface FormatCase {
  readonly name: string;
  readonly task: CodeTask;
  readonly program: string;
  readonly verdict: CodeOutcome["verdict"];
  readonly detail?: RegExp;
}

const stdin = (tests: readonly (readonly [string, string])[]): CodeTask => ({
  format: "livecodebench",
  id: "s",
  prompt: "",
  starter: "",
  funcName: null,
  tests: tests.map(([input, output]) => ({ input, output })),
});
const sum = stdin([
  ["1 2\n", "3\n"],
  ["10 -4", "6"],
]);
const functional: CodeTask = {
  format: "livecodebench",
  id: "f",
  prompt: "",
  starter: "",
  funcName: "pairs",
  tests: [{ input: "[3, 1, 2]\n2", output: "[1, 2]" }],
};
const mbpp: CodeTask = {
  format: "mbpp",
  id: "1",
  prompt: "",
  code: "def max(a, b):\n    return a if a > b else b\n",
  setup: "import math",
  asserts: ["assert max(1, 2) == 2", "assert math.isclose(max(0.1, 0.2), 0.2)"],
  shown: [],
};
const plus = (
  name: string,
  reference: string,
  inputs: { readonly base: string; readonly plus: string },
  id = "HumanEval/900",
): CodeTask => ({
  format: "evalplus",
  dataset: id.startsWith("Mbpp") ? "mbpp" : "humaneval",
  id,
  prompt: "",
  entryPoint: name,
  reference,
  base: inputs.base,
  plus: inputs.plus,
  atol: 0,
});
const third = plus("third", "def third(x):\n    return x / 3\n", {
  base: "[[1.0]]",
  plus: "[[2.0], [Infinity]]",
});
const double = plus("double", "def double(x):\n    return 2 * x\n", {
  base: "[[1]]",
  plus: "[[123456789012345678901234567890]]",
});
const shared = plus(
  "similar_elements",
  "def similar_elements(a, b):\n    assert isinstance(a, tuple)\n    return tuple(set(a) & set(b))\n",
  { base: "[[[3, 4, 5, 6], [5, 7, 4, 10]]]", plus: "[]" },
  "Mbpp/2",
);
const helped: CodeTask = {
  format: "humaneval",
  id: "HumanEval/901",
  prompt: "import math\n\ndef twice(x):\n    return 2 * x\n\ndef half(x):\n",
  entryPoint: "half",
  canonical: "    return x / 2\n",
  test: "def check(candidate):\n    for n in range(3):\n        assert math.isclose(candidate(twice(n)), n)\n    try:\n        candidate('x')\n    except TypeError:\n        return\n    assert False\n",
};

/** The tests of EvalPlus' data sets on the Hub: a script that uses numpy. */
const hubScript = (name: string): string => `import numpy as np

def is_floats(x) -> bool:
    if isinstance(x, float):
        return True
    if isinstance(x, (list, tuple)):
        return all(isinstance(i, float) for i in x)
    if isinstance(x, np.ndarray):
        return x.dtype == np.float64 or x.dtype == np.float32
    return False

def assertion(out, exp, atol):
    if atol == 0 and is_floats(exp):
        atol = 1e-6
    if out != exp and atol != 0:
        assert np.allclose(out, exp, rtol=1e-07, atol=atol)
    else:
        assert out == exp, f"out: {out}, exp: {exp}"

inputs = [[[1.0, 2.0]], [[3.0]]]
results = [[0.5, 1.0], [1.5]]
for i, (inp, exp) in enumerate(zip(inputs, results)):
    assertion(${name}(*inp), exp, 0)
`;
const hubMbpp: CodeTask = {
  format: "mbpp",
  id: "900",
  prompt: "Halve.",
  code: "def halves(xs):\n    return [x / 2 for x in xs]",
  setup: "\n",
  asserts: ["assert halves([]) == []", hubScript("halves")],
  shown: ["assert halves([]) == []"],
};
const hubHumanEval: CodeTask = {
  ...helped,
  id: "HumanEval/902",
  prompt: "def halves(xs):\n",
  entryPoint: "halves",
  canonical: "    return [x / 2 for x in xs]\n",
  test: `${hubScript("candidate").replace(/\ninputs = [^]*/, "\n")}
def check(candidate):
    inputs = [[[1.0, 2.0]], [[3.0]]]
    results = [[0.5, 1.0], [1.5]]
    for i, (inp, exp) in enumerate(zip(inputs, results)):
        assertion(candidate(*inp), exp, 0)
`,
};

export const formatCases: readonly FormatCase[] = [
  {
    name: "MBPP+ of the Hub: plus inputs in a script, floats within 1e-6 and no numpy",
    task: hubMbpp,
    program: "def halves(xs):\n    return [x * 0.50000001 for x in xs]\n",
    verdict: "pass",
  },
  {
    name: "MBPP+ of the Hub: a plus input fails",
    task: hubMbpp,
    program: "def halves(xs):\n    return [x / 2 for x in xs if x < 3]\n",
    verdict: "fail",
    detail: /^test 2 of 2: .*halves\(\[3\.0\]\), got \[\]/,
  },
  {
    name: "HumanEval+ of the Hub",
    task: hubHumanEval,
    program: "def halves(xs):\n    return [x / 2 for x in xs]\n",
    verdict: "pass",
  },
  {
    name: "HumanEval+ of the Hub: wrong",
    task: hubHumanEval,
    program: "def halves(xs):\n    return [x / 2 + 0.01 for x in xs]\n",
    verdict: "fail",
    detail: /halves\(\[1\.0, 2\.0\]\), got \[0\.51, 1\.01\]/,
  },
  {
    name: "a program finds no numpy, whatever the tests have",
    task: hubHumanEval,
    program: "import numpy\ndef halves(xs):\n    return [x / 2 for x in xs]\n",
    verdict: "fail",
    detail: /ModuleNotFoundError.*numpy/,
  },
  {
    name: "HumanEval: helpers of the prompt, an exception that must come",
    task: helped,
    program: helped.prompt + "    return x / 2\n",
    verdict: "pass",
  },
  {
    name: "HumanEval: the exception does not come",
    task: helped,
    program: "def half(x):\n    return 0.0 if x == 'x' else x / 2\n",
    verdict: "fail",
    detail: /test 2 of 2/,
  },
  {
    name: "HumanEval: tests that do not run are nobody's fault",
    task: { ...helped, test: "def check(candidate):\n  return (" },
    program: helped.prompt + "    return x / 2\n",
    verdict: "error",
    detail: /the tests do not run/,
  },
  {
    name: "MBPP: a name that is a builtin's too comes from the program",
    task: mbpp,
    program: "def max(a, b):\n    return b\n",
    verdict: "pass",
  },
  {
    name: "MBPP: which assertion failed",
    task: mbpp,
    program: "def max(a, b):\n    return 2\n",
    verdict: "fail",
    detail: /^test 2 of 2: assertion failed/,
  },
  {
    name: "MBPP: the function is missing",
    task: mbpp,
    program: "x = 1\n",
    verdict: "fail",
    detail: /AttributeError/,
  },
  {
    name: "EvalPlus: floats within 1e-6, Infinity as it stands",
    task: third,
    program: "def third(x):\n    return x * 0.33333333\n",
    verdict: "pass",
  },
  {
    name: "EvalPlus: base tests pass, plus tests do not",
    task: third,
    program: "def third(x):\n    return x / 3 if x < 2 else 0.0\n",
    verdict: "fail",
    detail: /base tests passed, plus test 1 of 2.*expected 0\.66.*got 0\.0/,
  },
  {
    name: "EvalPlus: integers above 2^53",
    task: double,
    program: "def double(x):\n    return x + x\n",
    verdict: "pass",
  },
  {
    name: "EvalPlus: doubles are not enough for them",
    task: double,
    program: "def double(x):\n    return int(2 * float(x))\n",
    verdict: "fail",
    detail: /plus test 1 of 1/,
  },
  {
    name: "EvalPlus: code among prose, reached from the entry point",
    task: double,
    program:
      "Here it is:\n```python\ndef twice(x):\n    return x * 2\n\ndef double(x):\n    return twice(x)\n\nprint(undefined)\n```\nIt doubles.",
    verdict: "pass",
  },
  {
    name: "MBPP+: lists become tuples, answers compare as sets",
    task: shared,
    program:
      "def similar_elements(a, b):\n    return [x for x in b if x in a] if isinstance(b, tuple) else None\n",
    verdict: "pass",
  },
  {
    name: "LiveCodeBench: class Solution, names without import, a tuple for a list",
    task: functional,
    program:
      "class Solution:\n    def pairs(self, a: List[int], n: int):\n        heapify(a)\n        return tuple(heappop(a) for _ in range(n))\n",
    verdict: "pass",
  },
  {
    name: "LiveCodeBench: a plain function; wrong answer",
    task: functional,
    program: "def pairs(a, n):\n    return a[:n]\n",
    verdict: "fail",
    detail: /test 1 of 1: wrong answer.*expected \[1, 2\], got \[3, 1\]/,
  },
  {
    name: "stdin: input()",
    task: sum,
    program: "a, b = map(int, input().split())\nprint(a + b)\n",
    verdict: "pass",
  },
  {
    name: "stdin: sys.stdin.buffer, sys.stdout.buffer, exit()",
    task: sum,
    program:
      "import sys\na, b = map(int, sys.stdin.buffer.read().split())\nsys.stdout.buffer.write(str(a + b).encode())\nexit()\n",
    verdict: "pass",
  },
  {
    name: "stdin: open(0), os.write(1), __main__",
    task: sum,
    program:
      "import os\ndef main():\n    a, b = map(int, open(0).read().split())\n    os.write(1, b'%d\\n' % (a + b))\nif __name__ == '__main__':\n    main()\n",
    verdict: "pass",
  },
  {
    name: "stdin: decimals that are equal",
    task: stdin([["", "0.50 1\n"]]),
    program: "print('0.5', '1.00')\n",
    verdict: "pass",
  },
  {
    name: "stdin: decimals that are not",
    task: stdin([["", "0.50\n"]]),
    program: "print(0.51)\n",
    verdict: "fail",
    detail: /wrong output.*expected 0\.50, got 0\.51/,
  },
  {
    name: "stdin: one program does not see the last test's globals",
    task: sum,
    program:
      "try:\n    seen\n    print('again')\nexcept NameError:\n    seen = 1\n    print(sum(map(int, input().split())))\n",
    verdict: "pass",
  },
  {
    name: "stdin: a runtime error with its line",
    task: sum,
    program: "x = 1\nprint(1 // 0)\n",
    verdict: "fail",
    detail: /test 1 of 2: ZeroDivisionError.*line 2/,
  },
  {
    name: "stdin: 20 MB of output",
    task: sum,
    program: "import sys\nfor _ in range(20):\n    sys.stdout.write('x' * 1_000_000)\n",
    verdict: "fail",
    detail: /more than 16 MB/,
  },
];

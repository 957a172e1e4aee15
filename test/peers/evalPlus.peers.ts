// pass@k of ours and of EvalPlus (Apache-2.0) on problems with unequal numbers of samples, made from a seed.
import { resolve } from "node:path";
import { passAtK } from "../../src/core/estimate/passAtK.ts";
import { seeded } from "../core/verify/math/forms.ts";
import { root } from "../paths.ts";
import type { Peer } from "./peer.ts";
import { askPython } from "./python.ts";

const ks = [1, 2, 3, 5, 10, 32, 64, 100, 128];

export const peer: Peer = {
  name: "pass@k of EvalPlus",
  packages: [
    { pip: "numpy", module: "numpy" },
    { pip: "psutil", module: "psutil" },
    { pip: "evalplus", module: "evalplus.eval", alone: true },
  ],
  compare(python) {
    const random = seeded(5);
    const counts = Array.from({ length: 400 }, (): readonly [n: number, c: number] => {
      const n = 128 + Math.floor(random() * 400);
      return [n, Math.floor(n * random() ** 6)];
    });
    const theirs = askPython(python, resolve(root, "test/peers/evalPlus.py"), {
      counts,
      ks,
    }) as readonly number[];
    const differences = ks.map((k, at) => {
      const rates = counts.map(([n, c]) => passAtK(n, c, k)!);
      return Math.abs(rates.reduce((a, b) => a + b) / rates.length - theirs[at]!);
    });
    const worst = Math.max(...differences);
    return {
      lines: [`${counts.length} problems, ${ks.length} values of k: within ${worst.toExponential(1)}`],
      wrong: worst <= 1e-12 ? [] : [`pass@k differs by ${worst}`],
    };
  },
};

// Our math verifier and Math-Verify (Hugging Face, Apache-2.0) on the same pairs: golds of every form with other ways to
// write them and near misses, golds of different forms against each other, and the labelled pairs where they are.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { verifyMathPair } from "../../src/core/verify/math/mathVerifier.ts";
import { pairOptions } from "../../src/core/verify/math/options.ts";
import { formPairs, forms, seeded } from "../core/verify/math/forms.ts";
import { root, sharedData } from "../paths.ts";
import type { Peer, PeerReport } from "./peer.ts";
import { askPython } from "./python.ts";

interface Pair {
  readonly kind: string;
  readonly gold: string;
  readonly response: string;
  readonly expected: boolean;
  readonly opts?: Readonly<Record<string, unknown>>;
}

/** Labels that we differ from, each with its reason in test/core/verify/math/labelled.test.ts. */
const explained = [/\\mathrm\{e\}/, /^4, 10, -2$/, /^4, \.1, 2$/, /^10$/, /^t=\\frac\{\\ln/];

export const peer: Peer = {
  name: "math verifier and Math-Verify",
  packages: [{ pip: "math-verify[antlr4_13_2]", module: "math_verify" }],
  compare(python) {
    const seed = Number(process.env["PEERS_SEED"] ?? 1);
    const pairs = [...ofForms(seed), ...crossPairs(seed), ...labelled()];
    // Its command line wants a gold answer as a formula.
    const asked = pairs.map(({ gold, response, opts, kind }) =>
      kind.startsWith("labelled") && kind.includes("math_verify")
        ? { gold, response, opts }
        : { gold: /\$|\\boxed/.test(gold) ? gold : `$${gold}$`, response, opts: {} },
    );
    const theirs = askPython(python, resolve(root, "test/peers/mathVerify.py"), asked) as readonly string[];
    return report(pairs, theirs);
  },
};

const ofForms = (seed: number): Pair[] =>
  [...formPairs(seed, 3)].map((pair) => ({ ...pair, expected: pair.expected === "equal" }));

function crossPairs(seed: number): Pair[] {
  const random = seeded(seed);
  const golds = Object.values(forms).map((make) => make(random).gold);
  return golds.flatMap((gold, k) =>
    Array.from({ length: 8 }, () => golds[Math.floor(random() * golds.length)]!)
      .filter((other) => other !== golds[k])
      .map((other) => ({ kind: "two kinds", gold, response: `\\boxed{${other}}`, expected: false })),
  );
}

interface Row {
  readonly gold: string;
  readonly pred: string;
  readonly expected: boolean;
  readonly opts: Readonly<Record<string, unknown>>;
}

function labelled(): Pair[] {
  return ["math_verify_half", "hendrycks", "gold_pairs_fifth"].flatMap((name) => {
    const path = sharedData(`math-cases/${name}.jsonl`);
    const lines = path === null ? [] : readFileSync(path, "utf8").trim().split("\n");
    return lines.map((line) => {
      const { gold, pred, expected, opts } = JSON.parse(line) as Row;
      return { kind: `labelled: ${name}`, gold, response: pred, expected, opts };
    });
  });
}

interface Count {
  pairs: number;
  oursWrong: number;
  theirsWrong: number;
  theirFalsePositives: number;
}

function report(pairs: readonly Pair[], theirs: readonly string[]): PeerReport {
  const counts = new Map<string, Count>();
  const wrong: string[] = [];
  const total: Count = { pairs: 0, oursWrong: 0, theirsWrong: 0, theirFalsePositives: 0 };
  pairs.forEach((pair, k) => {
    const count = counts.get(pair.kind) ?? { pairs: 0, oursWrong: 0, theirsWrong: 0, theirFalsePositives: 0 };
    counts.set(pair.kind, count);
    const ours = verifyMathPair(pair.gold, pair.response, pairOptions(pair.opts ?? {})).verdict === "equal";
    const other = theirs[k] === "equal";
    for (const sum of [count, total]) {
      sum.pairs += 1;
      sum.oursWrong += ours === pair.expected ? 0 : 1;
      sum.theirsWrong += other === pair.expected ? 0 : 1;
      sum.theirFalsePositives += other && !pair.expected ? 1 : 0;
    }
    if (ours !== pair.expected && !explained.some((known) => known.test(pair.gold.replaceAll("$", ""))))
      wrong.push(
        `${pair.kind}: ${pair.gold} | ${pair.response.slice(0, 160)} | we say ${ours ? "equal" : "different"}, they ${theirs[k]}`,
      );
    if (process.env["PEERS_VERBOSE"] !== undefined && other !== ours)
      console.log(
        `${pair.kind} | ${pair.gold} | ${pair.response} | expected ${pair.expected}, ours ${ours}, theirs ${theirs[k]}`,
      );
  });
  const line = (kind: string, { pairs: n, oursWrong, theirsWrong, theirFalsePositives }: Count): string =>
    [
      kind.padEnd(28),
      ...[n, oursWrong, theirsWrong, theirFalsePositives].map((value) => `${value}`.padStart(8)),
    ].join("");
  const head = [
    "kind".padEnd(28),
    ...["pairs", "ours", "theirs", "(equal)"].map((name) => name.padStart(8)),
  ].join("");
  return {
    lines: [
      `wrong verdicts; in brackets those of theirs that call different answers equal`,
      head,
      ...[...counts].map(([kind, count]) => line(kind, count)),
      line("all", total),
    ],
    wrong,
  };
}

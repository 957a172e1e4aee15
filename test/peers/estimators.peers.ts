// `curve --json` and numpy on the Game of 24 rollouts: pass@k to the last digits, the percentile bootstrap to its noise.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { spawnSync } from "node:child_process";
import { root, sharedData } from "../paths.ts";
import type { Peer, PeerReport } from "./peer.ts";
import { askPython } from "./python.ts";

interface Point {
  readonly k: number;
  readonly passAtK: number;
  readonly low: number;
  readonly high: number;
}

interface Run {
  readonly name: string;
  readonly counts: readonly (readonly [n: number, c: number])[];
  readonly ours: readonly Point[];
}

const draws = 4000;
/** Of the ends of two bootstraps with that many draws: one problem of a hundred, where pass@n counts problems. */
const noise = 0.011;

export const peer: Peer = {
  name: "pass@k and bootstrap in numpy",
  packages: [{ pip: "numpy", module: "numpy" }],
  compare(python) {
    const files = ["game24_io_100x100", "game24_cot_100x100"].map((name) =>
      sharedData(`rollouts/${name}.json`),
    );
    const runs = files.filter((file) => file !== null).map(runOf);
    if (runs.length === 0) return { lines: ["the real data folder is not here"], wrong: [] };
    const asked = { draws, runs: runs.map(({ counts, ours }) => ({ counts, ks: ours.map(({ k }) => k) })) };
    const theirs = askPython(
      python,
      resolve(root, "test/peers/estimators.py"),
      asked,
    ) as readonly (readonly Point[])[];
    return report(runs, theirs);
  },
};

function runOf(file: string): Run {
  const args = ["dist/cli.mjs", "curve", file, "--interval", "percentile", "--draws", `${draws}`, "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const [run] = (
    JSON.parse(stdout) as {
      readonly runs: readonly { readonly name: string; readonly curve: readonly Point[] }[];
    }
  ).runs;
  return { name: run!.name, counts: countsOf(file), ours: run!.curve };
}

/** Read here anew, without our parsers. */
function countsOf(file: string): Run["counts"] {
  const rows = JSON.parse(readFileSync(file, "utf8")) as readonly {
    readonly accs?: readonly boolean[];
    readonly infos?: readonly { readonly r: number }[];
  }[];
  return rows.flatMap(({ accs, infos }) => {
    const scores = accs ?? infos?.map(({ r }) => r);
    return scores === undefined
      ? []
      : [[scores.length, scores.filter((score) => Number(score) === 1).length] as const];
  });
}

function report(runs: readonly Run[], theirs: readonly (readonly Point[])[]): PeerReport {
  const wrong: string[] = [];
  const lines = runs.map(({ name, ours }, at) => {
    let [points, ends] = [0, 0];
    ours.forEach((point, k) => {
      const other = theirs[at]![k]!;
      points = Math.max(points, Math.abs(point.passAtK - other.passAtK));
      ends = Math.max(ends, Math.abs(point.low - other.low), Math.abs(point.high - other.high));
    });
    if (points > 1e-12) wrong.push(`${name}: pass@k differs by ${points}`);
    if (ends > noise) wrong.push(`${name}: an end of the bootstrap differs by ${ends}`);
    return `${name}: ${ours.length} values of k, pass@k within ${points.toExponential(1)}, ends of the interval within ${(100 * ends).toFixed(2)} points`;
  });
  return { lines, wrong };
}

// The footer line: n, problems, how intervals are made, verifier, protocol, data, and everything that is beside the curve.
import type { IntervalMethod } from "../../src/core/estimate/names.ts";
import { meterWords, planWords } from "../../src/core/estimate/stoppedRun.ts";
import type { OutcomeCounts } from "../../src/core/model.ts";
import { count } from "../../src/core/numberWords.ts";
import type { CurvesSnapshot, RunView } from "../../src/protocol/curves.ts";
import type { FootItem } from "./app.ts";
import { judgeText } from "./verdictWords.ts";

export function intervalWords(method: IntervalMethod, paired: boolean): string {
  const words = {
    jbb: "95 % Bayesian bootstrap over problems",
    percentile: "95 % percentile bootstrap over problems",
    gaffke: "95 % Gaffke bound over problems",
    fixed: "95 % for these problems, new samples",
  };
  return paired ? `${words[method]}, paired for differences` : words[method];
}

/** The role's word where it is the only run of its role, else the name. */
export function shortName(runs: readonly RunView[], id: string | null): string {
  const run = runs.find((candidate) => candidate.id === id);
  if (!run) return "";
  const words = { base: "base", rl: "RL", distilled: "distilled", instruct: "instruct", other: "" };
  const alone = runs.filter((peer) => peer.role === run.role).length === 1;
  return (alone && words[run.role]) || run.name;
}

export function commonFoot(
  snapshot: CurvesSnapshot,
  runs: readonly RunView[],
  middle: readonly FootItem[],
): readonly FootItem[] {
  const problems = new Set(runs.map((run) => run.problemCount));
  const least = Math.min(...problems);
  // The Curve tab says how the numbers came about; the others are short.
  const whole = runs.length === snapshot.runs.length && middle.length <= 1;
  const hash = single(runs.map((run) => run.datasetHash));
  const protocol = single(runs.map((run) => run.protocolLine));
  const verifier = [...new Set(runs.map(judgeText))].join(", ");
  return [
    { label: "n", value: nText(runs) },
    { label: "problems", value: `${count(least)} of ${count(snapshot.problems.length)}` },
    ...middle,
    ...runs.flatMap((run) => meterItem(run, runs.length > 1)),
    { label: "verifier", value: verifier },
    ...(whole && protocol ? [{ label: "protocol", value: protocol, title: protocol }] : []),
    ...besides(runs),
    ...(whole && hash
      ? [
          {
            label: "sha256",
            value: hash.slice(0, 6),
            title: `Problems and gold answers, sha256 ${hash}`,
            mono: true,
          },
        ]
      : []),
  ];
}

/** `spent 9,120 of 15,000: 39 % saved` */
function meterItem({ name, stopped }: RunView, named: boolean): readonly FootItem[] {
  if (!stopped) return [];
  const { problemsOver, problems, notContinued } = stopped;
  const left = notContinued > 0 ? ` ${count(notContinued)} unsolved were not continued, by their coin.` : "";
  const open =
    problemsOver < problems ? ` ${count(problemsOver)} of ${count(problems)} problems are over.` : "";
  const value = meterWords(stopped).replace(/^spent /, "");
  const title = `${name}: sampled ${planWords(stopped.plan)}.${open}${left} Samples behind a stop are paid for and discarded.`;
  return [{ label: named ? `${name} spent` : "spent", value, title }];
}

export function nText(runs: readonly Pick<RunView, "nMin" | "nMax">[]): string {
  const [low, high] = [Math.min(...runs.map((run) => run.nMin)), Math.max(...runs.map((run) => run.nMax))];
  return low === high ? count(high) : `${count(low)} to ${count(high)}`;
}

/** The value all runs share; `null` when they differ or one is unknown. */
function single(values: readonly (string | null)[]): string | null {
  const distinct = new Set(values);
  return distinct.size === 1 ? (values[0] ?? null) : null;
}

const kinds: Readonly<Record<Exclude<keyof OutcomeCounts, "truncated">, string>> = {
  unparsed: "Samples without an answer; counted as not correct",
  refused: "Samples the model or server refused; counted as not correct",
  undecided: "Samples the verifier could not decide; left out",
  error: "Samples the verifier failed on; left out",
  failed: "Requests that failed; left out",
  ungraded: "Samples without a verdict; left out",
  duplicates: "Samples equal to another seed's of the same problem: does the server ignore the seed?",
};

function besides(runs: readonly RunView[]): readonly FootItem[] {
  return (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) => {
    const total = runs.reduce((sum, run) => sum + run.counts[kind], 0);
    if (total === 0) return [];
    const own = runs.filter((run) => run.counts[kind] > 0);
    const byRun = own.map((run) => `${run.name} ${count(run.counts[kind])}`).join(", ");
    const value = runs.length > 1 ? `${count(total)} (${byRun})` : count(total);
    return [{ label: kind, value, title: `${kinds[kind]}. ${byRun}` }];
  });
}

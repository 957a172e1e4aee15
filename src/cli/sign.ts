import { atLook, signLooks, signOrder } from "../core/estimate/adaptive/signTest.ts";
import { countOf } from "../core/estimate/compareRuns.ts";
import { solvedOf } from "../core/estimate/countValues.ts";
import { pairProblems } from "../core/estimate/pairProblems.ts";
import { parity } from "../core/estimate/parity.ts";
import { LensError } from "../core/errors.ts";
import type { ProblemTally, RunTally } from "../core/model.ts";
import { count, rate } from "../core/numberWords.ts";
import { parsedArgs, wholeNumber } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { filesHelp } from "./loadRuns.ts";
import { loadTwo } from "./loadTwo.ts";
import { table } from "./table.ts";

const usage = `Usage: sign A B [--k K] [--seed S] [--json]

Which of two runs is better at one k, with the fewest problems: problems in a random order fixed by the seed, up to five
looks (20, 40 ... 100 % of them, none under 12 problems), a paired t test at each with O'Brien-Fleming bounds (Lan and
DeMets 1983), so that looking again costs no error. It stops at the first look that decides, and tells what was needed.
${filesHelp}

  --k K            default 1; for that alone 8 samples of each problem are enough
  --seed S         of the order (default 1); fix it before the first look
  --json           {a, b, k, sign: 1 | -1 | null, looks: [{problems, difference, low, high, p, sign}], samples}
`;

/** `sign A B` */
export const signCommand: Command = {
  summary: "which of two runs is better at k, in few problems",
  usage,
  run,
};

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const parsed = parsedArgs(args, {
    k: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean" },
  });
  const k = wholeNumber(parsed.text("k") ?? "1", "--k", 1);
  const runs = await loadTwo(parsed.files, context, "Sign");
  const result = signOf(runs, { k, seed: parsed.whole("seed", 0) ?? 1 });
  context.out(parsed.flag("json") ? `${JSON.stringify(result)}\n` : readable(result));
}

interface SignArgs {
  readonly k: number;
  readonly seed: number;
}

function signOf([a, b]: readonly [RunTally, RunTally], { k, seed }: SignArgs) {
  const pairs = pairProblems(a, b).flatMap(([x, y]) => {
    const [one, other] = [solvedIn(x, k), solvedIn(y, k)];
    return one === null || other === null
      ? []
      : [{ difference: one.solved - other.solved, samples: one.samples + other.samples }];
  });
  if (pairs.length < 2)
    throw new LensError(
      "input",
      `${a.name} and ${b.name} have ${pairs.length} problems in common with ${k} samples or more: at least 2 are needed.`,
    );
  const ordered = signOrder(pairs.length, seed).map((at) => pairs[at] as (typeof pairs)[number]);
  const looks = [];
  for (const look of signLooks(ordered.length)) {
    const seen = ordered.slice(0, look.problems).map(({ difference }) => difference);
    looks.push({ ...look, ...atLook(seen, look) });
    if (looks.at(-1)?.sign !== null) break;
  }
  const last = looks.at(-1);
  const used = ordered.slice(0, last?.problems ?? 0);
  const { sentence } = parity([a, b]);
  return {
    a: a.name,
    b: b.name,
    k,
    seed,
    problems: pairs.length,
    sign: last?.sign ?? null,
    looks,
    samples: sum(used),
    samplesOfAll: sum(ordered),
    parity: { sentence },
  };
}

const sum = (pairs: readonly { readonly samples: number }[]): number =>
  pairs.reduce((total, { samples }) => total + samples, 0);

/** Unbiased pass@k of a problem and the samples it took; `null` where it cannot tell of so many. */
function solvedIn(
  tally: ProblemTally,
  k: number,
): { readonly solved: number; readonly samples: number } | null {
  const count = countOf(tally);
  const solved = count.n === 0 ? null : solvedOf(count, k);
  return solved === null ? null : { solved, samples: tally.stopped?.made ?? count.n };
}

type Result = ReturnType<typeof signOf>;

function readable(result: Result): string {
  const { a, b, k, problems, looks, sign, samples, samplesOfAll } = result;
  const rows = looks.map((look) => [
    count(look.problems),
    rate({ value: look.difference, low: look.low, high: look.high }),
    look.p.toPrecision(2),
    look.sign === null ? "look on" : look.sign > 0 ? `${a} is better` : `${b} is better`,
  ]);
  const saved = Math.round((1 - samples / samplesOfAll) * 100);
  const verdict =
    sign === null
      ? `Not decided at k = ${k} with all ${count(problems)} problems.`
      : `${sign > 0 ? a : b} is better at k = ${k}.`;
  return [
    `${a} minus ${b}, pass@${k} in points, problems in a random order\n`,
    table(["problems", "difference [repeated 95 %]", "p", ""], rows),
    `${verdict} Needed ${count(samples)} of ${count(samplesOfAll)} samples: ${saved} % saved.\n`,
    "The interval is valid at whichever look one stops; the difference itself is biased away from 0 after an early stop.\n",
    `${result.parity.sentence}\n`,
  ].join("");
}

// One rollout file with labels of its own, of which some are wrong, judged by the math verifier in each mode: all by the
// core, as the host does it. Answers are marked in several ways, so that the modes do not agree on all.
import { memorySource } from "../../../src/core/dataset/memorySource.ts";
import { readRollouts, type RolloutRun } from "../../../src/core/dataset/readRollouts.ts";
import { compareVerdicts } from "../../../src/core/dataset/verdicts/compareVerdicts.ts";
import { judgeRollouts } from "../../../src/core/dataset/verdicts/judgeRollouts.ts";
import { VerdictTable } from "../../../src/core/dataset/verdicts/verdictTable.ts";
import { mathModes } from "../../../src/core/verify/math/options.ts";
import { mathVerifier } from "../../../src/core/verify/math/mathVerifier.ts";
import type { SnapshotRun } from "../../../src/host/panels/curvesSnapshot.ts";
import { countsView, verdictsView } from "../../../src/host/panels/verdictsView.ts";
import type { JudgeView, RunVerdictsView } from "../../../src/protocol/verdicts.ts";
import { done, type HostCase } from "./fakeHost.ts";
import { hostile, seeded } from "./syntheticRuns.ts";

const problems = 30;
const n = 16;

const own: JudgeView = { id: "own", words: "labels \u201ccorrect\u201d in the file" };
const judges = mathModes.map((mode): JudgeView => ({ id: `math@1:${mode}`, words: `math, ${mode}` }));

const endings = [
  (x: number) => `so it is \\boxed{${x}}.`,
  (x: number) => `#### ${x}`,
  (x: number) => `The answer is ${x}.`,
  (x: number) => `which leaves us with ${x}`,
];

/** Every 37th label says the contrary of the truth. */
function judgedLines(): string {
  const random = seeded(7);
  const lines: string[] = [];
  for (let problem = 0; problem < problems; problem++) {
    for (let sample = 0; sample < n; sample++) {
      const right = random() < 0.2 + (0.6 * problem) / problems;
      const answer = 10 + problem + (right ? 0 : 1 + Math.floor(random() * 9));
      const ending = endings[(problem + sample) % endings.length]!;
      lines.push(
        JSON.stringify({
          question: `What is ${problem} + 10? ${problem === 3 ? hostile : ""}`,
          answer: String(10 + problem),
          response: `We add the two numbers, ${ending(answer)}`,
          correct: (problem * n + sample) % 37 === 5 ? !right : right,
        }),
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

export async function judgedCase(): Promise<HostCase> {
  const source = memorySource("rollouts.jsonl", new TextEncoder().encode(judgedLines()));
  const [run] = (await readRollouts(source)).runs;
  if (run === undefined) throw new Error("no rollouts");
  const tables = mathModes.map((mode) => ({ verifier: mathVerifier({ mode }), table: new VerdictTable() }));
  await judgeRollouts(source, {
    targets: tables.map(({ verifier, table }) => ({
      verifier,
      log: { table, add: (line) => table.add(line), flush: () => Promise.resolve() },
    })),
  });
  const breathe = (): Promise<void> => Promise.resolve();
  const judged = new Map<string, RolloutRun>([["own", run]]);
  for (const { verifier, table } of tables) {
    const find = table.find.bind(table);
    judged.set(verifier.id, await run.judgedBy({ verifier: verifier.id, find }, breathe));
  }
  const compared = new Map<string, Awaited<ReturnType<typeof compareVerdicts>>>();
  const pairs = [...judged.keys()].flatMap((a) => [...judged.keys()].map((b) => [a, b]));
  for (const chosen of [...pairs, judges.map(({ id }) => id)]) {
    const runs = chosen.map((id) => judged.get(id)!);
    const unparsedIsWrong = chosen.includes("own");
    compared.set(chosen.join(), await compareVerdicts(runs, { limit: 1000, breathe, unparsedIsWrong }));
  }
  const viewOf = (id: string): JudgeView => judges.find((judge) => judge.id === id) ?? own;
  const modes = compared.get(judges.map(({ id }) => id).join())!;
  const verdicts = (judge: string): RunVerdictsView => ({
    shown: viewOf(judge),
    own,
    changed: judge === "own" ? null : countsView(compared.get(`own,${judge}`)!),
    modes:
      judge === "own"
        ? null
        : { judges, dependent: countsView(modes).differ, samples: modes.samples, onRequest: false },
  });
  return {
    title: "rollouts",
    runs: [run.tally],
    judges,
    judgedBy: (judge): readonly SnapshotRun[] => {
      const { tally } = judged.get(judge)!;
      return [{ tally, progress: { ...done(tally), state: "imported" }, verdicts: verdicts(judge) }];
    },
    compare: (chosen, options) =>
      verdictsView({
        runId: run.tally.id,
        name: run.tally.name,
        judged: chosen.map((id) => ({ judge: viewOf(id), tally: judged.get(id)!.tally })),
        found: compared.get(chosen.join())!,
        options,
        noAnswer: "no answer found",
      }),
  };
}

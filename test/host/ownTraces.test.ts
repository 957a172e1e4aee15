// Which traces a perplexity is set beside: the scorer's own, or those that were imported as a base's.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ScoreSet } from "../../src/core/trace/scoreSetFile.ts";
import { OwnTraces, type OwnTracesPorts, percentileView } from "../../src/host/inspector/ownTraces.ts";
import { fake } from "../fakes/vscode.ts";

beforeEach(() => fake.reset());

interface Made {
  readonly name: string;
  readonly kind: "sampled" | "imported";
  readonly role: "base" | "rl";
  /** The endpoint a sampled one was sampled from. */
  readonly writer?: string;
  readonly n: number;
}

/** Every second trace is scored under "base", with perplexity e, e^2, ... */
function tracesOf(made: readonly Made[]): OwnTraces {
  const entries = made.map(({ name, kind, role, n }) => ({
    id: name,
    name,
    role,
    finished: n,
    source: kind === "sampled" ? { kind, folder: name } : { kind, uri: name, model: null },
  }));
  const setOf = (n: number): ScoreSet => {
    const set = new ScoreSet({
      scorer: { name: "base", source: "here", model: "base", method: "vllmPromptLogProbs" },
      prompt: "verbatim",
      texts: "samples",
    });
    const counts = { tokens: 1, nullCount: 0, floorCount: 0, endCount: 0, least: null, lowCount: 0 };
    for (let i = 0; i < n; i += 2)
      set.add({
        kind: "scored",
        problemKey: "p",
        index: i,
        print: i,
        byIds: false,
        numbers: { ...counts, sum: -1 - i / 2, entropy: null },
      });
    return set;
  };
  const madeOf = (name: string): Made => made.find((one) => one.name === name) as Made;
  return new OwnTraces({
    catalog: { load: () => Promise.resolve(), all: () => entries },
    data: {
      planIn: (folder: string) => Promise.resolve({ endpointName: madeOf(folder).writer }),
      load: ({ id }: { id: string }) =>
        Promise.resolve({
          locate: (key: string) =>
            key === "p" ? Array.from({ length: madeOf(id).n }, () => ({ outcome: { kind: "ok" } })) : [],
        }),
    },
    scores: { of: ({ id }: { id: string }) => Promise.resolve([{ set: setOf(madeOf(id).n), stamp: "" }]) },
    endpoints: {
      named: (name: string) => Promise.resolve({ config: { role: name === "base" ? "base" : "rl" } }),
    },
    scoreRuns: {},
    log: { warn: () => undefined },
  } as unknown as OwnTracesPorts);
}

const imported = { name: "their base", kind: "imported", role: "base", n: 6 } as const;
const rl = { name: "their rl", kind: "imported", role: "rl", n: 9 } as const;
const sampled = { name: "ours", kind: "sampled", role: "base", writer: "base", n: 4 } as const;

test("under a base: rollouts imported as a base's, where the base itself wrote none", async () => {
  const found = await tracesOf([rl, imported]).find("base", "p");
  assert.equal(found?.entry.name, "their base");
  assert.deepEqual(
    found.perplexities.map((value) => Math.round(Math.log(value))),
    [1, 2, 3],
  );
  const view = percentileView(Math.exp(2.5), found);
  assert.deepEqual([view?.n, view?.model], [3, "their base"]);
  assert.ok(Math.abs((view?.percentile ?? 0) - 2 / 3) < 1e-12);
});

test("what the scorer wrote itself comes first, though fewer; under another model nothing is taken for its own", async () => {
  assert.equal((await tracesOf([imported, sampled]).find("base", "p"))?.entry.name, "ours");
  assert.equal(await tracesOf([imported, sampled]).find("rl", "p"), null);
  assert.equal(await tracesOf([imported]).find("base", "another problem"), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { withUsableIds } from "../../src/cli/sampledIds.ts";
import type { ScoreTarget } from "../../src/cli/scoreTargets.ts";
import { served } from "../endpoints/score/scoring.ts";

const ids = { prompt: [1], trace: [2, 3] };
const target: ScoreTarget = {
  run: "r",
  problemKey: "k",
  index: 0,
  line: 1,
  print: null,
  verdict: null,
  read: () => Promise.resolve({ context: { api: "completions", prompt: "p" }, text: "t", ids }),
};

test("score: sampled ids go to a model that cuts texts alike, and to no other; a note says which", async (t) => {
  const [same, silent] = [await served(t, { shape: "vllm" }), await served(t, { shape: "echo" })];
  const notes: string[] = [];
  const context = {
    note: (line: string) => void notes.push(line),
    out: () => undefined,
    signal: new AbortController().signal,
  };
  const { config } = await served(t, { shape: "vllm" });
  const question = { config, takesIds: true, apiKey: null };
  const origin = (url: string): string => new URL(url).origin;
  const idsBy = async (writer: { origin: string; model: string } | null, takesIds = true) => {
    const [one] = await withUsableIds([target], { ...question, takesIds, writer }, context);
    return (await one?.read())?.ids;
  };
  assert.deepEqual(await idsBy({ origin: origin(same.server.url), model: "toy" }), ids);
  assert.equal(await idsBy({ origin: origin(silent.server.url), model: "toy" }), null);
  assert.equal(await idsBy({ origin: "http://127.0.0.1:9", model: "toy" }), null, "it is gone");
  assert.equal(await idsBy(null), null);
  assert.equal(await idsBy({ origin: origin(same.server.url), model: "toy" }, false), null);
  const asked = same.server.requests.length;
  assert.deepEqual(await idsBy({ origin: origin(config.baseUrls[0] ?? ""), model: "toy" }), ids, "itself");
  assert.equal(same.server.requests.length, asked);
  assert.match(notes[0] ?? "", /are scored as they are/);
  for (const note of notes.slice(1, 5))
    assert.match(note, /^The texts are scored, re-tokenised: .*not used \(.+\)\.$/);
});

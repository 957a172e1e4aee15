import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../paths.ts";

export const tolerance = 1e-3;

/** A server in the shapes of vLLM. */
export interface Served {
  /** With `/v1` at its end. */
  readonly url: string;
  readonly token: string;
}

export interface Scored {
  /** Token ids of prompt and answer. */
  readonly rows: readonly (readonly number[])[];
  /** Of all tokens after a row's first, nats. */
  readonly logProbs: readonly (readonly number[])[];
}

/** Sampled traces of held-out problems with the server's log-probs. */
export async function scored(server: Served, model: string, count: number): Promise<Scored> {
  const lines = readFileSync(resolve(root, "media/demo/countdown.jsonl"), "utf8").trim().split("\n");
  const rows: number[][] = [];
  for (const [at, line] of lines.slice(0, count).entries()) {
    const { prompt } = JSON.parse(line) as { readonly prompt: string };
    const sampled = await complete(server, { model, prompt, max_tokens: 40, seed: at });
    rows.push([...sampled.prompt_token_ids!, ...sampled.token_ids!]);
  }
  return { rows, logProbs: await logProbsOf(server, model, rows) };
}

export async function logProbsOf(
  server: Served,
  model: string,
  rows: readonly (readonly number[])[],
): Promise<number[][]> {
  const logProbs: number[][] = [];
  for (const row of rows) {
    const read = await complete(server, { model, prompt: row, max_tokens: 1, prompt_logprobs: 0 });
    logProbs.push(row.slice(1).map((token, i) => read.prompt_logprobs![i + 1]![String(token)]!.logprob));
  }
  return logProbs;
}

interface Choice {
  readonly prompt_token_ids?: readonly number[];
  readonly token_ids?: readonly number[];
  readonly prompt_logprobs?: readonly (Readonly<Record<string, { readonly logprob: number }>> | null)[];
}

async function complete(server: Served, body: Readonly<Record<string, unknown>>): Promise<Choice> {
  const response = await fetch(`${server.url}/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ temperature: 1, return_token_ids: true, ...body }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return ((await response.json()) as { readonly choices: readonly [Choice] }).choices[0];
}

/** A line with the largest difference; a difference above the tolerance, and a log-prob that is none, is wrong. */
export function noteDifferences(
  report: { lines: string[]; wrong: string[] },
  what: string,
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
): void {
  const differences = ours.flatMap((row, at) => row.map((value, i) => Math.abs(value - theirs[at]![i]!)));
  const largest = differences.reduce((most, one) => (one <= most ? most : one), 0);
  report.lines.push(
    `${what}: ${ours.length} traces, ${differences.length} tokens, largest difference ${largest.toExponential(2)} nats`,
  );
  if (!(largest <= tolerance)) report.wrong.push(`${what}: a log-prob differs by ${largest} nats`);
}

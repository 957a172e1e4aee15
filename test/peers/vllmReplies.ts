// What the demo server and vLLM answer to the same requests: the status, an error's type and field, and the shape of the
// body. A field that only vLLM has (its versions differ) is told; one that only ours has, or of another type, is wrong.
import type { Served } from "./demoTraces.ts";

type Body = Readonly<Record<string, unknown>>;

const prompt = "Numbers: 2 4 7 7\nTarget: 36\n";

/** Path and body, without the model. */
function requests(): readonly (readonly [string, Body])[] {
  const text = { prompt, max_tokens: 4, temperature: 0 };
  const chat = { messages: [{ role: "user", content: prompt }], max_tokens: 4, temperature: 0 };
  const going = [
    { role: "user", content: prompt.trimEnd() },
    { role: "assistant", content: " 7 + 4" },
  ];
  const texts: readonly Body[] = [
    {},
    { logprobs: 2 },
    { echo: true, logprobs: 1 },
    { echo: true, logprobs: 1, max_tokens: 0 },
    { prompt_logprobs: 2 },
    { prompt_logprobs: -1 },
    { return_token_ids: true },
    { return_token_ids: true, echo: true, logprobs: 1 },
    { return_tokens_as_token_ids: true, logprobs: 1 },
    { n: 2, temperature: 1, seed: 1 },
    { prompt: [9, 10, 11] },
    { prompt: [[9], [11, 12]] },
    { prompt: ["a", "b"] },
    { max_tokens: 60 },
    { stop: [" 28"], max_tokens: 30 },
    { stream: true, stream_options: { include_usage: true } },
    { stream: true, logprobs: 1, return_token_ids: true },
    { stream: true, echo: true, logprobs: 1 },
  ];
  const refused: readonly Body[] = [
    { model: "none" },
    { prompt: Array(70).fill(9) },
    { prompt: Array(64).fill(9) },
    { prompt: [1, 64] },
    { prompt: "" },
    { prompt: [] },
    { prompt: { text: 1 } },
    { n: 2 },
    { n: 0 },
    { n: 1.5 },
    { temperature: -1 },
    { temperature: "x" },
    { top_p: 0 },
    { top_p: 1.5 },
    { top_k: -2 },
    { min_p: 2 },
    { max_tokens: 0 },
    { max_tokens: -1 },
    { min_tokens: 5 },
    { logprobs: 65 },
    { prompt_logprobs: 65 },
    { prompt_logprobs: 1, stream: true },
    { stop: 7 },
    { stop: "" },
    { seed: 1.5 },
    { suffix: "x" },
    { logit_bias: { "99": 1 } },
    { stream_options: { include_usage: true } },
  ];
  const chats: readonly Body[] = [
    {},
    { logprobs: true, top_logprobs: 2 },
    { prompt_logprobs: 1 },
    { return_token_ids: true },
    { stream: true, stream_options: { include_usage: true } },
    { stream: true, logprobs: true, top_logprobs: 1, return_token_ids: true },
    { messages: going, continue_final_message: true, add_generation_prompt: false, prompt_logprobs: 0 },
    { messages: going, continue_final_message: true },
    { messages: [] },
    { messages: undefined },
    { messages: [{ content: "a" }] },
    { top_logprobs: 2 },
    { logprobs: true, top_logprobs: 65 },
    { max_tokens: 60 },
  ];
  return [
    ...[...texts, ...refused].map((fields) => ["/v1/completions", { ...text, ...fields }] as const),
    ...chats.map((fields) => ["/v1/chat/completions", { ...chat, ...fields }] as const),
    ["/tokenize", { prompt, return_token_strs: true }],
    ["/tokenize", { messages: chat.messages }],
    ["/tokenize", {}],
    ["/detokenize", { tokens: [9, 10, 3] }],
    ["/detokenize", {}],
    ["/nothing", {}],
  ];
}

interface Both {
  readonly ours: Served;
  readonly theirs: Served;
  readonly model: string;
}

export async function compareReplies(
  { ours, theirs, model }: Both,
  report: { lines: string[]; wrong: string[] },
): Promise<void> {
  const onlyTheirs = new Set<string>();
  const all = requests();
  let same = 0;
  for (const [path, body] of all) {
    const whole = { model, ...body };
    const [own, other] = await Promise.all([ask(ours, path, whole), ask(theirs, path, whole)]);
    const differences = differencesOf(own, other, onlyTheirs);
    if (differences.length === 0) same += 1;
    else report.wrong.push(`${path} ${JSON.stringify(body).slice(0, 120)}: ${differences.join("; ")}`);
  }
  report.lines.push(`${same} of ${all.length} requests answered alike (status, error, shape, greedy text)`);
  report.lines.push(`fields of vLLM alone: ${[...onlyTheirs].sort().join(", ") || "none"}`);
}

interface Reply {
  readonly status: number;
  readonly kind: string;
  /** The events of a stream. */
  readonly bodies: readonly unknown[];
}

async function ask({ url, token }: Served, path: string, body: Body): Promise<Reply> {
  const response = await fetch(url.replace(/\/v1$/, path), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const kind = (response.headers.get("content-type") ?? "").split(";")[0]!;
  const parts = kind === "text/event-stream" ? text.split("\n\n").filter((part) => part !== "") : [text];
  const bodies = parts.map((part) => {
    const json = part.replace(/^data: /, "");
    return json === "[DONE]" ? json : (JSON.parse(json) as unknown);
  });
  return { status: response.status, kind, bodies };
}

function differencesOf(own: Reply, other: Reply, onlyTheirs: Set<string>): readonly string[] {
  if (own.status !== other.status) return [`status ${own.status}, theirs ${other.status}`];
  if (own.kind !== other.kind) return [`${own.kind}, theirs ${other.kind}`];
  const found: string[] = [];
  const [ours, theirs] = [shapeOf(own.bodies), shapeOf(other.bodies)];
  for (const path of theirs.keys()) if (!ours.has(path)) onlyTheirs.add(path);
  for (const [path, kinds] of ours) {
    const known = theirs.get(path);
    if (known === undefined) found.push(`${path} is not theirs`);
    else if ([...kinds].some((kind) => !known.has(kind)))
      found.push(`${path} is ${[...kinds].join("|")}, theirs ${[...known].join("|")}`);
  }
  for (const read of [textOf, errorOf]) {
    const [mine, its] = [read(own), read(other)];
    if (mine !== its) found.push(`${JSON.stringify(mine)}, theirs ${JSON.stringify(its)}`);
  }
  return found;
}

/** Types by path; an object of tokens or of a vocabulary is one path. */
function shapeOf(bodies: readonly unknown[]): Map<string, Set<string>> {
  const shape = new Map<string, Set<string>>();
  const visit = (value: unknown, path: string): void => {
    const kind = value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
    shape.set(path, (shape.get(path) ?? new Set()).add(kind));
    if (Array.isArray(value)) for (const item of value) visit(item, `${path}[]`);
    else if (kind === "object")
      for (const [name, item] of Object.entries(value as object))
        visit(
          item,
          `${path}.${/top_logprobs\[\]$|prompt_logprobs\[\]$/.test(path) ? anyToken(path, name) : name}`,
        );
  };
  for (const body of bodies) visit(body, "");
  return shape;
}

/** A chat's `top_logprobs` are lists of objects with names of their own. */
const anyToken = (path: string, name: string): string => (path.includes("content[]") ? name : "*");

const choicesOf = ({ bodies }: Reply): readonly Record<string, unknown>[] =>
  bodies.flatMap((body) => (body as { choices?: Record<string, unknown>[] }).choices ?? []);

/** What the choices say; nothing where it was drawn. */
function textOf(reply: Reply): string {
  const choices = choicesOf(reply);
  if (choices.some(({ index }) => index !== 0) && reply.bodies.length === 1) return "";
  const said = choices.map(
    ({ text, message, delta }) =>
      (text ?? ((message ?? delta) as { content?: string })?.content ?? "") as string,
  );
  return said.join("");
}

function errorOf({ bodies }: Reply): string {
  const [body] = bodies as readonly { error?: { type?: string; param?: string | null; code?: number } }[];
  if (body?.error === undefined) return "";
  const { type, param, code } = body.error;
  // Below a field vLLM names the classes of its schema.
  return JSON.stringify([type, param?.split(".").slice(0, 2).join(".") ?? null, code]);
}

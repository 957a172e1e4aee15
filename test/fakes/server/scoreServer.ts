// A loopback server that hands over log-probs of given text in the shapes of each kind of server, well or badly.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { continuation, decode, encode, type ModelScore, scoreAfter, textOf, bytesOf } from "./scoreModel.ts";

export type ScoreShape =
  | "vllm"
  | "sglang"
  | "echo"
  | "llamaCppPython"
  | "together"
  | "tgi"
  | "llamaCpp"
  | "fireworks";
export type ScoreDefect =
  | "echoIgnored"
  | "nulls"
  | "offByOne"
  | "scaled"
  | "zeros"
  | "floor"
  | "html"
  | "positive"
  | "halfCount"
  | "noGenerated"
  | "cutAfterThink";

export interface ScoreServerOptions {
  readonly shape: ScoreShape;
  readonly defect?: ScoreDefect;
  readonly maxModelLength?: number;
  /** Every n-th scoring request is answered with 503. */
  readonly failEvery?: number;
  readonly hidesIds?: boolean;
  /** More alternatives than these are refused. */
  readonly maxTop?: number;
}

export interface ScoreServer {
  readonly url: string;
  readonly requests: readonly { readonly path: string; readonly body: Record<string, unknown> }[];
  readonly peak: () => number;
  close(): Promise<void>;
}

export const chatTemplate = (messages: readonly { role: string; content: string }[]): string =>
  messages.map(({ role, content }) => `<${role}>${content}`).join("\n");

export async function startScoreServer(options: ScoreServerOptions): Promise<ScoreServer> {
  const requests: { path: string; body: Record<string, unknown> }[] = [];
  let [open, peak, asked] = [0, 0, 0];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      const text = Buffer.concat(chunks).toString("utf8");
      const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
      requests.push({ path, body });
      peak = Math.max(peak, (open += 1));
      if (request.method === "POST" && path !== "/tokenize") asked += 1;
      const busy = options.failEvery !== undefined && asked % options.failEvery === 0;
      setTimeout(() => {
        open -= 1;
        if (busy) return send(response, 503, { message: "busy" });
        answer(response, path, body, options);
      }, 2);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    peak: () => peak,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

type Body = Record<string, unknown>;

function answer(response: ServerResponse, path: string, body: Body, options: ScoreServerOptions): void {
  if (options.defect === "html" && path !== "/v1/models") {
    return void response
      .writeHead(200, { "content-type": "text/html" })
      .end("<html><title>Gateway</title></html>");
  }
  const reply = routes(path, body, options);
  if (reply === null) return send(response, 404, { message: "Not Found", code: 404 });
  send(response, (reply as { code?: number }).code === 400 ? 400 : 200, reply);
}

function routes(path: string, body: Body, options: ScoreServerOptions): object | null {
  const { shape } = options;
  const max = options.maxModelLength;
  if (path === "/v1/models")
    return { data: [{ id: "toy", ...(max === undefined ? {} : { max_model_len: max }) }] };
  if (path === "/tokenize" && (shape === "vllm" || shape === "sglang"))
    return { tokens: encode(String(body["prompt"])) };
  if (path === "/tokenize" && shape === "llamaCpp")
    return { tokens: encode(String(body["content"])).map(llamaPiece) };
  const wanted = shape === "sglang" ? "sampling_params" : "parameters";
  const native = path === "/generate" && (shape === "sglang" || shape === "tgi");
  if (native && body[wanted] === undefined) return { code: 400, message: `missing field ${wanted}` };
  if (path === "/generate" && shape === "sglang") return sglangReply(body, options);
  if (path === "/generate" && shape === "tgi") return tgiReply(body, options);
  if (path === "/completion" && shape === "llamaCpp") return llamaReply(body);
  if (path === "/v1/chat/completions" && shape === "vllm") return chatReply(body, options);
  if (path !== "/v1/completions" || shape === "sglang" || shape === "tgi") return null;
  if (shape === "llamaCpp" && body["echo"] === true)
    return { code: 400, message: "Only no echo is supported" };
  return completionReply(body, options);
}

/** The scores of given tokens; `null` for the first; spoilt where the server is a bad one. */
function scores(ids: readonly number[], top: number, defect: ScoreDefect | undefined): (ModelScore | null)[] {
  const temperature = defect === "scaled" ? 0.6 : 1;
  return ids.map((id, i) => {
    if (i === 0) return null;
    if (defect === "nulls") return null;
    // Row i of the logits is paired with token i instead of i + 1.
    const before = defect === "offByOne" ? ids.slice(0, Math.max(0, i - 1)) : ids.slice(0, i);
    const score = scoreAfter(before, id, { top, temperature });
    if (defect === "zeros") return { ...score, logProb: 0 };
    if (defect === "floor") return { ...score, logProb: -9999 };
    if (defect === "positive") return { ...score, logProb: -score.logProb };
    return score;
  });
}

const promptIds = (prompt: unknown): number[] =>
  Array.isArray(prompt) ? (prompt as number[]) : encode(String(prompt));

function written(ids: readonly number[], count: number): { ids: number[]; scored: ModelScore[] } {
  const next = continuation(ids, count);
  return {
    ids: next,
    scored: next.map((id, i) => scoreAfter([...ids, ...next.slice(0, i)], id, { top: 1 })),
  };
}

function lists(ids: readonly number[], scored: readonly (ModelScore | null)[]): object {
  return {
    tokens: ids.map(textOf),
    token_logprobs: scored.map((one) => one?.logProb ?? null),
    top_logprobs: scored.map((one) =>
      one === null
        ? null
        : Object.fromEntries([
            ...one.top.map((t) => [textOf(t.id), t.logProb]),
            [textOf(one.id), one.logProb],
          ]),
    ),
    text_offset: ids.map((_, i) => decode(ids.slice(0, i)).length),
  };
}

function contents(ids: readonly number[], scored: readonly (ModelScore | null)[]): object {
  const entry = (id: number, logprob: number | null): object => ({
    token: textOf(id),
    token_id: id,
    bytes: [...bytesOf(id)],
    logprob,
  });
  return {
    content: ids.map((id, i) => ({
      ...entry(id, scored[i]?.logProb ?? null),
      top_logprobs: (scored[i]?.top ?? []).map((t) => entry(t.id, t.logProb)),
    })),
  };
}

function completionReply(
  body: Body,
  { shape, defect, maxModelLength, hidesIds, maxTop }: ScoreServerOptions,
): object {
  const ids = promptIds(body["prompt"]);
  const next = written(ids, Number(body["max_tokens"] ?? 16));
  if (maxModelLength !== undefined && ids.length + next.ids.length > maxModelLength) {
    return { code: 400, message: `This model's maximum context length is ${maxModelLength} tokens.` };
  }
  const top = Number(body["prompt_logprobs"] ?? body["logprobs"] ?? 0);
  if (maxTop !== undefined && top > maxTop) {
    return {
      code: 400,
      message: `Requested prompt logprobs of ${top}, which is greater than max allowed: ${maxTop}`,
    };
  }
  const echo = body["echo"] === true && defect !== "echoIgnored" && shape !== "together";
  const scored = scores(ids, Number(body["logprobs"] ?? 0), defect);
  const generated = defect === "noGenerated" ? null : lists(next.ids, next.scored);
  const both = shape === "fireworks" ? contents : lists;
  const given = defect === "halfCount" ? Math.ceil(ids.length / 2) : ids.length;
  const echoed = both([...ids.slice(0, given), ...next.ids], [...scored.slice(0, given), ...next.scored]);
  const asksPrompt = shape === "vllm" && body["prompt_logprobs"] !== undefined && defect !== "echoIgnored";
  const choice = {
    index: 0,
    text: (echo ? decode(ids) : "") + decode(next.ids),
    finish_reason: "length",
    logprobs: body["logprobs"] === undefined ? null : echo ? echoed : generated,
    prompt_logprobs: asksPrompt ? promptLogProbs(ids, top, defect) : null,
    ...(shape === "vllm" && body["return_token_ids"] === true && hidesIds !== true
      ? { prompt_token_ids: ids, token_ids: next.ids }
      : {}),
  };
  const usage = { prompt_tokens: ids.length, completion_tokens: next.ids.length };
  const together = { prompt: [{ text: decode(ids), logprobs: lists(ids, scored) }] };
  return {
    model: "toy",
    choices: [choice],
    usage,
    ...(shape === "together" && body["echo"] === true ? together : {}),
  };
}

function promptLogProbs(ids: readonly number[], top: number, defect: ScoreDefect | undefined): unknown[] {
  const whole = scores(ids, top, defect);
  if (defect === "nulls") return [null];
  const kept = defect === "halfCount" ? whole.slice(0, Math.ceil(ids.length / 2)) : whole;
  return kept.map((one) => {
    if (one === null) return null;
    const entry = (id: number, logprob: number, rank: number): [string, object] => [
      String(id),
      { logprob, rank, decoded_token: textOf(id) },
    ];
    const own = entry(one.id, one.logProb, one.rank);
    return Object.fromEntries([...one.top.map((t, i) => entry(t.id, t.logProb, i + 1)), own]);
  });
}

function chatReply(body: Body, { defect }: ScoreServerOptions): object {
  const messages = body["messages"] as readonly { role: string; content: string }[];
  const kept =
    defect === "cutAfterThink"
      ? messages.map((one) => ({ ...one, content: one.content.replace(/^.*<\/think>/s, "") }))
      : messages;
  const text = chatTemplate(kept);
  const ids = encode(text);
  const top = Number(body["prompt_logprobs"]);
  return {
    choices: [{ index: 0, message: { role: "assistant", content: "x" } }],
    prompt_logprobs: promptLogProbs(ids, top, undefined),
    prompt_token_ids: ids,
    prompt_text: text,
    usage: { prompt_tokens: ids.length, completion_tokens: 1 },
  };
}

function sglangReply(body: Body, { defect }: ScoreServerOptions): object {
  const ids = Array.isArray(body["input_ids"])
    ? (body["input_ids"] as number[])
    : encode(String(body["text"]));
  const { max_new_tokens: count } = body["sampling_params"] as { max_new_tokens: number };
  const next = written(ids, count);
  const start = Number(body["logprob_start_len"] ?? -1);
  const top = Number(body["top_logprobs_num"] ?? 0);
  const whole = scores(ids, top, defect);
  const triple = (score: { id: number; logProb: number } | null, id: number): unknown[] => [
    score?.logProb ?? null,
    id,
    textOf(id),
  ];
  const input =
    start < 0 ? [] : ids.slice(start).map((id, i) => triple(i === 0 ? null : (whole[start + i] ?? null), id));
  const tops =
    start < 0
      ? []
      : ids
          .slice(start)
          .map((_, i) => (i === 0 ? null : (whole[start + i]?.top ?? []).map((t) => triple(t, t.id))));
  return {
    text: decode(next.ids),
    output_ids: next.ids,
    meta_info: {
      prompt_tokens: ids.length,
      completion_tokens: next.ids.length,
      input_token_logprobs: defect === "echoIgnored" ? [] : input,
      input_top_logprobs: tops,
      output_token_logprobs: next.scored.map((one) => triple(one, one.id)),
    },
  };
}

function tgiReply(body: Body, { defect }: ScoreServerOptions): object {
  const ids = encode(String(body["inputs"]));
  const { max_new_tokens: count } = body["parameters"] as { max_new_tokens: number };
  const next = written(ids, count);
  const whole = scores(ids, 0, defect);
  const prefill = ids.map((id, i) => ({ id, text: textOf(id), logprob: whole[i]?.logProb ?? null }));
  return {
    generated_text: decode(next.ids),
    details: {
      prefill: defect === "echoIgnored" ? [] : prefill,
      tokens: next.scored.map((one) => ({
        id: one.id,
        text: textOf(one.id),
        logprob: one.logProb,
        special: false,
      })),
    },
  };
}

/** Text where it is text, else bytes. */
function llamaPiece(id: number): object {
  const text = textOf(id);
  return { id, piece: text.includes("\uFFFD") ? [...bytesOf(id)] : text };
}

function llamaReply(body: Body): object {
  const ids = promptIds(body["prompt"]);
  const biased = body["logit_bias"] as [number, number][] | undefined;
  const forced = biased?.[0]?.[0];
  const next = forced === undefined ? continuation(ids, Number(body["n_predict"])) : [forced];
  const top = Number(body["n_probs"] ?? 0);
  const entry = (id: number, logprob: number): object => ({
    id,
    token: textOf(id),
    bytes: [...bytesOf(id)],
    logprob,
  });
  return {
    content: decode(next),
    completion_probabilities: next.map((id, i) => {
      const score = scoreAfter([...ids, ...next.slice(0, i)], id, { top });
      return { ...entry(id, score.logProb), top_logprobs: score.top.map((t) => entry(t.id, t.logProb)) };
    }),
  };
}

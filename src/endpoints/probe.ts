import { count } from "../core/numberWords.ts";
import type { CancelSignal } from "../core/ports.ts";
import type { Capabilities, Finding } from "./capabilities.ts";
import { originOf, type EndpointConfig } from "./config.ts";
import { connect, type EndpointPorts } from "./endpoint.ts";
import { IdReader } from "./idReader.ts";
import { probeLogProbs } from "./probeLogProbs.ts";
import { ProbeAsk, ok, no, unknown, type Asked } from "./probeAsk.ts";
import { isRecord } from "../core/parse.ts";

export interface ProbePorts extends EndpointPorts {
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
}

/** A server that says nothing for so long is not there, as far as a probe goes. */
const probeIdleTimeoutMs = 30_000;

/**
 * Finds out by a few short requests what an endpoint can do: about ten, of at most 16 tokens each.
 * Never rejects: what could not be found out is `unknown` with its reason, also when `signal` aborts.
 */
export async function probeEndpoint(
  config: EndpointConfig,
  ports: ProbePorts,
  signal: CancelSignal,
): Promise<Capabilities> {
  const idleTimeoutMs = Math.min(config.idleTimeoutMs ?? probeIdleTimeoutMs, probeIdleTimeoutMs);
  const connection = connect(config, ports, idleTimeoutMs);
  const asks = [...connection.clients.values()].map(
    (client) => new ProbeAsk({ client, model: config.model, redact: connection.redact, signal }),
  );
  const [first, ...others] = asks;
  if (first === undefined) throw new Error("an endpoint without a base URL");
  try {
    const [list, version, completions, chat, ...otherLists] = await Promise.all([
      first.get("/models"),
      first.get(`${originOf(config)}/version`),
      first.complete({ max_tokens: 1 }),
      first.converse({ max_tokens: 1 }),
      ...others.map((ask) => ask.get("/models")),
    ]);
    const route = completions.kind === "said" ? "completions" : chat.kind === "said" ? "chat" : null;
    const [n, seed, logProbs, tokenIds] = await Promise.all([
      route === null ? unknown("no text came back") : probeN(first, route),
      route === null ? unknown("no text came back") : probeSeed(first, route),
      route === null ? { ...unknown("no text came back"), top: null } : probeLogProbs(first, route),
      route === null ? unknown("no text came back") : probeTokenIds(first, route),
    ]);
    return {
      at: (ports.now ?? Date.now)(),
      models: modelsFound(config, list, otherLists),
      maxModelLength: lengthFound(config, list),
      completions: routeFound(completions),
      chat: routeFound(chat),
      n,
      seed,
      logProbs,
      tokenIds,
      server: serverHint(version, list),
    };
  } finally {
    connection.close();
  }
}

function routeFound(asked: Asked): Finding {
  if (asked.kind === "said") return ok("answers");
  return asked.refused ? no(asked.reason) : unknown(asked.reason);
}

/** Asks for two choices at once. */
async function probeN(ask: ProbeAsk, route: "completions" | "chat"): Promise<Finding> {
  const asked = await ask.write(route, { n: 2, seed: 7, temperature: 1, max_tokens: 4 });
  if (asked.kind === "failed") return asked.refused ? no(asked.reason) : unknown(asked.reason);
  const count = asked.choices.length;
  return count === 2 ? ok("two choices in one request") : no(`asked for 2 choices, got ${count}`);
}

/** The same seed twice, and another one: whether seeds are heard, and whether samples differ at all. */
async function probeSeed(ask: ProbeAsk, route: "completions" | "chat"): Promise<Finding> {
  const body = { n: 1, temperature: 1, top_p: 1, max_tokens: 16 };
  const asked = await Promise.all([7, 7, 8].map((seed) => ask.write(route, { ...body, seed })));
  const failed = asked.find((one) => one.kind === "failed");
  if (failed !== undefined) return failed.refused ? no(failed.reason) : unknown(failed.reason);
  const [a, b, c] = asked.map((one) => (one.kind === "said" ? one.text : ""));
  if (a === "" && b === "" && c === "") return unknown("the replies were empty");
  if (a === b && b === c) return no("other seeds gave the same text: samples may be copies");
  return a === b
    ? ok("same seed, same text; another seed, another text")
    : no("the same seed gave two texts");
}

/** Whether token ids come when they are asked for: others answer without them, or refuse the field. */
async function probeTokenIds(ask: ProbeAsk, route: "completions" | "chat"): Promise<Finding> {
  const asked = await ask.write(route, { n: 1, max_tokens: 2, return_token_ids: true });
  if (asked.kind === "failed") return asked.refused ? no(asked.reason) : unknown(asked.reason);
  const ids = new IdReader();
  if (isRecord(asked.body)) ids.addPrompt(asked.body);
  ids.add(asked.choices[0] ?? {}, asked.text);
  return ids.all() === null ? no("asked for token ids, got none") : ok("of prompt and sample");
}

function modelsFound(config: EndpointConfig, list: Asked, others: readonly Asked[]): Capabilities["models"] {
  if (list.kind === "failed") return { ...unknown(list.reason), ids: [] };
  const ids = entriesIn(list.body).flatMap((entry) => (typeof entry["id"] === "string" ? [entry["id"]] : []));
  const silent = others.filter((other) => other.kind === "failed").length;
  if (silent > 0)
    return { ...unknown(`${silent} of ${others.length + 1} base URLs did not list models`), ids };
  if (ids.length === 0) return { ...unknown("the server lists no models"), ids };
  if (ids.includes(config.model)) return { ...ok(`serves ${config.model}`), ids };
  const shown = ids.slice(0, 3).join(", ") + (ids.length > 3 ? `, and ${ids.length - 3} more` : "");
  return { ...no(`lists ${shown}, not ${config.model}`), ids };
}

/** Where servers say it: vLLM and SGLang, OpenRouter and Together, LM Studio, llama.cpp (under `meta`). */
const lengthFields = ["max_model_len", "context_length", "max_context_length", "n_ctx_train"];

function lengthFound(config: EndpointConfig, list: Asked): Capabilities["maxModelLength"] {
  if (list.kind === "failed") return { ...unknown("no list of models"), tokens: null };
  const entry = entriesIn(list.body).find((one) => one["id"] === config.model);
  const meta = isRecord(entry?.["meta"]) ? entry["meta"] : {};
  const found = lengthFields
    .map((field) => entry?.[field] ?? meta[field])
    .find((value) => typeof value === "number");
  return typeof found === "number"
    ? { ...ok(`${count(found)} tokens`), tokens: found }
    : { ...unknown("the server does not say"), tokens: null };
}

function entriesIn(body: unknown): readonly Readonly<Record<string, unknown>>[] {
  const data = isRecord(body) ? body["data"] : body;
  return Array.isArray(data) ? data.filter((entry) => isRecord(entry)) : [];
}

function serverHint(version: Asked, list: Asked): string | null {
  const owner = list.kind === "said" ? entriesIn(list.body)[0]?.["owned_by"] : undefined;
  const name = typeof owner === "string" && owner !== "" ? owner : null;
  const number = version.kind === "said" && isRecord(version.body) ? version.body["version"] : undefined;
  if (typeof number !== "string") return name;
  return `${name ?? "version"} ${number}`;
}

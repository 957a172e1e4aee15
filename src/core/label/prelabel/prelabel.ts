import type { CancelSignal, Clock, Random } from "../../ports.ts";
import { attemptSample, type Attempted } from "../../run/attempt.ts";
import { CancelSource } from "../../run/cancel.ts";
import { EndpointGate } from "../../run/gate.ts";
import type { GenerateRequest, Generator } from "../../run/generate.ts";
import { defaultRetryPolicy } from "../../run/retry.ts";
import { stepTexts } from "../exchange/labelledText.ts";
import type { ItemId, LabelEntry } from "../model.ts";
import { checkPrelabelPrompt, prelabelPrompt, type PrelabelText } from "./prompt.ts";
import { countVotes, parseVote, type VoteCount } from "./vote.ts";

/** What the model is asked for; the same for all items. */
export interface PrelabelPlan {
  /** With `{question}`, `{steps}` and, if wanted, `{gold}` in it. */
  readonly prompt: string;
  /** Replies per item; an odd number has no ties of two. */
  readonly votes: number;
  readonly api: "completions" | "chat";
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  /** Of the first vote; the next has the next. */
  readonly seed: number;
  readonly extraBody: GenerateRequest["extraBody"];
}

export interface PrelabelItem extends PrelabelText {
  readonly item: ItemId;
}

export interface Prelabelled {
  readonly item: ItemId;
  readonly votes: VoteCount;
  /** For a label log of a rater of kind `model`; `null` where the votes have no majority or none could be read. */
  readonly entry: LabelEntry | null;
  /** Requests that could not be answered, in words. */
  readonly failures: readonly string[];
}

export interface PrelabelPorts {
  readonly generator: Generator;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Labels items by a model's votes, one item after the other with all its votes at once. The labels are a model's: whoever
 * writes them opens a log of a rater of kind `model`, and nothing counts them as a human's. Ends early, without an error,
 * when `signal` aborts. Throws `badTemplate`, and the EndpointError of an endpoint that answers nobody (`unauthorized`,
 * `notFound`, `connection`, `rateLimited`).
 */
export async function* prelabel(
  items: Iterable<PrelabelItem>,
  plan: PrelabelPlan,
  { signal, ...ports }: PrelabelPorts & { readonly signal?: CancelSignal },
): AsyncGenerator<Prelabelled> {
  checkPrelabelPrompt(plan.prompt);
  const gate = new EndpointGate(ports.clock);
  const given = signal ?? new CancelSource().signal;
  const ask = (request: GenerateRequest): Promise<Attempted> =>
    attemptSample(
      request,
      { ...ports, gate, retry: defaultRetryPolicy, maxDownMs, onWait: () => undefined },
      given,
    );
  for (const item of items) {
    const startedMs = ports.clock.now();
    const replies = await Promise.all(requestsOf(item, plan).map(ask));
    if (given.aborted) return;
    const stop = replies.find(({ kind }) => kind === "stop");
    if (stop?.kind === "stop") throw stop.error;
    yield concluded(item, replies, (ports.clock.now() - startedMs) / 1000);
  }
}

/** Longest outage that is sat out. */
const maxDownMs = 10 * 60_000;

function requestsOf(item: PrelabelItem, plan: PrelabelPlan): readonly GenerateRequest[] {
  const { api, temperature, topP, maxTokens, extraBody } = plan;
  const prompt = prelabelPrompt(plan.prompt, item);
  const input: GenerateRequest["input"] =
    api === "chat" ? { api, messages: [{ role: "user", content: prompt }] } : { api, prompt };
  return Array.from({ length: plan.votes }, (_, vote) => ({
    input,
    seed: plan.seed + vote,
    temperature,
    topP,
    maxTokens,
    stop: [],
    extraBody,
    stickyKey: item.item,
  }));
}

function concluded(
  { item, text }: PrelabelItem,
  replies: readonly Attempted[],
  seconds: number,
): Prelabelled {
  const steps = stepTexts(text).length;
  const votes = countVotes(
    replies.map((reply) => (reply.kind === "generated" ? parseVote(reply.generation.text, steps) : null)),
  );
  const { verdict, firstWrongStep, counts } = votes;
  const note = `votes: ${counts.correct} correct, ${counts.ambiguous} ambiguous, ${counts.wrong} wrong, ${counts.unread} not read`;
  return {
    item,
    votes,
    entry: verdict === null ? null : { item, verdict, firstWrongStep, note, seconds },
    failures: replies.flatMap((reply) => (reply.kind === "failed" ? [reply.error.message] : [])),
  };
}

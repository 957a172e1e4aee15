import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Engine } from "../engine.ts";
import { streamOf, type Sequence } from "../sequence.ts";
import { Choice } from "./choice.ts";
import type { GenerationRequest } from "./generationRequest.ts";
import { ReplyStream, wholeReply, type ReplyHead } from "./replies.ts";

/** Tokens between two events of a stream where the request does not say (vLLM's `--stream-interval`). */
const streamInterval = 32;

/** Samples the choices of one request and answers with them; a client that goes takes its choices with it. */
export function generate(request: GenerationRequest, engine: Engine, response: ServerResponse): void {
  const head: ReplyHead = {
    id: `${request.chat ? "chatcmpl" : "cmpl"}-${randomBytes(16).toString("hex")}`,
    created: Math.floor(Date.now() / 1000),
  };
  const stream = request.stream ? new ReplyStream(head, request) : null;
  const choices: Choice[] = [];
  const sequences: Sequence[] = [];
  let open = request.prompts.length * request.n;
  const onTurn = (choice: Choice): void => {
    const text = stream?.turn(choice) ?? "";
    if (choice.finishReason !== null) open -= 1;
    if (open > 0) {
      if (text !== "") response.write(text);
    } else if (stream === null) sendJson(response, 200, wholeReply(head, choices, request));
    else response.end(text + stream.closing(choices));
  };
  response.once("close", () => {
    if (!response.writableFinished) for (const sequence of sequences) sequence.cancel();
  });
  for (const prompt of request.prompts)
    for (let copy = 0; copy < request.n; copy += 1)
      choices.push(new Choice({ index: choices.length, prompt, streamInterval }, request, onTurn));
  if (stream !== null) openStream(response, stream.opening(choices));
  for (const choice of choices) sequences.push(startChoice(choice, request, engine));
}

function startChoice(choice: Choice, request: GenerationRequest, engine: Engine): Sequence {
  const { model, maxTokens, n, seed } = request;
  const { tokens } = choice.prompt;
  return engine.start(model, {
    prompt: tokens,
    sampling: request.sampling,
    seed: seed + (choice.index % n),
    stream: streamOf(model.name, tokens),
    maxTokens: Math.min(maxTokens ?? Infinity, model.maxModelLength - tokens.length),
    minTokens: request.minTokens,
    endTokens: request.endTokens,
    logProbs: request.logProbs,
    promptLogProbs: request.promptLogProbs,
    listener: choice,
  });
}

function openStream(response: ServerResponse, opening: string): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  if (opening !== "") response.write(opening);
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

import type { OpenAI } from "openai";
import { MalformedReply } from "./failure.ts";
import type { PieceOf } from "./reply.ts";
import type { SharedBody } from "./requestBody.ts";
import type { WireClient } from "./wireClient.ts";

/** `POST /completions` with a raw prompt; resolves with the response as soon as its headers are there. */
export function postCompletion(
  client: WireClient,
  call: { readonly prompt: string; readonly shared: SharedBody },
  options: OpenAI.RequestOptions,
): Promise<Response> {
  const body: OpenAI.CompletionCreateParamsStreaming = { ...call.shared, prompt: call.prompt };
  return client.completions.create(body, options).asResponse();
}

export const completionPiece: PieceOf = (choice) => {
  const text = choice["text"] ?? "";
  if (typeof text !== "string")
    throw new MalformedReply(`choices[0].text: expected string, got ${typeof text}`);
  return { text, reasoning: "" };
};

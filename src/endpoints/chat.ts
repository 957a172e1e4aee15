import type { OpenAI } from "openai";
import type { ChatMessage } from "../core/run/generate.ts";
import { MalformedReply } from "./failure.ts";
import { isRecord, type PieceOf } from "./reply.ts";
import type { SharedBody } from "./requestBody.ts";
import type { WireClient } from "./wireClient.ts";

/** `POST /chat/completions`; resolves with the response as soon as its headers are there. */
export function postChat(
  client: WireClient,
  call: { readonly messages: readonly ChatMessage[]; readonly shared: SharedBody },
  options: OpenAI.RequestOptions,
): Promise<Response> {
  const body: OpenAI.ChatCompletionCreateParamsStreaming = { ...call.shared, messages: [...call.messages] };
  return client.chat.completions.create(body, options).asResponse();
}

/** vLLM and OpenRouter call it `reasoning`; SGLang, DeepSeek, Fireworks, llama.cpp and older vLLM `reasoning_content`. */
export const chatPiece: PieceOf = (choice) => {
  const message = choice["delta"] ?? choice["message"] ?? {};
  if (!isRecord(message))
    throw new MalformedReply(`choices[0].message: expected object, got ${typeof message}`);
  const reasoning = textIn(message["reasoning"] ?? message["reasoning_content"], "reasoning");
  return { text: textIn(message["content"] ?? message["refusal"], "content"), reasoning };
};

function textIn(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  throw new MalformedReply(`choices[0].${field}: expected string, got ${typeof value}`);
}

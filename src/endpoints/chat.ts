import { MalformedReply } from "./failure.ts";
import { type PieceOf } from "./reply.ts";
import { isRecord } from "../core/parse.ts";

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

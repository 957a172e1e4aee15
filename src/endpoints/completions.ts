import { MalformedReply } from "./failure.ts";
import type { PieceOf } from "./reply.ts";

export const completionPiece: PieceOf = (choice) => {
  const text = choice["text"] ?? "";
  if (typeof text !== "string")
    throw new MalformedReply(`choices[0].text: expected string, got ${typeof text}`);
  return { text, reasoning: "" };
};

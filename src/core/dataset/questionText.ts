import { isRecord } from "../parse.ts";

/**
 * What the problem asks, as text: a string, or of a chat the last message by the user. `null` for anything else.
 * Shapes: OpenAI messages (`role`, `content` as text or parts), ShareGPT (`from`, `value`).
 */
export function questionText(value: unknown): string | null {
  if (typeof value === "string") return withoutMarkers(value);
  if (!Array.isArray(value)) return null;
  const messages = value.filter(isRecord);
  const asked = messages.findLast((message) =>
    /^(user|human)$/i.test(String(message["role"] ?? message["from"])),
  );
  return asked === undefined ? null : contentText(asked["content"] ?? asked["value"]);
}

/** What the model wrote: a string, or of a chat the messages by the assistant. `null` for anything else. */
export function responseText(value: unknown): string | null {
  if (typeof value === "string") return value;
  const messages = Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : [];
  if (messages.length === 0) return null;
  const texts = messages
    .filter((message) => !/^(user|human|system|tool)$/i.test(String(message["role"] ?? message["from"])))
    .map((message) => contentText(message["content"] ?? message["value"] ?? message["text"]));
  return texts.length === 0 || texts.includes(null) ? null : texts.join("\n");
}

function contentText(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const parts = content.filter(isRecord).map((part) => part["text"]);
  return parts.filter((part) => typeof part === "string").join("\n");
}

/** ChatML, and what is left of a chat decoded without its special tokens ("system\n...\nuser\n...\nassistant\n"). */
function withoutMarkers(text: string): string {
  // Asked for every sample; the search from behind is much the dearer.
  const from = !text.includes("<") ? -1 : text.lastIndexOf("<|im_start|>user\n");
  if (from !== -1) {
    const to = text.indexOf("<|im_end|>", from);
    return text.slice(from + "<|im_start|>user\n".length, to === -1 ? text.length : to);
  }
  if (!text.startsWith("user\n") && !text.startsWith("system\n")) return text;
  if (!text.endsWith("\nassistant\n") && !text.endsWith("\nassistant")) return text;
  const user = text.startsWith("user\n") ? 0 : text.indexOf("\nuser\n") + 1;
  return user === 0 && !text.startsWith("user\n")
    ? text
    : text.slice(user + 5, text.lastIndexOf("\nassistant"));
}

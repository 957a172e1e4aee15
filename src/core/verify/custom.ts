// A person's own verifier, such as the reward function of their trainer: a command that reads JSON lines and writes JSON lines.
//   in   {"id": "17", "problem": "...", "gold": "...", "response": "..."}    gold of a programming task: its line of the dataset
//   out  {"id": "17", "score": 1, "extracted": "...", "reason": "..."}
// `id` comes back as it went (as text or number); answers may come in any order. `score` is true or false, or a number up
// to 1: 1 (and true) is correct, anything below is incorrect, a negative reward too. A score of null says that it cannot be
// told (`undecided`). `extracted` and `reason` may be left out. An object with `error` instead of a score is an `error`.
import type { Verdict } from "../model.ts";
import { asRecord, FieldError, kindOf, orNull } from "../parse.ts";
import { decodeCodeGold, isCodeGold } from "./code/codeGold.ts";
import type { VerifyItem } from "./verifier.ts";

/** One line for the command, without the newline. ASCII: a reader may take U+2028 for a line's end, or not know UTF-8. */
export function encodeCustomRequest(id: string, { question, gold, response }: VerifyItem): string {
  const task = isCodeGold(gold) ? decodeCodeGold(gold) : null;
  const own = task !== null && "raw" in task ? task.raw : gold;
  const line = JSON.stringify({ id, problem: question, gold: own, response });
  return line.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export interface CustomReply {
  readonly id: string;
  readonly verdict: Verdict;
}

const maxTextChars = 2000;

/** Throws a `FieldError` for a line whose `id` cannot be read. Any other mistake is an `error` verdict of that item. */
export function decodeCustomReply(line: string): CustomReply {
  const reply = asRecord(parsed(line), "");
  const id = reply["id"];
  if (typeof id !== "string" && typeof id !== "number")
    throw new FieldError("id", `expected string or number, got ${kindOf(id)}`);
  try {
    return { id: String(id), verdict: replyVerdict(reply) };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { id: String(id), verdict: { kind: "error", reason: `the verifier's reply: ${error.message}` } };
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new FieldError("", "expected a JSON object");
  }
}

function replyVerdict(reply: Readonly<Record<string, unknown>>): Verdict {
  const reason = orNull(reply["reason"], "reason", shortText);
  const extracted = orNull(reply["extracted"], "extracted", shortText);
  if (reply["error"] !== undefined && reply["error"] !== null)
    return { kind: "error", reason: shortText(reply["error"], "error") };
  const { score } = reply;
  if (score === null) return { kind: "undecided", reason: reason ?? "the verifier gave no score", extracted };
  if (typeof score !== "boolean" && typeof score !== "number")
    throw new FieldError("score", `expected number or boolean, got ${kindOf(score)}`);
  if (typeof score === "number" && !(score <= 1))
    throw new FieldError("score", `expected a number up to 1, got ${score}`);
  const kind = score === true || score === 1 ? "correct" : "incorrect";
  return { kind, how: reason ?? `score ${Number(score)}`, extracted };
}

/** Numbers are welcome: an answer often is one. */
function shortText(value: unknown, field: string): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw new FieldError(field, `expected string, got ${kindOf(value)}`);
  return String(value).slice(0, maxTextChars);
}

/** The id of a custom verifier: its name, and a hash of its command so that a changed one is another verifier. */
export const customId = (name: string, commandHash: string): string =>
  `custom:${name}@${commandHash.slice(0, 12)}`;

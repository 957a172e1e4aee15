// Output of OpenAI's batch API, and of vLLM's `run-batch`: lines of `{custom_id, response: {status_code, body}, error}`.
// Questions stand in the batch's input only: samples are grouped by `custom_id`, without a sample's number behind `#`.
import type { JsonRecord } from "../../parse.ts";
import type { RawSample, RolloutFormat } from "./rolloutFormat.ts";
import { asList, asString, atPath, FieldError, isRecord } from "../../parse.ts";
import { rawSample } from "./rawSample.ts";
import { group } from "./rolloutFormat.ts";

export function openAiBatch(): RolloutFormat {
  return {
    name: "openAiBatch",
    matches: (record) =>
      typeof record["custom_id"] === "string" &&
      (atPath(record, "response.body") !== undefined || isRecord(record["error"])),
    labels: () => null,
    read(record) {
      const id = asString(record["custom_id"], "custom_id").replace(/#s?\d+$/, "");
      return [group({ question: "", gold: null, id }, samplesOf(record))];
    },
  };
}

function samplesOf(record: JsonRecord): readonly RawSample[] {
  const failure = failureOf(record);
  if (failure !== null) return [{ ...rawSample({ response: "" }, ""), outcome: failure }];
  const body = atPath(record, "response.body");
  if (!isRecord(body)) throw new FieldError("response.body", "expected the server's answer, got nothing");
  const choices = asList(body["choices"], "response.body.choices");
  // Usage is that of all choices together.
  const tokens = choices.length === 1 ? atPath(body, "usage.completion_tokens") : null;
  return choices.map((choice, i) => choiceSample(choice, tokens, `response.body.choices[${i}]`));
}

function choiceSample(choice: unknown, tokens: unknown, field: string): RawSample {
  const refusal = atPath(choice, "message.refusal");
  const refused = typeof refusal === "string" && refusal !== "";
  const content = atPath(choice, "message.content") ?? atPath(choice, "text");
  const sample = rawSample(
    {
      // Only reasoning, cut off before the answer: an empty text, and a truncated one.
      response: content ?? (refused ? refusal : isRecord(atPath(choice, "message")) ? "" : undefined),
      finish: atPath(choice, "finish_reason"),
      reasoning: atPath(choice, "message.reasoning_content") ?? atPath(choice, "message.reasoning"),
      tokens,
    },
    `${field}.message.content`,
  );
  return refused ? { ...sample, outcome: { kind: "refused", reason: "refusal" } } : sample;
}

function failureOf(record: JsonRecord): RawSample["outcome"] | null {
  const status = atPath(record, "response.status_code");
  const failed = typeof status === "number" && (status < 200 || status > 299);
  const error = record["error"] ?? (failed ? atPath(record, "response.body.error") : null);
  if (!failed && !isRecord(error)) return null;
  const text = (name: string): string | null => {
    const value = atPath(error, name);
    return typeof value === "string" ? value : null;
  };
  return {
    kind: "failed",
    code: text("code") ?? (failed ? `http${status}` : "batch"),
    message: text("message") ?? "The batch has no answer for this request.",
    retryable: failed ? status === 429 || status >= 500 : true,
  };
}

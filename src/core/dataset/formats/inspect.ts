// Inspect's log as JSON (inspect_ai/log/_log.py; `inspect log convert --to json` makes it from an .eval file): one object
// with `eval` and `samples`, a sample for each `id` and `epoch`. The first scorer grades; "C" is right, "I" wrong.
import type { JsonRecord } from "../../parse.ts";
import type { RawSample, RolloutFormat, SampleGroup } from "./rolloutFormat.ts";
import { asList, asRecord, atPath, isRecord } from "../../parse.ts";
import { goldText } from "../goldText.ts";
import { questionText } from "../questionText.ts";
import { rawSample } from "./rawSample.ts";
import { group } from "./rolloutFormat.ts";

export function inspect(): RolloutFormat {
  return {
    name: "inspect",
    matches: (record) =>
      isRecord(record["eval"]) && Array.isArray(record["samples"]) && record["samples"].some(hasOutput),
    labels: (record) => {
      const graded = asList(record["samples"], "samples").find((one) => scorerOf(one) !== null);
      return scorerOf(graded);
    },
    read: (record) =>
      asList(record["samples"], "samples").map((one, i) =>
        groupOf(asRecord(one, `samples[${i}]`), `samples[${i}]`),
      ),
  };
}

const hasOutput = (sample: unknown): boolean => isRecord(sample) && "input" in sample && "output" in sample;

function scorerOf(sample: unknown): string | null {
  const scores = atPath(sample, "scores");
  return isRecord(scores) ? (Object.keys(scores)[0] ?? null) : null;
}

function groupOf(sample: JsonRecord, field: string): SampleGroup {
  const { id } = sample;
  const problem = {
    question: questionText(sample["input"]) ?? "",
    gold: goldText(sample["target"], `${field}.target`),
    id: typeof id === "string" || typeof id === "number" ? String(id) : null,
  };
  return group(problem, [sampleOf(sample, field)]);
}

function sampleOf(sample: JsonRecord, field: string): RawSample {
  const choices = atPath(sample, "output.choices");
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (choice === undefined) return unanswered(sample);
  const content = atPath(choice, "message.content");
  const scorer = scorerOf(sample);
  const score = scorer === null ? null : atPath(atPath(sample, "scores"), scorer);
  return rawSample(
    {
      response: textOf(content),
      score: atPath(score, "value"),
      extracted: atPath(score, "answer") ?? undefined,
      finish: atPath(choice, "stop_reason"),
      reasoning: reasoningOf(content),
      tokens: atPath(sample, "output.usage.output_tokens"),
    },
    `${field}.output.choices[0].message.content`,
  );
}

/** It ended before the model said anything: an error, or a limit of the run. */
function unanswered(sample: JsonRecord): RawSample {
  const message = atPath(sample, "error.message");
  const words = typeof message === "string" ? message : "The log has no answer to it.";
  return {
    ...rawSample({ response: "" }, ""),
    outcome: { kind: "failed", code: "inspect", message: words, retryable: true },
  };
}

/** A text, or parts of which those of type `reasoning` are not the answer. */
function textOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return partsOf(content, "text").join("\n");
}

function reasoningOf(content: unknown): string | null {
  const parts = Array.isArray(content) ? partsOf(content, "reasoning") : [];
  return parts.length === 0 ? null : parts.join("\n");
}

function partsOf(content: readonly unknown[], type: "text" | "reasoning"): readonly string[] {
  return content
    .map((one) => (isRecord(one) && one["type"] === type ? one[type] : null))
    .filter((text) => typeof text === "string");
}

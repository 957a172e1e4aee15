// Our own run folder: `run.json` (the protocol; run/store), `problems.jsonl` (written once, at creation) and the
// append-only `samples.jsonl`. This file fixes the two line shapes; the run store writes them, importing reads them.
import type {
  Problem,
  Sample,
  SampleOutcome,
  TokenIds,
  TokenUsage,
  TrialDetail,
  Verdict,
} from "../../model.ts";
import type { JsonRecord } from "../../parse.ts";
import type { RolloutFormat } from "./rolloutFormat.ts";
import {
  asBoolean,
  asInteger,
  asList,
  asOneOf,
  asRecord,
  asString,
  FieldError,
  kindOf,
  orNull,
} from "../../parse.ts";

/** Grows when a line's meaning changes; readers refuse a newer one. */
const runLogVersion = 1;

/** One line of `samples.jsonl`, without the newline. Of two lines with one (key, i) the later holds. */
export function encodeSample(sample: Sample): string {
  return JSON.stringify({
    v: runLogVersion,
    key: sample.problemKey,
    i: sample.index,
    seed: sample.seed,
    text: sample.text,
    reasoning: sample.reasoning,
    finish: sample.finishReason,
    outcome: sample.outcome,
    verdict: sample.verdict,
    verifier: sample.verifier,
    usage: sample.usage,
    ids: sample.tokenIds,
  });
}

/** Throws a `FieldError` for anything that `encodeSample` does not write. */
export function decodeSample(value: unknown): Sample {
  const line = asRecord(value, "");
  checkVersion(line);
  return {
    problemKey: asString(line["key"], "key"),
    index: asInteger(line["i"], "i"),
    seed: orNull(line["seed"], "seed", (seed, field) => asInteger(seed, field, Number.MIN_SAFE_INTEGER)),
    text: asString(line["text"], "text"),
    reasoning: orNull(line["reasoning"], "reasoning", asString),
    finishReason: orNull(line["finish"], "finish", asString),
    outcome: decodeOutcome(line["outcome"]),
    verdict: orNull(line["verdict"], "verdict", decodeVerdict),
    // Lines of before 0.2 have none: the run's own verifier judged them.
    verifier: orNull(line["verifier"], "verifier", asString),
    usage: orNull(line["usage"], "usage", decodeUsage),
    ...("ids" in line ? { tokenIds: decodeIds(line["ids"]) } : {}),
  };
}

/** One line of `problems.jsonl`, without the newline. */
export function encodeProblem(problem: Problem): string {
  const { key, id, index, question, gold, line } = problem;
  return JSON.stringify({ v: runLogVersion, key, id, index, question, gold, line });
}

export function decodeProblem(value: unknown): Problem {
  const line = asRecord(value, "");
  checkVersion(line);
  return {
    key: asString(line["key"], "key"),
    id: asString(line["id"], "id"),
    index: asInteger(line["index"], "index"),
    question: asString(line["question"], "question"),
    gold: orNull(line["gold"], "gold", asString),
    line: orNull(line["line"], "line", asInteger),
  };
}

/** Is this record a line of `samples.jsonl`? */
export function isSampleLine(record: JsonRecord): boolean {
  return (
    typeof record["v"] === "number" &&
    typeof record["key"] === "string" &&
    "outcome" in record &&
    "i" in record
  );
}

function checkVersion(line: JsonRecord): void {
  const version = asInteger(line["v"], "v", 1);
  if (version > runLogVersion) {
    throw new FieldError(
      "v",
      `expected at most ${runLogVersion}, got ${version} (written by a newer version)`,
    );
  }
}

function decodeOutcome(value: unknown): SampleOutcome {
  const outcome = asRecord(value, "outcome");
  const kind = asOneOf(outcome["kind"], ["ok", "truncated", "refused", "failed"], "outcome.kind");
  if (kind === "refused") return { kind, reason: asString(outcome["reason"], "outcome.reason") };
  if (kind !== "failed") return { kind };
  return {
    kind,
    code: asString(outcome["code"], "outcome.code"),
    message: asString(outcome["message"], "outcome.message"),
    retryable: asBoolean(outcome["retryable"], "outcome.retryable"),
  };
}

/** Throws a `FieldError` for anything that is no verdict. */
export function decodeVerdict(value: unknown): Verdict {
  const verdict = asRecord(value, "verdict");
  const kind = asOneOf(
    verdict["kind"],
    ["correct", "incorrect", "unparsed", "undecided", "error"],
    "verdict.kind",
  );
  if (kind === "unparsed") return { kind };
  if (kind === "error") return { kind, reason: asString(verdict["reason"], "verdict.reason") };
  const extracted = orNull(verdict["extracted"], "verdict.extracted", asString);
  if (kind === "undecided") return { kind, reason: asString(verdict["reason"], "verdict.reason"), extracted };
  const how = asString(verdict["how"], "verdict.how");
  if (kind === "correct") return { kind, how, extracted };
  const trial = orNull(verdict["trial"], "verdict.trial", decodeTrial);
  return { kind, how, extracted, ...(trial === null ? {} : { trial }) };
}

function decodeTrial(value: unknown, field: string): TrialDetail {
  const trial = asRecord(value, field);
  const text = (name: string): string | null => orNull(trial[name], `${field}.${name}`, asString);
  return { call: text("call"), expected: text("expected"), got: text("got") };
}

function decodeUsage(value: unknown): TokenUsage {
  const usage = asRecord(value, "usage");
  return {
    promptTokens: orNull(usage["promptTokens"], "usage.promptTokens", asInteger),
    completionTokens: orNull(usage["completionTokens"], "usage.completionTokens", asInteger),
    reasoningTokens: orNull(usage["reasoningTokens"], "usage.reasoningTokens", asInteger),
  };
}

function decodeIds(value: unknown): TokenIds {
  const ids = asRecord(value, "ids");
  return { prompt: idList(ids["prompt"], "ids.prompt"), trace: idList(ids["trace"], "ids.trace") };
}

function idList(value: unknown, field: string): readonly number[] {
  const list = asList(value, field);
  const wrong = list.findIndex((id) => !Number.isSafeInteger(id));
  if (wrong === -1) return list as readonly number[];
  throw new FieldError(`${field}[${wrong}]`, `expected integer, got ${kindOf(list[wrong])}`);
}

/** `samples.jsonl` as a format; question and gold are filled in from `problems.jsonl` by whoever has it. */
export function runLog(): RolloutFormat {
  return {
    name: "runLog",
    matches: isSampleLine,
    labels: () => null,
    read(record) {
      const { problemKey, index, ...sample } = decodeSample(record);
      return [
        {
          key: problemKey,
          question: "",
          gold: null,
          id: problemKey,
          replaces: index,
          samples: [{ run: null, ...sample }],
        },
      ];
    },
  };
}

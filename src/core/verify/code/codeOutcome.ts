import type { TrialDetail, Verdict } from "../../model.ts";
import { isRecord } from "../../parse.ts";

/** How a program did. `error` is nobody's program's fault: the task's tests do not run, or the engine is broken. */
export interface CodeOutcome {
  readonly verdict: "pass" | "fail" | "timeout" | "error";
  /** One line for a person. */
  readonly detail: string;
  /** The same without the values below. */
  readonly brief: string;
  /** 0-based index of the test that failed, of `total`; `null` where none is to blame. */
  readonly test: number | null;
  readonly total: number | null;
  /** What was called, what had to come and what came, as Python writes them, shortened. */
  readonly call: string | null;
  readonly expected: string | null;
  readonly got: string | null;
}

export const plainOutcome = (verdict: CodeOutcome["verdict"], detail: string): CodeOutcome => ({
  verdict,
  detail,
  brief: detail,
  test: null,
  total: null,
  call: null,
  expected: null,
  got: null,
});

/** Reads what an interpreter of the checker answered: "R" and JSON, or "X" and why it ended. */
export function readOutcome(answer: string): CodeOutcome {
  if (!answer.startsWith("R")) return plainOutcome("error", `the checker ended: ${answer.slice(1)}`);
  const found: unknown = JSON.parse(answer.slice(1));
  if (!isRecord(found)) return plainOutcome("error", "the checker's answer was not read");
  const text = (name: string) => (typeof found[name] === "string" ? found[name] : null);
  const number = (name: string) => (typeof found[name] === "number" ? found[name] : null);
  const verdict = (["pass", "fail", "timeout"] as const).find((kind) => kind === found["verdict"]) ?? "error";
  const parts = {
    test: number("test"),
    total: number("total"),
    call: text("call"),
    expected: text("expected"),
    got: text("got"),
  };
  const brief = briefOf(verdict, text("message"), { ...parts, base: number("base") });
  return { verdict, detail: brief + valuesOf(parts), brief, ...parts };
}

interface Parts {
  readonly test: number | null;
  readonly total: number | null;
  readonly base: number | null;
}

function briefOf(verdict: CodeOutcome["verdict"], message: string | null, parts: Parts): string {
  const { test, total, base } = parts;
  if (verdict === "pass") return total === null ? "passed" : `${total} tests passed`;
  const which = test === null || total === null ? "" : `${testName(test, total, base)}: `;
  return which + oneLine(message ?? "failed");
}

function valuesOf({ call, expected, got }: TrialDetail): string {
  const facts = [
    call === null ? null : oneLine(call),
    expected === null ? null : `expected ${oneLine(expected)}`,
    got === null ? null : `got ${oneLine(got)}`,
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}

/** Inputs of EvalPlus: those of the original benchmark come first. */
function testName(test: number, total: number, base: number | null): string {
  if (base === null || base === total) return `test ${test + 1} of ${total}`;
  return test < base
    ? `base test ${test + 1} of ${base}`
    : `base tests passed, plus test ${test - base + 1} of ${total - base}`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/**
 * As a verdict of a sample: `timeout` is incorrect, with its reason. Nothing is `extracted`: a program is no answer that
 * several samples could agree on.
 */
export function codeVerdict(outcome: CodeOutcome): Verdict {
  const { verdict, detail, brief, call, expected, got } = outcome;
  if (verdict === "error") return { kind: "error", reason: detail };
  if (verdict === "pass") return { kind: "correct", how: detail, extracted: null };
  const how = verdict === "timeout" ? `timeout: ${brief}` : brief;
  const trial = [call, expected, got].every((value) => value === null)
    ? {}
    : { trial: { call, expected, got } };
  return { kind: "incorrect", how, extracted: null, ...trial };
}

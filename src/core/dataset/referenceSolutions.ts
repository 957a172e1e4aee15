import type { ByteSource, CancelSignal } from "../ports.ts";
import { isRecord } from "../parse.ts";
import type { FieldMapping } from "./fields.ts";
import { readDataset } from "./readDataset.ts";
import { isRefusal, openRecords } from "./records/openRecords.ts";

/** Where datasets keep a worked solution, the surest first; `answer` where it is one (GSM8K: `... #### 72`). */
const names = [
  "reference_solution",
  "gold_solution",
  "canonical_solution",
  "solution",
  "gold_cot",
  "rationale",
  "answer",
] as const;

export interface SolutionOptions {
  /** What the person chose for this dataset's columns. */
  readonly mapping?: FieldMapping;
  readonly signal?: CancelSignal;
}

/**
 * Worked solutions of a dataset, whole and as they stand, by problem key: the texts of PPL_m(Y_GT) (arXiv 2504.13837,
 * section 4.1). A bare answer is none. Empty where the dataset has none. Rejects as `readDataset`.
 */
export async function referenceSolutions(
  source: ByteSource,
  options: SolutionOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const opened = await openRecords(source);
  if (isRefusal(opened)) return new Map();
  const rows: (string | null)[] = [];
  const visitor = {
    record: (value: unknown) => void rows.push(solutionIn(value)),
    issue: () => undefined,
  };
  await opened.each(visitor, { signal: options.signal });
  if (rows.every((row) => row === null)) return new Map();
  const { problems } = await readDataset(source, options);
  return new Map(
    problems.flatMap(({ key, index }) => {
      const text = rows[index];
      return text === null || text === undefined ? [] : [[key, text] as const];
    }),
  );
}

function solutionIn(record: unknown): string | null {
  if (!isRecord(record)) return null;
  for (const name of names) {
    const value = record[name];
    if (typeof value === "string" && isWorked(value)) return value;
  }
  return null;
}

/** A derivation, not an answer alone: several words over a line, or GSM8K's mark. */
const isWorked = (text: string): boolean =>
  text.includes("####") || (text.trim().split(/\s+/).length >= 8 && text.trim().length >= 40);

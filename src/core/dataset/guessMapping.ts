import type { JsonRecord } from "../parse.ts";
import type { FieldMapping } from "./fields.ts";
import { atPath } from "../parse.ts";
import { columnsOf, matching } from "./fields.ts";
import { goldText, lastBoxed } from "./goldText.ts";
import { hashHex } from "./hash.ts";
import { questionText } from "./questionText.ts";

/** What to offer in the quick picks; the likeliest first. */
export interface UnsureMapping {
  readonly columns: readonly string[];
  readonly question: readonly string[];
  readonly gold: readonly string[];
}

export interface GuessedMapping {
  readonly mapping: FieldMapping;
  readonly schema: string;
  readonly unsure: UnsureMapping | null;
}

/** Finds the columns by name, and asks where names leave it open. `records`: the first few, at least one. */
export function guessMapping(records: readonly JsonRecord[]): GuessedMapping {
  const columns = [...new Set(records.flatMap((record) => columnsOf(record)))];
  const question = guessQuestion(records, columns);
  const gold = guessGold(records, columns);
  const id = matching(columns, "id").find((column) =>
    records.every((record) => isScalar(atPath(record, column))),
  );
  return {
    mapping: {
      question: question.candidates[0] ?? columns[0] ?? "",
      gold: gold.candidates[0] ?? null,
      id: id ?? null,
    },
    schema: hashHex(columns.toSorted().join("\n")),
    unsure:
      question.sure && gold.sure ? null : { columns, question: question.candidates, gold: gold.candidates },
  };
}

interface Guess {
  readonly candidates: readonly string[];
  readonly sure: boolean;
}

/** Names that mean nothing but the question; the rest of the aliases may also hold something else. */
const plainNames: ReadonlySet<string> = new Set(["question", "problem"]);

function guessQuestion(records: readonly JsonRecord[], columns: readonly string[]): Guess {
  const texts = (column: string): readonly (string | null)[] =>
    records.map((record) => questionText(atPath(record, column))).map((text) => text?.trim() ?? null);
  const candidates = matching(columns, "question").filter((column) =>
    texts(column).some((text) => text !== null && text !== ""),
  );
  const plain = candidates.filter((column) => plainNames.has(column.toLowerCase()));
  if (plain.length > 0) return { candidates, sure: allSame(plain.map(texts)) };
  return { candidates, sure: candidates[0]?.toLowerCase() === "prompt" || candidates.length === 1 };
}

/** May also be a class or a worked solution: taken only when nothing better is there. */
const looseNames: ReadonlySet<string> = new Set(["label", "solution"]);

function guessGold(records: readonly JsonRecord[], columns: readonly string[]): Guess {
  const values = (column: string): readonly (string | null)[] =>
    records.map((record) => goldOrNull(atPath(record, column)));
  const candidates = matching(columns, "gold").filter((column) =>
    values(column).some((value) => value !== null),
  );
  const firm = candidates.filter((column) => !looseNames.has(column.toLowerCase()));
  if (firm.length > 0) return { candidates, sure: allSame(firm.map(values)) };
  // A code task is judged by its tests, not by a gold text.
  if (candidates.length === 0) return { candidates, sure: isCodeTask(columns) };
  const [only] = candidates;
  return { candidates, sure: candidates.length === 1 && only !== undefined && isShortOrBoxed(records, only) };
}

function isShortOrBoxed(records: readonly JsonRecord[], column: string): boolean {
  return records.every((record) => {
    const value = atPath(record, column);
    return (
      typeof value !== "string" || value.length <= 40 || lastBoxed(value) !== null || value.includes("####")
    );
  });
}

function isCodeTask(columns: readonly string[]): boolean {
  return ["test", "test_list", "public_test_cases"].some((column) => columns.includes(column));
}

function allSame(columns: readonly (readonly (string | null)[])[]): boolean {
  const [first, ...others] = columns;
  return others.every((other) => other.every((value, i) => value === first?.[i]));
}

function goldOrNull(value: unknown): string | null {
  try {
    return goldText(value, "");
  } catch {
    return null;
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

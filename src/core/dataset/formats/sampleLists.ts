import type { JsonRecord } from "../../parse.ts";
import type { RawSample } from "./rolloutFormat.ts";
import { asList, atPath, FieldError } from "../../parse.ts";
import { rawSample } from "./rawSample.ts";

/** Paths of parallel lists, one element a sample; `null` and a path that leads nowhere: the file does not say. */
export interface ListPaths {
  readonly response: string;
  readonly score: string | null;
  readonly extracted: string | null;
  readonly finish: string | null;
  readonly reasoning: string | null;
  readonly tokens: string | null;
}

/** Throws a FieldError when a list is not as long as that of the responses. */
export function sampleLists(record: JsonRecord, paths: ListPaths, run: string | null): readonly RawSample[] {
  const responses = asList(listValue(record, paths.response), paths.response);
  const parallel = (path: string | null): readonly unknown[] | null => {
    const value = path === null ? undefined : listValue(record, path);
    if (path === null || !Array.isArray(value)) return null;
    if (value.length === responses.length) return value as readonly unknown[];
    // An empty list is a way to say nothing.
    if (value.length === 0) return null;
    throw new FieldError(
      path,
      `expected ${responses.length} values as in ${paths.response}, got ${value.length}`,
    );
  };
  const score = parallel(paths.score);
  const extracted = parallel(paths.extracted);
  const finish = parallel(paths.finish);
  const reasoning = parallel(paths.reasoning);
  const tokens = parallel(paths.tokens);
  return responses.map((response, i) =>
    rawSample(
      {
        run,
        response,
        score: score?.[i],
        extracted: extracted?.[i],
        finish: finish?.[i],
        reasoning: reasoning?.[i],
        tokens: tokens?.[i],
      },
      `${paths.response}[${i}]`,
    ),
  );
}

/** A list, also one that stands as JSON in a table's cell. */
export function listValue(record: JsonRecord, path: string): unknown {
  const value = atPath(record, path);
  if (typeof value !== "string" || !value.startsWith("[")) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : value;
  } catch {
    return value;
  }
}

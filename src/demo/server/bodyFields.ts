import { badParameter, badRequest, Refusal } from "./refusal.ts";

/** The fields of a JSON body, each read with vLLM's bounds and a refusal that names the field. `null` is as absent. */
export class BodyFields {
  private readonly body: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw invalid("", "Input should be a valid dictionary or object to extract fields from");
    this.body = value as Record<string, unknown>;
  }

  value(name: string): unknown {
    return this.body[name] ?? undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "string") return value;
    throw invalid(name, "Input should be a valid string");
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.value(name) ?? otherwise;
    if (typeof value === "boolean") return value;
    throw invalid(name, "Input should be a valid boolean");
  }

  number(name: string, rule: { readonly least: number; readonly most?: number }): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isFinite(value))
      throw invalid(name, "Input should be a valid number");
    if (value < rule.least || value > (rule.most ?? Infinity)) throw outside(name, value, rule);
    return value;
  }

  whole(name: string, rule: { readonly least: number; readonly most?: number }): number | undefined {
    const value = this.number(name, rule);
    if (value !== undefined && !Number.isInteger(value))
      throw invalid(name, "Input should be a valid integer");
    return value;
  }

  /** One text or a list of them. */
  texts(name: string): readonly string[] {
    const list = [this.value(name) ?? []].flat();
    if (list.every((item): item is string => typeof item === "string")) return list;
    throw invalid(name, "Input should be a valid string or a list of strings");
  }

  wholes(name: string): readonly number[] {
    const value = this.value(name) ?? [];
    if (isWholeList(value)) return value;
    throw invalid(name, "Input should be a valid list of integers");
  }

  record(name: string): BodyFields {
    return new BodyFields(this.value(name) ?? {});
  }

  /** A field that this server would have to disregard: better said than silently done. */
  refuse(name: string, neutral: readonly unknown[]): void {
    const value = this.value(name);
    if (value !== undefined && !neutral.includes(value))
      throw new Refusal(400, `${name} is not supported by this server`, { param: name });
  }
}

export const isWholeList = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((item) => Number.isInteger(item));

/** A field of another type than the schema's. @param name `""` for the body itself */
export function invalid(name: string, message: string): Refusal {
  const param = name === "" ? "body" : `body.${name}`;
  const words = `1 validation error:\n  {'loc': '${param}', 'msg': '${message}'}`;
  return new Refusal(400, words, { param, type: "Bad Request" });
}

/** vLLM refuses these without naming the field. */
const unnamed: readonly string[] = ["n", "top_k", "min_p", "min_tokens"];

function outside(
  name: string,
  value: number,
  { least, most }: { readonly least: number; readonly most?: number },
): Refusal {
  const range = most === undefined || value < least ? `at least ${least}` : `at most ${most}`;
  const message = `${name} must be ${range}, got ${value}.`;
  return unnamed.includes(name) ? badRequest(message) : badParameter(message, name, value);
}

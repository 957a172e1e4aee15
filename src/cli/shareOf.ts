import { type ParsedArgs, usageError } from "./args.ts";

/** `--name A` as a fraction from 0 to 1; `none` is no limit. */
export function shareOf(parsed: ParsedArgs, name: string, fallback: number): number | null {
  const text = parsed.text(name);
  if (text === undefined) return fallback;
  if (text === "none") return null;
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw usageError(`--${name}: expected a number from 0 to 1, or none, got ${JSON.stringify(text)}.`);
}

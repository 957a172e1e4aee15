import { asInteger, asRecord, asString, FieldError } from "../core/parse.ts";
import { messageOf } from "./report.ts";

/** A person's own command as a verifier, as the setting `rolloutLens.verifiers` has it. */
export interface VerifierSetting {
  readonly name: string;
  /** The program and its arguments; no shell sees them. */
  readonly command: readonly string[];
  /** Default: the workspace folder. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly startMs?: number;
  readonly inFlight?: number;
}

export interface VerifierSettings {
  readonly verifiers: readonly VerifierSetting[];
  /** One sentence for each entry that cannot be used, with the field. */
  readonly issues: readonly string[];
}

export const verifiersSetting = "verifiers";

export function readVerifierSettings(value: unknown): VerifierSettings {
  const place = `rolloutLens.${verifiersSetting}`;
  if (value === undefined) return { verifiers: [], issues: [] };
  if (!Array.isArray(value)) return { verifiers: [], issues: [`${place}: expected a list`] };
  const verifiers: VerifierSetting[] = [];
  const issues: string[] = [];
  for (const [index, entry] of value.entries()) {
    try {
      const read = readVerifierSetting(entry, `${place}[${index}]`);
      if (verifiers.some(({ name }) => name === read.name))
        throw new FieldError(`${place}[${index}].name`, `"${read.name}" is taken by another verifier`);
      verifiers.push(read);
    } catch (error) {
      issues.push(messageOf(error));
    }
  }
  return { verifiers, issues };
}

const known: readonly string[] = ["name", "command", "args", "cwd", "timeoutMs", "startMs", "inFlight"];

/** Throws FieldError. */
export function readVerifierSetting(value: unknown, place: string): VerifierSetting {
  const entry = asRecord(value, place);
  const unknown = Object.keys(entry).find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw new FieldError(`${place}.${unknown}`, `expected one of ${known.join(", ")}`);
  const text = (field: string): string => {
    const read = asString(entry[field], `${place}.${field}`);
    if (read.trim() === "") throw new FieldError(`${place}.${field}`, "expected a text, got an empty one");
    return read;
  };
  const args = entry["args"] ?? [];
  if (!Array.isArray(args)) throw new FieldError(`${place}.args`, "expected a list of strings");
  const whole = (field: "timeoutMs" | "startMs" | "inFlight") =>
    entry[field] === undefined ? {} : { [field]: asInteger(entry[field], `${place}.${field}`, 1) };
  return {
    name: text("name"),
    command: [text("command"), ...args.map((arg: unknown, at) => asString(arg, `${place}.args[${at}]`))],
    ...(entry["cwd"] === undefined ? {} : { cwd: text("cwd") }),
    ...whole("timeoutMs"),
    ...whole("startMs"),
    ...whole("inFlight"),
  };
}

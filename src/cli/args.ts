import { parseArgs, type ParseArgsConfig } from "node:util";
import { LensError } from "../core/errors.ts";

/** A LensError with code `usage`: exit code 2, printed with the command's usage. */
export function usageError(message: string): LensError {
  return new LensError("usage", message);
}

export type OptionTable = NonNullable<ParseArgsConfig["options"]>;

export interface ParsedArgs {
  readonly files: readonly string[];
  /** Value of `--name VALUE`. */
  text(name: string): string | undefined;
  /** Values of an option that may be given several times. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** A whole number >= least. */
  whole(name: string, least: number): number | undefined;
  /** A number >= 0. */
  number(name: string): number | undefined;
  /** One of the words given. */
  oneOf<T extends string>(name: string, words: readonly T[]): T | undefined;
}

/** Parses a command's arguments. Throws `usage` for an option that is not in the table or lacks its value. */
export function parsedArgs(args: readonly string[], options: OptionTable): ParsedArgs {
  const { values, positionals } = parseStrictly(args, options);
  const text = (name: string) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    files: positionals,
    text,
    texts: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
    },
    flag: (name) => values[name] === true,
    whole: (name, least) => {
      const value = text(name);
      return value === undefined ? undefined : wholeNumber(value, `--${name}`, least);
    },
    number: (name) => {
      const value = text(name);
      return value === undefined ? undefined : nonNegative(value, `--${name}`);
    },
    oneOf: (name, words) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const word = words.find((candidate) => candidate === value);
      if (word === undefined)
        throw usageError(`--${name}: expected ${words.join(", ")}, got ${JSON.stringify(value)}.`);
      return word;
    },
  };
}

/** What stands before `--`, and the command of the person's behind it; empty where there is none. */
export function splitCommand(args: readonly string[]): {
  readonly own: readonly string[];
  readonly command: readonly string[];
} {
  const dashes = args.indexOf("--");
  return dashes < 0
    ? { own: args, command: [] }
    : { own: args.slice(0, dashes), command: args.slice(dashes + 1) };
}

/** Reads `text` as a whole number >= least; `name` is what the message calls it. */
export function wholeNumber(text: string, name: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw usageError(`${name}: expected a whole number from ${least}, got ${JSON.stringify(text)}.`);
  }
  return value;
}

function nonNegative(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw usageError(`${name}: expected a number from 0, got ${JSON.stringify(text)}.`);
  return value;
}

function parseStrictly(args: readonly string[], options: OptionTable) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LensError("usage", `${message.split(". To specify")[0]}.`.replace(/\.\.$/, "."), { cause });
  }
}

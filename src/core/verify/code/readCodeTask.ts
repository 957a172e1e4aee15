import { asNumber, asString, FieldError, isRecord } from "../../parse.ts";
import type { CodeTask, LiveCodeTest } from "./codeTask.ts";
import { pickledString } from "./pickledString.ts";
import { rawFields } from "./rawFields.ts";

/** base64 -> bytes, unpacked by zlib; throws where it is neither. A port: core has no zlib. */
export type Unpack = (base64: string) => Uint8Array;

/**
 * A task from a line of JSON: HumanEval, HumanEval+ and MBPP+, MBPP (with `text` or `prompt`) or LiveCodeBench, told
 * apart by their fields. Throws FieldError (`badInput`) for anything else. Without `unpack` packed tests are left out.
 */
export function readCodeTask(line: string, unpack: Unpack | null): CodeTask {
  const fields = new Fields(line);
  if (fields.has("base_input") || fields.has("plus_input")) return evalPlus(fields);
  if (fields.has("test_list")) return mbpp(fields);
  if (fields.has("public_test_cases") || fields.has("private_test_cases")) return liveCode(fields, unpack);
  if (fields.has("entry_point") && fields.has("test")) return humanEval(fields);
  throw new FieldError(
    "",
    "expected a task of HumanEval, MBPP or LiveCodeBench (entry_point and test, test_list, or public_test_cases)",
  );
}

/** Fields by name, each parsed when it is asked for. */
class Fields {
  private readonly raw: ReadonlyMap<string, string>;
  constructor(line: string) {
    this.raw = rawFields(line);
  }

  has(name: string): boolean {
    return this.raw.has(name) && this.raw.get(name) !== "null";
  }

  text(name: string): string | null {
    return this.raw.get(name) ?? null;
  }

  value(name: string): unknown {
    const raw = this.raw.get(name);
    if (raw === undefined) return undefined;
    try {
      return JSON.parse(raw);
    } catch {
      throw new FieldError(name, "expected a JSON value");
    }
  }

  string(name: string): string {
    return asString(this.value(name), name);
  }

  stringOr(name: string, other: string): string {
    return this.has(name) ? this.string(name) : other;
  }

  /** Identifiers are numbers in some files. */
  id(...names: readonly string[]): string {
    const name = names.find((name) => this.has(name)) ?? names[0]!;
    const value = this.value(name);
    return typeof value === "number" ? String(value) : asString(value, name);
  }

  strings(name: string): readonly string[] {
    const value = this.has(name) ? this.value(name) : [];
    if (!Array.isArray(value)) throw new FieldError(name, "expected a list of strings");
    return value.map((item, at) => asString(item, `${name}[${at}]`));
  }
}

function humanEval(fields: Fields): CodeTask {
  return {
    format: "humaneval",
    id: fields.id("task_id"),
    prompt: fields.string("prompt"),
    entryPoint: identifier(fields, "entry_point"),
    canonical: fields.has("canonical_solution") ? fields.string("canonical_solution") : null,
    test: fields.string("test"),
  };
}

function evalPlus(fields: Fields): CodeTask {
  const id = fields.id("task_id");
  const dataset = /^mbpp/i.test(id) ? "mbpp" : "humaneval";
  const prompt = fields.string("prompt");
  const canonical = fields.string("canonical_solution");
  const entryPoint = identifier(fields, "entry_point");
  const whole = new RegExp(`^(?:async )?def ${entryPoint}\\b`, "m").test(canonical);
  return {
    format: "evalplus",
    dataset,
    id,
    prompt,
    entryPoint,
    reference: whole ? `${prompt}\n${canonical}` : prompt + canonical,
    base: list(fields, "base_input"),
    plus: list(fields, "plus_input"),
    atol: fields.has("atol") ? asNumber(fields.value("atol"), "atol") : 0,
  };
}

/** Raw, for it may hold what JavaScript's numbers cannot. */
function list(fields: Fields, name: string): string {
  if (!fields.has(name)) return "[]";
  const raw = fields.text(name)!;
  if (!raw.startsWith("[")) throw new FieldError(name, "expected a list");
  return raw;
}

function mbpp(fields: Fields): CodeTask {
  const imports = fields.strings("test_imports").join("\n");
  const shown = nonEmpty(fields.strings("test_list"), "test_list");
  return {
    format: "mbpp",
    id: fields.id("task_id"),
    prompt: fields.has("text") ? fields.string("text") : fields.stringOr("prompt", ""),
    code: fields.stringOr("code", ""),
    setup: `${imports}\n${fields.stringOr("test_setup_code", "")}`,
    // MBPP+ as its data set on the Hub has it: the plus inputs are a script beside the three assertions.
    asserts: fields.has("test") ? [...shown, fields.string("test")] : shown,
    shown,
  };
}

function liveCode(fields: Fields, unpack: Unpack | null): CodeTask {
  const metadata = parsed(fields.has("metadata") ? fields.value("metadata") : {}, "metadata");
  const func = isRecord(metadata) ? metadata["func_name"] : undefined;
  const tests = [
    ...testCases(fields, "public_test_cases", unpack),
    ...testCases(fields, "private_test_cases", unpack),
  ];
  return {
    format: "livecodebench",
    id: fields.id("task_id", "question_id"),
    prompt: fields.stringOr("question_content", ""),
    starter: fields.stringOr("starter_code", ""),
    funcName: func === undefined || func === null ? null : asString(func, "metadata.func_name"),
    tests: unpack === null ? tests : nonEmpty(tests, "public_test_cases"),
  };
}

/** A list, the JSON text of one, or (private tests) base64 of zlib of a pickle of that text. */
function testCases(fields: Fields, name: string, unpack: Unpack | null): readonly LiveCodeTest[] {
  if (!fields.has(name)) return [];
  let value = fields.value(name);
  if (typeof value === "string" && value !== "" && !/^\s*\[/.test(value)) {
    if (unpack === null) return [];
    value = pickledString(unpacked(value, name, unpack));
  }
  const items = value === "" ? [] : parsed(value, name);
  if (!Array.isArray(items)) throw new FieldError(name, "expected a list of tests");
  return items.map((item: unknown, at) => {
    const where = `${name}[${at}]`;
    if (!isRecord(item)) throw new FieldError(where, "expected an object with input and output");
    return {
      input: asString(item["input"], `${where}.input`),
      output: asString(item["output"], `${where}.output`),
    };
  });
}

function unpacked(text: string, name: string, unpack: Unpack): Uint8Array {
  try {
    return unpack(text);
  } catch {
    throw new FieldError(name, "expected JSON or base64 of zlib");
  }
}

function parsed(value: unknown, name: string): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new FieldError(name, "expected JSON");
  }
}

function nonEmpty<T>(items: readonly T[], name: string): readonly T[] {
  if (items.length === 0) throw new FieldError(name, "expected at least one test");
  return items;
}

/** It goes into Python source: a name and nothing else. */
function identifier(fields: Fields, name: string): string {
  const value = fields.string(name);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(value)) throw new FieldError(name, "expected a name of a function");
  return value;
}

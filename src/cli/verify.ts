import { readFile } from "node:fs/promises";
import { LensError } from "../core/errors.ts";
import { asRecord, asString, FieldError, kindOf } from "../core/parse.ts";
import { verifyPair } from "../core/verify/basic.ts";
import { parsedArgs, usageError } from "./args.ts";
import type { Command, CommandContext } from "./command.ts";
import { verifyCode, verifyCodeUsage } from "./verifyCode.ts";

const usage = `Usage: verify PAIRS.jsonl

Compares answers: each line {"gold": ..., "pred": ...} gives a line
{"verdict": "equal" | "notEqual" | "undecided", "how": ..., "extracted": ...} on stdout, in the same order.

${verifyCodeUsage}`;

/** Judges pairs of answers from a file. */
export const verifyCommand: Command = {
  summary: "compare gold and predicted answers, line by line",
  usage,
  async run(args, context) {
    if (args.some((arg) => /^--(?:code|samples)(?:=|$)/.test(arg))) return verifyCode(args, context);
    const { files } = parsedArgs(args, {});
    const [file, ...more] = files;
    if (file === undefined || more.length > 0) throw usageError("verify: expected one file.");
    const text = await readText(file);
    let lines: string[] = [];
    for (const [at, line] of text.split("\n").entries()) {
      if (line.trim() === "") continue;
      lines.push(JSON.stringify(judgeLine(line, `${file} line ${at + 1}`)));
      if (lines.length < 1000) continue;
      flush(lines, context);
      lines = [];
    }
    flush(lines, context);
  },
};

function flush(lines: readonly string[], context: CommandContext): void {
  if (lines.length > 0) context.out(`${lines.join("\n")}\n`);
}

function judgeLine(line: string, where: string): ReturnType<typeof verifyPair> {
  try {
    const pair = asRecord(JSON.parse(line), "");
    return verifyPair(answerText(pair["gold"], "gold"), answerText(pair["pred"], "pred"));
  } catch (cause) {
    const detail = cause instanceof FieldError ? cause.message : "expected a JSON object";
    throw new LensError("badInput", `${where}: ${detail}.`, { cause });
  }
}

/** Numbers are welcome: datasets have both. */
function answerText(value: unknown, field: string): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return asString(value, field);
  throw new FieldError(field, `expected string or number, got ${kindOf(value)}`);
}

async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new LensError("notFound", `${file} was not found.`, { cause });
    if (code === "EISDIR") throw new LensError("isDirectory", `${file} is a folder.`, { cause });
    throw new LensError("unreadable", `${file} could not be read (${code ?? "unknown error"}).`, { cause });
  }
}

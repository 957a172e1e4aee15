import { basename, resolve } from "node:path";
import { LensError } from "../core/errors.ts";
import type { Problem } from "../core/model.ts";
import type { FieldMapping } from "../core/dataset/fields.ts";
import type { CodeKind } from "../core/verify/code/codeQuestion.ts";
import { readDataset } from "../core/dataset/readDataset.ts";
import { fileSource } from "../node/fileSource.ts";
import { type ParsedArgs, usageError } from "./args.ts";
import type { CommandContext } from "./command.ts";

/** A dataset's problems. What could not be read is told on stderr; with nothing left it is an error. */
export async function loadProblems(
  file: string,
  parsed: ParsedArgs,
  context: CommandContext,
): Promise<{ readonly name: string; readonly problems: readonly Problem[]; readonly code: CodeKind | null }> {
  const source = await fileSource(file);
  try {
    const mapping = chosenColumns(parsed);
    const dataset = await readDataset(source, {
      signal: context.signal,
      path: resolve(file),
      ...(mapping === null ? {} : { mapping }),
    });
    if (dataset.unsure !== null) {
      throw usageError(
        `${file}: which columns hold question and answer? Say --question and --gold (there are: ${dataset.unsure.columns.join(", ")}).`,
      );
    }
    for (const { line, field, message } of dataset.issues) {
      const place = [file, line === null ? "" : ` line ${line}`, field === null ? "" : `: ${field}`].join("");
      context.note(`${place}: ${message}`);
    }
    if (dataset.problems.length === 0) throw new LensError("input", `${file}: no problem could be read.`);
    return { name: basename(file), problems: dataset.problems, code: dataset.code };
  } finally {
    await source.close();
  }
}

function chosenColumns(parsed: ParsedArgs): FieldMapping | null {
  const question = parsed.text("question");
  if (question === undefined) return null;
  return { question, gold: parsed.text("gold") ?? null, id: parsed.text("id") ?? null };
}

import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type AuditSummary, auditRollouts, type Disagreement } from "../core/dataset/auditRollouts.ts";
import { issueText } from "../core/parse.ts";
import { headerFileName, samplesFileName } from "../core/run/files.ts";
import { readRun } from "../core/run/store.ts";
import type { Verdict } from "../core/model.ts";
import { mathModes } from "../core/verify/math/options.ts";
import { pairLine } from "../core/verify/pairLine.ts";
import type { Verifier, VerifyItem } from "../core/verify/verifier.ts";
import { defaultVerifier } from "../core/verify/verifierSpec.ts";
import { CommandVerifier } from "../node/commandVerifier.ts";
import { fileSource } from "../node/fileSource.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import { parsedArgs, type ParsedArgs, splitCommand, usageError } from "./args.ts";
import type { CommandContext } from "./command.ts";
import { chosenVerifier, openVerifier, verifierNames } from "./openVerifier.ts";

export const verifyRolloutsUsage = `Usage: verify --rollouts FILE [--against FIELD] [--mode MODE | --verifier NAME] [--json] [-- COMMAND ARGUMENTS...]

Judges every sample of a rollout file (or a run folder) anew and compares with the verdict in the file. Prints each
disagreement as {"problem", "index", "gold", "extracted", "ours", "theirs", "how"} (with "run" where the file holds several
models), then one line with the summary {"samples", "agree", "disagree", "undecided", "error", "unparsed", "modeDependent"}:
undecided and error are neither agreement nor disagreement, unparsed counts as a wrong answer, modeDependent is the share
of samples whose verdict differs between strict, standard and lenient.

  --against FIELD   the field of each record to compare with (dotted path; a list where the record has several samples)
  --mode MODE       strict, standard (the default) or lenient
  --verifier NAME   ${verifierNames}
  -- COMMAND ...    your own verifier: reads JSON lines {id, problem, gold, response}, writes {id, score, extracted?, reason?}
`;

/** `verify --rollouts`: see verifyRolloutsUsage. */
export async function verifyRollouts(args: readonly string[], context: CommandContext): Promise<void> {
  const { own, command } = splitCommand(args);
  const options = parsedArgs(own, {
    rollouts: { type: "string" },
    against: { type: "string" },
    mode: { type: "string" },
    verifier: { type: "string" },
    json: { type: "boolean" },
  });
  const path = options.text("rollouts");
  if (path === undefined || options.files.length > 0)
    throw usageError("verify --rollouts: expected one file.");
  const judge = openJudge(options, command, context);
  try {
    const { samples, problems } = await located(path);
    const source = await fileSource(samples);
    try {
      const against = options.text("against");
      const summary = await auditRollouts(
        source,
        {
          judge: judge.judge,
          ...judge.modes,
          ...(against === undefined ? {} : { against }),
          problems,
          signal: context.signal,
        },
        (found) => context.out(`${JSON.stringify(disagreementLine(found))}\n`),
      );
      conclude(judge.verifier, summary, context);
    } finally {
      await source.close();
    }
  } finally {
    await judge.close();
  }
}

interface Judge {
  readonly verifier: Verifier;
  readonly judge: (item: VerifyItem) => Promise<Verdict>;
  readonly modes: { readonly judgeModes?: (item: VerifyItem) => Promise<readonly Verdict[]> };
  close(): Promise<void>;
}

function openJudge(options: ParsedArgs, command: readonly string[], context: CommandContext): Judge {
  const { signal } = context;
  const mode = options.oneOf("mode", mathModes);
  const named = chosenVerifier(options);
  if ([mode, named, command[0]].filter((choice) => choice !== undefined).length > 1)
    throw usageError("verify --rollouts: --mode, --verifier and a command exclude each other.");
  if (command.length > 0) {
    const verifier = new CommandVerifier({
      name: basename(command.at(-1)!),
      command,
      onLog: (line) => context.note(line),
    });
    return {
      verifier,
      judge: (item) => verifier.verify(item, signal),
      modes: {},
      close: () => verifier.close(),
    };
  }
  const spec = named ?? (mode === undefined ? defaultVerifier : { name: "math", mode });
  const verifier = openVerifier(spec);
  const judgeModes = (item: VerifyItem): Promise<readonly Verdict[]> =>
    Promise.all(mathModes.map((other) => verifier.verify({ ...item, options: { mode: other } }, signal)));
  return {
    verifier,
    judge: (item) => verifier.verify(item, signal),
    modes: spec.name === "math" ? { judgeModes } : {},
    close: () => verifier.close(),
  };
}

/** The samples of a file or of a run folder, with that folder's problems. */
async function located(path: string) {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const folder = isFolder ? path : dirname(path);
  const isRun = existsSync(join(folder, headerFileName)) && (isFolder || basename(path) === samplesFileName);
  if (!isRun) return { samples: path, problems: [] };
  const { problems } = await readRun(folder, nodeFileStore);
  return { samples: join(folder, samplesFileName), problems };
}

function disagreementLine({ run, problem, index, ours, theirs }: Disagreement): Record<string, unknown> {
  const { how, extracted } = pairLine(ours);
  return {
    ...(run === null ? {} : { run }),
    problem: problem.id,
    index,
    gold: problem.gold,
    extracted,
    ours: ours.kind,
    theirs,
    how,
  };
}

function conclude(
  { id }: Verifier,
  { issues, withoutGold, withoutVerdict, ...summary }: AuditSummary,
  context: CommandContext,
): void {
  for (const issue of issues.slice(0, 5)) context.note(issueText(issue));
  if (issues.length > 5) context.note(`(${issues.length - 5} more)`);
  if (withoutVerdict > 0) context.note(`${withoutVerdict} samples have no verdict to compare with.`);
  if (withoutGold > 0) context.note(`${withoutGold} samples have no gold answer.`);
  context.out(`${JSON.stringify({ summary: true, verifier: id, ...summary })}\n`);
}

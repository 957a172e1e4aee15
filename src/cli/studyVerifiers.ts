import { LensError } from "../core/errors.ts";
import type { StudySpec } from "../core/study/spec.ts";
import { isCustomVerifier } from "../core/study/studyVerifier.ts";
import { lentVerifier } from "../core/verify/lentVerifier.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import { CommandVerifier } from "../node/commandVerifier.ts";
import { usageError } from "./args.ts";
import type { CommandContext } from "./command.ts";
import { openRunVerifier } from "./openVerifier.ts";

/** Who judges a study's runs here. */
export interface StudyVerifiers {
  /** Whole id of the command behind `--`, of `custom:NAME` or a whole id. Rejects with `noVerifier`. */
  readonly customId: (text: string) => Promise<string>;
  readonly open: (id: string) => Promise<Verifier & { close(): Promise<void> }>;
  readonly close: () => Promise<void>;
}

/**
 * A study file only names a verifier of the person's: its command stands on the command line, so that no file of somebody
 * else starts a program. Throws `usage` for a command that the study does not ask for.
 */
export function openStudyVerifiers(
  { verifier: wanted }: StudySpec,
  command: readonly string[],
  context: CommandContext,
): StudyVerifiers {
  const isCustom = wanted !== null && isCustomVerifier(wanted);
  if (command.length > 0 && !isCustom)
    throw usageError(`study: a command goes with "verifier": "custom:NAME" in the study file.`);
  const own = isCustom && command.length > 0 ? commandVerifier(wanted, command, context) : null;
  return {
    customId: (text) =>
      own !== null && (own.id === text || own.id.startsWith(`${text}@`))
        ? Promise.resolve(own.id)
        : Promise.reject(noVerifier(text, own?.id ?? null)),
    // The process is one for all runs.
    open: (id) => {
      if (own !== null && own.id === id) return Promise.resolve(lentVerifier(own));
      return isCustomVerifier(id) ? Promise.reject(noVerifier(id, own?.id ?? null)) : openRunVerifier(id);
    },
    close: async () => own?.close(),
  };
}

function commandVerifier(
  wanted: string,
  command: readonly string[],
  context: CommandContext,
): CommandVerifier {
  return new CommandVerifier({
    name: wanted.replace(/^custom:/, "").replace(/@[0-9a-f]+$/, ""),
    command,
    onLog: (line) => context.note(line),
    onBroken: (reason) => context.note(`${wanted} gives no verdicts: ${reason}`),
  });
}

function noVerifier(text: string, given: string | null): LensError {
  const words =
    given === null
      ? `The study is judged by ${text}. Nothing was sampled. Give its command: study ... -- COMMAND.`
      : `The study is judged by ${text}, the command behind -- is ${given}. Nothing was sampled. Give that command.`;
  return new LensError("noVerifier", words);
}

import { LensError } from "../errors.ts";
import type { FileStore } from "../ports.ts";
import { isRetiredVerifier } from "../run/header.ts";
import { readRun } from "../run/store.ts";
import { engineOfId } from "../verify/code/codeVerifierId.ts";
import { verifierId, verifierSpec } from "../verify/verifierSpec.ts";
import { studyRunFolder, studyRunsFolder } from "./studyLog.ts";
import { isCustomVerifier } from "./studyVerifier.ts";

export interface VerifierChoiceOf {
  /** The study's `verifier`. */
  readonly wanted: string | null;
  /** Id of the one that suits the dataset. */
  readonly suitable: string;
  /** Whole id of a command of the person's, of `custom:NAME` or a whole id. Rejects with `noVerifier` where there is none. */
  readonly customId: (text: string) => Promise<string>;
}

/**
 * Id of whoever judges every run of the study in the folder, also those still to come: that of the runs that are there,
 * else the wanted one, else the suitable one. Rejects with `badStudy` (it does not suit the dataset), `noVerifier`, and
 * `verifierDiffers` where the runs that are there were judged by another: verdicts of two are not compared.
 */
export async function verifierOfStudy(
  folder: string,
  choice: VerifierChoiceOf,
  files: FileStore,
): Promise<string> {
  const { wanted, suitable } = choice;
  const id = wanted === null ? suitable : await wantedId(wanted, choice);
  const used = await usedVerifier(folder, files);
  if (used === null || used === id || isRetiredVerifier(used)) return id;
  if (wanted === null) return used;
  throw new LensError(
    "verifierDiffers",
    `${folder}: its runs are judged by ${used}, and ${wanted} is ${id} now. Everything is kept. Set it back to go on, or begin another study.`,
  );
}

async function wantedId(wanted: string, { suitable, customId }: VerifierChoiceOf): Promise<string> {
  if (isCustomVerifier(wanted)) return customId(wanted);
  const ofPrograms = engineOfId(suitable) !== null;
  if ((engineOfId(wanted) !== null) === ofPrograms) {
    const spec = verifierSpec(wanted);
    return spec === null ? wanted : verifierId(spec);
  }
  const words = ofPrograms
    ? "programs are judged by their tests, or by a command of yours (custom:NAME)"
    : "the dataset holds no programs";
  throw new LensError("badStudy", `study.json: verifier: ${wanted}: ${words}.`);
}

/** Of the first run that can be read; `null`: there is none yet. */
async function usedVerifier(folder: string, files: FileStore): Promise<string | null> {
  for (const stage of [...(await files.list(studyRunsFolder(folder)))].sort()) {
    try {
      const { header } = await readRun(studyRunFolder(folder, stage), files);
      return header.plan.protocol.verifier;
    } catch (error) {
      if (!(error instanceof LensError)) throw error;
    }
  }
  return null;
}

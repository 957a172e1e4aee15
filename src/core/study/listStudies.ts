import { LensError } from "../errors.ts";
import type { FileStore } from "../ports.ts";
import { nextStage } from "./stages.ts";
import { readStudy, type StoredStudy } from "./studyLog.ts";

/** Beside the run folders of a root. */
export const studiesFolderName = "studies";

export interface ListedStudy {
  readonly folder: string;
  /** `null` where it cannot be read: `issue` says why. */
  readonly study: StoredStudy | null;
  readonly issue: string | null;
}

/** Every study below a root of runs, by name. Never throws for a single bad folder. */
export async function listStudies(root: string, files: FileStore): Promise<readonly ListedStudy[]> {
  const parent = `${root}/${studiesFolderName}`;
  const found: ListedStudy[] = [];
  for (const name of [...(await files.list(parent))].sort()) {
    const folder = `${parent}/${name}`;
    try {
      found.push({ folder, study: await readStudy(folder, files), issue: null });
    } catch (error) {
      if (!(error instanceof LensError)) throw error;
      // Another folder, or a plain file, is no study and nothing to speak of.
      if (error.code !== "noStudy" && error.code !== "storeFailed")
        found.push({ folder, study: null, issue: error.message });
    }
  }
  return found;
}

/** No stage is left; a run that could not be scored counts as dealt with. */
export const isFinished = ({ spec, results }: StoredStudy): boolean => nextStage(spec, results) === null;

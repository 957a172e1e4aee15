import type { CancelSignal } from "../../ports.ts";
import type { Verdict } from "../../model.ts";
import { LensError } from "../../errors.ts";
import type { Verifier, VerifyItem } from "../verifier.ts";
import { type CodeGoldPlace, decodeCodeGold, isCodeGold, lineAt } from "./codeGold.ts";
import type { CodeTask } from "./codeTask.ts";
import type { CodeVerifier } from "./codeVerifier.ts";
import { readCodeTask, type Unpack } from "./readCodeTask.ts";

export interface CodeItemPorts {
  readonly verifier: CodeVerifier;
  readonly unpack: Unpack;
  /** The bytes [start, end) of a file. */
  readonly readPlace: (place: CodeGoldPlace) => Promise<ArrayBuffer>;
  /** The engine did not start, or tests could not be read: the sample's verdict is an `error` that says so. */
  readonly onFailure?: (error: LensError) => void;
}

/** Samples of a problem come one after the other. A task with its tests unpacked may be many MB. */
const keptTasks = 4;

/** The code verifier for samples of a run: `gold` is the task (codeGold.ts), `response` what the model wrote. */
export function codeItemVerifier({ verifier, unpack, readPlace, onFailure }: CodeItemPorts): Verifier {
  const tasks = new Map<string, Promise<CodeTask>>();
  const taskOf = (gold: string): Promise<CodeTask> => {
    const known = tasks.get(gold);
    if (known !== undefined) return known;
    const read = readTask(gold);
    tasks.set(gold, read);
    // Asked for again, a file that was missing may be there.
    read.catch(() => tasks.delete(gold));
    for (const old of tasks.keys()) if (tasks.size > keptTasks) tasks.delete(old);
    return read;
  };
  const readTask = async (gold: string): Promise<CodeTask> => {
    const found = decodeCodeGold(gold);
    return readCodeTask("raw" in found ? found.raw : lineAt(found, await readPlace(found)), unpack);
  };
  return {
    id: verifier.id,
    async verify({ gold, response }: VerifyItem, signal?: CancelSignal): Promise<Verdict> {
      if (!isCodeGold(gold))
        return { kind: "error", reason: "the problem has no tests to run a program against" };
      try {
        const answer = { kind: "completion", text: response } as const;
        return await verifier.verify(await taskOf(gold), answer, signal);
      } catch (error) {
        if (!(error instanceof LensError) || error.code === "cancelled") throw error;
        onFailure?.(error);
        return { kind: "error", reason: error.message };
      }
    },
  };
}

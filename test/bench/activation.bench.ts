// Time from nothing to an activated extension in a real extension host: loading the bundle and running `activate`.
import { Workbench } from "../e2e/workbench.ts";
import { makeWorkspace } from "../e2e/workspace.ts";
import type { Measurement } from "./measurement.ts";

const windows = 5;
const aimMs = 100;

export async function bench(): Promise<readonly Measurement[]> {
  const workspace = makeWorkspace({ "notes.txt": "nothing that activates us\n" });
  const workbench = await Workbench.open({ workspace: workspace.folder });
  const times: Cost[] = [];
  try {
    for (let i = 0; i < windows; i += 1) {
      if (i > 0) await workbench.reload();
      times.push(await activationCost(workbench));
    }
  } finally {
    await workbench.close();
    workspace.remove();
  }
  const name = `load and activate in a new extension host, median of ${windows}`;
  return [
    row(
      `${name}: wall`,
      times.map(({ wallMs }) => wallMs),
    ),
    row(
      `${name}: CPU time`,
      times.map(({ cpuMs }) => cpuMs),
    ),
  ];
}

interface Cost {
  readonly wallMs: number;
  /** Of the extension host's process; the figure to look at where other work takes the cores. */
  readonly cpuMs: number;
}

function row(name: string, values: readonly number[]): Measurement {
  const sorted = values.toSorted((a, b) => a - b);
  const medianMs = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const spread = `${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}`;
  const value = `${medianMs.toFixed(0)} ms (${spread})`;
  return { name, value, aim: `< ${aimMs} ms`, ok: medianMs < aimMs };
}

/** Throws when something else had activated the extension already. */
async function activationCost(workbench: Workbench): Promise<Cost> {
  return workbench.evaluate(async (vscode) => {
    const extension = vscode.extensions.getExtension("rollout-lens.rollout-lens");
    if (extension === undefined) throw new Error("The extension is not installed.");
    if (extension.isActive) throw new Error("The extension was active before it was needed.");
    const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()];
    await extension.activate();
    const { user, system } = process.cpuUsage(startedCpu);
    return { wallMs: performance.now() - startedMs, cpuMs: (user + system) / 1000 };
  });
}

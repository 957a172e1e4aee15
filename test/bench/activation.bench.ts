// Time to load and activate the extension in a real extension host that has come to rest. Right after a window opens the
// same call waits for the window's own start: VS Code answers an extension's first questions (its stored state) behind
// everything else. What VS Code itself calls the activation time (Running Extensions) leaves that wait out: it is the
// load of our code and our `activate`. The whole wait of the caller stands beside it.
import { Workbench } from "../e2e/workbench.ts";
import { makeWorkspace } from "../e2e/workspace.ts";
import type { Measurement } from "./measurement.ts";

const windows = 7;
const aimMs = 100;

export async function bench(): Promise<readonly Measurement[]> {
  const workspace = makeWorkspace({ "notes.txt": "nothing that activates us\n" });
  const workbench = await Workbench.open({ workspace: workspace.folder });
  const times: Cost[] = [];
  try {
    for (let i = 0; i < windows; i += 1) {
      if (i > 0) await workbench.reload();
      await atRest(workbench);
      times.push(await activationCost(workbench));
    }
  } finally {
    await workbench.close();
    workspace.remove();
  }
  const name = `in a new extension host at rest, median of ${windows}`;
  const row = (what: string, cost: (time: Cost) => number): Measurement =>
    measured(`${what}, ${name}`, times.map(cost));
  return [
    row("from the call to the active extension, wall", ({ wallMs }) => wallMs),
    row("VS Code's own activation time (load + activate)", ({ ownMs }) => ownMs),
    row("the same, CPU time of the host's main thread", ({ cpuMs }) => cpuMs),
  ];
}

interface Cost {
  readonly wallMs: number;
  /** VS Code's own marks: loading our code, and our `activate`; without its wait for the window between them. */
  readonly ownMs: number;
  readonly cpuMs: number;
}

function measured(name: string, values: readonly number[]): Measurement {
  const sorted = values.toSorted((a, b) => a - b);
  const medianMs = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const spread = `${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}`;
  const value = `${medianMs.toFixed(0)} ms (${spread})`;
  return { name, value, aim: `< ${aimMs} ms`, ok: medianMs < aimMs };
}

/** Until the host's event loop was free for a second, or half a minute is over: other work may keep the machine busy. */
async function atRest(workbench: Workbench): Promise<void> {
  await workbench.evaluate(async () => {
    const [roundMs, lateMs, calmRounds, mostRounds] = [50, 5, 20, 600];
    let calm = 0;
    for (let round = 0; round < mostRounds && calm < calmRounds; round += 1) {
      const askedMs = performance.now();
      await new Promise((resolve) => setTimeout(resolve, roundMs));
      calm = performance.now() - askedMs < roundMs + lateMs ? calm + 1 : 0;
    }
  });
}

/** Throws when something else had activated the extension already. */
async function activationCost(workbench: Workbench): Promise<Cost> {
  return workbench.evaluate(async (vscode) => {
    const id = "rollout-lens.rollout-lens";
    const extension = vscode.extensions.getExtension(id);
    if (extension === undefined) throw new Error("The extension is not installed.");
    if (extension.isActive) throw new Error("The extension was active before it was needed.");
    const [startedMs, startedCpu] = [performance.now(), process.threadCpuUsage()];
    await extension.activate();
    const wallMs = performance.now() - startedMs;
    const { user, system } = process.threadCpuUsage(startedCpu);
    const { MonacoPerformanceMarks: marks } = globalThis as unknown as {
      MonacoPerformanceMarks: {
        getMarks(): readonly { readonly name: string; readonly startTime: number }[];
      };
    };
    const at = (name: string): number =>
      marks.getMarks().findLast((mark) => mark.name === `code/extHost/${name}/${id}`)?.startTime ??
      Number.NaN;
    const loadMs = at("didLoadExtensionCode") - at("willLoadExtensionCode");
    const activateMs = at("didActivateExtension") - at("willActivateExtension");
    return { wallMs, ownMs: loadMs + activateMs, cpuMs: (user + system) / 1000 };
  });
}

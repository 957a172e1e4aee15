import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Workbench } from "./workbench.ts";

/** How late an event loop was, in milliseconds beyond what was asked of its timer. */
export interface LoopDelay {
  readonly p99: number;
  readonly most: number;
  readonly mean: number;
}

const resolutionMs = 10;

/**
 * The event loop of the extension host, and of a process that does nothing at the same time on the same machine: what
 * the second one suffers is the machine's doing.
 */
export class LoopDelays {
  readonly #workbench: Workbench;
  readonly #control: ChildProcess;

  private constructor(workbench: Workbench, control: ChildProcess) {
    this.#workbench = workbench;
    this.#control = control;
  }

  static async start(workbench: Workbench): Promise<LoopDelays> {
    const script = `const { monitorEventLoopDelay } = require("node:perf_hooks");
      const delay = monitorEventLoopDelay({ resolution: ${resolutionMs} });
      delay.enable();
      const idle = setInterval(() => {}, 1000);
      console.log("on");
      process.stdin.once("data", () => {
        clearInterval(idle);
        console.log(JSON.stringify([delay.percentile(99), delay.max, delay.mean]));
        process.exit();
      });`;
    const control = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] });
    await once(control.stdout, "data");
    await workbench.evaluate((_vscode, resolution) => {
      const { monitorEventLoopDelay } = process.getBuiltinModule("node:perf_hooks");
      const delay = monitorEventLoopDelay({ resolution });
      delay.enable();
      Object.assign(globalThis, { loopDelay: delay });
    }, resolutionMs);
    return new LoopDelays(workbench, control);
  }

  async end(): Promise<{ readonly host: LoopDelay; readonly control: LoopDelay }> {
    const host = await this.#workbench.evaluate(() => {
      const { loopDelay } = globalThis as unknown as {
        loopDelay: { percentile(p: number): number; max: number; mean: number; disable(): void };
      };
      loopDelay.disable();
      return [loopDelay.percentile(99), loopDelay.max, loopDelay.mean];
    });
    const said = once(this.#control.stdout!, "data");
    this.#control.stdin!.write("end\n");
    const [line] = (await said) as [Buffer];
    return { host: delayOf(host), control: delayOf(JSON.parse(line.toString()) as number[]) };
  }

  kill(): void {
    this.#control.kill();
  }
}

function delayOf(nanoseconds: readonly number[]): LoopDelay {
  const [p99 = NaN, most = NaN, mean = NaN] = nanoseconds.map((one) =>
    Math.max(0, Math.round(one / 1e5 - 10 * resolutionMs) / 10),
  );
  return { p99, most, mean };
}

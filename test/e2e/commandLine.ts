import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../paths.ts";

export interface CurveReport {
  readonly runs: readonly {
    readonly name: string;
    readonly problems: number;
    readonly samples: number;
    readonly curve: readonly {
      readonly k: number;
      readonly passAtK: number;
      readonly low: number;
      readonly high: number;
    }[];
  }[];
  readonly crossovers: readonly {
    readonly a: string;
    readonly b: string;
    readonly k: number | null;
    readonly verdict: string;
  }[];
}

/** `cli curve ... --json`: the same core without an editor. */
export function curveReport(...args: readonly string[]): CurveReport {
  const output = execFileSync(process.execPath, [join(root, "dist/cli.mjs"), "curve", ...args, "--json"], {
    encoding: "utf8",
  });
  return JSON.parse(output) as CurveReport;
}

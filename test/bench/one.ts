// One bench in a process of its own, for run.ts: node test/bench/one.ts FILE-URL. A file, as threads do not start in a process
// whose code came with `-e`.
import type { Measurement } from "./measurement.ts";
import { resultMark } from "./resultMark.ts";

interface Bench {
  readonly bench: () => Promise<readonly Measurement[]>;
}

const { bench } = (await import(process.argv[2] ?? "")) as Bench;
process.stdout.write(`\n${resultMark}${JSON.stringify(await bench())}\n`, () => process.exit(0));

// `npm run simulate [-- PART-OF-A-NAME... [-- ARGUMENTS]]`: every test/simulation/*.simulation.ts, one table each.
// Exit 1 where an aim is missed. Slow on purpose: `npm test` has small seeded versions.
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Measurement } from "../bench/measurement.ts";
import { root } from "../paths.ts";

/** What a `*.simulation.ts` exports. */
interface Simulation {
  /** `args`: what stands after a second `--`. Rows appear as they come. */
  readonly simulate: (args: readonly string[]) => AsyncIterable<Measurement> | Iterable<Measurement>;
}

function rowText({ name, value, aim, ok }: Measurement): string {
  const shown = typeof value === "number" ? String(Number(value.toPrecision(4))) : value;
  const mark = ok === null ? "" : ok ? "ok" : "MISSED";
  return `${name.padEnd(66)}  ${shown.padStart(12)}  ${aim.padEnd(14)}  ${mark}`.trimEnd();
}

async function runAll(files: readonly string[], args: readonly string[]): Promise<boolean> {
  let good = files.length > 0;
  for (const file of files) {
    console.log(`\n${basename(file, ".simulation.ts")}`);
    const { simulate } = (await import(pathToFileURL(file).href)) as Simulation;
    for await (const row of simulate(args)) {
      console.log(rowText(row));
      if (row.ok === false) good = false;
    }
  }
  return good;
}

const all = process.argv.slice(2);
const cut = all.includes("--") ? all.indexOf("--") : all.length;
const parts = all.slice(0, cut);
const files = globSync("test/simulation/*.simulation.ts", { cwd: root })
  .filter((file) => parts.length === 0 || parts.some((part) => basename(file).includes(part)))
  .sort()
  .map((file) => join(root, file));
if (files.length === 0) console.log("No simulation was found.");
process.exitCode = (await runAll(files, all.slice(cut + 1))) ? 0 : 1;

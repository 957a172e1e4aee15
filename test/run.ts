// `npm test [-- static|unit|e2e|PART-OF-A-PATH...]`: types, lint, format, unit and integration tests, end-to-end tests.
// Ends with `N passed, N failed[, N skipped]`; exit 1 on any failure, and where nothing was tested.
import { globSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.ts";
import { runTestFiles } from "./workbench/nodeTests.ts";
import { packVsix } from "./workbench/packVsix.ts";
import { runStaticChecks } from "./workbench/staticChecks.ts";
import { closingLines, makeTally } from "./workbench/tally.ts";

const print = (line: string) => process.stdout.write(`${line}\n`);
const tally = makeTally(print);
const words = process.argv.slice(2);
const phases = words.filter((word) => ["static", "unit", "e2e"].includes(word));
const parts = words.filter((word) => !phases.includes(word));
const wants = (phase: string) =>
  phases.includes(phase) || (phases.length === 0 && (parts.length === 0 || phase !== "static"));

function built(suffix: string): readonly string[] {
  return globSync(`dist/test/**/*${suffix}`, { cwd: root })
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort()
    .map((file) => join(root, file));
}

async function runFiles(title: string, suffix: string, concurrency: number): Promise<void> {
  const files = built(suffix);
  if (files.length === 0) {
    if (parts.length === 0) tally.add({ name: title, kind: "failed", detail: "No test was found." });
    return;
  }
  print(`\n${title}`);
  const before = tally.outcomes().length;
  await runTestFiles({ files, concurrency, fileTimeoutMs: 300_000, add: tally.add, print });
  if (tally.outcomes().length === before) tally.add({ name: title, kind: "failed", detail: "No test ran." });
}

/** Packs once for all end-to-end files; `false` where that failed. */
function packed(): boolean {
  try {
    process.env["ROLLOUT_LENS_VSIX"] = packVsix();
    return true;
  } catch (error) {
    tally.add({ name: "packing the extension", kind: "failed", detail: String(error) });
    return false;
  }
}

const started = Date.now();
if (wants("static")) {
  print("Static checks");
  await runStaticChecks(tally.add, print);
}
if (wants("unit")) await runFiles("Unit and integration tests", ".test.mjs", 2);
// One workbench at a time: it needs both cores.
if (wants("e2e") && (parts.length === 0 || built(".e2e.mjs").length > 0) && packed()) {
  await runFiles("End-to-end tests in the workbench", ".e2e.mjs", 1);
}

const outcomes = tally.outcomes();
print(`\nTook ${((Date.now() - started) / 1000).toFixed(0)} s.`);
for (const line of closingLines(outcomes)) print(line);
process.exitCode = outcomes.length === 0 || outcomes.some(({ kind }) => kind === "failed") ? 1 : 0;

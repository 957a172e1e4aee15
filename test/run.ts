// `npm test [-- static|unit|e2e|PART-OF-A-PATH...]`: types, lint, format, unit and integration tests, end-to-end tests.
// Ends with `N passed, N failed[, N skipped]`; exit 1 on any failure, and where nothing was tested.
import { globSync } from "node:fs";
import { join } from "node:path";
import { inLanes, type Job } from "./workbench/lanes.ts";
import { root } from "./paths.ts";
import { runTestFile } from "./workbench/nodeTests.ts";
import { packVsix } from "./workbench/packVsix.ts";
import { staticChecks } from "./workbench/staticChecks.ts";
import { closingLines, makeTally } from "./workbench/tally.ts";

const print = (line: string) => process.stdout.write(`${line}\n`);
const tally = makeTally(print);
const words = process.argv.slice(2);
const phases = words.filter((word) => ["static", "unit", "e2e"].includes(word));
const parts = words.filter((word) => !phases.includes(word));
const wants = (phase: string) =>
  phases.includes(phase) || (phases.length === 0 && (parts.length === 0 || phase !== "static"));

/** Beginnings of the files that take longest, which start first: the last lane to end then ends early. */
const slowest = [
  "e2e/mainWindow",
  "e2e/demoWindow",
  "e2e/byHand",
  "webview/",
  "core/all",
  "sandbox/",
  "run/",
  "cli/",
  "demo/",
  "node/",
  "endpoints/",
];

function slowness(file: string): number {
  const place = slowest.findIndex((start) => file.startsWith(start));
  return place < 0 ? slowest.length : place;
}

/** `webview/panel.joined.mjs` holds all of `webview/panel*`, `core/all.joined.mjs` all of `core/`; a part is run file by file. */
const joined = ".joined.mjs";

function withJoined(files: readonly string[], joint: readonly string[]): readonly string[] {
  const starts = joint.map((file) => file.slice(0, -joined.length).replace(/\/all$/u, "/"));
  return [...joint, ...files.filter((file) => !starts.some((start) => file.startsWith(start)))];
}

/** Built test files, slowest first; a phase without one is a failure unless only a part was asked for. */
function testFiles(phase: "unit" | "e2e", suffix: string): readonly string[] {
  if (!wants(phase)) return [];
  const find = (ending: string) => globSync(`**/*${ending}`, { cwd: join(root, "dist/test") });
  const files = (
    phase === "unit" && parts.length === 0 ? withJoined(find(suffix), find(joined)) : find(suffix)
  )
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .toSorted()
    .sort((a, b) => slowness(a) - slowness(b));
  if (files.length === 0 && parts.length === 0)
    tally.add({ name: `${phase} tests`, kind: "failed", detail: "No test was found." });
  return files.map((file) => join(root, "dist/test", file));
}

/** The longest file takes two minutes on a quiet machine. */
const fileTimeoutMs = 600_000;

const jobOf =
  (file: string): Job =>
  () =>
    runTestFile(file, { fileTimeoutMs, add: tally.add, print });

/** Packs once for all who look at the package; what needs it is not run where that failed. */
async function packed(): Promise<boolean> {
  try {
    process.env["ROLLOUT_LENS_VSIX"] = await packVsix();
    return true;
  } catch (error) {
    tally.add({ name: "packing the extension", kind: "failed", detail: String(error) });
    return false;
  }
}

const started = Date.now();
const units = testFiles("unit", ".test.mjs");
const needsPackage = (file: string) => file.endsWith("vsix.test.mjs");
const inWindow = [...testFiles("e2e", ".e2e.mjs"), ...units.filter(needsPackage)];
let packing: Promise<boolean> | null = null;
const inPackage =
  (file: string): Job =>
  async () => {
    packing ??= packed();
    if (await packing) await jobOf(file)();
  };
// One workbench at a time while there is anything else, which waits half of the time; two other files beside it fill both
// cores of a small machine.
await inLanes(
  inWindow.map(inPackage),
  [
    ...(wants("static") ? staticChecks(tally.add, print) : []),
    ...units.filter((file) => !needsPackage(file)).map(jobOf),
  ],
  2,
);

const outcomes = tally.outcomes();
print(`\nTook ${((Date.now() - started) / 1000).toFixed(0)} s.`);
for (const line of closingLines(outcomes)) print(line);
process.exitCode = outcomes.length === 0 || outcomes.some(({ kind }) => kind === "failed") ? 1 : 0;

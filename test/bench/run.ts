// `npm run bench [-- PART-OF-A-NAME...]`: every test/bench/*.bench.ts alone in a process of its own, one table at the end.
// Exit 1 where an aim is missed or a bench fails.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../paths.ts";
import type { Measurement } from "./measurement.ts";
import { resultMark } from "./resultMark.ts";

interface Row extends Measurement {
  readonly bench: string;
}

function measure(file: string): readonly Row[] {
  const bench = basename(file, ".bench.mjs");
  process.stderr.write(`${bench} ...\n`);
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--enable-source-maps", join(root, "test/bench/one.ts"), pathToFileURL(file).href],
    { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 64 * 1024 * 1024 },
  );
  const line = stdout.split("\n").find((text) => text.startsWith(resultMark));
  if (status !== 0 || line === undefined) {
    return [{ bench, name: "(failed)", value: `exit ${status}`, aim: "", ok: false }];
  }
  const measured = JSON.parse(line.slice(resultMark.length)) as readonly Measurement[];
  return measured.map((one) => ({ bench, ...one }));
}

const shown = ({ value }: Measurement): string =>
  typeof value === "number" ? String(Number(value.toPrecision(3))) : value;

function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.bench,
    row.name,
    shown(row),
    row.aim,
    row.ok === null ? "not measured" : row.ok ? "ok" : "MISSED",
  ]);
  const all = [["bench", "what", "measured", "aim", ""], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const parts = process.argv.slice(2);
const files = globSync("dist/test/bench/*.bench.mjs", { cwd: root })
  .filter((file) => parts.length === 0 || parts.some((part) => basename(file).includes(part)))
  .sort();
const rows = files.flatMap((file) => measure(join(root, file)));
console.log(rows.length === 0 ? "No bench was found." : table(rows));
process.exitCode = rows.length > 0 && rows.every(({ ok }) => ok !== false) ? 0 : 1;

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { root } from "../paths.ts";

/**
 * Folders without anything for the package. What is packed stands in .vscodeignore; but vsce compares every file that it
 * finds with every line there, and these have nearly all of them.
 */
const apart = new Set(
  [".git", ".tools", "node_modules"].concat(
    ["test", "types", "screenshots", "failed", "sandbox-cache"].map((name) => join("dist", name)),
  ),
);

let made: Promise<string> | null = null;

/** The package that `npm test` made for all its files, else one that this process makes; its path. */
export async function packedVsix(): Promise<string> {
  return process.env["ROLLOUT_LENS_VSIX"] ?? (made ??= packVsix());
}

/** Builds host and webviews for production and packs them; the path of the VSIX. */
export async function packVsix(folder: string = join(root, "dist")): Promise<string> {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  const path = join(folder, `${name}-${version}.vsix`);
  mkdirSync(folder, { recursive: true });
  await runNode(root, [".esbuild.mjs", "--production", "--only", "host", "--only", "webview"]);
  // Everything is bundled, so no dependency is packed; the list of files stands in .vscodeignore.
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  const unpublished = ["--allow-missing-repository", "--no-rewrite-relative-links"];
  const copy = mkdtempSync(join(tmpdir(), "rollout-lens-package-"));
  try {
    const filter = (source: string) => !apart.has(relative(root, source)) && !source.endsWith(".vsix");
    cpSync(root, copy, { recursive: true, filter });
    await runNode(copy, [vsce, "package", "--no-dependencies", ...unpublished, "--out", path]);
  } finally {
    rmSync(copy, { recursive: true });
  }
  return path;
}

/** Rejects with the command and what it printed. */
async function runNode(cwd: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`node ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

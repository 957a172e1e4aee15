import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../paths.ts";

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
  await runNode(".esbuild.mjs", "--production", "--only", "host", "--only", "webview");
  // Everything is bundled, so no dependency is packed; the list of files stands in .vscodeignore.
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  const unpublished = ["--allow-missing-repository", "--no-rewrite-relative-links"];
  await runNode(vsce, "package", "--no-dependencies", ...unpublished, "--out", path);
  return path;
}

/** Rejects with the command and what it printed. */
async function runNode(...args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`node ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

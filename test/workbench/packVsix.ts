import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.ts";

/** Builds host and webviews for production and packs them; the path of the VSIX. */
export function packVsix(folder: string = join(root, "dist")): string {
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  const path = join(folder, `${name}-${version}.vsix`);
  mkdirSync(folder, { recursive: true });
  runNode(".esbuild.mjs", "--production", "--only", "host", "--only", "webview");
  // Everything is bundled, so no dependency is packed; the list of files stands in .vscodeignore.
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  const unpublished = ["--allow-missing-repository", "--no-rewrite-relative-links"];
  runNode(vsce, "package", "--no-dependencies", ...unpublished, "--out", path);
  return path;
}

function runNode(...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")}: exit ${status}\n${stdout}${stderr}`);
}

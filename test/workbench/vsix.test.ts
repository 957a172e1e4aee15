import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pythonModules } from "../../src/node/sandbox/pythonModules.ts";
import { packVsix } from "./packVsix.ts";

const allowed = [
  /^extension\/(package\.json|package\.nls(\.[\w-]+)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/u,
  /^extension\/l10n\/[\w.-]+\.json$/u,
  /^extension\/dist\/(host\.mjs|host\/[\w-]+\.mjs|\w+Worker\.mjs)$/u,
  /^extension\/dist\/webview\/\w+\.(js|css)$/u,
  /^extension\/media\/([\w-]+\.svg|icon\.png|readme\/[\w-]+\.png|walkthrough\/[\w-]+\.(svg|md|png))$/u,
  /^extension\/dist\/pyodide\/(pyodide\.js|pyodide\.asm\.(mjs|wasm)|python_stdlib\.zip|pyodide-lock\.json)$/u,
  /^extension\/media\/sandbox\/(README\.md|realm\.js|\w+\.py)$/u,
  /^extension\/media\/sample\/(README\.md|problems\.jsonl|rollouts\/[\w-]+\.jsonl)$/u,
  /^extension\.vsixmanifest$/u,
  /^\[Content_Types\]\.xml$/u,
];
const required = [
  "package.json",
  "changelog.md",
  "dist/host.mjs",
  "dist/webview/curves.js",
  "media/icon.png",
  "dist/codeSandboxWorker.mjs",
  "dist/codeVerifyWorker.mjs",
  "dist/pyodide/pyodide.asm.wasm",
  "dist/pyodide/python_stdlib.zip",
  "media/sandbox/realm.js",
  ...pythonModules.map((name) => `media/sandbox/${name}.py`),
];
const maxBytes = 1_000_000;
/** Python in WebAssembly with its library: what the sandbox for programs reads, and no more of Pyodide. */
const maxPythonBytes = 6_500_000;

/** Names and packed bytes in a zip file's central directory (APPNOTE.TXT 4.3.12). */
function filesInZip(zip: Buffer): readonly { readonly name: string; readonly bytes: number }[] {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const file = {
      name: zip.toString("utf8", at + 46, at + 46 + (name ?? 0)),
      bytes: zip.readUInt32LE(at + 20),
    };
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
    return file;
  });
}

test("the package holds what people need and nothing else, and is small", () => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-pack-"));
  try {
    const zip = readFileSync(packVsix(folder));
    const files = filesInZip(zip);
    const names = files.map(({ name }) => name);
    const strangers = names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
    assert.deepEqual(strangers, []);
    for (const name of required) assert.ok(names.includes(`extension/${name}`), name);
    const python = files
      .filter(({ name }) => name.includes("/pyodide/"))
      .reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(python < maxPythonBytes, `${python} bytes of Python`);
    assert.ok(zip.length - python < maxBytes, `${zip.length} bytes, ${python} of them Python`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

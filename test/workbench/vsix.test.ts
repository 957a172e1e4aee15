import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pythonModules } from "../../src/node/sandbox/pythonModules.ts";
import { packedVsix } from "./packVsix.ts";

const allowed = [
  /^extension\/(package\.json|package\.nls(\.[\w-]+)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/u,
  /^extension\/l10n\/[\w.-]+\.json$/u,
  /^extension\/dist\/(host\.cjs|host\/[\w-]+\.cjs|\w+Worker\.mjs)$/u,
  /^extension\/dist\/webview\/\w+\.(js|css)$/u,
  /^extension\/media\/([\w-]+\.svg|icon\.png|readme\/[\w-]+\.png|walkthrough\/[\w-]+\.(svg|md|png))$/u,
  /^extension\/dist\/pyodide\/(pyodide\.js|pyodide\.asm\.(mjs|wasm)|python_stdlib\.zip|pyodide-lock\.json)$/u,
  /^extension\/media\/sandbox\/(README\.md|realm\.js|\w+\.py)$/u,
  /^extension\/dist\/demoKernels\.wasm$/u,
  /^extension\/media\/demo\/(README\.md|countdown\.jsonl)$/u,
  /^extension\/media\/demo\/(base|rl-\d+|distilled)\/(README\.md|\w*config\.json|tokenizer\.json|model\.safetensors)$/u,
  /^extension\/media\/sample\/(README\.md|problems\.jsonl|rollouts\/[\w-]+\.jsonl)$/u,
  /^extension\.vsixmanifest$/u,
  /^\[Content_Types\]\.xml$/u,
];
const required = [
  "package.json",
  "changelog.md",
  "dist/host.cjs",
  "dist/webview/curves.js",
  "media/icon.png",
  "dist/codeSandboxWorker.mjs",
  "dist/codeVerifyWorker.mjs",
  "dist/pyodide/pyodide.asm.wasm",
  "dist/pyodide/python_stdlib.zip",
  "media/sandbox/realm.js",
  "dist/demoWorker.mjs",
  "dist/demoKernels.wasm",
  "media/demo/countdown.jsonl",
  ...["config.json", "tokenizer.json", "model.safetensors"].map((name) => `media/demo/base/${name}`),
  ...pythonModules.map((name) => `media/sandbox/${name}.py`),
];
/**
 * The program, the pictures of the README (350 kB) and the sample. Of the pages KaTeX, for formulas in Markdown, is the
 * second largest (122 kB, loaded only there), after the curves with their charts (160 kB); inspector and labels 90 kB together, studies and reports 60 kB.
 */
const maxBytes = 1_500_000;
/** Python in WebAssembly with its library: what the sandbox for programs reads, and no more of Pyodide. */
const maxPythonBytes = 6_500_000;
/** About 1.5 MB a model: 16-bit weights hardly shrink. */
const maxDemoBytes = 12_000_000;

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

test("the package holds what people need and nothing else, and is small", async () => {
  const zip = readFileSync(await packedVsix());
  const files = filesInZip(zip);
  const names = files.map(({ name }) => name);
  const strangers = names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
  assert.deepEqual(strangers, []);
  for (const name of required) assert.ok(names.includes(`extension/${name}`), name);
  const packed = (part: string): number =>
    files.filter(({ name }) => name.includes(part)).reduce((sum, { bytes }) => sum + bytes, 0);
  const [python, demo] = [packed("/pyodide/"), packed("/media/demo/")];
  assert.ok(python < maxPythonBytes, `${python} bytes of Python`);
  assert.ok(demo < maxDemoBytes, `${demo} bytes of demo models`);
  const others = zip.length - python - demo;
  assert.ok(others < maxBytes, `${others} bytes besides Python and the demo models`);
});

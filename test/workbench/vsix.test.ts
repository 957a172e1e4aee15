import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packVsix } from "./packVsix.ts";

const allowed = [
  /^extension\/(package\.json|package\.nls(\.[\w-]+)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/u,
  /^extension\/l10n\/[\w.-]+\.json$/u,
  /^extension\/dist\/(host\.mjs|host\/[\w-]+\.mjs|\w+Worker\.mjs)$/u,
  /^extension\/dist\/webview\/\w+\.(js|css)$/u,
  /^extension\/media\/([\w-]+\.svg|icon\.png|readme\/[\w-]+\.png|walkthrough\/[\w-]+\.(svg|md|png))$/u,
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
];
const maxBytes = 1_000_000;

/** Names in a zip file's central directory (APPNOTE.TXT 4.3.12). */
function namesInZip(zip: Buffer): readonly string[] {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const text = zip.toString("utf8", at + 46, at + 46 + (name ?? 0));
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
    return text;
  });
}

test("the package holds what people need and nothing else, and is small", () => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-lens-pack-"));
  try {
    const zip = readFileSync(packVsix(folder));
    const names = namesInZip(zip);
    const strangers = names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
    assert.deepEqual(strangers, []);
    for (const name of required) assert.ok(names.includes(`extension/${name}`), name);
    assert.ok(zip.length < maxBytes, `${zip.length} bytes`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

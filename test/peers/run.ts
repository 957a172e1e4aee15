// `npm run check:peers [NAME...]`: every *.peers.ts of this folder against its other implementation. One that cannot be had
// here is named and skipped. Not part of `npm test`: it takes minutes and a package index.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Peer } from "./peer.ts";
import { peerPython } from "./python.ts";

const folder = join(process.cwd(), "test", "peers");
const wanted = process.argv.slice(2);

async function check({ name, packages, lacks, compare }: Peer): Promise<boolean | null> {
  const lacking = lacks?.() ?? null;
  const found = lacking === null ? peerPython(packages) : { missing: lacking };
  if ("missing" in found) {
    console.log(`\n${name}: skipped: ${found.missing}`);
    return null;
  }
  const { lines, wrong } = await compare(found.python);
  console.log(`\n${name}\n${lines.map((line) => `  ${line}`).join("\n")}`);
  for (const line of wrong) console.log(`  WRONG ${line}`);
  return wrong.length === 0;
}

const results: (boolean | null)[] = [];
for (const file of readdirSync(folder).filter((name) => name.endsWith(".peers.ts"))) {
  if (wanted.length > 0 && !wanted.some((name) => file.startsWith(name))) continue;
  const { peer } = (await import(pathToFileURL(join(folder, file)).href)) as { readonly peer: Peer };
  results.push(await check(peer));
}
const count = (result: boolean | null): number => results.filter((other) => other === result).length;
console.log(`\npeers: ${count(true)} agree, ${count(false)} differ, ${count(null)} skipped`);
process.exitCode = count(false) > 0 || results.length === 0 ? 1 : 0;

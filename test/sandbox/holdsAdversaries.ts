import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CodeEngine, codeVerifier } from "../../src/core/verify/code/codeVerifier.ts";
import { addTask, adversaries } from "./adversarial.ts";

const honest = "def add(a, b):\n    return sorted([a + b])[0]\n";

/**
 * Runs every program of a folder, with honest ones between them. Each must get its verdict; no file may appear, nothing
 * may connect, the secret in our environment may not be found, no honest verdict may change.
 */
export async function holdsAdversaries(engine: CodeEngine, folder: string): Promise<void> {
  const [tmp, home] = ["watched", "home"].map((name) => mkdtempSync(join(tmpdir(), `rollout-lens-${name}-`)));
  process.env["SECRET_TOKEN"] = "s3cret-of-the-parent";
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(0, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;
  try {
    // What may end by its limit has a short one and costs little; what may not has all the time a busy machine takes.
    const [short, long] = [engine.slowness / 3, 10].map((slowness) => codeVerifier({ ...engine, slowness }));
    const judge = (text: string, mayRunOut = false) =>
      (mayRunOut ? short! : long!).judge(addTask, { kind: "solution", text });
    const programs = adversaries(folder, { tmp: tmp!, home: home!, port });
    assert.ok(programs.length > 20, `${programs.length} programs in ${folder}`);
    const wrong: string[] = [];
    await Promise.all(
      programs.map(async ({ name, expect, source }, at) => {
        const [outcome, beside] = await Promise.all([
          judge(source, expect.includes("timeout")),
          at % 8 === 0 ? judge(honest) : null,
        ]);
        if (!expect.includes(outcome.verdict) || outcome.got?.includes("ESCAPED") === true) {
          wrong.push(`${name}: expected ${expect.join("|")}, got ${outcome.verdict} (${outcome.detail})`);
        }
        if (beside !== null && beside.verdict !== "pass")
          wrong.push(`honest beside ${name}: ${beside.detail}`);
      }),
    );
    assert.deepEqual(wrong, []);
    assert.deepEqual([readdirSync(tmp!), readdirSync(home!), existsSync("/etc/PWNED")], [[], [], false]);
    assert.equal(connections, 0);
  } finally {
    delete process.env["SECRET_TOKEN"];
    server.close();
    rmSync(tmp!, { recursive: true });
    rmSync(home!, { recursive: true });
    await engine.close();
  }
}

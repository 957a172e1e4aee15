import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import test from "node:test";
import { cliProgram, root } from "../paths.ts";
import { runCli } from "./runCli.ts";

test("serve-demo serves until it is interrupted, to whoever has the token of this start", async () => {
  const child = spawn(process.execPath, [cliProgram, "serve-demo", "--models", "base", "--json"], {
    cwd: root,
  });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const line = await new Promise<string>((done) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) done(text);
    });
  });
  const { url, token, models } = JSON.parse(line) as { url: string; token: string; models: string[] };
  assert.deepEqual(models, ["base"]);
  const ask = (key: string): Promise<Response> =>
    fetch(`${url}/models`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await ask("other")).status, 401);
  const list = (await (await ask(token)).json()) as { data: readonly { id: string }[] };
  assert.deepEqual(
    list.data.map(({ id }) => id),
    ["base"],
  );
  child.kill("SIGINT");
  assert.equal(await ended, 0);
  await assert.rejects(ask(token));
});

test("serve-demo says what it does not know", async () => {
  const wrong = await runCli("serve-demo", "--models", "base,nobody");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--models: expected some of base.*, got "nobody"/);
  const port = await runCli("serve-demo", "--port", "70000");
  assert.equal(port.code, 2);
  assert.match(port.stderr, /--port: expected a whole number up to 65535/);
  assert.match((await runCli("serve-demo", "--help")).stdout, /--models NAMES/);
});

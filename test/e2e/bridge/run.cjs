// Runs inside the extension host as its "tests" (extensionTestsPath) for as long as the window lives: evaluates functions
// with the `vscode` API for whoever knows the token, and writes the port it listens on where the test looks for it.
const { renameSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { runInThisContext } = require("node:vm");
const vscode = require("vscode");

const { ROLLOUT_LENS_BRIDGE_FILE: file, ROLLOUT_LENS_BRIDGE_TOKEN: token } = process.env;

async function evaluate(source, arg) {
  try {
    const result = await runInThisContext(`(${source})`)(vscode, arg);
    return { ok: true, result: result ?? null };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

exports.run = () =>
  new Promise((_, reject) => {
    const server = createServer((request, response) => {
      if (request.headers.authorization !== `Bearer ${token}`) {
        response.writeHead(403).end();
        return;
      }
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const { source, arg } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
        void evaluate(source, arg).then((reply) => response.end(JSON.stringify(reply)));
      });
    });
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      writeFileSync(`${file}.part`, String(server.address().port));
      renameSync(`${file}.part`, file);
    });
  });

// `npm start`: the packed extension in a real workbench with the demo folder open.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../paths.ts";
import { freePort, installCodeServer, installVsix, makeProfile, startCodeServer } from "./codeServer.ts";
import { packVsix } from "./packVsix.ts";

const usualPort = 8390;
const usage = `npm start                  serve the workbench on this machine
npm start -- --port N      ... on this port
npm start -- --desktop     install into your own VS Code (the command "code") and open the demo folder`;

/** A copy of the demo folder to play in: what a person added stays, our files come anew. */
function demoWorkspace(): string {
  const folder = join(root, ".tools/start/demo");
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "media/sample"), folder, { recursive: true, filter: (path) => !path.endsWith(".mjs") });
  return folder;
}

async function openDesktop(): Promise<void> {
  const code = (...args: readonly string[]) =>
    spawnSync("code", args, { stdio: "inherit", shell: process.platform === "win32" });
  if (code("--version").error !== undefined) {
    fail(
      'The command "code" is not on the PATH. In VS Code run "Shell Command: Install \'code\' command in PATH", or use npm start without --desktop.',
    );
  }
  const vsix = await packVsix();
  if (code("--install-extension", vsix, "--force").status !== 0) fail(`VS Code did not take ${vsix}.`);
  code(demoWorkspace());
}

async function serve(wantedPort: number | null): Promise<void> {
  const port = await freePort(wantedPort ?? usualPort);
  if (wantedPort !== null && port !== wantedPort) fail(`Port ${wantedPort} is taken.`);
  console.error("Packing the extension ...");
  const vsix = await packVsix();
  installCodeServer();
  const profile = { folder: join(root, ".tools/start/profile"), settings: {} };
  makeProfile(profile);
  installVsix(profile, vsix);
  const server = await startCodeServer({
    profile,
    port,
    workspace: demoWorkspace(),
    testDriver: false,
    workspaceTrust: false,
  });
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      stopping = true;
      void server.stop().then(() => process.exit(0));
    });
  }
  server.process.once("exit", (code) => {
    if (stopping) return;
    console.error(`code-server ended (${code}); see ${join(profile.folder, "server.log")}`);
    process.exit(1);
  });
  console.log(`\n  Rollout Lens is at  ${server.url}/\n\n  Ctrl+C ends it.\n`);
}

function fail(message: string, status = 1): never {
  console.error(message);
  process.exit(status);
}

function options(): { readonly desktop: boolean; readonly port: number | null } {
  try {
    const { values } = parseArgs({
      options: { desktop: { type: "boolean", default: false }, port: { type: "string" } },
    });
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
      throw new Error(`--port: expected a port number, got ${values.port}`);
    }
    return { desktop: values.desktop, port };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 2);
  }
}

const { desktop, port } = options();
if (desktop) await openDesktop();
else await serve(port);

// Bundles: host (the extension), cli, one per webview, workers, tests. `node .esbuild.mjs [--only host|cli|webview|test]... [--production] [--watch]`
// What each bundle must NOT reach is enforced here: cli has no `vscode` to import, webviews no `node:*`.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, context, transform } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const parts = ["host", "cli", "webview", "test"];

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: parts },
    production: { type: "boolean", default: false },
    watch: { type: "boolean", default: false },
  },
});
const unknown = flags.only.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  console.error(`--only ${unknown[0]}: expected ${parts.join(", ")}`);
  process.exit(2);
}

const say = (line) => process.stderr.write(`${line}\n`);
const find = (folder, suffix) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith(suffix))
        .map((name) => join(folder, name))
        .sort()
    : [];

/** Writes what changed by rename: a process that starts while we build never reads half a file. */
const atomicOutput = {
  name: "atomic-output",
  setup(bundle) {
    bundle.onEnd(({ outputFiles = [] }) => {
      for (const { path, contents } of outputFiles) {
        if (existsSync(path) && readFileSync(path).equals(contents)) continue;
        mkdirSync(dirname(path), { recursive: true });
        const draft = `${path}.${process.pid}.part`;
        writeFileSync(draft, contents);
        renameSync(draft, path);
      }
      if (flags.watch) say(`built ${outputFiles.map(({ path }) => relative(root, path)).join(" ")}`);
    });
  },
};

/** Names of chunks change with their content: the folder holds those of this build and no others. */
const noStaleChunks = (folder) => ({
  name: "no-stale-chunks",
  setup(bundle) {
    bundle.onEnd(({ errors, outputFiles = [] }) => {
      if (errors.length > 0) return;
      const fresh = new Set(outputFiles.map(({ path }) => path));
      for (const path of find(folder, "").map((name) => join(root, name)))
        if (!fresh.has(path)) rmSync(path, { force: true });
    });
  },
});

const common = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  outdir: "dist",
  charset: "utf8",
  logLevel: "warning",
  legalComments: "none",
  minify: flags.production,
  sourcemap: flags.production ? false : "linked",
  plugins: [atomicOutput],
};
const node = { ...common, platform: "node", target: "node22" };
/** Bundled packages in CommonJS still call `require` for node's own modules. */
const requireInModules = {
  js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
};

const entries = (list) =>
  list.filter(({ in: file }) => {
    const there = existsSync(join(root, file));
    if (!there) say(`no ${file} yet: skipped`);
    return there;
  });

/**
 * Pieces are made as ES modules, the only form esbuild splits, and written as CommonJS: VS Code answers `import` of an
 * extension through a loader in another thread, `require` at once.
 */
const asCommonJs = {
  name: "as-common-js",
  setup(bundle) {
    const { minify } = bundle.initialOptions;
    bundle.initialOptions.metafile = true;
    bundle.onEnd(async ({ outputFiles = [], metafile }) => {
      for (const file of outputFiles) {
        const { code } = await transform(file.text, {
          format: "cjs",
          platform: "node",
          target: node.target,
          minify,
          supported: { "dynamic-import": false },
        });
        const text = code
          .replaceAll(/require\("(\.[^"]+)\.mjs"\)/gu, 'require("$1.cjs")')
          // The namespace as it is: a copy of all that VS Code has, made by each of our files, took half of the start.
          .replaceAll(/[\w$]+\(require\("vscode"\)\)/gu, 'require("vscode")');
        Object.defineProperties(file, {
          path: { value: file.path.replace(/\.mjs$/u, ".cjs") },
          contents: { value: Buffer.from(text) },
        });
      }
      if (metafile !== undefined) joinPiecesOfStart(outputFiles, piecesOfStart(metafile));
    });
  },
};

/** Names of the pieces that the entry imports at once, itself or through others. */
function piecesOfStart({ outputs }) {
  const [entry] = Object.keys(outputs).filter((path) => outputs[path].entryPoint === "src/host/extension.ts");
  const found = new Set(entry === undefined ? [] : [entry]);
  for (const path of found)
    for (const { kind, path: next } of outputs[path].imports)
      if (kind === "import-statement" && next in outputs) found.add(next);
  return [...found].map((path) => basename(path, ".mjs"));
}

/** One file to find and to compile when the extension starts. The pieces keep files of their own that give what is in it. */
function joinPiecesOfStart(outputFiles, names) {
  const nameOf = ({ path }) => basename(path, ".cjs");
  const pieces = outputFiles.filter((file) => names.includes(nameOf(file)));
  const bodies = pieces.map((file) => `"${nameOf(file)}":(function(module,exports,require){${file.text}\n})`);
  const entry = pieces.find((file) => nameOf(file) === "host");
  for (const file of pieces) {
    const text =
      file === entry
        ? `"use strict";\nconst pieces={${bodies.join(",\n")}};\n${loadPieces}`
        : `module.exports=require("../host.cjs").piece("${nameOf(file)}");\n`;
    Object.defineProperty(file, "contents", { value: Buffer.from(text) });
  }
}

/** Behind `pieces`, by name, in host.cjs; the others lie in the folder `host`. */
const loadPieces = `const made=new Map();
function piece(name){
  let module=made.get(name);
  if(module===undefined){
    made.set(name,(module={exports:{}}));
    pieces[name](module,module.exports,need);
  }
  return module.exports;
}
const outside=new Map();
function need(path){
  if(path.startsWith(".")){
    const name=path.slice(path.lastIndexOf("/")+1,-".cjs".length);
    return name in pieces?piece(name):require("./host/"+name+".cjs");
  }
  if(!outside.has(path))outside.set(path,require(path));
  return outside.get(path);
}
const{activate,deactivate}=piece("host");
module.exports={activate,deactivate,piece};
`;

/** In pieces: what is imported when it is needed is a file of its own, so that activation compiles a tenth of it all. */
const host = () => ({
  ...node,
  entryPoints: entries([{ in: "src/host/extension.ts", out: "host" }]),
  format: "esm",
  splitting: true,
  outExtension: { ".js": ".mjs" },
  chunkNames: "host/[name]-[hash]",
  external: ["vscode"],
  sourcemap: false,
  plugins: [asCommonJs, atomicOutput, noStaleChunks("dist/host")],
});

/** Workers are files of their own: both host and cli start them by path, from beside themselves. */
const workers = () => ({
  ...node,
  entryPoints: ["src/node", "src/demo"]
    .flatMap((folder) => find(folder, "Worker.ts"))
    .map((file) => ({ in: file, out: basename(file, ".ts") })),
  format: "esm",
  outExtension: { ".js": ".mjs" },
  banner: requireInModules,
});

/** In pieces too: a command that reads a curve does not load the endpoints' client. */
const cli = () => ({
  ...node,
  entryPoints: entries([{ in: "src/cli/main.ts", out: "cli" }]),
  format: "esm",
  splitting: true,
  outExtension: { ".js": ".mjs" },
  chunkNames: "cli/[name]-[hash]",
  banner: requireInModules,
  plugins: [atomicOutput, noStaleChunks("dist/cli")],
});

const webviews = () => ({
  ...common,
  platform: "browser",
  target: "chrome134", // Electron 35 of VS Code 1.101, the oldest in `engines`
  format: "iife",
  entryPoints: find("webview", "main.ts").map((file) => ({
    in: file,
    out: join("webview", basename(dirname(file))),
  })),
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".svg": "text" },
});

/** Tests whose names start like one of these run in one process for all of them. */
const joined = ["core/", "webview/panel", "webview/inspector", "webview/labels"];
/** `core/all.joined`, `webview/panel.joined`. */
const joinedName = (start) => `${start.replace(/\/$/u, "/all")}.joined`;

/**
 * Many test files as one, which `npm test` runs instead of them: what they share is compiled and warm once, and pages of a
 * webview share a browser: 40 % less processor time for `core/`, 15 % for the webviews.
 */
const joinedTests = {
  name: "joined-tests",
  setup(bundle) {
    const isJoined = { filter: /^joined:/, namespace: "joined" };
    bundle.onResolve({ filter: isJoined.filter }, ({ path }) => ({ path, namespace: isJoined.namespace }));
    bundle.onLoad(isJoined, ({ path }) => {
      const start = join("test", path.slice("joined:".length));
      const files = find("test", ".test.ts").filter((file) => file.startsWith(start));
      const contents = files.map((file) => `import ${JSON.stringify(join(root, file))};`).join("\n");
      return { contents, resolveDir: root };
    });
  },
};

const tests = () => {
  const fake = ["test/fakes/vscode.ts", "test/fakes/vscode/index.ts"].find((file) =>
    existsSync(join(root, file)),
  );
  return {
    ...node,
    target: "node24",
    entryPoints: [".test.ts", ".e2e.ts", ".bench.ts"]
      .flatMap((suffix) => find("test", suffix))
      .map((file) => ({ in: file, out: relative("test", file).replace(/\.ts$/u, "") }))
      .concat(joined.map((start) => ({ in: `joined:${start}`, out: joinedName(start) }))),
    outdir: "dist/test",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    packages: "external",
    minify: false,
    sourcemap: "linked",
    loader: { ".css": "empty", ".svg": "text" },
    plugins: [joinedTests, atomicOutput],
    ...(fake === undefined ? { external: ["vscode"] } : { alias: { vscode: join(root, fake) } }),
  };
};

/** Python for the code sandbox. It is read as files by a process that may read nothing else; none of it is bundled. */
function copyPyodide() {
  const [from, to] = [join(root, "node_modules/pyodide"), join(root, "dist/pyodide")];
  const names = ["pyodide.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];
  mkdirSync(to, { recursive: true });
  // Of the list of packages that Pyodide could load nothing is needed but the version of its interface.
  const { info } = JSON.parse(readFileSync(join(from, "pyodide-lock.json"), "utf8"));
  writeFileSync(join(to, "pyodide-lock.json"), JSON.stringify({ info, packages: {} }));
  rmSync(join(to, "package.json"), { force: true });
  for (const name of names) {
    const [source, copy] = [join(from, name), join(to, name)];
    if (
      existsSync(copy) &&
      statSync(copy).size === statSync(source).size &&
      readFileSync(copy).equals(readFileSync(source))
    )
      continue;
    copyFileSync(source, `${copy}.${process.pid}.part`);
    renameSync(`${copy}.${process.pid}.part`, copy);
  }
}

/** The demo models' arithmetic: AssemblyScript to WebAssembly, again only where its source or its compiler changed. */
async function buildKernels() {
  const [source, out] = ["src/demo/assembly/kernels.ts", "dist/demoKernels.wasm"];
  const sources = readdirSync(join(root, "src/demo/assembly"))
    .sort()
    .map((name) => `src/demo/assembly/${name}`);
  const flags = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd,relaxed-simd,bulk-memory"];
  const { version } = JSON.parse(
    readFileSync(join(root, "node_modules/assemblyscript/package.json"), "utf8"),
  );
  const made = createHash("sha256")
    .update([version, ...flags, ...sources.map((path) => readFileSync(join(root, path), "utf8"))].join("\n"))
    .digest("hex");
  const note = join(root, `${out}.sha256`);
  if (existsSync(join(root, out)) && existsSync(note) && readFileSync(note, "utf8") === made) return;
  const { default: asc } = await import("assemblyscript/asc");
  const draft = `${out}.${process.pid}.part`;
  const { error } = await asc.main([source, "-o", draft, "--baseDir", root, ...flags], {
    stderr: process.stderr,
  });
  if (error !== null) throw error;
  renameSync(join(root, draft), join(root, out));
  writeFileSync(note, made);
}

const plans = { host: [host, workers], cli: [cli, workers], webview: [webviews], test: [tests] };

if (flags.only.some((part) => part === "host" || part === "cli")) copyPyodide();
if (flags.only.some((part) => part !== "webview")) await buildKernels();

// A test whose source is gone must not run on: the folder holds what is built now and nothing else.
if (flags.only.includes("test")) rmSync(join(root, "dist/test"), { recursive: true, force: true });
const chosen = [...new Set(flags.only.flatMap((part) => plans[part]))]
  .map((plan) => plan())
  .filter(({ entryPoints }) => entryPoints.length > 0);

if (flags.watch) {
  for (const options of chosen) await (await context(options)).watch();
  say("watching");
} else {
  const done = await Promise.allSettled(chosen.map((options) => build(options)));
  if (done.some(({ status }) => status === "rejected")) process.exitCode = 1;
}

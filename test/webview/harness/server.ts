// Serves the built panel over loopback as the workbench would: static page, strict CSP, one theme's variables.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { resolve } from "node:path";
import { build } from "esbuild";
import { root } from "../../paths.ts";

export const themes = {
  dark: { file: "theme-dark-modern.css", classes: "vscode-dark" },
  light: { file: "theme-light-modern.css", classes: "vscode-light" },
  hc: { file: "theme-hc-dark.css", classes: "vscode-high-contrast" },
  hclight: { file: "theme-hc-light.css", classes: "vscode-high-contrast vscode-high-contrast-light" },
} as const;
export type ThemeName = keyof typeof themes;

export interface HarnessServer {
  readonly url: (theme?: ThemeName) => string;
  readonly close: () => Promise<void>;
}

export interface ServerOptions {
  /** For looking by hand: answers `POST /call` and allows the page to ask it. */
  readonly answer?: (message: string) => string;
  readonly port?: number;
  readonly minify?: boolean;
  /** Which page: a folder of webview/. */
  readonly entry?: string;
}

const nonce = "harness";
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
const types: Record<string, string> = { css: "text/css", js: "text/javascript", html: "text/html" };

export async function startHarness({
  answer,
  port = 0,
  minify = false,
  entry = "curves",
}: ServerOptions = {}): Promise<HarnessServer> {
  const files = await bundle(minify, entry);
  const connect = answer ? "; connect-src 'self'" : "";
  const csp = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}' ${emptyStyle}${connect}`;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const theme = themes[(url.searchParams.get("theme") ?? "dark") as ThemeName] ?? themes.dark;
    const name = url.pathname.slice(1);
    if (name === "") {
      response.setHeader("content-security-policy", csp);
      return send(response, "html", page(theme, entry));
    }
    if (name === "call" && answer) {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => send(response, "js", answer(text)));
      return;
    }
    const content = name.startsWith("theme-") ? themeCss(name) : files.get(name);
    if (content === undefined) response.writeHead(404).end();
    else send(response, name.split(".").at(-1) ?? "", content);
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const address = server.address();
  const at = typeof address === "object" && address ? address.port : port;
  return { url: (theme = "dark") => `http://127.0.0.1:${at}/?theme=${theme}`, close: () => closed(server) };
}

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });

function send(response: ServerResponse, kind: string, content: string): void {
  response.setHeader("content-type", `${types[kind] ?? "text/plain"}; charset=utf-8`);
  response.end(content);
}

async function bundle(minify: boolean, entry: string): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: `webview/${entry}/main.ts`, out: entry },
      ...(entry === "inspector" || entry === "labels"
        ? [{ in: "webview/rendered/main.ts", out: "rendered" }]
        : []),
      { in: "test/webview/harness/stub.ts", out: "stub" },
    ],
    bundle: true,
    write: false,
    outdir: "out",
    platform: "browser",
    target: "chrome134",
    format: "iife",
    minify,
  });
  return new Map(outputFiles.map(({ path, text }) => [path.split(/[\\/]/).at(-1) ?? path, text]));
}

/** The design's own theme values where they are at hand; a plain dark page is enough for assertions. */
function themeCss(name: string): string {
  const file = resolve(
    process.env["ROLLOUT_LENS_THEMES"] ?? resolve(root, "../shared/design/mock/css"),
    name,
  );
  return existsSync(file)
    ? readFileSync(file, "utf8")
    : "body { --vscode-foreground: #ccc; --vscode-editor-background: #1f1f1f }";
}

function page(theme: { readonly file: string; readonly classes: string }, entry: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta property="csp-nonce" content="${nonce}">
<link rel="stylesheet" href="/${theme.file}">
<link rel="stylesheet" href="/${entry}.css">
<title>${entry}</title>
</head>
<body class="${theme.classes}" data-entry="${entry}">
<div id="app" data-entry="${entry}"></div>
<script nonce="${nonce}" src="/stub.js"></script>
<script nonce="${nonce}" src="/${entry}.js"></script>
</body>
</html>`;
}

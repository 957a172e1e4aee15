import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { colourAliases } from "./colours.ts";

/** The empty style with which the toolkit probes the browser; the one inline style that is let through. */
const emptyStyleHash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

export interface WebviewPage {
  /** The bundle's name in dist/webview, and `data-entry` of the root. */
  readonly entry: string;
  readonly title: string;
}

/** Scripts by nonce, styles from the view's own source; nothing inline, no eval, no network. */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}' ${emptyStyleHash}`,
    `img-src ${cspSource} data:`,
    `font-src ${cspSource}`,
  ].join("; ");
}

/** The static page of a view. There is no data in it, ever: model text comes by message and is set as text. */
export function webviewHtml(webview: vscode.Webview, extensionUri: vscode.Uri, page: WebviewPage): string {
  const nonce = randomBytes(16).toString("base64url");
  const bundle = (kind: string): string =>
    webview
      .asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview", `${page.entry}.${kind}`))
      .toString();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(webview.cspSource, nonce)}">
<meta property="csp-nonce" content="${nonce}">
<style nonce="${nonce}">${colourAliases()}</style>
<link rel="stylesheet" href="${bundle("css")}">
<title>${page.title}</title>
</head>
<body data-entry="${page.entry}">
<div id="app" data-entry="${page.entry}"></div>
<script nonce="${nonce}" src="${bundle("js")}"></script>
</body>
</html>`;
}

/** What a view may load: the bundles, nothing else of the disk. */
export const webviewOptions = (
  extensionUri: vscode.Uri,
): vscode.WebviewOptions & vscode.WebviewPanelOptions => ({
  enableScripts: true,
  localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist", "webview")],
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import type * as vscode from "vscode";
import { contentSecurityPolicy, webviewHtml } from "../../src/host/webview.ts";
import { Uri } from "../fakes/vscode.ts";

const webview = {
  cspSource: "https://views.test",
  asWebviewUri: (uri: Uri) => `https://views.test${uri.path}`,
} as unknown as vscode.Webview;
const html = () =>
  webviewHtml(webview, Uri.file("/ext") as unknown as vscode.Uri, { entry: "curves", title: "Curves" });

test("the policy lets in scripts by nonce and our own styles, and nothing else", () => {
  const emptyStyle = createHash("sha256").update("").digest("base64");
  assert.equal(
    contentSecurityPolicy("https://views.test", "abc"),
    "default-src 'none'; script-src 'nonce-abc'; " +
      `style-src https://views.test 'nonce-abc' 'sha256-${emptyStyle}'; ` +
      "img-src https://views.test data:; font-src https://views.test",
  );
});

test("a page has one script, with the nonce of its policy, which is new for each page", () => {
  const page = html();
  const nonce = /script-src 'nonce-([\w-]{20,})'/.exec(page)?.[1];
  assert.ok(nonce);
  assert.deepEqual(page.match(/<script[^>]*>/g), [
    `<script nonce="${nonce}" src="https://views.test/ext/dist/webview/curves.js">`,
  ]);
  assert.match(page, new RegExp(`<style nonce="${nonce}">`));
  assert.doesNotMatch(page, /unsafe-| on[a-z]+="| style="/);
  assert.match(page, /<div id="app" data-entry="curves">/);
  assert.notEqual(page, html());
});

test("contributed colours get names that CSS can write", () => {
  assert.match(html(), /--vscode-rolloutLens-series-base:var\(--vscode-rolloutLens-series\\\.base\);/);
});

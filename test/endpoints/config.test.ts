import assert from "node:assert/strict";
import { test } from "node:test";
import { badConfigCode, originOf, parseEndpointConfig } from "../../src/endpoints/config.ts";
import { parseRetryAfter, saidBy } from "../../src/endpoints/failure.ts";

const good = { name: "Base", role: "base", baseUrls: ["http://h:8000/v1"], model: "m" };

test("what stands in the settings is kept, the rest has defaults", () => {
  assert.deepEqual(parseEndpointConfig({ baseUrls: "https://h:8443/v1", model: "m" }, "e"), {
    name: "h:8443",
    role: "other",
    baseUrls: ["https://h:8443/v1"],
    model: "m",
    api: "auto",
  });
  const whole = {
    ...good,
    api: "completions",
    template: "qwen-boxed",
    stop: ["</s>"],
    extraBody: { top_k: 20 },
    headers: { "X-A": "b" },
    stickyHeader: "x-session-id",
    maxConcurrency: 8,
    idleTimeoutMs: 5_000,
  };
  const config = parseEndpointConfig(whole, "e");
  assert.deepEqual(config, whole);
  assert.equal(originOf(config), "http://h:8000");
});

const bad: readonly [unknown, string][] = [
  [5, "e: expected an object, got number"],
  [[good], "e: expected an object, got list"],
  [{ ...good, baseUrls: [] }, "e.baseUrls: expected at least one http(s) URL, got none"],
  [{ ...good, baseUrls: ["http://h", 3] }, "e.baseUrls[1]: expected string, got number"],
  [{ ...good, baseUrls: ["ftp://h"] }, "e.baseUrls[0]: expected an http(s) URL"],
  [{ ...good, baseUrls: ["h:8000/v1"] }, "e.baseUrls[0]: expected an http(s) URL"],
  [{ ...good, model: "" }, "e.model: expected a text, got nothing"],
  [{ ...good, name: 7 }, "e.name: expected string, got number"],
  [{ ...good, role: "boss" }, `e.role: expected one of base, rl, distilled, instruct, other, got "boss"`],
  [{ ...good, api: "grpc" }, `e.api: expected one of completions, chat, auto, got "grpc"`],
  [{ ...good, headers: { a: 1 } }, "e.headers.a: expected string, got number"],
  [{ ...good, extraBody: [] }, "e.extraBody: expected an object, got list"],
  [{ ...good, maxConcurrency: 0 }, "e.maxConcurrency: expected a positive integer, got 0"],
  [{ ...good, idleTimeoutMs: "5" }, "e.idleTimeoutMs: expected a positive integer, got string"],
  [{ ...good, stop: [null] }, "e.stop[0]: expected string, got null"],
  [
    { ...good, apiKey: "x" },
    "e.apiKey: unknown field (known are name, role, baseUrls, model, api, template, stop, extraBody, headers, stickyHeader, maxConcurrency, idleTimeoutMs, vocabularySize)",
  ],
];
for (const [value, message] of bad)
  test(`refused: ${message.slice(0, 60)}`, () =>
    assert.throws(() => parseEndpointConfig(value, "e"), { code: badConfigCode, message }));

test("Retry-After in seconds, as a date, in milliseconds, of any length", () => {
  const now = Date.parse("2026-11-20T10:00:00Z");
  const after = (ms: string | null, value: string | null): number | null => parseRetryAfter(ms, value, now);
  assert.equal(after(null, "1"), 1_000);
  assert.equal(after(null, "7200"), 7_200_000);
  assert.equal(after(null, "0.5"), 500);
  assert.equal(after("250", "9"), 250);
  assert.equal(after("soon", "9"), 9_000);
  assert.equal(after(null, "Fri, 20 Nov 2026 10:02:00 GMT"), 120_000);
  assert.equal(after(null, "Fri, 20 Nov 2026 09:00:00 GMT"), 0);
  for (const text of [null, "", "later", "-5"])
    assert.ok([null, 0].includes(after(null, text)), String(text));
});

test("the words of an error body, whatever its shape", () => {
  for (const [body, said] of [
    [{ object: "error", message: "a", code: 400 }, "a"],
    [{ error: { message: "b" } }, "b"],
    [{ error: "c" }, "c"],
    [{ message: "d" }, "d"],
    [{ detail: [{ loc: ["body"], msg: "e" }] }, `[{"loc":["body"],"msg":"e"}]`],
    ["f\n  g", "f g"],
    ["<!DOCTYPE html><title>502 Bad Gateway</title><p>x", `an HTML page "502 Bad Gateway"`],
    [null, ""],
    [{}, ""],
  ] as const)
    assert.equal(saidBy(body), said);
});

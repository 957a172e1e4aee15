import assert from "node:assert/strict";
import { test } from "node:test";
import { Balance } from "../../src/endpoints/balance.ts";

const urls = ["http://a/v1", "http://b/v1", "http://c/v1", "http://d/v1"];
const none = new Set<never>();
const homes = (balance: Balance): string[] =>
  Array.from({ length: 400 }, (_, i) => balance.pick(`problem ${i}`, none)?.url ?? "");

test("each problem has one home, homes are spread evenly", () => {
  const balance = new Balance(urls);
  const first = homes(balance);
  assert.deepEqual(homes(new Balance(urls)), first);
  // 400 draws of 1/4: mean 100, standard deviation 8.7.
  for (const url of urls) assert.ok(Math.abs(first.filter((home) => home === url).length - 100) < 35, url);
});

test("a server that goes away moves its own problems only, and gets them back", () => {
  let now = 0;
  const balance = new Balance(urls, () => now);
  const before = homes(balance);
  const [gone] = balance.backends;
  assert.ok(gone);
  balance.refused(gone);
  const during = homes(balance);
  for (const [i, home] of before.entries())
    if (home === gone.url) assert.notEqual(during[i], gone.url);
    else assert.equal(during[i], home);
  now = 999;
  assert.deepEqual(homes(balance), during);
  now = 1_000;
  assert.deepEqual(homes(balance), before);
  balance.refused(gone);
  now += 1_999;
  assert.deepEqual(homes(balance), during, "the second rest is longer");
  balance.answered(gone);
  assert.deepEqual(homes(balance), before);
});

test("a busy home spills to the least loaded", () => {
  const balance = new Balance(urls);
  const home = balance.backends.find(({ url }) => url === balance.pick("p", none)?.url);
  assert.ok(home);
  for (const backend of balance.backends) backend.inFlight = 8;
  const idle = balance.backends.find((backend) => backend !== home);
  assert.ok(idle);
  idle.inFlight = 6;
  home.inFlight = 12;
  assert.equal(balance.pick("p", none), home, "1.5 times the mean is still balanced");
  home.inFlight = 30;
  assert.equal(balance.pick("p", none), idle);
});

test("tried servers are not offered again; with all at rest one is", () => {
  const balance = new Balance(urls, () => 0);
  for (const backend of balance.backends) balance.refused(backend);
  const tried = new Set<ReturnType<typeof balance.pick> & object>();
  for (let i = 0; i < urls.length; i += 1) {
    const next = balance.pick("p", tried);
    assert.ok(next !== null && !tried.has(next));
    tried.add(next);
  }
  assert.equal(balance.pick("p", tried), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { fc } from "../fastCheck.ts";
import { atMost, count, counted, decimal, interval, percent, points } from "../../src/core/numberWords.ts";

test("rates have one decimal, a true minus and no negative zero", () => {
  assert.equal(percent(0.0812), "8.1");
  assert.equal(percent(1), "100.0");
  assert.equal(percent(-0.125), "\u221212.5");
  assert.equal(percent(-0.0001), "0.0");
  assert.equal(percent(0.6, 0), "60");
});

test("differences carry their sign unless they read as zero", () => {
  assert.equal(points(0.134), "+13.4");
  assert.equal(points(-0.127), "\u221212.7");
  assert.equal(points(0), "0.0");
  assert.equal(points(0.0004), "0.0");
  assert.equal(points(-0.0004), "0.0");
});

test("counts have thousands commas, and their noun its number", () => {
  assert.equal(count(16_384), "16,384");
  assert.equal(counted(1, "problem"), "1 problem");
  assert.equal(counted(1_319, "problem"), "1,319 problems");
  assert.equal(counted(2, "entry", "entries"), "2 entries");
});

test("counts are written as the locale en-US writes them, with a true minus", () => {
  const property = (value: number): void =>
    assert.equal(count(value), value.toLocaleString("en-US").replace("-", "\u2212"));
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -2000, max: 2000 })), property),
  );
  for (const value of [0.5, 1234.5678, Number.NaN, Infinity, 1e21]) property(value);
  assert.equal(count(-0), "0");
});

test("intervals and bounds", () => {
  assert.equal(interval(0.055, 0.107), "[5.5, 10.7]");
  assert.equal(interval(-0.187, -0.073, points), "[\u221218.7, \u22127.3]");
  assert.equal(atMost(1 - 0.05 ** (1 / 256)), "at most 1.2");
  assert.equal(decimal(-0.141, 3), "\u22120.141");
});

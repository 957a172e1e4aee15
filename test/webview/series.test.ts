import assert from "node:assert/strict";
import { test } from "node:test";
import { roles, type Role } from "../../src/core/model.ts";
import { seriesOf, type StyledRun } from "../../src/core/report/series.ts";

const run = (id: string, role: Role, step?: number): StyledRun => ({
  id,
  name: `name ${id}`,
  role,
  metadata: step === undefined ? {} : { step },
});

/** What tells two lines apart without colour: marker, dash, filled or hollow, and the word at the line's end. */
const shapes = (runs: readonly StyledRun[]): readonly string[] =>
  [...seriesOf(runs).values()].map(({ style, label }) =>
    JSON.stringify([style.marker, style.dash, style.hollow, style.hollow ? label : ""]),
  );

test("each role has its own marker, dash and hatch", () => {
  const series = [...seriesOf(roles.map((role) => run(role, role))).values()];
  for (const part of ["marker", "dash", "hatch"] as const) {
    assert.equal(new Set(series.map(({ style }) => JSON.stringify(style[part]))).size, roles.length);
  }
  assert.deepEqual(
    series.map(({ style }) => style.look),
    roles,
  );
});

test("a second run of a role looks like `other`, further ones like a role that is free; none like another", () => {
  const runs = ["a", "b", "c", "d", "e"].map((id) => run(id, "base"));
  const series = seriesOf(runs);
  assert.equal(series.get("a")?.style.look, "base");
  assert.equal(series.get("b")?.style.look, "other");
  assert.equal(new Set(shapes(runs)).size, runs.length);
});

test("a run never takes the look of a role that another run has by right", () => {
  const series = seriesOf([run("a", "base"), run("b", "base"), run("c", "other")]);
  assert.equal(series.get("c")?.style.look, "other");
  assert.notEqual(series.get("b")?.style.look, "other");
});

test("checkpoints keep their run's colour and marker, hollow with the step as label but for the last", () => {
  const runs = [run("s90", "rl", 90), run("s270", "rl", 270), run("s180", "rl", 180)];
  const series = seriesOf(runs);
  for (const { style } of series.values()) assert.equal(style.look, "rl");
  assert.deepEqual(
    runs.map(({ id }) => [series.get(id)?.style.hollow, series.get(id)?.label]),
    [
      [true, "step 90"],
      [false, "name s270"],
      [true, "step 180"],
    ],
  );
  assert.equal(new Set(shapes(runs)).size, runs.length);
});

test("a lone run with a step is no checkpoint series", () => {
  const series = seriesOf([run("a", "rl", 270), run("b", "base")]);
  assert.equal(series.get("a")?.style.hollow, false);
  assert.equal(series.get("a")?.label, "name a");
});

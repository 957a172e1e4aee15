import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { RunCatalog } from "../../src/host/catalog.ts";
import type { RunEntry } from "../../src/host/runEntry.ts";
import type { Runs } from "../../src/host/runs.ts";
import { RunsTree, type RunsNode } from "../../src/host/views/runsTree.ts";
import { nodeFileStore } from "../../src/node/fileStore.ts";
import { EventEmitter, fake, FakeMemento } from "../fakes/vscode.ts";

beforeEach(() => fake.reset());

const imported = (id: string): RunEntry => ({
  id,
  name: id,
  role: "base",
  dataset: "aime24",
  datasetProblems: 30,
  problemSet: "s",
  source: { kind: "imported", uri: `file:///${id}.jsonl`, model: id },
  state: "imported",
  finished: 8,
  total: 8,
  message: null,
  failure: null,
  summary: null,
  createdAt: null,
  stamp: null,
});

function setUp(state = new FakeMemento()) {
  const catalog = new RunCatalog({
    state,
    files: () => Promise.resolve(nodeFileStore),
    roots: () => [],
    onIssue: (message) => assert.fail(message),
  });
  const progressed = new EventEmitter<string>();
  const runs = { onDidProgress: progressed.event, progressOf: () => null } as unknown as Runs;
  return { catalog, progressed, tree: new RunsTree({ catalog, runs }), state };
}

test("runs stand under their dataset, and rows say what they are", async () => {
  const { catalog, tree } = setUp();
  await catalog.put(imported("a"));
  await catalog.put(imported("b"));
  const [dataset] = await tree.getChildren();
  assert.equal(tree.getTreeItem(dataset!).description, "30 problems");
  const rows = await tree.getChildren(dataset);
  assert.deepEqual(
    rows.map((row) => tree.getTreeItem(row).contextValue),
    ["run.imported", "run.imported"],
  );
  const parent = tree.getParent(rows[0]!);
  assert.equal(tree.getTreeItem(parent!).id, tree.getTreeItem(dataset!).id);
  tree.dispose();
});

test("progress redraws its own row alone; a run that comes or goes redraws the tree", async () => {
  const { catalog, progressed, tree } = setUp();
  await catalog.put(imported("a"));
  await catalog.put(imported("b"));
  const [dataset] = await tree.getChildren();
  const [row] = await tree.getChildren(dataset);
  const redrawn: (RunsNode | undefined)[] = [];
  tree.onDidChangeTreeData((node) => redrawn.push(node ?? undefined));
  const turn = () => new Promise((resolve) => setTimeout(resolve, 400));
  await turn();
  assert.deepEqual(redrawn, [undefined]);
  for (let i = 0; i < 5; i++) progressed.fire("a");
  await turn();
  assert.equal(redrawn.length, 2);
  assert.equal(redrawn[1], row);
  await catalog.remove("b");
  await turn();
  assert.deepEqual(redrawn.slice(2), [undefined]);
  tree.dispose();
});

test("imported rollouts are remembered by the workspace; what another version wrote is left alone", async () => {
  const { catalog, tree, state } = setUp();
  await catalog.put(imported("a"));
  const later = setUp(state);
  await later.catalog.load();
  assert.deepEqual(later.catalog.all(), [imported("a")]);
  await state.update("rolloutLens.imports", { version: 99, value: "from the future" });
  const newer = setUp(state);
  await newer.catalog.load();
  assert.deepEqual(newer.catalog.all(), []);
  assert.deepEqual(state.get("rolloutLens.imports"), { version: 99, value: "from the future" });
  for (const each of [tree, later.tree, newer.tree]) each.dispose();
});

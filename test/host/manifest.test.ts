import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { roles } from "../../src/core/model.ts";
import { codeTimeLimits } from "../../src/core/verify/code/codeVerifierId.ts";
import { intervalMethods } from "../../src/core/estimate/names.ts";
import { parseEndpointConfig } from "../../src/endpoints/config.ts";
import { colourNames } from "../../src/host/colours.ts";
import { commands } from "../../src/host/commands.ts";
import { labelCommand, labelKeys } from "../../src/host/label/labelKeys.ts";
import { labelsViewId } from "../../src/host/label/labels.ts";
import { labelActions } from "../../src/protocol/labels.ts";
import { contextKeys } from "../../src/host/contextKeys.ts";
import { curvesViewType } from "../../src/host/panels/curvesPanels.ts";
import { rolloutEditorViewType } from "../../src/host/editors/rolloutEditor.ts";
import { inspectorViewType } from "../../src/host/panels/inspectorPanels.ts";
import { endpointsSetting, settingRules } from "../../src/host/settings.ts";
import { readVerifierSetting, verifiersSetting } from "../../src/host/verifierSettings.ts";
import { root } from "../paths.ts";

interface MenuItem {
  /** Absent where a submenu stands. */
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}
interface Property {
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly scope: string;
  readonly maximum?: number;
}
interface Manifest {
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly customEditors: readonly { readonly viewType: string; readonly priority: string }[];
    readonly commands: readonly {
      readonly command: string;
      readonly category: string;
      readonly title: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly submenus: readonly { readonly id: string }[];
    readonly keybindings: readonly MenuItem[];
    readonly views: { readonly rolloutLens: readonly { readonly id: string; readonly type?: string }[] };
    readonly viewsWelcome: readonly {
      readonly view: string;
      readonly when: string;
      readonly contents: string;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
    readonly colors: readonly { readonly id: string; readonly defaults: Readonly<Record<string, string>> }[];
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly icon: string }[] };
  };
}
interface Step {
  readonly media: { readonly svg: string };
  readonly completionEvents: readonly string[];
  readonly description: string;
}

const text = readFileSync(join(root, "package.json"), "utf8");
const manifest = JSON.parse(text) as Manifest;
const { contributes } = manifest;
const strings = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")) as Record<string, string>;
const localised = (value: string): string => strings[value.replaceAll("%", "")] ?? value;
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

const sources = readdirSync(join(root, "src/host"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(root, "src/host", name), "utf8"));
const sourceText = sources.join("\n");

test("every command has a handler, and every handler is a command of the manifest", () => {
  assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.keys(commands)));
  assert.equal(contributes.commands.length, Object.keys(commands).length);
});

test("commands have the category, and titles start with a capital", () => {
  for (const { category, title } of contributes.commands) {
    assert.equal(category, "Rollout Lens");
    assert.match(localised(title), /^[A-Z]/);
  }
});

test("menus, keys, links and walkthrough name commands that exist", () => {
  const named = [
    ...Object.values(contributes.menus)
      .flat()
      .flatMap(({ command }) => command ?? []),
    ...contributes.keybindings.flatMap(({ command }) => command ?? []),
    ...[
      ...Object.values(strings)
        .join("\n")
        .matchAll(/\(command:(rolloutLens\.\w+)\)/g),
    ].map(([, id]) => id!),
    ...contributes.walkthroughs[0]!.steps.flatMap(({ completionEvents }) =>
      completionEvents.map((event) => event.replace(/^onCommand:/, "")),
    ),
    ...[...sourceText.matchAll(/(?:command: |executeCommand\()"(rolloutLens\.\w+)"/g)].map(([, id]) => id!),
  ];
  assert.ok(named.length > 40);
  // Keys of the workbench's own find widget over a page of ours.
  const theirs = ["editor.action.webvieweditor.findNext", "editor.action.webvieweditor.findPrevious"];
  for (const command of named) assert.ok(command in commands || theirs.includes(command), command);
});

test("submenus are there, and each has something in it", () => {
  const items = Object.values(contributes.menus).flat();
  const ids = contributes.submenus.map(({ id }) => id);
  assert.deepEqual(sorted(items.flatMap(({ submenu }) => submenu ?? [])), sorted(ids));
  for (const id of ids) assert.ok((contributes.menus[id]?.length ?? 0) > 0, id);
});

test("a command that needs an argument it cannot ask for is hidden from the palette", () => {
  const hidden = contributes.menus["commandPalette"]!.filter(({ when }) => when === "false");
  assert.deepEqual(sorted(hidden.flatMap(({ command }) => command ?? [])), [
    "rolloutLens.removeRun",
    "rolloutLens.revealRun",
    "rolloutLens.sampleProblem",
    "rolloutLens.showRun",
  ]);
});

test("settings, their defaults and choices are those the code reads", () => {
  const { properties } = contributes.configuration;
  const names = [endpointsSetting, verifiersSetting, ...Object.keys(settingRules)].map(
    (name) => `rolloutLens.${name}`,
  );
  assert.deepEqual(sorted(Object.keys(properties)), sorted(names));
  for (const [name, rule] of Object.entries(settingRules)) {
    assert.deepEqual(properties[`rolloutLens.${name}`]!.default, rule.fallback, name);
    assert.ok(rule.holds(properties[`rolloutLens.${name}`]!.default), name);
  }
  assert.deepEqual(properties["rolloutLens.interval"]!.enum, intervalMethods);
  assert.equal(properties["rolloutLens.endpoints"]!.scope, "machine-overridable");
  assert.equal(properties["rolloutLens.codeTimeLimit"]!.maximum, codeTimeLimits.most);
});

test("the schema of an endpoint has the fields that the reader knows, and no other", () => {
  const { items } = contributes.configuration.properties["rolloutLens.endpoints"] as unknown as {
    readonly items: { readonly properties: Record<string, { readonly enum?: readonly string[] }> };
  };
  const sample: Record<string, unknown> = {
    name: "a",
    role: "rl",
    baseUrls: ["http://localhost/v1"],
    model: "m",
    api: "chat",
    template: "plain",
    stop: ["x"],
    extraBody: {},
    headers: {},
    stickyHeader: "x-s",
    maxConcurrency: 1,
    idleTimeoutMs: 1,
    vocabularySize: 1,
  };
  assert.deepEqual(sorted(Object.keys(items.properties)), sorted(Object.keys(sample)));
  assert.deepEqual(Object.keys(parseEndpointConfig(sample, "e")).sort(), Object.keys(sample).sort());
  assert.deepEqual(items.properties["role"]!.enum, roles);
});

test("the schema of a verifier has the fields that the reader knows, and no other", () => {
  const { items } = contributes.configuration.properties["rolloutLens.verifiers"] as unknown as {
    readonly items: { readonly properties: Record<string, unknown> };
  };
  const sample = { name: "a", command: "b", args: ["c"], cwd: "d", timeoutMs: 1, startMs: 2, inFlight: 3 };
  assert.deepEqual(sorted(Object.keys(items.properties)), sorted(Object.keys(sample)));
  const { args: _, ...rest } = sample;
  assert.deepEqual(readVerifierSetting(sample, "v"), { ...rest, command: ["b", "c"] });
  assert.throws(() => readVerifierSetting({ ...sample, other: 1 }, "v"), /v\.other: expected one of name/);
});

test("what decides where requests go and what is started is restricted in folders that are not trusted", () => {
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  for (const name of ["endpoints", "verifiers", "codeEngine", "codeJobs", "codeTimeLimit", "codePython"])
    assert.ok(restricted.includes(`rolloutLens.${name}`), name);
  for (const name of restricted) assert.ok(name in contributes.configuration.properties, name);
});

test("views of the manifest are made; a tree has a welcome with and without trust, a page shows its own", () => {
  for (const { id, type } of contributes.views.rolloutLens) {
    const whens = contributes.viewsWelcome.filter(({ view }) => view === id).map(({ when }) => when);
    if (type === "webview") {
      assert.equal(id, labelsViewId);
      assert.ok(sourceText.includes("registerWebviewViewProvider(labelsViewId"), id);
      assert.deepEqual(whens, []);
      continue;
    }
    assert.ok(sourceText.includes(`createTreeView("${id}"`), id);
    assert.deepEqual(sorted(whens), ["!isWorkspaceTrusted", "isWorkspaceTrusted"]);
  }
});

test("what the Label view does has a command each, with a key that works there alone, and the view knows it", () => {
  const keys = labelKeys(manifest);
  for (const action of labelActions) {
    const bound = contributes.keybindings.filter(({ command }) => command === labelCommand(action));
    assert.deepEqual(
      bound.map(({ when }) => when),
      ["rolloutLens.labels.focused"],
      action,
    );
    assert.ok(keys[action], action);
  }
  assert.deepEqual([keys.wrong, keys.note, keys.help], ["1", "space", "?"]);
  assert.equal(new Set(Object.values(keys)).size, labelActions.length);
});

test("context keys in when clauses are those that are set, and all of them are used", () => {
  const whens = [...text.matchAll(/"(?:when|enablement)": "((?:[^"\\]|\\.)*)"/g)].map(([, when]) => when!);
  const used = whens.flatMap((when) => when.match(/rolloutLens(?:\.\w+)+/g) ?? []);
  const views = contributes.views.rolloutLens.map(({ id }) => id);
  const editors = [curvesViewType, inspectorViewType, rolloutEditorViewType];
  assert.deepEqual(sorted(used.filter((key) => ![...views, ...editors].includes(key))), sorted(contextKeys));
});

test("context values of tree items in when clauses are values that items have", () => {
  const patterns = [...text.matchAll(/viewItem =~ \/((?:[^/\\]|\\.)*)\//g)].map(
    ([, pattern]) => new RegExp(JSON.parse(`"${pattern}"`) as string),
  );
  const states = ["queued", "running", "paused", "cancelled", "done", "failed", "imported"].map(
    (state) => `run.${state}`,
  );
  const endpoints = ["needsKey", "unknown", "probing", "failed", "probed"].map(
    (state) => `endpoint.${state}`,
  );
  const values = [...states, ...endpoints, "dataset.runs", "study.finished", "study.unfinished", "finding"];
  assert.ok(patterns.length > 10);
  for (const pattern of patterns)
    assert.ok(
      values.some((value) => pattern.test(value)),
      String(pattern),
    );
});

test("colours are those the views are given, each for all four kinds of theme", () => {
  const ids = contributes.colors.map(({ id }) => id);
  assert.deepEqual(sorted(ids), sorted(colourNames.map((name) => `rolloutLens.${name}`)));
  for (const { id, defaults } of contributes.colors)
    for (const kind of ["dark", "light", "highContrast", "highContrastLight"])
      assert.match(defaults[kind] ?? "", /^#[0-9A-F]{6}$/, `${id} ${kind}`);
});

test("every %string% is there, and every string is used", () => {
  const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!);
  assert.deepEqual(sorted(used), sorted(Object.keys(strings)));
});

test("files that the manifest names are there", () => {
  const files = [
    manifest.icon,
    ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
  ];
  for (const file of files) assert.ok(existsSync(join(root, file)), file);
  assert.ok(contributes.walkthroughs[0]!.steps.length <= 5);
});

test("rollouts have an editor of their own, which opens by choice only", () => {
  const [editor, ...more] = contributes.customEditors;
  assert.equal(more.length, 0);
  assert.deepEqual([editor?.viewType, editor?.priority], [rolloutEditorViewType, "option"]);
});

test("the extension starts for its panel and for data files, never for everything", () => {
  for (const type of [curvesViewType, inspectorViewType])
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${type}`));
  for (const event of manifest.activationEvents)
    assert.match(event, /^(onWebviewPanel:|onLanguage:(jsonl|csv|tsv)$)/);
  assert.deepEqual(manifest.extensionKind, ["workspace"]);
});

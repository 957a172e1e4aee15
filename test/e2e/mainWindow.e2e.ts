// One window for all that needs the bridge into its extension host: a window costs more than most tests in it.
import { after, before, describe } from "node:test";
import type { FakeServer } from "../fakes/server/server.ts";
import { adaptiveTests } from "./adaptive.ts";
import { rolloutEditorTests } from "./inspector.ts";
import { labelBesideTests } from "./labelBeside.ts";
import { quickFiles, quickPassAtKTests, quickServer, quickSettings } from "./quickPassAtK.ts";
import { reverifyFiles, reverifyTests } from "./reverify.ts";
import { rolloutFiles, rolloutTests, themeTests } from "./rollouts.ts";
import { tabTests } from "./tabs.ts";
import { Workbench } from "./workbench.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

let server: FakeServer;
let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  server = await quickServer();
  workspace = makeWorkspace({ ...quickFiles(), ...rolloutFiles(), ...reverifyFiles() });
  workbench = await Workbench.open({ workspace: workspace.folder, settings: quickSettings(server) });
});

after(async () => {
  await workbench?.close();
  await server?.close();
  workspace?.remove();
});

const window = () => workbench;
/** Each part starts with no editor open. */
const clear = () => workbench.command("View: Close All Editors");

describe("Quick pass@k", () => {
  before(clear);
  quickPassAtKTests(window, () => server);
});

describe("sample where it matters", () => {
  before(clear);
  adaptiveTests(window, () => workspace);
});

describe("rollouts", () => {
  before(clear);
  rolloutTests(window, () => workspace);
  rolloutEditorTests(window, () => workspace);
  labelBesideTests(window, "sample-rlimported");
});

describe("re-verify", () => {
  before(clear);
  reverifyTests(window, () => workspace);
});

describe("tabs", () => {
  before(clear);
  tabTests(window, () => workspace);
});

describe("themes", () => themeTests(window));

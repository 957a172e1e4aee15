// The demo models' window: what samples them, inspects and scores their traces. Kept apart from mainWindow.e2e.ts so that each ends in time.
import { after, before, describe } from "node:test";
import { demoCrossingTests, demoTests } from "./demo.ts";
import { inspectorTests } from "./inspector.ts";
import { perplexityTests } from "./perplexity.ts";
import { studyTests } from "./studies.ts";
import { studyKindTests } from "./studyKinds.ts";
import { Workbench } from "./workbench.ts";
import { makeWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;
let workbench: Workbench;

before(async () => {
  workspace = makeWorkspace({ "notes.md": "# Notes\n" });
  workbench = await Workbench.open({ workspace: workspace.folder });
});

after(async () => {
  await workbench?.close();
  workspace?.remove();
});

const window = () => workbench;

demoTests(window, () => workspace);
inspectorTests(window);

describe("to the end", () => {
  before(() => workbench.command("View: Close All Editors"));
  demoCrossingTests(window);
  perplexityTests(window);
});

describe("studies", () => {
  before(() => workbench.command("View: Close All Editors"));
  studyTests(window, () => workspace);
  studyKindTests(window, () => workspace);
});

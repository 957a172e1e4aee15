import * as vscode from "vscode";
import type { Root } from "../compose/composeStore.ts";
import { countRuns } from "../countRuns.ts";
import type { Features } from "../features.ts";
import { labelsViewId } from "../label/labels.ts";
import { StatusBar } from "../statusBar.ts";
import { EndpointsTree } from "./endpointsTree.ts";
import { RunsProgress } from "./runsProgress.ts";
import { RunsTree, type RunsNode } from "./runsTree.ts";

/** The three views, the status bar and the progress of runs; the tree of runs comes back for its selection. */
export function registerViews(
  { endpoints, catalog, runs, data, labels }: Features,
  keep: Root["keep"],
): vscode.TreeView<RunsNode> {
  const endpointsTree = keep(new EndpointsTree(endpoints));
  const endpointRows = { treeDataProvider: endpointsTree, canSelectMany: true };
  keep(vscode.window.createTreeView("rolloutLens.endpoints", endpointRows));
  keep(vscode.window.registerWebviewViewProvider(labelsViewId, labels));
  const treeDataProvider = keep(new RunsTree({ catalog, runs }));
  const runsView = keep(
    vscode.window.createTreeView("rolloutLens.runs", {
      treeDataProvider,
      canSelectMany: true,
      showCollapseAll: true,
    }),
  );
  const count = async (): Promise<void> => {
    await catalog.load();
    await countRuns(catalog, data);
  };
  keep(runsView.onDidChangeVisibility(({ visible }) => visible && void count()));
  // Folders that come or go bring or take their runs.
  keep(vscode.workspace.onDidChangeWorkspaceFolders(() => void catalog.refresh().then(count)));
  if (runsView.visible) void count();
  keep(new StatusBar({ runs, catalog }));
  keep(new RunsProgress(runs));
  return runsView;
}

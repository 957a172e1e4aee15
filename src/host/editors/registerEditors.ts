import * as vscode from "vscode";
import type { Root } from "../compose/composeStore.ts";
import { ContextValues } from "../contextKeys.ts";
import type { Features } from "../features.ts";
import { ActiveFileKind } from "./activeFileKind.ts";
import { DatasetLenses } from "./datasetLenses.ts";

/** What stands in files of problems and rollouts, and which of them the active editor shows. */
export function registerEditors(
  { datasets, settings, quickPassAtK, endpoints, log }: Features,
  keep: Root["keep"],
): void {
  const context = keep(new ContextValues());
  context.set("rolloutLens.active", true);
  keep(new ActiveFileKind({ datasets, context, log }));
  const onDidChange = [
    settings.onDidChange,
    endpoints.onDidChange,
    vscode.workspace.onDidGrantWorkspaceTrust,
  ];
  keep(new DatasetLenses({ datasets, settings, quickPassAtK, log, onDidChange }));
}

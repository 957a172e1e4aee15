import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import type { RunCatalog } from "./catalog.ts";
import type { EndpointEntry, Endpoints } from "./endpoints.ts";
import type { RunData } from "./runData.ts";
import { runsIn } from "./runRows.ts";

export interface EndpointChoicePorts {
  readonly endpoints: Endpoints;
  readonly catalog: RunCatalog;
  readonly data: RunData;
}

/**
 * The endpoint a command is about: that of its row, or of its row's run; else the only one, else the person chooses.
 * `null` when the person left. Rejects with `noEndpoint` when there is none.
 */
export async function endpointOf(
  ports: EndpointChoicePorts,
  [row]: readonly unknown[],
): Promise<EndpointEntry | null> {
  const [run] = runsIn([row]);
  if (run !== undefined) return endpointOfRun(ports, run.id);
  const list = await ports.endpoints.list();
  const name = nameIn(row);
  if (name !== null) return list.find(({ config }) => config.name === name) ?? null;
  if (list.length === 0) throw new LensError("noEndpoint", vscode.l10n.t("No endpoint yet."));
  if (list.length === 1) return list[0] ?? null;
  const items = list.map((entry) => ({ label: entry.config.name, description: entry.origin, entry }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Endpoint") }))?.entry ?? null;
}

async function endpointOfRun(
  { catalog, data, endpoints }: EndpointChoicePorts,
  id: string,
): Promise<EndpointEntry | null> {
  await catalog.load();
  const entry = catalog.find(id);
  return entry?.source.kind === "sampled" ? endpoints.ofPlan(await data.planIn(entry.source.folder)) : null;
}

/** Names of the rows of the Endpoints view that a command was given: all that are selected, else the one that was clicked. */
export function endpointsIn([first, selection]: readonly unknown[]): readonly string[] {
  const rows: readonly unknown[] = Array.isArray(selection) && selection.length > 0 ? selection : [first];
  return rows.flatMap((row) => nameIn(row) ?? []);
}

/** Of a row of the Endpoints view. */
function nameIn(row: unknown): string | null {
  if (typeof row !== "object" || row === null || !("entry" in row)) return null;
  return (row.entry as Partial<EndpointEntry> | null)?.config?.name ?? null;
}

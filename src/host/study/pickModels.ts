import * as vscode from "vscode";
import type { EndpointEntry } from "../endpoints.ts";
import type { StudyOffer } from "./configureStudy.ts";

interface ModelItem extends vscode.QuickPickItem {
  /** `null`: start the demo models, then ask again. */
  readonly entry: EndpointEntry | null;
}

/** Asks for several models; the base comes first. `null` when the person left, or chose none. */
export async function pickModels(
  chosen: readonly EndpointEntry[],
  offer: StudyOffer,
): Promise<readonly EndpointEntry[] | null> {
  const names = new Set(chosen.map(({ config }) => config.name));
  for (;;) {
    const items = await itemsOf(offer);
    const picked = await vscode.window.showQuickPick(
      items.map((item) => ({ ...item, picked: item.entry !== null && names.has(item.entry.config.name) })),
      {
        title: vscode.l10n.t("Models of the study"),
        placeHolder: vscode.l10n.t("The first base model is what the others are compared with"),
        canPickMany: true,
        ignoreFocusOut: true,
      },
    );
    if (picked === undefined) return null;
    const entries = picked.flatMap(({ entry }) => entry ?? []);
    if (entries.length === picked.length) return entries.length === 0 ? null : baseFirst(entries);
    await offer.startDemo();
    for (const { config } of entries) names.add(config.name);
  }
}

/** Asks for one model; `null` when the person left. */
export async function pickModel(title: string, offer: StudyOffer): Promise<EndpointEntry | null> {
  for (;;) {
    const items = await itemsOf(offer);
    const picked = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
    if (picked === undefined) return null;
    if (picked.entry !== null) return picked.entry;
    await offer.startDemo();
  }
}

export const baseFirst = (entries: readonly EndpointEntry[]): readonly EndpointEntry[] => [
  ...entries.filter(({ config }) => config.role === "base"),
  ...entries.filter(({ config }) => config.role !== "base"),
];

async function itemsOf({ endpoints }: StudyOffer): Promise<readonly ModelItem[]> {
  const entries = await endpoints();
  const items = entries.map((entry) => ({
    label: entry.config.name,
    description: `${entry.config.role} · ${entry.config.model}`,
    entry,
  }));
  if (entries.some(({ offered }) => offered)) return items;
  const demo = {
    label: vscode.l10n.t("$(beaker) Demo models ..."),
    description: vscode.l10n.t("start them on this machine; they know the demo's problems only"),
    entry: null,
  };
  return [...items, demo];
}

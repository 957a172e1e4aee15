import * as vscode from "vscode";
import { count } from "../../core/numberWords.ts";
import type { Capabilities, Finding } from "../../endpoints/capabilities.ts";
import type { EndpointEntry, Endpoints } from "../endpoints.ts";
import { formatAge } from "../formatAge.ts";

/** A capability under its endpoint. */
interface FindingNode {
  readonly kind: "finding";
  readonly label: string;
  readonly finding: Finding;
}
export interface EndpointNode {
  readonly kind: "endpoint";
  readonly entry: EndpointEntry;
}
type Node = EndpointNode | FindingNode;

/** The Endpoints view: each endpoint with what its probe found. */
export class EndpointsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly endpoints: Endpoints;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(endpoints: Endpoints) {
    this.endpoints = endpoints;
    this.subscription = endpoints.onDidChange(() => this.changed.fire());
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined)
      return (await this.endpoints.list()).map((entry) => ({ kind: "endpoint", entry }));
    if (node.kind === "finding" || node.entry.state.kind !== "probed") return [];
    return findingsOf(node.entry.state.capabilities);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === "endpoint" ? endpointItem(node.entry) : findingItem(node);
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}

export const needsKey = ({ state, hasKey }: EndpointEntry): boolean =>
  state.kind === "failed" && state.code === "unauthorized" && !hasKey;

function endpointItem(entry: EndpointEntry): vscode.TreeItem {
  const { config, state } = entry;
  const open = state.kind === "probed" && state.capabilities.models.state !== "no";
  const item = new vscode.TreeItem(
    config.name,
    state.kind === "probed"
      ? vscode.TreeItemCollapsibleState[open ? "Collapsed" : "Expanded"]
      : vscode.TreeItemCollapsibleState.None,
  );
  item.id = `${entry.origin} ${config.name} ${config.model}`;
  item.contextValue = needsKey(entry) ? "endpoint.needsKey" : `endpoint.${state.kind}`;
  item.iconPath = iconOf(entry);
  item.description = describe(entry);
  item.tooltip = tooltipOf(entry);
  item.accessibilityInformation = { label: `${config.name}, ${item.description}` };
  return item;
}

function iconOf(entry: EndpointEntry): vscode.ThemeIcon {
  if (needsKey(entry)) return new vscode.ThemeIcon("key", new vscode.ThemeColor("list.warningForeground"));
  if (entry.state.kind === "failed") {
    return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.errorForeground"));
  }
  return new vscode.ThemeIcon(entry.state.kind === "probing" ? "sync~spin" : "server");
}

const roleWords = {
  base: "base",
  rl: "RL",
  distilled: "distilled",
  instruct: "instruct",
  other: "other",
} as const;

function describe(entry: EndpointEntry): string {
  const { config, state } = entry;
  const role = roleWords[config.role];
  if (needsKey(entry)) return vscode.l10n.t("{0} · needs a key", role);
  switch (state.kind) {
    case "unknown":
      return entry.offered ? vscode.l10n.t("{0} · on this machine", role) : `${role} · ${config.model}`;
    case "probing":
      return vscode.l10n.t("{0} · probing", role);
    case "failed":
      return failureWords(state);
    case "probed":
  }
  return `${role} · ${abilities(state.capabilities)}`;
}

function failureWords({ code, at }: { readonly code: string; readonly at: number }): string {
  const age = formatAge(Date.now() - at);
  if (code === "unauthorized") return vscode.l10n.t("the key was refused, {0}", age);
  if (code === "connection" || code === "timeout") return vscode.l10n.t("no answer, {0}", age);
  return vscode.l10n.t("probe failed, {0}", age);
}

function abilities({ completions, chat, logProbs, models }: Capabilities): string {
  if (models.state === "no") return models.reason;
  const words = [
    completions.state === "ok" ? vscode.l10n.t("completions") : null,
    chat.state === "ok" ? vscode.l10n.t("chat") : null,
    logProbs.state === "ok"
      ? `${vscode.l10n.t("log-probs")}${logProbs.top === null ? "" : ` ${logProbs.top}`}`
      : null,
  ].filter((word) => word !== null);
  return words.length === 0 ? vscode.l10n.t("cannot sample") : words.join(", ");
}

function findingsOf(found: Capabilities): FindingNode[] {
  const rows: readonly (readonly [string, Finding])[] = [
    [vscode.l10n.t("Model"), found.models],
    [vscode.l10n.t("Completions"), found.completions],
    [vscode.l10n.t("Chat"), found.chat],
    [vscode.l10n.t("Several samples a request"), found.n],
    [vscode.l10n.t("Seed"), found.seed],
    [vscode.l10n.t("Log-probs"), found.logProbs],
    [vscode.l10n.t("Context"), contextFinding(found)],
  ];
  return rows.map(([label, finding]) => ({ kind: "finding", label, finding }));
}

function contextFinding({ maxModelLength }: Capabilities): Finding {
  const { tokens } = maxModelLength;
  if (tokens === null) return maxModelLength;
  return { state: maxModelLength.state, reason: vscode.l10n.t("{0} tokens", count(tokens)) };
}

/** Icon, colour and word say the same thing three times: never colour alone. */
const looks = {
  ok: { icon: "check", color: "rolloutLens.verdict.correct", word: "yes" },
  no: { icon: "close", color: "rolloutLens.verdict.wrong", word: "no" },
  unknown: { icon: "question", color: "disabledForeground", word: "not known" },
} as const;

function findingItem({ label, finding }: FindingNode): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  const look = looks[finding.state];
  item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color));
  item.description = finding.reason;
  item.contextValue = "finding";
  item.tooltip = `${label}: ${look.word}${finding.reason === "" ? "" : `, ${finding.reason}`}`;
  item.accessibilityInformation = { label: item.tooltip };
  return item;
}

function tooltipOf(entry: EndpointEntry): string {
  const { config, origin, state, fromWorkspace } = entry;
  const lines = [`${config.name} (${roleWords[config.role]})`, config.model, origin, keyWords(entry)];
  if (fromWorkspace) lines.push(vscode.l10n.t("From the settings of this workspace"));
  if (state.kind === "failed") lines.push(state.message);
  if (state.kind === "probed" && state.capabilities.server !== null) lines.push(state.capabilities.server);
  return lines.join("\n");
}

function keyWords({ hasKey, offered }: EndpointEntry): string {
  if (offered) return vscode.l10n.t("Runs in this window; its key is in memory only");
  return hasKey
    ? vscode.l10n.t("API key stored for this server")
    : vscode.l10n.t("No API key stored for this server");
}

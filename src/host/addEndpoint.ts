import * as vscode from "vscode";
import { roles, type Role } from "../core/model.ts";
import type { Capabilities } from "../endpoints/capabilities.ts";
import type { EndpointConfig } from "../endpoints/config.ts";
import type { EndpointEntry, EndpointState, Endpoints } from "./endpoints.ts";
import type { Report } from "./report.ts";
import type { ApiKeys } from "./secrets.ts";
import type { Settings } from "./settings.ts";

export interface AddEndpointPorts {
  readonly endpoints: Endpoints;
  readonly keys: ApiKeys;
  readonly settings: Settings;
  readonly report: Report;
}

/** From a URL to an endpoint in the person's settings: asks the server for its models, and for a key where it wants one. */
export async function addEndpoint(ports: AddEndpointPorts): Promise<EndpointEntry | null> {
  const url = await askUrl();
  if (url === null) return null;
  const found = await lookAt(ports, url);
  if (found === null) return null;
  const model = await askModel(found.capabilities);
  if (model === null) return null;
  const name = await askName(ports, model);
  if (name === null) return null;
  const role = await askRole(model);
  if (role === null) return null;
  await ports.settings.addEndpoint({ name, role, baseUrls: [url], model });
  const entry = await ports.endpoints.named(name);
  if (entry === null) {
    const message = vscode.l10n.t(
      "{0} was added to your settings, but this workspace has a list of endpoints of its own, which wins.",
      name,
    );
    void ports.report.tell(message, { severity: "warning" });
    return null;
  }
  await ports.endpoints.probe(entry);
  return ports.endpoints.named(name);
}

async function askUrl(): Promise<string | null> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Add an endpoint (1 of 4): base URL"),
    prompt: vscode.l10n.t(
      "A server with the OpenAI API: vLLM, SGLang, llama.cpp, hosted. Usually it ends in /v1.",
    ),
    placeHolder: "http://localhost:8000/v1",
    ignoreFocusOut: true,
    validateInput: (input) =>
      isHttp(input) ? null : vscode.l10n.t("An address that starts with http:// or https://"),
  });
  return text === undefined ? null : text.trim().replace(/\/+$/, "");
}

const isHttp = (text: string): boolean =>
  URL.canParse(text.trim()) && /^https?:$/.test(new URL(text.trim()).protocol);

/** What the server answers; `null` when the person gave up. `capabilities` is null when it is to be added unseen. */
async function lookAt(
  ports: AddEndpointPorts,
  url: string,
): Promise<{ readonly capabilities: Capabilities | null } | null> {
  const { origin } = new URL(url);
  for (let refused = false; ; refused = true) {
    const key = (await ports.keys.keysFor([origin], { fromWorkspace: false })).get(origin) ?? null;
    const state = await lookWithProgress(ports.endpoints, url, key);
    if (state.kind === "probed") return { capabilities: state.capabilities };
    if (state.kind !== "failed" || state.code === "cancelled") return null;
    if (state.code === "unauthorized") {
      if (!(await askKey(ports.keys, origin, refused || key !== null))) return null;
      continue;
    }
    const anyway = await ports.report.confirm({
      message: vscode.l10n.t("{0} did not answer. Add it anyway?", origin),
      detail: state.message,
      yes: vscode.l10n.t("Add it anyway"),
    });
    return anyway ? { capabilities: null } : null;
  }
}

function lookWithProgress(endpoints: Endpoints, url: string, key: string | null): Promise<EndpointState> {
  const config: EndpointConfig = { name: url, role: "other", baseUrls: [url], model: "?", api: "auto" };
  const title = vscode.l10n.t("Asking {0} for its models", new URL(url).origin);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, (_progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return endpoints.look(config, key, controller.signal);
    }),
  );
}

/** Asks for a key and stores it; `false` when the person left. `refused`: the server did not take the last one. */
export async function askKey(keys: ApiKeys, origin: string, refused = false): Promise<boolean> {
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t("API key for {0}", origin),
    prompt: refused
      ? vscode.l10n.t(
          "The server refused that key. Another one, kept as before and sent to this server only:",
        )
      : vscode.l10n.t("Kept in the secret storage of this machine and sent to this server only."),
    password: true,
    ignoreFocusOut: true,
    validateInput: (input) => (input.trim() === "" ? vscode.l10n.t("A key") : null),
  });
  if (key === undefined) return false;
  await keys.set(origin, key);
  return true;
}

async function askModel(capabilities: Capabilities | null): Promise<string | null> {
  const title = vscode.l10n.t("Add an endpoint (2 of 4): model");
  const ids = capabilities?.models.ids ?? [];
  if (ids.length > 0)
    return (await vscode.window.showQuickPick([...ids], { title, ignoreFocusOut: true })) ?? null;
  const prompt = vscode.l10n.t("The server lists no models. Its id, as requests name it:");
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    ignoreFocusOut: true,
    validateInput: (input) => (input.trim() === "" ? vscode.l10n.t("The model's id") : null),
  });
  return text?.trim() ?? null;
}

async function askName({ endpoints }: AddEndpointPorts, model: string): Promise<string | null> {
  const taken = new Set((await endpoints.list()).map(({ config }) => config.name));
  const short = model.split("/").at(-1) ?? model;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Add an endpoint (3 of 4): name"),
    prompt: vscode.l10n.t("As trees, charts and tables call it."),
    value: taken.has(short) ? `${short} (2)` : short,
    ignoreFocusOut: true,
    validateInput: (input) => {
      if (input.trim() === "") return vscode.l10n.t("A name");
      return taken.has(input.trim()) ? vscode.l10n.t("Another endpoint has this name.") : null;
    },
  });
  return text?.trim() ?? null;
}

async function askRole(model: string): Promise<Role | null> {
  const details: Readonly<Record<Role, string>> = {
    base: vscode.l10n.t("Pretrained, before any reinforcement learning"),
    rl: vscode.l10n.t("Trained by reinforcement learning, or a checkpoint of it"),
    distilled: vscode.l10n.t("Distilled from a stronger model"),
    instruct: vscode.l10n.t("Instruction-tuned"),
    other: vscode.l10n.t("Anything else"),
  };
  const items = roles.map((role) => ({
    label: role === "rl" ? "RL" : role,
    description: details[role],
    role,
  }));
  const title = vscode.l10n.t("Add an endpoint (4 of 4): what is {0} in a comparison?", model);
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.role ?? null;
}

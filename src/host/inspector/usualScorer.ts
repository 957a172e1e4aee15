import type * as vscode from "vscode";
import type { Endpoints } from "../endpoints.ts";
import type { Settings } from "../settings.ts";

const lastName = "rolloutLens.lastScorer";

export interface UsualScorerPorts {
  readonly endpoints: Endpoints;
  readonly settings: Settings;
  readonly state: vscode.Memento;
  /** Can this window start what offers the endpoint of this name? */
  readonly canWake: (name: string) => boolean;
}

/** Under which model a trace is scored when nobody says it. */
export class UsualScorer {
  private readonly ports: UsualScorerPorts;

  constructor(ports: UsualScorerPorts) {
    this.ports = ports;
  }

  /** The setting's, else the last one that was chosen, else the only base model; `null`: the person has to say it. */
  async find(): Promise<string | null> {
    const { endpoints, settings, state, canWake } = this.ports;
    const list = await endpoints.list();
    const known = (name: string): boolean =>
      name !== "" && (list.some(({ config }) => config.name === name) || canWake(name));
    const named = [settings.get("scorer"), state.get<string>(lastName) ?? ""].find(known);
    if (named !== undefined) return named;
    const bases = list.filter(({ config }) => config.role === "base");
    return bases.length === 1 ? (bases[0]?.config.name ?? null) : null;
  }

  async remember(name: string): Promise<void> {
    await this.ports.state.update(lastName, name);
  }
}

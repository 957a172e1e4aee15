import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import type { EndpointEntry, Endpoints } from "./endpoints.ts";

/**
 * What the endpoint can do decides between completions and chat, so it is asked once before its first run. Rejects with
 * the probe's failure.
 */
export async function probedState(
  endpoints: Endpoints,
  endpoint: EndpointEntry,
): Promise<EndpointEntry["state"]> {
  if (endpoint.config.api !== "auto" || endpoint.state.kind === "probed") return endpoint.state;
  const state = await endpoints.probe(endpoint);
  if (state.kind !== "failed") return state;
  throw new LensError(
    state.code,
    vscode.l10n.t("{0}: {1} Nothing was sampled.", endpoint.config.name, state.message),
  );
}

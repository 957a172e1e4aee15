// What the Curve tab asks the host for: metrics and forecasts that the snapshot does not have.
import type { App, Shown } from "./app.ts";
import type { CurveExtras } from "./curveModel.ts";
import type { Look } from "./look.ts";
import { createRemote } from "./remote.ts";

export interface CurveExtrasControl {
  /** The newest answers; asks where another is wanted. */
  readonly at: (state: Shown) => CurveExtras;
  /** Why one of them is missing. */
  readonly error: () => string | null;
}

export function createCurveExtras({ client, show, state: current }: App): CurveExtrasControl {
  const redraw = (): void => show({});
  const gPass = createRemote(async (signal) => {
    const { tau } = current().look;
    return { tau, views: await client.call("readGPass", { tau }, signal) };
  }, redraw);
  const cover = createRemote((signal) => client.call("readCover", {}, signal), redraw);
  const forecasts = createRemote((signal) => client.call("readForecasts", {}, signal), redraw);
  let failed: string | null = null;

  const countedAt = ({ metric, tau: share }: Look, version: number) => {
    if (metric === "gPass") {
      const { value, error } = gPass.at(`${version} ${share}`);
      // Points of another tau would stand under a wrong name.
      return { value: value?.tau === share ? value.views : null, error };
    }
    return metric === "cover" ? cover.at(String(version)) : null;
  };
  return {
    at: ({ snapshot: { version }, look }) => {
      const counted = countedAt(look, version);
      const beyond = look.forecast && look.metric === "pass" ? forecasts.at(String(version)) : null;
      failed = counted?.error ?? beyond?.error ?? null;
      return { counted: counted?.value ?? null, forecasts: beyond?.value ?? null };
    },
    error: () => failed,
  };
}

import { systemClock } from "../../node/clock.ts";
import { DemoModels } from "../demoModels.ts";
import { Endpoints } from "../endpoints.ts";
import { RunActions } from "../runActions.ts";
import { Runs } from "../runs.ts";
import { tellStop } from "../tellStop.ts";
import type { Root, Store } from "./composeStore.ts";

export type Sampling = ReturnType<typeof composeSampling>;

/** Endpoints, the models that come with the extension, and the runs at work. */
export function composeSampling({ context, log, report, keep }: Root, store: Store) {
  const { settings, keys, files, verifier, mayRun, catalog, data, warn } = store;
  const revive = async (name: string): Promise<void> => void (demo.isOurs(name) && (await demo.start()));
  const endpoints = keep(
    new Endpoints({ settings, keys, state: context.workspaceState, log, onIssue: warn, revive }),
  );
  const demo: DemoModels = keep(
    new DemoModels({
      folder: store.dist,
      log,
      offer: (offered) => endpoints.offer(offered),
      onLost: (message) => void report.tell(message),
    }),
  );
  const runs = keep(
    new Runs({
      catalog,
      data,
      files,
      verifier,
      log,
      clock: systemClock,
      random: Math.random,
      openGenerator: (plan) => endpoints.openFor(plan),
      onStopped: (stop) => tellStop(report, stop),
      mayRun,
    }),
  );
  return {
    endpoints,
    demo,
    runs,
    runActions: new RunActions({ catalog, runs, report, forget: (file) => data.forget(file) }),
  };
}

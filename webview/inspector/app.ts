// What the page's parts ask for, in words of the contract.
import type { InspectorContract, InspectorSnapshot } from "../../src/protocol/inspector.ts";
import { type Client, RequestError } from "../shared/client.ts";
import type { Page } from "./page.ts";
import type { App, State } from "./state.ts";

interface AppPorts {
  readonly client: Client<InspectorContract>;
  readonly state: () => State;
  readonly set: (patch: Partial<State>) => void;
  readonly page: () => Page;
}

interface RunningApp extends App {
  take(snapshot: InspectorSnapshot): void;
}

export function inspectorApp({ client, state, set, page }: AppPorts): RunningApp {
  let scoring: AbortController | null = null;

  const take = (snapshot: InspectorSnapshot): void => {
    const before = state().snapshot;
    const same = snapshot.trace?.trace === before?.trace?.trace && snapshot.scorer === before?.scorer;
    const sameProblem = snapshot.problem?.at === before?.problem?.at;
    set({ snapshot, failure: null, unit: same && sameProblem ? state().unit : -1 });
    if (before === null && snapshot.list) app.listProblems(true);
    if (snapshot.scoreNow !== null) app.score({ scorer: snapshot.scoreNow });
  };
  const fail = (scorer: string | null) => (error: unknown) => {
    if (error instanceof RequestError && (error.code === "cancelled" || error.code === "closed")) return;
    const code = error instanceof RequestError ? error.code : "bug";
    set({ failure: { code, message: error instanceof Error ? error.message : String(error), scorer } });
  };
  /** Another trace: from its beginning, with nothing of the old one left. */
  const another = (request: Promise<InspectorSnapshot>): void => {
    app.cancel();
    page().hideCard();
    page().unmark();
    request.then((snapshot) => {
      take(snapshot);
      page().main.scroller.scrollTop = 0;
    }, fail(null));
  };
  const open = (): number | null => state().snapshot?.trace?.trace ?? null;
  const scored = (
    start: (signal: AbortSignal) => Promise<InspectorSnapshot>,
    scorer: string,
    phase: string,
  ): void => {
    scoring?.abort();
    const own = new AbortController();
    scoring = own;
    set({ failure: null, scoring: { scorer, phase } });
    start(own.signal)
      .then(take, fail(scorer))
      .finally(() => {
        if (scoring !== own) return;
        scoring = null;
        set({ scoring: null });
      });
  };
  const app: RunningApp = {
    client,
    state,
    set,
    take,
    begin: () => void client.call("ready", {}).then(take, fail(null)),
    setOptions: (patch) => {
      const { snapshot } = state();
      if (!snapshot) return;
      const options = { ...snapshot.options, ...patch };
      set({ snapshot: { ...snapshot, options } });
      client.call("setOptions", options).then(take, fail(null));
    },
    openTrace: (trace) => {
      const own = state().snapshot?.traces.filter(({ guest }) => !guest).length;
      const last = (own ?? 1) - 1;
      if (trace >= 0 && trace <= Math.max(0, last)) another(client.call("openTrace", { trace }));
    },
    openProblem: (step) => {
      const problem = state().snapshot?.problem;
      if (problem && problem.at + step >= 0 && problem.at + step < problem.of)
        another(client.call("openProblem", { step }));
    },
    follow: () => {
      const follow = state().snapshot?.follow ?? null;
      if (follow !== null) another(client.call("setFollow", { follow: !follow }));
    },
    goToProblem: (problem) => another(client.call("goToProblem", { problem })),
    listProblems: (listed) => {
      set({ listed });
      if (listed) client.call("listProblems", {}).then((problems) => set({ problems }), fail(null));
    },
    compare: () => {
      const trace = open();
      if (trace === null) return;
      const beside = (other: number | null): Promise<void> =>
        client.call("openBeside", { trace: other }).then(take);
      if (state().snapshot?.beside) beside(null).catch(fail(null));
      else
        client
          .call("chooseTrace", { trace })
          .then((other) => (other === null ? undefined : beside(other)))
          .catch(fail(null));
    },
    compareText: () => {
      const left = open();
      if (left === null) return;
      const beside = state().snapshot?.beside?.trace;
      const other =
        beside === undefined ? client.call("chooseTrace", { trace: left }) : Promise.resolve(beside);
      other
        .then((right) => (right === null ? null : client.call("compareText", { left, right })))
        .catch(fail(null));
    },
    chooseScorer: (against) => {
      const trace = open();
      if (trace === null) return;
      client
        .call("chooseScorer", { trace })
        .then((scorer) => scorer !== null && app.score({ scorer, against }), fail(null));
    },
    score: ({ scorer, slow = false, against = false, trace = open() ?? -1 }) => {
      if (trace === -1) return;
      const wish = { trace, scorer, slow, against };
      scored((signal) => client.call("scoreTrace", wish, signal), scorer, "Scoring");
    },
    scoreOwnTraces: () => {
      const { scorer = null } = state().snapshot ?? {};
      if (scorer !== null)
        scored((signal) => client.call("scoreOwnTraces", {}, signal), scorer, "Scoring its own traces");
    },
    cancel: () => scoring?.abort(),
    goTo: (unit) => {
      // The Markdown view has no tokens: where they are is shown.
      if (state().snapshot?.options.text === "rendered") app.setOptions({ text: "plain" });
      if (page().shown.column === page().main) set({ unit });
      void page().goTo(unit);
    },
    run: (request) => void request.catch(fail(null)),
  };
  return app;
}

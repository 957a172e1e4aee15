// In the page: `acquireVsCodeApi` whose host is a function put there by the test (or, by hand, the harness' server).
import type { ToHost } from "../../../src/protocol/rpc.ts";
import { fromJson, toJson } from "./json.ts";

interface HarnessWindow {
  /** JSON in, JSON out: `{ ok, result }` or `{ ok: false, failure }`. */
  hostCall?: (message: string, session: string) => Promise<string>;
  cancelled?: number[];
  acquireVsCodeApi?: unknown;
}

const page = window as unknown as HarnessWindow;
page.cancelled = [];
/** A page that is used by one test after another keeps nothing from one to the next. */
const session = new URLSearchParams(location.search).get("session") ?? "";

const overHttp = async (message: string): Promise<string> =>
  (await fetch("/call", { method: "POST", body: message })).text();

async function answer({ id, method, params }: Extract<ToHost, { type: "request" }>): Promise<void> {
  const json = await (page.hostCall ?? overHttp)(toJson({ method, params }), session);
  // A page in the workbench reads no JSON: whoever measures leaves out the task in which this mark lies.
  performance.mark("harnessReads");
  const reply = fromJson(json);
  window.postMessage({ type: "reply", id, ...(reply as object) }, "*");
}

page.acquireVsCodeApi = () => ({
  postMessage: (message: ToHost) => {
    if (message.type === "request") void answer(message);
    else page.cancelled?.push(message.id);
  },
  getState: () => JSON.parse(sessionStorage.getItem(`state${session}`) ?? "null") as unknown,
  setState: (state: unknown) => sessionStorage.setItem(`state${session}`, JSON.stringify(state)),
});

Object.assign(window, {
  fromHarness: (name: string, json: string) =>
    window.postMessage({ type: "event", name, payload: fromJson(json) }, "*"),
});

// First paint and colouring anew of a long trace in the inspector's page, beside one span a token in the same page.
import type { CDPSession, Page } from "playwright-core";
import type { InspectorSnapshot } from "../../src/protocol/inspector.ts";
import { launchBrowser } from "../workbench/browser.ts";
import { InspectorHost } from "../webview/harness/inspectorHost.ts";
import { toJson } from "../webview/harness/json.ts";
import { startHarness } from "../webview/harness/server.ts";
import type { Measurement } from "./measurement.ts";

const rounds = 3;

export async function bench(): Promise<readonly Measurement[]> {
  const server = await startHarness({ minify: true, entry: "inspector" });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    const small = new InspectorHost({ texts: ["short"], own: true });
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.exposeFunction("threadMs", () => threadMs(session));
    await page.exposeFunction("hostCall", () => toJson({ ok: true, result: small.answer("ready", {}) }));
    await page.goto(server.url("dark"));
    await page.waitForFunction(() => document.body.dataset["ready"] === "1");
    const long = await measure(page, 32_768);
    const longest = await measure(page, 131_072);
    return [
      line("first paint of 32,768 tokens / a span a token", long.first, long.spanFirst),
      line("colouring 32,768 tokens anew / a span a token", long.again, long.spanAgain),
      {
        name: "frames until a jump in 131,072 tokens is coloured, most of 20",
        value: longest.jumpFrames,
        aim: "<= 2",
        ok: longest.jumpFrames <= 2,
      },
      {
        name: "first paint of 131,072 tokens, processor time of the page's thread",
        value: `${ms(longest.firstThread)} (${ms(longest.first)} by the clock)`,
        aim: "< 200 ms",
        ok: longest.firstThread < 200,
      },
      { name: "the same with a span a token", value: ms(longest.spanFirst), aim: "seconds", ok: null },
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Processor time of the page's main thread in its tasks so far: another process does not lengthen it. */
async function threadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  const seconds = metrics.find(({ name }) => name === "TaskDuration")?.value;
  if (seconds === undefined) throw new Error("the browser does not say its tasks' time");
  return 1000 * seconds;
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;

const line = (name: string, own: number, spans: number): Measurement => ({
  name,
  value: `${(own / spans).toFixed(2)}x (${ms(own)}, ${ms(spans)})`,
  aim: "<= 0.2x",
  ok: own / spans <= 0.2,
});

/** Words of a model's kind in paragraphs of about 85 tokens. */
function traceOf(tokens: number): string {
  const words = "we know that the sum of all parts gives 12 so then x must be even and".split(" ");
  const part = (i: number): string => `${words[(i * 7) % words.length]}${i % 85 === 84 ? "\n\n" : " "}`;
  return Array.from({ length: tokens }, (_, i) => part(i))
    .join("")
    .trimEnd();
}

interface Times {
  readonly first: number;
  readonly firstThread: number;
  readonly again: number;
  readonly spanFirst: number;
  readonly spanAgain: number;
  readonly jumpFrames: number;
}

/** Milliseconds, the median of the rounds, the two designs in turn. */
async function measure(page: Page, tokens: number): Promise<Times> {
  const host = new InspectorHost({ texts: [traceOf(tokens)], own: true });
  const snapshot = host.answer("ready", {}) as InspectorSnapshot;
  const json = toJson({ ...snapshot, title: `${tokens}` });
  await page.evaluate(`window.bench = (${inPage.toString()})(${JSON.stringify(json)})`);
  const times: Times[] = [];
  for (let round = 0; round < rounds; round++) times.push(await page.evaluate(`window.bench(${round})`));
  const median = (pick: (one: Times) => number): number =>
    times.map(pick).sort((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
  return {
    first: median(({ first }) => first),
    firstThread: median(({ firstThread }) => firstThread),
    again: median(({ again }) => again),
    spanFirst: median(({ spanFirst }) => spanFirst),
    spanAgain: median(({ spanAgain }) => spanAgain),
    jumpFrames: Math.max(...times.map(({ jumpFrames }) => jumpFrames)),
  };
}

/** Runs in the page. */
function inPage(json: string): (round: number) => Promise<Times> {
  const snapshot = JSON.parse(json, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null) return inner;
    const one = inner as Record<string, (string | number)[]>;
    if (one["$u32"]) return Uint32Array.from(one["$u32"] as number[]);
    if (one["$u8"]) return Uint8Array.from(one["$u8"] as number[]);
    if (one["$i32"]) return Int32Array.from(one["$i32"] as number[]);
    return one["$f32"] ? Float32Array.from(one["$f32"], Number) : inner;
  }) as InspectorSnapshot;
  /** Milliseconds from a frame's start until what `change` does in it is laid out and painted. */
  const painting = (change: () => void): Promise<number> =>
    new Promise((done) => {
      requestAnimationFrame(() => {
        const start = performance.now();
        const { port1, port2 } = new MessageChannel();
        // A message of this frame is read when the frame is painted.
        port1.addEventListener("message", () => done(performance.now() - start));
        port1.start();
        change();
        port2.postMessage(null);
      });
    });
  const show = (payload: InspectorSnapshot): Promise<number> =>
    painting(() => {
      const data = { type: "event", name: "snapshot", payload };
      window.dispatchEvent(new MessageEvent("message", { data }));
    });
  const scores = snapshot.trace?.scores;
  const scroller = document.querySelector<HTMLElement>("#scroll") ?? document.body;
  const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
  /** Whether all that is in view has its colour: by counting its coloured characters. */
  const coloured = (threshold: number): boolean => {
    const view = scroller.getBoundingClientRect();
    if (!scores) return false;
    const onNode = new Map<Node, number>();
    for (const highlight of CSS.highlights.values())
      for (const { startContainer, startOffset, endOffset } of highlight)
        onNode.set(startContainer, (onNode.get(startContainer) ?? 0) + endOffset - startOffset);
    let [offset, seen, unit] = [0, 0, 0];
    for (const element of document.querySelectorAll("#trace .paragraph")) {
      const node = element.firstChild as Text;
      const end = offset + node.length;
      const box = element.getBoundingClientRect();
      let wanted = 0;
      for (; unit < scores.starts.length && (scores.starts[unit] ?? 0) < end; unit++)
        if ((scores.surprisal[unit] ?? 0) >= threshold) {
          const token = snapshot.trace?.text.slice(scores.starts[unit], scores.ends[unit]) ?? "";
          wanted += token.trimStart().length;
        }
      if (box.bottom > view.top && box.top < view.bottom) {
        seen++;
        if ((onNode.get(node) ?? 0) !== wanted) return false;
      }
      offset = end;
    }
    return seen > 0;
  };
  const jumps = async (threshold: number): Promise<number> => {
    let most = 0;
    for (let jump = 1; jump <= 20; jump++) {
      scroller.scrollTop = (((jump * 7919) % 1000) / 1000) * scroller.scrollHeight;
      let frames = 1;
      for (await frame(); !coloured(threshold); await frame()) frames++;
      most = Math.max(most, frames);
    }
    scroller.scrollTo(0, 0);
    return most;
  };
  const bucketOf = (unit: number, shift: number): number =>
    [0.69, 1.61, 3, 4.61, 6.91].filter((cut) => (scores?.surprisal[unit] ?? 0) > cut + shift).length;
  const box = document.createElement("div");
  const spans = (): void => {
    box.replaceChildren();
    scores?.starts.forEach((from, unit) => {
      const span = document.createElement("span");
      span.className = `swatch heat${bucketOf(unit, 0)}`;
      span.textContent = snapshot.trace?.text.slice(from, scores.ends[unit]) ?? "";
      box.append(span);
    });
  };
  const spansAgain = (shift: number): void => {
    for (const [unit, span] of [...box.children].entries())
      span.className = `swatch heat${bucketOf(unit, shift)}`;
  };
  /** Of five turns: what comes first pays for what is compiled. */
  const middle = async (turn: (turn: number) => Promise<number>): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) times.push(await turn(i));
    return times.sort((a, b) => a - b)[2] ?? Number.NaN;
  };
  return async (round) => {
    box.className = "traceText raw";
    const { options, trace } = snapshot;
    if (!trace) throw new Error("no trace");
    const empty = {
      ...snapshot,
      title: "empty",
      trace: { ...trace, text: "", steps: [], segments: [], claims: [], scores: null },
    };
    await show(empty);
    const { threadMs: thread } = window as unknown as { threadMs: () => Promise<number> };
    const before = await thread();
    const first = await show(snapshot);
    const firstThread = (await thread()) - before;
    if (!coloured(options.thresholdNats)) throw new Error("painted without its colours");
    while (document.querySelector("#trace .far, #trace[aria-busy]")) await frame();
    let thresholdNats = 0;
    const again = await middle(async (turn) => {
      thresholdNats = 1.6 + round / 100 + turn / 1000;
      return show({ ...snapshot, options: { ...options, thresholdNats } });
    });
    if (!coloured(thresholdNats)) throw new Error("painted anew without its colours");
    const jumpFrames = await jumps(thresholdNats);
    await show(empty);
    document.querySelector("#scroll")?.append(box);
    const spanFirst = await painting(spans);
    const spanAgain = await middle((turn) => painting(() => spansAgain(turn % 2 === 0 ? 0.5 : 0)));
    box.replaceChildren();
    box.remove();
    return { first, firstThread, again, spanFirst, spanAgain, jumpFrames };
  };
}

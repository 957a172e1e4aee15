// The host's side of the inspector without VS Code: real steps, sums and scores of made traces.
import type { ReplyToken } from "../../../src/core/trace/replyToken.ts";
import { traceOfTokens } from "../../../src/core/trace/buildTrace.ts";
import type { ScoredTrace } from "../../../src/core/trace/scoredTrace.ts";
import { traceView, unitDetail } from "../../../src/host/panels/inspectorView.ts";
import type {
  InspectorContract,
  InspectorOptions,
  InspectorSnapshot,
} from "../../../src/protocol/inspector.ts";
import type { TraceView } from "../../../src/protocol/traceView.ts";
import { hostile, seeded } from "./syntheticRuns.ts";

type Requests = InspectorContract["requests"];

/** Tokens of a text: words with the space before them; one in `every` is unlikely. */
function scoredText(
  text: string,
  every = 5,
  { seed = text.length, pieces = /\s*\S+|\s+$/g }: { readonly seed?: number; readonly pieces?: RegExp } = {},
): ScoredTrace {
  const random = seeded(seed);
  const tokens = (text.match(pieces) ?? []).map((piece, i): ReplyToken => {
    const logProb = i % every === 4 ? -1 - 8 * random() : -0.3 * random();
    const rest = Math.log(1 - Math.exp(logProb));
    const top = [
      { id: i, text: piece, logProb },
      { id: 99_999, text: " other", logProb: rest - 0.1 },
    ].sort((a, b) => b.logProb - a.logProb);
    return { id: i, text: piece, bytes: null, special: false, logProb, rank: null, top, topComplete: true };
  });
  const built = traceOfTokens(text, tokens, {
    source: "rollouts.jsonl",
    model: "base-7k",
    method: "file",
    logProbKind: "raw",
    tokenisation: "ids",
    top: 2,
    vocabularySize: 100_000,
    window: null,
    notes: [],
  });
  if (built.kind === "failed") throw new Error(built.failure.message);
  return built.trace;
}

export const hostileTrace = `<think>\nFirst, the total is 49,994 + 20,006 = 69,990 exactly.\n\nNext, ${hostile} is text.\n\n\u202ereversed\u202c and \u0007 bell.\n</think>\n\nThe answer is 10000 😀 👨‍👩‍👧 é.`;

export interface InspectorCase {
  readonly texts: readonly string[];
  /** Log-probs stand in the file. */
  readonly own: boolean;
  /** The last one is of another run, and was not scored. */
  readonly guest?: boolean;
  readonly error?: string;
  readonly options?: Partial<InspectorOptions>;
  /** What a token is; a word with the space before it otherwise. */
  readonly pieces?: RegExp;
  /** What scoring ends with, as the wire carries failures; "wait": it goes on for ever. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

export class InspectorHost {
  readonly calls: { readonly method: string; readonly params: unknown }[] = [];
  private readonly made: InspectorCase;
  private readonly scored = new Map<number, ScoredTrace>();
  private readonly scoredAgainst = new Map<number, ScoredTrace>();
  private trace = 0;
  private follow = false;
  private beside: number | null = null;
  private version = 0;
  private scorer: string | null;
  private options: InspectorOptions = {
    colour: "surprisal",
    thresholdNats: Math.LN2,
    thresholdRatioNats: 0.5,
    sampler: { temperature: 0.6, topP: 0.95, order: "temperatureFirst" },
    text: "plain",
    against: null,
  };

  constructor(made: InspectorCase) {
    this.made = made;
    this.options = { ...this.options, ...made.options };
    this.scorer = made.own ? "file:" : null;
    const { own, texts, pieces, guest = false } = made;
    const scored = guest ? texts.slice(0, -1) : texts;
    if (own)
      for (const [i, text] of scored.entries()) this.scored.set(i, scoredText(text, 5, pieces && { pieces }));
  }

  scoresOf(trace: number): ScoredTrace {
    const found = this.scored.get(trace);
    if (found === undefined) throw new Error(`trace ${trace} is not scored`);
    return found;
  }

  answer(method: string, params: unknown): unknown {
    this.calls.push({ method, params });
    switch (method as keyof Requests) {
      case "ready":
        return this.snapshot();
      case "openTrace":
        this.trace = (params as Requests["openTrace"]["params"]).trace;
        if (this.beside === this.trace) this.beside = null;
        return this.snapshot();
      case "setFollow":
        this.follow = (params as Requests["setFollow"]["params"]).follow;
        if (this.follow) this.trace = this.made.texts.length - 1;
        return this.snapshot();
      case "listProblems":
        return [];
      case "goToProblem":
      case "scoreOwnTraces":
      case "openProblem":
        return this.snapshot();
      case "chooseTrace":
        return (this.trace + 1) % this.made.texts.length;
      case "openBeside":
        this.beside = (params as Requests["openBeside"]["params"]).trace;
        return this.snapshot();
      case "setOptions":
        this.options = params as InspectorOptions;
        return this.snapshot();
      case "chooseScorer":
        return "base";
      case "scoreTrace":
        if (this.made.refusal !== undefined && !(params as { slow: boolean }).slow)
          throw Object.assign(new Error(this.made.refusal.message), { code: this.made.refusal.code });
        this.score(params as Requests["scoreTrace"]["params"]);
        return this.snapshot();
      case "readUnit": {
        const { trace, unit } = params as Requests["readUnit"]["params"];
        const against = this.scoredAgainst.get(trace) ?? null;
        return unitDetail(this.scoresOf(trace), unit, { sampler: this.options.sampler, against });
      }
      case "openSource":
      case "compareText":
      case "copyText":
      case "showFind":
      case "showLog":
        return null;
      default:
        throw Object.assign(new Error(`no such request: ${method}`), { code: "unknownMethod" });
    }
  }

  private score({ trace, scorer, against }: Requests["scoreTrace"]["params"]): void {
    const text = this.made.texts[trace] ?? "";
    if (against) {
      this.options = { ...this.options, against: scorer };
      this.scoredAgainst.set(trace, scoredText(text, 3, { seed: text.length + 1 }));
    } else {
      this.scorer = scorer;
      this.scored.set(trace, scoredText(text));
    }
  }

  private view(trace: number): TraceView {
    const { against } = this.options;
    const shown = {
      trace,
      question: "Compute $49{,}994\\div 7 + 20{,}006\\div 7$.",
      gold: "10,000",
      text: this.made.texts[trace] ?? "",
      scored: this.scored.get(trace) ?? null,
      against: against === null ? null : (this.scoredAgainst.get(trace) ?? null),
    };
    return traceView(shown, this.options.sampler);
  }

  private snapshot(): InspectorSnapshot {
    const { texts, error = null, own, guest = false } = this.made;
    return {
      version: ++this.version,
      title: "72 · rl-300",
      options: this.options,
      scorer: this.scorer,
      scorers: [
        ...(own ? [{ id: "file:", name: "log-probs in the file", state: "ready", reason: "" } as const] : []),
        { id: "base", name: "base", state: "notProbed", reason: "" },
      ],
      traces:
        error === null
          ? texts.map((_, index) => ({
              name: "rl-300",
              problemId: "72",
              index,
              verdict: index % 2 === 0 ? "incorrect" : "correct",
              extracted: "9998",
              perplexity: null,
              guest: guest && index === texts.length - 1,
            }))
          : [],
      problem: null,
      follow: this.follow,
      list: false,
      scoreNow: null,
      own: null,
      trace: error === null ? this.view(this.trace) : null,
      beside: error === null && this.beside !== null ? this.view(this.beside) : null,
      error,
    };
  }
}

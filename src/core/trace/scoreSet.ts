// A score set: what one scorer says of the traces of one run, a line a trace, in a file of its own beside the run (JSON
// lines, appended). Numbers only: the tokens of a trace are scored again where somebody looks at them.
//   {"v": 1, "scorer": {"name": "base-7k", "source": "http://...", "model": "base", "method": "vllmPromptLogProbs"}, "prompt": "verbatim", "texts": "samples"}
//   {"k": "...", "i": 3, "p": 123, "t": 28, "u": 0, "f": 0, "e": 1, "s": -4.2, "l": -1.9, "w": 0, "h": [0.14, 0.15], "d": 1}   one trace; of two the later holds
//   {"k": "...", "i": 4, "p": 456, "no": "The trace does not fit ..."}                                                 one that cannot be scored
import {
  asInteger,
  asList,
  asNumber,
  asOneOf,
  asRecord,
  asString,
  FieldError,
  type JsonRecord,
  orNull,
} from "../parse.ts";
import { tokenEntropies } from "./entropy.ts";
import type { ScoredTrace, ScoringMethod } from "./scoredTrace.ts";
import { methods } from "./traceJson.ts";
import { traceSummary } from "./traceSummary.ts";

/** Grows when a line's meaning changes; readers refuse a newer one. */
const version = 1;

/** Whose scores, and of what: two sets of a run never agree in all of it but the scorer's name. */
export interface ScoreSetHead {
  readonly scorer: {
    /** For the person; another name does not make another scorer. */
    readonly name: string;
    /** Whose answers they are: the endpoint's origin, or what says the same in every window (the demo models' weights). */
    readonly source: string;
    readonly model: string;
    readonly method: ScoringMethod;
  };
  /** Id of the template that made the prompts before the traces. */
  readonly prompt: string;
  /** `samples`: the run's own traces. `gold`: the dataset's reference solutions, one a problem, index 0. */
  readonly texts: "samples" | "gold";
}

/** Which trace: `print` is the `fingerprint` of the sample's text (`null` for an empty one), so that a changed text is not covered. */
export interface ScoredPlace {
  readonly problemKey: string;
  readonly index: number;
  readonly print: number | null;
}

/** One trace in numbers; those of `TraceSummary` with special tokens at the end left out. */
export interface TraceNumbers {
  /** Tokens with a finite log-prob; all others are in the next three counts. */
  readonly tokens: number;
  readonly nullCount: number;
  readonly floorCount: number;
  readonly endCount: number;
  /** Sum of the log-probs, nats. */
  readonly sum: number;
  /** Log-prob of the least likely token, nats; `null` without a token. */
  readonly least: number | null;
  /** Tokens with p < 1 %. */
  readonly lowCount: number;
  /** Bounds of the mean token entropy, nats; `null` where no alternatives were asked for. */
  readonly entropy: { readonly low: number; readonly high: number | null } | null;
}

export type ScoreLine =
  | (ScoredPlace & {
      readonly kind: "scored";
      readonly numbers: TraceNumbers;
      /** The tokens were scored as they were sampled; else the scorer cut the text anew. */
      readonly byIds: boolean;
    })
  | (ScoredPlace & { readonly kind: "refused"; readonly reason: string });

export type StoredScoreLine =
  | { readonly type: "head"; readonly head: ScoreSetHead }
  | { readonly type: "trace"; readonly line: ScoreLine };

/** exp(-sum / T) (arXiv 2504.13837, section 4.1); `null` where no token has a log-prob. */
export const perplexityOf = ({ tokens, sum }: Pick<TraceNumbers, "tokens" | "sum">): number | null =>
  tokens === 0 ? null : Math.exp(-sum / tokens);

/** The numbers of a scored trace. Entropy only where alternatives came with every token. */
export function traceNumbers(trace: ScoredTrace): TraceNumbers {
  const summary = traceSummary(trace, { end: "drop" });
  return {
    tokens: summary.tokens,
    nullCount: summary.nullCount,
    floorCount: summary.floorCount,
    endCount: summary.endCount,
    sum: summary.sum,
    least: summary.least?.logProb ?? null,
    lowCount: summary.lowCount,
    entropy: meanEntropy(trace, trace.tokens.logProbs.length - summary.endCount),
  };
}

/** Means of the bounds over the first `stop` tokens; `null` where one has none. */
function meanEntropy(trace: ScoredTrace, stop: number): TraceNumbers["entropy"] {
  if (stop === 0) return null;
  const { low, high } = tokenEntropies(trace);
  const mean = (values: Float64Array): number =>
    values.subarray(0, stop).reduce((sum, value) => sum + value, 0) / stop;
  const least = mean(low);
  if (Number.isNaN(least)) return null;
  const most = mean(high);
  return { low: least, high: Number.isNaN(most) ? null : most };
}

/** What tells one set of a run from another: everything but the scorer's name. */
export const scoreSetId = ({ scorer: { source, model, method }, prompt, texts }: ScoreSetHead): string =>
  JSON.stringify([source, model, method, prompt, texts]);

export const encodeScoreHead = ({ scorer, prompt, texts }: ScoreSetHead): string =>
  `${JSON.stringify({ v: version, scorer, prompt, texts })}\n`;

export function encodeScoreLine(line: ScoreLine): string {
  const place = { k: line.problemKey, i: line.index, p: line.print };
  if (line.kind === "refused") return `${JSON.stringify({ ...place, no: line.reason })}\n`;
  const { tokens, nullCount, floorCount, endCount, sum, least, lowCount, entropy } = line.numbers;
  const counts = { t: tokens, u: nullCount, f: floorCount, e: endCount, s: sum, l: least, w: lowCount };
  const bounds = entropy === null ? {} : { h: [entropy.low, entropy.high] };
  const ids = line.byIds ? { d: 1 } : {};
  return `${JSON.stringify({ ...place, ...counts, ...bounds, ...ids })}\n`;
}

/** Throws a `FieldError` for anything that is not written here; its field is `v` for a newer version. */
export function decodeScoreLine(value: unknown): StoredScoreLine {
  const line = asRecord(value, "");
  if ("v" in line) return { type: "head", head: decodeHead(line) };
  const place: ScoredPlace = {
    problemKey: asString(line["k"], "k"),
    index: asInteger(line["i"], "i"),
    print: orNull(line["p"], "p", asNumber),
  };
  if ("no" in line)
    return { type: "trace", line: { ...place, kind: "refused", reason: asString(line["no"], "no") } };
  return {
    type: "trace",
    line: { ...place, kind: "scored", numbers: decodeNumbers(line), byIds: line["d"] === 1 },
  };
}

function decodeHead(line: JsonRecord): ScoreSetHead {
  const found = asInteger(line["v"], "v", 1);
  if (found > version)
    throw new FieldError("v", `expected at most ${version}, got ${found} (written by a newer version)`);
  const scorer = asRecord(line["scorer"], "scorer");
  const text = (name: string): string => asString(scorer[name], `scorer.${name}`);
  return {
    scorer: {
      name: text("name"),
      source: text("source"),
      model: text("model"),
      method: asOneOf(scorer["method"], methods, "scorer.method"),
    },
    prompt: asString(line["prompt"], "prompt"),
    texts: asOneOf(line["texts"], ["samples", "gold"], "texts"),
  };
}

function decodeNumbers(line: JsonRecord): TraceNumbers {
  const count = (name: string): number => asInteger(line[name], name);
  const bounds = orNull(line["h"], "h", asList);
  return {
    tokens: count("t"),
    nullCount: count("u"),
    floorCount: count("f"),
    endCount: count("e"),
    sum: asNumber(line["s"], "s"),
    least: orNull(line["l"], "l", asNumber),
    lowCount: count("w"),
    entropy:
      bounds === null
        ? null
        : { low: asNumber(bounds[0], "h[0]"), high: orNull(bounds[1], "h[1]", asNumber) },
  };
}

import { falseClaims } from "../../core/trace/arithmetic/claims.ts";
import { entropyBounds } from "../../core/trace/entropy.ts";
import { knownTokens } from "../../core/trace/knownTokens.ts";
import { entropyLayer, forkUnits, rankLayer, reachLayer, surprisalLayer } from "../../core/trace/layers.ts";
import { logRatio } from "../../core/trace/logRatio.ts";
import { type Sampler, tokenReach, traceReach } from "../../core/trace/reachability.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import { splitSteps, splitThinking } from "../../core/trace/steps.ts";
import { partScores, traceSummary } from "../../core/trace/traceSummary.ts";
import { unitAt, unitOfTokens } from "../../core/trace/units.ts";
import type {
  ClaimView,
  LogRatioView,
  ScoresView,
  TokenDetail,
  TraceView,
  UnitDetail,
} from "../../protocol/traceView.ts";

/** A trace as it is shown, before it is laid out. */
export interface ShownTrace {
  /** Its place among the traces of its source. */
  readonly trace: number;
  readonly question: string;
  readonly gold: string | null;
  readonly text: string;
  readonly scored: ScoredTrace | null;
  /** The same text under the scorer that a log-ratio is taken against. */
  readonly against: ScoredTrace | null;
}

const mostListed = 100;

/** Text, steps, false sums and numbers. A scorer whose tokens do not tile the text brings the text that they spell. */
export function traceView(shownTrace: ShownTrace, sampler: Sampler): TraceView {
  const { trace, question, gold, text, scored, against } = shownTrace;
  const shown = scored?.text ?? text;
  const steps = splitSteps(shown);
  const parts = scored === null ? [] : partScores(scored, steps);
  return {
    trace,
    question,
    gold,
    text: shown,
    steps: steps.map(({ start, end, title }, i) => ({
      start,
      end,
      title,
      meanSurprisal: parts[i]?.meanSurprisal ?? null,
      perplexity: parts[i]?.perplexity ?? null,
    })),
    segments: splitThinking(shown).map(({ kind, start, end }) => ({ kind, start, end })),
    claims: falseClaims(shown).map(claimView),
    scores: scored === null ? null : scoresView(scored, sampler, against),
  };
}

const claimView = (claim: {
  readonly start: number;
  readonly end: number;
  readonly left: string;
  readonly right: string;
  readonly value: string;
}): ClaimView => ({
  start: claim.start,
  end: claim.end,
  message: `${claim.left.trim()} is ${claim.value}, not ${claim.right.trim()}`,
});

function scoresView(scored: ScoredTrace, sampler: Sampler, against: ScoredTrace | null): ScoresView {
  const reached = traceReach(scored, sampler);
  const surprisal = surprisalLayer(scored);
  const entropy = entropyLayer(scored);
  const { firstExit } = reached;
  const unitsOf = unitOfTokens(scored.units);
  const unitOf = (token: number | null): number | null => (token === null ? null : (unitsOf[token] ?? null));
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    facts: scored.scorer,
    summary: traceSummary(scored, { end: "drop" }),
    starts: scored.units.starts,
    ends: scored.units.ends,
    surprisal,
    ranks: rankLayer(scored),
    entropy,
    reach: reachLayer(scored, reached),
    logRatio: against === null ? null : logRatioView(scored, against),
    lowest: lowestUnits(surprisal),
    forks: Uint32Array.from(forkUnits(entropy)),
    reachSummary: {
      outside: reached.outsideCount,
      undecided: reached.undecidedCount,
      firstExit: unitOf(firstExit),
      firstUndecided: unitOf(reached.firstUndecided),
      log10DrawsLow: finite(reached.log10Draws.low),
      log10DrawsHigh: finite(reached.log10Draws.high),
    },
    percentile: null,
  };
}

function logRatioView(scored: ScoredTrace, against: ScoredTrace): LogRatioView | null {
  const ratio = logRatio(scored, against);
  if (ratio === null) return null;
  return {
    ...ratio,
    values: Float32Array.from(ratio.values),
    summary: traceSummary(against, { end: "drop" }),
  };
}

/** Units with a log-prob, the least likely first. */
function lowestUnits(surprisal: Float32Array): Uint32Array {
  const known = [...surprisal.keys()].filter((unit) => !Number.isNaN(surprisal[unit] as number));
  const sorted = known.sort((a, b) => {
    const [x, y] = [surprisal[a] as number, surprisal[b] as number];
    return x === y ? a - b : y - x;
  });
  return Uint32Array.from(sorted.slice(0, mostListed));
}

/** The numbers of one unit's tokens; empty for a unit that is not there. */
export function unitDetail(
  trace: ScoredTrace,
  unit: number,
  { sampler, against }: { readonly sampler: Sampler; readonly against: ScoredTrace | null },
): UnitDetail {
  const { units, text } = trace;
  const [first = 0, stop = 0] = [units.firstTokens[unit], units.firstTokens[unit + 1]];
  return {
    text: text.slice(units.starts[unit] ?? 0, units.ends[unit] ?? 0),
    tokens: Array.from({ length: stop - first }, (_, i) => tokenDetail(trace, first + i, sampler)),
    against:
      against === null ? [] : tokensOn(against, trace, unit).map((i) => tokenDetail(against, i, sampler)),
  };
}

/** The tokens of another scorer's unit on just the same range of the same text. */
function tokensOn(other: ScoredTrace, { text, units }: ScoredTrace, unit: number): readonly number[] {
  const start = units.starts[unit] ?? 0;
  const at = unitAt(other.units, start);
  const same = other.units.starts[at] === start && other.units.ends[at] === units.ends[unit];
  if (at === -1 || !same || other.text !== text) return [];
  const [first = 0, stop = 0] = [other.units.firstTokens[at], other.units.firstTokens[at + 1]];
  return Array.from({ length: stop - first }, (_, i) => first + i);
}

function tokenDetail({ tokens, scorer }: ScoredTrace, token: number, sampler: Sampler): TokenDetail {
  const { alternatives, ids, texts, logProbs, ranks } = tokens;
  const [first = 0, stop = 0] = [alternatives.offsets[token], alternatives.offsets[token + 1]];
  const known = knownTokens(tokens, token, scorer.vocabularySize);
  const bounds = known === null || first === stop ? null : entropyBounds(known);
  const logProb = logProbs[token] ?? Number.NaN;
  const id = ids[token] ?? -1;
  return {
    token,
    id: id < 0 ? null : id,
    text: texts[token] ?? "",
    bytes: hexBytes(texts[token] ?? ""),
    logProb: Number.isFinite(logProb) ? logProb : null,
    probability: Number.isNaN(logProb) ? null : Math.exp(logProb),
    rank: ranks[token] ?? 0,
    entropyLow: bounds?.low ?? null,
    entropyHigh: bounds?.high ?? null,
    reach:
      known === null ? (logProb === -Infinity ? "outside" : "undecided") : tokenReach(known, sampler).reach,
    alternatives: Array.from({ length: stop - first }, (_, i) => ({
      text: alternatives.texts[first + i] ?? "",
      logProb: alternatives.logProbs[first + i] ?? 0,
    })),
  };
}

/** Empty where the text does not tell: U+FFFD stands for part of a character. */
function hexBytes(text: string): string {
  if (text.includes("\uFFFD")) return "";
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

import { fc } from "../../fastCheck.ts";
// Random small vocabularies with every probability known, and what a server would say of one position of them.
import type { ReplyToken } from "../../../src/core/trace/replyToken.ts";
import type { ScoredTrace } from "../../../src/core/trace/scoredTrace.ts";
import type { Sampler } from "../../../src/core/trace/reachability.ts";
import { traceOfTokens } from "../../../src/core/trace/buildTrace.ts";

export interface Position {
  /** Log-probs of the whole vocabulary, descending; the token's id is its index. */
  readonly logProbs: readonly number[];
  readonly own: number;
  /** Alternatives that the server gives. */
  readonly top: number;
  readonly knowsSize: boolean;
  readonly knowsRank: boolean;
}

/** Some vocabularies are peaked, some flat, some with many equal tokens. */
export const position: fc.Arbitrary<Position> = fc
  .record({
    logits: fc.oneof(
      fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 2, maxLength: 40 }),
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 40 }),
      fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 2, maxLength: 40 }),
    ),
    peak: fc.integer({ min: 0, max: 12 }),
    ownSeed: fc.nat(),
    top: fc.integer({ min: 0, max: 20 }),
    knowsSize: fc.boolean(),
    knowsRank: fc.boolean(),
  })
  .map(({ logits, peak, ownSeed, top, knowsSize, knowsRank }) => {
    const raised = logits.map((logit, i) => (i === 0 ? logit + peak : logit)).sort((a, b) => b - a);
    const total = Math.log(raised.reduce((sum, logit) => sum + Math.exp(logit - (raised[0] ?? 0)), 0));
    const logProbs = raised.map((logit) => logit - (raised[0] ?? 0) - total);
    return {
      logProbs,
      own: ownSeed % logProbs.length,
      top: Math.min(top, logProbs.length),
      knowsSize,
      knowsRank,
    };
  });

/** One token `t<id>` as a server says it: its log-prob, perhaps its rank, the most probable ones. */
export function replyOf({ logProbs, own, top, knowsRank }: Position): ReplyToken {
  return {
    id: own,
    text: `t${own}`,
    bytes: null,
    special: false,
    logProb: logProbs[own] ?? null,
    rank: knowsRank ? own + 1 : null,
    top: logProbs.slice(0, top).map((logProb, id) => ({ id, text: `t${id}`, logProb })),
    topComplete: true,
  };
}

export function traceOf(positions: readonly Position[]): ScoredTrace {
  const tokens = positions.map(replyOf);
  const size = positions[0]?.knowsSize === true ? positions[0].logProbs.length : null;
  const built = traceOfTokens(tokens.map(({ text }) => text ?? "").join(""), tokens, {
    source: "http://127.0.0.1",
    model: "m",
    method: "openAiEcho",
    logProbKind: "raw",
    tokenisation: "text",
    top: positions[0]?.top ?? 0,
    vocabularySize: size,
    window: null,
    notes: [],
  });
  if (built.kind === "failed") throw new Error(built.failure.message);
  return built.trace;
}

export const sampler: fc.Arbitrary<Sampler> = fc.record({
  temperature: fc.constantFrom(0.2, 0.6, 0.85, 1, 1.2, 2),
  topP: fc.constantFrom(0.1, 0.5, 0.9, 0.95, 0.999, 1),
  order: fc.constantFrom("temperatureFirst", "topPFirst"),
});

/** Within this of the threshold the product decides nothing: servers hand over float32. */
const near = (mass: number, topP: number): boolean => Math.abs(mass - topP) < 2e-6;

/** The exact nucleus, drawn by sorting: the token's probability in it, 0 outside; `null` where ties decide. */
export function exactQ(
  logProbs: readonly number[],
  own: number,
  { temperature, topP, order }: Sampler,
): number | null {
  const power = (t: number): number[] =>
    logProbs.map((logProb) => Math.exp((logProb - (logProbs[0] ?? 0)) / t));
  const normalised = (weights: readonly number[]): number[] => {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  };
  const judged = normalised(power(order === "temperatureFirst" ? temperature : 1));
  const tempered = power(temperature);
  let before = 0;
  let size = 0;
  const limit = topP >= 1 ? Infinity : topP;
  for (; size < judged.length && before < limit; size += 1) before += judged[size] ?? 0;
  const atEdge = near(before - (judged[size - 1] ?? 0), topP) || near(before, topP);
  const tie = size < judged.length && logProbs[size - 1] === logProbs[size];
  if (topP < 1 && atEdge) return null;
  if (tie && logProbs[own] === logProbs[size - 1]) return null;
  if (own >= size) return 0;
  return (tempered[own] ?? 0) / tempered.slice(0, size).reduce((sum, weight) => sum + weight, 0);
}

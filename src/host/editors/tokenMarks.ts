import { surprisalStep } from "../../core/trace/surprisalSteps.ts";
import type { ScoredTrace } from "../../core/trace/scoredTrace.ts";
import { unitLogProbs } from "../../core/trace/units.ts";

/** A stretch of a trace that stands in a document. UTF-16 offsets. */
export interface TextPlace {
  /** Of the trace. */
  readonly start: number;
  readonly end: number;
  /** Offset in the document of an offset of the trace. */
  readonly placeOf: (offset: number) => number;
}

/** An unlikely token in a document. */
export interface TokenMark {
  readonly start: number;
  readonly end: number;
  /** 1 to 5. */
  readonly step: number;
  /** Lines for the person: what the token is, its numbers, what stood to reason instead. */
  readonly hover: readonly string[];
}

const shownAlternatives = 5;

/** Units of at most this probability (of the tokens that share a character, the product), where they stand. */
export function tokenMarks(
  trace: ScoredTrace,
  places: readonly TextPlace[],
  lowProbability: number,
): readonly TokenMark[] {
  const least = -Math.log(lowProbability);
  const { starts, ends } = trace.units;
  const marks: TokenMark[] = [];
  for (const [unit, logProb] of unitLogProbs(trace).entries()) {
    const [start, end] = [starts[unit] ?? 0, ends[unit] ?? 0];
    if (!(-logProb >= least) || start === end) continue;
    const place = places.find((one) => start >= one.start && start < one.end);
    if (place === undefined) continue;
    marks.push({
      start: place.placeOf(start),
      // A token may begin in a string and end in the tags round it.
      end: place.placeOf(Math.min(end, place.end)),
      step: Math.max(1, surprisalStep(-logProb)),
      hover: hoverLines(trace, unit, logProb),
    });
  }
  return marks;
}

function hoverLines(
  { tokens, units, scorer }: ScoredTrace,
  unit: number,
  logProb: number,
): readonly string[] {
  const [first = 0, stop = 0] = [units.firstTokens[unit], units.firstTokens[unit + 1]];
  const texts = tokens.texts.slice(first, stop).map((text) => JSON.stringify(text));
  const numbers = [percent(logProb), `${logProb.toFixed(2)} nats`, rankWords(tokens.ranks[first] ?? 0)];
  const { offsets, logProbs } = tokens.alternatives;
  const [from = 0, to = 0] = [offsets[first], offsets[first + 1]];
  const others = Array.from({ length: Math.min(to - from, shownAlternatives) }, (_, i) => {
    const text = JSON.stringify(tokens.alternatives.texts[from + i] ?? "");
    return `${text} ${percent(logProbs[from + i] ?? 0)}`;
  });
  return [
    `${texts.join(" ")} · ${numbers.filter((words) => words !== "").join(" · ")}`,
    ...(others.length === 0 || stop - first > 1 ? [] : [others.join(", ")]),
    scorer.model === "" ? scorer.source : scorer.model,
  ];
}

const rankWords = (rank: number): string =>
  rank === 0 ? "" : rank < 0 ? `rank above ${-rank}` : `rank ${rank}`;

function percent(logProb: number): string {
  const share = 100 * Math.exp(logProb);
  if (share >= 1) return `${share.toFixed(1)} %`;
  return share >= 0.001 ? `${share.toPrecision(2)} %` : "below 0.001 %";
}

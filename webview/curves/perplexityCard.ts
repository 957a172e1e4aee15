// What is said of a point: in the card at the mouse, and aloud.
import { count, decimal, percent } from "../../src/core/numberWords.ts";
import type { PerplexityView } from "../../src/protocol/perplexity.ts";
import { el, type Child } from "../shared/dom.ts";
import { percentileOf, type PerplexityPoint, type PerplexityRow } from "./perplexityModel.ts";

export function pointCard(
  view: PerplexityView,
  row: PerplexityRow,
  point: PerplexityPoint,
): readonly Child[] {
  const line = (name: string, value: string): HTMLElement =>
    el("tr", {}, el("td", {}, name), el("td", { class: "number" }, value));
  return [
    el("div", { class: "cardHead" }, titleOf(row, point)),
    el("table", {}, el("tbody", {}, ...factsOf(view, row, point).map(([name, value]) => line(name, value)))),
    el("div", { class: "cardFoot dim" }, row.set.texts === "gold" ? "" : "Enter or a click opens the trace"),
  ];
}

export const pointWords = (view: PerplexityView, row: PerplexityRow, point: PerplexityPoint): string =>
  `${row.name} ${row.verdict === "all" ? "" : row.verdict}, ${titleOf(row, point)}: ${factsOf(
    view,
    row,
    point,
  )
    .map(([name, value]) => `${name} ${value}`)
    .join(", ")}`;

const titleOf = ({ set }: PerplexityRow, { problemId, sample }: PerplexityPoint): string =>
  set.texts === "gold" ? `Problem ${problemId}` : `Problem ${problemId}, sample ${sample}`;

function factsOf(
  view: PerplexityView,
  { scorer }: PerplexityRow,
  point: PerplexityPoint,
): readonly (readonly [string, string])[] {
  const own = percentileOf(view, scorer.id, point);
  return [
    [`PPL under ${scorer.name}`, decimal(point.perplexity, 3)],
    ...(own === null
      ? []
      : ([
          [`Percentile of ${scorer.name}'s own ${count(own.n)}, this problem`, percent(own.percentile, 0)],
        ] as const)),
    ["Tokens", count(point.tokens)],
    ...(point.of > 1 ? ([["The middle of", `${count(point.of)} traces`]] as const) : []),
  ];
}

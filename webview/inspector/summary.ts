// The trace in numbers: one line.
import { count, decimal } from "../../src/core/numberWords.ts";
import type { InspectorSnapshot } from "../../src/protocol/inspector.ts";
import type { ReachSummary, ScoresView } from "../../src/protocol/traceView.ts";
import { linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { type App, scorerName } from "./state.ts";

export function summaryParts(app: App, snapshot: InspectorSnapshot): readonly Child[] {
  const scores = snapshot.trace?.scores;
  if (!scores) return [];
  const ratio = snapshot.options.colour === "logRatio" ? scores.logRatio : null;
  return [
    ...numberParts(scores),
    ...(ratio
      ? ratioParts(snapshot, scores)
      : [...reachParts(app, scores), ...percentileParts(app, snapshot)]),
  ];
}

const number = (id: string, label: string, value: Child, title: string | null = null): Child =>
  el("span", { id, class: "figures", title }, el("span", { class: "dim" }, `${label} `), value);

/** T, PPL, the least likely token, and how many are unlikely. */
export function numberParts({ summary }: ScoresView): readonly Child[] {
  const { tokens, perplexity, least, lowCount, lowProbability, nullCount, floorCount } = summary;
  return [
    number("tokens", "T", count(tokens)),
    number("perplexity", "PPL", perplexity === null ? "not known" : decimal(perplexity, 2)),
    least && number("least", "lowest", `${decimal(least.logProb, 2)} at ${count(least.token)}`),
    number("low-count", `p < ${100 * lowProbability} %`, count(lowCount)),
    nullCount + floorCount > 0 &&
      number(
        "left-out",
        "not averaged",
        count(nullCount + floorCount),
        `${count(nullCount)} without a log-prob, ${count(floorCount)} at a floor`,
      ),
  ];
}

function reachParts(app: App, { reachSummary, starts }: ScoresView): readonly Child[] {
  const { outside, undecided, firstExit, firstUndecided } = reachSummary;
  const exit = (unit: number): Child =>
    linkButton({ id: "first-exit-go", label: `at ${count(unit)}`, press: () => app.goTo(unit) });
  const early = firstUndecided !== null && (firstExit === null || firstUndecided < firstExit);
  return [
    number("outside", "outside", count(outside)),
    undecided > 0 && number("undecided-count", "undecided", `${count(undecided)} of ${count(starts.length)}`),
    firstExit !== null && number("first-exit", "first exit", exit(firstExit)),
    early &&
      firstExit !== null &&
      number(
        "maybe-exit",
        "or, undecided,",
        `at ${count(firstUndecided)}`,
        "An undecided token stands before it.",
      ),
    number("draws", "expected draws", drawsText(reachSummary)),
  ];
}

/** 10 to the power of the log10 of the expected number of draws until the sampler writes this very trace. */
function drawsText({ log10DrawsLow: low, log10DrawsHigh: high }: ReachSummary): string {
  if (low === null) return "cannot be drawn";
  const [from, to] = [decimal(low, 1), high === null ? null : decimal(high, 1)];
  if (to === null) return `10^${from} at least`;
  return from === to ? `10^${from}` : `10^${from} to 10^${to}`;
}

function percentileParts(app: App, snapshot: InspectorSnapshot): readonly Child[] {
  const { own } = snapshot;
  const percentile = snapshot.trace?.scores?.percentile;
  if (percentile) {
    const { percentile: share, n, model } = percentile;
    const title = `Of the perplexities of ${count(n)} traces of ${model} for this problem, under this scorer, so many are below`;
    return [number("percentile", `percentile of ${model}'s ${count(n)}`, decimal(100 * share, 0), title)];
  }
  if (own === null || own.n === 0 || app.state().scoring) return [];
  const left = own.n - own.scored;
  const words =
    own.scored === 0 ? `Score ${own.model}'s ${count(own.n)}` : `Score ${own.model}'s other ${count(left)}`;
  return [
    number(
      "percentile",
      "percentile",
      linkButton({ id: "score-own", label: words, press: () => app.scoreOwnTraces() }),
      "Where this trace's perplexity stands among those of the scorer's own traces of this problem, or of rollouts imported as the base's",
    ),
  ];
}

function ratioParts(snapshot: InspectorSnapshot, { logRatio }: ScoresView): readonly Child[] {
  if (logRatio === null) return [];
  const name = scorerName(snapshot, snapshot.options.against) ?? "";
  const { perplexity } = logRatio.summary;
  let sum = 0;
  for (const nats of logRatio.values) if (Number.isFinite(nats)) sum += nats;
  return [
    number("perplexity-against", `PPL ${name}`, perplexity === null ? "not known" : decimal(perplexity, 2)),
    number("ratio-sum", "sum \u0394", `${sum > 0 ? "+" : ""}${decimal(sum, 1)} nats`),
  ];
}

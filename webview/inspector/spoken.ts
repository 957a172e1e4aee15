// What a screen reader is told when the page shows something else: the trace, how its scoring goes, what came out.
import { count, decimal } from "../../src/core/numberWords.ts";
import type { InspectorSnapshot } from "../../src/protocol/inspector.ts";
import { el } from "../shared/dom.ts";
import { verdictSigns } from "../shared/verdictMark.ts";
import { textNames } from "./head.ts";
import { type State, scorerName } from "./state.ts";

/** Phases come ten a second; who listens gets one now and then. */
const pauseMs = 4000;

export class Spoken {
  readonly element = el("div", { class: "spoken", id: "spoken", role: "status", "aria-live": "polite" });
  private saidAtMs = -Infinity;
  private scored = "";
  private said = "";

  draw({ snapshot, scoring }: State): void {
    if (snapshot === null) return;
    if (scoring === null) {
      this.scored = "";
      this.say(traceWords(snapshot));
      return;
    }
    const name = scorerName(snapshot, scoring.scorer) ?? "";
    if (this.scored === scoring.scorer && performance.now() - this.saidAtMs < pauseMs) return;
    this.scored = scoring.scorer;
    this.say(`Scoring under ${name}: ${scoring.phase}.`);
  }

  /** What was said is said; the next words come as ever. */
  hush(): void {
    this.element.textContent = "";
  }

  private say(words: string): void {
    if (words === this.said) return;
    this.said = words;
    this.element.textContent = words;
    this.saidAtMs = performance.now();
  }
}

function traceWords({ title, traces, trace, beside, options, scorer, scorers }: InspectorSnapshot): string {
  const row = trace === null ? undefined : traces[trace.trace];
  if (trace === null || row === undefined) return "";
  const own = traces.filter(({ guest }) => !guest).length;
  const which = own > 1 ? `, sample ${trace.trace + 1} of ${count(own)}` : "";
  const { summary } = trace.scores ?? {};
  const name = scorers.find(({ id }) => id === scorer)?.name ?? "";
  const perplexity = summary?.perplexity ?? null;
  return [
    `${title}${which}, ${verdictSigns[row.verdict][2]}.`,
    summary !== undefined &&
      `Scored by ${name}: ${count(summary.tokens)} tokens, ${perplexity === null ? "" : `perplexity ${decimal(perplexity, 2)}, `}${count(summary.lowCount)} unlikely.`,
    beside !== null && "Another trace is beside it.",
    options.text !== "plain" && `Shown as ${textNames[options.text]}.`,
  ]
    .filter((part) => part !== false)
    .join(" ");
}

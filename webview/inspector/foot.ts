import { count } from "../../src/core/numberWords.ts";
import type { ScorerFacts } from "../../src/core/trace/scoredTrace.ts";
import { el, type Child } from "../shared/dom.ts";
import type { State } from "./state.ts";

const keys: readonly (readonly [string, string])[] = [
  ["j/k", "sample"],
  ["J/K", "problem"],
  ["[/]", "step"],
  ["n/N", "marked token"],
  ["r", "plain, Markdown, raw"],
  ["c", "compare"],
  ["d", "diff of the texts"],
  ["s", "score"],
  ["/", "search"],
  ["z", "fold thinking"],
  ["o", "open line"],
  ["f", "follow the file"],
  ["Esc", "close"],
];
const fewKeys = 5;

export function footParts({ snapshot, help }: State): readonly Child[] {
  const facts = snapshot?.trace?.scores?.facts;
  return [
    ...(help ? keys : keys.slice(0, fewKeys)).map(([key, word]) =>
      el("span", {}, el("kbd", {}, key), ` ${word}`),
    ),
    !help && el("span", {}, el("kbd", {}, "?"), " all keys"),
    el("span", { class: "space" }),
    facts && el("span", { id: "facts" }, factsText(facts)),
  ];
}

const factsText = (facts: ScorerFacts): string =>
  [
    `scored by ${facts.method}${facts.model === "" ? "" : ` of ${facts.model}`}`,
    facts.tokenisation === "ids" ? "token ids" : "re-tokenised text",
    `log-probs ${facts.logProbKind}`,
    ...(facts.window ? [`windows of ${count(facts.window.tokens)} tokens`] : []),
    ...facts.notes,
  ].join(" \u00b7 ");

// What became of a sample, as every page writes it.
import type { SampleRow } from "../../src/protocol/samples.ts";
import { el } from "./dom.ts";
import { icon, type IconName, type IconTone } from "./icons.ts";

type ShownVerdict = SampleRow["verdict"];

export const verdictSigns: Readonly<Record<ShownVerdict, readonly [IconName, IconTone, string]>> = {
  correct: ["pass", "ok", "correct"],
  incorrect: ["fail", "bad", "wrong"],
  unparsed: ["question", "ambiguous", "no answer"],
  undecided: ["question", "ambiguous", "undecided"],
  error: ["warn", "warn", "verifier error"],
  ungraded: ["dash", "mute", "not graded"],
};

/** Icon and word, never colour alone. */
export function verdictMark(verdict: ShownVerdict): HTMLElement {
  const [name, tone, word] = verdictSigns[verdict];
  return el("span", { class: `verdict ${tone}` }, icon(name), word);
}

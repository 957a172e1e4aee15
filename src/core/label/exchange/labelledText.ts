import { splitSteps } from "../../trace/steps.ts";
import type { ItemId, Label, LabelEntry } from "../model.ts";

/** A label with all that other projects' files want to have beside it. */
export interface LabelledText {
  readonly label: Label;
  readonly problemId: string;
  readonly question: string;
  readonly gold: string | null;
  /** The model or run that wrote it. */
  readonly generator: string;
  readonly text: string;
  readonly answerIsCorrect: boolean;
}

/** The text of each step, without the white space around it; in `splitSteps`' order. */
export function stepTexts(text: string): readonly string[] {
  return splitSteps(text).map(({ start, end }) => text.slice(start, end).trim());
}

/** A chain of thought of another project's file with what its raters said. */
export interface ForeignLabel {
  readonly steps: readonly string[];
  readonly verdict: LabelEntry["verdict"];
  /** In `steps`. */
  readonly firstWrongStep: number | null;
  readonly seconds: number;
}

/**
 * Finds our items for texts that come back as lists of steps: by the text without its white space, which splitting and
 * joining changes. Texts of several problems never have one item, so the text alone decides.
 */
export class TextIndex {
  readonly #items = new Map<string, { readonly item: ItemId; readonly text: string }[]>();

  add(item: ItemId, text: string): void {
    const key = dense(text);
    const known = this.#items.get(key);
    if (known === undefined) this.#items.set(key, [{ item, text }]);
    else if (!known.some((other) => other.item === item)) known.push({ item, text });
  }

  /** Empty where no rollout has this text. The step is found again by the characters before it. */
  entriesOf({ steps, verdict, firstWrongStep, seconds }: ForeignLabel): readonly LabelEntry[] {
    return (this.#items.get(dense(steps.join(""))) ?? []).map(({ item, text }) => {
      const before = firstWrongStep === null ? null : dense(steps.slice(0, firstWrongStep).join("")).length;
      return {
        item,
        verdict,
        firstWrongStep: before === null ? null : stepBehind(text, before),
        note: "",
        seconds,
      };
    });
  }
}

const dense = (text: string): string => text.replaceAll(/\s+/g, "");

/** Our step that holds the character which has so many others before it, white space not counted. */
function stepBehind(text: string, before: number): number {
  let passed = 0;
  const steps = splitSteps(text);
  for (const { index, start, end } of steps) {
    passed += dense(text.slice(start, end)).length;
    if (passed > before) return index;
  }
  return Math.max(0, steps.length - 1);
}

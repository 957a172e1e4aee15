// Traces that would break a page which trusts its text, or cannot lay it out.
import { hostile } from "./syntheticRuns.ts";

export interface HostileTrace {
  readonly name: string;
  readonly text: string;
}

/** A macro that doubles what it says, twenty times: a million letters if one let it. */
const bomb = `\\(${Array.from({ length: 20 }, (_, i) => `\\def\\b${letter(i + 1)}{\\b${letter(i)}\\b${letter(i)}}`).join("")}\\def\\ba{x}\\b${letter(20)}\\)`;

function letter(i: number): string {
  return String.fromCharCode(97 + i);
}

export const hostileTraces: readonly HostileTrace[] = [
  {
    name: "markup",
    text: `${hostile}\n\n<style>*{display:none}</style><base href="//x.invalid/"><iframe srcdoc="<script>parent.owned=1</script>"></iframe>`,
  },
  { name: "a line of 100,000 characters", text: "so we add one and ".repeat(5556).slice(0, 100_000) },
  { name: "100,000 characters without a space", text: "0123456789".repeat(10_000) },
  {
    name: "right to left",
    text: `\u202e${"\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 abc ".repeat(500)}\n\nthen left to right`,
  },
  {
    name: "control characters",
    text: Array.from({ length: 3000 }, (_, i) => String.fromCharCode(1 + (i % 31))).join("a"),
  },
  {
    name: "formulas that explode",
    text: `${`${bomb}\n\n`.repeat(20)}\\(${"{".repeat(3000)}\\)\n\n\\(${"\\frac{1}{".repeat(400)}x${"}".repeat(400)}\\)\n\n\\rule{1e9em}{1e9em} \\(\\rule{1e9em}{1e9em}\\)`,
  },
  {
    name: "marks without end",
    text: `${"*_`[$\\(".repeat(8000)}\n\n${">".repeat(3000)} x\n\n${"- ".repeat(3000)}`,
  },
];

export const oneCharacter = "a".repeat(100_000);

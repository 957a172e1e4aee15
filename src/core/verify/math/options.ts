/** How much of a response may count as its answer, from `strict` (a box or `####`) to `lenient` (the last number in the text). */
export type MathMode = "strict" | "standard" | "lenient";
export const mathModes: readonly MathMode[] = ["strict", "standard", "lenient"];

export interface MathOptions {
  readonly mode: MathMode;
  /** Of several boxes only the last counts; else neighbours are one answer of several parts. */
  readonly lastBoxOnly: boolean;
  /** Accepts an answer that is 100 times or a hundredth of the gold one, and 10 % for 10. */
  readonly hundredfold: boolean;
  /** Decimal places that must agree where one side is a decimal. */
  readonly decimals: number;
  /** Accepts an inequality where the gold answer is a set. The other way round is always accepted. */
  readonly inequalityForSet: boolean;
  /** Names of variables count; else they are matched by position. */
  readonly names: boolean;
  /** What the text may hold its answer in, where no mark says so. */
  readonly sources: readonly ("math" | "number")[];
  /** Takes the last formula or number where nothing marks an answer. */
  readonly fallback: boolean;
  /** `1,22` is a decimal. */
  readonly decimalComma: boolean;
}

/** The options of a mode, with changes. */
export function mathOptions(change: Partial<MathOptions> = {}): MathOptions {
  const mode = change.mode ?? "standard";
  return {
    mode,
    lastBoxOnly: false,
    hundredfold: mode === "lenient",
    decimals: 6,
    inequalityForSet: true,
    names: true,
    sources: ["math", "number"],
    fallback: mode === "lenient",
    decimalComma: mode === "lenient",
    ...change,
  };
}

/**
 * Options of a line of an answer-pair file, in the words of Math-Verify's tests: `match_types`, `precision`,
 * `allow_set_relation_comp`, `strict`. Its parser always falls back to the last formula or number.
 */
export function pairOptions(opts: Readonly<Record<string, unknown>>): Partial<MathOptions> {
  const types = opts["match_types"];
  const ofMathVerify = Array.isArray(types) || "allow_set_relation_comp" in opts || "precision" in opts;
  const sources = Array.isArray(types)
    ? (["math", "number"] as const).filter((source) => types.includes(source === "math" ? "latex" : "expr"))
    : undefined;
  return {
    ...(sources === undefined
      ? {}
      : { sources, fallback: true, decimalComma: sources.length === 1 && sources[0] === "number" }),
    ...(ofMathVerify ? { inequalityForSet: opts["allow_set_relation_comp"] === true } : {}),
    ...(typeof opts["precision"] === "number" ? { decimals: opts["precision"] } : {}),
    ...(opts["strict"] === false ? { names: false } : {}),
  };
}

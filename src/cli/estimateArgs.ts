import { type IntervalMethod, intervalMethods } from "../core/estimate/names.ts";
import { type OptionTable, type ParsedArgs, usageError, wholeNumber } from "./args.ts";

/** Options that the estimating commands share; each lists in its own table those it takes. */
export const estimateOptions = {
  k: { type: "string" },
  interval: { type: "string" },
  draws: { type: "string" },
  seed: { type: "string" },
  finished: { type: "boolean" },
  json: { type: "boolean" },
} satisfies OptionTable;

export interface EstimateArgs {
  /** Ascending; `null`: not given. */
  readonly ks: readonly number[] | null;
  readonly interval: IntervalMethod;
  readonly draws: number;
  readonly seed: number;
  readonly finishedOnly: boolean;
}

export function estimateArgs(parsed: ParsedArgs): EstimateArgs {
  const list = parsed
    .text("k")
    ?.split(",")
    .map((part) => wholeNumber(part.trim(), "--k", 1));
  return {
    ks: list ? [...new Set(list)].sort((a, b) => a - b) : null,
    interval: parsed.oneOf("interval", intervalMethods) ?? "jbb",
    draws: parsed.whole("draws", 1) ?? 1000,
    seed: parsed.whole("seed", 0) ?? 1,
    finishedOnly: parsed.flag("finished"),
  };
}

/** For means that only a population is estimated of: `fixed` is refused. */
export function populationMethod(interval: IntervalMethod): Exclude<IntervalMethod, "fixed"> {
  if (interval === "fixed") throw usageError("--interval fixed: only curve, gap and difference have it.");
  return interval;
}

/** Numbers in (0, 1] of a list such as 0.25,0.5,1, ascending. */
export function shares(text: string | undefined, name: string): readonly number[] | null {
  if (text === undefined) return null;
  const values = text.split(",").map((part) => {
    const value = Number(part.trim());
    if (!(value > 0 && value <= 1))
      throw usageError(`${name}: expected numbers above 0 up to 1, got ${JSON.stringify(part.trim())}.`);
    return value;
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

export const targets: Readonly<Record<IntervalMethod, string>> = {
  jbb: "other problems like these (Jeffreys-Bayesian bootstrap)",
  gaffke: "other problems like these (Gaffke, conservative)",
  percentile: "other problems like these (percentile bootstrap: too narrow near 0 and 100 %)",
  fixed: "these very problems, new samples",
};

export const intervalHelp = `  --interval    jbb (default): other problems like these; safe also near 0 and 100 %
                gaffke: the same, conservative; percentile: the usual bootstrap, too narrow near 0 and 100 %`;
export const drawsHelp = `  --draws N     bootstrap draws (default 1000)
  --seed S      of the draws (default 1)
  --finished    count only samples that ended by themselves`;

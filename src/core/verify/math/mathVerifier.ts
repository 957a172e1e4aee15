import { verifierId } from "../verifierSpec.ts";
import type { VerifyItem, Verifier } from "../verifier.ts";
import type { Verdict } from "../../model.ts";
import { type Candidate, extract, type Mark } from "./extract.ts";
import { readGold } from "./gold.ts";
import { judge, type Judgement } from "./judge.ts";
import { type MathOptions, mathOptions } from "./options.ts";

export interface MathVerdict {
  /** `unparsed`: no answer was found in the response. */
  readonly verdict: "equal" | "notEqual" | "undecided" | "unparsed";
  /** The comparer that decided (`string`, `exact`, `rounding`, `identity`, `set` ...), or why it cannot be decided. */
  readonly how: string;
  /** The response's answer as it stands there. */
  readonly extracted: string | null;
  /** What marked it as the answer. */
  readonly mark: Mark | null;
  /** Nothing followed the thinking text; the answer is taken from it. */
  readonly insideThinking: boolean;
}

/** Judges a response against a gold answer that may itself be a worked solution. Pure and deterministic; never throws for a bad text. */
export function verifyMathPair(
  gold: string,
  response: string,
  change: Partial<MathOptions> = {},
): MathVerdict {
  return verified(gold, response, { options: mathOptions(change), judgeBy: judge });
}

interface Way {
  readonly options: MathOptions;
  readonly judgeBy: typeof judge;
}

function verified(gold: string, response: string, way: Way): MathVerdict {
  const { candidates, insideThinking } = extract(response, way.options);
  const [first] = candidates;
  if (first === undefined)
    return { verdict: "unparsed", how: "no answer found", extracted: null, mark: null, insideThinking };
  const { candidate, judgement } = chosen(readGold(gold), candidates, way);
  return { ...judgement, extracted: candidate.text.trim(), mark: candidate.mark, insideThinking };
}

interface Chosen {
  readonly candidate: Candidate;
  readonly judgement: Judgement;
}

/** The surest candidate that can be read at all. A later one is never asked because the first one is wrong. */
function chosen(gold: string, candidates: readonly Candidate[], { options, judgeBy }: Way): Chosen {
  let first: Chosen | null = null;
  for (const candidate of candidates.slice(0, 4)) {
    const judgement = judgeBy(gold, candidate.text, options);
    first ??= { candidate, judgement };
    if (
      judgement.how !== "text" ||
      judgement.verdict === "equal" ||
      candidate.mark === "box" ||
      candidate.mark === "hash"
    ) {
      return { candidate, judgement };
    }
  }
  return first!;
}

/** An item with options of its own, which win over those of the verifier. */
export interface MathItem extends VerifyItem {
  readonly options?: Partial<MathOptions>;
}

/** The built-in verifier of math answers. Its id names the mode: `math@1:standard`. */
export function mathVerifier(change: Partial<MathOptions> = {}): Verifier {
  const way = { options: mathOptions(change), judgeBy: rememberedJudge() };
  return {
    id: verifierId({ name: "math", mode: way.options.mode }),
    verify: ({ gold, response, options }: MathItem): Verdict =>
      verdictOf(
        options === undefined
          ? verified(gold, response, way)
          : verifyMathPair(gold, response, { ...change, ...options }),
      ),
  };
}

const mostRemembered = 1_000;
const longestRemembered = 200;

/**
 * The many samples of a problem end in few different answers, so most judgements were made before: half of the time of a
 * sample. For one set of options.
 */
function rememberedJudge(): typeof judge {
  const known = new Map<string, Judgement>();
  return (gold, answer, options) => {
    if (gold.length + answer.length > longestRemembered) return judge(gold, answer, options);
    const key = `${gold.length} ${gold}${answer}`;
    let judgement = known.get(key);
    if (judgement === undefined) {
      judgement = judge(gold, answer, options);
      if (known.size >= mostRemembered) known.clear();
      known.set(key, judgement);
    }
    return judgement;
  };
}

function verdictOf({ verdict, how, extracted }: MathVerdict): Verdict {
  if (verdict === "unparsed") return { kind: "unparsed" };
  if (verdict === "undecided") return { kind: "undecided", reason: how, extracted };
  return { kind: verdict === "equal" ? "correct" : "incorrect", how, extracted };
}

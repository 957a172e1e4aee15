import { extract } from "./extract.ts";
import { mathOptions } from "./options.ts";

const loose = mathOptions({ mode: "lenient" });

/**
 * The gold answer as a dataset gives it: mostly the answer itself, taken whole; a worked solution (with a box, with `####`,
 * or longer prose) is searched as a response is.
 */
export function readGold(gold: string): string {
  const marked = /\\(?:boxed|fbox)\b|(?:^|\n)\s*#{4}\s/.test(gold);
  const prose = gold.length > 120 && (gold.match(/(?:^|\s)[a-z]{3,}(?=[\s.,])/g)?.length ?? 0) > 12;
  if (!marked && !prose) return gold;
  const { candidates } = extract(gold, loose);
  return candidates[0]?.text ?? gold;
}

import { betaDraw, binomialDraw } from "../betaDraws.ts";
import { SeededRandom } from "../seededRandom.ts";
import { type BetaLaw, betaLaw, lawDraw } from "./betaLaw.ts";
import { cotBins, readOf } from "./cotBins.ts";
import type { CotProblem } from "./cotPass.ts";

interface OpenProblem {
  readonly index: number;
  readonly law: number;
  readonly problem: CotProblem;
  /** Unread texts by how many samples have them: `[samples, texts]`. */
  readonly groups: readonly (readonly [number, number])[];
}

/**
 * Draws how many samples of each problem are right in answer and chain, given what was read: per draw one (a, b) of each
 * bin's posterior, per problem q ~ Beta(a + d, b + m - d) and D = d + Binomial(c - m, q); a text that several samples have
 * is right in all of them or in none.
 */
export class CotImputation {
  /** D of each problem in the latest draw; problems with nothing unread always have their own count. */
  readonly right: Int32Array;
  /** Problems whose D changes from draw to draw. */
  readonly open: readonly number[];
  readonly #laws: readonly BetaLaw[];
  readonly #open: readonly OpenProblem[];
  readonly #random: SeededRandom;

  constructor(
    problems: readonly CotProblem[],
    { seed, stream }: { readonly seed: number; readonly stream: number },
  ) {
    this.#random = new SeededRandom(seed, stream);
    this.right = Int32Array.from(problems, ({ rightSamples }) => rightSamples);
    const bins = cotBins(problems);
    this.#laws = bins.map(({ members }) =>
      betaLaw(
        members
          .map((i) => problems[i] as CotProblem)
          .filter((problem) => readOf(problem) > 0)
          .map(({ rightTexts, wrongTexts }) => ({ right: rightTexts, wrong: wrongTexts })),
      ),
    );
    this.#open = bins.flatMap(({ members }, law) =>
      members.flatMap((index) => {
        const problem = problems[index] as CotProblem;
        return problem.unread.length === 0 ? [] : [{ index, law, problem, groups: grouped(problem.unread) }];
      }),
    );
    this.open = this.#open.map(({ index }) => index);
  }

  draw(): void {
    const random = this.#random;
    const at = this.#laws.map((law) => lawDraw(law, random));
    for (const { index, law, problem, groups } of this.#open) {
      const { a, b } = this.#laws[law] as BetaLaw;
      const cell = at[law] as number;
      const q = betaDraw(
        random,
        (a[cell] as number) + problem.rightTexts,
        (b[cell] as number) + problem.wrongTexts,
      );
      let right = problem.rightSamples;
      for (const [samples, texts] of groups) right += samples * binomialDraw(random, texts, q);
      this.right[index] = right;
    }
  }
}

function grouped(unread: readonly number[]): readonly (readonly [number, number])[] {
  const texts = new Map<number, number>();
  for (const samples of unread) texts.set(samples, (texts.get(samples) ?? 0) + 1);
  return [...texts];
}

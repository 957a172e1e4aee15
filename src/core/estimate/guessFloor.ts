/**
 * pass@k of a uniform guesser among `answers` equally likely answers, 1 - (1 - 1/answers)^k: what a curve must be above
 * to say anything (1,000 answers: 22.6 % at k = 256). A fraction.
 */
export const guessFloor = (answers: number, k: number): number =>
  answers <= 1 ? 1 : -Math.expm1(k * Math.log1p(-1 / answers));

/** With fewer gold answers their shape says too little. */
const leastGolds = 10;

/**
 * How many answers there are to guess from, where the gold answers show it: 1,000 where all of them are integers from 0
 * to 999 and some have three digits (AIME); `null` otherwise. It is read off the golds, so call it an assumption.
 */
export function answerSpace(golds: readonly (string | null)[]): number | null {
  if (golds.length < leastGolds) return null;
  const short = golds.every((gold) => gold !== null && /^\d{1,3}$/.test(gold.trim()));
  return short && golds.some((gold) => Number(gold) >= 100) ? 1000 : null;
}

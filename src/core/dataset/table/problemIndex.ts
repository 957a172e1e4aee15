import type { Problem } from "../../model.ts";
import { problemKey } from "../problemKey.ts";

export interface ProblemFacts {
  readonly key: string | null;
  readonly question: string;
  readonly gold: string | null;
  readonly id: string | null;
}

/** The problems of one file, numbered in order of appearance; the first record's gold and id hold. */
export class ProblemIndex {
  readonly #problems: Problem[] = [];
  readonly #numbers = new Map<string, number>();
  /** By the question as it stands, so that a question is hashed once and not with each of its samples. */
  readonly #byQuestion = new Map<string, number>();

  /** `known`: problems of the run folder, whose samples name them by key. */
  constructor(known: readonly Problem[]) {
    for (const problem of known) this.#insert(problem.key, problem);
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  number(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  add(facts: ProblemFacts, line: number | null): number {
    if (facts.key === null && facts.question !== "") {
      const seen = this.#byQuestion.get(facts.question);
      if (seen !== undefined) return seen;
    }
    const index = this.#problems.length;
    const id = facts.id ?? String(index);
    const key = facts.key ?? problemKey(facts.question, id);
    const number =
      this.#numbers.get(key) ??
      this.#insert(key, { key, id, index, question: facts.question, gold: facts.gold, line });
    if (facts.question !== "") this.#byQuestion.set(facts.question, number);
    return number;
  }

  #insert(key: string, problem: Problem): number {
    this.#problems.push(problem);
    this.#numbers.set(key, this.#problems.length - 1);
    return this.#problems.length - 1;
  }
}

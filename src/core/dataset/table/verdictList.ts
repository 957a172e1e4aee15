import type { Verdict } from "../../model.ts";
import { copyText } from "./interned.ts";

/** Verdicts, each kept once under a number: there are about as many as different answers. */
export class VerdictList {
  readonly #verdicts: (Verdict | null)[] = [null];
  /** By kind, then by how or reason, then by the extracted answer: no name is put together per sample. */
  readonly #last = new Map<
    Verdict["kind"],
    { readonly detail: string; readonly numbers: Map<string | null, number> }
  >();
  readonly #numbers = new Map<string, Map<string, Map<string | null, number>>>();

  /** 0 for `null`. What is kept shares no memory with the sample's text. */
  add(verdict: Verdict | null): number {
    if (verdict === null) return 0;
    const extracted = "extracted" in verdict ? verdict.extracted : null;
    const numbers = this.#numbersOf(verdict.kind, detailOf(verdict));
    const known = numbers.get(extracted);
    if (known !== undefined) return known;
    const number = this.#verdicts.length;
    const own = extracted === null ? null : copyText(extracted);
    this.#verdicts.push(own === null ? verdict : ({ ...verdict, extracted: own } as Verdict));
    numbers.set(own, number);
    return number;
  }

  /** By the answer; most verdicts are of a few kinds, and each of them is looked up once and not with each sample. */
  #numbersOf(kind: Verdict["kind"], detail: string): Map<string | null, number> {
    const last = this.#last.get(kind);
    if (last?.detail === detail) return last.numbers;
    const numbers = inner(inner(this.#numbers, kind), detail);
    this.#last.set(kind, { detail, numbers });
    return numbers;
  }

  at(number: number): Verdict | null {
    return this.#verdicts[number] ?? null;
  }

  /** In the order of their numbers; the first is `null`. */
  all(): readonly (Verdict | null)[] {
    return this.#verdicts;
  }
}

/** All that tells two verdicts of a kind apart but for the answer; of a program also which test it failed, and how. */
function detailOf(verdict: Verdict): string {
  if (verdict.kind === "unparsed") return "";
  if (!("how" in verdict)) return verdict.reason;
  const trial = verdict.kind === "incorrect" ? verdict.trial : undefined;
  return trial === undefined ? verdict.how : `${verdict.how}\u0000${JSON.stringify(trial)}`;
}

function inner<K, I, V>(outer: Map<K, Map<I, V>>, key: K): Map<I, V> {
  let map = outer.get(key);
  if (map === undefined) {
    map = new Map<I, V>();
    outer.set(key, map);
  }
  return map;
}

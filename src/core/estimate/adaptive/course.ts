import { aheadOf, type EndPoint, type StopPlan } from "./stopPlan.ts";

/** What a draw says: right, wrong, or (`null`) nothing, as there is no verdict that counts. */
export type Draw = boolean | null;

/**
 * One problem's draws under a stop plan, told in any order and followed in the order of their index: what stands behind a
 * gap waits, what stands behind the stop is surplus. Draws without a verdict that counts are passed over; a problem that
 * has used up its indices with some of those ends with fewer than nMax draws.
 */
export class Course {
  readonly #plan: StopPlan;
  readonly #heads: boolean;
  readonly #waiting = new Map<number, Draw>();
  #next = 0;
  #draws = 0;
  #correct = 0;

  /** `heads`: the problem's coin (tailCoin); true where the plan has no tail. */
  constructor(plan: StopPlan, heads = true) {
    this.#plan = plan;
    this.#heads = heads;
  }

  tell(index: number, draw: Draw): void {
    if (index < this.#next || this.#waiting.has(index)) return;
    this.#waiting.set(index, draw);
    for (let next = this.#waiting.get(this.#next); next !== undefined && !this.over;) {
      this.#waiting.delete(this.#next);
      this.#next++;
      if (next !== null) {
        this.#draws++;
        if (next) this.#correct++;
      }
      next = this.#waiting.get(this.#next);
    }
  }

  isTold(index: number): boolean {
    return index < this.#next || this.#waiting.has(index);
  }

  /** All draws with a smaller index are followed. */
  get next(): number {
    return this.#next;
  }

  /** As far as it is followed. */
  get end(): EndPoint {
    return { draws: this.#draws, correct: this.#correct, cutOff: this.#cutOff };
  }

  get over(): boolean {
    const { r, nMax } = this.#plan;
    return this.#correct >= r || this.#draws >= nMax || this.#next >= nMax || this.#cutOff;
  }

  /** How many draws from `next` on can be asked for without wasting one; 0 when it is over. */
  get ahead(): number {
    if (this.over) return 0;
    return Math.min(aheadOf(this.#coinless, this.end), this.#toEnd);
  }

  /**
   * The same with some risk, for requests that would else stand idle: up to an eighth of the draws it will still take, going
   * by its rate so far (one success and one draw added).
   */
  get aheadAtRisk(): number {
    if (this.over) return 0;
    const expected = ((this.#plan.r - this.#correct) * (this.#draws + 1)) / (this.#correct + 1);
    return Math.max(this.ahead, Math.min(Math.floor(expected * riskedShare), this.#toEnd, this.#toCoin));
  }

  /** A coin that says go on stops nothing. */
  get #coinless(): StopPlan {
    return this.#heads ? { ...this.#plan, tail: null } : this.#plan;
  }

  get #toEnd(): number {
    return this.#plan.nMax - this.#next;
  }

  get #toCoin(): number {
    const { tail } = this.#plan;
    return tail && !this.#heads && this.#correct === 0 ? Math.max(0, tail.n0 - this.#draws) : this.#toEnd;
  }

  get #cutOff(): boolean {
    const { tail } = this.#plan;
    return Boolean(tail) && !this.#heads && this.#correct === 0 && this.#draws >= (tail?.n0 ?? 0);
  }
}

const riskedShare = 1 / 8;

import type { CancelSignal } from "../../core/ports.ts";
import { LensError } from "../../core/errors.ts";

/** One program at a time; see CodeEngine.judge for what it answers. */
export interface Slot {
  judge(planText: string, totalMs: number, signal?: CancelSignal): Promise<string>;
  close(): Promise<void>;
}

interface Waiting {
  take(slot: Slot | null): void;
}

/** Hands programs to slots in the order in which they come; slots are made when they are first needed. */
export class Pool {
  readonly #make: () => Slot;
  readonly #jobs: number;
  readonly #idle: Slot[] = [];
  readonly #all: Slot[] = [];
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(jobs: number, make: () => Slot) {
    this.#jobs = jobs;
    this.#make = make;
  }

  async judge(planText: string, totalMs: number, signal?: CancelSignal): Promise<string> {
    const slot = await this.#free(signal);
    try {
      return await slot.judge(planText, totalMs, signal);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(slot);
      else next.take(slot);
    }
  }

  async #free(signal?: CancelSignal): Promise<Slot> {
    if (this.#closed || signal?.aborted === true) throw cancelled();
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.length < this.#jobs) {
      const slot = this.#make();
      this.#all.push(slot);
      return slot;
    }
    const slot = await new Promise<Slot | null>((done) => {
      const waiting: Waiting = {
        take(slot) {
          signal?.removeEventListener("abort", leave);
          done(slot);
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        done(null);
      };
      this.#waiting.push(waiting);
      signal?.addEventListener("abort", leave);
    });
    if (slot === null) throw cancelled();
    return slot;
  }

  /** Ends every process; what waits is rejected as cancelled. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.take(null);
    await Promise.all(this.#all.splice(0).map((slot) => slot.close()));
  }
}

export const cancelled = (): LensError => new LensError("cancelled", "Cancelled.");

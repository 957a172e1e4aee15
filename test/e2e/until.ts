import { setTimeout as sleep } from "node:timers/promises";

/** A machine that others keep busy is ten times as slow as a quiet one. */
export const patienceMs = 120_000;

/**
 * Waits until `probe` gives something truthy and returns it. What `probe` throws counts as "not yet".
 * Throws with `what` and the last error after `timeoutMs`.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs = patienceMs,
): Promise<NonNullable<T>> {
  const started = Date.now();
  let cause: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    const waitedMs = Date.now() - started;
    if (waitedMs > timeoutMs) throw new Error(`Not in ${timeoutMs / 1000} s: ${what}`, { cause });
    // What takes long is asked for less often: each look costs the window that is waited for.
    await sleep(Math.min(500, Math.max(100, waitedMs / 8)));
  }
}

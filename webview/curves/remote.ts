// Something that a tab asks the host for besides the snapshot: asked again when what it depends on changes, and the last
// answer stays until the next one is there.
import { RequestError } from "../shared/client.ts";

export interface Remote<T> {
  /** The newest answer; asks where `key` is another than that of the last question. */
  at(key: string): { readonly value: T | null; readonly error: string | null };
  /** Takes an answer that came otherwise. */
  take(value: T): void;
  /** The next look asks again. */
  forget(): void;
}

export function createRemote<T>(ask: (signal: AbortSignal) => Promise<T>, arrived: () => void): Remote<T> {
  let asked: string | null = null;
  let value: T | null = null;
  let error: string | null = null;
  let asking = new AbortController();
  const question = (key: string): void => {
    asking.abort();
    asking = new AbortController();
    asked = key;
    const own = asking.signal;
    ask(own).then(
      (answer) => {
        if (own.aborted) return;
        [value, error] = [answer, null];
        arrived();
      },
      (failure: unknown) => {
        if (own.aborted || (failure instanceof RequestError && failure.code === "closed")) return;
        error = failure instanceof Error ? failure.message : String(failure);
        arrived();
      },
    );
  };
  return {
    at: (key) => {
      if (asked !== key) question(key);
      return { value, error };
    },
    take: (answer) => {
      [value, error] = [answer, null];
      arrived();
    },
    forget: () => {
      asked = null;
    },
  };
}

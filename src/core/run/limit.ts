/**
 * Takes tasks in order and works on at most `limit` of them at once, until there are none or `next` says so with `null`.
 * `work` takes care of its own failures; one it throws ends the taking and is thrown when all others are done.
 */
export async function forEachLimited<T>(
  next: () => T | null,
  limit: number,
  work: (task: T) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    while (failure === null) {
      const task = next();
      if (task === null) return;
      try {
        await work(task);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, worker));
  throwFailure(failure);
}

function throwFailure(failure: { readonly error: unknown } | null): void {
  if (failure !== null) throw failure.error;
}

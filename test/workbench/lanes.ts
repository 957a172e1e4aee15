export type Job = () => Promise<void>;

/**
 * Works through `own` one after another and beside it through `shared`, `width` at a time. Who is done helps the others:
 * the own lane with `shared`, and one of the shared lanes with `own`, so that never more than two of these are at work.
 */
export async function inLanes(own: readonly Job[], shared: readonly Job[], width: number): Promise<void> {
  const waiting = { own: [...own], shared: [...shared] };
  const work = async (queue: Job[]) => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
  };
  const ownLane = work(waiting.own).then(() => work(waiting.shared));
  const lanes = Array.from({ length: width }, (_, lane) =>
    work(waiting.shared).then(() => (lane === 0 ? work(waiting.own) : undefined)),
  );
  await Promise.all([ownLane, ...lanes]);
}

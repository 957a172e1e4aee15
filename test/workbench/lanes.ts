export type Job = () => Promise<void>;

/** Works through `own` one after another and beside it through `shared`, `width` at a time; who is done helps with `shared`. */
export async function inLanes(own: readonly Job[], shared: readonly Job[], width: number): Promise<void> {
  const waiting = [...shared];
  const work = async (queue: Job[]) => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
  };
  const lanes = Array.from({ length: width }, () => work(waiting));
  await Promise.all([work([...own]).then(() => work(waiting)), ...lanes]);
}

/** Samples gone through between two breaths: some milliseconds of work. */
const breathSamples = 2000;

/** Told how many samples were gone through; a promise to wait for when it is time for other work. */
export function breaths(
  breathe: (() => Promise<void>) | undefined,
): (samples: number) => Promise<void> | undefined {
  let since = 0;
  return (samples) => {
    since += samples;
    if (breathe === undefined || since < breathSamples) return undefined;
    since = 0;
    return breathe();
  };
}

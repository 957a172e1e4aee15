/**
 * A text as a model would have written it: VS Code hands out the line ends of the document. `placeOf` leads from an offset
 * of the text to that in the document's.
 */
export function lineFeeds(raw: string): {
  readonly text: string;
  readonly placeOf: (offset: number) => number;
} {
  if (!raw.includes("\r\n")) return { text: raw, placeOf: (offset) => offset };
  const text = raw.replaceAll("\r\n", "\n");
  /** Offsets in the text behind which one more character was taken out. */
  const cuts = [...raw.matchAll(/\r\n/g)].map(({ index }, before) => index - before);
  return {
    text,
    placeOf: (offset) => {
      let [low, high] = [0, cuts.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((cuts[middle] as number) < offset) low = middle + 1;
        else high = middle;
      }
      return offset + low;
    },
  };
}

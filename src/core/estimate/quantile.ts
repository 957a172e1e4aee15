/**
 * The p-quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7, as numpy's default).
 * Reorders `values`. Expected linear time (Hoare's selection). NaN for no values.
 */
export function quantile(values: Float64Array, p: number): number {
  if (values.length === 0) return Number.NaN;
  const position = p * (values.length - 1);
  const below = Math.floor(position);
  const low = select(values, below);
  if (position === below) return low;
  let high = Infinity;
  for (let i = below + 1; i < values.length; i++) high = Math.min(high, values[i] as number);
  return low + (position - below) * (high - low);
}

/** The value of rank `rank` (0-based); afterwards smaller ones stand before it and larger ones behind it. */
function select(values: Float64Array, rank: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[rank] as number;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i <= j) {
        const swap = values[i] as number;
        values[i++] = values[j] as number;
        values[j--] = swap;
      }
    }
    if (j < rank) left = i;
    if (i > rank) right = j;
  }
  return values[rank] as number;
}

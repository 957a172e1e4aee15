// The axis of perplexities: log or linear, its ends and its ticks.

export type Scale = "log" | "linear";

/** Where a perplexity stands on the axis. */
export const onAxis = (value: number, scale: Scale): number => (scale === "log" ? Math.log(value) : value);

/** Perplexities from end to end, with some room. */
export function axisEnds(
  values: readonly number[],
  scale: Scale,
): { readonly low: number; readonly high: number } {
  const finite = values.filter((value) => Number.isFinite(value) && value > 0);
  if (finite.length === 0) return { low: 1, high: 2 };
  let [low, high] = [Infinity, -Infinity];
  for (const value of finite) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const room = Math.max(0.01, (onAxis(high, scale) - onAxis(low, scale)) * 0.03);
  // No perplexity is below 1: a log-prob is never above 0.
  const least = Math.min(1, low);
  const start = scale === "log" ? Math.exp(Math.log(low) - room) : low - room;
  const end = scale === "log" ? Math.exp(Math.log(high) + room) : high + room;
  return { low: low < 1.2 ? least : start, high: end };
}

/** Round perplexities within the ends, few enough to be read: steps of 1, 2 or 5, or 1, 2, 5, 10, 20 ... over decades. */
export function axisTicks(low: number, high: number, most = 9): readonly number[] {
  if (high / low > 8) return decadeTicks(low, high, most);
  for (const step of steps(high - low)) {
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    if (last - first + 1 > most) continue;
    return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(8)));
  }
  return [low, high];
}

function* steps(range: number): Generator<number> {
  const decade = 10 ** Math.floor(Math.log10(range) - 2);
  for (let power = decade; ; power *= 10) for (const digit of [1, 2, 5]) yield digit * power;
}

function decadeTicks(low: number, high: number, most: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10)
    for (const digit of [1, 2, 5])
      if (digit * power >= low && digit * power <= high) ticks.push(digit * power);
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, at) => at % every === 0);
}

export const tickText = (value: number): string =>
  value >= 1000 ? value.toExponential(0).replace("e+", "e") : String(Number(value.toPrecision(6)));

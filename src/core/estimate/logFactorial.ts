const table = new Float64Array(256);
for (let i = 2; i < table.length; i++) table[i] = (table[i - 1] as number) + Math.log(i);

/** ln x! for a whole x >= 0: a table to 255, Stirling's series above (error below 1e-17 of the value). */
export function logFactorial(x: number): number {
  if (x < table.length) return table[x] as number;
  const square = x * x;
  return (
    (x + 0.5) * Math.log(x) -
    x +
    0.9189385332046727 +
    (1 / 12 - 1 / (360 * square) + 1 / (1260 * square * square)) / x
  );
}

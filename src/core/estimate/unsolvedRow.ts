/** Below this, 1 - U is 1 in double precision. */
const negligible = 1e-18;

/**
 * U(k) = C(n-c, k) / C(n, k) for ascending ks, all <= n: the chance that k of n samples hold none of the c correct ones
 * (pass@k = 1 - U; Chen et al. 2021, eq. 1). 0 where n - c < k or where it is below 1e-18.
 * Either by the recursion U(k+1) = U(k) (n-c-k) / (n-k), about 41 n / c steps until it vanishes, or, for small c, by
 * c factors (1 - k / (n-j)) for each k (the same number, as the formula is symmetric in c and k).
 */
export function unsolvedRow(n: number, c: number, ks: ArrayLike<number>): Float64Array {
  const row = new Float64Array(ks.length);
  const last = ks.length === 0 ? 0 : (ks[ks.length - 1] as number);
  if (c === 0) return row.fill(1);
  if (c * ks.length < Math.min(last, (41 * n) / c)) fillByFactors(row, { n, c }, ks);
  else fillByRecursion(row, { n, c }, ks);
  return row;
}

function fillByFactors(row: Float64Array, { n, c }: { n: number; c: number }, ks: ArrayLike<number>): void {
  for (let i = 0; i < ks.length; i++) {
    const k = ks[i] as number;
    let unsolved = n - c < k ? 0 : 1;
    for (let j = 0; j < c && unsolved > negligible; j++) unsolved *= (n - k - j) / (n - j);
    row[i] = unsolved > negligible ? unsolved : 0;
  }
}

function fillByRecursion(row: Float64Array, { n, c }: { n: number; c: number }, ks: ArrayLike<number>): void {
  let unsolved = 1;
  let at = 0;
  for (let i = 0; i < ks.length; i++) {
    const k = Math.min(ks[i] as number, n - c + 1);
    for (; at < k && unsolved > negligible; at++) unsolved *= (n - c - at) / (n - at);
    if (unsolved <= negligible) return;
    row[i] = unsolved;
  }
}

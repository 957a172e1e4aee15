/** Columns padded to their widest cell: the first left-aligned, numbers right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [head, ...rows].map((row) => `${line(row)}\n`).join("");
}

/** A fraction as percent with one decimal and no sign. */
export function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** `value [low, high]` in percent. */
export function rate({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}

/** With thousands commas. */
export function whole(value: number): string {
  return value.toLocaleString("en-US");
}

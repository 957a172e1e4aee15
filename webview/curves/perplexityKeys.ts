import type { PerplexityChartOptions, PointPlace } from "./perplexityChart.ts";

const walkKeys = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];

/** The point that a key leads to; `null` where the key is not the chart's, or there is none. */
export function walk(
  key: string,
  from: PointPlace | null,
  { rows }: PerplexityChartOptions,
): PointPlace | null {
  // Any other key, Tab above all, is not the chart's.
  if (!walkKeys.includes(key)) return null;
  const last = (row: number): number => (rows[row]?.points.length ?? 0) - 1;
  if (from === null) return last(0) < 0 ? null : { row: 0, point: 0 };
  const { row, point } = from;
  const inRow = (to: number): PointPlace => ({ row, point: Math.max(0, Math.min(last(row), to)) });
  const toRow = (to: number): PointPlace | null =>
    last(to) < 0 ? null : { row: to, point: Math.min(point, last(to)) };
  switch (key) {
    case "ArrowRight":
      return inRow(point + 1);
    case "ArrowLeft":
      return inRow(point - 1);
    case "Home":
      return inRow(0);
    case "End":
      return inRow(last(row));
    case "ArrowDown":
      return toRow(row + 1);
    case "ArrowUp":
      return toRow(row - 1);
    default:
      return null;
  }
}

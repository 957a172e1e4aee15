// The charts of the Checkpoints tab: rates, lengths where they are known, entropies where they are known.
import { count, percent } from "../../src/core/numberWords.ts";
import type { Theme } from "../shared/theme.ts";
import type { CheckpointsModel, StepRow } from "./checkpointsModel.ts";
import type { StepChartOptions, StepLine, StepPoint } from "./stepChart.ts";

export type StepChart = StepChartOptions & { readonly id: string };

export function checkpointCharts(
  model: CheckpointsModel,
  theme: Theme,
  marked: () => number | null,
): readonly StepChart[] {
  const { rows } = model;
  const own = rows.at(-1)?.series.style;
  if (own === undefined) return [];
  const [filled, hollow] = [
    { look: own.look, marker: own.marker, dash: [], hollow: false },
    { look: own.look, marker: own.marker, dash: [8, 4], hollow: true },
  ];
  const rates = rateLines(model, filled, hollow);
  const lengths = { name: "tokens", style: filled, points: pointsOf(rows, lengthAt) };
  const entropies = { name: "nats", style: filled, points: pointsOf(rows, entropyAt) };
  const common = { theme, marked, steps: [...new Set(rows.map(({ step }) => step))] };
  return [
    {
      id: "step-rates",
      title: `pass@1 and pass@${count(model.k)}, %`,
      lines: rates,
      ends: { min: 0, max: 1 },
      write: (value: number) => percent(value, 0),
      ...common,
    },
    ...(lengths.points.length > 1
      ? [
          {
            id: "step-lengths",
            title: "Mean length, tokens",
            lines: [lengths],
            ends: null,
            write: (value: number) => String(Number(value.toPrecision(4))),
            ...common,
          },
        ]
      : []),
    ...(entropies.points.length > 1
      ? [
          {
            id: "step-entropies",
            // Whiskers are bounds here; without a vocabulary's size there is a lower one alone.
            title: entropies.points.every(({ high }) => high === null)
              ? "Entropy, nats, at least"
              : "Entropy, nats, bounds",
            lines: [entropies],
            ends: null,
            write: (value: number) => String(Number(value.toPrecision(3))),
            ...common,
          },
        ]
      : []),
  ];
}

function rateLines(
  { rows, k }: CheckpointsModel,
  filled: StepLine["style"],
  hollow: StepLine["style"],
): readonly StepLine[] {
  const one = { name: "pass@1", style: filled, points: pointsOf(rows, ({ passAtOne }) => rateOf(passAtOne)) };
  // With one sample a problem both are the same.
  if (k === 1) return [one];
  const many = {
    name: `pass@${count(k)}`,
    style: hollow,
    points: pointsOf(rows, ({ passAtK }) => rateOf(passAtK)),
  };
  return [one, many];
}

type Value = Omit<StepPoint, "step">;

const rateOf = ({ passAtK: value, low, high }: StepRow["passAtK"]): Value => ({ value, low, high });

const lengthAt = ({ facts }: StepRow): Value | null => {
  const mean = facts?.meanTokens ?? null;
  return mean === null ? null : { value: mean.value, low: mean.low, high: mean.high };
};

/** Between its bounds; where the upper one is not known the lower one stands alone. */
export const entropyAt = ({ facts }: StepRow): Value | null => {
  const entropy = facts?.entropy ?? null;
  if (entropy === null) return null;
  const { low, high } = entropy;
  return high === null ? { value: low, low: null, high: null } : { value: (low + high) / 2, low, high };
};

const pointsOf = (rows: readonly StepRow[], of: (row: StepRow) => Value | null): readonly StepPoint[] =>
  rows.flatMap((row) => {
    const value = of(row);
    return value === null ? [] : [{ step: row.step, ...value }];
  });

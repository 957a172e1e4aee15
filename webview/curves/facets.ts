// Runs by their free metadata: the same curves as small multiples, one for each value of a key.
import type { CurveModel } from "./curveModel.ts";

export interface Facet {
  /** `kl = 0.001` */
  readonly title: string;
  readonly model: CurveModel;
}

/** Keys with at least two values among the runs, by name. */
export function facetKeys(
  runs: readonly { readonly metadata: Readonly<Record<string, string | number>> }[],
): readonly string[] {
  const keys = new Set(runs.flatMap(({ metadata }) => Object.keys(metadata)));
  return [...keys]
    .filter((key) => new Set(runs.flatMap(({ metadata }) => metadata[key] ?? [])).size > 1)
    .sort((a, b) => a.localeCompare(b, "en"));
}

/** One for each value; runs without the key (a base, say) stand in every one. Numbers by size, words by letter. */
export function facetsOf(model: CurveModel, key: string): readonly Facet[] {
  const values = [...new Set(model.lines.flatMap(({ run }) => run.metadata[key] ?? []))];
  values.sort((a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : String(a).localeCompare(String(b), "en", { numeric: true }),
  );
  return values.map((value) => {
    const lines = model.lines.filter(({ run }) => (run.metadata[key] ?? value) === value);
    const shown = new Set(lines.map(({ run }) => run.id));
    const own = <T extends { readonly series: { readonly runId: string } }>(
      all: readonly T[],
    ): readonly T[] => all.filter(({ series }) => shown.has(series.runId));
    return {
      title: `${key} = ${value}`,
      model: {
        ...model,
        lines,
        ks: model.ks.filter((k) => lines.some(({ points }) => points.some((point) => point.k === k))),
        cotLines: own(model.cotLines),
        forecasts: own(model.forecasts),
        differences: [],
        crossings: model.crossings.filter(({ runId }) => shown.has(runId)),
      },
    };
  });
}

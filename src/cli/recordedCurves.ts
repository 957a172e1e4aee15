import type { RecordedFigure } from "../core/dataset/countFile.ts";
import { percent } from "../core/numberWords.ts";
import { table } from "./table.ts";

export interface RecordedCurve {
  readonly dataset: string;
  readonly name: string;
  readonly points: readonly { readonly k: number; readonly passAtK: number }[];
  /**
   * First recorded k from which the dataset's base leads this run at every larger one; 1: throughout, `null`: not at the
   * end, or this is the base itself.
   */
  readonly baseLeadsFrom: number | null;
}

/** Curves of a report with where its base overtakes; there are no counts, so nothing can be said of chance. */
export function recordedCurves(figures: readonly RecordedFigure[]): RecordedCurve[] {
  return figures.flatMap(({ dataset, name, role, points }) => {
    if (points === null) return [];
    const base = figures.find((one) => one.dataset === dataset && one.role === "base")?.points ?? null;
    return [{ dataset, name, points, baseLeadsFrom: role === "base" ? null : leadFrom(base ?? [], points) }];
  });
}

function leadFrom(base: RecordedCurve["points"], points: RecordedCurve["points"]): number | null {
  const rates = new Map(base.map(({ k, passAtK }) => [k, passAtK]));
  const common = points.filter(({ k }) => rates.has(k));
  const last = common.findLastIndex(({ k, passAtK }) => (rates.get(k) ?? 0) <= passAtK);
  return common[last + 1]?.k ?? null;
}

export function recordedText(curves: readonly RecordedCurve[]): string {
  if (curves.length === 0) return "";
  const rows = curves.map(({ dataset, name, points, baseLeadsFrom }) => {
    const [first, last] = [points[0], points.at(-1)];
    const from = baseLeadsFrom === null ? "" : String(baseLeadsFrom);
    const ends = [first, last].flatMap((point) =>
      point ? [String(point.k), percent(point.passAtK)] : ["", ""],
    );
    return [`${dataset}, ${name}`, ...ends, from];
  });
  return `${table(["figure", "k", "pass@k", "k", "pass@k", "base leads from k"], rows)}In %, as recorded: no counts, no intervals.\n`;
}

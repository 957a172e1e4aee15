// CoT-Pass@k: thin, in the series' colour and dash, with hollow markers at powers of 2, over its own band.
import { count, interval, percent } from "../../src/core/numberWords.ts";
import type { CotLineView } from "../../src/protocol/curves.ts";
import type { Plugin } from "../shared/chart.ts";
import { drawMark } from "../shared/marks.ts";
import type { Series } from "../../src/core/report/series.ts";
import { fade, type Theme } from "../shared/theme.ts";
import { fillPath, tracePath } from "./bands.ts";
import type { Notice } from "./curveNotices.ts";

export interface CotLine {
  readonly series: Series;
  readonly cot: CotLineView;
}

export function cotLines(lines: readonly CotLine[], theme: Theme, bands: boolean): Plugin<"line"> {
  return {
    id: "cotLines",
    beforeDatasetsDraw: ({ ctx, scales }) => {
      const x = (k: number): number => scales["x"]?.getPixelForValue(Math.log2(k)) ?? 0;
      const y = (value: number): number => scales["y"]?.getPixelForValue(value) ?? 0;
      ctx.save();
      for (const { series, cot } of lines) {
        if (cot.points.length === 0) continue;
        const colour = theme.series[series.style.look];
        if (bands) {
          const up = cot.points.map(({ k, high }) => [x(k), y(high)] as const);
          const down = cot.points.map(({ k, low }) => [x(k), y(low)] as const).reverse();
          fillPath(ctx, [...up, ...down], fade(colour, theme.bandAlpha));
        }
        tracePath(
          ctx,
          cot.points.map(({ k, value }) => [x(k), y(value)] as const),
        );
        ctx.strokeStyle = colour;
        ctx.lineWidth = 1.25;
        ctx.setLineDash([...series.style.dash]);
        ctx.stroke();
        const style = { ...series.style, hollow: true };
        for (const { k, value } of markedPoints(cot))
          drawMark(ctx, style, { x: x(k), y: y(value), radius: 3 }, { colour, background: theme.background });
      }
      ctx.restore();
    },
  };
}

const markedPoints = ({ points }: CotLineView): CotLineView["points"] =>
  points.filter(({ k }, i) => i === points.length - 1 || Number.isInteger(Math.log2(k)));

/** What the thin lines are, and their values in words: at 1, in the middle and at the end. */
export function cotNotices(lines: readonly CotLine[]): readonly Notice[] {
  return lines.map(({ series, cot }) => {
    if (cot.refusal !== undefined) return { lead: `No CoT-Pass@k of ${series.name}.`, rest: cot.refusal };
    const marked = markedPoints(cot);
    const shown = [...new Set([marked[0], marked[marked.length >> 1], marked.at(-1)])].flatMap((point) =>
      point === undefined
        ? []
        : [`${percent(point.value)} % ${interval(point.low, point.high)} at k = ${count(point.k)}`],
    );
    const read = `${count(cot.read)} of ${count(cot.texts)} right answers read`;
    return {
      lead: `CoT-Pass@k of ${series.name} (thin, hollow):`,
      rest: `${shown.join(", ")}. ${read}${cot.preliminary ? ", so preliminary" : ""}. 95 % for what reading all of them would show.`,
    };
  });
}

// What guessing reaches: a dotted line under all others, up to the largest k that is drawn.
import { guessFloor } from "../../src/core/estimate/guessFloor.ts";
import { count } from "../../src/core/numberWords.ts";
import type { Plugin } from "../shared/chart.ts";
import { fade, type Theme } from "../shared/theme.ts";
import { tracePath } from "./bands.ts";

export interface Floor {
  readonly answers: number;
  readonly label: string;
  readonly points: readonly { readonly k: number; readonly value: number }[];
}

/** Eight points per doubling: the line bends where k nears the number of answers. */
export function guesser(answers: number, kMax: number): Floor {
  const steps = Math.max(1, Math.ceil(8 * Math.log2(kMax)));
  const points = Array.from({ length: steps + 1 }, (_, i) => {
    const k = kMax ** (i / steps);
    return { k, value: guessFloor(answers, k) };
  });
  return { answers, label: `guess floor, ${count(answers)} answers`, points };
}

export function floorLine({ points }: Floor, theme: Theme): Plugin<"line"> {
  return {
    id: "floorLine",
    beforeDatasetsDraw: ({ ctx, scales }) => {
      ctx.save();
      ctx.strokeStyle = fade(theme.foreground, 0.75);
      ctx.lineWidth = 1.25;
      ctx.lineCap = "round";
      ctx.setLineDash([1, 4]);
      const x = (k: number): number => scales["x"]?.getPixelForValue(Math.log2(k)) ?? 0;
      const y = (value: number): number => scales["y"]?.getPixelForValue(value) ?? 0;
      tracePath(
        ctx,
        points.map(({ k, value }) => [x(k), y(value)] as const),
      );
      ctx.stroke();
      ctx.restore();
    },
  };
}

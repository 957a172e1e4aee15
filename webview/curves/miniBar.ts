import { svg } from "../shared/dom.ts";
import type { Series } from "../../src/core/report/series.ts";

export interface MiniBar {
  readonly look: Series["style"]["look"];
  /** Pixels, as are the places. */
  readonly width: number;
  readonly from: number;
  readonly to: number;
  /** Path of the interval, on a height of 12; `null`: there is none. */
  readonly whisker: string | null;
}

/** A bar in a table's cell; its numbers stand beside it in words. */
export function miniBar({ look, width, from, to, whisker }: MiniBar): SVGElement {
  const box = { viewBox: `0 0 ${width} 12`, width, height: 12, "aria-hidden": "true" };
  return svg(
    "svg",
    { class: `miniBar series-${look}`, ...box },
    svg("rect", { class: "track", y: 3, width, height: 6 }),
    svg("rect", { class: "value", x: from, y: 3, width: to - from, height: 6 }),
    whisker !== null && svg("path", { class: "whisker", d: whisker }),
  );
}

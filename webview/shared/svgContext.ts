// A 2D context that records what chart.js draws as SVG elements, for the SVG export.
import { Context } from "svgcanvas";
import { svg } from "./dom.ts";
import type { Size } from "./chart.ts";

/**
 * svgcanvas reads a font by writing a style attribute, which the strict CSP refuses (the text would come out
 * black, 10 px and serif); so text is written here, from the font string itself.
 */
class SvgContext extends Context {
  override fillText(text: string, x: number, y: number): void {
    const { a, b, c, d, e, f } = this.getTransform();
    const anchors: Partial<Record<CanvasTextAlign, string>> = { right: "end", end: "end", center: "middle" };
    const baselines: Partial<Record<CanvasTextBaseline, string>> = {
      middle: "central",
      top: "text-before-edge",
      hanging: "hanging",
      bottom: "text-after-edge",
    };
    const node = svg(
      "text",
      {
        x,
        y,
        transform: `matrix(${a} ${b} ${c} ${d} ${e} ${f})`,
        fill: this.fillStyle,
        "text-anchor": anchors[this.textAlign] ?? "start",
        "dominant-baseline": baselines[this.textBaseline] ?? "alphabetic",
        ...fontAttributes(this.font),
      },
      text,
    );
    // oxlint-disable-next-line no-underscore-dangle -- svgcanvas (pinned) has no public way to its current group
    this.__closestGroupOrSvg().append(node);
  }
}

/** `600 12px "Segoe UI", sans-serif`: what chart.js and our plugins write. */
function fontAttributes(font: string): Record<string, string> {
  const [, before = "", size = "12", family = "sans-serif"] =
    /^(.*?)\s*([\d.]+)px(?:\/\S+)?\s+(.*)$/.exec(font) ?? [];
  return {
    "font-family": family.replaceAll('"', "'"),
    "font-size": `${size}px`,
    "font-weight": /\b(bold|[1-9]00)\b/.exec(before)?.[1] ?? "normal",
  };
}

export function svgContext(size: Size): { context: SvgContext; root: () => SVGElement } {
  const context = new SvgContext({ ...size });
  return { context, root: () => context.getSvg() };
}

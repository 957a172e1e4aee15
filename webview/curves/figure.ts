// A figure for export: charts under each other, as PNG (twice the pixels) or as vectors.
import { drawAsSvg, drawOnCanvas, type AnyConfiguration } from "../shared/chart.ts";
import { svg } from "../shared/dom.ts";
import type { Theme } from "../shared/theme.ts";

export interface Figure {
  readonly width: number;
  readonly parts: readonly { readonly configuration: AnyConfiguration; readonly height: number }[];
  readonly theme: Theme;
  /** One line over the charts, and one under them (n, problems, interval). */
  readonly title: string;
  readonly caption: string;
}

const margin = 16;
const titleHeight = 36;
const captionHeight = 28;
const pixelRatio = 2;

const heightOf = ({ parts }: Figure): number =>
  parts.reduce((sum, part) => sum + part.height, titleHeight + captionHeight);

export async function figurePng(figure: Figure): Promise<Uint8Array> {
  const { width, parts, theme } = figure;
  const canvas = document.createElement("canvas");
  canvas.width = (width + 2 * margin) * pixelRatio;
  canvas.height = heightOf(figure) * pixelRatio;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser gives no 2D canvas");
  context.scale(pixelRatio, pixelRatio);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width + 2 * margin, heightOf(figure));
  context.textBaseline = "middle";
  context.fillStyle = theme.foreground;
  context.font = `600 13px ${theme.fontFamily}`;
  context.fillText(figure.title, margin, titleHeight / 2);
  let top = titleHeight;
  for (const { configuration, height } of parts) {
    context.drawImage(drawOnCanvas(configuration, { width, height }, pixelRatio), margin, top, width, height);
    top += height;
  }
  context.fillStyle = theme.dim;
  context.font = `12px ${theme.fontFamily}`;
  context.fillText(figure.caption, margin, top + captionHeight / 2);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("the picture could not be encoded");
  return new Uint8Array(await blob.arrayBuffer());
}

export function figureSvg(figure: Figure): string {
  const { width, parts, theme } = figure;
  const size = { width: width + 2 * margin, height: heightOf(figure) };
  const label = (words: string, y: number, look: Record<string, string | number>): SVGElement =>
    svg("text", { x: margin, y, "font-family": theme.fontFamily.replaceAll('"', "'"), ...look }, words);
  const root = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    ...size,
    viewBox: `0 0 ${size.width} ${size.height}`,
  });
  root.append(svg("rect", { ...size, fill: theme.background }));
  root.append(label(figure.title, 22, { "font-size": 13, "font-weight": 600, fill: theme.foreground }));
  let top = titleHeight;
  for (const { configuration, height } of parts) {
    const part = drawAsSvg(configuration, { width, height });
    part.setAttribute("x", String(margin));
    part.setAttribute("y", String(top));
    root.append(part);
    top += height;
  }
  root.append(label(figure.caption, top + 18, { "font-size": 12, fill: theme.dim }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root)}\n`;
}

// The whole trace in a column: where the heat is, and what of it is in view. The list of tokens says the same in words.
import type { ClaimView } from "../../src/protocol/traceView.ts";
import { el } from "../shared/dom.ts";
import { layerNames, undecidedBucket, type Painted } from "./buckets.ts";
import type { TraceText } from "./traceText.ts";

const widthPx = 64;
/** Characters of a line of the trace (92ch). */
const lineLength = 92;
const cellWidthPx = 5;
const cellHeightPx = 4;
const cellsAcross = 9;
const leftPx = 6;
const lineHeightPx = 22;
/** Lower lines run into each other. */
const leastLinePx = 3;

/** Each paragraph's place, in px of the map. */
interface Places {
  readonly tops: Float32Array;
  readonly heights: Float32Array;
  /** Of one line of text. */
  readonly linePx: number;
}

export class Minimap {
  readonly element = el("div", { class: "minimap", "aria-hidden": "true" });
  private readonly canvas = el("canvas", {});
  private readonly view = el("div", { class: "minimapView" });
  private readonly scroller: HTMLElement;
  private readonly text: TraceText;

  constructor(scroller: HTMLElement, text: TraceText) {
    this.scroller = scroller;
    this.text = text;
    this.element.append(this.canvas, this.view);
    scroller.addEventListener("scroll", () => this.follow());
    this.element.addEventListener("pointerdown", (event) => this.go(event));
    this.element.addEventListener("pointermove", (event) => event.buttons === 1 && this.go(event));
  }

  draw(painted: Painted | null, claims: readonly ClaimView[], unitStart: number | null): void {
    const height = this.element.clientHeight;
    const places = this.places(height);
    const ratio = devicePixelRatio;
    this.canvas.width = widthPx * ratio;
    this.canvas.height = height * ratio;
    const context = this.canvas.getContext("2d");
    if (!context || height === 0) return;
    context.scale(ratio, ratio);
    const style = getComputedStyle(document.body);
    const colour = (name: string): string => style.getPropertyValue(`--vscode-${name}`).trim();
    context.globalAlpha = 0.16;
    context.fillStyle = colour("foreground");
    drawText(context, places);
    context.globalAlpha = 1;
    if (painted) drawCells(context, this.cells(painted, places, height), colour);
    context.fillStyle = colour("editorError-foreground");
    for (const { start } of claims) context.fillRect(widthPx - 5, this.y(places, start), 4, 6);
    if (unitStart !== null) drawArrow(context, this.y(places, unitStart), colour("focusBorder"));
    this.follow();
  }

  /** The worst bucket in each cell of the map: as many marks as it has cells, however long the trace is. */
  private cells({ starts, buckets }: Painted, places: Places, height: number): Uint8Array {
    const cells = new Uint8Array(cellsAcross * Math.ceil(height / cellHeightPx));
    const { blocks } = this.text;
    let block = 0;
    for (let i = 0; i < starts.length; i++) {
      const bucket = buckets[i] as number;
      if (bucket < 2 || bucket === undecidedBucket + 1 || bucket === undecidedBucket + 4) continue;
      const start = starts[i] as number;
      while (block < blocks.length - 1 && (blocks[block]?.end ?? 0) <= start) block++;
      const here = blocks[block];
      if (!here) break;
      const share = (start - here.start) / Math.max(1, here.end - here.start);
      const top = (places.tops[block] as number) + share * (places.heights[block] as number);
      const row = Math.max(0, Math.min(Math.ceil(height / cellHeightPx) - 1, Math.floor(top / cellHeightPx)));
      const across = Math.floor((((start - here.start) % lineLength) / lineLength) * cellsAcross);
      const cell = row * cellsAcross + across;
      if (bucket > (cells[cell] as number)) cells[cell] = bucket;
    }
    return cells;
  }

  private places(height: number): Places {
    const origin = this.scroller.getBoundingClientRect().top - this.scroller.scrollTop;
    const scale = height / Math.max(this.scroller.scrollHeight, this.scroller.clientHeight, 1);
    const { blocks } = this.text;
    const places = {
      tops: new Float32Array(blocks.length),
      heights: new Float32Array(blocks.length),
      linePx: lineHeightPx * scale,
    };
    for (const [i, { element }] of blocks.entries()) {
      const box = element.getBoundingClientRect();
      places.tops[i] = (box.top - origin) * scale;
      places.heights[i] = box.height * scale;
    }
    return places;
  }

  private y(places: Places, offset: number): number {
    const block = this.text.blockAt(offset);
    const at = block ? this.text.blocks.indexOf(block) : -1;
    if (!block || at === -1) return 0;
    const share = (offset - block.start) / Math.max(1, block.end - block.start);
    return (places.tops[at] ?? 0) + (places.heights[at] ?? 0) * share;
  }

  private follow(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const scale = this.element.clientHeight / Math.max(scrollHeight, clientHeight);
    this.view.style.top = `${scrollTop * scale}px`;
    this.view.style.height = `${clientHeight * scale}px`;
  }

  private go(event: PointerEvent): void {
    const share = (event.clientY - this.element.getBoundingClientRect().top) / this.element.clientHeight;
    this.scroller.scrollTop = share * this.scroller.scrollHeight - this.scroller.clientHeight / 2;
  }
}

/** Paragraphs line by line where there is room for it, so that the heat between them is seen; as blocks else. */
function drawText(context: CanvasRenderingContext2D, { tops, heights, linePx }: Places): void {
  const width = widthPx - 16;
  for (const [i, top] of tops.entries()) {
    const height = heights[i] ?? 0;
    if (linePx < leastLinePx) {
      context.fillRect(leftPx, top, width, Math.max(1, height - 1));
      continue;
    }
    for (let line = 0; line < Math.round(height / linePx); line++)
      context.fillRect(leftPx, top + (line + 0.25) * linePx, width, linePx / 2);
  }
}

function drawCells(
  context: CanvasRenderingContext2D,
  cells: Uint8Array,
  colour: (name: string) => string,
): void {
  const colours = layerNames.map((name) => {
    const [, kind = "", step = ""] = /^(heat|down|up)(\d)$/.exec(name) ?? [];
    return colour(
      `rolloutLens-${kind === "" ? "heat-2" : kind === "heat" ? `heat-${step}` : `ratio-${name}`}`,
    );
  });
  for (let cell = 0; cell < cells.length; cell++) {
    const bucket = cells[cell] as number;
    if (bucket === 0) continue;
    context.fillStyle = colours[bucket - 1] ?? "";
    const [row, across] = [Math.floor(cell / cellsAcross), cell % cellsAcross];
    context.fillRect(leftPx + across * cellWidthPx, row * cellHeightPx, cellWidthPx, cellHeightPx);
  }
}

/** The token that is looked at. */
function drawArrow(context: CanvasRenderingContext2D, y: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(0, y - 4);
  context.lineTo(5, y);
  context.lineTo(0, y + 4);
  context.fill();
}

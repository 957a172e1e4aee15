// The whole trace in a column: where the heat is, and what of it is in view. The list of tokens says the same in words.
import type { ClaimView, ScoresView } from "../../src/protocol/inspector.ts";
import { el } from "../shared/dom.ts";
import type { TraceText } from "./traceText.ts";

const widthPx = 64;
/** Characters of a line of the trace (92ch). */
const lineLength = 92;
const mostMarks = 4000;

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

  draw(scores: ScoresView | null, buckets: Uint8Array, claims: readonly ClaimView[]): void {
    const height = this.element.clientHeight;
    const ratio = devicePixelRatio;
    this.canvas.width = widthPx * ratio;
    this.canvas.height = height * ratio;
    const context = this.canvas.getContext("2d");
    if (!context || height === 0) return;
    context.scale(ratio, ratio);
    const style = getComputedStyle(document.body);
    const colour = (name: string): string => style.getPropertyValue(`--vscode-${name}`).trim();
    const at = this.places();
    context.globalAlpha = 0.16;
    context.fillStyle = colour("foreground");
    for (const { top, height: tall } of at.boxes)
      context.fillRect(6, top, widthPx - 16, Math.max(1, tall - 1));
    context.globalAlpha = 1;
    if (scores) {
      const marked = [...buckets.keys()].filter((unit) => (buckets[unit] ?? 0) >= 2).slice(0, mostMarks);
      for (const unit of marked) {
        const start = scores.starts[unit] ?? 0;
        context.fillStyle = colour(`rolloutLens-heat-${Math.min(5, buckets[unit] ?? 0)}`);
        context.fillRect(6 + ((start % lineLength) / lineLength) * (widthPx - 20), at.y(start), 5, 4);
      }
    }
    context.fillStyle = colour("editorError-foreground");
    for (const { start } of claims) context.fillRect(widthPx - 5, at.y(start), 4, 6);
    this.follow();
  }

  /** Each block's place, in px of the map. */
  private places(): {
    readonly boxes: readonly { readonly top: number; readonly height: number }[];
    readonly y: (offset: number) => number;
  } {
    const origin = this.scroller.getBoundingClientRect().top - this.scroller.scrollTop;
    const scale =
      this.element.clientHeight / Math.max(this.scroller.scrollHeight, this.scroller.clientHeight);
    const { blocks } = this.text;
    const boxes = blocks.map(({ element }) => {
      const box = element.getBoundingClientRect();
      return { top: (box.top - origin) * scale, height: box.height * scale };
    });
    const index = new Map(blocks.map((block, i) => [block, i]));
    const y = (offset: number): number => {
      const block = this.text.blockAt(offset);
      const box = block && boxes[index.get(block) ?? -1];
      if (!block || !box) return 0;
      return box.top + box.height * ((offset - block.start) / Math.max(1, block.end - block.start));
    };
    return { boxes, y };
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

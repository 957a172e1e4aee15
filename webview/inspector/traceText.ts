// The trace as text nodes: whatever a model wrote is text. Offsets are UTF-16 in the whole trace.
import type { SegmentView, StepView, TextMode, TraceView } from "../../src/protocol/inspector.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { decimal } from "../shared/format.ts";
import { icon } from "../shared/icons.ts";

/** A run of text in one node. */
export interface Block {
  readonly element: HTMLElement;
  readonly node: Text;
  readonly start: number;
  readonly end: number;
}

/** Longer lines are cut into nodes of this size, which nobody sees: a node of 100,000 characters is slow to paint on. */
const longestNode = 4096;

export class TraceText {
  readonly element = el("div", { id: "trace", class: "traceText", role: "document", "aria-label": "Trace" });
  private list: Block[] = [];

  get blocks(): readonly Block[] {
    return this.list;
  }

  show(view: TraceView, mode: TextMode): void {
    this.list = [];
    if (mode === "raw")
      fill(this.element, el("div", { class: "raw" }, ...this.spans(view.text, 0, view.text.length)));
    else fill(this.element, ...this.segments(view));
  }

  /** Folds or unfolds the thinking; `false` where there is none. */
  fold(folded?: boolean): boolean {
    const thinking = this.element.querySelector<HTMLDetailsElement>("details.think");
    if (thinking === null) return false;
    thinking.open = folded === undefined ? !thinking.open : !folded;
    return true;
  }

  blockAt(offset: number): Block | null {
    let [low, high] = [0, this.list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.list[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.list[low] ?? null;
  }

  /** Where a range of the trace is drawn, as far as it lies in one node; a folded one has no rectangles. */
  rangeOf(start: number, end: number): Range | null {
    const block = this.blockAt(start);
    if (block === null) return null;
    const range = document.createRange();
    range.setStart(block.node, Math.max(0, start - block.start));
    range.setEnd(block.node, Math.min(block.end, Math.max(start, end)) - block.start);
    return range;
  }

  /** The character under a point of the window, -1 for none: a caret snaps to the nearest text, so its box is tested. */
  offsetAt(x: number, y: number): number {
    const caret = document.caretPositionFromPoint(x, y);
    const block = caret && this.list.find(({ node }) => node === caret.offsetNode);
    if (!caret || !block) return -1;
    for (const at of [caret.offset, caret.offset - 1]) {
      if (at < 0 || at >= block.node.length) continue;
      const range = document.createRange();
      range.setStart(block.node, at);
      range.setEnd(block.node, at + 1);
      const inside = [...range.getClientRects()].some(
        (box) => x >= box.left && x < box.right && y >= box.top && y < box.bottom,
      );
      if (inside) return block.start + at;
    }
    return -1;
  }

  private segments(view: TraceView): readonly Child[] {
    const segments: readonly SegmentView[] =
      view.segments.length > 0 ? view.segments : [{ kind: "answer", start: 0, end: view.text.length }];
    return segments.map((segment) => {
      const steps = view.steps
        .map((step, i) => ({ step, number: i + 1 }))
        .filter(({ step }) => step.start >= segment.start && step.start < segment.end)
        .map(({ step, number }) => this.step(view, step, number));
      if (segment.kind === "answer") return el("div", { class: "answer" }, ...steps);
      const title = `Thinking, ${steps.length} ${steps.length === 1 ? "step" : "steps"}`;
      return el("details", { class: "think", open: true }, el("summary", { id: "fold" }, title), ...steps);
    });
  }

  private step(view: TraceView, step: StepView, number: number): HTMLElement {
    const claims = view.claims.filter(({ start }) => start >= step.start && start < step.end);
    const mean = step.meanSurprisal === null ? "" : decimal(step.meanSurprisal, 2);
    return el(
      "section",
      { class: "step", "data-start": step.start, "aria-label": `Step ${number}` },
      el(
        "div",
        { class: "gutter figures", title: mean === "" ? null : `Step ${number}: mean ${mean} nats` },
        el("span", {}, number),
        el("span", { class: "dim" }, mean),
      ),
      el(
        "div",
        { class: "stepText" },
        el("div", { class: "paragraph" }, ...this.spans(view.text, step.start, step.end)),
        ...claims.map(({ message }) =>
          el("div", { class: "claim small" }, icon("warn", "error"), el("span", {}, message)),
        ),
      ),
    );
  }

  private spans(text: string, from: number, to: number): readonly HTMLElement[] {
    const spans: HTMLElement[] = [];
    for (let start = from; start < to;) {
      const end = cutAfter(text, start, to);
      const node = document.createTextNode(text.slice(start, end));
      const element = el("span", {}, node);
      this.list.push({ element, node, start, end });
      spans.push(element);
      start = end;
    }
    return spans;
  }
}

/** The end of a line where there is one, and never inside a surrogate pair. */
function cutAfter(text: string, start: number, to: number): number {
  if (to - start <= longestNode) return to;
  const line = text.lastIndexOf("\n", start + longestNode - 1);
  if (line >= start) return line + 1;
  const end = start + longestNode;
  const unit = text.charCodeAt(end - 1);
  return unit >= 0xd800 && unit < 0xdc00 ? end - 1 : end;
}

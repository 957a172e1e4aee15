// The trace as text nodes: whatever a model wrote is text. Offsets are UTF-16 in the whole trace.
import { decimal } from "../../src/core/numberWords.ts";
import type { TextMode } from "../../src/protocol/inspector.ts";
import type { SegmentView, StepView, TraceView } from "../../src/protocol/traceView.ts";
import { el, fill } from "../shared/dom.ts";
import { icon } from "../shared/icons.ts";
import { IdleSlices } from "./idleSlices.ts";
import { paragraphsIn } from "./paragraphs.ts";

/** A run of text in one node. */
export interface Block {
  readonly element: HTMLElement;
  readonly node: Text;
  readonly start: number;
  readonly end: number;
}

/** A longer text is laid out where it is looked at first, the rest of it in idle time. */
const longText = 16_000;
const lineLength = 92;
const lineHeightPx = 22;
/** Characters that stand on the page at once: more than two tall screens. What is behind them follows in idle time. */
const firstLength = 24_000;
/** Characters that are put on the page, and that are laid out, in one slice: a few milliseconds. */
const putLength = 48_000;
const layLength = 12_000;

export interface TraceTextPorts {
  /** One more run of text is there. */
  readonly grown: (block: Block) => void;
  /** All of it is laid out, and its places are true. */
  readonly settled: () => void;
}

export class TraceText {
  readonly element = el("div", { id: "trace", class: "traceText", role: "document", "aria-label": "Trace" });
  private list: Block[] = [];
  private blockOf = new Map<Node, Block>();
  private readonly ports: TraceTextPorts;
  private readonly putting = new IdleSlices(putLength, 50);
  private readonly laying = new IdleSlices(layLength, 500);
  private text = "";

  constructor(ports: TraceTextPorts) {
    this.ports = ports;
    this.element.addEventListener("copy", (event) => this.copy(event));
  }

  /** Those that stand already; `whole`: all. */
  get blocks(): readonly Block[] {
    return this.list;
  }

  get whole(): boolean {
    return !this.putting.busy;
  }

  show(view: TraceView, mode: TextMode): void {
    this.list = [];
    this.blockOf = new Map();
    this.text = view.text;
    this.laying.stop();
    fill(this.element);
    this.element.ariaBusy = "true";
    const parts = mode === "raw" ? this.raw(view.text) : this.segments(view);
    for (let put = 0, part = parts.next(); part.done !== true; part = parts.next()) {
      put += part.value;
      if (put >= firstLength) break;
    }
    this.putting.start(parts, () => this.stands());
    if (this.text.length <= firstLength) this.finish();
  }

  /** All of the text stands on the page now: what is sought may lie anywhere in it. */
  finish(): void {
    this.putting.finish();
  }

  /** Folds or unfolds the thinking; `false` where there is none. */
  fold(folded?: boolean): boolean {
    const thinking = this.element.querySelector<HTMLDetailsElement>("details.think");
    if (thinking === null) return false;
    thinking.open = folded === undefined ? !thinking.open : !folded;
    return true;
  }

  blockAt(offset: number): Block | null {
    if (offset >= (this.list.at(-1)?.end ?? 0)) this.finish();
    let [low, high] = [0, this.list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.list[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.list[low] ?? null;
  }

  blockOfNode(node: Node): Block | null {
    return this.blockOf.get(node) ?? null;
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

  /** Exactly the selected part of the trace, control characters and all. */
  private copy(event: ClipboardEvent): void {
    const selection = getSelection();
    if (!selection || selection.rangeCount === 0) return;
    this.finish();
    const range = selection.getRangeAt(0);
    const from = this.offsetOf(range.startContainer, range.startOffset);
    const to = this.offsetOf(range.endContainer, range.endOffset);
    if (to <= from) return;
    event.clipboardData?.setData("text/plain", this.text.slice(from, to));
    event.preventDefault();
  }

  /** Of a place in the document; between two nodes it is the end of the text before it. */
  private offsetOf(node: Node, offset: number): number {
    const own = this.blockOf.get(node);
    if (own) return own.start + offset;
    const place = document.createRange();
    place.setStart(node, offset);
    let [low, high] = [0, this.list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.list[middle];
      if (block && place.comparePoint(block.node, 0) < 0) low = middle + 1;
      else high = middle;
    }
    return this.list[low - 1]?.end ?? 0;
  }

  private stands(): void {
    this.element.ariaBusy = null;
    const far = [...this.element.querySelectorAll(".far")];
    if (far.length > 0) this.laying.start(laidOut(far), this.ports.settled);
    else this.ports.settled();
  }

  private *raw(text: string): Generator<number, void> {
    const box = el("div", { class: "raw" });
    this.element.append(box);
    yield* this.paragraphs(box, text, null);
  }

  /** Puts them on the page paragraph by paragraph, and yields the length of each. */
  private *segments(view: TraceView): Generator<number, void> {
    const segments: readonly SegmentView[] =
      view.segments.length > 0 ? view.segments : [{ kind: "answer", start: 0, end: view.text.length }];
    let [step, claim] = [0, 0];
    for (const segment of segments) {
      const steps = view.steps.slice(step).findIndex(({ start }) => start >= segment.end);
      const box = boxOf(segment, steps === -1 ? view.steps.length - step : steps);
      this.element.append(box);
      for (let one = view.steps[step]; one && one.start < segment.end; one = view.steps[++step]) {
        yield* this.paragraphs(box, view.text, { ...one, number: step + 1 });
        for (let said = view.claims[claim]; said && said.start < one.end; said = view.claims[++claim])
          box.append(claimLine(said.message));
      }
    }
  }

  /** A step's paragraphs, or those of the whole text: the first one carries the step's number and mean. */
  private *paragraphs(
    box: HTMLElement,
    text: string,
    step: (StepView & { readonly number: number }) | null,
  ): Generator<number, void> {
    const far = text.length > longText;
    const { start, end } = step ?? { start: 0, end: text.length };
    for (const [i, paragraph] of paragraphsIn(text, start, end).entries()) {
      const nodes = paragraph.nodes.map((piece) => ({
        ...piece,
        node: document.createTextNode(text.slice(piece.start, piece.end)),
      }));
      const several = nodes.length > 1;
      const element = el("div", { class: far ? "paragraph far" : "paragraph" });
      if (step) mark(element, step, i === 0);
      if (far) element.style.containIntrinsicHeight = `auto ${linesOf(text, paragraph) * lineHeightPx}px`;
      for (const { node, start, end } of nodes) {
        const own = several ? el("span", {}, node) : element;
        element.append(several ? own : node);
        const block = { element: own, node, start, end };
        this.list.push(block);
        this.blockOf.set(node, block);
        this.ports.grown(block);
      }
      box.append(element);
      yield paragraph.end - paragraph.start;
    }
  }
}

function boxOf({ kind }: SegmentView, steps: number): HTMLElement {
  if (kind === "answer") return el("div", { class: "answer" });
  const title = `Thinking, ${steps} ${steps === 1 ? "step" : "steps"}`;
  return el("details", { class: "think", open: true }, el("summary", { id: "fold" }, title));
}

/** Elements that are laid out only where they are looked at (content-visibility) are laid out for good: then scrolling never waits. */
function* laidOut(far: readonly Element[]): Generator<number, void> {
  for (const element of far) {
    element.classList.remove("far");
    yield element.textContent.length;
  }
}

function mark(element: HTMLElement, step: StepView & { readonly number: number }, first: boolean): void {
  element.dataset["step"] = String(step.number);
  if (!first) return;
  element.dataset["number"] = String(step.number);
  if (step.meanSurprisal !== null) element.dataset["mean"] = decimal(step.meanSurprisal, 2);
}

const claimLine = (message: string): HTMLElement =>
  el("div", { class: "claim small", role: "note" }, icon("warn", "error"), el("span", {}, message));

/** About how many lines it takes, so that the scroll bar hardly moves while the rest is laid out. */
function linesOf(text: string, { start, end }: { readonly start: number; readonly end: number }): number {
  let lines = 0;
  for (let at = start; at < end;) {
    const newline = text.indexOf("\n", at);
    const stop = newline === -1 || newline >= end ? end : newline + 1;
    lines += Math.max(1, Math.ceil((stop - at - 1) / lineLength));
    at = stop;
  }
  return lines;
}

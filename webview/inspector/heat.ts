// Heat by CSS Custom Highlights over the text nodes near the viewport: no element for a token.
import type { ClaimView, ScoresView } from "../../src/protocol/inspector.ts";
import { bucketCount } from "./buckets.ts";
import type { Block } from "./traceText.ts";

const names = [...Array(bucketCount).keys()].map((i) => `heat${i + 1}`);

export class Heat {
  private readonly highlights = names.map((name) => registered(name, 0));
  private readonly wrong = registered("wrongSum", 1);
  private readonly near = new Set<Block>();
  private readonly blockOf = new Map<Element, Block>();
  private readonly observer: IntersectionObserver;
  private scores: ScoresView | null = null;
  private buckets: Uint8Array = new Uint8Array();
  private claims: readonly ClaimView[] = [];
  private frame = 0;

  constructor(scroller: HTMLElement) {
    this.observer = new IntersectionObserver((entries) => this.seen(entries), {
      root: scroller,
      rootMargin: "300px",
    });
  }

  /** Other text nodes: ranges over old ones would vanish without a word. */
  setBlocks(blocks: readonly Block[]): void {
    this.observer.disconnect();
    this.near.clear();
    this.blockOf.clear();
    for (const block of blocks) {
      this.blockOf.set(block.element, block);
      this.observer.observe(block.element);
    }
    this.paint();
  }

  setScores(scores: ScoresView | null, buckets: Uint8Array, claims: readonly ClaimView[]): void {
    this.scores = scores;
    this.buckets = buckets;
    this.claims = claims;
    this.paint();
  }

  private seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const block = this.blockOf.get(target);
      if (block === undefined) continue;
      if (isIntersecting) this.near.add(block);
      else this.near.delete(block);
    }
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    for (const highlight of [...this.highlights, this.wrong]) highlight.clear();
    for (const block of this.near) {
      if (this.scores) this.paintUnits(block, this.scores);
      for (const { start, end } of this.claims) addRange(this.wrong, block, { start, end });
    }
  }

  private paintUnits(block: Block, { starts, ends }: ScoresView): void {
    for (let unit = firstEndingAfter(ends, block.start); unit < starts.length; unit++) {
      if ((starts[unit] ?? 0) >= block.end) return;
      const highlight = this.highlights[(this.buckets[unit] ?? 0) - 1];
      if (highlight) addRange(highlight, block, { start: starts[unit] ?? 0, end: ends[unit] ?? 0 });
    }
  }
}

function registered(name: string, priority: number): Highlight {
  const highlight = new Highlight();
  highlight.priority = priority;
  CSS.highlights.set(name, highlight);
  return highlight;
}

/** The part inside the block, without the space that leads a token. */
function addRange(highlight: Highlight, block: Block, { start, end }: { start: number; end: number }): void {
  let from = Math.max(start, block.start) - block.start;
  const to = Math.min(end, block.end) - block.start;
  const { data } = block.node;
  while (from < to - 1 && /\s/.test(data.charAt(from))) from++;
  if (from >= to) return;
  const { node } = block;
  highlight.add(
    new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to }),
  );
}

/** Binary search; units of no width at the same place come first. */
export function firstEndingAfter(ends: Uint32Array, offset: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

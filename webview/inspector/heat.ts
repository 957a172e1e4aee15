// Heat by CSS Custom Highlights over the text nodes near the viewport: no element for a token.
import type { ClaimView } from "../../src/protocol/traceView.ts";
import { layerNames, type Painted } from "./buckets.ts";
import type { Block } from "./traceText.ts";

/** Text that is painted at once when it is new, before the browser says what is in view: more than a tall screen. */
const firstLength = 12_000;
/** Kept painted around the viewport, so that ordinary scrolling never waits for a colour. */
const margin = "400px";

/** The document's highlights, which all heats share: a bucket is one of them. */
export class HeatLayers {
  readonly buckets: readonly Highlight[] = layerNames.map((name) => registered(name, 0));
  readonly wrong = registered("wrongSum", 1);
}

interface Put {
  readonly layer: Highlight;
  readonly range: StaticRange;
}

export class Heat {
  private readonly scroller: HTMLElement;
  private readonly layers: HeatLayers;
  private readonly observer: IntersectionObserver;
  private readonly near = new Map<Block, readonly Put[]>();
  private blocks: Block[] = [];
  private readonly blockOf = new Map<Element, Block>();
  private painted: Painted | null = null;
  private claims: readonly ClaimView[] = [];

  constructor(scroller: HTMLElement, layers: HeatLayers) {
    this.layers = layers;
    this.scroller = scroller;
    scroller.addEventListener("scroll", () => this.reveal());
    this.observer = new IntersectionObserver((entries) => this.seen(entries), {
      root: scroller,
      rootMargin: margin,
    });
  }

  /** The text nodes are gone: ranges over them would vanish without a word. Nothing of the old heat stays. */
  forget(): void {
    this.observer.disconnect();
    this.clear();
    this.near.clear();
    this.blockOf.clear();
    this.blocks = [];
    this.painted = null;
    this.claims = [];
  }

  /** One more text node, behind those that are there. */
  watch(block: Block): void {
    this.blocks.push(block);
    this.blockOf.set(block.element, block);
    this.observer.observe(block.element);
  }

  /** New heat on what is near the viewport; of a text that was not looked at yet, on its beginning. */
  paint(painted: Painted | null, claims: readonly ClaimView[]): void {
    this.painted = painted;
    this.claims = claims;
    if (this.near.size === 0)
      for (const block of this.blocks) {
        if (block.start >= firstLength) break;
        this.near.set(block, []);
      }
    this.clear();
    for (const block of this.near.keys()) this.near.set(block, this.put(block));
  }

  private seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const block = this.blockOf.get(target);
      if (block === undefined || isIntersecting === this.near.has(block)) continue;
      if (isIntersecting) this.near.set(block, this.put(block));
      else {
        take(this.near.get(block) ?? []);
        this.near.delete(block);
      }
    }
  }

  /** A jump is coloured within its own frame: the observer tells only after it. */
  private reveal(): void {
    const view = this.scroller.getBoundingClientRect();
    const boxOf = (at: number): DOMRect | undefined => this.blocks[at]?.element.getBoundingClientRect();
    let [low, high] = [0, this.blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      // What is folded has no box and lies above.
      const box = boxOf(middle);
      if (!box || box.height === 0 || box.bottom <= view.top) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < this.blocks.length && (boxOf(at)?.top ?? Infinity) < view.bottom; at++) {
      const block = this.blocks[at];
      if (block && !this.near.has(block)) this.near.set(block, this.put(block));
    }
  }

  private clear(): void {
    for (const puts of this.near.values()) take(puts);
  }

  private put(block: Block): readonly Put[] {
    const puts: Put[] = [];
    const add = (layer: Highlight | undefined, from: number, to: number): void => {
      if (layer === undefined || from >= to) return;
      const { node } = block;
      const range = new StaticRange({
        startContainer: node,
        startOffset: from,
        endContainer: node,
        endOffset: to,
      });
      layer.add(range);
      puts.push({ layer, range });
    };
    if (this.painted) {
      for (const { bucket, from, to } of runsIn(block, this.painted))
        add(this.layers.buckets[bucket - 1], from, to);
    }
    for (const { start, end } of this.claims) {
      add(
        this.layers.wrong,
        Math.max(start, block.start) - block.start,
        Math.min(end, block.end) - block.start,
      );
    }
    return puts;
  }
}

const take = (puts: readonly Put[]): void => {
  for (const { layer, range } of puts) layer.delete(range);
};

interface Run {
  readonly bucket: number;
  readonly from: number;
  to: number;
}

/** The coloured ranges inside a block, without the space that leads a token; neighbours of one bucket are one range. */
function runsIn(block: Block, { starts, ends, buckets }: Painted): readonly Run[] {
  const runs: Run[] = [];
  const { data } = block.node;
  let last: Run | null = null;
  for (let i = firstEndingAfter(ends, block.start); i < starts.length; i++) {
    const start = starts[i] as number;
    if (start >= block.end) break;
    const bucket = buckets[i] as number;
    if (bucket === 0) continue;
    let from = Math.max(start, block.start) - block.start;
    const to = Math.min(ends[i] as number, block.end) - block.start;
    while (from < to - 1 && isSpace(data.charCodeAt(from))) from++;
    if (last !== null && last.bucket === bucket && last.to === from) last.to = to;
    else runs.push((last = { bucket, from, to }));
  }
  return runs;
}

const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || (code >= 0x2000 && code <= 0x200a);

function registered(name: string, priority: number): Highlight {
  const highlight = new Highlight();
  highlight.priority = priority;
  CSS.highlights.set(name, highlight);
  return highlight;
}

/** Binary search; units of no width at the same place come first. */
export function firstEndingAfter(ends: Uint32Array, offset: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

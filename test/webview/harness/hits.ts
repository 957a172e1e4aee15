// Points over random tokens of the inspector's page, and which unit its hover names there.
import type { Page } from "playwright-core";

export interface Hit {
  readonly unit: number;
  readonly found: string;
}

/**
 * Points the mouse at a character of each unit, at a share of its width, and reads the unit of the hover card. `offsets`:
 * UTF-16, of the characters aimed at, with their ends.
 */
export function hoverUnits(
  page: Page,
  aims: readonly {
    readonly unit: number;
    readonly start: number;
    readonly end: number;
    readonly share: number;
  }[],
): Promise<readonly Hit[]> {
  return page.evaluate(async (all) => {
    const nodes: { readonly node: Text; readonly start: number }[] = [];
    const walker = document.createTreeWalker(
      document.querySelector("#trace") as Element,
      NodeFilter.SHOW_TEXT,
    );
    for (
      let [node, start] = [walker.nextNode() as Text | null, 0];
      node;
      node = walker.nextNode() as Text | null
    ) {
      if (!node.parentElement?.closest(".paragraph")) continue;
      nodes.push({ node, start });
      start += node.length;
    }
    const scroller = document.querySelector("#scroll") as HTMLElement;
    const card = document.querySelector<HTMLElement>("#card") as HTMLElement;
    const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    const hits: { unit: number; found: string }[] = [];
    for (const { unit, start, end, share } of all) {
      const at = nodes.findLast((one) => one.start <= start);
      if (!at) throw new Error(`no node at ${start}`);
      const range = document.createRange();
      range.setStart(at.node, start - at.start);
      range.setEnd(at.node, Math.min(at.node.length, end - at.start));
      let box = range.getClientRects()[0];
      const view = scroller.getBoundingClientRect();
      if (!box) throw new Error(`no box at ${start}`);
      if (box.top < view.top || box.bottom > view.bottom) {
        scroller.scrollTop += box.top - view.top - 200;
        await frame();
        box = range.getClientRects()[0] as DOMRect;
      }
      delete card.dataset["unit"];
      const point = { clientX: box.left + share * box.width, clientY: box.top + box.height / 2 };
      scroller.dispatchEvent(new PointerEvent("pointermove", { ...point, bubbles: true }));
      const until = performance.now() + 5000;
      while (card.dataset["unit"] === undefined && performance.now() < until) await frame();
      hits.push({ unit, found: card.dataset["unit"] ?? "none" });
    }
    return hits;
  }, aims);
}

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
      const boxOf = (): DOMRect => {
        const box = range.getClientRects()[0];
        if (!box) throw new Error(`no box at ${start}`);
        return box;
      };
      const view = scroller.getBoundingClientRect();
      if (boxOf().top < view.top || boxOf().bottom > view.bottom) {
        scroller.scrollTop += boxOf().top - view.top - 200;
        await frame();
        await frame();
      }
      delete card.dataset["unit"];
      // What is laid out meanwhile may scroll the text under the pointer, as it does under a person's.
      for (let tries = 0; card.dataset["unit"] === undefined && tries < 20; tries++) {
        const box = boxOf();
        const point = { clientX: box.left + share * box.width, clientY: box.top + box.height / 2 };
        scroller.dispatchEvent(new PointerEvent("pointermove", { ...point, bubbles: true }));
        const until = performance.now() + 1500;
        while (card.dataset["unit"] === undefined && performance.now() < until) await frame();
      }
      hits.push({ unit, found: card.dataset["unit"] ?? "none" });
    }
    return hits;
  }, aims);
}

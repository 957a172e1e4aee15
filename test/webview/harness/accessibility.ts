// What assistive technology is told of a page (Chromium's whole accessibility tree), and where the Tab key goes.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

export interface AccessNode {
  readonly role: string;
  readonly name: string;
  readonly focusable: boolean;
  /** `polite`, `assertive`, or "". */
  readonly live: string;
  readonly backendId: number;
}

interface RawNode {
  readonly nodeId: string;
  readonly childIds?: readonly string[];
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly backendDOMNodeId?: number;
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
}

/** All nodes that are not ignored, in their order, once Chromium has brought its tree up to the page. */
export async function accessTree(page: Page): Promise<readonly AccessNode[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  const read = async (): Promise<readonly RawNode[]> => {
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    return nodes as unknown as readonly RawNode[];
  };
  let nodes = await read();
  for (let before = ""; before !== JSON.stringify(nodes); nodes = await read()) {
    before = JSON.stringify(nodes);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 50))));
  }
  await session.detach();
  return inOrder(nodes)
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, properties = [], backendDOMNodeId = -1 }) => {
      const property = (wanted: string): unknown =>
        properties.find((one) => one.name === wanted)?.value.value;
      const live = property("live");
      return {
        role: role?.value ?? "",
        name: (name?.value ?? "").trim(),
        focusable: property("focusable") === true,
        live: typeof live === "string" ? live : "",
        backendId: backendDOMNodeId,
      };
    });
}

/** Chromium tells them level by level. */
function inOrder(nodes: readonly RawNode[]): readonly RawNode[] {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const from = (node: RawNode | undefined): readonly RawNode[] =>
    node === undefined ? [] : [node, ...(node.childIds ?? []).flatMap((id) => from(byId.get(id)))];
  return from(nodes[0]);
}

const interactive = new Set([
  "button",
  "link",
  "slider",
  "spinbutton",
  "textbox",
  "searchbox",
  "combobox",
  "listbox",
  "option",
  "checkbox",
  "radio",
  "tab",
  "menuitem",
  "switch",
  "DisclosureTriangle",
  "progressbar",
  "table",
  "grid",
]);
const nameless = new Set(["generic", "none", "GenericContainer", "paragraph", ""]);

/** What can be operated without saying what it is, and what holds the focus without a role. */
export const unnamed = (nodes: readonly AccessNode[]): readonly AccessNode[] =>
  nodes.filter(
    ({ role, name, focusable }) =>
      role !== "RootWebArea" &&
      ((interactive.has(role) && name === "") || (focusable && (name === "" || nameless.has(role)))),
  );

/** All static text, as it would be read from the top. */
export const readOut = (nodes: readonly AccessNode[]): string =>
  nodes
    .filter(({ role }) => role === "StaticText")
    .map(({ name }) => name)
    .join(" ");

interface FocusLook {
  readonly id: string;
  /** Something about it looks other than without the focus. */
  readonly isMarked: boolean;
  /** Contrast of its outline with what is behind it; `null` where it is marked by something else. */
  readonly contrast: number | null;
}

export interface FocusStop extends FocusLook {
  /** Which part of the page's layout it is in, in the order of the document. */
  readonly part: number;
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Presses Tab from the top until it leaves the page or comes round. */
export async function tabStops(page: Page, parts: string): Promise<readonly FocusStop[]> {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    getSelection()?.removeAllRanges();
    Object.assign(window, { stops: [] });
    // From the top of the document: a click there would press what is there.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  const looks: FocusLook[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press("Tab");
    const look = await page.evaluate(focusedIn);
    if (look === null || seen.has(look.id)) break;
    seen.add(look.id);
    looks.push(look);
  }
  // All places at one moment: the page may have moved on meanwhile.
  const places = await page.evaluate(placesOf, parts);
  return looks.map((look, i) => ({ ...look, ...(places[i] as Place) }));
}

type Place = Omit<FocusStop, keyof FocusLook>;

/** Runs in the page. */
function placesOf(parts: string): readonly Place[] {
  const all = [...document.querySelectorAll(parts)];
  const { stops = [] } = window as unknown as { stops?: readonly Element[] };
  return stops.map((stop) => {
    const { top, left, bottom, right } = stop.getBoundingClientRect();
    return { part: all.findIndex((part) => part.contains(stop)), top, left, bottom, right };
  });
}

/** Runs in the page. */
function focusedIn(): FocusLook | null {
  let host = document.activeElement as HTMLElement | null;
  if (host === null || host === document.body) return null;
  const outer = host;
  while (host?.shadowRoot?.activeElement) host = host.shadowRoot.activeElement as HTMLElement;
  if (host === null) return null;
  const known = (window as unknown as { stops?: Element[] }).stops ?? [];
  Object.assign(window, { stops: known });
  if (!known.includes(outer)) known.push(outer);
  const behind = (from: Element | null): string => {
    for (let at = from; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!/^rgba\(.*, 0\)$/.test(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = (colour: string, under: string): number => {
    if (canvas === null) return 0;
    for (const fill of [under, colour]) {
      canvas.fillStyle = fill;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [r = 0, g = 0, b = 0] = Array.from(canvas.getImageData(0, 0, 1, 1).data, (value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const marks = [host, outer].map((element) => {
    const { outlineStyle, outlineWidth, outlineColor, outlineOffset } = getComputedStyle(element);
    const drawn = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
    if (!drawn) return null;
    const ground = behind(parseFloat(outlineOffset) < 0 ? outer : outer.parentElement);
    const [one, other] = [luminance(outlineColor, ground), luminance(ground, ground)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  });
  const contrast = marks.find((mark) => mark !== null) ?? null;
  const focused = getComputedStyle(host);
  const look = [focused.borderColor, focused.boxShadow].join();
  outer.blur();
  const plain = [getComputedStyle(host).borderColor, getComputedStyle(host).boxShadow].join();
  outer.focus();
  return {
    id: `${outer.id === "" ? outer.localName : outer.id}#${known.indexOf(outer)}`,
    isMarked: contrast !== null || look !== plain,
    contrast,
  };
}

/** Pairs of stops of one part that are not in the order of reading: the second above the first, or left of it in its row. */
export function outOfOrder(stops: readonly FocusStop[]): readonly string[] {
  return stops.slice(1).flatMap((stop, i) => {
    const before = stops[i];
    if (before === undefined || before.part !== stop.part) return [];
    const middle = (one: FocusStop): number => (one.top + one.bottom) / 2;
    const half = Math.min(stop.bottom - stop.top, before.bottom - before.top) / 2;
    const isBelow = middle(stop) >= middle(before) + half;
    const isInside = stop.top >= before.top - 2 && stop.bottom <= before.bottom + 2;
    const isRight = stop.left >= before.left && stop.bottom > before.top && stop.top < before.bottom;
    return isBelow || isRight || isInside ? [] : [`${before.id} -> ${stop.id}`];
  });
}

/** Elements, also in shadow trees, that jump the queue of the Tab key. */
export const positiveTabIndexes = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const look = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll<HTMLElement>("*")) {
        if (element.tabIndex > 0) found.push(element.outerHTML.slice(0, 80));
        if (element.shadowRoot !== null) look(element.shadowRoot);
      }
    };
    look(document);
    return found;
  });

/** All has a name and a role, and the Tab key goes down the page in `parts`, `least` stops, and is seen wherever it is. */
export async function assertReachable(
  page: Page,
  { parts, least }: { readonly parts: string; readonly least: number },
): Promise<void> {
  assert.deepEqual(unnamed(await accessTree(page)), []);
  assert.deepEqual(await positiveTabIndexes(page), []);
  const stops = await tabStops(page, parts);
  assert.ok(stops.length >= least, `${stops.length} stops`);
  assert.deepEqual(outOfOrder(stops), []);
  const places = stops.map(({ part }) => part);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  const unseen = stops.filter(({ isMarked, contrast }) => !isMarked || (contrast !== null && contrast < 2));
  assert.deepEqual(unseen, []);
}

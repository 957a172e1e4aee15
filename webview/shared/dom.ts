// Elements by function calls. Text goes in as text nodes only: model output can never become markup.

export type Child = Node | string | number | null | undefined | false;

export interface Props {
  /** Attributes; `true` writes an empty one, `null`, `undefined` and `false` leave it out. */
  readonly [attribute: string]: string | number | boolean | null | undefined | Listeners;
  readonly on?: Listeners;
}

type Listeners = Readonly<Record<string, (event: never) => void>>;

/** `el("button", { class: "icon", on: { click } }, "Resume")` */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props?: Props,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K];
export function el(tag: string, props?: Props, ...children: readonly Child[]): HTMLElement;
export function el(tag: string, props: Props = {}, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  assign(element, props);
  append(element, children);
  return element;
}

const svgNamespace = "http://www.w3.org/2000/svg";

export function svg(tag: string, props: Props = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS(svgNamespace, tag);
  assign(element, props);
  append(element, children);
  return element;
}

/** Replaces what is in `host`. */
export function fill(host: Element, ...children: readonly Child[]): void {
  host.replaceChildren();
  append(host, children);
}

function assign(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "object") {
      for (const [type, listener] of Object.entries(value)) {
        element.addEventListener(type, listener as EventListener);
      }
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
}

export function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === "number" ? String(child) : child);
  }
}

/** A part of the page that is rebuilt only when what it shows (`key`) has changed. */
export function region(host: Element): (key: string, build: () => readonly Child[]) => boolean {
  let shown: string | null = null;
  return (key, build) => {
    if (key === shown) return false;
    shown = key;
    fill(host, ...build());
    return true;
  };
}

/**
 * For rebuilding parts of the page under the person's hands: puts back the focus (by id) and the scroll positions (by the
 * value of `data-scroll`), the latter also when the part was away in between.
 */
export function placeKeeper(): (rebuild: () => void) => void {
  const places = new Map<string, readonly [number, number]>();
  const scrollers = (): Iterable<HTMLElement> => document.querySelectorAll<HTMLElement>("[data-scroll]");
  return (rebuild) => {
    const focused = document.activeElement;
    const scrolled = new Set<HTMLElement>();
    for (const element of scrollers()) {
      const { scrollTop, scrollLeft } = element;
      if (scrollTop !== 0 || scrollLeft !== 0) scrolled.add(element);
      places.set(element.dataset["scroll"] ?? "", [scrollTop, scrollLeft]);
    }
    rebuild();
    for (const element of scrollers()) {
      const [top, left] = places.get(element.dataset["scroll"] ?? "") ?? [0, 0];
      // Where it stands is not asked without need: the answer costs a layout of the whole new page.
      if (top === 0 && left === 0 && !scrolled.has(element)) continue;
      if (top === element.scrollTop && left === element.scrollLeft) continue;
      element.scrollTop = top;
      element.scrollLeft = left;
      element.dispatchEvent(new Event("scroll"));
    }
    if (focused?.id && !focused.isConnected) {
      document.getElementById(focused.id)?.focus({ preventScroll: true });
    }
  };
}

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

function append(element: Element, children: readonly Child[]): void {
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

/** Runs `rebuild` and puts focus (by id) and scroll positions (of `[data-scroll]` with an id) back. */
export function keepPlace(rebuild: () => void): void {
  const focused = document.activeElement?.id ?? "";
  const caret = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const places = [...document.querySelectorAll<HTMLElement>("[data-scroll][id]")].map(
    (element) => [element.id, element.scrollTop, element.scrollLeft] as const,
  );
  rebuild();
  for (const [id, top, left] of places) {
    const element = document.getElementById(id);
    if (!element || (top === 0 && left === 0)) continue;
    element.scrollTop = top;
    element.scrollLeft = left;
    element.dispatchEvent(new Event("scroll"));
  }
  if (focused && caret && !caret.isConnected) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

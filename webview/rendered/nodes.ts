// markdown-it's tokens as nodes: only the elements of this list, text as text, no attribute of the author's.
import type { Token } from "markdown-it";
import { el } from "../shared/dom.ts";
import { mathNode } from "./mathNode.ts";

const elements: ReadonlySet<string> = new Set(
  "p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr em strong s table thead tbody tr th td".split(" "),
);

export function nodesOf(tokens: readonly Token[]): readonly Node[] {
  const root = el("div", {});
  let open: HTMLElement = root;
  for (const token of tokens) {
    if (token.nesting === 1) {
      const inner = opened(token);
      open.append(inner);
      open = inner;
    } else if (token.nesting === -1) open = open.parentElement ?? root;
    else open.append(...leaves(token));
  }
  return [...root.childNodes];
}

function opened(token: Token): HTMLElement {
  // An address may be anything: it is said, and leads nowhere.
  if (token.tag === "a") return el("span", { class: "address", title: token.attrGet("href") });
  if (token.hidden) return el("span", { class: "tight" });
  const start = token.tag === "ol" ? token.attrGet("start") : null;
  return el(elements.has(token.tag) ? token.tag : "span", start === null ? {} : { start });
}

function leaves(token: Token): readonly (Node | string)[] {
  const { type, content, children } = token;
  switch (type) {
    case "inline":
      return nodesOf(children ?? []);
    case "math": {
      const { display, source } = token.meta as { readonly display: boolean; readonly source: string };
      return [mathNode(content, { display, source })];
    }
    case "softbreak":
    case "hardbreak":
      return [el("br")];
    case "hr":
      return [el("hr")];
    case "code_inline":
      return [el("code", {}, content)];
    case "fence":
    case "code_block":
      return [el("pre", {}, el("code", {}, content))];
    case "image":
      return [el("span", { class: "address", title: token.attrGet("src") }, `[image: ${content}]`)];
    default:
      return [content];
  }
}

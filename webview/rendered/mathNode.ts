// A formula as MathML, which the browser lays out and a screen reader reads. KaTeX only makes its tree; the nodes are made
// here from a fixed list of elements and attributes, so that no style attribute, which the page's CSP refuses, is written.
import katex from "katex";
import { el } from "../shared/dom.ts";

const namespace = "http://www.w3.org/1998/Math/MathML";
const elements: ReadonlySet<string> = new Set(
  `math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom menclose msub msup
  msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd mlabeledtr`.split(/\s+/u),
);
/** No colours: what a model chose may not be readable in the theme. */
const attributes: ReadonlySet<string> = new Set(
  `accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form height largeop
  linethickness lspace mathsize mathvariant maxsize minsize movablelimits notation rowalign
  rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width`.split(/\s+/u),
);
/** Of one formula: KaTeX's macros can write far more than they read. */
const mostNodes = 5000;

/** What KaTeX's tree is made of (katex/src/mathMLTree.ts, domTree.ts). */
interface MathTree {
  readonly type?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly MathTree[];
}

const { __renderToDomTree: toTree } = katex as unknown as {
  readonly __renderToDomTree: (this: void, tex: string, options: object) => MathTree;
};

/** A formula that KaTeX cannot read, or that is too large, stays its source. */
export function mathNode(
  tex: string,
  { display, source }: { readonly display: boolean; readonly source: string },
): Node {
  try {
    const tree = toTree(tex, {
      displayMode: display,
      output: "mathml",
      trust: false,
      throwOnError: true,
      strict: "ignore",
      maxExpand: 200,
      maxSize: 20,
    });
    const budget = { left: mostNodes };
    const node = mathOf(tree, budget);
    if (node !== null) return el("span", { class: display ? "math display" : "math" }, node);
  } catch {
    // As its source, below: what a model writes is often not LaTeX.
  }
  return el("code", { class: "unreadMath", title: "Not read as LaTeX" }, source);
}

/** `null` where there is nothing to show. */
function mathOf(tree: MathTree, budget: { left: number }): Node | null {
  if (--budget.left < 0) throw new RangeError("a formula of too many parts");
  if (typeof tree.text === "string") return document.createTextNode(tree.text);
  const children = (tree.children ?? [])
    .map((child) => mathOf(child, budget))
    .filter((node) => node !== null);
  const { type } = tree;
  // The source itself, which KaTeX writes beside the formula.
  if (type === "annotation") return null;
  if (type === undefined || !elements.has(type)) {
    const fragment = document.createDocumentFragment();
    fragment.append(...children);
    return fragment;
  }
  const node = document.createElementNS(namespace, type);
  for (const [name, value] of Object.entries(tree.attributes ?? {}))
    if (attributes.has(name)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

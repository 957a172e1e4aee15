// A trace as Markdown with LaTeX. Model text is hostile: markdown-it only reads it, and the nodes are made here, from
// text and a fixed list of elements. No markup is ever parsed, no address is ever followed.
import MarkdownIt from "markdown-it";
import { el, fill } from "../shared/dom.ts";
import { mathRules } from "./mathRules.ts";
import { nodesOf } from "./nodes.ts";

/** Rendered between two frames; the browser may show what is there and answer keys in between. */
const sliceMs = 12;
/** One more paragraph of this many characters is text, not Markdown: nested marks would take too long. */
const longestPart = 20_000;

const markdown = new MarkdownIt("commonmark", {
  html: false,
  linkify: false,
  typographer: false,
  maxNesting: 20,
})
  .enable(["table", "strikethrough"])
  .use(mathRules);

/** Which call a host belongs to. */
const turns = new WeakMap<HTMLElement, number>();

/** Replaces what is in `host`, part by part: the beginning stands at once. */
export function renderTrace(host: HTMLElement, text: string): void {
  const own = (turns.get(host) ?? 0) + 1;
  turns.set(host, own);
  const parts = partsOf(text);
  fill(host);
  let at = 0;
  const slice = (): void => {
    if (own !== turns.get(host) || (at > 0 && !host.isConnected)) return;
    const until = performance.now() + sliceMs;
    do {
      const part = parts[at++];
      if (part !== undefined) host.append(rendered(part));
    } while (at < parts.length && performance.now() < until);
    if (at < parts.length) requestAnimationFrame(slice);
  };
  slice();
}

function rendered(part: string): HTMLElement {
  const box = el("div", { class: "markdown" });
  if (part.length > longestPart) box.append(el("p", { class: "asText" }, part));
  else box.append(...nodesOf(markdown.parse(part, {})));
  return box;
}

/** At blank lines outside of code fences and displays, so that each is rendered alone. */
export function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let [part, closing] = ["", ""];
  for (const line of text.split(/(?<=\n)/u)) {
    const trimmed = line.trim();
    if (closing === "") closing = opened(trimmed);
    else if (closes(trimmed, closing)) closing = "";
    part += line;
    const tooLong = part.length > longestPart;
    if ((closing === "" && trimmed === "" && part.trim() !== "") || tooLong) {
      parts.push(part);
      [part, closing] = ["", ""];
    }
  }
  return part === "" ? parts : [...parts, part];
}

const ends: Readonly<Record<string, string>> = { "```": "```", "~~~": "~~~", "\\[": "\\]", $$: "$$" };

/** What ends a block that this line begins and does not end; "" for none. */
function opened(line: string): string {
  const mark = Object.keys(ends).find((one) => line.startsWith(one));
  const end = mark === undefined ? "" : (ends[mark] ?? "");
  return mark === undefined || line.slice(mark.length).includes(end) ? "" : end;
}

const closes = (line: string, closing: string): boolean => line.startsWith(closing) || line.endsWith(closing);

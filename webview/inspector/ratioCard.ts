// One token under two scorers, beside it: what each would have written next.
import { decimal } from "../../src/core/numberWords.ts";
import type { TokenDetail } from "../../src/protocol/traceView.ts";
import { el, type Child } from "../shared/dom.ts";
import { cardHead, probabilityText, visible } from "./words.ts";

const mostListed = 6;

interface Both {
  readonly token: TokenDetail;
  readonly against: TokenDetail;
  readonly names: readonly [string, string];
}

export function ratioParts({ token, against, names }: Both): readonly Child[] {
  const rows = sharedRows(token, against);
  const cells = (...texts: readonly string[]): readonly Child[] =>
    texts.map((text, i) => el(i === 0 ? "th" : "td", i === 0 ? { scope: "row", class: "mono" } : {}, text));
  return [
    cardHead(token),
    el(
      "table",
      { class: "ratioTable figures" },
      el(
        "tr",
        {},
        ...["Next token", ...names, "\u0394 nats", ""].map((head) => el("th", { class: "dim" }, head)),
      ),
      ...rows.map(({ text, own, other }) =>
        el(
          "tr",
          {},
          ...cells(visible(text), chance(own), chance(other), difference(own, other)),
          el("td", { class: "dim" }, text === token.text ? "this" : ""),
        ),
      ),
      el("tr", { class: "rule" }, ...cells("Rank", rank(token), rank(against), "")),
      el("tr", {}, ...cells("Entropy, nats", entropy(token), entropy(against), "")),
    ),
  ];
}

interface Row {
  readonly text: string;
  readonly own: number | null;
  readonly other: number | null;
}

/** The token itself first, then what the two think most probable. */
function sharedRows(token: TokenDetail, against: TokenDetail): readonly Row[] {
  const texts = [
    token.text,
    ...token.alternatives.map(({ text }) => text),
    ...against.alternatives.map(({ text }) => text),
  ];
  const of = (one: TokenDetail, text: string): number | null =>
    text === token.text
      ? one.logProb
      : (one.alternatives.find((other) => other.text === text)?.logProb ?? null);
  return [...new Set(texts)]
    .map((text) => ({ text, own: of(token, text), other: of(against, text) }))
    .sort((a, b) => weight(b) - weight(a))
    .filter((row, i) => i < mostListed || row.text === token.text);
}

const weight = ({ own, other }: Row): number => Math.max(own ?? -Infinity, other ?? -Infinity);
const chance = (logProb: number | null): string =>
  logProb === null ? "\u2013" : probabilityText(Math.exp(logProb));
const rank = ({ rank: at }: TokenDetail): string => (at === 0 ? "\u2013" : at < 0 ? `> ${-at}` : String(at));
const entropy = ({ entropyLow }: TokenDetail): string =>
  entropyLow === null ? "\u2013" : decimal(entropyLow, 2);

function difference(own: number | null, other: number | null): string {
  if (own === null || other === null) return "";
  return `${own > other ? "+" : ""}${decimal(own - other, 2)}`;
}

import type { TokenDetail } from "../../src/protocol/traceView.ts";
import { el } from "../shared/dom.ts";

/** `4.1 %`, `0.06 %`, `< 0.01 %`. */
export function probabilityText(p: number): string {
  const percent = 100 * p;
  if (p === 0) return "0 %";
  if (percent < 0.01) return "< 0.01 %";
  return `${percent.toFixed(percent < 0.95 ? 2 : 1)} %`;
}

/** White space and control characters by signs, bidirectional ones by their names: for lists, where a token is alone. */
export const visible = (text: string): string =>
  text
    .replaceAll("\n", "\u21b5")
    .replaceAll("\r", "\u240d")
    .replaceAll("\t", "\u21e5")
    .replace(
      /[\p{Cc}\p{Cf}]/gu,
      (character) => `<${character.codePointAt(0)?.toString(16).padStart(4, "0")}>`,
    )
    .replace(/^ | $/g, "\u00b7");

/** Which token a card speaks of. */
export const cardHead = (token: TokenDetail): HTMLElement =>
  el(
    "div",
    { class: "cardHead" },
    el("b", { class: "mono" }, `"${visible(token.text)}"`),
    ` token ${token.token}`,
    token.bytes === "" ? "" : `, bytes ${token.bytes}`,
  );

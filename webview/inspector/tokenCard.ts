// The numbers of one unit, beside it.
import { decimal } from "../../src/core/numberWords.ts";
import type { TokenDetail, UnitDetail } from "../../src/protocol/traceView.ts";
import { el, fill, type Child } from "../shared/dom.ts";
import { ratioParts } from "./ratioCard.ts";
import { cardHead, probabilityText, visible } from "./words.ts";

const mostAlternatives = 6;

export class TokenCard {
  readonly element = el("div", { id: "card", class: "card", role: "status", hidden: true });

  /** `box`: the unit's place in the window. `names`: of the scorers of a log-ratio. */
  show(unit: UnitDetail, box: DOMRect, names: readonly [string, string] | null): void {
    const [token, against] = [unit.tokens[0], unit.against[0]];
    const ratio = names && token && against && unit.tokens.length === 1 && unit.against.length === 1;
    fill(
      this.element,
      ...(ratio ? ratioParts({ token, against, names }) : unit.tokens.flatMap((one) => tokenParts(one))),
    );
    this.element.hidden = false;
    const { width, height } = this.element.getBoundingClientRect();
    const below = box.bottom + 4 + height <= innerHeight;
    this.element.style.left = `${Math.max(4, Math.min(box.left, innerWidth - width - 4))}px`;
    this.element.style.top = `${below ? box.bottom + 4 : Math.max(4, box.top - height - 4)}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}

function tokenParts(token: TokenDetail): readonly Child[] {
  const { entropyLow, entropyHigh, alternatives } = token;
  const entropy =
    entropyLow === null
      ? null
      : entropyHigh === null
        ? `at least ${decimal(entropyLow, 2)}`
        : `${decimal(entropyLow, 2)} to ${decimal(entropyHigh, 2)}`;
  const row = (name: string, value: string | null, after = ""): Child =>
    value !== null &&
    el(
      "div",
      { class: "cardRow" },
      el("span", { class: "dim" }, name),
      el("span", { class: "figures number" }, value),
      el("span", { class: "dim" }, after),
    );
  const listed = alternatives.slice(0, mostAlternatives);
  const rest = 1 - listed.reduce((sum, { logProb }) => sum + Math.exp(logProb), 0);
  return [
    cardHead(token),
    row(
      "Probability",
      token.probability === null ? "not known" : probabilityText(token.probability),
      rankText(token.rank),
    ),
    row("Log-prob", token.logProb === null ? null : decimal(token.logProb, 2), "nats"),
    row("Entropy", entropy, `nats, from top ${alternatives.length}`),
    row(
      "Sampler",
      token.reach === "undecided"
        ? "not known whether it can draw it"
        : token.reach === "inside"
          ? "can draw it"
          : "cannot draw it",
    ),
    listed.length > 0 &&
      el(
        "div",
        { class: "cardList" },
        ...listed.map(({ text, logProb }) =>
          el(
            "div",
            { class: "cardRow" },
            el("span", { class: "mono" }, visible(text)),
            el("span", { class: "figures number" }, probabilityText(Math.exp(logProb))),
            el("span", { class: "dim" }, text === token.text ? "this" : ""),
          ),
        ),
        rest > 0.0005 &&
          el(
            "div",
            { class: "cardRow dim" },
            el("span", {}, "other"),
            el("span", { class: "figures number" }, probabilityText(rest)),
            el("span", {}),
          ),
      ),
  ];
}

const rankText = (rank: number): string =>
  rank === 0 ? "" : rank < 0 ? `not among the first ${-rank}` : `rank ${rank}`;

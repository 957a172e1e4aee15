// What each colour means, always beside the trace.
import { decimal } from "../../src/core/numberWords.ts";
import type { InspectorSnapshot } from "../../src/protocol/inspector.ts";
import { el, type Child } from "../shared/dom.ts";
import { textNames } from "./head.ts";
import { type App, scorerName } from "./state.ts";

const swatch = (name: string, text: string): Child => el("span", { class: `swatch ${name}` }, text);
const words = (text: string): Child => el("span", { class: "dim" }, text);

export function legendParts(_: App, snapshot: InspectorSnapshot): readonly Child[] {
  const { options, trace } = snapshot;
  if (options.text === "rendered")
    return [words(`No colours in ${textNames.rendered}; r shows ${textNames.raw}, then ${textNames.plain}.`)];
  if (!trace?.scores) return [];
  switch (options.colour) {
    case "rank":
      return [
        words("Rank"),
        swatch("none", "1"),
        swatch("heat2", "2 to 10"),
        swatch("heat3", "to 100"),
        swatch("heat4", "to 1,000"),
        swatch("heat5", "beyond"),
      ];
    case "entropy":
      return [
        words("Entropy, at least, nats"),
        swatch("none", "below 0.7"),
        swatch("heat2", "0.7 to 1.4"),
        swatch("heat3", "to 2.1"),
        swatch("heat4", "to 2.8"),
        swatch("heat5", "more"),
        words("as many as 2, 4, 8, 16 equal choices"),
      ];
    case "reach": {
      const { temperature, topP, order } = options.sampler;
      const then = order === "temperatureFirst" ? "T first" : "top-p first";
      return [
        words(`At T ${temperature}, top-p ${topP}, ${then}`),
        swatch("none", "can be drawn"),
        swatch("undecided", "undecided"),
        swatch("heat5", "cannot be drawn"),
      ];
    }
    case "logRatio":
      return ratioLegend(snapshot);
    case "none":
      return [words("No colours")];
    case "surprisal":
  }
  const name = scorerName(snapshot, snapshot.scorer) ?? "";
  return [
    words(snapshot.scorer === "file:" ? "Probability in the file" : `Probability under ${name}`),
    swatch("none", "\u2265 50 %"),
    swatch("heat1", "50 to 20 %"),
    swatch("heat2", "20 to 5 %"),
    swatch("heat3", "5 to 1 %"),
    swatch("heat4", "1 to 0.1 %"),
    swatch("heat5", "< 0.1 %"),
    words("surprisal 0.7, 1.6, 3.0, 4.6, 6.9 nats"),
  ];
}

function ratioLegend(snapshot: InspectorSnapshot): readonly Child[] {
  const { options, scorer, trace } = snapshot;
  const [own, other] = [scorerName(snapshot, scorer) ?? "", scorerName(snapshot, options.against) ?? ""];
  if (!trace?.scores?.logRatio)
    return [words(`The log-ratio needs a second scorer: ${own} minus another one.`)];
  const below = options.thresholdRatioNats;
  return [
    words(`log p ${own} \u2212 log p ${other}, nats`),
    words(`${other} prefers`),
    swatch("down3", "\u2264 \u22123"),
    swatch("down2", "\u22123 to \u22121.5"),
    swatch("down1", "\u22121.5 to \u22120.5"),
    swatch("none", below > 0.5 ? `nothing below ${decimal(below, 1)}` : "0"),
    swatch("up1", "0.5 to 1.5"),
    swatch("up2", "1.5 to 3"),
    swatch("up3", "\u2265 3"),
    words(`${own} prefers`),
  ];
}

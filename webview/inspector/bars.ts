// Everything above and below the trace: what it is, whose scores, their legend, what is missing and what to do.
import type { InspectorSnapshot, ScoresView, TraceRow } from "../../src/protocol/inspector.ts";
import { button, dropdown, iconButton, linkButton } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { count, decimal } from "../shared/format.ts";
import { icon, type IconName, type IconTone } from "../shared/icons.ts";
import type { App, State } from "./state.ts";

const verdicts: Readonly<Record<TraceRow["verdict"], readonly [IconName, IconTone, string]>> = {
  correct: ["pass", "ok", "correct"],
  incorrect: ["fail", "bad", "wrong"],
  unparsed: ["question", "ambiguous", "no answer"],
  undecided: ["question", "ambiguous", "undecided"],
  error: ["warn", "warn", "verifier error"],
  ungraded: ["dash", "mute", "not graded"],
};

const fact = (label: string, value: Child): Child =>
  value !== null && el("span", {}, el("span", { class: "dim" }, `${label} `), value);

/** The trace among the others of its problem. */
export function headParts(app: App, { title, traces, trace }: InspectorSnapshot): readonly Child[] {
  const row = traces[trace?.trace ?? 0];
  if (!row || !trace) return [el("h1", {}, title)];
  const [name, tone, word] = verdicts[row.verdict];
  const at = trace.trace;
  return [
    el("h1", {}, title),
    fact("gold", trace.gold),
    fact("extracted", row.extracted),
    el("span", { class: `verdict ${tone}` }, icon(name), word),
    el("span", { class: "space" }),
    traces.length > 1 &&
      iconButton({
        id: "previous",
        icon: "back",
        label: "Previous sample (k)",
        press: () => app.openTrace(at - 1),
      }),
    traces.length > 1 &&
      el("span", { class: "figures", id: "place" }, `Sample ${at + 1} of ${count(traces.length)}`),
    traces.length > 1 &&
      iconButton({
        id: "next",
        icon: "chevron",
        label: "Next sample (j)",
        press: () => app.openTrace(at + 1),
      }),
    iconButton({
      id: "source",
      icon: "open",
      label: "Open the line in the file (o)",
      press: () => app.run(app.client.call("openSource", { trace: at })),
    }),
    iconButton({
      id: "help",
      icon: "question",
      label: "Keys (?)",
      pressed: app.state().help,
      press: () => app.set({ help: !app.state().help }),
    }),
  ];
}

const thresholds: readonly number[] = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001];

export function toolParts(app: App, snapshot: InspectorSnapshot): readonly Child[] {
  const { options, scorer, scorers, trace } = snapshot;
  const name = scorers.find(({ id }) => id === scorer)?.name ?? scorer;
  const scores = trace?.scores ?? null;
  const label = el("span", { class: "figures", id: "threshold-text" }, thresholdText(options.thresholdNats));
  const slider = el("input", {
    id: "threshold",
    type: "range",
    min: 0,
    max: thresholds.length - 1,
    value: nearestThreshold(options.thresholdNats),
    "aria-label": "Threshold: tokens less likely than this are marked",
    "aria-valuetext": thresholdText(options.thresholdNats),
  });
  slider.addEventListener("input", () => {
    label.textContent = thresholdText(-Math.log(thresholds[Number(slider.value)] ?? 0.5));
  });
  slider.addEventListener("change", () =>
    app.setOptions({ thresholdNats: -Math.log(thresholds[Number(slider.value)] ?? 0.5) }),
  );
  return [
    button({
      id: "scorer",
      label: name === null ? "Score under..." : `Scorer: ${name}`,
      press: () => app.chooseScorer(),
    }),
    scores &&
      dropdown({
        id: "colour",
        label: "Colour",
        choices: [
          { value: "surprisal", label: "surprisal" },
          { value: "rank", label: "rank" },
          { value: "entropy", label: "entropy" },
          { value: "reach", label: "reachability" },
          { value: "none", label: "none" },
        ],
        value: options.colour === "logRatio" ? "surprisal" : options.colour,
        change: (colour) => app.setOptions({ colour }),
      }),
    scores && el("span", { class: "row" }, el("span", { class: "label" }, "Threshold"), slider, label),
    iconButton({
      id: "raw",
      icon: "table",
      label: "Raw text (r)",
      pressed: options.text === "raw",
      press: () => app.setOptions({ text: options.text === "raw" ? "plain" : "raw" }),
    }),
    el("span", { class: "space" }),
    ...(scores ? numberParts(scores) : []),
  ];
}

const thresholdText = (nats: number): string =>
  `p < ${decimal(100 * Math.exp(-nats), Math.exp(-nats) < 0.01 ? 1 : 0)} %`;

const nearestThreshold = (nats: number): number => {
  const far = thresholds.map((p) => Math.abs(-Math.log(p) - nats));
  return far.indexOf(Math.min(...far));
};

function numberParts({ summary, reachSummary }: ScoresView): readonly Child[] {
  const { tokens, perplexity, least, lowCount, lowProbability, nullCount, floorCount } = summary;
  const number = (id: string, label: string, value: string): Child =>
    el("span", { id, class: "figures" }, el("span", { class: "dim" }, `${label} `), value);
  return [
    number("tokens", "T", count(tokens)),
    number("perplexity", "PPL", perplexity === null ? "not known" : decimal(perplexity, 2)),
    least && number("least", "lowest", `${decimal(least.logProb, 2)} at ${count(least.token)}`),
    number("low-count", `p < ${100 * lowProbability} %`, count(lowCount)),
    number("outside", "outside", count(reachSummary.outside)),
    nullCount + floorCount > 0 && number("left-out", "not averaged", count(nullCount + floorCount)),
  ];
}

const swatch = (bucket: number, text: string): Child => el("span", { class: `swatch h${bucket}` }, text);

export function legendParts({ options, trace, scorers, scorer }: InspectorSnapshot): readonly Child[] {
  if (!trace?.scores) return [];
  const name = scorers.find(({ id }) => id === scorer)?.name ?? "";
  const { temperature, topP } = options.sampler;
  const words = (text: string): Child => el("span", { class: "dim" }, text);
  switch (options.colour) {
    case "rank":
      return [
        words("Rank"),
        swatch(2, "2 to 10"),
        swatch(3, "to 100"),
        swatch(4, "to 1,000"),
        swatch(5, "beyond"),
      ];
    case "entropy":
      return [
        words("Entropy, at least, nats"),
        swatch(2, "0.7 to 1.4"),
        swatch(3, "to 2.1"),
        swatch(4, "to 2.8"),
        swatch(5, "more"),
      ];
    case "reach":
      return [
        words(`At T ${temperature}, top-p ${topP}`),
        swatch(6, "undecided"),
        swatch(5, "cannot be drawn"),
      ];
    case "none":
    case "logRatio":
      return [];
    case "surprisal":
  }
  return [
    words(scorer === "file:" ? "Probability in the file" : `Probability under ${name}`),
    swatch(1, "50 to 20 %"),
    swatch(2, "20 to 5 %"),
    swatch(3, "5 to 1 %"),
    swatch(4, "1 to 0.1 %"),
    swatch(5, "< 0.1 %"),
    words("surprisal 0.7, 1.6, 3.0, 4.6, 6.9 nats"),
  ];
}

/** What is under way, went wrong, or is not there yet. */
export function noticeParts(app: App, { snapshot, failure, scoring }: State): readonly Child[] {
  if (scoring)
    return [
      icon("sync", "info"),
      el("p", { role: "status", id: "phase" }, scoring.phase),
      button({ id: "cancel", label: "Cancel", press: () => app.cancel() }),
    ];
  const log = linkButton({
    id: "show-log",
    label: "Show log",
    press: () => app.run(app.client.call("showLog", {})),
  });
  if (failure) {
    const { scorer } = failure;
    return [
      icon("fail", "error"),
      el("p", { role: "alert", id: "failure" }, failure.message),
      button({ id: "another-scorer", label: "Choose another scorer", press: () => app.chooseScorer() }),
      failure.code === "noScoring" &&
        scorer !== null &&
        button({
          id: "score-slow",
          label: "Score token by token (slow, one request a token)",
          press: () => app.score(scorer, true),
        }),
      log,
    ];
  }
  if (!snapshot?.trace) return [];
  const { trace, scorer, scorers } = snapshot;
  if (trace.scores?.facts.alignment === "none")
    return [
      icon("info", "info"),
      el("p", {}, "The tokens came without their texts: the numbers hold, the text has no heat."),
    ];
  if (trace.scores) return [];
  const name = scorers.find(({ id }) => id === scorer)?.name ?? null;
  return [
    icon("info", "info"),
    el(
      "p",
      { id: "unscored" },
      name === null
        ? "No log-probs in the file. Score the trace under a model to see its unlikely tokens."
        : `Not scored under ${name} yet.`,
    ),
    button({
      id: "score",
      label: name === null ? "Score under..." : `Score under ${name}`,
      primary: true,
      press: () => (scorer === null || name === null ? app.chooseScorer() : app.score(scorer, false)),
    }),
  ];
}

const keys: readonly (readonly [string, string])[] = [
  ["j/k", "sample"],
  ["[/]", "step"],
  ["n/N", "low token"],
  ["s", "score"],
  ["r", "raw"],
  ["z", "fold thinking"],
  ["o", "open line"],
  ["Esc", "close"],
];

export function footParts({ snapshot, help }: State): readonly Child[] {
  const scores = snapshot?.trace?.scores ?? null;
  const facts = scores?.facts;
  return [
    ...(help ? keys : keys.slice(0, 4)).map(([key, word]) => el("span", {}, el("b", {}, key), ` ${word}`)),
    !help && el("span", {}, el("b", {}, "?"), " all keys"),
    el("span", { class: "space" }),
    facts &&
      el(
        "span",
        { id: "facts" },
        [
          `scored by ${facts.method}${facts.model === "" ? "" : ` of ${facts.model}`}`,
          facts.tokenisation === "ids" ? "token ids" : "re-tokenised text",
          `log-probs ${facts.logProbKind}`,
          ...(facts.window ? [`windows of ${count(facts.window.tokens)} tokens`] : []),
          ...facts.notes,
        ].join(" · "),
      ),
  ];
}

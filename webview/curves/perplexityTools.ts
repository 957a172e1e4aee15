// The controls over the boxes.
import { button, checkbox, dropdown, linkButton } from "../shared/controls.ts";
import { el } from "../shared/dom.ts";
import type { App, Shown, TabTools } from "./app.ts";
import type { PointChoice } from "./look.ts";
import { everyScorer, type PerplexityModel } from "./perplexityModel.ts";

const pointWords: Readonly<Record<PointChoice, string>> = {
  problem: "one a problem",
  trace: "every trace",
  none: "none",
};

export function perplexityTools(
  app: App,
  { look, snapshot }: Shown,
  model: PerplexityModel | null,
  score: (runIds: readonly string[]) => void,
): TabTools {
  if (model === null || model.scorers.length === 0) return { key: "", build: () => [] };
  const { scorers, scorer, problem } = model;
  const { points, scale, splitVerdicts } = look;
  const runIds = snapshot.runs.filter(({ samples }) => samples > 0).map(({ id }) => id);
  const names = scorers.map(({ name }) => name);
  const choices = scorers.map(({ id, name, source, prompt }) => ({
    value: id,
    // Two of one name differ in their address or in the prompt.
    label: names.filter((one) => one === name).length > 1 ? `${name} (${source}, ${prompt})` : name,
  }));
  return {
    key: JSON.stringify([choices, scorer, points, scale, splitVerdicts, problem, runIds]),
    build: () => [
      dropdown({
        id: "scorer",
        label: "Scorer",
        choices: scorers.length > 1 ? [...choices, { value: everyScorer, label: "every scorer" }] : choices,
        value: scorer,
        change: (value) => app.show({ scorer: value }),
      }),
      dropdown({
        id: "scale",
        label: "Scale",
        choices: [
          { value: "log", label: "log" },
          { value: "linear", label: "linear" },
        ],
        value: scale,
        change: (value) => app.show({ scale: value }),
      }),
      problem === null
        ? dropdown({
            id: "points",
            label: "Points",
            choices: (["problem", "trace", "none"] as const).map((value) => ({
              value,
              label: pointWords[value],
            })),
            value: points,
            change: (value) => app.show({ points: value }),
          })
        : el(
            "span",
            { class: "row" },
            el("span", { id: "scored-problem" }, `Problem ${problem.id}`),
            linkButton({
              id: "all-problems",
              label: "Show all problems",
              press: () => app.show({ scoredProblem: null }),
            }),
          ),
      el("span", { class: "space" }),
      checkbox({
        id: "split-verdicts",
        label: "Split by verdict",
        checked: splitVerdicts,
        change: (on) => app.show({ splitVerdicts: on }),
      }),
      button({ id: "score-more", label: "Score under...", press: () => score(runIds) }),
    ],
  };
}

// Whose scores, which colours, which threshold.
import { decimal } from "../../src/core/numberWords.ts";
import type { ColourMode, InspectorOptions, InspectorSnapshot } from "../../src/protocol/inspector.ts";
import type { SamplerOrder } from "../../src/core/trace/reachability.ts";
import { button, dropdown } from "../shared/controls.ts";
import { el, type Child } from "../shared/dom.ts";
import { type App, scorerName } from "./state.ts";

const colours: readonly { readonly value: ColourMode; readonly label: string }[] = [
  { value: "surprisal", label: "surprisal" },
  { value: "rank", label: "rank" },
  { value: "entropy", label: "entropy" },
  { value: "logRatio", label: "log-ratio" },
  { value: "reach", label: "reachability" },
  { value: "none", label: "none" },
];

export function toolParts(app: App, snapshot: InspectorSnapshot): readonly Child[] {
  const { options, scorer, trace } = snapshot;
  const name = scorerName(snapshot, scorer);
  const scored = (trace?.scores ?? null) !== null;
  return [
    trace?.text !== "" &&
      button({
        id: "scorer",
        label: name === null ? "Score under..." : `Scorer: ${name}`,
        press: () => app.chooseScorer(false),
      }),
    scored && options.colour === "logRatio" && againstButton(app, snapshot),
    scored &&
      dropdown({
        id: "colour",
        label: "Colour",
        choices: colours,
        value: options.colour,
        change: (colour) => app.setOptions({ colour }),
      }),
    scored && options.colour === "surprisal" && slider(app, "surprisal"),
    scored && options.colour === "logRatio" && slider(app, "ratio"),
    ...(scored && options.colour === "reach" ? samplerParts(app) : []),
  ];
}

/** Values of what the person sets, put into the controls that stand there: rebuilding them would take the focus. */
export function syncTools(host: HTMLElement, options: InspectorOptions): void {
  const set = (id: string, value: string): void => {
    const field = host.querySelector<HTMLInputElement>(`#${id}`);
    if (field && field !== document.activeElement && field.value !== value) field.value = value;
  };
  for (const kind of ["surprisal", "ratio"] as const) {
    const { id, steps, nats, text } = sliders[kind];
    const field = host.querySelector<HTMLInputElement>(`#${id}`);
    if (!field) continue;
    if (field !== document.activeElement) field.value = String(nearest(steps, nats(options)));
    const label = host.querySelector(`#${id}-text`);
    if (label) label.textContent = text(nats(options));
  }
  set("temperature", String(options.sampler.temperature));
  set("top-p", String(options.sampler.topP));
  set("order", options.sampler.order);
}

const againstButton = (app: App, snapshot: InspectorSnapshot): HTMLElement => {
  const name = scorerName(snapshot, snapshot.options.against);
  return button({
    id: "against",
    label: name === null ? "minus..." : `minus ${name}`,
    press: () => app.chooseScorer(true),
  });
};

interface Slider {
  readonly id: string;
  readonly label: string;
  /** Nats, ascending. */
  readonly steps: readonly number[];
  readonly nats: (options: InspectorOptions) => number;
  readonly patch: (nats: number) => Partial<InspectorOptions>;
  readonly text: (nats: number) => string;
}

const sliders: Readonly<Record<"surprisal" | "ratio", Slider>> = {
  surprisal: {
    id: "threshold",
    label: "Threshold: tokens less likely than this are marked",
    steps: [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001].map((p) => -Math.log(p)),
    nats: ({ thresholdNats }) => thresholdNats,
    patch: (thresholdNats) => ({ thresholdNats }),
    text: (nats) => `p < ${decimal(100 * Math.exp(-nats), Math.exp(-nats) < 0.0099 ? 1 : 0)} %`,
  },
  ratio: {
    id: "threshold-ratio",
    label: "Threshold: differences of at least this are marked",
    steps: [0.5, 1, 1.5, 2, 3, 4],
    nats: ({ thresholdRatioNats }) => thresholdRatioNats,
    patch: (thresholdRatioNats) => ({ thresholdRatioNats }),
    text: (nats) => `|\u0394| \u2265 ${decimal(nats, 1)}`,
  },
};

function slider(app: App, kind: keyof typeof sliders): HTMLElement {
  const { id, label, steps, patch, text } = sliders[kind];
  const shown = el("span", { class: "figures", id: `${id}-text` });
  const field = el("input", { id, type: "range", min: 0, max: steps.length - 1, "aria-label": label });
  const nats = (): number => steps[Number(field.value)] ?? 0;
  const say = (): void => field.setAttribute("aria-valuetext", text(nats()));
  field.addEventListener("input", () => {
    shown.textContent = text(nats());
    say();
  });
  field.addEventListener("change", () => app.setOptions(patch(nats())));
  return el("span", { class: "row" }, el("span", { class: "label" }, "Threshold"), field, shown);
}

function nearest(steps: readonly number[], nats: number): number {
  const far = steps.map((step) => Math.abs(step - nats));
  return far.indexOf(Math.min(...far));
}

const orders: readonly { readonly value: SamplerOrder; readonly label: string }[] = [
  { value: "temperatureFirst", label: "T, then top-p (vLLM, SGLang)" },
  { value: "topPFirst", label: "top-p, then T (llama.cpp)" },
];

/** The sampler whose reach is shown. */
function samplerParts(app: App): readonly Child[] {
  const sampler = () => app.state().snapshot?.options.sampler;
  const field = (
    id: string,
    label: string,
    { max, key }: { readonly max: number; readonly key: "temperature" | "topP" },
  ): HTMLElement => {
    const input = el("input", { id, type: "number", class: "number", min: 0, max, step: 0.05 });
    input.addEventListener("change", () => {
      const [value, now] = [Number(input.value), sampler()];
      const usable = input.value !== "" && value >= 0 && value <= max && (key === "temperature" || value > 0);
      if (!now) return;
      if (usable) app.setOptions({ sampler: { ...now, [key]: value } });
      else input.value = String(now[key]);
    });
    return el("label", { class: "row" }, el("span", { class: "label" }, label), input);
  };
  return [
    field("temperature", "T", { max: 5, key: "temperature" }),
    field("top-p", "top-p", { max: 1, key: "topP" }),
    dropdown({
      id: "order",
      label: "Order",
      choices: orders,
      value: sampler()?.order ?? "temperatureFirst",
      change: (order) => {
        const now = sampler();
        if (now) app.setOptions({ sampler: { ...now, order } });
      },
    }),
  ];
}

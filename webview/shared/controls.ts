// The only place that knows the toolkit; what is registered here is used as plain elements.
// Not `badge`: its template carries a style attribute, which the strict CSP refuses.
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { el } from "./dom.ts";
import { icon, type IconName } from "./icons.ts";

export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}

export interface ButtonOptions {
  readonly id: string;
  readonly label: string;
  readonly primary?: boolean;
  readonly press: (event: MouseEvent) => void;
}

export function button({ id, label, primary = false, press }: ButtonOptions): HTMLElement {
  return el(
    "vscode-button",
    { id, appearance: primary ? "primary" : "secondary", on: { click: press } },
    label,
  );
}

export interface IconButtonOptions extends ButtonOptions {
  readonly icon: IconName;
  /** `true` or `false` makes it a toggle. */
  readonly pressed?: boolean;
  readonly menu?: boolean;
}

/** `label` is its accessible name and its tooltip. */
export function iconButton(options: IconButtonOptions): HTMLElement {
  return el(
    "button",
    {
      id: options.id,
      type: "button",
      class: "iconButton",
      title: options.label,
      "aria-label": options.label,
      "aria-pressed": options.pressed === undefined ? null : String(options.pressed),
      "aria-haspopup": options.menu ? "menu" : null,
      on: { click: options.press },
    },
    icon(options.icon),
  );
}

/** Looks like a link, is a button: it does something in the workbench. */
export function linkButton({ id, label, press }: ButtonOptions): HTMLElement {
  return el("button", { id, type: "button", class: "link", on: { click: press } }, label);
}

export interface CheckboxOptions {
  readonly id: string;
  readonly label: string;
  readonly checked: boolean;
  readonly change: (checked: boolean) => void;
}

export function checkbox({ id, label, checked, change }: CheckboxOptions): HTMLElement {
  const box = el("vscode-checkbox", { id, checked }, label);
  box.addEventListener("change", () => change((box as HTMLInputElement).checked));
  return box;
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface DropdownOptions<T extends string> {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly change: (value: T) => void;
}

/** The choices of the dropdowns, with the words as they are or will be written into the options. */
const choicesOf = new WeakMap<Element, Choice<string>[]>();

/**
 * The label stands before it and names it. The toolkit builds a tree of its own for every option, which with twenty runs
 * was a quarter of what a tab with two lists of them costs: until it is reached by pointer or keyboard a list has the
 * chosen one alone.
 */
export function dropdown<T extends string>(options: DropdownOptions<T>): HTMLElement {
  const choices: Choice<string>[] = [...options.choices];
  const chosen = Math.max(
    0,
    choices.findIndex(({ value }) => value === options.value),
  );
  const optionsOf = (some: readonly Choice<string>[]): readonly HTMLElement[] =>
    some.map(({ value, label }) => el("vscode-option", { value, selected: value === options.value }, label));
  const list = el(
    "vscode-dropdown",
    { id: options.id, "aria-label": options.label },
    ...optionsOf(choices.slice(chosen, chosen + 1)),
  );
  choicesOf.set(list, choices);
  const complete = (): void => {
    if (list.children.length === choices.length) return;
    list.prepend(...optionsOf(choices.slice(0, chosen)));
    list.append(...optionsOf(choices.slice(chosen + 1)));
    // It goes by the chosen one's place, which is another now; it looks at its options before this runs.
    queueMicrotask(() => ((list as HTMLSelectElement).value = choices[chosen]?.value ?? ""));
  };
  for (const reached of ["focusin", "pointerdown", "click"]) list.addEventListener(reached, complete, true);
  // The toolkit tells a choice again when the list loses the focus, which it does when `change` replaces it.
  let told = options.value;
  list.addEventListener("change", () => {
    const value = (list as HTMLSelectElement).value as T;
    if (value === told || !options.choices.some((choice) => choice.value === value)) return;
    told = value;
    options.change(value);
  });
  return el(
    "span",
    { class: "row" },
    el("span", { class: "label", "aria-hidden": "true" }, options.label),
    list,
  );
}

/** Other words for the choices of a dropdown that is there; it stays as it is, open or closed. */
export function relabel(id: string, labels: readonly string[]): void {
  const list = document.getElementById(id);
  const choices = list && choicesOf.get(list);
  if (!choices) return;
  choices.splice(0, choices.length, ...choices.map((one, i) => ({ ...one, label: labels[i] ?? one.label })));
  for (const option of list.children) {
    const label = choices.find(({ value }) => value === option.getAttribute("value"))?.label;
    if (label !== undefined && option.textContent !== label) option.textContent = label;
  }
}

export interface FieldOptions {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly input: (text: string) => void;
}

export function searchField({ id, label, value, input }: FieldOptions): HTMLElement {
  const start = icon("search", "mute");
  start.setAttribute("slot", "start");
  const field = el("vscode-text-field", { id, placeholder: label, "aria-label": label, value }, start);
  field.addEventListener("input", () => input((field as HTMLInputElement).value));
  return field;
}

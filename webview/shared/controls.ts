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

/** The label stands before it and names it. */
export function dropdown<T extends string>(options: DropdownOptions<T>): HTMLElement {
  const list = el(
    "vscode-dropdown",
    { id: options.id, "aria-label": options.label },
    ...options.choices.map(({ value, label }) =>
      el("vscode-option", { value, selected: value === options.value }, label),
    ),
  );
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
  const options = document.getElementById(id)?.querySelectorAll("vscode-option") ?? [];
  options.forEach((option, i) => {
    const label = labels[i];
    if (label !== undefined && option.textContent !== label) option.textContent = label;
  });
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

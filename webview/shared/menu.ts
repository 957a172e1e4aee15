// A small popup menu at a button: arrow keys, Enter, Escape; closes when focus leaves it.
import { el } from "./dom.ts";
import { rove } from "./rove.ts";

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly checked?: boolean;
  readonly run: () => void;
}

export function openMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void {
  let open = true;
  const close = (): void => {
    // Removing the focused item sends focusout, which asks to close again.
    if (!open) return;
    open = false;
    anchor.setAttribute("aria-expanded", "false");
    menu.remove();
  };
  const menu = el(
    "div",
    { class: "menu", role: "menu", "aria-label": label },
    ...items.map((item) =>
      el(
        "button",
        {
          id: item.id,
          type: "button",
          role: item.checked === undefined ? "menuitem" : "menuitemcheckbox",
          "aria-checked": item.checked === undefined ? null : String(item.checked),
          tabindex: -1,
          on: { click: () => (close(), anchor.focus(), item.run()) },
        },
        item.checked === undefined ? null : el("span", { class: "tick" }, item.checked ? "\u2713" : ""),
        item.label,
      ),
    ),
  );
  menu.addEventListener("keydown", (event) => moveInMenu(event, menu, () => (close(), anchor.focus())));
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget as Node | null)) close();
  });
  anchor.setAttribute("aria-expanded", "true");
  document.body.append(menu);
  const place = anchor.getBoundingClientRect();
  menu.style.top = `${place.bottom + 2}px`;
  menu.style.right = `${Math.max(4, document.documentElement.clientWidth - place.right)}px`;
  menu.querySelector("button")?.focus();
}

function moveInMenu(event: KeyboardEvent, menu: HTMLElement, leave: () => void): void {
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const next = rove(event.key, at, items.length, "down");
  if (event.key === "Escape") leave();
  else if (next !== null) items[next]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

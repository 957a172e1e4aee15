// Keys of this view are commands of the window, which sees every key that leaves the page. What must not be a label
// is kept in here: letters of a note, and the repeats of a key that is held down.

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, vscode-text-field") !== null;

/** Keys that one holds down to move. */
const moving = /^(Arrow|Page|Home|End|Tab|\[|\])/;

/** Tells whether single keys are labels now, each time that changes. */
export function watchKeys(told: (free: boolean) => void): void {
  let free: boolean | null = null;
  const tell = (): void => {
    const now = document.hasFocus() && !isTyping(document.activeElement);
    if (now === free) return;
    free = now;
    told(now);
  };
  const keep = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) {
      // Enter and Escape leave the note, and go no further.
      if (event.key === "Enter" || event.key === "Escape") (event.target as HTMLElement).blur();
      event.stopPropagation();
      return;
    }
    // A space would press the button that has the focus, or scroll.
    if (event.key === " ") event.preventDefault();
    if (event.repeat && !moving.test(event.key)) event.stopImmediatePropagation();
  };
  window.addEventListener("keydown", keep, { capture: true });
  window.addEventListener("focus", tell);
  window.addEventListener("blur", tell);
  document.addEventListener("focusin", tell);
  document.addEventListener("focusout", () => queueMicrotask(tell));
  tell();
}

import { dropdown } from "../shared/controls.ts";
import type { Child } from "../shared/dom.ts";
import type { App, Shown } from "./app.ts";
import type { Pair } from "./pairModel.ts";

/** Which two runs are looked at; nothing to choose with one. */
export function pairTools(app: App, { snapshot }: Shown, { first, second }: Pair): readonly Child[] {
  if (!second) return [];
  const choices = snapshot.runs.map(({ id, name }) => ({ value: id, label: name }));
  const swapTo = (firstId: string, secondId: string): void => app.show({ firstId, secondId, bin: null });
  return [
    dropdown({
      id: "first-run",
      label: "First",
      choices,
      value: first.id,
      change: (id) => swapTo(id, id === second.id ? first.id : second.id),
    }),
    dropdown({
      id: "second-run",
      label: "Second",
      choices,
      value: second.id,
      change: (id) => swapTo(id === first.id ? second.id : first.id, id),
    }),
  ];
}

export const pairKey = ({ snapshot }: Shown, { first, second }: Pair): readonly unknown[] => [
  snapshot.runs.map(({ id, name }) => [id, name]),
  first.id,
  second?.id,
];

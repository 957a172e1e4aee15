// The title line: what is shown, and the buttons at its end.
import { counted } from "../../src/core/numberWords.ts";
import { iconButton } from "../shared/controls.ts";
import { el } from "../shared/dom.ts";
import { openMenu, type MenuItem } from "../shared/menu.ts";
import type { App, Shown, TabView } from "./app.ts";
import { exportItems } from "./exports.ts";
import { nText } from "./foot.ts";
import { pairModel } from "./pairModel.ts";

export function subtitle(state: Shown, view: TabView): string {
  const { snapshot, look } = state;
  const { runs } = snapshot;
  const pair = view.wholePanel ? null : pairModel(snapshot, look);
  const looked = pair ? [pair.first, ...(pair.second ? [pair.second] : [])] : runs;
  const share =
    looked.length < runs.length
      ? `${looked.length} of ${counted(runs.length, "run")}`
      : counted(runs.length, "run");
  return `${share} · ${counted(snapshot.problems.length, "problem")} · n = ${nText(looked)}`;
}

export function headParts(app: App, state: Shown, view: TabView): readonly HTMLElement[] {
  const { snapshot, look } = state;
  const current = (): Shown => ({ ...app.state(), snapshot: app.state().snapshot ?? snapshot });
  const menu = (label: string, items: () => readonly MenuItem[]) => (event: MouseEvent) =>
    openMenu(event.currentTarget as HTMLElement, label, items());
  const { tableLabel } = view;
  return [
    el("h1", { title: snapshot.title }, snapshot.title),
    el("span", { class: "dim subtitle", id: "subtitle" }, subtitle(state, view)),
    el("span", { class: "space" }),
    iconButton({
      id: "add-runs",
      icon: "plus",
      label: "Add a run to compare",
      press: () => app.take(app.client.call("addRuns", {})),
    }),
    ...(tableLabel !== undefined && look.drill === null
      ? [
          iconButton({
            id: "show-table",
            icon: "table",
            label: tableLabel,
            pressed: look.fullTable,
            press: () => app.show({ fullTable: !app.state().look.fullTable }),
          }),
        ]
      : []),
    iconButton({
      id: "export",
      icon: "export",
      label: "Export",
      menu: true,
      press: menu("Export", () => exportItems(app, current(), view)),
    }),
    iconButton({
      id: "more",
      icon: "more",
      label: "More actions",
      menu: true,
      press: menu("More actions", () => moreItems(app, current())),
    }),
  ];
}

function moreItems(app: App, { look, narrow }: Shown): readonly MenuItem[] {
  const bands: MenuItem = {
    id: "more-bands",
    label: "95 % bands",
    checked: look.bands,
    run: () => app.show({ bands: !look.bands }),
  };
  return [
    ...(narrow && look.tab === "curve" && look.metric !== "cover" ? [bands] : []),
    { id: "more-log", label: "Show log", run: () => app.run(app.client.call("showLog", {})) },
  ];
}

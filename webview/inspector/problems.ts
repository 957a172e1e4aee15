// The problems of the run or file, one a row.
import { count } from "../../src/core/numberWords.ts";
import type { ProblemRow } from "../../src/protocol/inspector.ts";
import { el, type Child } from "../shared/dom.ts";
import { table } from "../shared/table.ts";
import type { App, State } from "./state.ts";

export function problemParts(app: App, { snapshot, problems, listed }: State): readonly Child[] {
  if (!listed || !snapshot) return [];
  const heading = el(
    "h2",
    {},
    "Problems ",
    el("span", { class: "dim figures" }, problems ? count(problems.length) : ""),
  );
  if (problems === null) return [heading, el("progress", { "aria-label": "Reading the problems" })];
  if (problems.length === 0)
    return [heading, el("p", { class: "dim listEmpty" }, "There is no other problem.")];
  const rows = problems.map((problem, at) => ({ ...problem, at }));
  return [
    heading,
    table<ProblemRow & { readonly at: number }>({
      id: "problem-table",
      label: "Problems",
      columns: [
        { id: "id", head: "Problem", cell: ({ id, run }) => (run === "" ? id : `${id} · ${run}`) },
        { id: "question", head: "", flexible: true, className: "dim", cell: ({ question }) => question },
        {
          id: "correct",
          head: "correct",
          numeric: true,
          cell: ({ correct, judged, samples }) =>
            judged === 0 ? `${count(samples)} samples` : `${count(correct)}/${count(judged)}`,
        },
      ],
      rows,
      key: ({ at }) => String(at),
      selected: snapshot.problem === null ? null : String(snapshot.problem.at),
      onOpen: ({ at }) => app.goToProblem(at),
    }),
  ];
}

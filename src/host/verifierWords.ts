import * as vscode from "vscode";
import type { RunTally } from "../core/model.ts";
import { engineOfId, isCodeVerifierId, limitOfId } from "../core/verify/code/codeVerifierId.ts";
import { verifierId, verifierSpec, verifierSpecs } from "../core/verify/verifierSpec.ts";

/** A verifier that samples can be judged by, as a list offers it. */
export interface VerifierChoice {
  /** Stored with every verdict: `math@1:strict`. */
  readonly id: string;
  /** `math, strict` */
  readonly words: string;
  readonly detail: string;
  /** Starts a program: in trusted workspaces only. */
  readonly needsTrust: boolean;
}

/** The verifiers that only compute, the default first. */
export const builtInChoices = (): readonly VerifierChoice[] =>
  verifierSpecs.map((spec) => {
    const id = verifierId(spec);
    return {
      id,
      words: verifierWords(id),
      detail: details()[id.replace(/@\d+/, "")] ?? "",
      needsTrust: false,
    };
  });

/** A verifier as a person names it: `math@1:strict` is `math, strict`; one that is not here keeps its id. */
export function verifierWords(id: string): string {
  const own = /^custom:(.+)@[0-9a-f]+$/.exec(id)?.[1];
  if (own !== undefined) return own;
  if (isCodeVerifierId(id)) return programWords(id);
  const spec = verifierSpec(id);
  if (spec === null || verifierId(spec) !== id) return id;
  const name = spec.name === "choice" ? vscode.l10n.t("multiple choice") : spec.name;
  return "mode" in spec ? `${name}, ${spec.mode}` : name;
}

/** `programs, pyodide`, and `programs, pyodide, 2 s` where a limit was set. */
function programWords(id: string): string {
  const [engine, limit] = [engineOfId(id) ?? "", limitOfId(id)];
  return limit === null
    ? vscode.l10n.t("programs, {0}", engine)
    : vscode.l10n.t("programs, {0}, {1} s", engine, limit);
}

/** Who gave the verdicts that stand in a run's own file: `labels “score” in the file`, `math, standard`. */
export function ownWords({ verifier, labels }: Pick<RunTally, "verifier" | "labels">): string {
  if (verifier === "none") return vscode.l10n.t("no verdicts");
  const words = verifier.split(" and ").map((judge) => {
    if (judge !== "file") return verifierWords(judge);
    const column = labels ?? null;
    return column === null
      ? vscode.l10n.t("labels in the file")
      : vscode.l10n.t("labels \u201c{0}\u201d in the file", column);
  });
  return words.join(vscode.l10n.t(" and "));
}

/** The same verifier in each of its modes, the strictest first; empty where it has none. */
export function modesOf(verifier: string): readonly string[] {
  // Some of a run's verdicts may be another judge's.
  const id = verifier.split(" and ").find((one) => one !== "file") ?? "";
  const spec = verifierSpec(id);
  if (spec === null || verifierId(spec) !== id || !("mode" in spec)) return [];
  const ids = verifierSpecs.filter(({ name }) => name === spec.name).map(verifierId);
  const order = ["strict", "standard", "lenient"];
  const rank = (one: string): number => order.findIndex((mode) => one.endsWith(`:${mode}`));
  return ids.sort((a, b) => rank(a) - rank(b));
}

const details = (): Readonly<Record<string, string>> => ({
  "math:standard": vscode.l10n.t("Boxes, #### and phrases such as \u201cthe answer is\u201d mark the answer"),
  "math:strict": vscode.l10n.t("Only a box or #### marks the answer"),
  "math:lenient": vscode.l10n.t("Also the last number in the text, and 100 times or a hundredth of it"),
  choice: vscode.l10n.t("Letters A to J, or the text of an option"),
  "countdown:strict": vscode.l10n.t("Steps to a target: each step is checked, and the answer"),
  "countdown:answer": vscode.l10n.t("Steps to a target: only the answer is checked"),
});

import * as vscode from "vscode";
import { LensError } from "../core/errors.ts";
import type { Verifier } from "../core/verify/verifier.ts";
import { CommandVerifier } from "../node/commandVerifier.ts";
import type { VerifierSetting } from "./verifierSettings.ts";
import type { HostVerifiersPorts } from "./verifiers.ts";
import { verifierWords, type VerifierChoice } from "./verifierWords.ts";

const causePrefix = "customVerifier:";

/** The person's own commands, from the setting `rolloutLens.verifiers`. A process starts with the first sample. */
export class CustomVerifiers {
  private readonly ports: HostVerifiersPorts;
  private readonly opened = new Map<string, CommandVerifier>();

  constructor(ports: HostVerifiersPorts) {
    this.ports = ports;
  }

  choices(): readonly VerifierChoice[] {
    return this.configured().map(({ id, setting }) => ({
      id,
      words: verifierWords(id),
      detail: setting.command.join(" "),
      needsTrust: true,
    }));
  }

  /** Rejects with `noVerifier` where the settings do not have that command (any more). */
  get(id: string): Verifier {
    this.ports.report.forget(causePrefix);
    const found = this.configured().find((one) => one.id === id);
    if (found === undefined) {
      const words =
        "{0} is not among your verifiers, or its command is another one now. Correct rolloutLens.verifiers, or choose another verifier.";
      throw new LensError("noVerifier", vscode.l10n.t(words, verifierWords(id)));
    }
    return found.verifier;
  }

  /** Ends the processes; what still waits is rejected with `cancelled`. */
  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map((verifier) => verifier.close()));
  }

  private configured() {
    const { verifiers, issues } = this.ports.settings.customVerifiers();
    for (const issue of issues) this.tell(issue, issue);
    return verifiers.map((setting) => {
      const verifier = this.open(setting);
      return { id: verifier.id, setting, verifier };
    });
  }

  private open(setting: VerifierSetting): CommandVerifier {
    const cwd =
      setting.cwd ?? vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath;
    const key = JSON.stringify([setting, cwd]);
    const known = this.opened.get(key);
    // One that was given up gets another try: the person may have mended the script. It has no process left to end, and
    // a run that still asks it hears why each time: closed, its samples would stay without a verdict.
    if (known !== undefined && known.broken === null) return known;
    const verifier = new CommandVerifier({
      ...setting,
      ...(cwd === undefined ? {} : { cwd }),
      onLog: (line) => this.ports.log.info(line),
      onBroken: (reason) => this.tellBroken(setting, reason),
    });
    this.opened.set(key, verifier);
    return verifier;
  }

  private tellBroken({ name }: VerifierSetting, reason: string): void {
    const words =
      "{0} gives no verdicts: {1}. The samples are kept, as errors of the verifier. Mend the command or rolloutLens.verifiers, then verify them again.";
    this.tell(vscode.l10n.t(words, name, reason), `${name}: ${reason}`);
  }

  private tell(message: string, cause: string): void {
    const title = vscode.l10n.t("Show settings");
    const run = () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "rolloutLens.verifiers");
    void this.ports.report.tell(message, { cause: causePrefix + cause, actions: [{ title, run }] });
  }
}

import { type LabelAction, labelActions } from "../../protocol/labels.ts";

/** The argument of a key's command that is only to be known to the window. */
export const warmUp = "warmUp";

/** `rolloutLens.labelMarkStep` */
export const labelCommand = (action: LabelAction): string =>
  `rolloutLens.label${action.charAt(0).toUpperCase()}${action.slice(1)}`;

/**
 * The manifest's keys, as the buttons show them. VS Code tells no extension how the person bound a command, so these are
 * the ones it comes with.
 */
export function labelKeys(manifest: unknown): Readonly<Partial<Record<LabelAction, string>>> {
  const { contributes } = manifest as {
    readonly contributes?: {
      readonly keybindings?: readonly { readonly command: string; readonly key: string }[];
    };
  };
  const keys = new Map(contributes?.keybindings?.map(({ command, key }) => [command, key]));
  return Object.fromEntries(
    labelActions.flatMap((action) => {
      const key = keys.get(labelCommand(action));
      return key === undefined ? [] : [[action, key === "shift+/" ? "?" : key]];
    }),
  );
}

/** The colours that package.json contributes, without `rolloutLens.`; a test compares the two. */
export const colourNames: readonly string[] = [
  ...["base", "rl", "distilled", "instruct", "other"].map((role) => `series.${role}`),
  ...[1, 2, 3, 4, 5].map((step) => `heat.${step}`),
  ...[1, 2, 3, 4, 5].map((step) => `heat.${step}Foreground`),
  ...["down1", "down2", "down3", "up1", "up2", "up3", "weakForeground", "strongForeground"].map(
    (step) => `ratio.${step}`,
  ),
  ...["correct", "wrong", "ambiguous"].map((verdict) => `verdict.${verdict}`),
];

/**
 * VS Code turns only the FIRST dot of a colour's id into a dash, so `rolloutLens.series.base` arrives in a webview as
 * `--vscode-rolloutLens-series.base`, a name that CSS can hardly write. These rules give each the name with dashes;
 * should VS Code set that one itself some day, its value on the root element wins.
 */
export function colourAliases(): string {
  const rules = colourNames.map((name) => {
    const [dashes, dots] = [name.replaceAll(".", "-"), name.replaceAll(".", "\\.")];
    return `--vscode-rolloutLens-${dashes}:var(--vscode-rolloutLens-${dots});`;
  });
  return `:root{${rules.join("")}}`;
}

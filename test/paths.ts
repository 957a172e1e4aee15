import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The repository's root: tests, benches and scripts are started there (npm does). */
export const root = process.cwd();

/** The command line: its bundle for tests that are bundled themselves (`npm test`), else its sources. */
export const cliProgram = resolve(
  root,
  process.argv[1]?.startsWith(resolve(root, "dist/test")) === true ? "dist/cli.mjs" : "src/cli/main.ts",
);

/** A file made for the tests. */
export const fixture = (name: string): string => resolve(root, "test/fixtures", name);

const sharedRoot = process.env["ROLLOUT_LENS_SHARED"] ?? resolve(root, "../shared/data");

/** Real data that is not ours to publish; `null` on a machine that does not have it. */
export function sharedData(name: string): string | null {
  const path = resolve(sharedRoot, name);
  return existsSync(path) ? path : null;
}

/** For `test(name, { skip: without(path) }, ...)`: skipped, counted and named where the data is absent. */
export function without(...paths: readonly (string | null)[]): string | false {
  return paths.includes(null) ? "needs the real data folder, which is not here" : false;
}

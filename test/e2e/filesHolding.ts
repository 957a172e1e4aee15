import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every file below `folder`, hidden ones too, that holds the text as it is or encoded. */
export function filesHolding(folder: string, text: string): readonly string[] {
  const forms = [text, Buffer.from(text).toString("base64"), encodeURIComponent(text)];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path, "latin1");
      return forms.some((form) => content.includes(form));
    });
}

/** What the extension logged in all extension hosts of a profile. */
export const logFiles = (profile: string): readonly string[] =>
  globSync("data/logs/**/Rollout Lens.log", { cwd: profile }).map((log) =>
    readFileSync(join(profile, log), "utf8"),
  );

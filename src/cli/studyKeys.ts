import { LensError } from "../core/errors.ts";
import type { StudyModel } from "../core/study/spec.ts";
import type { EndpointConfig } from "../endpoints/config.ts";
import { usageError } from "./args.ts";
import { keyFrom } from "./samplePlan.ts";

/** Environment variables whose keys the person lets go to an origin. */
export type KeyConsents = ReadonlyMap<string, ReadonlySet<string>>;

/** Of `--send-key VARIABLE=ORIGIN`, which may be given several times. Throws `usage`. */
export function keyConsents(values: readonly string[]): KeyConsents {
  const consents = new Map<string, Set<string>>();
  for (const value of values) {
    const [, variable, url] = /^(\w+)=(https?:\/\/.+)$/i.exec(value) ?? [];
    if (variable === undefined || url === undefined || !URL.canParse(url))
      throw usageError(
        "--send-key: expected VARIABLE=ORIGIN, the name of an environment variable and where its key may go, e.g. MY_KEY=https://api.example.com.",
      );
    const origins = consents.get(variable) ?? new Set();
    consents.set(variable, origins.add(new URL(url).origin));
  }
  return consents;
}

/**
 * The key of a study's model by origin. A study file is often somebody else's: where its `keyEnv` goes is for the person to
 * say, not for the file. Throws `badStudy` for an address that `--send-key` does not name, `usage` for a variable that is
 * not set.
 */
export function studyKey(
  { endpoint }: StudyModel,
  { baseUrls }: Pick<EndpointConfig, "baseUrls">,
  { where, consents }: { readonly where: string; readonly consents: KeyConsents },
): ((origin: string) => string | null) | null {
  const { keyEnv } = endpoint as Record<string, unknown>;
  if (keyEnv === undefined || keyEnv === null) return null;
  if (typeof keyEnv !== "string")
    throw new LensError("badStudy", `${where}.keyEnv: expected the name of an environment variable.`);
  const allowed = consents.get(keyEnv);
  const origins = [...new Set(baseUrls.map((url) => new URL(url).origin))];
  const missing = origins.filter((origin) => allowed?.has(origin) !== true);
  if (missing.length > 0)
    throw new LensError(
      "badStudy",
      `${where}.keyEnv: the study file wants the key in ${keyEnv} sent to ${missing.join(", ")}. Nothing was sent. If you want that too, add ${missing.map((origin) => `--send-key ${keyEnv}=${origin}`).join(" ")}.`,
    );
  const key = keyFrom(keyEnv);
  return (origin) => (origins.includes(origin) ? key : null);
}

import { LensError } from "../core/errors.ts";

/** What the person gave cannot be used: arguments, files, plans. Everything else is a failure at run time. */
const inputCodes: ReadonlySet<string> = new Set([
  "usage",
  "input",
  "badInput",
  "badEndpointConfig",
  "badPlan",
  "badStudy",
  "badTemplate",
  "brokenRun",
  "isDirectory",
  "newerSchema",
  "noPermission",
  "noRun",
  "noStudy",
  "noVerifier",
  "notFound",
  "planDiffers",
  "studyDiffers",
  "unreadable",
  "verifierDiffers",
]);

/** 2 for bad usage or input, 1 for a failure at run time. */
export function exitCode(error: unknown): 1 | 2 {
  return error instanceof LensError && inputCodes.has(error.code) ? 2 : 1;
}

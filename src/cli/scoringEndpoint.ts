import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { demoEndpoint, demoRole } from "../demo/demoEndpoint.ts";
import { demoFilesNear, modelNames } from "../demo/demoFiles.ts";
import { startDemoServer } from "../demo/startDemoServer.ts";
import { weightsHash } from "../demo/weightsHash.ts";
import { LensError } from "../core/errors.ts";
import { type EndpointConfig, originOf } from "../endpoints/config.ts";
import { type ParsedArgs, usageError } from "./args.ts";
import { endpointFrom, keyFrom } from "./samplePlan.ts";

export interface ScoringEndpoint {
  readonly config: EndpointConfig;
  readonly apiKey: string | null;
  /** Whose answers these are, as the window says it: the origin, or the weights of a demo model. */
  readonly source: string;
  close(): Promise<void>;
}

/** What `--url` and `--model` name, or the demo model that `--demo` names, started for it. Throws `usage`, `demoServer`. */
export async function scoringEndpoint(parsed: ParsedArgs): Promise<ScoringEndpoint> {
  const demo = parsed.text("demo");
  if (demo !== undefined) return demoScorer(parsed, demo);
  const vocabularySize = parsed.whole("vocabulary", 1);
  const config = { ...endpointFrom(parsed), ...(vocabularySize === undefined ? {} : { vocabularySize }) };
  const apiKey = keyFrom(parsed.text("key-env"));
  return { config, apiKey, source: originOf(config), close: () => Promise.resolve() };
}

async function demoScorer(parsed: ParsedArgs, model: string): Promise<ScoringEndpoint> {
  const both = ["url", "model", "key-env", "vocabulary"].find((name) => parsed.text(name) !== undefined);
  if (both !== undefined) throw usageError(`--demo: the demo model is known. Leave out --${both}.`);
  const files = demoFilesNear(dirname(fileURLToPath(import.meta.url)));
  const names = modelNames(files.models);
  if (!names.includes(model))
    throw usageError(`--demo: expected one of ${names.join(", ")}, got ${JSON.stringify(model)}.`);
  const onLost = (message: string): void => {
    throw new LensError("demoServer", `The demo model ended: ${message}`);
  };
  const server = await startDemoServer({ files, models: [model], onLost });
  const name = parsed.text("name") ?? model;
  const config = { name, role: demoRole(model), ...demoEndpoint(model, server.url) };
  const source = `demo:${await weightsHash(files.models, model)}`;
  return { config, apiKey: server.token, source, close: () => server.close() };
}

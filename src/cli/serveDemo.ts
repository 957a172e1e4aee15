import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { demoFilesNear, modelNames } from "../demo/demoFiles.ts";
import { startDemoServer } from "../demo/startDemoServer.ts";
import { LensError } from "../core/errors.ts";
import { type OptionTable, parsedArgs, usageError } from "./args.ts";
import type { Command } from "./command.ts";

const usage = `Usage: serve-demo [OPTIONS]

Serves the demo models on this machine (127.0.0.1) with vLLM's API, until it is interrupted (Ctrl-C). Each start has a
token of its own; clients send it as their API key. The first line on stdout is the URL, the second the token.

  --port PORT      default: any free one
  --models NAMES   names with commas between them; default: all there are
  --json           both, and the models' names, as one JSON object

Sample from it in another terminal:

  DEMO_KEY=TOKEN npm run -s cli -- sample media/demo/countdown.jsonl --url URL --model base --key-env DEMO_KEY \\
    --template verbatim --temperature 1 --top-p 1 --max-tokens 40 -n 16 --out base-run
`;

const options: OptionTable = {
  port: { type: "string" },
  models: { type: "string" },
  json: { type: "boolean" },
};

/** The demo models as an endpoint, for any client. */
export const serveDemoCommand: Command = {
  summary: "serve the demo models on this machine",
  usage,
  async run(args, context) {
    const parsed = parsedArgs(args, options);
    if (parsed.files.length > 0)
      throw usageError(`serve-demo: unexpected ${JSON.stringify(parsed.files[0])}.`);
    const port = parsed.whole("port", 0) ?? 0;
    if (port > 65_535) throw usageError("--port: expected a whole number up to 65535.");
    const files = demoFilesNear(dirname(fileURLToPath(import.meta.url)));
    const models = namesFrom(parsed.text("models"), modelNames(files.models));
    let fail: (error: LensError) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => (fail = reject));
    const onLost = (message: string): void =>
      fail(new LensError("demoServer", `The server ended: ${message}`));
    const server = await startDemoServer({ files, port, models, onLost });
    try {
      const { url, token } = server;
      context.out(parsed.flag("json") ? `${JSON.stringify({ url, token, models })}\n` : `${url}\n${token}\n`);
      context.note(`Serving ${models.join(", ")}. Ctrl-C ends it.`);
      await Promise.race([aborted(context.signal), lost]);
    } finally {
      await server.close();
    }
  },
};

function namesFrom(text: string | undefined, known: readonly string[]): readonly string[] {
  if (text === undefined) return known;
  const names = text.split(",").map((name) => name.trim());
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return names;
  throw usageError(`--models: expected some of ${known.join(", ")}, got ${JSON.stringify(wrong)}.`);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });

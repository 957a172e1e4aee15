import { setMaxListeners } from "node:events";
import { LensError } from "../core/errors.ts";
import type { Command, CommandContext } from "./command.ts";
import { exitCode } from "./exitCode.ts";

/** Loaded when asked for: reading a curve does not wait for the endpoints' client. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  agree: async () => (await import("./agree.ts")).agreeCommand,
  claims: async () => (await import("./claims.ts")).claimsCommand,
  "cot-pass": async () => (await import("./cotPass.ts")).cotPassCommand,
  curve: async () => (await import("./curve.ts")).curveCommand,
  coverage: async () => (await import("./coverage.ts")).coverageCommand,
  histogram: async () => (await import("./histogram.ts")).histogramCommand,
  difference: async () => (await import("./difference.ts")).differenceCommand,
  gap: async () => (await import("./gap.ts")).gapCommand,
  gpass: async () => (await import("./gPass.ts")).gPassCommand,
  cover: async () => (await import("./cover.ts")).coverCommand,
  forecast: async () => (await import("./forecast.ts")).forecastCommand,
  labels: async () => (await import("./labels.ts")).labelsCommand,
  perplexity: async () => (await import("./perplexity.ts")).perplexityCommand,
  "serve-demo": async () => (await import("./serveDemo.ts")).serveDemoCommand,
  prelabel: async () => (await import("./prelabel.ts")).prelabelCommand,
  queue: async () => (await import("./queue.ts")).queueCommand,
  report: async () => (await import("./report.ts")).reportCommand,
  sample: async () => (await import("./sample.ts")).sampleCommand,
  score: async () => (await import("./score.ts")).scoreCommand,
  sign: async () => (await import("./sign.ts")).signCommand,
  study: async () => (await import("./study.ts")).studyCommand,
  verify: async () => (await import("./verify.ts")).verifyCommand,
};

async function usage(): Promise<string> {
  const lines = Object.entries(commands).map(
    async ([name, load]) => `  ${name.padEnd(11)} ${(await load()).summary}`,
  );
  return `Rollout Lens: pass@k of language models, with intervals.

Usage: npm run -s cli -- COMMAND [ARGUMENTS]

${(await Promise.all(lines)).join("\n")}

COMMAND --help tells more. Exit codes: 0 done, 1 failure at run time, 2 bad usage or input.
`;
}

/** Runs one command; resolves to the exit code. */
async function main([name, ...args]: readonly string[], context: CommandContext): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    if (name === undefined) context.note((await usage()).trimEnd());
    else context.out(await usage());
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    context.note(`No command ${JSON.stringify(name)}. There are: ${Object.keys(commands).join(", ")}.`);
    return 2;
  }
  const command = await load();
  // What follows `--` is not for us.
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.includes("--help") || own.includes("-h")) {
    context.out(command.usage);
    return 0;
  }
  try {
    await command.run(args, context);
    return 0;
  } catch (error) {
    return report(error, command, context);
  }
}

/** Expected failures in a sentence, bugs with their stack. A cancelled command has already said what it kept. */
function report(error: unknown, command: Command, context: CommandContext): number {
  if (!(error instanceof LensError)) {
    context.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  }
  if (error.code !== "cancelled") context.note(error.message);
  if (error.code === "usage") context.note(`\n${command.usage.trimEnd()}`);
  return exitCode(error);
}

const interrupt = new AbortController();
// Everything that is under way listens to it: many are no leak.
setMaxListeners(0, interrupt.signal);
process.once("SIGINT", () => interrupt.abort());
process.once("SIGTERM", () => interrupt.abort());
// A closed pipe (`| head`) is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  note: (line) => process.stderr.write(`${line}\n`),
  signal: interrupt.signal,
});

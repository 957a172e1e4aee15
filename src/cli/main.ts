import { LensError } from "../core/errors.ts";
import type { Command, CommandContext } from "./command.ts";
import { coverageCommand } from "./coverage.ts";
import { curveCommand } from "./curve.ts";
import { exitCode } from "./exitCode.ts";
import { histogramCommand } from "./histogram.ts";
import { sampleCommand } from "./sample.ts";
import { verifyCommand } from "./verify.ts";

const commands: Readonly<Record<string, Command>> = {
  curve: curveCommand,
  coverage: coverageCommand,
  histogram: histogramCommand,
  sample: sampleCommand,
  verify: verifyCommand,
};

const usage = `Rollout Lens: pass@k of language models, with intervals.

Usage: npm run -s cli -- COMMAND [ARGUMENTS]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}

COMMAND --help tells more. Exit codes: 0 done, 1 failure at run time, 2 bad usage or input.
`;

/** Runs one command; resolves to the exit code. */
async function main([name, ...args]: readonly string[], context: CommandContext): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    if (name === undefined) context.note(usage.trimEnd());
    else context.out(usage);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    context.note(`No command ${JSON.stringify(name)}. There are: ${Object.keys(commands).join(", ")}.`);
    return 2;
  }
  if (args.includes("--help") || args.includes("-h")) {
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

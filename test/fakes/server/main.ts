// The fake server as a process: node test/fakes/server/main.ts --port 0 --answers FILE
import { parseArgs } from "node:util";
import { readRows, replayQwen, syntheticRows } from "./answers.ts";
import { startServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    /** JSONL with `question` and `code[]`. Without it: `--synthetic` problems of our own. */
    answers: { type: "string" },
    synthetic: { type: "string", default: "100" },
    key: { type: "string" },
    model: { type: "string", default: "fake-model" },
    "latency-ms": { type: "string", default: "0" },
    "latency-sigma": { type: "string", default: "0.5" },
    "chunk-per-event": { type: "boolean", default: false },
  },
});

const rows =
  values.answers === undefined ? syntheticRows(Number(values.synthetic)) : readRows(values.answers);
const medianMs = Number(values["latency-ms"]);
const server = await startServer({
  answer: replayQwen(rows),
  port: Number(values.port),
  model: values.model,
  keepLog: false,
  chunkPerEvent: values["chunk-per-event"],
  ...(values.key === undefined ? {} : { key: values.key }),
  ...(medianMs > 0 ? { latency: { medianMs, sigma: Number(values["latency-sigma"]), seed: 1 } } : {}),
});
console.log(server.url);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());

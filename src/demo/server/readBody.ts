import type { IncomingMessage } from "node:http";
import { invalid } from "./bodyFields.ts";
import { Refusal } from "./refusal.ts";

/** Far above what fits any demo model's context. */
const maxBodyBytes = 4 * 1024 * 1024;
/** A longer body is not even read to its end. */
const maxDrainBytes = 64 * 1024 * 1024;

/**
 * A request's JSON. What is too long is read and thrown away, so that the client hears the answer.
 * @throws Refusal 413, or 400 for what is not JSON
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > maxDrainBytes) break;
  }
  if (bytes > maxBodyBytes)
    throw new Refusal(413, `The request body is longer than ${maxBodyBytes} bytes. Send a shorter prompt.`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid("", `JSON decode error: ${reason.slice(0, 200)}`);
  }
}

import { APIError } from "openai";
import { EndpointError, type EndpointErrorCode } from "../core/run/generate.ts";
import { withoutQuery, type Redact } from "./redact.ts";
import { IdleTimeoutError } from "./transport.ts";

/** Whom the messages speak of. */
export interface FailureContext {
  /** The request's URL; shown without its query. */
  readonly url: string;
  readonly redact: Redact;
}

/** A reply that is not what the API promises; `failureOf` makes it an EndpointError. */
export class MalformedReply extends Error {}

/** The reply ended, or its connection did, before the text was complete. */
export class CutReply extends Error {}

/** An error object that came inside a stream with status 200. */
export class ErrorReply extends Error {
  readonly body: unknown;
  constructor(body: unknown) {
    super("error object in the reply");
    this.body = body;
  }
}

/** A status that is none of success, with the body that says why. */
export class StatusReply extends Error {
  readonly status: number;
  readonly text: string;
  readonly header: (name: string) => string | null;
  constructor(status: number, text: string, header: (name: string) => string | null) {
    super(`status ${status}`);
    this.status = status;
    this.text = text;
    this.header = header;
  }
}

const mostShown = 300;

export const cancelled = (): EndpointError =>
  new EndpointError("cancelled", "cancelled", { retryable: false });

/**
 * What went wrong, as an EndpointError: code by status or by the connection's error, whether trying again may help,
 * what `Retry-After` asked for. It carries no `cause`: the client's own errors hold the server's words and headers raw.
 * An error that is none of an endpoint's (a bug) is handed back as it is.
 */
export function failureOf(error: unknown, context: FailureContext): unknown {
  if (error instanceof EndpointError) return error;
  for (
    let inner: unknown = error, depth = 0;
    inner instanceof Error && depth < 5;
    inner = inner.cause, depth += 1
  ) {
    if (inner instanceof EndpointError) return inner;
    const known = knownFailure(inner, context);
    if (known !== null) return known;
  }
  return error;
}

function knownFailure(error: Error, context: FailureContext): EndpointError | null {
  const at = withoutQuery(context.url);
  if (error instanceof IdleTimeoutError) {
    const seconds = error.idleTimeoutMs / 1000;
    return new EndpointError("timeout", `${at} sent nothing for ${seconds} s`, { retryable: true });
  }
  if (error instanceof MalformedReply) {
    const message = cutTo(context.redact(`${at}: ${error.message}`));
    return new EndpointError("malformed", message, { retryable: true });
  }
  if (error instanceof CutReply)
    return new EndpointError("cutStream", `${at}: the reply broke off before its end`, { retryable: true });
  if (error instanceof ErrorReply) return errorReplyFailure(error, context);
  if (error instanceof StatusReply) {
    const { status, text, header } = error;
    return failureOfStatus({ status, said: saidBy(parsed(text)), header }, context);
  }
  if (error instanceof APIError && typeof error.status === "number") return statusFailure(error, context);
  return connectionFailure(error, at);
}

interface StatusFacts {
  readonly status: number;
  readonly said: string;
  readonly header: (name: string) => string | null;
}

function statusFailure(error: APIError, context: FailureContext): EndpointError {
  const headers = error.headers as { get(name: string): string | null } | undefined;
  const said = saidBy(error.error ?? error.message.replace(/^\d{3} /, ""));
  return failureOfStatus(
    { status: error.status ?? 0, said, header: (name) => headers?.get(name) ?? null },
    context,
  );
}

/** The JSON in a body, or the body. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function errorReplyFailure(error: ErrorReply, context: FailureContext): EndpointError {
  const code = codeIn(error.body);
  const status = typeof code === "number" && code >= 400 && code <= 599 ? code : 500;
  return failureOfStatus({ status, said: saidBy(error.body), header: () => null }, context);
}

function failureOfStatus({ status, said, header }: StatusFacts, context: FailureContext): EndpointError {
  const code = codeOfStatus(status, said);
  const retryAfterMs = parseRetryAfter(header("retry-after-ms"), header("retry-after"));
  const hint = hintFor(status, header("location"), context.url);
  const words = cutTo(context.redact(said));
  const message = `${withoutQuery(context.url)} answered ${status}${words === "" ? "" : `: ${words}`}${context.redact(hint)}`;
  const retryable = code === "rateLimited" || code === "server";
  return new EndpointError(code, message, {
    status,
    retryable,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function codeOfStatus(status: number, said: string): EndpointErrorCode {
  if (status === 429) return "rateLimited";
  if (status === 408 || status === 409 || status === 425 || status >= 500) return "server";
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 404) return "notFound";
  return status === 413 || (status === 400 && saysTooLong(said)) ? "contextLength" : "badRequest";
}

/** Words of vLLM, SGLang, llama.cpp, TGI and OpenAI for a prompt or `max_tokens` that does not fit. */
const tooLong =
  /context[ _]?(length|window|size)|maximum context|max_model_len|max_(new_|completion_)?tokens|(prompt|input|request) (is )?too (long|large)|longer than the (model|maximum)/i;
/** A server that does not know the field refuses every sample, not this one. */
const notKnown = /unsupported|not supported|unrecogni[sz]ed|unknown|extra (fields|inputs)/i;
const saysTooLong = (said: string): boolean => tooLong.test(said) && !notKnown.test(said);

function hintFor(status: number, location: string | null, url: string): string {
  if (location !== null && status >= 300 && status <= 399)
    return ` (redirects to ${withoutQuery(location)}: not followed, since the key would go there; set that as base URL)`;
  const root = new URL(url).pathname;
  if (status === 404 && !/\/v\d/.test(root)) return " (most servers want a base URL that ends in /v1)";
  return "";
}

/**
 * Milliseconds asked for by `retry-after-ms`, or by `Retry-After` in seconds or as a date (RFC 9110, 10.2.3).
 * Of any length: whether to wait for so long is the runner's to decide. `null` where neither can be read.
 */
export function parseRetryAfter(
  afterMs: string | null,
  after: string | null,
  now = Date.now(),
): number | null {
  const ms = numberIn(afterMs);
  if (ms !== null) return ms;
  const seconds = numberIn(after);
  if (seconds !== null) return seconds * 1000;
  const date = after === null ? Number.NaN : Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

const numberIn = (text: string | null): number | null =>
  text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;

/** The message of an error body: vLLM's `{message}`, OpenAI's `{error: {message}}`, FastAPI's `{detail}`, text, HTML. */
export function saidBy(body: unknown): string {
  if (typeof body === "string") return plainText(body);
  if (typeof body !== "object" || body === null) return "";
  const record = body as Record<string, unknown>;
  for (const key of ["message", "error", "detail"]) {
    const value = record[key];
    if (typeof value === "string") return plainText(value);
    if (typeof value === "object" && value !== null) return saidBy(value) || JSON.stringify(value);
  }
  return "";
}

function codeIn(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return undefined;
  const record = body as Record<string, unknown>;
  return record["code"] ?? codeIn(record["error"]);
}

/** A page's title, or the text in one line. */
function plainText(text: string): string {
  const html = /^\s*(<!doctype|<html)/i.test(text);
  if (!html) return text.replace(/\s+/g, " ").trim();
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.trim() ?? "";
  return title === "" ? "an HTML page" : `an HTML page "${title}"`;
}

/** Of the system, of TLS and of the HTTP parser; other `ERR_` codes are bugs of ours. */
const networkCode = /^(E(?!RR_)[A-Z0-9]+|ERR_(TLS|SSL)_\w+|HPE_\w+|CERT_\w+|DEPTH_\w+|SELF_\w+|UNABLE_\w+)$/;
/** Certificates, and a TLS handshake with a server that does not speak it: the next try fails alike. */
const lasting = /CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL|EPROTO/;

function connectionFailure(error: Error, at: string): EndpointError | null {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ERR_INVALID_CHAR")
    return new EndpointError(
      "badRequest",
      `${at}: the key or a header holds a character that HTTP does not allow`,
      {
        retryable: false,
      },
    );
  if (!networkCode.test(code)) return null;
  if (code.startsWith("HPE_"))
    return new EndpointError("malformed", `${at} does not answer in HTTP (${code})`, { retryable: true });
  const words = connectionWords[code] ?? "the connection failed";
  return new EndpointError("connection", `${at}: ${words} (${code})`, { retryable: !lasting.test(code) });
}

const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the server closed the connection",
  EPIPE: "the server closed the connection",
  ENOTFOUND: "the host is not known",
  EAI_AGAIN: "the name could not be looked up",
  ETIMEDOUT: "the host does not answer",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  EPROTO: "the server does not speak TLS; perhaps the URL should start with http:",
};

const cutTo = (text: string): string => (text.length > mostShown ? `${text.slice(0, mostShown)}...` : text);

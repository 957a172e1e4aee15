import { LensError } from "../core/errors.ts";
import { roles, type Role } from "../core/model.ts";

/** `auto`: chat or raw completions as the request says; the other two pin what a plan should choose. */
export type ApiChoice = "completions" | "chat" | "auto";
const apiChoices: readonly ApiChoice[] = ["completions", "chat", "auto"];

/** One model behind one or several base URLs, as the person writes it in `rolloutLens.endpoints`. */
export interface EndpointConfig {
  readonly name: string;
  readonly role: Role;
  /** Each usually ends in `/v1`. Several are servers of the SAME model: samples of a problem stay on one of them. */
  readonly baseUrls: readonly string[];
  readonly model: string;
  readonly api: ApiChoice;
  /** A template's name or a file; `chat` APIs need none. */
  readonly template?: string;
  readonly stop?: readonly string[];
  /** Vendor fields added to every request body, e.g. `top_k`. A request's own `extraBody` wins over it. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of a header that carries the problem, for routers (`x-session-id`, `x-session-affinity`). */
  readonly stickyHeader?: string;
  /** Requests in flight, and sockets per origin. Default 64. */
  readonly maxConcurrency?: number;
  /** A request fails with `timeout` when no byte arrived for so long. Default 600,000 (10 minutes). */
  readonly idleTimeoutMs?: number;
  /** Tokens in the model's vocabulary: upper bounds of entropies from the most probable ones are tighter with it. */
  readonly vocabularySize?: number;
}

export const defaultMaxConcurrency = 64;
export const defaultIdleTimeoutMs = 600_000;

/** What `parseEndpointConfig` throws; its message names the setting and the field. */
export const badConfigCode = "badEndpointConfig";

const fields =
  "name role baseUrls model api template stop extraBody headers stickyHeader maxConcurrency idleTimeoutMs vocabularySize".split(
    " ",
  );

/**
 * Reads one endpoint of the settings or of a command line.
 * @param where what the message starts with, e.g. `rolloutLens.endpoints[0]`
 * @throws LensError with `badConfigCode`
 */
export function parseEndpointConfig(value: unknown, where: string): EndpointConfig {
  const read = new FieldReader(asRecord(value, where), where);
  read.onlyKnown();
  const baseUrls = read.urls("baseUrls");
  return {
    name: read.text("name") ?? new URL(baseUrls[0] ?? "").host,
    role: read.oneOf("role", roles, "other"),
    baseUrls,
    model: read.required("model"),
    api: read.oneOf("api", apiChoices, "auto"),
    ...present("template", read.text("template")),
    ...present("stop", read.texts("stop")),
    ...present("extraBody", read.record("extraBody")),
    ...present("headers", read.textRecord("headers")),
    ...present("stickyHeader", read.text("stickyHeader")),
    ...present("maxConcurrency", read.positiveInteger("maxConcurrency")),
    ...present("idleTimeoutMs", read.positiveInteger("idleTimeoutMs")),
    ...present("vocabularySize", read.positiveInteger("vocabularySize")),
  };
}

/** Where keys belong: scheme, host and port of the first base URL. */
export const originOf = (config: EndpointConfig): string => new URL(config.baseUrls[0] ?? "").origin;

function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

/** One record's fields, each read with a message that says what was expected and what was found. */
class FieldReader {
  private readonly source: Readonly<Record<string, unknown>>;
  private readonly where: string;
  constructor(record: Readonly<Record<string, unknown>>, where: string) {
    this.source = record;
    this.where = where;
  }

  onlyKnown(): void {
    const unknown = Object.keys(this.source).find((key) => !fields.includes(key));
    if (unknown !== undefined) this.fail(unknown, `unknown field (known are ${fields.join(", ")})`);
  }

  text(key: string): string | undefined {
    const value = this.source[key];
    if (value === undefined || value === null || value === "") return undefined;
    return typeof value === "string" ? value : this.fail(key, `expected string, got ${kindOf(value)}`);
  }

  required(key: string): string {
    return this.text(key) ?? this.fail(key, "expected a text, got nothing");
  }

  oneOf<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
    const value = this.text(key);
    if (value === undefined) return otherwise;
    const found = allowed.find((one) => one === value);
    return found ?? this.fail(key, `expected one of ${allowed.join(", ")}, got "${value}"`);
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.source[key];
    if (value === undefined || value === null) return undefined;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const bad = list.findIndex((item) => typeof item !== "string");
    if (bad !== -1) this.fail(`${key}[${bad}]`, `expected string, got ${kindOf(list[bad])}`);
    return list as readonly string[];
  }

  urls(key: string): readonly string[] {
    const list = this.texts(key) ?? [];
    if (list.length === 0) this.fail(key, "expected at least one http(s) URL, got none");
    return list.map((text, index) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      // The text itself may hold a key (user:pass@, ?api-key=), so the message does not repeat it.
      if (url === null || !/^https?:$/.test(url.protocol))
        this.fail(`${key}[${index}]`, "expected an http(s) URL");
      return text.trim();
    });
  }

  record(key: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.source[key];
    return value === undefined || value === null ? undefined : asRecord(value, `${this.where}.${key}`);
  }

  textRecord(key: string): Readonly<Record<string, string>> | undefined {
    const record = this.record(key);
    for (const [name, value] of Object.entries(record ?? {}))
      if (typeof value !== "string") this.fail(`${key}.${name}`, `expected string, got ${kindOf(value)}`);
    return record as Readonly<Record<string, string>> | undefined;
  }

  positiveInteger(key: string): number | undefined {
    const value = this.source[key];
    if (value === undefined || value === null) return undefined;
    if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
    return this.fail(
      key,
      `expected a positive integer, got ${typeof value === "number" ? value : kindOf(value)}`,
    );
  }

  private fail(key: string, message: string): never {
    throw new LensError(badConfigCode, `${this.where}.${key}: ${message}`);
  }
}

function asRecord(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new LensError(badConfigCode, `${where}: expected an object, got ${kindOf(value)}`);
}

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "list" : value === undefined ? "nothing" : typeof value;

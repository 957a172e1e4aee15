import type { EndpointConfig } from "./config.ts";

/** Replaces what must not be seen in a message that quotes a server. */
export type Redact = (text: string) => string;

const mark = "[redacted]";
/** A shorter text is no secret, and replacing it would shred every message. */
const shortestSecret = 4;
/** Servers quote the start of a wrong key; from this length on the start alone is replaced too. */
const longKey = 16;
const quotedStart = 8;
const plainHeaderNames = new Set(["accept", "content-type", "user-agent", "x-data-parallel-rank"]);

/**
 * Knows every secret of an endpoint: its keys, its headers' values, the user, password and query of its URLs.
 * Besides them it replaces whatever looks like a bearer token or an `sk-` key, and cuts URLs to origin and path.
 */
export function createRedact(config: EndpointConfig, keys: readonly (string | null)[]): Redact {
  const secrets = new Set<string>();
  const add = (text: string): void => {
    if (text.length < shortestSecret) return;
    for (const form of [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)]) secrets.add(form);
  };
  for (const key of keys) if (key !== null) add(key);
  for (const [name, value] of Object.entries(config.headers ?? {})) {
    if (plainHeaderNames.has(name.toLowerCase())) continue;
    add(value);
    for (const part of value.split(/\s+/)) if (part.length >= quotedStart) add(part);
  }
  for (const text of config.baseUrls) {
    const url = new URL(text);
    const { username, password } = url;
    for (const part of [username, password, ...url.searchParams.values()]) add(part);
    if (password !== "") add(btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`));
  }
  const patterns = [...secrets].sort((a, b) => b.length - a.length).map(patternOf);
  const known = patterns.length === 0 ? null : new RegExp(patterns.join("|"), "g");
  return (text) => {
    const shown = known === null ? text : text.replace(known, mark);
    return shown
      .replace(/\bhttps?:\/\/[^\s"'<>)]+/g, withoutQuery)
      .replace(/\b(Bearer|Basic)\s+[\w.~+/=*-]{4,}/gi, `$1 ${mark}`)
      .replace(/\bsk-[\w*.-]{4,}/g, mark);
  };
}

const patternOf = (secret: string): string =>
  secret.length < longKey
    ? escaped(secret)
    : `${escaped(secret)}|${escaped(secret.slice(0, quotedStart))}[^\\s"'<>]*`;

/** `RegExp.escape`, which the Node of older VS Code does not have. */
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** Origin and path of a URL, for messages. */
export function withoutQuery(text: string): string {
  if (!URL.canParse(text)) return text.replace(/[?#].*$/, "");
  const url = new URL(text);
  return url.origin + url.pathname;
}

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Who may speak to the server: whoever holds the token, and no page in a browser that was told another name for it. */
export class Access {
  private readonly expected: Buffer;

  constructor(token: string) {
    this.expected = digest(`Bearer ${token}`);
  }

  /** `null`: come in. Else the status and body of the answer; 401 is vLLM's. */
  refusalOf(request: IncomingMessage): { readonly status: number; readonly body: object } | null {
    if (!isLoopback(request.headers.host))
      return { status: 403, body: { error: "This server answers to 127.0.0.1 and localhost only" } };
    const given = digest(request.headers.authorization ?? "");
    if (timingSafeEqual(given, this.expected)) return null;
    return { status: 401, body: { error: "Unauthorized" } };
  }
}

/** A name that resolves to this machine by someone else's word (DNS rebinding) is not ours. */
function isLoopback(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? "");
}

// One page of the harness, opened in a browser, with its host in this process.
import type { Browser, Page } from "playwright-core";
import type { HostCase } from "./fakeHost.ts";
import { FakeHost } from "./fakeHost.ts";
import { fromJson, toJson } from "./json.ts";
import { takePage } from "./pages.ts";
import type { HarnessServer, ThemeName } from "./server.ts";

export interface PanelPage {
  readonly page: Page;
  readonly host: FakeHost;
  /** CSP violations and script errors so far. */
  readonly faults: () => Promise<readonly string[]>;
  /** An event of the host, as `client.on` gets it. */
  readonly emit: (name: string, payload: unknown) => Promise<void>;
}

export interface PanelOptions {
  readonly hostCase: HostCase;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Before the host answers: for the loading state. */
  readonly silent?: boolean;
}

export async function openPanel(
  browser: Browser,
  server: HarnessServer,
  options: PanelOptions,
): Promise<PanelPage> {
  const { width = 1200, height = 800, theme = "dark", hostCase, silent = false } = options;
  const host = new FakeHost(hostCase);
  const { page, load } = await takePage(browser, {
    width,
    height,
    answer: (message) => (silent ? new Promise(() => undefined) : reply(host, message)),
  });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`console: ${message.text()}`);
  });
  await load(server.url(theme));
  if (silent) await page.waitForSelector("#loading");
  else await page.waitForFunction(() => document.body.dataset["ready"] === "1");
  return {
    page,
    host,
    faults: async () => [
      ...errors,
      ...(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)),
    ],
    emit: async (name, payload) => {
      await page.evaluate(
        ([event, json]) => {
          const { fromHarness } = window as unknown as { fromHarness: (event: string, json: string) => void };
          fromHarness(event, json);
        },
        [name, toJson(payload)] as const,
      );
    },
  };
}

/** What goes over the wire for a request, failures included. */
export function reply(host: FakeHost, message: string): string {
  const { method, params } = fromJson(message) as { method: string; params: unknown };
  try {
    return toJson({ ok: true, result: host.answer(method, params) });
  } catch (error) {
    const { code = "bug", message: words } = error as { code?: string; message: string };
    return toJson({ ok: false, failure: { code, message: words } });
  }
}

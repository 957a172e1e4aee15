// The Label view of the harness in a browser, with its host in this process.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { LabelAction, LabelsSnapshot } from "../../../src/protocol/labels.ts";
import { root } from "../../paths.ts";
import { fromJson, toJson } from "./json.ts";
import { LabelsHost, type LabelsCase } from "./labelsHost.ts";
import { takePage } from "./pages.ts";
import type { HarnessServer, ThemeName } from "./server.ts";

export interface LabelsPage {
  readonly page: Page;
  readonly host: LabelsHost;
  readonly faults: readonly string[];
  /** As the window does it: the key is a command, the command an event of the view. */
  readonly press: (...actions: readonly LabelAction[]) => Promise<void>;
  /** Waits until so many are labelled. */
  readonly until: (progress: string) => Promise<void>;
  readonly snapshot: () => LabelsSnapshot;
}

export interface LabelsPageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

export const manifest = (): unknown => JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

export async function openLabels(
  browser: Browser,
  server: HarnessServer,
  made: LabelsCase,
  { theme = "dark", width = 300, height = 800 }: LabelsPageOptions = {},
): Promise<LabelsPage> {
  const host = new LabelsHost({ manifest: manifest(), ...made });
  await host.open();
  const { page, load, isMine } = await takePage(browser, {
    width,
    height,
    answer: async (message) => {
      const { method, params } = fromJson(message) as { method: string; params: unknown };
      return toJson(await host.call(method, params));
    },
  });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("dialog", (dialog) => (faults.push("dialog"), void dialog.dismiss()));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  host.onEvent = (name, payload) =>
    isMine() &&
    void page
      .evaluate(
        ([event, json]) => {
          const { fromHarness } = window as unknown as { fromHarness: (event: string, json: string) => void };
          fromHarness(event, json);
        },
        [name, toJson(payload)] as const,
      )
      .catch(() => undefined);
  await load(server.url(theme));
  await page.waitForFunction(() => document.body.dataset["ready"] === "1");
  return {
    page,
    host,
    faults,
    press: async (...actions) => {
      for (const action of actions) await host.press(action);
    },
    until: async (progress) => {
      await page.waitForFunction(
        (text) => document.querySelector("#progress")?.textContent === text,
        progress,
      );
    },
    snapshot: () => {
      const all = host.sent.flatMap((message) =>
        message.type === "reply" && message.ok && typeof message.result === "object" ? [message.result] : [],
      );
      return all.filter((one) => one !== null && "version" in one).at(-1) as LabelsSnapshot;
    },
  };
}

// Pages that tests take and give back: a used page loaded anew costs a fifth of the processor time of a new one.
import type { Browser, Page } from "playwright-core";

/** What the host says to a message of the page, as JSON. */
export type Answer = (message: string) => string | Promise<string>;

interface Visit {
  readonly session: string;
  readonly answer: Answer;
}

const idle = new WeakMap<Browser, Page[]>();
/** Who has the page now: what an earlier visit still asks is answered by nobody. */
const visits = new WeakMap<Page, Visit>();
let sessions = 0;

export interface VisitOptions {
  readonly width: number;
  readonly height: number;
  readonly answer: Answer;
}

/** A page for one test, not loaded yet; `load` opens an address with nothing kept from any other visit. */
export async function takePage(
  browser: Browser,
  { width, height, answer }: VisitOptions,
): Promise<{
  readonly page: Page;
  readonly load: (url: string) => Promise<void>;
  /** `false`: given back; events of this visit's host are not for the next one. */
  readonly isMine: () => boolean;
}> {
  const page = idle.get(browser)?.pop() ?? (await newPage(browser));
  await page.setViewportSize({ width, height });
  const visit = { session: String((sessions += 1)), answer };
  visits.set(page, visit);
  return {
    page,
    // The address of no earlier visit: neither its scroll position nor its state is restored.
    load: async (url) => void (await page.goto(`${url}&session=${visit.session}`)),
    isMine: () => visits.get(page) === visit,
  };
}

/** After a test that went well; a page whose test failed is closed instead, in whatever state it is. */
export async function givePageBack(browser: Browser, page: Page): Promise<void> {
  visits.delete(page);
  for (const event of ["pageerror", "dialog", "console", "request"]) page.removeAllListeners(event);
  // Out of the way of what the next one has there.
  await page.mouse.move(0, 0);
  idle.set(browser, [...(idle.get(browser) ?? []), page]);
}

/** Runs a test's steps on a page and gives it back, or closes it when they throw. */
export async function withPage(browser: Browser, page: Page, steps: () => Promise<void>): Promise<void> {
  try {
    await steps();
  } catch (error) {
    await page.close();
    throw error;
  }
  await givePageBack(browser, page);
}

async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const violations: string[] = [];
    Object.assign(window, { violations });
    document.addEventListener("securitypolicyviolation", (event) => {
      violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  await page.exposeFunction("hostCall", (message: string, session: string) => {
    const visit = visits.get(page);
    return visit?.session === session ? visit.answer(message) : new Promise(() => undefined);
  });
  return page;
}

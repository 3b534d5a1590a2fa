// A browser for the tests: what pages complain about is kept, and what a person sees is found by labels and roles.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts Chromium; CHROMIUM names another than /usr/bin/chromium. @param {string[]} [more] */
export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", ...more,
    ],
  });
}

/** What the pages complained about, and what they asked other hosts for. */
export class Watched {
  /** @type {string[]} */
  complaints = [];
  /** @param {import("playwright-core").Browser} browser @param {string} home */
  constructor(browser, home) {
    this.browser = browser;
    this.home = home;
  }

  /** @param {import("playwright-core").BrowserContextOptions} [options] */
  async page(options) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(20_000);
    return this.watch(await context.newPage());
  }

  /** @param {import("playwright-core").Page} page */
  watch(page) {
    page.on("pageerror", (error) => this.complaints.push(`error on ${page.url()}: ${error}`));
    page.on("console", (message) => {
      // A refused form or a server that is down is told in words on the page; the browser's own line is no fault.
      const isStatus = /^Failed to load resource|ERR_|EventSource/u.test(message.text());
      if (message.type() === "error" && !isStatus) this.complaints.push(`${message.text()} on ${page.url()}`);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "blob:" && url.hostname !== new URL(this.home).hostname) {
        this.complaints.push(`a request left for ${request.url()}`);
      }
    });
    return page;
  }

  assertQuiet() {
    assert.deepEqual(this.complaints, [], "no page complains and no request leaves for another host");
  }
}

/** What axe finds that is serious or worse. @param {import("playwright-core").Page} page @param {string} name */
export async function assertAccessible(page, name) {
  // Through the debugger, since the pages' own policy lets no foreign script in.
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter((/** @type {any} */ one) => one.impact === "serious" || one.impact === "critical")
      .map((/** @type {any} */ one) => `${one.id}: ${one.help}: ${one.nodes.map((/** @type {any} */ node) => node.target.join(" ")).join(", ")}`);
  });
  assert.deepEqual(found, [], `axe finds nothing serious on ${name}`);
}

/** Pictures of the page in light, in dark and as wide as a phone. */
export async function shoot(/** @type {import("playwright-core").Page} */ page, /** @type {string} */ name, folder = process.env.SCREENSHOTS) {
  const viewport = page.viewportSize() ?? { width: 1280, height: 900 };
  const take = async (/** @type {string} */ look) => {
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
  };
  await page.evaluate(() => scrollTo(0, 0));
  await take("light");
  await assertAccessible(page, `${name}, light`);
  await page.emulateMedia({ colorScheme: "dark" });
  await take("dark");
  await assertAccessible(page, `${name}, dark`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await take("phone");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${name} is ${width} pixels wide on a phone of 390`);
  // Twice as large on a desktop is half as wide.
  await page.setViewportSize({ width: 640, height: 450 });
  const zoomed = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(zoomed <= 640, `${name} is ${zoomed} pixels wide at 200 % of 1280`);
  await page.setViewportSize(viewport);
}

/** @param {import("playwright-core").Page} page */
export const field = (page) => page.getByLabel("Your answer", { exact: true });
/** @param {import("playwright-core").Page} page @param {string} name */
export const button = (page, name) => page.getByRole("button", { name, exact: true });
/** @param {import("playwright-core").Page} page @param {string | RegExp} name */
export const heading = (page, name) => page.getByRole("heading", { name });

/** Answers follow-ups until the field is gone. @param {import("playwright-core").Page} page */
export async function answerFollowUps(page, text = "I asked the two leads, wrote down what each choice would cost and had it decided that day.") {
  for (let left = 5; left > 0 && (await field(page).count()) > 0; left -= 1) {
    await field(page).fill(text);
    await submit(page);
  }
}

/** What the room's stage stands at, like `answer-3`. @param {import("playwright-core").Page} page */
export const stage = (page) => page.locator("#stage").getAttribute("data-region");

/**
 * Waits until the room has gone on from `before` to something that the candidate can do.
 * @param {import("playwright-core").Page} page
 * @param {string | null} before
 */
export async function wentOn(page, before) {
  await page.waitForFunction((earlier) => {
    const now = document.querySelector("#stage")?.getAttribute("data-region");
    return now !== earlier && !now?.startsWith("speaking") && document.readyState === "complete";
  }, before);
}

/** Submits what is in the field and waits until the room has gone on. @param {import("playwright-core").Page} page */
export async function submit(page) {
  const before = await stage(page);
  await button(page, "Submit answer").click();
  await wentOn(page, before);
}

/** Rates a take, then reads its score. @param {import("playwright-core").Page} page */
export async function rate(page, rung = "Borderline") {
  await heading(page, /^Before you see the score/u).waitFor();
  for (const choice of await page.getByRole("radio", { name: rung, exact: true }).all()) await choice.check();
  await page.getByRole("button", { name: /^Rate it and see the score|^See my scores/u }).click();
}

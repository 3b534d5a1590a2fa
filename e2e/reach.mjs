// Whether everybody can use it: keyboard alone, a phone, no numbers; and whether the pages are light.
//
// node reach.mjs http://127.0.0.1:PORT

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

import { Watched, answerFollowUps, assertAccessible, button, field, heading, launch, rate, stage, submit, wentOn } from "./browser.mjs";

/** JavaScript and CSS of one page, compressed, may weigh no more. */
const MOST_BYTES = 60_000;

const home = process.argv[2];
assert.ok(home?.startsWith("http://"), "give the server's address");
const browser = await launch();
const watched = new Watched(browser, home);

/** Presses Tab until what has the focus is `wanted`. @param {import("playwright-core").Page} page @param {string} wanted */
async function tabTo(page, wanted, key = "Tab") {
  for (let presses = 0; presses < 80; presses += 1) {
    // Name and outline at once: the room may be replaced by what comes next at any moment.
    const { name, outline } = await page.evaluate(() => {
      const focused = document.activeElement;
      const label = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement || focused instanceof HTMLSelectElement ? focused.labels?.[0]?.textContent : undefined;
      const shown = focused?.closest("label.round, label.option, label.chip, label.rung") ?? focused;
      return {
        name: (focused?.getAttribute("aria-label") ?? label ?? focused?.textContent ?? "").replace(/\s+/gu, " ").trim(),
        outline: shown ? getComputedStyle(shown).outlineStyle : "none",
      };
    });
    if (name.startsWith(wanted)) {
      assert.notEqual(outline, "none", `${wanted} shows that it has the focus`);
      return;
    }
    await page.keyboard.press(key);
  }
  assert.fail(`${wanted} cannot be reached by ${key}`);
}

async function byKeyboardAlone() {
  const page = await watched.page();
  await page.goto(home);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  await tabTo(page, "Your own mix");
  await tabTo(page, "Length");
  await page.keyboard.press("Home");
  await tabTo(page, "Start the interview");
  await page.keyboard.press("Enter");
  await page.getByText("Question 1 of 1").waitFor();
  await tabTo(page, "Your answer");
  await page.keyboard.type("I called the lead the same day, asked for the cause, and gave the VP two options with their cost.");
  let before = await stage(page);
  await page.keyboard.press("Control+Enter");
  await wentOn(page, before);
  while ((await page.locator("#rate").count()) === 0) {
    await tabTo(page, "Skip");
    before = await stage(page);
    await page.keyboard.press("Enter");
    await wentOn(page, before);
  }
  await tabTo(page, "Strong no hire");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.getByRole("radio", { name: "Borderline" }).isChecked());
  await tabTo(page, "Rate it and see the score");
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Points" }).waitFor();
  await tabTo(page, "How the number came about");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "The sum" }).waitFor();
  await page.reload();
  await tabTo(page, "Finish and see the debrief");
  await page.keyboard.press("Enter");
  await heading(page, "Debrief").waitFor();
  await tabTo(page, "Drill this now");
  console.log("ok: an interview from start to debrief by keyboard alone, the focus always seen");
  await page.context().close();
}

async function onAPhone() {
  const page = await watched.page({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: "reduce", colorScheme: "dark" });
  await page.goto(home);
  await page.getByRole("radio", { name: /^Five-minute drill/u }).check();
  await button(page, "Start the interview").tap();
  await field(page).fill("I asked both teams for the cause and had it decided by Friday, two weeks before the launch.");
  await submit(page);
  await answerFollowUps(page);
  await rate(page);
  await page.getByRole("list", { name: "Points" }).waitFor();
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, .button, input[type=radio], select")]
      .filter((one) => one.checkVisibility() && (one.closest("label") ?? one).getBoundingClientRect().height < 24)
      .map((one) => one.outerHTML.slice(0, 80)));
  assert.deepEqual(small, [], "everything to tap is at least 24 pixels high");
  await assertAccessible(page, "the scorecard on a phone");
  console.log("ok: an interview on a phone, in dark, with reduced motion");
  await page.context().close();
}

async function withoutNumbers() {
  const page = await watched.page();
  await page.goto(`${home}/settings`);
  await page.getByLabel("Hide numbers").check();
  await button(page, "Save").click();
  const shown = async () => (await page.getByRole("main").innerText()).match(/\d of 5|\d\.\d\d|\d+ words?\b|\d+ min\b/gu);
  await page.goto(`${home}/interviews`);
  const past = page.getByRole("main").getByRole("listitem");
  assert.ok((await past.count()) >= 2);
  assert.equal(await shown(), null, "no score in the list");
  await page.goto(`${home}/progress`);
  assert.equal(await shown(), null, "no score in the progress");
  await page.goto(`${home}/interviews`);
  await past.first().getByRole("link").first().click();
  const next = button(page, "Finish and see the debrief");
  if ((await next.count()) > 0) await next.click();
  await heading(page, "Debrief").waitFor();
  await page.getByRole("list", { name: "Points" }).first().waitFor();
  assert.equal(await shown(), null, "no score in the debrief; the verdicts stay");
  await page.goto(`${home}/settings`);
  await page.getByLabel("Hide numbers").uncheck();
  await button(page, "Save").click();
  console.log("ok: who hides numbers sees none, and the verdicts all the same");
  await page.context().close();
}

async function pagesAreLight() {
  const page = await watched.page();
  await page.goto(`${home}/interviews`);
  const debrief = await page.getByRole("main").getByRole("listitem").first().getByRole("link").first().getAttribute("href");
  await page.goto(home);
  await page.getByRole("radio", { name: /^Speaking/u }).check();
  await button(page, "Start the interview").click();
  await heading(page, "Try your microphone").waitFor();
  const check = page.url();
  await button(page, "Begin the interview").click();
  await field(page).waitFor();
  const heaviest = { path: "", bytes: 0 };
  for (const path of ["/", "/questions", "/questions/risk/go-no-go", "/progress", "/interviews", "/settings", debrief, `${debrief}/print`, new URL(page.url()).pathname, new URL(check).pathname]) {
    // A fresh context has nothing in its cache.
    const fresh = await watched.page();
    /** @type {Promise<Buffer>[]} */
    const loads = [];
    fresh.on("response", (response) => {
      if (/javascript|css/u.test(response.headers()["content-type"] ?? "")) loads.push(response.body());
    });
    const response = await fresh.goto(home + path);
    await fresh.waitForLoadState("load");
    await fresh.waitForTimeout(300);
    const policy = response?.headers()["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'none'/u, `${path} allows nothing that is not named`);
    assert.ok(!/unsafe|\*|https?:/u.test(policy), `${path} names no other host: ${policy}`);
    const bytes = (await Promise.all(loads)).reduce((sum, body) => sum + gzipSync(body).length, 0);
    assert.ok(bytes > 0 && bytes < MOST_BYTES, `${path} loads ${bytes} bytes of JavaScript and CSS, compressed`);
    if (bytes > heaviest.bytes) Object.assign(heaviest, { path, bytes });
    await fresh.context().close();
  }
  console.log(`ok: the heaviest page, ${heaviest.path.replace(/[0-9a-f-]{36}/u, "ID")}, loads ${heaviest.bytes} bytes of JavaScript and CSS, compressed`);
}

try {
  await byKeyboardAlone();
  await onAPhone();
  await withoutNumbers();
  await pagesAreLight();
  watched.assertQuiet();
} finally {
  await browser.close();
}

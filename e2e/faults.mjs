// Breaks what can break while a candidate types: reloads, kills the server, opens a second window, cuts the network.
//
// GREENROOM=…/target/debug/greenroom node faults.mjs FOLDER
// FOLDER is an empty one for the data; the script starts, kills and restarts the server by itself.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { Watched, answerFollowUps, button, field, heading, launch, rate, submit } from "./browser.mjs";

const folder = process.argv[2];
const greenroom = process.env.GREENROOM;
assert.ok(folder && greenroom, "name a folder for the data, and the program in GREENROOM");

/** Starts the server; port 0 takes a free one. @param {number} port */
async function start(port) {
  const child = spawn(/** @type {string} */ (greenroom), ["--data-dir", folder, "serve", "--listen", `127.0.0.1:${port}`], {
    env: { PATH: process.env.PATH, HOME: folder }, stdio: ["ignore", "pipe", "ignore"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  return { child, url: String(url) };
}

/** Ends it as a power cut would. @param {import("node:child_process").ChildProcess} child */
async function kill(child) {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

let server = await start(0);
const home = server.url;
const browser = await launch();
const watched = new Watched(browser, home);
const WRITTEN = "I called the lead the same day, asked for the cause, and gave the VP two options with the cost of each.";

/** An interview of one question. @param {import("playwright-core").Page} page */
async function begin(page) {
  await page.goto(home);
  await page.getByLabel("Length", { exact: true }).selectOption("1 question");
  await button(page, "Start the interview").click();
  await field(page).waitFor();
}

async function killedAndRestarted() {
  const page = await watched.page();
  await begin(page);
  await field(page).fill(WRITTEN);
  await page.getByText("Saved", { exact: true }).waitFor();
  await kill(server.child);
  await page.getByText("Go on writing").waitFor();
  const more = `${WRITTEN} She took the smaller one.`;
  await field(page).fill(more);
  await page.getByText(/^Not saved: the server cannot be reached/u).waitFor();
  await button(page, "Submit answer").click();
  await page.waitForTimeout(500);
  assert.equal(await field(page).inputValue(), more, "an answer that cannot be sent stays in its field");
  server = await start(Number(new URL(home).port));
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.getByText("Go on writing").waitFor({ state: "hidden" });
  await page.reload();
  assert.equal(await field(page).inputValue(), more, "what was typed while the server was away is there");
  await submit(page);
  await kill(server.child);
  server = await start(Number(new URL(home).port));
  await page.reload();
  await page.getByText("She took the smaller one.").first().waitFor();
  await answerFollowUps(page);
  await rate(page);
  await page.getByRole("list", { name: "Points" }).waitFor();
  console.log("ok: a server that was killed and came back: the interview is where it was, and every word is there");
  await page.context().close();
}

async function aClosedPageWhileTheServerIsAway() {
  const page = await watched.page();
  await begin(page);
  await field(page).fill("First half.");
  await page.getByText("Saved", { exact: true }).waitFor();
  const room = page.url();
  await kill(server.child);
  await field(page).fill("First half. Second half, written while nobody listened.");
  await page.getByText(/^Not saved/u).waitFor();
  await page.goto("about:blank");
  server = await start(Number(new URL(home).port));
  await page.goto(room);
  assert.equal(await field(page).inputValue(), "First half. Second half, written while nobody listened.");
  console.log("ok: a page that was closed while the server was away brings back what was typed");
  await page.context().close();
}

async function twoWindows() {
  const first = await watched.page();
  await begin(first);
  const second = watched.watch(await first.context().newPage());
  await second.goto(first.url());
  await second.bringToFront();
  await second.getByLabel("Your answer").waitFor();
  await first.bringToFront();
  await field(first).fill("Written in the first window.");
  await first.getByText("Saved", { exact: true }).waitFor();
  await field(second).fill("Answered in the second window, with the cause and two options that I gave the VP.");
  const asked = await first.getByRole("heading", { level: 1 }).innerText();
  await submit(second);
  // The first window follows by itself, and what was typed in it stays.
  await first.waitForFunction(
    (before) => document.querySelectorAll(".line.answer").length > 0 || document.querySelector("#rate") !== null || document.querySelector("h1")?.textContent !== before,
    asked,
  );
  await answerFollowUps(second);
  await heading(first, /^Before you see the score/u).waitFor();
  await rate(second, "Hire");
  await first.getByRole("list", { name: "Points" }).waitFor();
  assert.equal(await first.locator(".line.answer").filter({ hasText: "in the second window" }).count(), 1, "one answer");
  console.log("ok: two windows show the same interview, and an answer counts once");
  await first.context().close();
}

async function networkCutAndBack() {
  const page = await watched.page();
  await begin(page);
  await field(page).fill("Before the cut.");
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.context().setOffline(true);
  await field(page).fill("Before the cut. During the cut.");
  await page.getByText(/^Not saved/u).waitFor();
  await page.getByText("Go on writing").waitFor();
  await button(page, "Submit answer").click();
  await page.waitForTimeout(300);
  assert.equal(await field(page).inputValue(), "Before the cut. During the cut.", "nothing is lost to an error page");
  await page.context().setOffline(false);
  await page.getByText("Saved", { exact: true }).waitFor();
  await submit(page);
  await page.getByText("During the cut.").first().waitFor();
  console.log("ok: a cut network is said, typing goes on, and the text is sent when it is back");
  await page.context().close();
}

try {
  await killedAndRestarted();
  await aClosedPageWhileTheServerIsAway();
  await twoWindows();
  await networkCutAndBack();
  watched.assertQuiet();
} finally {
  await browser.close();
  server.child.kill("SIGKILL");
}

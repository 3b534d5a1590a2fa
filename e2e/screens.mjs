// Writes pictures of every page in light, dark and phone width, for a look.
//
// node screens.mjs [FOLDER]      after `cargo build`; FOLDER is target/screens where none is named
// It starts ../target/debug/greenroom (or the program that GREENROOM names) on data of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { answerTo } from "./answers.mjs";
import { Watched, answerFollowUps, button, field, heading, launch, rate, shoot, submit } from "./browser.mjs";

const folder = resolve(process.argv[2] ?? "../target/screens");
const data = mkdtempSync(join(tmpdir(), "greenroom-screens-"));
const program = resolve(process.env.GREENROOM ?? "../target/debug/greenroom");
const server = spawn(program, ["--data-dir", data, "serve", "--listen", "127.0.0.1:0"], {
  env: { PATH: process.env.PATH, HOME: data }, stdio: ["ignore", "pipe", "inherit"],
});
const [home] = (await once(createInterface({ input: server.stdout }), "line")).map(String);
const browser = await launch();
const watched = new Watched(browser, home);
const page = await watched.page();
const show = (/** @type {string} */ name) => shoot(page, name, folder);

/** Answers an interview, well or thinly, to its debrief. @param {(prompt: string) => string} answer @param {string[]} rungs */
async function practise(answer, rungs) {
  for (let left = 30; left > 0 && (await heading(page, "Debrief").count()) === 0; left -= 1) {
    if ((await page.locator("#rate").count()) > 0) await rate(page, rungs[left % rungs.length]);
    const next = page.getByRole("button", { name: /^Next question|^Finish and see/u });
    if ((await next.count()) > 0) {
      await next.click();
    } else if ((await field(page).count()) > 0) {
      await field(page).fill(answer(await page.getByRole("heading", { level: 1 }).innerText()));
      await submit(page);
      await answerFollowUps(page);
    }
  }
  if ((await page.locator("#rate").count()) > 0) await rate(page, rungs[0]);
}

/** Starts a round. @param {RegExp} deck @param {string} level @param {RegExp} mode */
async function start(deck, level, mode) {
  await page.goto(home);
  await page.getByRole("radio", { name: deck }).check();
  await page.getByLabel("Level").selectOption(level);
  await page.getByRole("radio", { name: mode }).check();
  await button(page, "Start the interview").click();
  await field(page).waitFor();
}

/** Half of a good answer: some points are shown and some are not. @param {string} prompt */
const half = (prompt) => {
  const whole = answerTo(prompt);
  return whole.slice(0, whole.indexOf(". ", whole.length / 2) + 1);
};

try {
  for (const [path, name] of [["/", "home-first"], ["/progress", "progress-empty"], ["/interviews", "interviews-empty"]]) {
    await page.goto(home + path);
    await show(name);
  }
  await start(/^Program sense/u, "Senior TPM", /^Coached/u);
  await show("room");
  const prompt = await page.getByRole("heading", { level: 1 }).innerText();
  await field(page).fill(half(prompt));
  await submit(page);
  await show("follow-up");
  await answerFollowUps(page);
  await show("rate");
  await rate(page, "Hire");
  await page.getByRole("list", { name: "Points" }).waitFor();
  await show("scorecard");
  await button(page, "Take it again").click();
  await field(page).fill(answerTo(prompt));
  await submit(page);
  await answerFollowUps(page);
  await rate(page, "Borderline");
  await heading(page, "Before and after").waitFor();
  await show("before-and-after");
  await practise(half, ["Hire", "Borderline"]);
  await start(/^A full loop/u, "Senior TPM", /^Real/u);
  await button(page, "Pause").click();
  await show("paused");
  await button(page, "Go on").click();
  await practise(half, ["Borderline"]);
  await page.getByText("Some answers are not scored yet").waitFor({ state: "detached" });
  await heading(page, "Three priorities").waitFor();
  await show("debrief");
  await page.getByRole("link", { name: "Print page" }).click();
  await show("print");
  await page.pdf({ path: join(folder, "print.pdf") });
  await start(/^Leadership/u, "Principal TPM", /^Real/u);
  await practise(half, ["Hire"]);
  await start(/^Stakeholders/u, "Senior TPM", /^Coached/u);
  await field(page).fill("Only begun.");
  await button(page, "End interview").click();
  await show("end");
  await start(/^Technical depth/u, "TPM", /^Coached/u);
  for (const [path, name] of [
    ["/", "home"], ["/progress", "progress"], ["/interviews", "interviews"], ["/questions", "questions"],
    ["/questions/execution/late-dependency", "question"], ["/settings", "settings"], ["/interviews/delete-all", "delete-all"],
    ["/nowhere", "not-found"],
  ]) {
    await page.goto(home + path);
    await show(name);
  }
  await page.goto(home);
  await page.getByRole("radio", { name: /^Speaking/u }).check();
  await button(page, "Start the interview").click();
  await show("microphone");
  console.log(`pictures in ${folder}`);
} finally {
  await browser.close();
  server.kill();
  rmSync(data, { recursive: true, force: true });
}

// Watches the room while a model speaks and scores: words appear as they come, a failed score can be tried again.
//
// node live.mjs http://127.0.0.1:PORT/interviews/ID

import assert from "node:assert/strict";

import { chromium } from "playwright-core";

const room = process.argv[2];
assert.ok(room?.includes("/interviews/"), "give the address of an interview that has begun");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  const answer = page.getByLabel("Your answer", { exact: true });
  await page.goto(room);
  await answer.fill("Half an answer");
  await page.getByText("Ask the interviewer something").click();
  await page.getByLabel("Your question to the interviewer").fill("How many teams are involved?");
  await page.getByRole("button", { name: "Ask", exact: true }).click();

  await page.getByText("Assume two").waitFor();
  assert.equal(await answer.count(), 0, "while the interviewer speaks there is nothing to answer yet");
  await page.getByText("Assume two teams in one office.", { exact: true }).waitFor();
  await page.getByText("worded by test-model").waitFor();
  await answer.waitFor();
  assert.equal(await answer.inputValue(), "Half an answer", "what was typed is there when the interviewer is done");
  assert.ok(await answer.evaluate((field) => field === document.activeElement), "and one can type on at once");
  console.log("ok: the interviewer's words appear as they come, without a reload");

  const other = await browser.newPage();
  await other.goto(room);
  await answer.fill("I called the lead the same day and asked for the cause. Then I gave the VP two options.");
  await page.getByRole("button", { name: "Submit answer" }).click();
  await page.getByText("Not scored yet:", { exact: true }).waitFor();
  await other.getByText("Not scored yet:", { exact: true }).waitFor();
  console.log("ok: a score that failed says so, in a second window too");

  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Show it without a rating" }).click();
  await page.getByRole("list", { name: "Points" }).waitFor();
  await page.getByText("Scored by the language model test-model").waitFor();
  await other.getByRole("list", { name: "Points" }).waitFor();
  console.log("ok: tried again, it is scored, and both windows show it without a reload");
} finally {
  await browser.close();
}

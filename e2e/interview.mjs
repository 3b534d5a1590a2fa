// Plays a whole interview in a real browser, by what a person sees: labels, roles and words.
//
// node interview.mjs http://127.0.0.1:PORT
// SCREENSHOTS names a folder for pictures of every page.

import assert from "node:assert/strict";

import { answerTo } from "./answers.mjs";
import { Watched, answerFollowUps, button, field, heading, launch, rate, shoot, submit } from "./browser.mjs";

const home = process.argv[2];
assert.ok(home?.startsWith("http://"), "give the server's address: node interview.mjs http://127.0.0.1:8080");
const browser = await launch();
const watched = new Watched(browser, home);

async function aWholeInterview() {
  const page = await watched.page();
  await page.goto(home);
  await shoot(page, "home-first");
  await page.getByText("Scored by rules on this computer").waitFor();
  await page.goto(`${home}/progress`);
  await shoot(page, "progress-empty");
  await page.goto(`${home}/interviews`);
  await shoot(page, "interviews-empty");
  await page.getByRole("link", { name: "Start an interview" }).click();
  await page.getByLabel("Execution").check();
  await page.getByLabel("Length", { exact: true }).selectOption("2 questions");
  await button(page, "Start the interview").click();
  await page.getByText("Question 1 of 2").waitFor();
  const prompt = await page.getByRole("heading", { level: 1 }).innerText();
  await shoot(page, "room");
  console.log("ok: an interview starts with a question");

  const answer = answerTo(prompt);
  const half = answer.slice(0, Math.floor(answer.length / 2));
  await field(page).pressSequentially(half.slice(0, 30));
  await field(page).fill(half);
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.reload();
  assert.equal(await field(page).inputValue(), half, "a reload in mid-answer keeps what was typed");
  console.log("ok: half an answer survives a reload");

  await page.getByText("Ask the interviewer something").click();
  await page.getByLabel("Your question to the interviewer").fill("How many teams are involved?");
  await button(page, "Ask").click();
  await page.getByText("How many teams are involved?").waitFor();
  await field(page).waitFor();
  assert.equal(await field(page).inputValue(), half, "asking back leaves the half answer in the field");
  await button(page, "Pause").click();
  await heading(page, "Paused").waitFor();
  await shoot(page, "paused");
  await button(page, "Go on").click();
  assert.equal(await field(page).inputValue(), half, "a break loses nothing");
  console.log("ok: a question back gets a reply, a break ends when one likes, and both lose nothing");

  await field(page).fill("x".repeat(25_000));
  await button(page, "Submit answer").click();
  await page.getByRole("alert").getByText("shorten it by 5000").waitFor();
  assert.equal((await field(page).inputValue()).length, 25_000, "a refused answer is still in the field");
  await shoot(page, "refused");
  await field(page).fill("");
  await button(page, "Submit answer").click();
  await page.getByRole("alert").getByText("The answer is empty").waitFor();
  console.log("ok: what is refused is said in words and stays in the field");

  await field(page).fill(answer);
  await submit(page);
  await answerFollowUps(page);
  await heading(page, /^Before you see the score/u).waitFor();
  assert.equal(await page.getByText("of 5").count(), 0, "no score is shown before the candidate has rated themself");
  await shoot(page, "rate");
  await rate(page, "Borderline");
  await heading(page, "The one thing to do next").waitFor();
  await page.getByText(/^You saw it/u).waitFor();
  await readTheScore(page, answer);
  await shoot(page, "feedback");

  await button(page, "Take it again").click();
  await page.getByText("take 2").first().waitFor();
  await field(page).fill("I asked around a bit and it went fine in the end.");
  await submit(page);
  await answerFollowUps(page, "I do not remember.");
  await rate(page, "No hire");
  await heading(page, "Before and after").waitFor();
  await page.getByText("The two answers side by side").click();
  await page.locator(".side-by-side").getByText("it went fine in the end").waitFor();
  await shoot(page, "compare");
  await button(page, "Take it again").click();
  await field(page).fill("I have begun");
  await button(page, "Skip").click();
  await heading(page, "Skip this question?").waitFor();
  await shoot(page, "skip");
  await button(page, "Skip all the same").click();
  await button(page, "Next question").click();
  await page.getByText("Question 2 of 2").waitFor();
  assert.equal(await field(page).inputValue(), "", "a skipped answer does not come back at the next question");
  await page.goto(home);
  await shoot(page, "home");
  await page.getByRole("link", { name: "Continue" }).click();
  await field(page).fill("We talked it over.");
  await submit(page);
  await shoot(page, "follow-up");
  await answerFollowUps(page);
  console.log("ok: before and after, skip, continue from the first page, follow-ups");

  await button(page, "Finish and see the debrief").click();
  await heading(page, "Debrief").waitFor();
  await shoot(page, "debrief-rate");
  await rate(page, "No hire");
  await heading(page, "Three priorities").waitFor();
  await page.getByText("being scored").first().waitFor({ state: "detached" });
  await readTheScore(page, answer);
  await shoot(page, "debrief");
  const link = await page.getByRole("link", { name: "Export Markdown" }).getAttribute("href");
  const exported = await page.request.get(home + link);
  assert.ok((await exported.text()).includes(answer.split("\n")[0].slice(0, 60)), "the export holds the answer");
  await page.getByRole("link", { name: "Print page" }).click();
  await page.getByRole("table").first().getByText("Sum").waitFor();
  await shoot(page, "print");
  await page.getByRole("link", { name: "Back to the debrief" }).click();
  await button(page, "Drill this now").click();
  await page.getByText("Question 1 of 2").waitFor();
  console.log("ok: the debrief, its export, its print page, and a drill by one press");

  await page.getByRole("link", { name: "Progress" }).click();
  await heading(page, "Points that keep being missed").waitFor();
  await page.getByText(/^Missed in the one take/u).click();
  await page.getByText(/^missed in|· missed in/u).first().waitFor();
  await page.getByText("The answers that missed it").first().click();
  await page.getByRole("img", { name: /^Execution: / }).waitFor();
  await shoot(page, "progress");
  console.log("ok: progress shows what keeps being missed, and a trend that can be read");

  await page.getByRole("link", { name: "Past interviews" }).click();
  await page.getByLabel("Search").fill("talked it OVER");
  await button(page, "Show").click();
  assert.equal(await page.getByRole("link", { name: /^Delete the interview of/u }).count(), 1, "found by what was said");
  await shoot(page, "interviews");
  await page.getByRole("link", { name: /^Delete the interview of/u }).first().click();
  await heading(page, "Delete this interview?").waitFor();
  await shoot(page, "delete");
  await button(page, "Delete for good").click();
  await page.getByRole("link", { name: "Delete everything" }).click();
  await shoot(page, "delete-all");
  await button(page, "Delete all interviews").click();
  await page.getByRole("alert").getByText("Nothing was deleted").waitFor();
  await page.getByLabel("I have what I want to keep").check();
  await button(page, "Delete all interviews").click();
  await page.getByText("No interview yet").waitFor();
  console.log("ok: past interviews are found by their words, and deleted one by one or all");
}

/** The score shows points, and a quote that is in the answer and marked there. */
async function readTheScore(/** @type {import("playwright-core").Page} */ page, /** @type {string} */ answer) {
  const points = page.getByRole("list", { name: "Points" }).first();
  assert.ok((await points.getByRole("listitem").count()) >= 3, "every point of the question is listed");
  await page.getByText("of 5").first().waitFor();
  const quotes = await points.locator("blockquote").evaluateAll((all) => all.map((one) => one.firstChild?.textContent?.trim() ?? ""));
  const quote = quotes.find((text) => text !== "" && answer.includes(text));
  assert.ok(quote, `a point cites the answer; the quotes are ${JSON.stringify(quotes)}`);
  const row = points.locator("li").filter({ hasText: quote }).first();
  await row.hover();
  const lit = await page.locator("mark.lit").allTextContents();
  assert.ok(lit.join("").includes(quote), `hovering the row lights its words: ${quote}`);
  const sign = await row.getAttribute("data-sign");
  await page.locator(`a.mark-sign[data-sign="${sign}"]`).first().focus();
  assert.ok(await row.evaluate((one) => one.classList.contains("lit")), "focusing a mark lights its row");
  await page.getByText("How the number came about").first().click();
  await page.getByRole("table").filter({ hasText: "Sum" }).first().getByText("Sum").waitFor();
  console.log("ok: points, a quote from the answer lit both ways, and the sum");
}

async function withoutJavaScript() {
  const page = await watched.page({ javaScriptEnabled: false });
  await page.goto(home);
  await page.getByRole("radio", { name: /^Leadership/u }).check();
  await page.getByRole("radio", { name: /^Real/u }).check();
  await button(page, "Start the interview").click();
  let answered = "";
  for (let left = 30; left > 0 && (await heading(page, "Debrief").count()) === 0; left -= 1) {
    const later = page.getByRole("link", { name: "Show what comes next" });
    if ((await later.count()) > 0) {
      await page.waitForTimeout(300);
      await later.click();
      continue;
    }
    const prompt = await page.getByRole("heading", { level: 1 }).innerText();
    await field(page).fill(prompt === answered ? "I asked both and decided the same day." : answerTo(prompt));
    answered = prompt;
    await button(page, "Submit answer").click();
  }
  await heading(page, "Debrief").waitFor();
  await page.getByRole("button", { name: "Show it without a rating" }).click();
  for (let left = 20; left > 0 && (await page.getByText("Being scored…").count()) > 0; left -= 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await page.getByRole("list", { name: "Points" }).first().waitFor();
  await heading(page, "Three priorities").waitFor();
  console.log("ok: a whole interview by a deck without JavaScript");
}

async function theBank() {
  const page = await watched.page();
  await page.goto(home);
  await page.getByRole("link", { name: "Questions" }).click();
  await page.getByLabel("Category").selectOption("Risk");
  await page.getByLabel("Search").fill("vendor");
  await button(page, "Show").click();
  await shoot(page, "questions");
  await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
  await page.getByText("What a listener looks for").waitFor();
  await shoot(page, "question");
  const asked = page.url();
  const title = await page.getByRole("heading", { level: 1 }).innerText();
  await button(page, "As in a real interview").click();
  await page.getByText("Question 1 of 1").waitFor();
  await page.goto(asked);
  await page.getByText("What a listener looks for is hidden").waitFor();
  assert.equal(await page.locator("details").count(), 0, "the rubric is not even sent");
  await page.goto(home);
  await page.getByRole("link", { name: "Continue" }).click();
  await field(page).fill("only begun");
  await button(page, "End interview").click();
  await button(page, "End it now").click();
  await heading(page, title).waitFor();
  await page.getByText("only begun").waitFor();
  const missing = await page.goto(`${home}/nowhere`);
  assert.equal(missing?.status(), 404);
  await shoot(page, "not-found");
  await page.goto(`${home}/settings`);
  await shoot(page, "settings");
  await page.getByLabel("Date of the real interview").fill("2031-05-06");
  await page.getByLabel("Hide numbers").check();
  await button(page, "Save").click();
  await page.getByText("Saved.").waitFor();
  await page.goto(home);
  await page.getByText(/days to your interview/u).waitFor();
  await page.goto(`${home}/settings`);
  await page.getByLabel("Hide numbers").uncheck();
  await button(page, "Save").click();
  console.log("ok: one question practised from the bank in real mode, its rubric hidden until then; settings");
}

try {
  await aWholeInterview();
  await withoutJavaScript();
  await theBank();
  watched.assertQuiet();
} finally {
  await browser.close();
}

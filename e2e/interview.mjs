// Plays a whole interview in a real browser, by what a person sees: labels, roles and words.
//
// node interview.mjs http://127.0.0.1:PORT
// CHROMIUM names another browser than /usr/bin/chromium; SCREENSHOTS names a folder for pictures of every page.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { answerTo } from "./answers.mjs";

const home = process.argv[2];
assert.ok(home?.startsWith("http://"), "give the server's address: node interview.mjs http://127.0.0.1:8080");
const pictures = process.env.SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});

/** What the pages complained about, and what they asked other hosts for. */
const complaints = [];

/** @param {import("playwright-core").BrowserContextOptions} [options] */
async function newPage(options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`error on ${page.url()}: ${error}`));
  page.on("console", (message) => {
    // A refused form is told in words on the page; the browser's own line about its status is no fault.
    const isStatus = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isStatus) complaints.push(`${message.text()} on ${page.url()}`);
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(home).origin) complaints.push(`a request left for ${request.url()}`);
  });
  return page;
}

/** Pictures of the page in light, in dark and as wide as a phone. @param {import("playwright-core").Page} page */
async function shoot(page, name) {
  if (!pictures) return;
  const path = (look) => join(pictures, `${name}-${look}.png`);
  const viewport = page.viewportSize();
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: path("light"), fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.screenshot({ path: path("dark"), fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: path("phone"), fullPage: true });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${name} is ${width} pixels wide on a phone of 390`);
  await page.setViewportSize(viewport);
}

const field = (page) => page.getByLabel("Your answer", { exact: true });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name });

/** Answers follow-ups until the field is gone. */
async function answerFollowUps(page) {
  for (let left = 5; left > 0 && (await field(page).count()) > 0; left -= 1) {
    if ((await page.getByText(/^Follow-up/u).count()) === 1) await shoot(page, "follow-up");
    await field(page).fill("I asked the two leads, wrote down what each choice would cost and had it decided that day.");
    await button(page, "Submit answer").click();
  }
}

async function aWholeInterview() {
  const page = await newPage();
  await page.goto(home);
  await shoot(page, "home-first");
  await page.getByText("Scored by rules on this computer").waitFor();
  await page.goto(`${home}/interviews`);
  await shoot(page, "interviews-empty");
  await page.getByRole("link", { name: "Start an interview" }).click();
  await page.getByLabel("Execution").check();
  await page.getByLabel("Questions", { exact: true }).selectOption("2 questions");
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
  assert.equal(await field(page).inputValue(), half, "asking back leaves the half answer in the field");
  console.log("ok: a question back gets a reply and loses nothing");

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
  await button(page, "Submit answer").click();
  await answerFollowUps(page);
  await heading(page, "The one thing to do next").waitFor();
  await readTheScore(page, answer);
  await shoot(page, "feedback");

  await button(page, "Take it again").click();
  await page.getByText("take 2").first().waitFor();
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
  await button(page, "Submit answer").click();
  await answerFollowUps(page);
  console.log("ok: take again, skip, continue from the first page, follow-ups");

  await button(page, "Finish and see the debrief").click();
  await heading(page, "Debrief").waitFor();
  await readTheScore(page, answer);
  await shoot(page, "debrief");
  const exported = await page.request.get(await page.getByRole("link", { name: "Export Markdown" }).getAttribute("href").then((path) => home + path));
  assert.ok((await exported.text()).includes(answer.split("\n")[0].slice(0, 60)), "the export holds the answer");
  console.log("ok: the debrief and its export");

  await page.getByRole("link", { name: "Past interviews" }).click();
  await shoot(page, "interviews");
  await page.getByRole("link", { name: /^Delete the interview of/u }).first().click();
  await heading(page, "Delete this interview?").waitFor();
  await shoot(page, "delete");
  await button(page, "Delete for good").click();
  await page.getByText("No interview yet").waitFor();
  console.log("ok: past interviews, and deleting one");
}

/** The score shows points, and a quote that is in the answer and marked there. */
async function readTheScore(page, answer) {
  const points = page.getByRole("list", { name: "Points" }).first();
  assert.ok((await points.getByRole("listitem").count()) >= 3, "every point of the question is listed");
  await page.getByText("of 5").first().waitFor();
  const quotes = await points.locator("blockquote").allInnerTexts();
  const quote = quotes.find((text) => answer.includes(text));
  assert.ok(quote, `a point cites the answer; the quotes are ${JSON.stringify(quotes)}`);
  const marked = await page.locator("mark").allTextContents();
  assert.ok(marked.join("").includes(quote), `the quote is marked in the transcript: ${quote}`);
  await page.getByText("How the number came about").first().click();
  await page.getByRole("table").first().getByText("Sum").waitFor();
  console.log("ok: points, a quote from the answer that is marked, and the sum");
}

async function withoutJavaScript() {
  const page = await newPage({ javaScriptEnabled: false });
  await page.goto(home);
  await page.getByLabel("Execution").check();
  await page.getByLabel("Questions", { exact: true }).selectOption("1 question");
  await page.getByRole("radio", { name: /^Real/u }).check();
  await button(page, "Start the interview").click();
  const prompt = await page.getByRole("heading", { level: 1 }).innerText();
  await field(page).fill(answerTo(prompt));
  await button(page, "Submit answer").click();
  await answerFollowUps(page);
  await heading(page, "Debrief").waitFor();
  for (let left = 10; left > 0 && (await page.getByText("Being scored…").count()) > 0; left -= 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await page.getByRole("list", { name: "Points" }).first().waitFor();
  console.log("ok: a whole interview without JavaScript");
}

async function theBank() {
  const page = await newPage();
  await page.goto(home);
  await page.getByRole("link", { name: "Questions" }).click();
  await page.getByLabel("Category").selectOption("Risk");
  await button(page, "Show").click();
  await shoot(page, "questions");
  await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
  await shoot(page, "question");
  const title = await page.getByRole("heading", { level: 1 }).innerText();
  await button(page, "Practise this one").click();
  await page.getByText("Question 1 of 1").waitFor();
  await field(page).fill("only begun");
  await button(page, "End interview").click();
  await button(page, "End it now").click();
  await heading(page, title).waitFor();
  await page.getByText("only begun").waitFor();
  const missing = await page.goto(`${home}/nowhere`);
  assert.equal(missing?.status(), 404);
  await shoot(page, "not-found");
  console.log("ok: one question practised from the bank, ended early, nothing lost");
}

try {
  await aWholeInterview();
  await withoutJavaScript();
  await theBank();
  assert.deepEqual(complaints, [], "no page complains and no request leaves for another host");
} finally {
  await browser.close();
}

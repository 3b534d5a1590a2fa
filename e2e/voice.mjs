// Speaks a whole interview: Chromium's microphone plays a file, and a scripted endpoint turns it into text.
//
// node voice.mjs http://127.0.0.1:PORT FILE.wav

import assert from "node:assert/strict";

import { Watched, button, field, heading, launch, rate, shoot, stage, submit, wentOn } from "./browser.mjs";

const [home, wav] = process.argv.slice(2);
assert.ok(home && wav, "give the server's address and a WAV file");

async function spoken() {
  const browser = await launch([
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-audio-capture=${wav}`,
  ]);
  const watched = new Watched(browser, home);
  try {
    const page = await watched.page();
    await page.goto(home);
    await page.getByLabel("Length", { exact: true }).selectOption("1 question");
    await page.getByRole("radio", { name: /^Speaking/u }).check();
    await button(page, "Start the interview").click();

    await heading(page, "Try your microphone").waitFor();
    await page.getByText("Greenroom does not keep it").waitFor();
    await page.locator("#devices option").first().waitFor({ state: "attached" });
    await button(page, "Say a sentence").click();
    await page.waitForFunction(() => /** @type {HTMLMeterElement} */ (document.getElementById("level")).value > 0.05);
    await button(page, "Stop").click();
    await page.getByText("Heard: “This is a test.”").waitFor();
    await page.locator("audio").waitFor();
    await shoot(page, "check");
    console.log("ok: the microphone is tried before the first question: a level, a recording, and what was heard");

    await button(page, "Begin the interview").click();
    await field(page).waitFor();
    await button(page, "Read aloud").click();
    await button(page, "Stop reading").waitFor();
    await button(page, "Read aloud").waitFor();
    console.log("ok: the question is read aloud by the voice of the service");
    await button(page, "Speak").click();
    await page.getByText("Recording.", { exact: false }).waitFor();
    await page.waitForFunction(() => /** @type {HTMLMeterElement} */ (document.getElementById("level")).value > 0.05);
    await shoot(page, "voice");
    await page.waitForTimeout(1_200);
    await button(page, "Stop").click();
    await page.getByText("It could not be turned into text").waitFor();
    assert.equal(await page.getByRole("link", { name: "Save the recording" }).getAttribute("download"), "answer.webm");
    console.log("ok: a recording that is not understood at once is kept and can be saved");

    await page.getByRole("button", { name: "Try again to turn it into text" }).click();
    await page.getByText("This is what was heard.", { exact: false }).waitFor();
    const heard = await field(page).inputValue();
    assert.match(heard, /two options with the cost of each/u);
    await page.getByText("Saved", { exact: true }).waitFor();
    await page.reload();
    assert.equal(await field(page).inputValue(), heard, "what was heard survives a reload");
    await field(page).fill(`${heard} We shipped on the eleventh of May.`);
    await submit(page);
    while ((await page.locator("#rate").count()) === 0) {
      const before = await stage(page);
      await button(page, "Skip").click();
      await wentOn(page, before);
    }
    await rate(page, "Hire");
    await page.getByText(/words a minute/u).waitFor();
    await page.getByText("spoken, 6.0 s").first().waitFor();
    await page.getByText(/^1, the longest 2.0 s/u).waitFor();
    await shoot(page, "spoken");
    console.log("ok: the text is mended, submitted and scored, with pace and pauses beside");
    watched.assertQuiet();
  } finally {
    await browser.close();
  }
}

async function refused() {
  // No fake permission: the browser refuses the microphone.
  const browser = await launch(["--use-fake-device-for-media-stream"]);
  const watched = new Watched(browser, home);
  try {
    const page = await watched.page();
    await page.goto(home);
    await page.getByRole("radio", { name: /^Speaking/u }).check();
    await button(page, "Start the interview").click();
    await button(page, "Say a sentence").click();
    await page.getByText("The browser may not use the microphone").waitFor();
    await button(page, "Begin the interview").click();
    await button(page, "Speak").click();
    await page.getByText("The browser may not use the microphone").waitFor();
    await field(page).fill("So I type.");
    await page.getByText("Saved", { exact: true }).waitFor();
    console.log("ok: without permission it is said why, and typing goes on");
    watched.assertQuiet();
  } finally {
    await browser.close();
  }
}

await spoken();
await refused();

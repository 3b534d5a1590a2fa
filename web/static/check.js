// Tries the microphone before the first question: is it the right one, does it hear, is it understood.

import { Recording, canRecord, listDevices, transcribe, whyNot } from "./microphone.js";
import { fill, words } from "./say.js";

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

document.documentElement.classList.add("live");
const button = /** @type {HTMLButtonElement} */ (element("try"));
const meter = /** @type {HTMLMeterElement} */ (element("level"));
const devices = /** @type {HTMLSelectElement} */ (element("devices"));
/** @type {Recording | undefined} */
let recording;

/** @param {string} text @param {boolean} [isError] */
function tell(text, isError = false) {
  element("check-status").textContent = text;
  element("check-status").classList.toggle("problem", isError);
}

/** @param {Recording} ended */
async function judge(ended) {
  const blob = await ended.stop();
  meter.value = 0;
  const audio = /** @type {HTMLAudioElement} */ (element("playback"));
  audio.src = URL.createObjectURL(blob);
  audio.hidden = false;
  if (button.dataset.hears === undefined) {
    tell(words["check-recorded"]);
    return;
  }
  tell(words["voice-hearing"]);
  try {
    const heard = await transcribe(blob);
    tell(fill(words["check-heard"], heard.text));
  } catch (error) {
    const why = error instanceof TypeError ? words.unreachable : /** @type {Error} */ (error).message;
    tell(fill(words["check-unheard"], why), true);
  }
}

async function press() {
  if (recording) {
    const ended = recording;
    recording = undefined;
    button.textContent = words["check-again"];
    await judge(ended);
    return;
  }
  const begun = new Recording();
  try {
    await begun.start(meter);
  } catch (error) {
    tell(whyNot(error), true);
    return;
  }
  recording = begun;
  button.textContent = words["voice-stop"];
  tell(words["check-speak"]);
  void listDevices(devices);
}

if (canRecord()) {
  void listDevices(devices);
  button.addEventListener("click", () => void press());
} else {
  button.disabled = true;
  tell(words["microphone-none"], true);
}

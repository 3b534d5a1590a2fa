// Answering by voice: what is said is recorded, turned into text, and put into the answer field to be mended.
// Nothing is submitted by itself, and a recording that could not be turned into text is kept until it is, or saved.

import { Recording, canRecord, listDevices, transcribe, whyNot } from "./microphone.js";
import { fill, words } from "./say.js";

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** How long this answer was spoken, all recordings together; pauses are null where one has none. */
/** @typedef {{ seconds: number, pauses: number[] | null }} Spoken */

/** @param {HTMLTextAreaElement} answer @param {string} text */
function append(answer, text) {
  const gap = answer.value === "" || /\s$/u.test(answer.value) ? "" : " ";
  answer.value += gap + text.trim();
  answer.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {string} text @param {boolean} [isError] */
function tell(text, isError = false) {
  const status = element("voice-status");
  status.textContent = text;
  status.classList.toggle("problem", isError);
}

/** @param {string} key @returns {Spoken | undefined} */
function spokenSoFar(key) {
  const kept = sessionStorage.getItem(key);
  return kept ? JSON.parse(kept) : undefined;
}

/**
 * Shows what there is to speak with, and makes it work.
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} answer
 * @param {string} key where it is kept how long this answer was spoken
 */
export function offerVoice(form, answer, key) {
  const panel = document.getElementById("voice");
  if (!(panel instanceof HTMLElement)) return;
  const hidden = /** @type {HTMLInputElement} */ (form.elements.namedItem("spoken"));
  const remember = (/** @type {Spoken} */ more) => {
    const before = spokenSoFar(key);
    const pauses = before && (before.pauses === null || more.pauses === null) ? null : [...(before?.pauses ?? []), ...(more.pauses ?? [])];
    const spoken = { seconds: (before?.seconds ?? 0) + more.seconds, pauses: more.pauses === null ? null : pauses };
    sessionStorage.setItem(key, JSON.stringify(spoken));
    hidden.value = JSON.stringify(spoken);
  };
  hidden.value = sessionStorage.getItem(key) ?? "";
  panel.hidden = false;
  if (panel.dataset.by === "browser") recogniseInBrowser(answer, remember);
  else if (canRecord()) recordForServer(answer, remember);
  else tell(words["microphone-none"], true);
}

/**
 * @param {HTMLTextAreaElement} answer
 * @param {(more: Spoken) => void} remember
 */
function recordForServer(answer, remember) {
  const button = /** @type {HTMLButtonElement} */ (element("record"));
  const meter = /** @type {HTMLMeterElement} */ (element("level"));
  const devices = /** @type {HTMLSelectElement} */ (element("devices"));
  /** @type {Recording | undefined} */
  let recording;
  void listDevices(devices);

  /** @param {Blob} blob @param {number} seconds */
  const hear = async (blob, seconds) => {
    tell(words["voice-hearing"]);
    button.disabled = true;
    try {
      const heard = await transcribe(blob);
      append(answer, heard.text);
      remember({ seconds: heard.seconds ?? seconds, pauses: heard.pauses });
      tell(words["voice-heard"]);
      showRest(undefined);
    } catch (error) {
      const why = error instanceof TypeError ? words.unreachable : /** @type {Error} */ (error).message;
      tell(fill(words["voice-unheard"], why), true);
      showRest(() => void hear(blob, seconds), blob);
    } finally {
      button.disabled = false;
    }
  };

  button.addEventListener("click", async () => {
    if (recording) {
      const ended = recording;
      recording = undefined;
      button.textContent = words["voice-record"];
      button.setAttribute("aria-pressed", "false");
      const blob = await ended.stop();
      meter.value = 0;
      await hear(blob, ended.seconds);
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
    button.setAttribute("aria-pressed", "true");
    tell(words["voice-recording"]);
    void listDevices(devices);
  });
}

/**
 * What can be done with a recording that could not be turned into text.
 * @param {(() => void) | undefined} again
 * @param {Blob} [blob]
 */
function showRest(again, blob) {
  const rest = element("voice-rest");
  rest.hidden = again === undefined;
  if (!again || !blob) return;
  const retry = /** @type {HTMLButtonElement} */ (element("voice-again"));
  retry.onclick = again;
  const save = /** @type {HTMLAnchorElement} */ (element("voice-save"));
  save.href = URL.createObjectURL(blob);
  save.download = "answer.webm";
}

/**
 * By the browser's own recognition, which the candidate has allowed in the settings.
 * @param {HTMLTextAreaElement} answer
 * @param {(more: Spoken) => void} remember
 */
function recogniseInBrowser(answer, remember) {
  const button = /** @type {HTMLButtonElement} */ (element("record"));
  const Recognition = /** @type {any} */ (window).SpeechRecognition ?? /** @type {any} */ (window).webkitSpeechRecognition;
  if (!Recognition) {
    button.disabled = true;
    tell(words["recognition-none"], true);
    return;
  }
  const recognition = new Recognition();
  recognition.continuous = true;
  recognition.lang = document.documentElement.lang;
  let began = 0;
  let isOn = false;
  const rest = () => {
    if (isOn) remember({ seconds: (performance.now() - began) / 1000, pauses: null });
    isOn = false;
    button.textContent = words["voice-record"];
    button.setAttribute("aria-pressed", "false");
  };
  recognition.addEventListener("result", (/** @type {any} */ event) => {
    for (let place = event.resultIndex; place < event.results.length; place += 1) {
      if (event.results[place].isFinal) append(answer, event.results[place][0].transcript);
    }
  });
  recognition.addEventListener("error", (/** @type {any} */ event) => {
    isOn = false;
    tell(fill(words["recognition-failed"], event.error), true);
  });
  recognition.addEventListener("end", rest);
  button.addEventListener("click", () => {
    if (isOn) {
      recognition.stop();
      return;
    }
    began = performance.now();
    isOn = true;
    recognition.start();
    button.textContent = words["voice-stop"];
    button.setAttribute("aria-pressed", "true");
    tell(words["voice-recording"]);
  });
}

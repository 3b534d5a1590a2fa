// Reads the interviewer's words aloud: by the server's voice where it has one, else by one of the browser.

import { words } from "./say.js";

/** @type {HTMLAudioElement | undefined} */
let playing;

/** The element with what the interviewer said last. @returns {HTMLElement | undefined} */
function latest() {
  return /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll("#conversation [data-speak]"))).at(-1);
}

function stop() {
  playing?.pause();
  playing = undefined;
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

/** Whether the browser has a voice; some learn of theirs only after a while. @returns {Promise<boolean>} */
function hasVoice() {
  if (!("speechSynthesis" in window)) return Promise.resolve(false);
  if (speechSynthesis.getVoices().length > 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const tell = () => resolve(speechSynthesis.getVoices().length > 0);
    speechSynthesis.addEventListener("voiceschanged", tell, { once: true });
    setTimeout(tell, 1500);
  });
}

/**
 * Reads `line`; `ended` is called when it is over or could not be.
 * @param {HTMLElement} room
 * @param {HTMLElement} line
 * @param {() => void} ended
 */
async function read(room, line, ended) {
  stop();
  if ("speaks" in room.dataset && line.dataset.entry) {
    const audio = (playing = new Audio(`/api/v1/interviews/${room.dataset.id}/entries/${line.dataset.entry}/audio`));
    audio.addEventListener("ended", ended);
    audio.addEventListener("error", ended);
    await audio.play().catch(ended);
    return;
  }
  const speech = new SpeechSynthesisUtterance(line.textContent ?? "");
  speech.lang = document.documentElement.lang;
  speech.addEventListener("end", ended);
  speech.addEventListener("error", ended);
  speechSynthesis.speak(speech);
}

/**
 * Shows the button where there is a voice; reads at once where the candidate wants that.
 * @param {HTMLElement} room
 * @param {boolean} isNew whether something new was said
 */
export async function offerReading(room, isNew) {
  const button = document.getElementById("read-aloud");
  if (!(button instanceof HTMLButtonElement)) return;
  if (!("speaks" in room.dataset) && !(await hasVoice())) return;
  const rest = () => {
    button.textContent = words["read-aloud"];
    button.setAttribute("aria-pressed", "false");
  };
  const start = () => {
    const line = latest();
    if (!line) return;
    button.textContent = words["stop-reading"];
    button.setAttribute("aria-pressed", "true");
    void read(room, line, rest);
  };
  button.hidden = false;
  rest();
  button.onclick = () => {
    if (button.getAttribute("aria-pressed") === "true") {
      stop();
      rest();
    } else {
      start();
    }
  };
  if (isNew && "readAloud" in room.dataset) start();
}

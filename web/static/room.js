// Keeps the interview room alive: saves the draft while one types, and follows what the interviewer says.
// Everything here is a convenience: the page's forms do the work without it.

import { RETRY, back, isLost, lost, reachable } from "./connection.js";
import { startClock } from "./clock.js";
import { offerReading } from "./aloud.js";
import { linkMarks } from "./marks.js";
import { announce, fill, words } from "./say.js";

const found = document.querySelector("[data-room]");
/** The room or the debrief; a page without either does nothing. */
const room = found instanceof HTMLElement ? found : document.createElement("div");

/** How long to wait after the last keystroke before the draft is saved, in milliseconds. */
const PAUSE = 500;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {AbortController | undefined} */
let saving;
/** The text that the server is known to have. @type {string | undefined} */
let saved;
/** Whether a form is on its way: its text is the server's business now. */
let leaving = false;

/** @returns {HTMLTextAreaElement | null} */
function field() {
  return /** @type {HTMLTextAreaElement | null} */ (document.getElementById("answer"));
}

/** Starts to watch the answer field, where there is one. */
function watchField() {
  const form = document.querySelector("form[data-answer]");
  const answer = field();
  saved = answer ? answer.defaultValue : undefined;
  leaving = false;
  if (!(form instanceof HTMLFormElement) || !answer) return;
  forgetEarlier();
  restoreLocal(answer);
  answer.addEventListener("input", () => {
    countWords(answer);
    tell("");
    clearTimeout(timer);
    timer = setTimeout(() => keepDraft(false), PAUSE);
  });
  for (const area of form.querySelectorAll("textarea")) {
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        const button = area.closest("details")?.querySelector("button") ?? form.querySelector("button[type=submit]");
        form.requestSubmit(/** @type {HTMLElement | null} */ (button));
      }
    });
  }
  form.addEventListener("submit", (event) => void send(event, form, answer));
  startClock();
  if ("voice" in room.dataset) void import("./voice.js").then((voice) => voice.offerVoice(form, answer, spokenKey()));
}

/**
 * Lets a form go once the server is known to answer: a browser's own error page would take the text with it.
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} answer
 */
async function send(event, form, answer) {
  if (leaving) return;
  event.preventDefault();
  clearTimeout(timer);
  keepLocally(localKey(), answer.value);
  if (!(await reachable())) {
    lost();
    timer = setTimeout(() => keepDraft(false), RETRY);
    return;
  }
  saving?.abort();
  leaving = true;
  form.requestSubmit(event.submitter);
}

/** @param {HTMLTextAreaElement} answer */
function countWords(answer) {
  const count = answer.value.split(/\s+/u).filter(Boolean).length;
  const place = document.getElementById("words");
  if (place) place.textContent = count === 1 ? words.word : fill(words.words, count);
}

/**
 * Says under the field how the draft stands. Only what is wrong is read out: "Saved" at every pause would nag.
 * @param {string} text
 * @param {boolean} [isError]
 */
function tell(text, isError = false) {
  const status = document.getElementById("saved");
  if (!status) return;
  status.textContent = text;
  status.classList.toggle("problem", isError);
  if (isError && !isLost()) announce(text);
}

/**
 * Sends the draft where it differs from what the server has.
 * @param {boolean} last whether the page is going away
 */
async function keepDraft(last) {
  const answer = field();
  if (!answer || leaving || answer.value === saved) return;
  const text = answer.value;
  const turn = openTurn();
  const key = localKey();
  saving?.abort();
  const mine = (saving = new AbortController());
  try {
    const response = await fetch(room.dataset.draft ?? "", {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text, after: turn }),
      keepalive: last,
      signal: last ? undefined : mine.signal,
    });
    if (response.status === 409) {
      // Another window has answered: the page is about to change, and the text stays in the field until then.
      keepLocally(key, text);
      tell(words["not-saved-elsewhere"], true);
      return;
    }
    if (!response.ok) throw new Error((await reason(response)) ?? fill(words["answered-status"], response.status));
    saved = text;
    localStorage.removeItem(key);
    tell(words.saved);
    back();
  } catch (error) {
    if (mine.signal.aborted) return;
    const isOffline = error instanceof TypeError;
    if (isOffline) lost();
    keepLocally(key, text);
    tell(fill(words["not-saved"], isOffline ? words.unreachable : /** @type {Error} */ (error).message), true);
    clearTimeout(timer);
    timer = setTimeout(() => keepDraft(false), RETRY);
  }
}

/** The words of a problem that the server describes. @param {Response} response */
async function reason(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return undefined;
  }
}

/** The place of what is being answered, so that a draft which comes late is not taken for one of the next answer. */
function openTurn() {
  const turn = document.querySelector("form[data-answer] [name=turn]");
  return turn instanceof HTMLInputElement ? Number(turn.value) : undefined;
}

/** Where a draft of this turn is kept in the browser while the server cannot be reached. */
function localKey() {
  return `draft ${room.dataset.id} ${openTurn() ?? ""}`;
}

/** Where it is kept how long this answer was spoken. */
function spokenKey() {
  return `spoken ${room.dataset.id} ${openTurn() ?? ""}`;
}

/** @param {string} key @param {string} text */
function keepLocally(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // A browser that keeps nothing still has the text in the field.
  }
}

/** Drops what was kept for turns that have been answered. */
function forgetEarlier() {
  const mine = `draft ${room.dataset.id} `;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(mine) && Number(key.slice(mine.length)) < (openTurn() ?? 0)) localStorage.removeItem(key);
  }
}

/** Puts back what could not be saved before the page was left. @param {HTMLTextAreaElement} answer */
function restoreLocal(answer) {
  const kept = localStorage.getItem(localKey());
  if (kept === null || kept === answer.value) return;
  answer.value = kept;
  countWords(answer);
  void keepDraft(false);
}

/**
 * Follows the interview's events: new entries refresh the page's regions, words being said show at once.
 */
function follow() {
  let shown = Number(room.dataset.seq);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  const events = new EventSource(`${room.dataset.events}?after=${shown}`);
  events.addEventListener("entry", (event) => {
    const seq = Number(event.lastEventId);
    if (seq <= shown) return;
    shown = seq;
    clearTimeout(soon);
    soon = setTimeout(refresh, 60);
  });
  events.addEventListener("saying", (event) => {
    const saying = document.getElementById("saying");
    if (saying) saying.textContent = JSON.parse(event.data).text;
    else if (!field()) void refresh();
  });
  events.addEventListener("open", () => {
    back();
    if (field()) void keepDraft(false);
  });
  events.addEventListener("error", () => {
    lost();
    if (events.readyState === EventSource.CLOSED) {
      // A browser gives up where the answer was no stream; the server may be back all the same.
      setTimeout(follow, RETRY);
    }
  });
  // Hidden pages of a browser would otherwise use up its connections to this server.
  addEventListener("pagehide", () => events.close());
}

/** Fetches the page again and replaces those regions that have changed; what is being typed stays. */
async function refresh() {
  const response = await fetch(room.dataset.page ?? "").catch(() => undefined);
  if (!response?.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), "text/html");
  const nextRoom = next.querySelector("[data-room]");
  if (leaving) return;
  if (!(nextRoom instanceof HTMLElement) || nextRoom.dataset.room !== room.dataset.room) {
    await keepDraft(false);
    location.replace(room.dataset.page ?? "/");
    return;
  }
  const typed = field()?.value ?? "";
  const hadFocus = document.activeElement === document.body || document.activeElement?.closest("#stage") !== null;
  let changed = false;
  for (const fresh of nextRoom.querySelectorAll("[data-region]")) {
    const old = document.getElementById(fresh.id);
    if (!old) {
      placeAfterPrevious(fresh);
      continue;
    }
    if (old.dataset.region === /** @type {HTMLElement} */ (fresh).dataset.region) continue;
    changed ||= fresh.id === "stage" || fresh.id.startsWith("take-");
    old.replaceWith(fresh);
  }
  room.dataset.seq = nextRoom.dataset.seq;
  document.title = next.title;
  if (changed) settle(typed, hadFocus);
}

/** A region that was not there before goes after the one it follows in the fresh page. @param {Element} fresh */
function placeAfterPrevious(fresh) {
  const before = fresh.previousElementSibling?.id;
  const anchor = before ? document.getElementById(before) : null;
  if (anchor) anchor.after(fresh);
}

/**
 * After the stage has changed: watch its field, bring back unsent words, and say what is new.
 * @param {string} typed
 * @param {boolean} hadFocus
 */
function settle(typed, hadFocus) {
  const answer = field();
  const isUnsent = typed !== "" && typed !== saved;
  watchField();
  if (answer && isUnsent && answer.value === "") {
    answer.value = typed;
    countWords(answer);
    void keepDraft(false);
  }
  if (answer && hadFocus) answer.focus({ preventScroll: true });
  const score = document.querySelector("#stage .verdict, #stage .notice, #stage .rate h2");
  if (answer) {
    announceQuestion();
    offerReading(room, true);
  } else {
    announce(score?.textContent?.replace(/\s+/gu, " ").trim() ?? words.changed);
  }
}

/** Says what the interviewer said last. */
function announceQuestion() {
  const said = document.querySelector("#conversation .line:last-child .said") ?? document.querySelector(".prompt-text");
  announce(fill(words.interviewer, said?.textContent ?? ""));
}

if (found) {
  document.documentElement.classList.add("live");
  watchField();
  linkMarks(room);
  // Where there is a keyboard one can write at once; a screen reader is told what was asked before the field.
  const answer = field();
  if (answer && document.activeElement === document.body && matchMedia("(hover: hover)").matches) {
    answer.focus({ preventScroll: true });
    answer.setSelectionRange(answer.value.length, answer.value.length);
    announceQuestion();
  }
  if (answer) offerReading(room, true);
  document.getElementById("print-now")?.addEventListener("click", () => print());
  follow();
  addEventListener("pagehide", () => keepDraft(true));
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      leaving = false;
      void refresh();
    }
  });
}

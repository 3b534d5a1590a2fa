// Words of the scripts, and saying things to those who listen to the page.

import { words } from "./words.js";

export { words };

/**
 * Fills in `{0}`, `{1}` …
 * @param {string} text
 * @param {...(string | number)} values
 */
export function fill(text, ...values) {
  return values.reduce((/** @type {string} */ filled, value, place) => filled.replaceAll(`{${place}}`, String(value)), text);
}

/** Has a screen reader say it when it has time. @param {string} text */
export function announce(text) {
  const place = document.getElementById("announce");
  if (place) place.textContent = text;
}

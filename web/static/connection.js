// Whether the server can be reached, said once when it is lost and once when it is back.

import { words } from "./say.js";

/** How long to wait before what failed is tried again, in milliseconds. */
export const RETRY = 3000;

/** Whether the server could not be reached the last time. */
let away = false;

export const isLost = () => away;

/** Whether the server answers within a moment. */
export async function reachable() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(RETRY) })).ok;
  } catch {
    return false;
  }
}

/** Says, once, that the server cannot be reached. */
export function lost() {
  const notice = document.getElementById("connection");
  if (away || !notice) return;
  away = true;
  notice.hidden = false;
  notice.textContent = words.offline;
}

/** Says, once, that it is back. */
export function back() {
  const notice = document.getElementById("connection");
  if (!away || !notice) return;
  away = false;
  notice.textContent = words.online;
  setTimeout(() => {
    if (!away) notice.hidden = true;
  }, RETRY);
}

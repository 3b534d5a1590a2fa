// A gentle clock: whole minutes, one nudge at one and a half times the expected length, and never a cut-off.

import { fill, words } from "./say.js";

/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;

/** Starts to count from where the server says that this ask stands. */
export function startClock() {
  clearInterval(ticking);
  const clock = document.getElementById("clock");
  if (!clock) return;
  const began = performance.now() - Number(clock.dataset.elapsed) * 1000;
  const expected = Number(clock.dataset.expected) * 60;
  const show = () => {
    const seconds = (performance.now() - began) / 1000;
    clock.textContent = `${fill(words.minutes, Math.floor(seconds / 60))} ·`;
    const nudge = document.getElementById("nudge");
    if (nudge && nudge.textContent === "" && seconds >= 1.5 * expected) nudge.textContent = words.nudge;
  };
  show();
  ticking = setInterval(show, 1000);
}

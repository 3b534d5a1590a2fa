// Hovering or focusing a row of the scorecard lights its words in the transcript, and the other way round.

/** The signs that `target` stands for: a row's own, or those of every row that cites a mark. @param {EventTarget | null} target */
function signsOf(target) {
  if (!(target instanceof Element)) return [];
  const signed = target.closest("[data-sign]");
  if (signed instanceof HTMLElement) return [signed.dataset.sign ?? ""];
  return target.closest("mark")?.dataset.signs?.split(" ") ?? [];
}

/** Brings a mark into sight inside its transcript, without moving the page. @param {Element | null} mark */
function show(mark) {
  const transcript = mark?.closest(".transcript");
  if (!mark || !transcript || transcript.scrollHeight <= transcript.clientHeight) return;
  const [inner, outer] = [mark.getBoundingClientRect(), transcript.getBoundingClientRect()];
  if (inner.top < outer.top) transcript.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) transcript.scrollTop += inner.bottom - outer.bottom;
}

/** @param {Element} review @param {string[]} signs */
function light(review, signs) {
  for (const mark of review.querySelectorAll("mark")) {
    const cited = (mark.dataset.signs ?? "").split(" ");
    mark.classList.toggle("lit", cited.some((sign) => signs.includes(sign)));
  }
  show(review.querySelector("mark.lit"));
  for (const row of review.querySelectorAll("li[data-sign]")) {
    row.classList.toggle("lit", row instanceof HTMLElement && signs.includes(row.dataset.sign ?? ""));
  }
}

/** Watches every scorecard in `place`, those that come later too. @param {HTMLElement} place */
export function linkMarks(place) {
  /** What the pointer is on. @type {EventTarget | null} */
  let pointed = null;
  /** @param {Event} event @param {EventTarget | null} focused */
  const show = (event, focused) => {
    const review = event.target instanceof Element ? event.target.closest(".review") : null;
    if (review) light(review, [...signsOf(pointed), ...signsOf(focused)]);
  };
  place.addEventListener("pointerover", (event) => {
    pointed = event.target;
    show(event, document.activeElement);
  });
  place.addEventListener("pointerout", (event) => {
    pointed = null;
    show(event, document.activeElement);
  });
  place.addEventListener("focusin", (event) => show(event, event.target));
  place.addEventListener("focusout", (event) => show(event, null));
}

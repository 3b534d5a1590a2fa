// The microphone: choosing one, seeing that it hears, recording it, and having the recording turned into text.

import { fill, words } from "./say.js";

/** The choice of microphone, for the next page. */
const CHOSEN = "microphone";

/** How often the level is drawn, in milliseconds: seen as moving, and cheap. */
const FRAME = 80;

/** @typedef {{ text: string, seconds: number | null, pauses: number[] | null }} Heard */

/** Why a microphone cannot be used, in words. @param {unknown} error */
export function whyNot(error) {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError") return words["microphone-refused"];
  if (name === "NotFoundError" || name === "OverconstrainedError") return words["microphone-missing"];
  if (name === "NotReadableError") return words["microphone-busy"];
  return fill(words["microphone-failed"], error instanceof Error ? error.message : String(error));
}

/** Whether this browser can record at all. */
export function canRecord() {
  return "mediaDevices" in navigator && "MediaRecorder" in window;
}

/** The device chosen before, where it is still there. */
function constraints() {
  const chosen = localStorage.getItem(CHOSEN);
  return { audio: chosen ? { deviceId: { ideal: chosen } } : true };
}

/**
 * Fills a choice of microphones; names are known once one has been allowed.
 * @param {HTMLSelectElement} select
 */
export async function listDevices(select) {
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "audioinput");
  const chosen = localStorage.getItem(CHOSEN);
  select.replaceChildren(
    ...devices.map((device, place) => {
      const option = document.createElement("option");
      option.value = device.deviceId;
      option.textContent = device.label || fill(words["microphone-number"], place + 1);
      option.selected = device.deviceId === chosen;
      return option;
    }),
  );
  select.onchange = () => localStorage.setItem(CHOSEN, select.value);
}

/** One recording, from the moment the microphone is open until its text is there. */
export class Recording {
  /** @type {MediaStream | undefined} */
  #stream;
  /** @type {MediaRecorder | undefined} */
  #recorder;
  /** @type {AudioContext | undefined} */
  #context;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #drawing;
  /** @type {Blob[]} */
  #pieces = [];
  #began = 0;
  /** How long was recorded, in seconds. */
  seconds = 0;

  /** Opens the microphone and begins. @param {HTMLMeterElement | null} meter */
  async start(meter) {
    this.#stream = await navigator.mediaDevices.getUserMedia(constraints());
    this.#recorder = new MediaRecorder(this.#stream);
    this.#recorder.addEventListener("dataavailable", (event) => this.#pieces.push(event.data));
    // In pieces, so that what was said before a fault is there.
    this.#recorder.start(1000);
    this.#began = performance.now();
    if (meter) this.#draw(meter);
  }

  /** Draws how loud it is. @param {HTMLMeterElement} meter */
  #draw(meter) {
    if (!this.#stream) return;
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1024;
    this.#context.createMediaStreamSource(this.#stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#drawing = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      meter.value = Math.min(1, loudest * 1.4);
    }, FRAME);
  }

  /** Ends the recording and gives all of it. @returns {Promise<Blob>} */
  async stop() {
    const recorder = this.#recorder;
    if (recorder && recorder.state !== "inactive") {
      const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
      recorder.stop();
      await stopped;
    }
    this.seconds = (performance.now() - this.#began) / 1000;
    clearInterval(this.#drawing);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    await this.#context?.close();
    return new Blob(this.#pieces, { type: recorder?.mimeType ?? "audio/webm" });
  }
}

/** Has a recording turned into text. @param {Blob} recording @returns {Promise<Heard>} */
export async function transcribe(recording) {
  const response = await fetch("/api/v1/speech/transcriptions", {
    method: "POST",
    headers: { "Content-Type": recording.type || "application/octet-stream" },
    body: recording,
  });
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(reply.detail ?? fill(words["answered-status"], response.status));
  return reply;
}

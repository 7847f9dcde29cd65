/** Recording what somebody says, and how loud it was over time. */

const BARS = 48; // numbers that a recording is drawn by
const EACH_MS = 60; // between two looks at how loud it is

/** @typedef {{ blob: Blob, duration_ms: number, waveform: number[] }} Recorded */

export const canRecord = !!globalThis.navigator?.mediaDevices && 'MediaRecorder' in globalThis;

/** One recording, under way; `stop` ends it, and gives what was recorded unless it was thrown away. */
export class Recording {
  #recorder;
  #meter;
  #began = performance.now();

  /** @param {MediaStream} stream */
  constructor(stream) {
    this.#recorder = new MediaRecorder(stream);
    this.#meter = new Meter(stream);
    this.#recorder.start();
  }

  /** Ask for the microphone and begin; throws DOMException when it may not be used. */
  static async begin() {
    return new Recording(await navigator.mediaDevices.getUserMedia({ audio: true }));
  }

  /** @returns {Promise<Recorded>} */
  async stop() {
    const duration_ms = Math.round(performance.now() - this.#began);
    const waveform = bars(this.#meter.levels);
    /** @type {Promise<Blob>} */
    const recorded = new Promise((resolve) => {
      this.#recorder.ondataavailable = ({ data }) => resolve(data);
    });
    if (this.#recorder.state != 'inactive') this.#recorder.stop();
    this.#meter.stop();
    for (const track of this.#recorder.stream.getTracks()) track.stop();
    return { blob: await recorded, duration_ms, waveform };
  }
}

/** How loud a stream is, from 0 to 1, every few milliseconds. */
class Meter {
  /** @type {number[]} */
  levels = [];
  #context = new AudioContext();
  #timer;

  /** @param {MediaStream} stream */
  constructor(stream) {
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.levels.push(Math.max(...samples.map(Math.abs)));
    }, EACH_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#context.close();
  }
}

/**
 * So many numbers from 0 to 100, the loudest of all 100.
 * @param {readonly number[]} levels
 */
export const bars = (levels) => {
  const most = Math.max(0.01, ...levels);
  const count = Math.min(BARS, levels.length);
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * levels.length) / count);
    const to = Math.floor(((at + 1) * levels.length) / count);
    return Math.round((Math.max(...levels.slice(from, to)) / most) * 100);
  });
};

/** A recording that is played: its lines pass as frames did, without a server. */

/** @import { Line } from './recording.js' */

import { signal } from '../vendor/preact.js';
import { Tape } from './tape.js';

const LONGEST_MS = 1000; // nobody wants to wait where nobody spoke

export class Replay {
  tape = new Tape();
  /** How many lines have passed. */
  place = signal(0);
  isPlaying = signal(false);
  #lines;

  /**
   * @param {string} title
   * @param {readonly Line[]} lines
   */
  constructor(title, lines) {
    this.title = title;
    this.#lines = lines;
  }

  get length() {
    return this.#lines.length;
  }

  end = async () => this.pause();

  step = () => {
    const line = this.#lines[this.place.value];
    if (!line) return;
    this.tape.add(line.direction, line.text, line.time);
    this.place.value += 1;
  };

  all = () => {
    while (this.place.value < this.length) this.step();
  };

  pause = () => {
    this.isPlaying.value = false;
  };

  /** Go on in the time it took, but for long silences. */
  play = async () => {
    this.isPlaying.value = true;
    while (this.isPlaying.value && this.place.value < this.length) {
      this.step();
      await new Promise((resolve) => setTimeout(resolve, this.#silence()));
    }
    this.pause();
  };

  #silence() {
    const [last, next] = [this.#lines[this.place.value - 1], this.#lines[this.place.value]];
    return last && next ? Math.min(LONGEST_MS, Math.max(0, next.time - last.time)) : 0;
  }
}

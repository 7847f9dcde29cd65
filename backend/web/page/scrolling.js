/** Where one reads: kept on the screen while what is around it changes. */

const AT_END = 48; // pixels from the end that still count as there

export class Anchor {
  isAtEnd = true;
  /** @type {HTMLElement | null} */
  #box = null;
  /** @type {{ slot: HTMLElement, top: number } | null} */
  #kept = null;
  /** @type {number | null} */
  #wanted = null;
  #reach = 0; // pixels that could be scrolled when one was put back last

  /**
   * Look after this element; gives the way to stop.
   * @param {HTMLElement | null} box
   */
  watch(box) {
    this.#box = box;
    if (!box?.firstElementChild) return undefined;
    const observer = new ResizeObserver(() => this.#restore());
    observer.observe(box);
    observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }

  /**
   * Remember where one is, after scrolling.
   * @param {boolean} isNewest whether the newest message is among those shown
   */
  note(isNewest) {
    const box = this.#box;
    if (!box) return;
    // what grew or shrank meanwhile is not scrolled: else who is at the end would seem to have left it
    if (reachOf(box) != this.#reach) return this.#restore();
    this.isAtEnd = isNewest && this.#reach - box.scrollTop < AT_END;
    const slots = this.#slots();
    const slot = slots[reaching(slots, box.scrollTop)];
    this.#kept = slot ? { slot, top: slot.offsetTop - box.scrollTop } : null;
  }

  /**
   * Put what one reads back to where it was, after something was drawn.
   * @param {boolean} isNewest
   */
  settle(isNewest) {
    if (!isNewest) this.isAtEnd = false;
    this.#restore();
  }

  /** Go to the end, and stay there. */
  stick() {
    this.isAtEnd = true;
    this.#wanted = null;
    this.#restore();
  }

  /**
   * Go to a message, as soon as it is drawn.
   * @param {number} id
   */
  seek(id) {
    this.#wanted = id;
    this.#restore();
  }

  /** The id of the last message that is to be seen whole, if there is one. */
  lastSeen() {
    const box = this.#box;
    if (!box) return undefined;
    const slots = this.#slots();
    let at = reaching(slots, box.scrollTop + box.clientHeight) - 1;
    while (at >= 0 && !idOf(slots[at])) at -= 1;
    return idOf(slots[at]);
  }

  /** Where messages stand, from the top; lines between them are none, they move. */
  #slots() {
    return /** @type {NodeListOf<HTMLElement>} */ (this.#box?.querySelectorAll('[data-key]') ?? []);
  }

  #restore() {
    const box = this.#box;
    if (!box) return;
    this.#reach = reachOf(box);
    if (this.#wanted != null) {
      const found = box.querySelector(`[data-id="${this.#wanted}"]`)?.closest('.slot');
      if (!(found instanceof HTMLElement)) return;
      this.#wanted = null;
      box.scrollTop = found.offsetTop - Math.max(40, (box.clientHeight - found.offsetHeight) / 3);
      this.isAtEnd = this.#reach - box.scrollTop < AT_END; // also where there is nothing to scroll
      return;
    }
    if (this.isAtEnd) {
      box.scrollTop = box.scrollHeight;
      return;
    }
    const { slot, top } = this.#kept ?? {};
    if (!slot?.isConnected || top == null) return;
    const off = slot.offsetTop - box.scrollTop - top;
    if (Math.abs(off) >= 1) box.scrollTop += off;
  }
}

/** @param {HTMLElement} box */
const reachOf = (box) => box.scrollHeight - box.clientHeight;

/**
 * The index of the first slot that reaches below an edge; their number if none does.
 * @param {ArrayLike<HTMLElement>} slots
 * @param {number} edge
 */
const reaching = (slots, edge) => {
  let [from, to] = [0, slots.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const slot = slots[middle];
    if (slot && slot.offsetTop + slot.offsetHeight > edge) to = middle;
    else from = middle + 1;
  }
  return from;
};

/**
 * The id of the message in a slot; one that was not sent has none.
 * @param {HTMLElement | undefined} slot
 */
const idOf = (slot) => Number(slot?.querySelector('[data-id]')?.getAttribute('data-id')) || undefined;

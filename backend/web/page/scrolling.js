/** Where one reads: kept on the screen while what is around it changes. */

const AT_END = 48; // pixels from the end that still count as there

export class Anchor {
  isAtEnd = true;
  /** @type {HTMLElement | null} */
  #box = null;
  /** @type {{ key: string, top: number } | null} */
  #kept = null;
  /** @type {number | null} */
  #wanted = null;

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
    this.isAtEnd = isNewest && box.scrollHeight - box.scrollTop - box.clientHeight < AT_END;
    const first = this.#slots().find((each) => each.offsetTop + each.offsetHeight > box.scrollTop);
    this.#kept = first ? { key: first.dataset['key'] ?? '', top: first.offsetTop - box.scrollTop } : null;
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
    const end = box.scrollTop + box.clientHeight;
    const slot = this.#slots().findLast((each) => each.offsetTop + each.offsetHeight <= end && this.#idOf(each));
    return slot && this.#idOf(slot);
  }

  /** @param {HTMLElement} slot */
  #idOf(slot) {
    return Number(slot.querySelector('[data-id]')?.getAttribute('data-id')) || undefined;
  }

  #slots() {
    return /** @type {HTMLElement[]} */ ([...(this.#box?.querySelectorAll('.slot') ?? [])]);
  }

  #restore() {
    const box = this.#box;
    if (!box) return;
    if (this.#wanted != null) {
      const found = box.querySelector(`[data-id="${this.#wanted}"]`)?.closest('.slot');
      if (!(found instanceof HTMLElement)) return;
      this.#wanted = null;
      this.isAtEnd = false;
      box.scrollTop = found.offsetTop - Math.max(40, (box.clientHeight - found.offsetHeight) / 3);
      return;
    }
    if (this.isAtEnd) {
      box.scrollTop = box.scrollHeight;
      return;
    }
    const { key, top } = this.#kept ?? {};
    const slot = this.#slots().find((each) => each.dataset['key'] == key);
    if (!slot || top == null) return;
    const off = slot.offsetTop - box.scrollTop - top;
    if (Math.abs(off) >= 1) box.scrollTop += off;
  }
}

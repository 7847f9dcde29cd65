/** Small things this browser keeps: drafts, the emoji used last. All of it goes at logout. */

const PREFIX = 'parley.';

/**
 * What was kept under a name, or `otherwise`.
 * @template T
 * @param {string} name
 * @param {T} otherwise
 * @returns {T}
 */
export const kept = (name, otherwise) => {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text == null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
};

/**
 * Keep a value; null lets go of it. A browser that keeps nothing is no error.
 * @param {string} name
 * @param {unknown} value
 */
export const keep = (name, value) => {
  try {
    if (value == null || value === '') localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // private windows, or full
  }
};

/** Let go of everything. */
export const forget = () => {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    }
  } catch {
    // as above
  }
};

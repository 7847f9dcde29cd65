/** What is loaded when it is first wanted, so that the page itself is there sooner. */

import { h, useEffect, useState } from '../vendor/preact.js';

export const later = {
  newChat: async () => (await import('./newchat.js')).openNewChat(),
  search: async (/** @type {number | null} */ within = null) =>
    (await import('./search.js')).openSearch(within),
  switcher: async () => (await import('./switcher.js')).openSwitcher(),
  profile: async () => (await import('./profile.js')).openProfile(),
  forward: async (/** @type {number} */ message) =>
    (await import('./switcher.js')).openForward(message),
  emoji: async (/** @type {(emoji: string) => void} */ choose) =>
    (await import('./picker.js')).pickEmoji(choose),
  light: async (/** @type {string} */ url, /** @type {string} */ name) =>
    (await import('./lightbox.js')).openPicture(url, name),
};

/**
 * The pane beside a conversation.
 * @param {{ id: number }} props
 */
export const LaterDetails = ({ id }) => {
  const [loaded, setLoaded] = useState(/** @type {typeof import('./details.js') | null} */ (null));
  useEffect(() => {
    import('./details.js').then(setLoaded);
  }, []);
  return loaded && h(loaded.Details, { id });
};

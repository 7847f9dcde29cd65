/** Registering the worker that keeps the shell. */

import { at } from './base.js';

/** @typedef {{ createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string } }} Policies */

/** Let the page open without a network from the next time on; a browser that cannot is no error. */
export const install = async () => {
  if (!navigator.serviceWorker) return;
  const policies = /** @type {Policies | undefined} */ (/** @type {any} */ (globalThis).trustedTypes);
  // the one address that is taken as a script, which no text of anybody's gets near
  const rules = { createScriptURL: (/** @type {string} */ url) => url };
  const policy = policies?.createPolicy('parley', rules) ?? rules;
  await navigator.serviceWorker
    .register(policy.createScriptURL(at('/web/worker.js')), { scope: at('/') })
    .catch(() => {});
};

/**
 * The page's worker: it keeps the shell (the page and its files), so that the page opens without a
 * network. What people write never passes through it: only files of /web and /sdk, and / itself.
 */

/** @type {any} */
const worker = self;
const SHELL = 'parley-shell';
const { pathname: HOME } = new URL(worker.registration.scope);
const FILES = [`${HOME}web/`, `${HOME}sdk/`];

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

/**
 * The newest there is: asked for, and kept; what was kept if nobody answers.
 * @param {Request} request
 */
const newest = async (request) => {
  const shell = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shell.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await shell.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
};

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method != 'GET' || origin != location.origin) return;
  if (FILES.some((folder) => pathname.startsWith(folder)) || (pathname == HOME && request.mode == 'navigate')) {
    event.respondWith(newest(request));
  }
});

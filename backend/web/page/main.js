/** The page begins here. */

import { h, render } from '../vendor/preact.js';
import { App } from './app.js';
import { chat } from './chat.js';
import { install } from './installing.js';
import { t } from './texts.js';

document.documentElement.lang = t.tag;
document.documentElement.dir = t.dir;
document.title = t.name;

chat.connect(); // first, and on its way before anything is drawn: the answer takes longer
setTimeout(() => {
  const root = document.getElementById('app');
  if (root) render(h(App, {}), root);
});
addEventListener('load', install);

/** The inspector begins here: nothing of it is loaded by the page at `/`. */

import { h, render } from '../vendor/preact.js';
import { App } from './app.js';

const root = document.getElementById('app');
if (root) render(h(App, {}), root);

/** Dialogs and menus: one at a time is open, on top of the page; the browser keeps the focus in. */

import { h, html, signal, useEffect, useRef } from '../vendor/preact.js';
import { IconButton } from './icons.js';
import { t } from './texts.js';

/** @import { ComponentChildren, VNode } from '../vendor/preact.js' */

/** What is open: given a way to close itself, it gives what is in it. */
export const opened = signal(/** @type {null | ((close: () => void) => VNode)} */ (null));

/** @param {(close: () => void) => VNode} make */
export const open = (make) => {
  opened.value = make;
};

export const close = () => {
  opened.value = null;
};

/** What is open now, for the root of the page. */
export const Opened = () => opened.value?.(close) ?? null;

/**
 * A modal element; Escape and a press beside it close it.
 * @param {{ class: string, label: string, children?: ComponentChildren, style?: Record<string, string>, onKeyDown?: (event: KeyboardEvent) => void }} props
 */
export const Modal = ({ label, children, ...rest }) => {
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  /** @param {MouseEvent} event */
  const beside = (event) => {
    if (event.target === element.current) close();
  };
  // the browser tells of it a little later, when another may be open
  const closed = () => element.current && close();
  return h(
    'dialog',
    { ...rest, ref: element, 'aria-label': label, onClose: closed, onMouseDown: beside },
    children,
  );
};

/**
 * A dialog with a title.
 * @param {{ title: string, children?: ComponentChildren }} props
 */
export const Dialog = ({ title, children }) => html`
  <${Modal} class="sheet" label=${title}>
    <div class="dialog">
      <header>
        <h2>${title}</h2>
        ${h(IconButton, { name: 'close', label: t.close, onClick: close })}
      </header>
      ${children}
    </div>
  </${Modal}>
`;

/** @typedef {{ label: string, act: () => void, danger?: boolean }} Choice */

/**
 * Open a menu at an element.
 * @param {Element} at
 * @param {(Choice | false | null | undefined)[]} choices
 * @param {VNode} [above] shown over the choices
 */
export const openMenu = (at, choices, above) => {
  const box = at.getBoundingClientRect();
  const shown = choices.filter((each) => !!each);
  const height = shown.length * 40 + 14 + (above ? 52 : 0);
  const top = Math.max(8, Math.min(box.bottom + 4, innerHeight - height - 8));
  const left = Math.max(8, Math.min(box.left, innerWidth - 300));
  open(() => h(Menu, { choices: shown, above, style: { top: `${top}px`, left: `${left}px` } }));
};

/** @param {{ choices: Choice[], above?: VNode | undefined, style: Record<string, string> }} props */
const Menu = ({ choices, above, style }) => {
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !(event.currentTarget instanceof Element)) return;
    event.preventDefault();
    const items = [...event.currentTarget.querySelectorAll('button')];
    const now = items.findIndex((each) => each === document.activeElement);
    items.at((now + step) % items.length)?.focus();
  };
  return html`
    <${Modal} class="menu" label=${t.more} style=${style} onKeyDown=${move}>
      ${above}
      <menu role="menu">
        ${choices.map(
          ({ label, act, danger }) => html`
            <li role="none">
              <button role="menuitem" class=${`item ${danger ? 'danger' : ''}`} onClick=${() => {
                close();
                act();
              }}>${label}</button>
            </li>
          `,
        )}
      </menu>
    </${Modal}>
  `;
};

/**
 * Ask before something that cannot be taken back.
 * @param {string} question
 * @param {string} label of the button that does it
 * @param {() => void} act
 */
export const confirm = (question, label, act) =>
  open(
    () => html`
      <${Dialog} title=${label}>
        <p>${question}</p>
        <footer>
          <button class="button plain" onClick=${close}>${t.cancel}</button>
          <button class="button" autofocus onClick=${() => {
            close();
            act();
          }}>${label}</button>
        </footer>
      </${Dialog}>
    `,
  );

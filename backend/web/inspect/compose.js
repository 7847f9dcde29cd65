/** Composing a request: its fields as `help` tells them, checked, completed from what was seen. */

/** @import { Signal } from '../vendor/preact.js' */
/** @import { FieldHelp } from '../sdk/wire.js' */
/** @import { Session } from './session.js' */

import { h, html, useEffect, useState } from '../vendor/preact.js';
import { check } from './checking.js';
import { Copies } from './copies.js';
import { seen } from './seen.js';

/** @typedef {{ type: string, texts: Record<string, string>, raw: string | null }} Draft raw: past the library */

/** @returns {Draft} */
export const emptyDraft = () => ({ type: '', texts: {}, raw: null });

/**
 * A request as it would be typed.
 * @param {Record<string, unknown>} frame
 * @returns {Draft}
 */
export const draftOf = ({ type, ref, success, ...fields }) => ({
  type: String(type),
  texts: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typed(value)])),
  raw: null,
});

/** @param {unknown} value */
const typed = (value) => {
  if (Array.isArray(value)) return value.join(', ') || '[]';
  return value === '' ? '""' : String(value);
};

/** @param {{ session: Session, draft: Signal<Draft> }} props */
export const Compose = ({ session, draft }) => {
  const { type, texts, raw } = draft.value;
  const fields = useFields(session, type);
  const checked = Object.entries(fields).map(([name, help]) => ({ name, ...check(help, texts[name] ?? '') }));
  const isRight = type in session.types.value && checked.every(({ wrong }) => !wrong);
  const values = Object.fromEntries(checked.filter((each) => 'value' in each).map(({ name, value }) => [name, value]));
  const set = (/** @type {Partial<Draft>} */ change) => {
    draft.value = { ...draft.value, ...change };
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (raw != null) session.wire.send(raw);
    else if (isRight) session.ask(type, values);
  };
  const asText = JSON.stringify({ type, ...values });
  return html`
    <form class="compose" aria-label=${`Compose a request as ${session.title}`} onSubmit=${submit}>
      <div class="row">
        <div class="grow">${raw == null && h(TypeField, { session, type, set })}</div>
        <label class="check"><input type="checkbox" checked=${raw != null}
          onChange=${() => set({ raw: raw == null ? asText : null })} /> as text</label>
        <button class="button" disabled=${raw == null ? !isRight : session.status.value.state == 'waiting'}>Send</button>
      </div>
      ${raw != null && html`
        <label>Sent as it stands, right or wrong
          <textarea class="field code" rows="4" value=${raw} onInput=${(/** @type {any} */ { currentTarget }) => set({ raw: currentTarget.value })} />
        </label>
      `}
      ${raw == null && html`
        <p class="small soft" role="status">${session.types.value[type] ?? (type && `There is no request ${type}.`)}</p>
        <div class="fields">
          ${checked.map(({ name, wrong }) => {
            const help = fields[name];
            const change = (/** @type {string} */ text) => set({ texts: { ...texts, [name]: text } });
            return help && h(FieldInput, { session, type, name, help, text: texts[name] ?? '', wrong, change, key: `${type} ${name}` });
          })}
        </div>
        ${isRight && h(Copies, { key: asText, frame: { type, ...values } })}
      `}
    </form>
  `;
};

/**
 * The fields of a request, once the server has told them.
 * @param {Session} session
 * @param {string} type
 */
const useFields = (session, type) => {
  const [known, setKnown] = useState({ type: '', fields: /** @type {Record<string, FieldHelp>} */ ({}) });
  const isRequest = type in session.types.value;
  useEffect(() => {
    if (isRequest) session.help(type).then((fields) => setKnown({ type, fields }), () => {});
  }, [type, isRequest]);
  return known.type == type ? known.fields : {};
};

/** @param {{ session: Session, type: string, set: (change: Partial<Draft>) => void }} props */
const TypeField = ({ session, type, set }) => html`
  <label>Request
    <input class="field code" list=${`types-${session.title}`} value=${type} autocomplete="off" spellcheck=${false}
      onFocus=${() => session.learn().catch(() => {})}
      onInput=${(/** @type {any} */ { currentTarget }) => set({ type: currentTarget.value })} />
  </label>
  <datalist id=${`types-${session.title}`}>
    ${Object.entries(session.types.value).map(([name, line]) => html`<option value=${name}>${line}</option>`)}
  </datalist>
`;

/**
 * @param {{ session: Session, type: string, name: string, help: FieldHelp, text: string, wrong: string | undefined, change: (text: string) => void, key: string }} props
 */
const FieldInput = ({ session, type, name, help, text, wrong, change }) => {
  const id = `${session.title}-${name}`;
  const isWrong = !!wrong && text != '';
  const words = [help.type, help.limit, help.default != null && `else ${help.default}`].filter(Boolean);
  return html`
    <div>
      <label for=${id}><span><b class="code">${name}</b>${help.required && html`<span aria-hidden="true"> *</span>`}</span></label>
      <input id=${id} class="field code" list=${`${id}-seen`} value=${text} required=${help.required}
        aria-invalid=${isWrong} aria-describedby=${`${id}-told`} autocomplete="off" spellcheck=${false}
        onInput=${(/** @type {any} */ { currentTarget }) => change(currentTarget.value)} />
      <datalist id=${`${id}-seen`}>
        ${choices(help).concat(seen(session.tape.state, type, name)).map(({ value, label }) => html`<option value=${String(value)}>${label}</option>`)}
      </datalist>
      <p id=${`${id}-told`} class=${isWrong ? 'wrong small' : 'soft small'}>${isWrong ? wrong : words.join(', ')}</p>
    </div>
  `;
};

/**
 * The values a field can have, if they are few.
 * @param {FieldHelp} help
 * @returns {import('./seen.js').Seen[]}
 */
const choices = ({ type }) => {
  const kinds = type.split(' or ').filter((each) => each != 'null');
  const values = kinds[0] == 'boolean' ? ['true', 'false'] : kinds;
  return values.length > 1 ? values.map((value) => ({ value, label: value })) : [];
};

/** Refetch and compare, as a button: it finds what the library's reducer makes wrong of events. */

/** @import { Difference } from './compare.js' */
/** @import { Session } from './session.js' */

import { h, html, useState } from '../vendor/preact.js';
import { Differences } from './detail.js';

/** @param {{ session: Session }} props */
export const Comparison = ({ session }) => {
  const [found, setFound] = useState(/** @type {readonly Difference[] | null} */ (null));
  const [told, setTold] = useState('');
  const compare = async () => {
    setFound(null);
    setTold('Fetching everything afresh…');
    try {
      const differing = await session.compare();
      setFound(differing);
      setTold(differing.length ? `${differing.length} ${differing.length == 1 ? 'difference' : 'differences'}` : 'Nothing differs.');
    } catch (error) {
      setTold(`Could not compare: ${error instanceof Error ? error.message : error}`);
    }
  };
  return html`
    <div class="comparison">
      <div class="row">
        <button class="button plain" onClick=${compare} disabled=${session.status.value.state != 'live'}>Refetch and compare</button>
        <span role="status">${told}</span>
        ${told && html`<button class="link" onClick=${() => { setFound(null); setTold(''); }}>Hide</button>`}
      </div>
      ${!!found?.length && html`
        <div class="shown" tabindex="0" role="group" aria-label="Differences">
          ${h(Differences, { found, titles: ['lived through', 'fetched'], none: '' })}
        </div>
      `}
    </div>
  `;
};

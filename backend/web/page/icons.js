/** Icons: lines on a grid of 24. */

import { h } from '../vendor/preact.js';

const PATHS = {
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  more: 'M5 11.500v1M12 11.500v1M19 11.500v1M4.500 12h1M11.500 12h1M18.500 12h1',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  send: 'M12 19V5M5.5 11.5L12 5l6.5 6.5',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5s1.2 1.8 3.5 1.8 3.5-1.8 3.5-1.8M9 9.5h.01M15 9.5h.01',
  clip: 'M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.8 17a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6',
  mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  stop: 'M7 7h10v10H7z',
  play: 'M8 5.500v13l11-6.500z',
  pause: 'M8 6v12M16 6v12',
  reply: 'M10 7L5 12l5 5M5 12h9a5 5 0 0 1 5 5v2',
  pin: 'M9 4h6l-1 6 3 3H7l3-3-1-6zM12 13v7',
  gear: 'M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1',
  edit: 'M4 20h4L19 9l-4-4L4 16v4z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  checks: 'M2 12.5l4.5 4.5L16 7.5M12 16l1 1 9.5-9.5',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  bell: 'M4 4l16 16M9.5 5.2A6 6 0 0 1 18 10.5c0 2 .4 3.500 1 4.500M17 17H5s1.500-2 1.500-6.500M10 20h4',
  box: 'M4 8h16v11H4zM3 5h18v3H3zM10 12h4',
  down: 'M12 5v14M5.500 12.500L12 19l6.500-6.500',
  file: 'M13 3H6v18h12V8zM13 3v5h5',
};
/** @typedef {keyof typeof PATHS} IconName */

/**
 * An icon; what it means is said by the button around it.
 * @param {{ name: IconName, turns?: boolean }} props
 */
export const Icon = ({ name, turns = false }) =>
  h('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: turns ? 'turns' : '' }, h('path', { d: PATHS[name] }));

/**
 * A button that is an icon.
 * @param {{ name: IconName, label: string, onClick?: (event: MouseEvent) => void, strong?: boolean, turns?: boolean,
 *   disabled?: boolean, class?: string, expanded?: boolean | undefined }} props
 */
export const IconButton = ({ name, label, onClick, strong, turns, expanded, ...rest }) =>
  h(
    'button',
    {
      type: 'button',
      'aria-label': label,
      title: label,
      onClick,
      ...(expanded != null && { 'aria-expanded': expanded, 'aria-haspopup': 'dialog' }),
      ...rest,
      class: `icon ${strong ? 'strong' : ''} ${rest.class ?? ''}`,
    },
    h(Icon, { name, turns: turns ?? false }),
  );

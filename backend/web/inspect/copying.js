/** A request as others would send it. */

import { SERVER } from '../page/base.js';

/**
 * For a terminal, with the token left to the person.
 * @param {object} frame
 */
export const asWscat = (frame) => {
  const address = `${SERVER.replace(/^http/, 'ws')}/ws`;
  const text = JSON.stringify(frame).replaceAll("'", String.raw`'\''`);
  return `wscat -c ${address} -H "Authorization: Bearer $TOKEN" -w 1 -x '${text}'`;
};

/**
 * For a program that uses the client library.
 * @param {Record<string, unknown>} frame
 */
export const asSdk = ({ type, ref, ...fields }) => {
  const given = Object.keys(fields).length ? `, ${JSON.stringify(fields)}` : '';
  return `await chat.request(${JSON.stringify(type)}${given});`;
};

/**
 * Copy a text; gives whether that was possible, which it is not on plain http from afar.
 * @param {string} text
 */
export const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

// The types of what preact.js bundles; for the type checker only.
export { Fragment, createRef, h, render } from 'preact';
export type { ComponentChildren, FunctionComponent, RefObject, TargetedEvent, VNode } from 'preact';
export {
  useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState,
} from 'preact/hooks';
export {
  batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect,
} from '@preact/signals';
export type { ReadonlySignal, Signal } from '@preact/signals';
import type { VNode } from 'preact';
export declare const html: (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

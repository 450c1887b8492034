// What the console knows, and the clock that keeps it fresh. Pages read `state`; whoever changes it calls `changed()`.

import {api, credentials} from './api.js';

export const state = {
  /** `has_token` is null until the service has said. */
  session: {has_token: null, may_change: false, protects_reads: false, targets: [], instance: ''},
  status: null,
  sparks: null,
  overrides: [],
  trouble: '',
  updatedAt: 0,
  page: {name: 'overview', arg: '', query: {}},
  notice: null,
};

let draw = () => {};
let queued = false;

export function onChange(callback) { draw = callback; }

/** Draws once, however many changes come together. */
export function changed() {
  if (queued) return;
  queued = true;
  requestAnimationFrame(() => {
    queued = false;
    draw();
  });
}

export function notify(text, kind = 'info') {
  const notice = {text, kind};
  state.notice = notice;
  changed();
  setTimeout(() => {
    if (state.notice === notice) {
      state.notice = null;
      changed();
    }
  }, kind === 'bad' ? 15_000 : 6_000);
}

const STATUS_MILLIS = 1_000;
const MOST_PATIENT_MILLIS = 10_000;
const HISTORY_MILLIS = 20_000;
let historyAt = 0;

let wake = () => {};
document.addEventListener('visibilitychange', () => { if (!document.hidden) wake(); });

/**
 * Asks again a second after the answer before; a service that does not answer is asked ever less often, and hidden tabs
 * ask nothing until they are looked at.
 */
export async function keepFresh() {
  let pause = STATUS_MILLIS;
  for (;;) {
    if (!document.hidden) {
      await refresh();
      pause = state.trouble ? Math.min(pause * 2, MOST_PATIENT_MILLIS) : STATUS_MILLIS;
    }
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}

export async function refresh() {
  try {
    const [status, overrides] = await Promise.all([api.status(), api.overrides().catch(() => state.overrides)]);
    state.status = status;
    state.overrides = overrides;
    state.trouble = '';
    state.updatedAt = Date.now();
    if (state.session.has_token === null) await refreshSession();
    if (Date.now() - historyAt > HISTORY_MILLIS) {
      historyAt = Date.now();
      state.sparks = await api.history().catch(() => state.sparks);
    }
  } catch (e) {
    state.trouble = e.message;
    if (e.status === 401) await refreshSession();
  }
  changed();
}

export async function refreshSession() {
  try {
    state.session = await api.session();
    if (credentials.token && !state.session.may_change) {
      credentials.forget();
      notify('That token is not the right one', 'bad');
    }
  } catch (e) {
    if (e.status === 401) {
      state.session = {...state.session, has_token: true, may_change: false, protects_reads: true};
    }
  }
  changed();
}

/** What operators have set of a type, a pool or a lane, by knob; `scope` is `type` or `lane`. */
export const overridesOf = (scope, name) => Object.fromEntries(
  state.overrides.filter((one) => one.scope === scope && one.name === name).map((one) => [one.knob, one]));

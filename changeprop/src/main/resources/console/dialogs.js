// Questions that must be answered before something is changed: native dialogs, so that focus and Escape work by
// themselves.

import {html, render, nothing} from './lib/lit-html/lit-html.js';
import {credentials} from './api.js';
import {field} from './ui.js';
import {notify, refresh, refreshSession, state} from './store.js';

/**
 * Shows a form; resolves with its fields, or null where it was closed. `body` is a template.
 */
export function ask({title, body, submit = 'Do it', danger = false}) {
  return new Promise((resolve) => {
    const opener = document.activeElement;
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'dialog-title');
    document.body.append(dialog);
    let answer = null;
    const close = () => dialog.close();
    const send = (event) => {
      event.preventDefault();
      answer = Object.fromEntries(new FormData(event.target));
      close();
    };
    render(html`<form @submit=${send}>
      <h2 id="dialog-title">${title}</h2>
      ${body}
      <div class="actions">
        <button type="button" @click=${close}>Cancel</button>
        <button type="submit" class=${danger ? 'danger' : 'primary'}>${submit}</button>
      </div>
    </form>`, dialog);
    dialog.addEventListener('close', () => {
      dialog.remove();
      opener?.focus?.();
      resolve(answer);
    });
    dialog.showModal();
    dialog.querySelector('input:not([type=hidden]), select, textarea, button[type=submit]')?.focus();
  });
}

/** Shows something in a panel; resolves when it is closed. */
export function show(title, template) {
  return new Promise((resolve) => {
    const opener = document.activeElement;
    const dialog = document.createElement('dialog');
    dialog.className = 'panel';
    dialog.setAttribute('aria-labelledby', 'dialog-title');
    document.body.append(dialog);
    const close = () => dialog.close();
    const draw = () => render(html`<div class="head"><h2 id="dialog-title">${title}</h2><button type="button" class="close" aria-label="Close" @click=${close}>✕</button></div>${template({close, draw})}`, dialog);
    draw();
    dialog.addEventListener('close', () => {
      dialog.remove();
      opener?.focus?.();
      resolve();
    });
    dialog.showModal();
  });
}

/** Resolves with whether changes may be made now; asks for the token where it is needed. */
export async function signedIn() {
  if (state.session.has_token === null) await refreshSession();
  if (state.session.may_change) return true;
  if (state.session.has_token === null) {
    await show('Not known yet', () => html`<p>The service has not said yet whether changes are possible. Reload, or try again in a moment.</p>`);
    return false;
  }
  if (!state.session.has_token) {
    await show('Nothing can be changed here', () => html`<p>No token is configured, so this console only shows. Set
      <code>admin.token</code>, for example to <code>\${JOBQUEUE_ADMIN_TOKEN}</code>, and restart the service.</p>`);
    return false;
  }
  return signIn();
}

export async function signIn() {
  const answer = await ask({
    title: 'Who are you?',
    submit: 'Sign in',
    body: html`<p>Changes need the token <code>admin.token</code>. Your name stands in the audit beside them.</p>
      ${field('Name', html`<input name="name" autocomplete="username" required maxlength="64" .value=${credentials.name}>`)}
      ${field('Token', html`<input name="token" type="password" autocomplete="current-password" required>`, 'Kept until this tab is closed')}`,
  });
  if (!answer) return false;
  credentials.set(answer.name.trim(), answer.token);
  await refreshSession();
  await refresh();
  if (state.session.may_change) notify(`Signed in as ${answer.name.trim()}`);
  return state.session.may_change;
}

export const reasonField = (required = false) => field('Reason', html`<input name="reason" maxlength="200" ?required=${required} placeholder="Stands in the audit">`);

export const durationField = () => field('For', html`<input name="for" list="durations" placeholder="until it is changed again" pattern="[0-9]+(ms|s|m|h|d)">
  <datalist id="durations"><option value="15m"></option><option value="1h"></option><option value="2h"></option><option value="8h"></option><option value="1d"></option></datalist>`, 'Such as 30m or 2h; empty: no end');

export {nothing};

// The console: draws the page that the address names, whenever something has changed.

import {html, render, nothing} from './lib/lit-html/lit-html.js';
import {credentials} from './api.js';
import {auditPage, fleetPage, help, storyPage} from './others.js';
import {changed, keepFresh, onChange, refreshSession, state} from './store.js';
import {deadPage} from './dead.js';
import {findings} from './judge.js';
import {clock, plural} from './format.js';
import {overview} from './overview.js';
import {scheduledPage} from './scheduled.js';
import {signedIn, signIn} from './dialogs.js';
import {typePage} from './type.js';

const STALE_MILLIS = 8_000;

const PAGES = [
  {name: 'overview', label: 'Overview', key: 'o', path: '#/'},
  {name: 'dead', label: 'Dead', key: 'd', path: '#/dead'},
  {name: 'scheduled', label: 'Scheduled', key: 's', path: '#/scheduled'},
  {name: 'fleet', label: 'Fleet', key: 'f', path: '#/fleet'},
  {name: 'audit', label: 'Audit', key: 'a', path: '#/audit'},
];

/** What an address says; null where a part of it is cut off, as by whoever copied it. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const arg = decoded(rest.join('/'));
  state.page = arg === null ? {name: 'unknown', arg: '', query: {}}
    : {name: name || 'overview', arg, query: Object.fromEntries(new URLSearchParams(query))};
  changed();
}

function page() {
  const {name, arg, query} = state.page;
  switch (name) {
    case 'overview': return overview();
    case 'type': return typePage(arg);
    case 'dead': return deadPage(query);
    case 'scheduled': return scheduledPage(query);
    case 'fleet': return fleetPage();
    case 'audit': return auditPage();
    case 'job': return storyPage(arg);
    default: return html`<h1>There is no such page</h1><p><a href="#/">Overview</a></p>`;
  }
}

function look(event) {
  event.preventDefault();
  const input = event.target.querySelector('input');
  const text = input.value.trim();
  if (!text) return;
  const type = state.status?.types.find((one) => one.type.toLowerCase() === text.toLowerCase());
  location.hash = type ? `#/type/${encodeURIComponent(type.type)}` : `#/job/${encodeURIComponent(text)}`;
  input.value = '';
  input.blur();
}

const signInText = ({has_token: hasToken}) => (hasToken === null ? 'Sign in ...' : hasToken ? 'Sign in' : 'Read only');

function header() {
  const {status, session} = state;
  const stale = state.updatedAt && Date.now() - state.updatedAt > STALE_MILLIS;
  return html`<header class="top">
    <a class="brand" href="#/"><img src="/console/icon.svg" alt="" width="24" height="24"> ${status ? html`${status.service} <span class="quiet">${status.dc}</span>` : 'Job queue'}</a>
    <nav aria-label="Pages">${PAGES.map(({name, label, path}) => html`<a href=${path} aria-current=${state.page.name === name || (name === 'overview' && state.page.name === 'type') ? 'page' : nothing}>${label}</a>`)}</nav>
    <form class="find" role="search" aria-label="Find a type or a job" @submit=${look}><input type="search" list="type-names" placeholder="Job type, meta.id or request id" aria-label="Job type, meta.id or request id">
      <datalist id="type-names">${(status?.types ?? []).map((type) => html`<option value=${type.type}></option>`)}</datalist></form>
    <span class="fresh ${state.trouble || stale ? 'bad' : ''}" title=${status ? `Answered by ${status.answered_by}` : nothing}><span aria-hidden="true">${state.trouble || stale ? '✖' : '●'}</span> ${state.updatedAt ? html`<span class="vh">Updated at </span>${clock(state.updatedAt)}` : 'connecting'}</span>
    ${session.may_change
    ? html`<button class="who" @click=${() => { credentials.forget(); refreshSession(); }} title="Signed in as ${credentials.name || 'somebody'}">Sign out</button>`
    : html`<button class="who" @click=${signedIn} ?disabled=${session.has_token === false} title=${session.has_token === false ? 'No token is configured: this console only shows' : nothing}>${signInText(session)}</button>`}
    <button class="who with-keys" @click=${help} aria-label="Keys">?</button>
  </header>`;
}

function draw() {
  const {status, trouble, notice} = state;
  const found = status ? findings(status, state.overrides).filter((one) => one.level === 'bad').length : 0;
  document.title = `${found ? `(${found}) ` : ''}${state.page.arg || PAGES.find((one) => one.name === state.page.name)?.label || ''} – ${status?.service ?? 'Job queue'}`;
  render(html`${header()}
    ${trouble ? html`<p class="banner bad" role="alert"><strong>✖ ${status ? 'Not up to date' : 'Nothing to show'}:</strong> ${trouble}${state.updatedAt ? `; what is shown is of ${clock(state.updatedAt)}` : ''}. ${state.session.protects_reads && !state.session.may_change ? html`<button @click=${signIn}>Sign in</button>` : nothing}</p>` : nothing}
    <main id="main" tabindex="-1">${status ? page() : html`<p class="loading">${trouble ? '' : 'Looking at the fleet ...'}</p>`}</main>
    <div class="notices" role="status" aria-live="polite">${notice ? html`<p class="notice ${notice.kind}">${notice.kind === 'bad' ? '✖ ' : '✓ '}${notice.text}</p>` : nothing}</div>
    <footer class="quiet">${status ? html`${plural(status.instances.length, 'instance')}, ${plural(status.types.length, 'job type')}. <a href="/api/v1/openapi.yaml">API</a> · <a href="/metrics">Metrics</a>` : nothing}</footer>`, document.getElementById('app'));
}

function moveRow(by) {
  const links = [...document.querySelectorAll('main tbody th[scope=row] > a, main tbody th[scope=row] > button')];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, at + by))];
  next.focus();
  next.scrollIntoView({block: 'nearest'});
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== 'checkbox';
  if (event.key === 'Escape') {
    if (typing) event.target.blur();
    else if (state.page.name !== 'overview') history.back();
    return;
  }
  if (typing) return;
  const target = PAGES.find((one) => one.key === event.key);
  if (target) location.hash = target.path;
  else if (event.key === '/') {
    event.preventDefault();
    (document.getElementById('filter') ?? document.querySelector('.find input')).focus();
  } else if (event.key === 'j' || event.key === 'k') moveRow(event.key === 'j' ? 1 : -1);
  else if (event.key === '?') help();
}

document.getElementById('app').replaceChildren();
onChange(draw);
addEventListener('hashchange', () => {
  document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close());
  route();
  scrollTo(0, 0);
});
addEventListener('keydown', pressed);
route();
refreshSession();
keepFresh();
// Ages and staleness change by themselves.
setInterval(changed, 5_000);

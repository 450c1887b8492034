// Dead jobs: search, read, replay, drop.

import {html, nothing} from './lib/lit-html/lit-html.js';
import {live} from './lib/lit-html/directives/live.js';
import {repeat} from './lib/lit-html/directives/repeat.js';
import {api} from './api.js';
import {ask, reasonField, show, signedIn} from './dialogs.js';
import {bytes, compact, count, plural, when} from './format.js';
import {changed, notify, state} from './store.js';
import {orderDead} from './orders.js';
import {download, empty, field, typeLink} from './ui.js';

const FIELDS = ['type', 'wiki', 'status', 'request_id', 'text', 'from', 'state'];
const REFRESH_MILLIS = 5_000;
const PAGE = 50;

const view = {key: null, page: null, more: [], summary: null, chosen: new Set(), at: 0, busy: false, trouble: ''};

async function load(filter, force = false) {
  const key = JSON.stringify(filter);
  if (view.key !== key) {
    Object.assign(view, {key, page: null, more: [], summary: null, chosen: new Set(), at: 0, trouble: ''});
  }
  // Whoever reads further down, or has chosen some, is not interrupted.
  const isReading = view.more.length || view.chosen.size;
  if (view.busy || document.hidden || (!force && (Date.now() - view.at < REFRESH_MILLIS || (view.page && isReading)))) return;
  view.busy = true;
  view.at = Date.now();
  try {
    const [page, summary] = await Promise.all([api.dead({...filter, limit: PAGE}), api.deadSummary(filter)]);
    if (view.key === key) Object.assign(view, {page, summary, more: [], trouble: ''});
  } catch (e) {
    view.trouble = e.message;
  }
  view.busy = false;
  changed();
}

export function deadPage(query) {
  const filter = Object.fromEntries(FIELDS.map((name) => [name, query[name]]).filter(([, value]) => value));
  load(filter);
  const jobs = [...(view.page?.jobs ?? []), ...view.more];
  return html`<div class="title"><h1>Dead jobs</h1>${view.summary ? html`<span class="quiet" role="status">${plural(view.summary.count, 'job')}</span>` : nothing}</div>
    ${search(filter)}
    ${view.trouble ? html`<p class="why bad">${view.trouble}</p>` : nothing}
    ${view.summary ? facets(filter) : nothing}
    ${actions(filter, jobs)}
    ${view.page ? (jobs.length ? deadTable(jobs, {choose: true}) : empty('None match.')) : empty('Loading ...')}
    ${view.page?.next || view.more.next ? html`<button class="more" @click=${() => more(filter)}>Show more</button>` : nothing}
    ${view.page?.since ? html`<p class="quiet">Older ones than of ${when(view.page.since)} are not listed; replaying and dropping by filter finds them.</p>` : nothing}
    ${view.page && !view.page.complete ? html`<p class="why warn">The error topic is still being read.</p>` : nothing}`;
}

async function more(filter) {
  const after = view.more.next ?? view.page.next;
  try {
    const page = await api.dead({...filter, limit: PAGE, after});
    const all = [...view.more, ...page.jobs];
    all.next = page.next;
    Object.assign(view, {more: all, trouble: ''});
    if (!page.next) view.page = {...view.page, next: null};
  } catch (e) {
    view.trouble = e.message;
  }
  changed();
}

export function go(filter) {
  const said = Object.entries(filter).filter(([, value]) => value);
  location.hash = `#/dead${said.length ? `?${new URLSearchParams(said)}` : ''}`;
}

function search(filter) {
  const submit = (event) => {
    event.preventDefault();
    go(Object.fromEntries(new FormData(event.target)));
  };
  const input = (name, label, placeholder = '') => field(label, html`<input name=${name} .value=${live(filter[name] ?? '')} placeholder=${placeholder} @input=${(e) => e.stopPropagation()}>`);
  return html`<form class="search" role="search" @submit=${submit} @reset=${(e) => { e.preventDefault(); go({}); }}>
    ${input('type', 'Job type')}${input('wiki', 'Wiki', 'enwiki')}${input('status', 'Status', '400')}
    ${input('text', 'Text', 'message or meta.id')}${input('request_id', 'Request id')}${input('from', 'Since', '2h, or a time')}
    ${field('State', html`<select name="state">${[['', 'dead'], ['replayed', 'replayed'], ['dropped', 'dropped'], ['claimed', 'claimed'], ['any', 'any']].map(([value, label]) => html`<option value=${value} ?selected=${(filter.state ?? '') === value}>${label}</option>`)}</select>`)}
    <div class="actions"><button class="primary">Search</button><button type="reset">Clear</button></div>
  </form>`;
}

function facets(filter) {
  const chips = (name, counts) => Object.entries(counts).sort(([, a], [, b]) => b - a).slice(0, 8).map(([value, n]) => html`<button
    class="chip" aria-pressed=${filter[name] === value} ?disabled=${name === 'status' && value === 'other'} @click=${() => go({...filter, [name]: filter[name] === value ? '' : value})}>${value || 'no job'} <b>${compact(n)}</b></button>`);
  return html`<div class="facets">${chips('type', view.summary.by_type)}${chips('status', view.summary.by_status)}${chips('wiki', view.summary.by_wiki)}</div>`;
}

function actions(filter, jobs) {
  const {state: ignored, ...rest} = filter;
  const ids = [...view.chosen];
  const order = async (kind, target, what) => {
    if (await orderDead(kind, target, what)) {
      view.chosen.clear();
      load(filter, true);
    }
  };
  if (ignored && ignored !== 'dead') return nothing;
  if (!jobs.length) return nothing;
  const described = Object.keys(rest).length ? 'all dead jobs that match' : 'every dead job';
  return html`<div class="bar">
    ${ids.length ? html`<button class="primary" @click=${() => order('replay', {ids}, `${plural(ids.length, 'chosen job')}`)}>Replay ${count(ids.length)} chosen</button>
      <button class="danger" @click=${() => order('drop', {ids}, `${plural(ids.length, 'chosen job')}`)}>Drop ${count(ids.length)} chosen</button>`
    : html`<button class="primary" @click=${() => order('replay', {filter: rest}, described)}>Replay all that match</button>
      <button class="danger" @click=${() => order('drop', {filter: rest}, described)}>Drop all that match</button>`}
  </div>`;
}

/** `type: false` leaves the type out; `choose` adds boxes. */
export function deadTable(jobs, {type = true, choose = false} = {}) {
  const all = jobs.length > 0 && jobs.every((job) => view.chosen.has(job.id));
  const toggle = (id, on) => {
    view.chosen[on ? 'add' : 'delete'](id);
    changed();
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of dead jobs"><table class="cards dead"><thead><tr>
      ${choose ? html`<th scope="col"><input type="checkbox" aria-label="Choose all that are shown" .checked=${live(all)} @change=${(e) => jobs.forEach((job) => toggle(job.id, e.target.checked))}></th>` : nothing}
      <th scope="col">Died</th>${type ? html`<th scope="col">Job type</th>` : nothing}<th scope="col">Wiki</th><th scope="col" class="n">Status</th><th scope="col">Why</th><th scope="col">State</th></tr></thead>
    <tbody>${repeat(jobs, (job) => job.id, (job) => html`<tr>
      ${choose ? html`<td data-label="Choose"><input type="checkbox" aria-label="Choose ${job.id}" .checked=${live(view.chosen.has(job.id))} @change=${(e) => toggle(job.id, e.target.checked)}></td>` : nothing}
      <th scope="row"><button class="link" @click=${() => openDead(job.id)} aria-label="Read dead job ${job.id}">${when(job.at)}</button></th>
      ${type ? html`<td data-label="Job type">${typeLink(job.type)}</td>` : nothing}
      <td data-label="Wiki">${job.wiki || '–'}</td><td class="n" data-label="Status">${job.status}</td>
      <td data-label="Why" class="message" title=${job.message}>${job.message}</td><td data-label="State">${job.state}</td></tr>`)}</tbody></table></div>`;
}

export async function openDead(id) {
  let whole;
  try {
    whole = await api.deadJob(id);
  } catch (e) {
    notify(e.message, 'bad');
    return;
  }
  const {job} = whole;
  let trial = null;
  await show(`${job.type || 'No job'} ${job.id}`, ({close, draw}) => {
    const order = async (kind) => {
      close();
      if (await orderDead(kind, {ids: [id]}, `dead job ${id}`)) load(JSON.parse(view.key ?? '{}'), true);
    };
    const attempt = async () => {
      if (!await signedIn()) return;
      const answer = await ask({title: 'Run it once on a target', submit: 'Run it once', body: html`<p><strong>The target runs the job</strong>, with all its effects. The answer is shown. The job stays in the list: if it went well, drop it, or <em>Replay all</em> runs it again.</p>
        ${field('Target', html`<select name="target">${state.session.targets.map((name) => html`<option>${name}</option>`)}</select>`)}${reasonField()}`});
      if (!answer) return;
      try {
        trial = await api.tryDead(id, answer.target, answer.reason);
      } catch (e) {
        trial = {outcome: 'refused', status: 0, body: e.message, seconds: 0, headers: {}};
      }
      draw();
    };
    const actionable = job.state === 'dead';
    return html`<p class="message-long"><strong>${job.status}</strong> ${job.message}</p>
      <dl class="facts"><div><dt>Died</dt><dd>${when(job.at)}</dd></div><div><dt>Wiki</dt><dd>${job.wiki || '–'}</dd></div>
        <div><dt>Request</dt><dd>${job.request_id ? html`<a href="#/job/${encodeURIComponent(job.request_id)}" @click=${close}>${job.request_id}</a>` : '–'}</dd></div>
        <div><dt>meta.id</dt><dd>${job.job_id ? html`<a href="#/job/${encodeURIComponent(job.job_id)}" @click=${close}>${job.job_id}</a>` : '–'}</dd></div>
        <div><dt>State</dt><dd>${job.state}${whole.mark ? ` by ${whole.mark.by}, ${when(whole.mark.at)}${whole.mark.reason ? `: ${whole.mark.reason}` : ''}` : ''}</dd></div>
        <div><dt>Size</dt><dd>${bytes(job.bytes)}</dd></div></dl>
      <div class="bar">${actionable ? html`<button class="primary" @click=${() => order('replay')}>Replay</button><button @click=${attempt}>Try on a target</button><button class="danger" @click=${() => order('drop')}>Drop</button>` : nothing}
        <button @click=${() => download(`dead-${id}.json`, whole.raw)}>Download</button></div>
      ${trial ? html`<section role="status"><h3>Trial: ${trial.outcome}${trial.status ? ` ${trial.status}` : ''} after ${trial.seconds.toFixed(2)} s</h3><pre tabindex="0">${trial.body || '(no body)'}</pre></section>` : nothing}
      <h3>The job</h3><pre tabindex="0">${whole.event ? JSON.stringify(whole.event, null, 2) : whole.raw}</pre>
      ${whole.body ? html`<h3>The last answer</h3><pre tabindex="0">${whole.body}</pre>` : nothing}
      ${Object.keys(whole.headers).length ? html`<h3>Its headers</h3><pre tabindex="0">${Object.entries(whole.headers).map(([k, v]) => `${k}: ${v}`).join('\n')}</pre>` : nothing}`;
  });
}

// Jobs that wait for a time.

import {html, nothing} from './lib/lit-html/lit-html.js';
import {repeat} from './lib/lit-html/directives/repeat.js';
import {api} from './api.js';
import {show} from './dialogs.js';
import {ago, when} from './format.js';
import {changed, notify} from './store.js';
import {orderScheduled} from './orders.js';
import {empty, typeLink} from './ui.js';

const REFRESH_MILLIS = 3_000;
const PAGE = 100;

const view = {type: null, page: null, at: 0, busy: false};

async function load(type, force = false) {
  if (view.type !== type) Object.assign(view, {type, page: null, at: 0});
  if (view.busy || document.hidden || (!force && Date.now() - view.at < REFRESH_MILLIS)) return;
  view.busy = true;
  view.at = Date.now();
  try {
    const page = await api.scheduled({type, limit: PAGE});
    if (view.type === type) view.page = page;
  } catch (e) {
    notify(e.message, 'bad');
  }
  view.busy = false;
  changed();
}

export function scheduledPage(query) {
  const type = query.type ?? '';
  load(type);
  const order = async (kind, target, what) => {
    if (await orderScheduled(kind, target, what)) load(type, true);
  };
  return html`<div class="title"><h1>Scheduled jobs</h1>${type ? html`<span class="quiet">of ${typeLink(type)}</span> <a href="#/scheduled">all types</a>` : nothing}</div>
    ${(view.page?.troubles ?? []).map((trouble) => html`<p class="why warn">${trouble}</p>`)}
    ${type && view.page?.jobs.length ? html`<div class="bar"><button @click=${() => order('run', {type}, `all scheduled jobs of ${type}`)}>Run all now</button>
      <button class="danger" @click=${() => order('drop', {type}, `all scheduled jobs of ${type}`)}>Drop all</button></div>` : nothing}
    ${view.page ? (view.page.jobs.length ? scheduledTable(view.page.jobs) : empty('Nothing waits for a time.')) : empty('Loading ...')}
    ${view.page?.next ? html`<p class="quiet">Only the next ${PAGE} are shown; <code>jobqueue jobs scheduled</code> lists all.</p>` : nothing}`;
}

const WORDS = {delay: 'delayed by MediaWiki', retry: 'will be tried again', hold: 'its wiki is read-only, or refuses jobs', overflow: 'its wiki or section is full'};

export function scheduledTable(jobs, {type = true} = {}) {
  const order = async (kind, job) => {
    if (await orderScheduled(kind, {ids: [job.id]}, `this ${job.type}`)) load(view.type ?? '', true);
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of scheduled jobs"><table class="cards"><thead><tr><th scope="col">Due</th>${type ? html`<th scope="col">Job type</th>` : nothing}<th scope="col">Wiki</th><th scope="col">Waits because</th><th scope="col"><span class="vh">Actions</span></th></tr></thead>
    <tbody>${repeat(jobs, (job) => job.id, (job) => html`<tr>
      <th scope="row"><button class="link" @click=${() => open(job)} aria-label="Read the job due ${when(job.due)}">${when(job.due)}</button> <small>${ago(job.due)}</small></th>
      ${type ? html`<td data-label="Job type">${typeLink(job.type)}</td>` : nothing}
      <td data-label="Wiki">${job.wiki || '–'}</td>
      <td data-label="Waits because" class="message">${WORDS[job.reason] ?? job.reason}${job.failure ? html`: ${job.failure}` : nothing}</td>
      <td class="do"><button @click=${() => order('run', job)}>Run now</button> <button class="danger" @click=${() => order('drop', job)}>Drop</button></td></tr>`)}</tbody></table></div>`;
}

async function open(job) {
  try {
    const whole = await api.scheduledJob(job.id);
    await show(job.type, ({close}) => html`<dl class="facts"><div><dt>Due</dt><dd>${when(job.due)}</dd></div><div><dt>Goes to</dt><dd>${whole.topic}</dd></div>
      <div><dt>Request</dt><dd><a href="#/job/${encodeURIComponent(job.request_id)}" @click=${close}>${job.request_id}</a></dd></div></dl>
      ${job.failure ? html`<p>${job.failure}</p>` : nothing}<pre tabindex="0">${JSON.stringify(whole.event, null, 2)}</pre>`);
  } catch (e) {
    notify(e.message, 'bad');
  }
}

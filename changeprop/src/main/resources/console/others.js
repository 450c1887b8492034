// The smaller pages: fleet, audit, a job's story, help.

import {html, nothing} from './lib/lit-html/lit-html.js';
import {api} from './api.js';
import {ago, count, plural, when} from './format.js';
import {knobs, reset} from './orders.js';
import {changed, notify, overridesOf, state} from './store.js';
import {deadTable} from './dead.js';
import {scheduledTable} from './scheduled.js';
import {show} from './dialogs.js';
import {empty, override, typeLink} from './ui.js';

export function fleetPage() {
  const {status} = state;
  return html`<div class="title"><h1>Fleet</h1><span class="quiet">${plural(status.instances.length, 'instance')}</span></div>
    <div class="scroll" tabindex="0" role="region" aria-label="Instances"><table class="cards"><thead><tr><th scope="col">Instance</th><th scope="col">State</th><th scope="col">Lanes</th><th scope="col" class="n">Running</th><th scope="col">Started</th><th scope="col">Version</th></tr></thead>
      <tbody>${status.instances.map((one) => html`<tr><th scope="row">${one.instance}${one.instance === status.answered_by ? html` <small>answers</small>` : nothing}</th>
        <td data-label="State">${instanceState(one)}</td>
        <td data-label="Lanes">${one.lanes.join(', ') || '–'}</td><td class="n" data-label="Running">${count(one.running)}</td>
        <td data-label="Started">${one.started ? html`${when(one.started)} <small>${ago(one.started)}</small>` : '–'}</td><td data-label="Version">${one.version || '–'}</td></tr>`)}</tbody></table></div>
    <h2>Lanes</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Lanes"><table class="cards"><thead><tr><th scope="col">Lane</th><th scope="col">Target</th><th scope="col">Breaker</th><th scope="col" class="n">Running</th><th scope="col" class="n">Wikis held</th><th scope="col"><span class="vh">Actions</span></th></tr></thead>
      <tbody>${status.lanes.map((lane) => {
    const set = overridesOf('lane', lane.lane).paused;
    return html`<tr><th scope="row">${lane.lane}${set ? html`<br><small>${set.value ? 'Paused' : 'Resumed'} by ${override(set)}</small>` : nothing}</th><td data-label="Target">${lane.target}<br><small>${lane.uri}</small></td>
        <td data-label="Breaker">${lane.breaker.phase === 'closed' ? html`<span class="badge well"><span aria-hidden="true">●</span> closed</span>` : html`<span class="badge bad"><span aria-hidden="true">✖</span> ${lane.breaker.phase.replace('_', '-')}</span> since ${when(lane.breaker.since)}: ${lane.breaker.reason}`}</td>
        <td class="n" data-label="Running">${count(lane.running)}${lane.concurrency ? `/${count(lane.concurrency)}` : ''}</td><td class="n" data-label="Wikis held">${count(lane.held_wikis)}</td>
        <td class="do">${lane.paused ? html`<span class="badge held"><span aria-hidden="true">‖</span> paused</span> <button @click=${() => knobs.resume('lanes', lane.lane)}>Resume</button>`
    : html`<button @click=${() => knobs.pause('lanes', lane.lane)}>Pause</button> ${set ? html`<button class="link" @click=${() => reset('lanes', lane.lane, 'paused', `Reset the pause of lane ${lane.lane}`)}>Reset</button>` : nothing}`}</td></tr>`;
  })}</tbody></table></div>`;
}

function instanceState({troubles, notices = []}) {
  if (troubles.length) return html`<span class="badge bad"><span aria-hidden="true">✖</span> trouble</span> ${[...troubles, ...notices].join('; ')}`;
  if (notices.length) return html`<span class="badge warn"><span aria-hidden="true">▲</span> look</span> ${notices.join('; ')}`;
  return html`<span class="badge well"><span aria-hidden="true">●</span> well</span>`;
}

const audit = {records: null, at: 0};

export function auditPage() {
  if (Date.now() - audit.at > 3_000) {
    audit.at = Date.now();
    api.audit().then((records) => { audit.records = records; changed(); }, (e) => notify(e.message, 'bad'));
  }
  const {records} = audit;
  return html`<div class="title"><h1>Audit</h1><span class="quiet">who changed what, the newest first</span></div>
    ${records ? (records.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Audit"><table class="cards"><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">What came of it</th></tr></thead>
      <tbody>${records.map((one) => html`<tr><th scope="row">${when(one.at)}</th><td data-label="Who">${one.by} <small>${one.address}</small></td>
        <td data-label="What"><strong>${one.action}</strong> ${one.subject}${one.detail ? html`<br><small>${one.detail}</small>` : nothing}</td>
        <td data-label="Why">${one.reason || html`<span class="quiet">–</span>`}</td><td data-label="What came of it">${one.outcome || html`<span class="quiet">not known</span>`}</td></tr>`)}</tbody></table></div>` : empty('Nothing was changed yet.')) : empty('Loading ...')}`;
}

const STATES = {running: 'runs', waiting: 'waits for a slot', delayed: 'its time comes within seconds'};

const story = {id: '', told: null, trouble: '', at: 0};

export function storyPage(id) {
  if (story.id !== id) Object.assign(story, {id, told: null, trouble: '', at: 0});
  if (Date.now() - story.at > 5_000) {
    story.at = Date.now();
    api.story(id).then((told) => {
      if (story.id === id) Object.assign(story, {told, trouble: ''});
      changed();
    }, (e) => { story.trouble = e.message; changed(); });
  }
  const {told} = story;
  const nothingKnown = told && !told.in_memory.length && !told.scheduled.length && !told.done.length && !told.dead.length;
  return html`<div class="title"><h1>A job's story</h1><code>${id}</code></div>
    ${story.trouble ? html`<p class="why bad">${story.trouble}</p>` : nothing}
    ${told ? nothing : empty('Looking ...')}
    ${nothingKnown ? empty('Nothing is known of it: it is done and forgotten, stands in Kafka and was not read yet, or never was.') : nothing}
    ${told?.in_memory.length ? html`<h2>In memory</h2><ul class="errors">${told.in_memory.map((one) => html`<li><strong>${STATES[one.state] ?? one.state}</strong>: ${typeLink(one.type)} of ${one.wiki} on ${one.instance}, ${one.state === 'running' ? 'since' : 'created'} ${when(one.since)} (${ago(one.since)})</li>`)}</ul>` : nothing}
    ${told?.scheduled.length ? html`<h2>Waits for a time</h2>${scheduledTable(told.scheduled)}` : nothing}
    ${told?.done.length ? html`<h2>Done</h2><ul class="errors">${told.done.map((one) => html`<li>${typeLink(one.type)} of ${one.domain} on ${one.instance}; the attempt began ${when(one.started_at)} (${ago(one.started_at)})</li>`)}</ul>` : nothing}
    ${told?.dead.length ? html`<h2>Died</h2>${deadTable(told.dead)}` : nothing}
    ${(told?.notes ?? []).map((note) => html`<p class="quiet">${note}</p>`)}`;
}

export const help = () => show('Keys', () => html`<dl class="keys">
  ${[['/', 'Filter job types'], ['j, k', 'Next, previous row'], ['Enter', 'Open the row'], ['o', 'Overview'], ['d', 'Dead jobs'], ['s', 'Scheduled jobs'], ['f', 'Fleet'], ['a', 'Audit'], ['Esc', 'Back, or close'], ['?', 'This']].map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
  <p class="quiet">In the search field at the top: a job type, a meta.id or a request id.</p>`);

// One job type: how it is, what holds for it, the last hour, what died of it and what waits.

import {html, nothing} from './lib/lit-html/lit-html.js';
import {api} from './api.js';
import './chart.js';
import {CHARTS} from './chart.js';
import {judgeType, meanDelay, meanSeconds} from './judge.js';
import {ago, compact, count, duration, perTime, rate, when} from './format.js';
import {changed, overridesOf, state} from './store.js';
import {called, knobs, orderDead, orderScheduled, reset} from './orders.js';
import {deadTable} from './dead.js';
import {scheduledTable} from './scheduled.js';
import {badge, empty, meter, override} from './ui.js';

const REFRESH_MILLIS = 5_000;
const LISTED = 10;

const view = {name: '', past: null, dead: null, scheduled: null, at: 0, busy: false};

async function load(name) {
  if (view.name !== name) Object.assign(view, {name, past: null, dead: null, scheduled: null, at: 0});
  if (view.busy || Date.now() - view.at < REFRESH_MILLIS || document.hidden) return;
  view.busy = true;
  view.at = Date.now();
  const [past, dead, scheduled] = await Promise.all([
    api.past(name).catch(() => view.past),
    api.dead({type: name, limit: LISTED}).catch(() => view.dead),
    api.scheduled({type: name, limit: LISTED}).catch(() => view.scheduled),
  ]);
  view.busy = false;
  if (view.name !== name) return;
  Object.assign(view, {past, dead, scheduled});
  changed();
}

export function typePage(name) {
  load(name);
  const rows = state.status.types.filter((type) => type.type === name);
  if (!rows.length) return empty(`No job type ${name} is configured, and none was seen.`);
  return rows.map((type) => one(type));
}

function one(type) {
  const judged = judgeType(type, state.overrides);
  const {use, minute, hour} = type;
  return html`
    <div class="title"><h1>${type.type}</h1> ${badge(judged)} <span class="quiet">lane ${type.lane}${type.limits.pool !== type.type ? html`, shares the limits of <strong>${type.limits.pool}</strong>` : nothing}</span></div>
    ${judged.why ? html`<p class="why ${judged.level}">${judged.why}</p>` : nothing}
    ${type.breaker && type.breaker.phase !== 'closed' ? breaker(type.breaker) : nothing}
    <dl class="tiles">
      <div class="tile"><dt>In use</dt><dd>${meter(use.running, type.limits.concurrency, type.type)}<small>${use.oldest_attempt_seconds > 1 ? `oldest for ${duration(use.oldest_attempt_seconds)}` : 'slots in the whole fleet'}</small></dd></div>
      <div class="tile"><dt>Done</dt><dd>${rate(minute.done)}<small>${compact(hour.done)} in the last hour</small></dd></div>
      <div class="tile ${minute.failed + minute.dead ? 'warn' : ''}"><dt>Failing</dt><dd>${rate(minute.failed + minute.dead)}<small>${compact(hour.failed)} failed, ${compact(hour.dead)} died in the last hour</small></dd></div>
      <div class="tile"><dt>Takes</dt><dd>${duration(meanSeconds(hour))}<small>starts ${duration(meanDelay(hour))} after it was created</small></dd></div>
      <div class="tile"><dt>Backlog</dt><dd>${compact(use.backlog)}<small>${use.backlog_seconds ? `oldest ${duration(use.backlog_seconds)}` : `${compact(use.waiting)} wait for a slot`}</small></dd></div>
      <div class="tile"><dt>Scheduled</dt><dd>${compact(use.scheduled)}<small>wait for a time</small></dd></div>
    </dl>
    ${limits(type)}
    <section aria-label="The last hour"><h2>The last hour</h2>
      <div class="charts">${Object.entries(CHARTS).map(([kind, chart]) => html`<figure><figcaption>${chart.title}</figcaption>
        ${view.past ? html`<hour-chart kind=${kind} .past=${view.past} role="img" aria-label="${chart.title} of ${type.type}, last hour"></hour-chart>` : html`<p class="loading">Loading ...</p>`}</figure>`)}</div>
    </section>
    <div class="columns">${verdicts(type)}${errors(type)}</div>
    <section aria-labelledby="dead"><div class="bar"><h2 id="dead">Dead jobs</h2>
      ${use.dead ? html`<button class="primary" @click=${() => refreshed(orderDead('replay', {filter: {type: type.type}}, `all dead jobs of ${type.type}`))}>Replay all ${compact(use.dead)}</button>
        <button class="danger" @click=${() => refreshed(orderDead('drop', {filter: {type: type.type}}, `all dead jobs of ${type.type}`))}>Drop all</button>` : nothing}
      <a href="#/dead?type=${encodeURIComponent(type.type)}">Search</a></div>
      ${view.dead?.jobs.length ? deadTable(view.dead.jobs, {type: false}) : empty(view.dead ? 'None.' : 'Loading ...')}
    </section>
    <section aria-labelledby="waits"><div class="bar"><h2 id="waits">Scheduled jobs</h2>
      ${view.scheduled?.jobs.length ? html`<button @click=${() => refreshed(orderScheduled('run', {type: type.type}, `all scheduled jobs of ${type.type}`))}>Run all now</button>
        <button class="danger" @click=${() => refreshed(orderScheduled('drop', {type: type.type}, `all scheduled jobs of ${type.type}`))}>Drop all</button>` : nothing}
      <a href="#/scheduled?type=${encodeURIComponent(type.type)}">All</a></div>
      ${view.scheduled?.jobs.length ? scheduledTable(view.scheduled.jobs, {type: false}) : empty(view.scheduled ? 'None.' : 'Loading ...')}
    </section>`;
}

async function refreshed(order) {
  if (await order) view.at = 0;
}

/** The limits are those of its pool, which has its own name where it shares them with nobody. */
function limits(type) {
  const {limits: l} = type;
  const isShared = l.pool !== type.type;
  const set = overridesOf('type', l.pool);
  const knob = (key, label, value, action, verb) => html`<div class="knob ${set[key] ? 'set' : ''}" role="group" aria-label=${label}>
    <span class="name">${label}</span><span class="value">${value}</span>
    ${set[key] ? html`<p class="by">${override(set[key])} <button class="link" @click=${() => reset('types', l.pool, key, `Reset ${label.toLowerCase()} of ${called('types', l.pool)}`)}>Reset</button></p>` : nothing}
    <button @click=${action} aria-label="${verb} ${label.toLowerCase()}">${verb}</button></div>`;
  const starts = startsOf(type);
  return html`<section aria-labelledby="knobs"><h2 id="knobs">What holds</h2>
    ${isShared ? html`<p class="quiet">Limit, rate and pause are those of ${called('types', l.pool)}: all job types that have none of their own share them, and they change for all of those.</p>` : nothing}
    <div class="knobs">
    ${knob('concurrency', 'Limit', html`${count(l.concurrency)} at once${isShared ? html`<small> of the shared pool</small>` : nothing}`, () => knobs.limit(l.pool, l.concurrency), 'Change')}
    ${knob('rate', 'Rate', l.rate === null ? 'no limit' : perTime(l.rate), () => knobs.rate(l.pool, l.rate), 'Change')}
    ${knob('paused', 'Starts', starts.value, starts.action, starts.verb)}
    ${[['Per wiki', l.per_wiki], ['Per section', l.per_section], ['Priority', l.priority || null], ['Timeout', duration(l.timeout_seconds)], ['Retries', l.retries]].filter(([, value]) => value !== null).map(([label, value]) => html`<div class="knob fixed"><span class="name">${label}</span><span class="value">${value}</span></div>`)}
  </div>${isShared ? alone(type) : nothing}</section>`;
}

/** Whether its jobs start, and what changes that. While its lane is paused, nothing else would. */
function startsOf({lane, limits: {pool, paused}}) {
  if (isPaused(lane)) return {value: html`paused<small> with lane ${lane}</small>`, verb: 'Resume lane', action: () => knobs.resume('lanes', lane)};
  return paused
    ? {value: 'paused', verb: 'Resume', action: () => knobs.resume('types', pool)}
    : {value: 'yes', verb: 'Pause', action: () => knobs.pause('types', pool)};
}

/** What takes a job type out of the pool that it shares. */
function alone({type, lane, limits: {pool, concurrency, rate: perSecond, paused}}) {
  const note = `For as long as this holds, ${type} leaves ${called('types', pool)} and has slots of its own.`;
  const button = (verb, action) => html`<button @click=${action} aria-label="${verb} ${type} alone">${verb}</button>`;
  return html`<div class="bar alone"><span class="quiet">Take ${type} out of the pool, and for it alone:</span>
    ${button('Limit', () => knobs.limit(type, concurrency, note))}
    ${button('Rate', () => knobs.rate(type, perSecond, note))}
    ${isPaused(lane) ? nothing : paused ? button('Resume', () => knobs.resume('types', type, `${note} The pool stays paused.`)) : button('Pause', () => knobs.pause('types', type, note))}</div>`;
}

const isPaused = (lane) => state.status.lanes.some((one) => one.lane === lane && one.paused);

function verdicts(type) {
  const rows = Object.entries(type.statuses).filter(([, n]) => n > 0).sort(([, a], [, b]) => b - a);
  const all = rows.reduce((sum, [, n]) => sum + n, 0);
  const words = {done: 'went well', retry: 'failed, tried again', dead: 'died', hold: 'held'};
  return html`<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts of the last hour</h2>
    ${rows.length ? html`<table class="plain"><thead><tr><th scope="col">Verdict</th><th scope="col">Status</th><th scope="col" class="n">Attempts</th><th scope="col"><span class="vh">Share</span></th></tr></thead>
      <tbody>${rows.map(([label, n]) => {
    const [verdict, status] = label.split(' ');
    return html`<tr><td>${words[verdict] ?? verdict}</td><td>${status}</td><td class="n">${count(n)}</td><td class="share"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="v-${verdict}" width=${(n / all) * 100} height="8"></rect></svg></td></tr>`;
  })}</tbody></table>` : empty('No attempt ended.')}</section>`;
}

function errors(type) {
  const list = type.breaker?.errors ?? [];
  if (!list.length) return nothing;
  return html`<section aria-labelledby="errors"><h2 id="errors">Last failures that the breaker counted</h2>
    <ul class="errors">${[...list].reverse().map((error) => html`<li><span class="quiet">${when(error.at)}</span> <strong>${error.status}</strong> ${error.message}</li>`)}</ul></section>`;
}

const breaker = (b) => html`<p class="why bad">Breaker ${b.phase === 'open' ? 'open' : 'half-open: only probes are sent'} since ${when(b.since)} (${ago(b.since)}): ${b.reason}</p>`;


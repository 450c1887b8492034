// The page for the second screen: what needs a look, how much is going on, and every type.

import {html, nothing} from './lib/lit-html/lit-html.js';
import {repeat} from './lib/lit-html/directives/repeat.js';
import {attempts, failingShare, findings, judgeType, LEVELS, meanDelay, meanSeconds, totals} from './judge.js';
import {compact, count, duration, plural, rate} from './format.js';
import {changed, state} from './store.js';
import {badge, empty, meter, sparkline} from './ui.js';
import {orderDead} from './orders.js';

/** With 500 types a page of 100 keeps drawing under a frame. */
const PAGE = 100;
const MOST_FINDINGS = 6;

const view = {filter: '', only: 'all', sort: 'attention', down: true, pages: 1, allFindings: false};

const COLUMNS = [
  {key: 'type', label: 'Job type', of: (row) => row.type.type.toLowerCase(), text: true},
  {key: 'attention', label: 'State', of: (row) => row.judged.rank * 1e9 + attempts(row.type.hour)},
  {key: 'use', label: 'In use', of: (row) => row.type.use.running / Math.max(1, row.type.limits.concurrency)},
  {key: 'done', label: 'Done', of: (row) => row.type.minute.done, hint: 'in the last minute'},
  {key: 'failing', label: 'Failing', of: (row) => failingShare(row.type.hour), hint: 'share of attempts in the last hour'},
  {key: 'takes', label: 'Takes', of: (row) => meanSeconds(row.type.hour) || 0, hint: 'mean duration in the last hour'},
  {key: 'delay', label: 'Delay', of: (row) => meanDelay(row.type.hour) || 0, hint: 'mean time from creation to start in the last hour'},
  {key: 'backlog', label: 'Backlog', of: (row) => row.type.use.backlog},
  {key: 'scheduled', label: 'Scheduled', of: (row) => row.type.use.scheduled},
  {key: 'dead', label: 'Dead', of: (row) => row.type.use.dead},
];

export function overview() {
  const {status} = state;
  const found = findings(status, state.overrides);
  return html`
    <h1 class="vh">Overview of ${status.service}</h1>
    ${attention(found)}
    ${tiles(status)}
    ${table(status)}
  `;
}

function attention(found) {
  if (!found.length) return html`<section class="attention well" aria-label="Needs a look"><p><span class="big-sign" aria-hidden="true">✓</span> <strong>Nothing needs a look.</strong> No type fails often (20 % or more), no job died within the last hour, nothing is held or paused, no job waits for 5 min or longer.</p></section>`;
  const shown = view.allFindings ? found : found.slice(0, MOST_FINDINGS);
  const more = found.length - shown.length;
  return html`<section class="attention" aria-labelledby="attention">
    <h2 id="attention">${plural(found.length, 'thing needs', 'things need')} a look</h2>
    <ul>${shown.map((one) => html`<li class=${one.level}>
      <span class="sign" aria-hidden="true">${LEVELS[one.level].sign}</span>
      <a href=${one.href}>${one.title}</a>${one.word ? html` <em>${one.word}</em>` : nothing}
      <span class="why">${one.text}</span>
      ${one.dead ? html`<span class="do"><a href="#/dead?type=${encodeURIComponent(one.type)}">${compact(one.dead)} dead</a>
        <button @click=${() => orderDead('replay', {filter: {type: one.type}}, `all dead jobs of ${one.type}`)}>Replay all</button></span>` : nothing}
    </li>`)}</ul>
    ${more > 0 || view.allFindings ? html`<button class="link" @click=${() => { view.allFindings = !view.allFindings; changed(); }}>${view.allFindings ? 'Show fewer' : `Show ${count(more)} more`}</button>` : nothing}
  </section>`;
}

function tiles(status) {
  const sum = totals(status);
  const tile = (label, value, note, level = '', href = '') => html`<div class="tile ${level}"><dt>${href ? html`<a href=${href}>${label}</a>` : label}</dt><dd>${value}<small>${note}</small></dd></div>`;
  return html`<dl class="tiles" aria-label="The fleet now">
    ${tile('Running', compact(sum.running), `${compact(sum.waiting)} wait for a slot`)}
    ${tile('Done', rate(sum.done), 'in the last minute')}
    ${tile('Failing', rate(sum.failed), `${compact(sum.died)} died in the last hour`, sum.failed ? 'warn' : '')}
    ${tile('Backlog', compact(sum.backlog), sum.oldest ? `oldest ${duration(sum.oldest)}` : 'nothing waits', sum.oldest > 300 ? 'warn' : '')}
    ${tile('Scheduled', compact(sum.scheduled), 'wait for a time', '', '#/scheduled')}
    ${tile('Dead', compact(sum.dead), 'neither replayed nor dropped', sum.dead ? 'warn' : '', '#/dead')}
  </dl>`;
}

function table(status) {
  const rows = status.types.map((type) => ({type, judged: judgeType(type, state.overrides)})).filter(wanted);
  const column = COLUMNS.find((one) => one.key === view.sort);
  rows.sort((a, b) => {
    const [x, y] = [column.of(a), column.of(b)];
    const order = column.text ? x.localeCompare(y) : x - y;
    return (view.down && !column.text) || (column.text && view.down) ? -order || byName(a, b) : order || byName(a, b);
  });
  const shown = rows.slice(0, view.pages * PAGE);
  return html`<section aria-labelledby="types">
    <div class="bar">
      <h2 id="types">Job types</h2>
      <input id="filter" type="search" placeholder="Filter types  ( / )" aria-label="Filter job types" .value=${view.filter}
        @input=${(e) => { view.filter = e.target.value; view.pages = 1; changed(); }}>
      <select aria-label="Which job types" @change=${(e) => { view.only = e.target.value; changed(); }}>
        ${[['all', 'All'], ['attention', 'Need a look'], ['active', 'Active in the last hour']].map(([key, label]) => html`<option value=${key} ?selected=${view.only === key}>${label}</option>`)}
      </select>
      <span class="quiet" role="status">${count(rows.length)} of ${plural(status.types.length, 'type')}</span>
    </div>
    ${rows.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Table of job types"><table class="types cards">
      <thead><tr>${COLUMNS.map(heading)}<th scope="col">Last hour</th></tr></thead>
      <tbody>${repeat(shown, ({type}) => `${type.lane}/${type.type}`, row)}</tbody>
    </table></div>` : empty('No job type matches.')}
    ${rows.length > shown.length ? html`<button class="more" @click=${() => { view.pages++; changed(); }}>Show ${count(Math.min(PAGE, rows.length - shown.length))} more of ${count(rows.length - shown.length)}</button>` : nothing}
  </section>`;
}

const byName = (a, b) => a.type.type.localeCompare(b.type.type);

function wanted({type, judged}) {
  if (view.only === 'attention' && judged.rank < 1) return false;
  if (view.only === 'active' && attempts(type.hour) === 0 && type.use.running === 0) return false;
  return type.type.toLowerCase().includes(view.filter.trim().toLowerCase());
}

function heading(column) {
  const sorted = view.sort === column.key;
  const sort = () => {
    view.down = sorted ? !view.down : !column.text;
    view.sort = column.key;
    changed();
  };
  return html`<th scope="col" aria-sort=${sorted ? (view.down ? 'descending' : 'ascending') : 'none'} class=${column.text || column.key === 'attention' ? '' : 'n'}>
    <button @click=${sort} title=${column.hint ?? nothing}>${column.label}<span aria-hidden="true">${sorted ? (view.down ? ' ▾' : ' ▴') : ''}</span></button></th>`;
}

function row({type, judged}) {
  const key = `${type.lane}/${type.type}`;
  const failing = failingShare(type.hour);
  const overridden = state.overrides.some((one) => one.scope === 'type' && one.name === type.limits.pool);
  const cell = (label, content, extra = 'n') => html`<td class=${extra} data-label=${label}>${content}</td>`;
  return html`<tr class=${judged.level}>
    <th scope="row"><a href="#/type/${encodeURIComponent(type.type)}">${type.type}</a>${type.limits.pool !== type.type ? html` <small title="Shares the limits of ${type.limits.pool}">shared</small>` : nothing}${overridden ? html` <small class="mark" title="An operator has changed its knobs">changed</small>` : nothing}</th>
    ${cell('State', badge(judged), '')}
    ${cell('In use', meter(type.use.running, type.limits.concurrency, type.type))}
    ${cell('Done', type.minute.done ? rate(type.minute.done) : html`<span class="quiet">0</span>`)}
    ${cell('Failing', attempts(type.hour) ? html`<span class=${failing >= 0.2 ? 'text-bad' : ''}>${failing > 0 && failing < 0.01 ? '<1' : Math.round(failing * 100)} %</span>` : html`<span class="quiet">–</span>`)}
    ${cell('Takes', duration(meanSeconds(type.hour)))}
    ${cell('Delay', duration(meanDelay(type.hour)))}
    ${cell('Backlog', type.use.backlog ? html`${compact(type.use.backlog)}${type.use.backlog_seconds > 60 ? html` <small>${duration(type.use.backlog_seconds)}</small>` : nothing}` : html`<span class="quiet">0</span>`)}
    ${cell('Scheduled', type.use.scheduled ? compact(type.use.scheduled) : html`<span class="quiet">0</span>`)}
    ${cell('Dead', type.use.dead ? html`<a class="text-bad" href="#/dead?type=${encodeURIComponent(type.type)}">${compact(type.use.dead)}</a>` : html`<span class="quiet">0</span>`)}
    ${cell('Last hour', sparkline(state.sparks?.ended[key], state.sparks?.failed[key], type.type), 'hour')}
  </tr>`;
}

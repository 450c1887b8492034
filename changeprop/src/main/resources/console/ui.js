// Small parts that several pages share. SVG attributes instead of style attributes: the content security policy allows
// none of those.

import {html, svg, nothing} from './lib/lit-html/lit-html.js';
import {LEVELS} from './judge.js';
import {count, when} from './format.js';

/** A sign and a word: never colour alone. */
export const badge = (judged) => html`<span class="badge ${judged.level}" title=${judged.why || nothing}><span aria-hidden="true">${LEVELS[judged.level].sign}</span> ${judged.word}</span>`;

/** How much of a limit is used. */
export function meter(used, limit, label) {
  const width = limit > 0 ? Math.min(100, (used / limit) * 100) : 0;
  return html`<span class="meter" role="img" aria-label="${label}: ${count(used)} of ${count(limit)} in use">
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="8" rx="2"></rect>
      <rect class="fill ${width >= 100 ? 'full' : ''}" width=${width} height="8" rx="2"></rect>
    </svg><span aria-hidden="true">${count(used)}<span class="of">/${count(limit)}</span></span></span>`;
}

/** Bars of what ended, what failed on top in another colour and with a line above it. */
export function sparkline(ended = [], failed = [], label = '') {
  const n = Math.max(ended.length, failed.length);
  const most = Math.max(1, ...ended.map((v, i) => v + (failed[i] ?? 0)));
  if (!n || !ended.some((v, i) => v + (failed[i] ?? 0) > 0)) return html`<span class="quiet">–</span>`;
  const height = 24;
  const bars = [];
  for (let i = 0; i < n; i++) {
    const good = ((ended[i] ?? 0) / most) * height;
    const bad = ((failed[i] ?? 0) / most) * height;
    if (good > 0) bars.push(svg`<rect class="good" x=${i * 4} y=${height - good} width="3" height=${good}></rect>`);
    if (bad > 0) bars.push(svg`<rect class="bad" x=${i * 4} y=${height - good - Math.max(bad, 1.5)} width="3" height=${Math.max(bad, 1.5)}></rect>`);
  }
  const failures = failed.reduce((a, b) => a + b, 0);
  return html`<svg class="spark" viewBox="0 0 ${n * 4} ${height}" role="img" aria-label="${label} last hour: ${count(ended.reduce((a, b) => a + b, 0))} went well, ${count(failures)} failed">${bars}</svg>`;
}

export const empty = (text) => html`<p class="empty">${text}</p>`;

export const typeLink = (type) => (type
  ? html`<a href="#/type/${encodeURIComponent(type)}">${type}</a>`
  : html`<span class="quiet">no job</span>`);

/** Who has set something in the place of the configuration, when, and why. */
export const override = (one) => `${one.by || 'somebody'}, ${when(one.at)}${one.until ? `, until ${when(one.until)}` : ''}${one.reason ? `: ${one.reason}` : ''}`;

export const field = (label, control, hint = '') => html`<label class="field"><span>${label}</span>${control}${hint ? html`<small>${hint}</small>` : nothing}</label>`;

export function download(name, text) {
  const link = Object.assign(document.createElement('a'), {
    href: URL.createObjectURL(new Blob([text], {type: 'application/json'})), download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

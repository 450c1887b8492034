// What operators do to jobs and knobs: ask, do, tell.

import {html} from './lib/lit-html/lit-html.js';
import {api, sweep} from './api.js';
import {ask, durationField, reasonField, signedIn} from './dialogs.js';
import {count, perTime, plural} from './format.js';
import {field} from './ui.js';
import {notify, overridesOf, refresh} from './store.js';

/** What is ordered, how it is said when it is done, and why it cannot be done to some. */
const VERBS = {
  replay: ['Replay', 'replayed', 'hold no job that a lane runs, are too large, or have expired'],
  drop: ['Drop', 'dropped', 'have expired, or never were'],
  run: ['Run now', 'ordered to run', 'do not wait any more'],
  'drop-scheduled': ['Drop', 'dropped', 'do not wait any more'],
};

/** Replays or drops dead jobs: `target` is {ids} or {filter}. Resolves with whether something was done. */
export async function orderDead(kind, target, what) {
  if (!await signedIn()) return false;
  return order(kind, what, target, (body) => api.orderDead(kind, body));
}

/** Runs or drops scheduled jobs: `target` is {ids} or {type}. */
export async function orderScheduled(kind, target, what) {
  if (!await signedIn()) return false;
  return order(kind === 'drop' ? 'drop-scheduled' : kind, what, target, (body) => api.orderScheduled(kind, body));
}

async function order(kind, what, target, send) {
  const [verb, done, unable] = VERBS[kind];
  try {
    const dry = await counted(send, target);
    const answer = await ask({
      title: `${verb} ${what}?`,
      submit: dry.complete ? `${verb} ${count(dry.done)}` : `${verb} all`,
      danger: verb === 'Drop',
      body: html`<p>${dry.complete ? '' : 'At least '}<strong>${plural(dry.done, 'job')}</strong> will be ${done}${dry.taken ? `; ${count(dry.taken)} were taken care of before` : ''}${dry.unable ? `; ${count(dry.unable)} ${unable}` : ''}.</p>
        ${dry.complete ? '' : html`<p class="why warn">Counting stopped there; ALL that match will be ${done}.</p>`}
        ${dry.troubles.map((trouble) => html`<p class="why warn">Missing: ${trouble}</p>`)}
        ${verb === 'Drop' ? html`<p>They will not run any more.</p>` : ''}
        ${reasonField()}`,
    });
    if (!answer) return false;
    const result = await sweep(send, {...target, reason: answer.reason}, (sum) => {
      notify(`${count(sum.done)} ${done} so far ...`);
      return true;
    });
    const isWhole = !result.unable && !result.pending && !result.troubles.length;
    notify(`${plural(result.done, 'job')} ${done}${result.taken ? `, ${count(result.taken)} were taken care of before` : ''}${result.unable ? `, ${count(result.unable)} ${unable}` : ''}${result.pending ? `, ${count(result.pending)} not acknowledged yet` : ''}${result.troubles.map((trouble) => `; missing: ${trouble}`).join('')}`, isWhole ? 'info' : 'bad');
    await refresh();
    return true;
  } catch (e) {
    notify(`${verb}: ${e.message}`, 'bad');
    return false;
  }
}

/** Of very many only the first pages: then it is not `complete`, and the order goes beyond what was counted. */
async function counted(send, target) {
  let pages = 0;
  return sweep(send, {...target, dry_run: true}, () => ++pages < 50);
}

/** A knob of a type, a pool or a lane; `notes` say what else follows from turning it. */
export async function turn(scope, name, knob, {title, control, value, submit, notes = []}) {
  if (!await signedIn()) return;
  const answer = await ask({
    title, submit,
    body: html`${notes.map((note) => html`<p>${note}</p>`)}${control ?? ''}${durationField()}${reasonField()}`,
  });
  if (!answer) return;
  await change(() => api.override(scope, name, knob, {
    value: value === undefined ? parse(answer.value) : value,
    ...(answer.for ? {for: answer.for} : {}), reason: answer.reason,
  }), title);
}

/** Takes an override away: the configuration's value holds again. */
export async function reset(scope, name, knob, title) {
  if (!await signedIn()) return;
  const answer = await ask({title, submit: 'Reset', body: html`<p>The configuration's value holds again.</p>${reasonField()}`});
  if (!answer) return;
  await change(() => api.clearOverride(scope, name, knob, answer.reason), title);
}

async function change(send, title) {
  try {
    await send();
    notify(`${title}: done`);
    await refresh();
  } catch (e) {
    notify(`${title}: ${e.message}`, 'bad');
  }
}

const parse = (text) => (/^[0-9]+$/.test(text) ? Number(text) : text);

/** The pool of the job types that have no entry, in the place of a type's name. */
const POOL = 'low_traffic_jobs';

/** What people read: a pool and a lane are no job types. */
export const called = (scope, name) => (scope === 'lanes' ? `lane ${name}` : name === POOL ? `the pool ${name}` : name);

const KEPT = 'Jobs wait in Kafka. They are lost if the pause lasts longer than the topic keeps them (7 days by default). Give it an end.';

/** `scope` is `types`, also for a pool, or `lanes`; `more` are notes. */
export const knobs = {
  pause: (scope, name, ...more) => turn(scope, name, 'paused', {title: `Pause ${called(scope, name)}`, submit: 'Pause', value: true, notes: [...more, KEPT]}),
  /** What an operator has paused is reset; what the configuration pauses is overridden. */
  resume: (scope, name, ...more) => (overridesOf(scope.slice(0, -1), name).paused?.value === true
    ? reset(scope, name, 'paused', `Resume ${called(scope, name)}`)
    : turn(scope, name, 'paused', {title: `Resume ${called(scope, name)}`, submit: 'Resume', value: false, notes: more})),
  limit: (name, now, ...more) => turn('types', name, 'concurrency', {
    title: `Limit of ${called('types', name)}`, submit: 'Set', notes: more,
    control: field('At once, in the whole fleet', html`<input name="value" type="number" min="1" max="100000" required .value=${now}>`),
  }),
  rate: (name, now, ...more) => turn('types', name, 'rate', {
    title: `Rate of ${called('types', name)}`, submit: 'Set', notes: more,
    control: field('Starts', html`<input name="value" required pattern="[0-9.]+/(s|m|h)" placeholder="5/s" .value=${now ? perTime(now) : ''}>`, 'Such as 5/s, 30/m or 100/h'),
  }),
};

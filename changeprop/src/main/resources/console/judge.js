// What deserves a look, and how much: pure. Everything that is coloured is decided here, and has a word and a sign too.

import {duration, mean, plural, when} from './format.js';

export const LEVELS = {
  bad: {rank: 3, sign: '✖', word: 'failing'},
  warn: {rank: 2, sign: '▲', word: 'look'},
  held: {rank: 1, sign: '‖', word: 'held'},
  busy: {rank: 0, sign: '●', word: 'busy'},
  well: {rank: 0, sign: '●', word: 'well'},
  idle: {rank: -1, sign: '○', word: 'idle'},
};

const SHARE_BAD = 0.2;
const LEAST_ATTEMPTS = 5;
const SLOW_SECONDS = 300;

const share = (window) => {
  const all = window.done + window.failed + window.dead;
  return all ? (window.failed + window.dead) / all : 0;
};
export const attempts = (window) => window.done + window.failed + window.dead;
export const failingShare = share;

/** Of one type: {level, word, why}; `overrides` say until when it is paused, and who wants that. */
export function judgeType(type, overrides = []) {
  const {use, limits, minute, hour, breaker} = type;
  if (limits.paused) return verdict('held', 'paused', whyPaused(type, overrides));
  if (breaker && breaker.phase !== 'closed') {
    return verdict('bad', breaker.phase === 'open' ? 'breaker open' : 'probing', breaker.reason);
  }
  const recent = attempts(minute) >= LEAST_ATTEMPTS ? minute : hour;
  if (attempts(recent) >= LEAST_ATTEMPTS && share(recent) >= SHARE_BAD) {
    return verdict('bad', 'failing', `${Math.round(share(recent) * 100)} % of the attempts of the last ${recent === minute ? 'minute' : 'hour'} failed`);
  }
  if (use.held) return verdict('held', 'held', 'The runner answered 429, or 503 with retry-after: this type waits');
  if (hour.dead > 0) return verdict('warn', 'jobs died', `${plural(hour.dead, 'job')} died within the last hour`);
  if (use.backlog_seconds >= SLOW_SECONDS) {
    return verdict('warn', 'slow', `The oldest job has waited for ${duration(use.backlog_seconds)}`);
  }
  if (use.running > 0 && use.running >= limits.concurrency) {
    return verdict('busy', 'at its limit', `All ${plural(limits.concurrency, 'slot')} in use`);
  }
  if (attempts(hour) === 0 && use.running === 0 && use.backlog === 0) return verdict('idle', 'idle', '');
  return verdict('well', 'well', '');
}

/** A pause of the configuration has no end, and nobody's name. */
function whyPaused({lane, limits: {pool}}, overrides) {
  const paused = overrides.filter((one) => one.knob === 'paused' && one.value === true
    && one.name === (one.scope === 'lane' ? lane : pool));
  const hasEnd = paused.length > 0 && paused.every((one) => one.until);
  const until = hasEnd ? when(Math.max(...paused.map((one) => new Date(one.until)))) : 'somebody resumes it';
  const by = paused.map((one) => `paused by ${one.by || 'somebody'}${one.reason ? `: ${one.reason}` : ''}`);
  return [`Nothing starts until ${until}`, ...by].join(' — ');
}

const verdict = (level, word, why) => ({level, word, why, ...{sign: LEVELS[level].sign, rank: LEVELS[level].rank}});

/** Everything that deserves a look in the whole fleet, worst first: {level, title, text, href}. */
export function findings(status, overrides) {
  const found = [];
  for (const instance of status.instances) {
    for (const trouble of instance.troubles) {
      found.push({level: 'bad', title: `Instance ${instance.instance}`, text: trouble, href: '#/fleet'});
    }
    for (const notice of instance.notices ?? []) {
      found.push({level: 'warn', title: `Instance ${instance.instance}`, text: notice, href: '#/fleet'});
    }
  }
  for (const lane of status.lanes) {
    if (lane.breaker.phase !== 'closed') {
      found.push({
        level: 'bad', title: `Target ${lane.target}`, href: '#/fleet',
        text: `${lane.breaker.phase === 'open' ? 'Nothing is sent' : 'Only probes are sent'} since ${when(lane.breaker.since)}: ${lane.breaker.reason}`,
      });
    }
    if (lane.held_wikis > 0) {
      found.push({level: 'held', title: `Lane ${lane.lane}`, text: `Jobs of ${plural(lane.held_wikis, 'wiki')} wait: read-only, or refused by the endpoint (the log says which)`, href: '#/fleet'});
    }
  }
  for (const type of status.types) {
    const judged = judgeType(type, overrides);
    if (judged.rank >= 1) {
      found.push({level: judged.level, title: type.type, word: judged.word, text: judged.why, type: type.type, href: `#/type/${encodeURIComponent(type.type)}`, dead: type.use.dead});
    }
  }
  return found.sort((a, b) => LEVELS[b.level].rank - LEVELS[a.level].rank || (b.dead ?? 0) - (a.dead ?? 0));
}

/** Sums over all types. */
export function totals(status) {
  const sum = {running: 0, waiting: 0, backlog: 0, scheduled: 0, dead: 0, done: 0, failed: 0, died: 0, oldest: 0};
  const counted = new Set();
  for (const {type, use, minute, hour} of status.types) {
    sum.running += use.running;
    sum.waiting += use.waiting;
    sum.backlog += use.backlog;
    sum.done += minute.done;
    sum.failed += minute.failed + minute.dead;
    sum.died += hour.dead;
    sum.oldest = Math.max(sum.oldest, use.backlog_seconds);
    if (!counted.has(type)) {
      counted.add(type);
      sum.scheduled += use.scheduled;
      sum.dead += use.dead;
    }
  }
  return sum;
}

export const meanSeconds = (window) => mean(window.seconds, attempts(window) + window.held);
export const meanDelay = (window) => mean(window.delay_seconds, window.started);

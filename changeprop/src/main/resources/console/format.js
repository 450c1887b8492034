// Numbers and times for people.

const COUNT = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
const CLOCK = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});
const DAY = new Intl.DateTimeFormat('en-GB', {day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit'});

export const count = (n) => COUNT.format(n);
export const compact = (n) => (Math.abs(n) < 10_000 ? COUNT.format(n) : COMPACT.format(n));
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** 0.84 → 840 ms, 75 → 1 m 15 s, 5400 → 1 h 30 m */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 0.001) return '0 s';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const units = [['d', 86_400], ['h', 3_600], ['m', 60], ['s', 1]];
  const first = units.findIndex(([, size]) => whole >= size);
  const rest = whole % units[first][1];
  const next = units[first + 1];
  const more = next ? Math.floor(rest / next[1]) : 0;
  return `${Math.floor(whole / units[first][1])} ${units[first][0]}${more ? ` ${more} ${next[0]}` : ''}`;
}

export function rate(perMinute) {
  if (perMinute >= 600) return `${compact(Math.round(perMinute / 60))}/s`;
  return `${compact(Math.round(perMinute))}/min`;
}

/** A rate as in the configuration, in the smallest unit that gives at least one: 0.0277… → 1.667/m */
export function perTime(perSecond) {
  const [unit, jobs] = [['s', perSecond], ['m', perSecond * 60], ['h', perSecond * 3_600]].find(([name, n]) => n >= 1 || name === 'h');
  return `${Math.round(jobs * 1_000) / 1_000}/${unit}`;
}

export const clock = (iso) => CLOCK.format(new Date(iso));

export function when(iso) {
  const date = new Date(iso);
  return date.toDateString() === new Date().toDateString() ? CLOCK.format(date) : DAY.format(date);
}

export function ago(iso, now = Date.now()) {
  const seconds = (now - new Date(iso)) / 1000;
  return seconds < 0 ? `in ${duration(-seconds)}` : `${duration(Math.max(1, Math.floor(seconds)))} ago`;
}

export const mean = (sum, n) => (n > 0 ? sum / n : NaN);

export const bytes = (n) => (n < 1024 ? `${n} B` : n < 1048576 ? `${(n / 1024).toFixed(1)} KiB` : `${(n / 1048576).toFixed(1)} MiB`);

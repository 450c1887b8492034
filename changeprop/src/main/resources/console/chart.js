// Charts of the last hour, by uPlot. Lines differ by dash as well as by colour.

import uPlot from './lib/uplot/uPlot.esm.js';
import {compact, duration} from './format.js';

const STEP_SECONDS = 10;
const POINTS = 360;
const STEPS_PER_MINUTE = 6;
const SYNC = uPlot.sync('hour');

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** What a chart shows: of each step, from the API's points, in which steps without anything are left out. */
export const CHARTS = {
  ended: {
    title: 'Attempts per minute',
    series: [
      {label: 'done', color: '--good', perMinute: true, of: (w) => w.done},
      {label: 'failed', color: '--bad', dash: [6, 3], perMinute: true, of: (w) => w.failed},
      {label: 'died', color: '--text', dash: [2, 2], perMinute: true, of: (w) => w.dead},
      {label: 'held', color: '--held', dash: [10, 4], perMinute: true, of: (w) => w.held},
    ],
    value: compact,
  },
  use: {
    title: 'Running and waiting',
    series: [
      {label: 'running', color: '--good', of: (w, p) => p.running},
      {label: 'waiting for a slot', color: '--held', dash: [10, 4], of: (w, p) => p.waiting},
      {label: 'backlog', color: '--bad', dash: [6, 3], of: (w, p) => p.backlog},
    ],
    value: compact,
  },
  times: {
    title: 'Mean duration and delay',
    series: [
      {label: 'takes', color: '--good', of: (w) => ratio(w.seconds, w.done + w.failed + w.dead + w.held)},
      {label: 'delay to start', color: '--bad', dash: [6, 3], of: (w) => ratio(w.delay_seconds, w.started)},
    ],
    value: duration,
  },
};

const pattern = (dash) => (dash ? (dash[0] <= 2 ? 'dotted' : 'dashed') : 'solid');
const sum = (values) => values.reduce((a, b) => a + b, 0);
const ratio = (total, n) => (n > 0 ? total / n : null);

function data(chart, past) {
  const last = Math.floor(Date.now() / 1000 / STEP_SECONDS);
  const byStep = new Map(past.points.map((point) => [point.step, point]));
  const steps = Array.from({length: POINTS}, (_, i) => last - POINTS + 1 + i);
  const none = {window: {done: 0, failed: 0, dead: 0, held: 0, seconds: 0, delay_seconds: 0, started: 0}, running: 0, waiting: 0, backlog: 0};
  return [
    steps.map((step) => step * STEP_SECONDS),
    ...chart.series.map((series) => {
      const values = steps.map((step) => {
        const point = byStep.get(step) ?? none;
        return series.of(point.window, point);
      });
      return series.perMinute ? values.map((_, i) => (i + 1 < STEPS_PER_MINUTE ? null : sum(values.slice(i + 1 - STEPS_PER_MINUTE, i + 1)))) : values;
    }),
  ];
}

/** An element that keeps a chart; told of new data by `update`. */
class HourChart extends HTMLElement {
  #plot;
  #past;
  #observer;
  #scheme = matchMedia('(prefers-color-scheme: dark)');
  #redo = () => { this.#make(); };

  connectedCallback() {
    this.#observer = new ResizeObserver(() => this.#plot?.setSize({width: this.clientWidth, height: this.#height()}));
    this.#observer.observe(this);
    this.#scheme.addEventListener('change', this.#redo);
    this.#make();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#scheme.removeEventListener('change', this.#redo);
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  set past(value) {
    if (!value || value === this.#past) return;
    this.#past = value;
    if (this.#plot) this.#plot.setData(data(this.#chart(), value));
    else this.#make();
  }

  #chart() { return CHARTS[this.getAttribute('kind')]; }
  #height() { return 180; }

  #make() {
    if (!this.isConnected || !this.#past || !this.#chart()) return;
    this.#plot?.destroy();
    const chart = this.#chart();
    const axis = {stroke: css('--quiet'), grid: {stroke: css('--line'), width: 1}, ticks: {stroke: css('--line'), width: 1}, font: '12px system-ui, sans-serif'};
    this.#plot = new uPlot({
      width: Math.max(200, this.clientWidth), height: this.#height(),
      cursor: {sync: {key: SYNC.key}, points: {size: 6}},
      scales: {x: {time: true}, y: {range: (u, min, max) => [0, Math.max(max * 1.1, 1)]}},
      // The key shows the dashes of the lines as well.
      legend: {markers: {width: 2, dash: (u, i) => pattern(u.series[i].dash)}},
      axes: [{...axis, values: '{HH}:{mm}'}, {...axis, size: 62, values: (u, values) => values.map((v) => chart.value(v))}],
      series: [
        {value: '{HH}:{mm}:{ss}'},
        ...chart.series.map((series) => ({
          label: series.label, stroke: css(series.color), width: 2, dash: series.dash, spanGaps: false,
          value: (u, v) => (v === null || v === undefined ? '–' : chart.value(v)),
        })),
      ],
    }, data(chart, this.#past), this);
  }
}

customElements.define('hour-chart', HourChart);

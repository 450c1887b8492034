"use strict";
(() => {
  const results = JSON.parse(document.getElementById("results").textContent);
  // Okabe and Ito's colours, which colour-blind people can tell apart.
  const colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"];
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const element = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    Object.assign(made, attributes);
    return made;
  };
  const number = (value, digits = 0) => value === null || value === undefined ? "–"
    : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  const label = result => result.contender + (result.round > 1 ? " #" + result.round : "");

  const table = (headings, rows) => {
    const made = element("table");
    const head = made.createTHead().insertRow();
    headings.forEach(heading => head.append(element("th", heading, { scope: "col" })));
    const body = made.createTBody();
    rows.forEach(cells => {
      const row = body.insertRow();
      cells.forEach(cell => row.insertCell().append(cell));
    });
    const scroll = element("div", undefined, { className: "scroll" });
    scroll.append(made);
    return scroll;
  };

  const named = (result, colour) => {
    const name = element("span");
    const swatch = element("span", undefined, { className: "swatch" });
    swatch.style.background = colour;
    name.append(swatch, label(result));
    return name;
  };

  const figures = trials => table(
    ["", "jobs/s", "CPU per job", "CPU, cores", "memory", "first job", "standstill", "p50", "p99", "p99.9", "slots in use"],
    trials.map((result, i) => {
      const steady = result.steady, latency = result.latency;
      const used = result.types.map(type => type.utilisation).filter(share => share !== null);
      return [named(result, colours[i % colours.length]), number(steady.jobs_per_second),
        number(steady.cpu_micros_per_job, 1) + " µs", number(steady.cpu_share, 2),
        number(steady.resident_mebibytes) + " MiB", number(steady.start_to_first_job_millis) + " ms",
        number(steady.longest_standstill_millis) + " ms",
        latency ? number(latency.p50, 1) + " ms" : "–", latency ? number(latency.p99, 1) + " ms" : "–",
        latency ? number(latency.p999, 1) + " ms" : "–",
        used.length ? number(Math.min(...used) * 100, 1) + " %" : "–"];
    }));

  const checks = trials => {
    const list = element("ul");
    trials.forEach(result => result.checks.forEach(check => {
      const item = element("li", label(result) + ": " + check.what, { className: check.held ? "good" : "bad" });
      item.append(element("span", " – " + check.found));
      list.append(item);
    }));
    return list;
  };

  const chart = (into, title, xs, series, { unit = "", log = false, xLabel = "s" } = {}) => {
    const card = element("div", undefined, { className: "chart" });
    card.append(element("h3", title));
    into.append(card);
    const axis = { stroke: css("--soft"), grid: { stroke: css("--line"), width: 0.5 }, ticks: { stroke: css("--line") } };
    const plot = new uPlot({
      width: card.clientWidth - 26, height: 220,
      scales: { x: { time: false }, y: log ? { distr: 3 } : { range: (u, min, max) => [0, Math.max(max * 1.05, 1e-9)] } },
      axes: [{ ...axis, values: (u, ticks) => ticks.map(tick => tick + xLabel) },
             { ...axis, size: 64, values: (u, ticks) => ticks.map(tick => tick === null ? "" : short.format(tick) + unit) }],
      series: [{ label: "at", value: (u, v) => v === null ? "–" : v + xLabel },
        ...series.map(one => ({ label: one.label, stroke: one.colour, width: 1.5, dash: one.dash, spanGaps: false,
          points: { show: false }, value: (u, v) => v === null || v === undefined ? "–" : number(v, v < 10 ? 2 : 0) + unit }))],
    }, [xs, ...series.map(one => one.values)], card);
    new ResizeObserver(() => plot.setSize({ width: card.clientWidth - 26, height: 220 })).observe(card);
  };

  const courses = (into, trials) => {
    const first = Math.min(...trials.map(result => result.seconds.length ? result.seconds[0].at : 0));
    const last = Math.max(...trials.map(result => result.seconds.length ? result.seconds.at(-1).at : 0));
    const xs = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const course = (pick, dash, suffix = "") => trials.map((result, i) => {
      const bySecond = new Map(result.seconds.map(second => [second.at, pick(second)]));
      return { label: label(result) + suffix, colour: colours[i % colours.length], dash, values: xs.map(x => bySecond.get(x) ?? null) };
    });
    chart(into, "Jobs that ended each second (dashed: produced)", xs,
      [...course(second => second.ended), ...course(second => second.produced, [4, 4], " produced")]);
    chart(into, "Requests in flight", xs, course(second => second.in_flight));
    if (trials.some(result => result.latency)) {
      const positive = value => value === null ? null : Math.max(value, 0.1);
      chart(into, "From when a job was due to the runner: p99 (dashed: p50)", xs,
        [...course(second => positive(second.p99), undefined, " p99"), ...course(second => positive(second.p50), [4, 4], " p50")],
        { unit: " ms", log: true });
      curves(into, trials.filter(result => result.latency));
    }
    chart(into, "CPU, in cores", xs, course(second => second.cpu_share));
    chart(into, "Resident memory", xs, course(second => second.resident_mebibytes), { unit: " MiB" });
  };

  // By the number of nines, as HdrHistogram's own plots.
  const curves = (into, trials) => {
    const nines = percentile => Math.log10(100 / Math.max(100 - percentile, 0.001));
    const xs = [...new Set(trials.flatMap(result => result.latency.curve.map(point => nines(point.percentile))))].sort((a, b) => a - b);
    chart(into, "Latency by nines (1: 90 %, 2: 99 %, 3: 99.9 %)", xs, trials.map((result, i) => {
      const points = result.latency.curve.map(point => [nines(point.percentile), point.millis]);
      return { label: label(result), colour: colours[i % colours.length],
        values: xs.map(x => (points.find(point => point[0] >= x) ?? points.at(-1))[1]) };
    }), { unit: " ms", log: true, xLabel: "" });
  };

  const machine = results[0].machine;
  document.getElementById("where").textContent =
    `${machine.processors} processors, Java ${machine.java}, ${machine.jvm_options.join(" ")}; ${results[0].at}. `
    + "Broker, runner and generator share the processors: compare the lines of one run.";
  for (const name of new Set(results.map(result => result.scenario))) {
    const trials = results.filter(result => result.scenario === name);
    const section = element("section");
    document.getElementById("scenarios").append(section);
    const charts = element("div", undefined, { className: "charts" });
    section.append(element("h2", name), element("p", trials[0].about), figures(trials), checks(trials), charts);
    courses(charts, trials);
  }
})();

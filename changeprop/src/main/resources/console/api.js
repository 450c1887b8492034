// The admin API, as openapi.yaml describes it. Every call goes through here.

const TOKEN = 'jobqueue.token';
const NAME = 'jobqueue.name';

/** The token lives as long as the tab, the name for as long as the browser remembers. */
export const credentials = {
  get token() { return sessionStorage.getItem(TOKEN) ?? ''; },
  get name() { return localStorage.getItem(NAME) ?? ''; },
  set(name, token) {
    localStorage.setItem(NAME, name);
    sessionStorage.setItem(TOKEN, token);
  },
  forget() { sessionStorage.removeItem(TOKEN); },
};

/** A request that was not carried out; `detail` is for people. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

async function call(method, path, body) {
  const headers = {accept: 'application/json'};
  if (credentials.token) headers.authorization = `Bearer ${credentials.token}`;
  if (credentials.name) headers['x-operator'] = encodable(credentials.name);
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response;
  try {
    response = await fetch(path, {
      method, headers, cache: 'no-store',
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(method === 'GET' ? 10_000 : 60_000),
    });
  } catch (e) {
    throw new Problem(0, 'No answer', e.name === 'TimeoutError' ? 'The service takes too long' : 'The service cannot be reached');
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Problem(response.status, problem.title ?? response.statusText, problem.detail ?? '');
  }
  return response.json();
}

/** Headers are Latin-1. */
const encodable = (text) => text.normalize('NFKD').replace(/[^\x20-\x7e]/g, '');

const query = (fields) => {
  const said = Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  return said.length ? `?${new URLSearchParams(said)}` : '';
};
const part = encodeURIComponent;

export const api = {
  session: () => call('GET', '/api/v1/session'),
  status: () => call('GET', '/api/v1/status'),
  history: () => call('GET', '/api/v1/history'),
  past: (type) => call('GET', `/api/v1/types/${part(type)}/history`),
  dead: (filter) => call('GET', `/api/v1/dead${query(filter)}`),
  deadSummary: (filter) => call('GET', `/api/v1/dead/summary${query(filter)}`),
  deadJob: (id) => call('GET', `/api/v1/dead/${part(id)}`),
  orderDead: (kind, order) => call('POST', `/api/v1/dead/${kind}`, order),
  tryDead: (id, target, reason) => call('POST', `/api/v1/dead/${part(id)}/try`, {target, reason}),
  scheduled: (filter) => call('GET', `/api/v1/scheduled${query(filter)}`),
  scheduledJob: (id) => call('GET', `/api/v1/scheduled/${part(id)}`),
  orderScheduled: (kind, order) => call('POST', `/api/v1/scheduled/${kind}`, order),
  story: (id) => call('GET', `/api/v1/jobs/${part(id)}`),
  audit: () => call('GET', '/api/v1/audit?limit=200'),
  overrides: () => call('GET', '/api/v1/overrides'),
  override: (scope, name, knob, change) => call('PUT', `/api/v1/${scope}/${part(name)}/overrides/${knob}`, change),
  clearOverride: (scope, name, knob, reason) =>
    call('DELETE', `/api/v1/${scope}/${part(name)}/overrides/${knob}${query({reason})}`),
};

/**
 * An order that touches many, page by page until it is done; `onPage` is told what was done so far, and says whether to
 * go on.
 */
export async function sweep(send, order, onPage = () => true) {
  const sum = {matched: 0, done: 0, taken: 0, unable: 0, pending: 0, scanned: 0};
  const troubles = new Set();
  let after;
  for (;;) {
    const page = await send({...order, ...(after ? {after} : {})});
    for (const key of Object.keys(sum)) sum[key] += page[key] ?? 0;
    for (const trouble of page.troubles ?? []) troubles.add(trouble);
    after = page.next;
    if (!after || !onPage(sum)) return {...sum, troubles: [...troubles], complete: !after};
  }
}

import type { AlertSettings, NewSnooze, Snooze } from '../../../hub/contract/alerting.ts';
import type {
  Alert,
  AlertPage,
  ApiError,
  DeadLetterPage,
  Disposition,
  Duty,
  ErasureCertificate,
  Person,
  Session,
  SightingPage,
  SiteHealth,
  Trajectory,
} from '../../../hub/contract/api.ts';
import type { Policy } from '../../../hub/contract/policy.ts';

import type {
  DutyGap,
  HandOver,
  Holiday,
  ListedHoliday,
  ListedPattern,
  RosterSettings,
  RosterView,
  ShiftChange,
  ShiftPattern,
  SingleShift,
  Swap,
} from '../../../hub/contract/roster.ts';

const root = '/api/v1';

/** Somebody who can be on the roster. */
export type Colleague = Pick<Person, 'id' | 'displayName' | 'role'>;

/** Settings of a site by their names in the API. */
export interface SettingValues {
  alerting: AlertSettings;
  roster: RosterSettings;
}

/** A setting and its version; version 0 was never changed. */
export interface Versioned<T> {
  version: number;
  value: T;
}

/** Something of the roster that got an id. */
type WithId<T> = T & { id: string };

/** What a manager sends to change the policy: the hub sets schema, site and version. */
export type PolicyEdit = Omit<Policy, 'schema' | 'site' | 'version'>;

/** Values of a query string; what is undefined or empty is left out. */
export type Query = Record<string, string | number | undefined>;

/** The hub said no, or could not be asked: `code` is the hub's, or `HUB_UNREACHABLE` with status 0. */
export class HubRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly details: Record<string, unknown>;

  constructor(status: number, body: ApiError) {
    super(body.message);
    this.name = 'HubRefusal';
    this.status = status;
    this.code = body.code;
    this.remedy = body.remedy;
    this.details = body.details ?? {};
  }
}

/** True when the question never reached the hub, so that asking again later is right. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof HubRefusal && (error.status === 0 || error.status >= 502);
}

/** The path of an evidence picture; the session cookie opens it. */
export function evidenceUrl(id: string): string {
  return `${root}/evidence/${id}`;
}

/** `?a=1&b=2`, or nothing at all. */
function queryString(query: Query): string {
  const filled = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (filled.length === 0) return '';
  return `?${new URLSearchParams(filled.map(([key, value]) => [key, String(value)]))}`;
}

/** The hub as this page speaks to it: every route it uses, and the hub's clock. */
export class Hub {
  #clockOffsetMs = 0;

  /** Milliseconds since the epoch by the hub's clock, known to about a second: tablets' own clocks are often wrong. */
  now(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  session = (): Promise<Session> => this.#ask('GET', '/session');
  logIn = (username: string, password: string): Promise<Session> =>
    this.#ask('POST', '/session', { username, password });
  logOut = (): Promise<void> => this.#ask('DELETE', '/session');

  alerts = (query: Query): Promise<AlertPage> => this.#ask('GET', `/alerts${queryString(query)}`);
  alert = (id: string): Promise<Alert> => this.#ask('GET', `/alerts/${id}`);
  acknowledge = (id: string): Promise<Alert> => this.#ask('POST', `/alerts/${id}/acknowledge`);
  resolve = (id: string, disposition: Disposition, note?: string): Promise<Alert> =>
    this.#ask('POST', `/alerts/${id}/resolve`, note ? { disposition, note } : { disposition });

  duty = (): Promise<Duty[]> => this.#ask('GET', '/duty');
  clockIn = (gate: string): Promise<unknown> => this.#ask('POST', '/duty/clock-in', { gate });
  clockOut = (): Promise<unknown> => this.#ask('POST', '/duty/clock-out');

  /** Shifts, gaps and what they are made of, between two instants. */
  roster = (from: string, until: string): Promise<RosterView> =>
    this.#ask('GET', `/roster${queryString({ from, until })}`);
  colleagues = (): Promise<Colleague[]> => this.#ask('GET', '/roster/people');
  addPattern = (pattern: ShiftPattern): Promise<ListedPattern> =>
    this.#ask('POST', '/roster/patterns', pattern);
  changePattern = (id: string, pattern: ShiftPattern): Promise<ListedPattern> =>
    this.#ask('PUT', `/roster/patterns/${id}`, pattern);
  addShift = (shift: SingleShift): Promise<WithId<SingleShift>> => this.#ask('POST', '/roster/shifts', shift);
  changeShift = (change: ShiftChange): Promise<WithId<ShiftChange>> =>
    this.#ask('POST', '/roster/changes', change);
  addHoliday = (holiday: Holiday): Promise<ListedHoliday> => this.#ask('POST', '/roster/holidays', holiday);
  removeFromRoster = (kind: 'patterns' | 'shifts' | 'changes' | 'holidays', id: string): Promise<void> =>
    this.#ask('DELETE', `/roster/${kind}/${id}`);
  askSwap = (swap: Pick<Swap, 'shift' | 'to' | 'reason'>): Promise<Swap> =>
    this.#ask('POST', '/roster/swaps', swap);
  answerSwap = (id: string, answer: 'accepted' | 'declined' | 'withdrawn'): Promise<Swap> =>
    this.#ask('POST', `/roster/swaps/${id}/answer`, { answer });

  /** Gates that have nobody now. */
  gaps = (): Promise<DutyGap[]> => this.#ask('GET', '/duty/gaps');
  acknowledgeGap = (id: string): Promise<DutyGap> => this.#ask('POST', `/duty/gaps/${id}/acknowledge`);
  leaveHandOver = (text: string): Promise<HandOver> => this.#ask('POST', '/hand-overs', { text });
  handOvers = (gate: string, since: string): Promise<HandOver[]> =>
    this.#ask('GET', `/hand-overs${queryString({ gate, since })}`);

  snoozes = (): Promise<Snooze[]> => this.#ask('GET', '/snoozes');
  addSnooze = (snooze: NewSnooze): Promise<Snooze> => this.#ask('POST', '/snoozes', snooze);
  endSnooze = (id: string): Promise<Snooze> => this.#ask('DELETE', `/snoozes/${id}`);
  setting = <N extends keyof SettingValues>(name: N): Promise<Versioned<SettingValues[N]>> =>
    this.#ask('GET', `/settings/${name}`);
  /** Refused with SETTING_CONFLICT when there is a newer version than `basedOn`. */
  saveSetting = <N extends keyof SettingValues>(
    name: N,
    value: SettingValues[N],
    basedOn: number,
  ): Promise<Versioned<SettingValues[N]>> =>
    this.#ask('PUT', `/settings/${name}${queryString({ basedOn })}`, value);

  sightings = (query: Query): Promise<SightingPage> => this.#ask('GET', `/sightings${queryString(query)}`);
  trajectory = (subject: string, query: Query): Promise<Trajectory> =>
    this.#ask('GET', `/subjects/${encodeURIComponent(subject)}/trajectory${queryString(query)}`);

  siteHealth = (): Promise<SiteHealth> => this.#ask('GET', '/site/health');
  deadLetters = (query: Query): Promise<DeadLetterPage> =>
    this.#ask('GET', `/dead-letters${queryString(query)}`);

  /** Everyone who was forgotten, newest first. */
  erasures = (): Promise<ErasureCertificate[]> => this.#ask('GET', '/erasures');

  /** Has every box forget a person's face; asked twice it is one erasure. */
  forget = (subject: string, reason: string): Promise<ErasureCertificate> =>
    this.#ask('POST', `/subjects/${encodeURIComponent(subject)}/erasure`, { reason });

  policy = (): Promise<Policy> => this.#ask('GET', '/policy');
  /** `basedOn` is the version that was edited: refused with POLICY_CONFLICT when there is a newer one. */
  savePolicy = (edit: PolicyEdit, basedOn: number): Promise<Policy> =>
    this.#ask('PUT', `/policy${queryString({ basedOn })}`, edit);

  /** The live stream as it comes; `lastEventId` asks for everything after it. */
  async openStream(lastEventId: string | undefined, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
    const response = await this.#reach(`${root}/stream`, { headers, signal, cache: 'no-store' });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init: RequestInit = { method, keepalive: method === 'POST' };
    if (body !== undefined) {
      init.headers = { 'content-type': 'application/json' };
      init.body = JSON.stringify(body);
    }
    const response = await this.#reach(`${root}${path}`, init);
    if (!response.ok) throw await refusalOf(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #reach(url: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(url, { credentials: 'same-origin', ...init });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new HubRefusal(0, { code: 'HUB_UNREACHABLE', message: String(error), remedy: '' });
    }
    this.#setClock(response.headers.get('date'));
    return response;
  }

  #setClock(date: string | null): void {
    const at = date === null ? Number.NaN : Date.parse(date);
    // The header counts whole seconds: half of one is the best guess of what it cut off.
    if (!Number.isNaN(at)) this.#clockOffsetMs = at + 500 - Date.now();
  }
}

async function refusalOf(response: Response): Promise<HubRefusal> {
  const unknown = { code: `HTTP_${response.status}`, message: response.statusText, remedy: '' };
  const body = (await response.json().catch(() => unknown)) as Partial<ApiError>;
  return new HubRefusal(response.status, { ...unknown, ...body });
}

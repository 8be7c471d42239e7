import type { AlertSettings, NewSnooze, Snooze } from '../../../hub/contract/alerting.ts';
import type {
  Alert,
  AlertPage,
  ApiError,
  AuditHead,
  AuditPage,
  DeadLetterPage,
  Devices,
  Disposition,
  Duty,
  ErasureCertificate,
  NewPerson,
  NewSecondFactor,
  OwnSession,
  Pairing,
  Person,
  PersonChange,
  PolicyHistory,
  PolicyProposal,
  RecoveryCodes,
  Session,
  SightingPage,
  SiteHealth,
  ThisDevice,
  Trajectory,
  TrajectoryEntry,
} from '../../../hub/contract/api.ts';
import type {
  Channel,
  ChannelChange,
  ChannelList,
  ChannelTest,
  NewChannel,
  Notice,
  NoticeList,
  NoticePage,
  NoticeSettings,
  PushSubscriptionBody,
} from '../../../hub/contract/channels.ts';
import type { CorrectedFact, CorrectedSighting } from '../../../hub/contract/correction.ts';
import type {
  LegalHold,
  NewLegalHold,
  RetentionReport,
  RetentionSettings,
} from '../../../hub/contract/keeping.ts';
import type {
  CompanionList,
  FlowList,
  InsideCounts,
  PresencePage,
  VisitPage,
} from '../../../hub/contract/log.ts';
import type { Policy } from '../../../hub/contract/policy.ts';
import type { IncidentReport } from '../../../hub/contract/report.ts';
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
import type { ViidSettingsEdit, ViidStatus } from '../../../hub/contract/viid.ts';

const root = '/api/v1';

/** Somebody who can be on the roster. */
export type Colleague = Pick<Person, 'id' | 'displayName' | 'role'>;

/** Settings of a site by their names in the API. */
export interface SettingValues {
  alerting: AlertSettings;
  roster: RosterSettings;
  viid: ViidSettingsEdit;
}

/** A setting and its version; version 0 was never changed. */
export interface Versioned<T> {
  version: number;
  value: T;
  /** Of a setting with a password, which is never shown. */
  hasPassword?: boolean;
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
  /** Refused with SECOND_FACTOR_NEEDED when the account wants a code too. */
  logIn = (username: string, password: string, code?: string): Promise<Session> =>
    this.#ask('POST', '/session', code ? { username, password, code } : { username, password });
  logOut = (): Promise<void> => this.#ask('DELETE', '/session');

  alerts = (query: Query): Promise<AlertPage> => this.#ask('GET', `/alerts${queryString(query)}`);
  alert = (id: string): Promise<Alert> => this.#ask('GET', `/alerts/${id}`);
  acknowledge = (id: string): Promise<Alert> => this.#ask('POST', `/alerts/${id}/acknowledge`);
  resolve = (id: string, disposition: Disposition, note?: string): Promise<Alert> =>
    this.#ask('POST', `/alerts/${id}/resolve`, note ? { disposition, note } : { disposition });

  /** What a report of one alert says; every call is recorded in the person's name. */
  incidentReport = (id: string): Promise<IncidentReport> => this.#ask('GET', `/alerts/${id}/report`);
  /** The bytes of a picture as the hub hands them out now, not as a browser kept them. */
  async picture(id: string, signal: AbortSignal): Promise<ArrayBuffer> {
    const response = await this.#reach(evidenceUrl(id), { signal, cache: 'no-store' });
    if (!response.ok) throw await refusalOf(response);
    return response.arrayBuffer();
  }

  /** Everything that the query finds, as a file that comes as fast as it is read. */
  async exportFile(
    what: 'sightings' | 'alerts',
    format: 'csv' | 'xlsx',
    query: Query,
    signal: AbortSignal,
  ): Promise<Response> {
    const path = `${root}/exports/${what}.${format}${queryString(query)}`;
    const response = await this.#reach(path, { signal, cache: 'no-store' });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

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

  visits = (query: Query): Promise<VisitPage> => this.#ask('GET', `/visits${queryString(query)}`);
  inside = (query: Query): Promise<InsideCounts> => this.#ask('GET', `/visits/inside${queryString(query)}`);
  /** Who and what was there; every call is recorded in the person's name. */
  presence = (query: Query): Promise<PresencePage> => this.#ask('GET', `/presence${queryString(query)}`);
  /** Who passes together with a subject; every call is recorded in the person's name. */
  companions = (subject: string, query: Query): Promise<CompanionList> =>
    this.#ask('GET', `/subjects/${encodeURIComponent(subject)}/companions${queryString(query)}`);
  flows = (query: Query): Promise<FlowList> => this.#ask('GET', `/flows${queryString(query)}`);

  /** How the export to the platform of GA/T 1400 is doing. */
  viidStatus = (): Promise<ViidStatus> => this.#ask('GET', '/viid');

  sighting = (id: string): Promise<TrajectoryEntry> => this.#ask('GET', `/sightings/${id}`);
  /** A sighting as the box told it, what was corrected since, and what holds. */
  corrections = (sighting: string): Promise<CorrectedSighting> =>
    this.#ask('GET', `/sightings/${sighting}/corrections`);
  correct = (sighting: string, fact: CorrectedFact, reason: string): Promise<CorrectedSighting> =>
    this.#ask('POST', `/sightings/${sighting}/corrections`, { fact, reason });
  undoCorrection = (id: string): Promise<CorrectedSighting> => this.#ask('POST', `/corrections/${id}/undo`);
  /** Two ids are one person from now on, under the id that comes back. Boxes cannot take it back. */
  mergeSubjects = (subject: string, other: string, reason: string): Promise<{ subject: string }> =>
    this.#ask('POST', `/subjects/${subject}/merge`, { with: other, reason });
  /** Some sightings are somebody else's, who gets the id that comes back. */
  splitSubject = (subject: string, sightings: string[], reason: string): Promise<{ subject: string }> =>
    this.#ask('POST', `/subjects/${subject}/split`, { sightings, reason });

  siteHealth = (): Promise<SiteHealth> => this.#ask('GET', '/site/health');
  deadLetters = (query: Query): Promise<DeadLetterPage> =>
    this.#ask('GET', `/dead-letters${queryString(query)}`);

  /** The certificate of a person or a plate; null when nobody asked to forget them. */
  erasureOf = async (subject: string): Promise<ErasureCertificate | null> => {
    try {
      return await this.#ask('GET', `/subjects/${encodeURIComponent(subject)}/erasure`);
    } catch (error) {
      if (error instanceof HubRefusal && error.code === 'ERASURE_UNKNOWN') return null;
      throw error;
    }
  };

  /** Forgets a person or a plate here and on every box; asked twice it is one erasure, up to now. */
  forget = (subject: string, reason: string): Promise<ErasureCertificate> =>
    this.#ask('POST', `/subjects/${encodeURIComponent(subject)}/erasure`, { reason });

  retention = (): Promise<RetentionReport> => this.#ask('GET', '/retention');
  /** `basedOn` is the version that was edited: refused with RETENTION_CONFLICT when there is a newer one. */
  saveRetention = (settings: RetentionSettings, basedOn: number): Promise<RetentionReport> =>
    this.#ask('PUT', `/retention${queryString({ basedOn })}`, settings);

  /** Incidents that are on hold now. */
  holds = (): Promise<LegalHold[]> => this.#ask('GET', `/holds${queryString({ ended: 'false' })}`);
  placeHold = (hold: NewLegalHold): Promise<LegalHold> => this.#ask('POST', '/holds', hold);
  liftHold = (id: string, reason: string): Promise<LegalHold> =>
    this.#ask('POST', `/holds/${id}/lift`, { reason });

  policy = (): Promise<Policy> => this.#ask('GET', '/policy');
  /**
   * What flags more than before comes back as a proposal, which a second person must confirm. `basedOn` is the version
   * that was edited: refused with POLICY_CONFLICT when there is a newer one.
   */
  savePolicy = (edit: PolicyEdit, basedOn: number): Promise<Policy | PolicyProposal> =>
    this.#ask('PUT', `/policy${queryString({ basedOn })}`, edit);

  channels = async (): Promise<Channel[]> => (await this.#ask<ChannelList>('GET', '/channels')).items;
  addChannel = (channel: NewChannel): Promise<Channel> => this.#ask('POST', '/channels', channel);
  changeChannel = (id: string, change: ChannelChange): Promise<Channel> =>
    this.#ask('PUT', `/channels/${id}`, change);
  removeChannel = (id: string): Promise<void> => this.#ask('DELETE', `/channels/${id}`);
  /** Sends a real message. */
  testChannel = (id: string): Promise<ChannelTest> => this.#ask('POST', `/channels/${id}/test`);
  noticeSettings = (): Promise<NoticeSettings> => this.#ask('GET', '/notice-settings');
  saveNoticeSettings = (settings: NoticeSettings): Promise<NoticeSettings> =>
    this.#ask('PUT', '/notice-settings', settings);

  notices = (query: Query): Promise<NoticePage> => this.#ask('GET', `/notices${queryString(query)}`);
  noticesOf = async (alert: string): Promise<Notice[]> =>
    (await this.#ask<NoticeList>('GET', `/alerts/${alert}/notices`)).items;
  retryNotice = (id: string): Promise<void> => this.#ask('POST', `/notices/${id}/retry`);

  pushKey = (): Promise<{ key: string }> => this.#ask('GET', '/push/key');
  subscribe = (subscription: PushSubscriptionBody): Promise<void> =>
    this.#ask('PUT', '/push/subscription', subscription);
  unsubscribe = (endpoint: string): Promise<void> => this.#ask('DELETE', '/push/subscription', { endpoint });
  proposals = (): Promise<PolicyProposal[]> => this.#ask('GET', '/policy/proposals');
  confirmProposal = (id: string): Promise<Policy> => this.#ask('POST', `/policy/proposals/${id}/confirm`);
  rejectProposal = (id: string): Promise<PolicyProposal> =>
    this.#ask('POST', `/policy/proposals/${id}/reject`);
  policyHistory = (query: Query): Promise<PolicyHistory> =>
    this.#ask('GET', `/policy/history${queryString(query)}`);
  sessions = (): Promise<OwnSession[]> => this.#ask('GET', '/sessions');
  endSession = (id: string): Promise<void> => this.#ask('DELETE', `/sessions/${id}`);
  /** Here too. */
  logOutEverywhere = (): Promise<void> => this.#ask('DELETE', '/sessions');
  changePassword = (current: string, next: string): Promise<Session> =>
    this.#ask('POST', '/session/password', { current, next });
  beginSecondFactor = (): Promise<NewSecondFactor> => this.#ask('POST', '/session/second-factor');
  confirmSecondFactor = (code: string): Promise<RecoveryCodes> =>
    this.#ask('PUT', '/session/second-factor', { code });
  removeSecondFactor = (password: string, code: string): Promise<void> =>
    this.#ask('POST', '/session/second-factor/removal', { password, code });
  renewRecoveryCodes = (code: string): Promise<RecoveryCodes> =>
    this.#ask('POST', '/session/second-factor/recovery-codes', { code });
  people = (): Promise<Person[]> => this.#ask('GET', '/people');
  addPerson = (person: NewPerson): Promise<Person> => this.#ask('POST', '/people', person);
  changePerson = (id: string, change: PersonChange): Promise<Person> =>
    this.#ask('PATCH', `/people/${id}`, change);
  resetPassword = (id: string): Promise<{ password: string }> =>
    this.#ask('POST', `/people/${id}/password-reset`);
  resetSecondFactor = (id: string): Promise<void> => this.#ask('POST', `/people/${id}/second-factor-reset`);
  logOutPerson = (id: string): Promise<void> => this.#ask('DELETE', `/people/${id}/sessions`);
  devices = (): Promise<Devices> => this.#ask('GET', '/devices');
  startPairing = (gate: string, name: string): Promise<Pairing> =>
    this.#ask('POST', '/devices/pairings', { gate, name });
  revokeDevice = (id: string): Promise<void> => this.#ask('DELETE', `/devices/${id}`);
  setDeviceRules = (guardsOnlyOnPairedTablets: boolean): Promise<unknown> =>
    this.#ask('PUT', '/devices/rules', { guardsOnlyOnPairedTablets });
  /** The paired tablet that this page is on, if it is one. */
  thisDevice = (): Promise<ThisDevice> => this.#ask('GET', '/device');
  pairThisDevice = (code: string): Promise<ThisDevice> => this.#ask('POST', '/device', { code });
  audit = (query: Query): Promise<AuditPage> => this.#ask('GET', `/audit${queryString(query)}`);
  auditHead = (): Promise<AuditHead> => this.#ask('GET', '/audit/head');

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

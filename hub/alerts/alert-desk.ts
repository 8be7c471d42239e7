import { covers, type GateScope, requireGate } from '../accounts/scope.ts';
import { type Clock, toInstant } from '../clock.ts';
import type { Alert, AlertPage, AlertQuery } from '../contract/api.ts';
import { HubError } from '../errors.ts';
import type { Announcer } from '../event-log.ts';
import { acknowledge, expire, type Guard, type Resolution, resolve } from './alert.ts';
import type { AlertStore } from './alert-store.ts';
import { escalate } from './escalation.ts';
import type { AlertContext } from './judgement.ts';

/** Where guards act on alerts: applies a rule, saves, then announces. */
export class AlertDesk {
  readonly #store: AlertStore;
  readonly #announcer: Announcer;
  readonly #context: () => Pick<AlertContext, 'rules' | 'staff'>;
  readonly #clock: Clock;

  /** `context`: the rules and the people as they are at the moment of asking. */
  constructor(
    store: AlertStore,
    announcer: Announcer,
    context: () => Pick<AlertContext, 'rules' | 'staff'>,
    clock: Clock,
  ) {
    this.#store = store;
    this.#announcer = announcer;
    this.#context = context;
    this.#clock = clock;
  }

  /** Refused with GATE_NOT_ALLOWED when it asks for a gate outside of the scope. */
  async list(query: AlertQuery, scope: GateScope): Promise<AlertPage> {
    requireGate(scope, query.gate);
    return this.#store.list(query, scope);
  }

  /** An alert of a gate outside of the scope is as unknown as one that never was. */
  async get(id: string, scope: GateScope): Promise<Alert> {
    const alert = await this.#store.get(id);
    if (!alert || !covers(scope, alert.gate)) throw new HubError('ALERT_UNKNOWN');
    return alert;
  }

  /** Refused with ALERT_ALREADY_ACKNOWLEDGED and the first guard in the details when someone was faster. */
  acknowledge(id: string, guard: Guard): Promise<Alert> {
    return this.#change(id, (alert) => acknowledge(alert, guard, this.#now()));
  }

  resolve(id: string, guard: Guard, resolution: Resolution): Promise<Alert> {
    return this.#change(id, (alert) => resolve(alert, guard, resolution, this.#now()));
  }

  /** Ends what nobody touched in time; returns how many. Called now and then by the owner of the timer. */
  async expireUntouched(): Promise<number> {
    const before = toInstant(this.#clock.now() - this.#context().rules.expireAfterMs);
    const changes = await this.#store.changeOpenedBefore(before, (alert) => expire(alert, this.#now()));
    this.#announcer.announce(changes.flatMap((change) => change.events));
    return changes.length;
  }

  /** Tells the next stage of what nobody has answered; returns how many. Called every second. */
  async escalateUnanswered(): Promise<number> {
    const { rules, staff } = this.#context();
    const now = this.#now();
    const changes = await this.#store.changeDue(now, (alert) => escalate(alert, staff, rules, now));
    this.#announcer.announce(changes.flatMap((change) => change.events));
    return changes.length;
  }

  async #change(id: string, rule: (alert: Alert) => Alert): Promise<Alert> {
    const change = await this.#store.change(id, rule);
    if (!change) throw new HubError('ALERT_UNKNOWN');
    this.#announcer.announce(change.events);
    return change.alert;
  }

  #now(): string {
    return toInstant(this.#clock.now());
  }
}

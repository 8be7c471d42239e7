import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Role } from '../contract/api.ts';
import type { PolicyEdit } from '../policy/policy-desk.ts';
import type { Hub } from '../server.ts';
import { demoColleagues, demoGate, demoPatterns } from './demo-roster.ts';

const logIns = z.array(z.strictObject({ username: z.string(), password: z.string(), role: z.string() }));
export type LogIns = z.infer<typeof logIns>;

const cast: { username: string; displayName: string; role: Role }[] = [
  { username: 'guard', displayName: '王师傅', role: 'guard' },
  { username: 'manager', displayName: '李经理', role: 'manager' },
  { username: 'admin', displayName: '管理员', role: 'admin' },
];

const hourMs = 3_600_000;
/** A duty that has lasted so long at a start was forgotten, and would soon count no more. */
const longDutyMs = 8 * hourMs;

/**
 * People with passwords of their own, a guard on duty at the gate, a roster, a policy that ends, a box. Passwords are
 * written to `path` before anyone is made with them, so that a start cut short is completed by the next; only a roster
 * that was begun stays as it is.
 */
export async function provision(hub: Hub, path: string): Promise<{ people: LogIns; token: string }> {
  const people = existsSync(path) ? logIns.parse(JSON.parse(readFileSync(path, 'utf8'))) : newLogIns();
  writeFileSync(path, JSON.stringify(people, null, 2), { mode: 0o600 });

  const known = new Set((await hub.accounts.listPeople()).map(({ username }) => username));
  for (const person of cast.filter(({ username }) => !known.has(username))) {
    const { password } = people.find(({ username }) => username === person.username)!;
    const added = await hub.accounts.addPerson({ ...person, password });
    if (person.role === 'guard') await hub.duty.clockIn(added, demoGate);
  }
  for (const person of demoColleagues.filter(({ username }) => !known.has(username))) {
    await hub.accounts.addPerson({ ...person, password: readablePassword() });
  }
  await keepOnDuty(hub);
  await planRoster(hub, Date.now());
  const { version } = await hub.policy.current('demo');
  if (version === 0) await hub.policy.change('demo', demoPolicy(Date.now()), 'npm start');
  return { people, token: await hub.admitBox({ site: 'demo', box: 'east-box' }) };
}

/** The guard who was on duty when the demo was stopped is on duty as if just arrived, also days later. */
async function keepOnDuty(hub: Hub): Promise<void> {
  for (const { person, displayName, gate, since } of await hub.duty.onDuty()) {
    if (Date.now() - Date.parse(since) < longDutyMs) continue;
    await hub.duty.clockOut(person);
    await hub.duty.clockIn({ id: person, displayName }, gate);
  }
}

/** A roster, a shift that changed hands, a swap that waits for the guard, and a note from the shift before. */
async function planRoster(hub: Hub, now: number): Promise<void> {
  const week = () => hub.roster.view({ from: now, until: now + 7 * 24 * hourMs });
  if ((await week()).patterns.length > 0) return;
  const people = new Map((await hub.accounts.listPeople()).map((person) => [person.username, person]));
  const idOf = (username: string) => people.get(username)!.id;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const { username, ...pattern } of demoPatterns(now, timeZone)) {
    await hub.roster.savePattern({ ...pattern, person: idOf(username) });
  }
  const { shifts } = await week();
  const nextOf = (username: string) =>
    shifts.find(({ person, from }) => person === idOf(username) && Date.parse(from) > now);
  const [changed, asked] = [nextOf('zhang'), nextOf('liu')];
  if (changed) await hub.roster.changeShift({ shift: changed.key, person: idOf('zhao'), reason: '请假' });
  if (asked) {
    await hub.roster.askSwap({ shift: asked.key, to: idOf('guard'), reason: '家里有事' }, idOf('liu'));
  }
  await hub.handOvers.leave(demoGate, people.get('liu')!, '3 号楼今天搬家，货车傍晚前会出来。');
}

function newLogIns(): LogIns {
  return cast.map(({ username, role }) => ({ username, password: readablePassword(), role }));
}

/** Every rule has a reason, an owner and an end, four weeks from `now`. */
function demoPolicy(now: number): PolicyEdit {
  const campaign = (reason: string) => ({
    enabled: true,
    reason,
    owner: '李经理',
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 28 * 86_400_000).toISOString(),
  });
  return {
    homeProvince: '苏',
    mask: campaign('流感高发期，进出须戴口罩'),
    firstTime: campaign('首次进入者须登记'),
    outOfProvince: campaign('外省车辆须登记事由'),
    watchedProvinces: [{ ...campaign('按社区通知关注来自湖北的车辆'), provinces: ['鄂'] }],
    strangerRetentionDays: 14,
  };
}

/** Twelve letters and digits in groups of four, without those that look alike: 60 bits. */
function readablePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return [group(), group(), group()].join('-');
}

import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Role } from '../contract/api.ts';
import type { PolicyEdit } from '../policy/policy-desk.ts';
import type { Hub } from '../server.ts';

const logIns = z.array(z.strictObject({ username: z.string(), password: z.string(), role: z.string() }));
export type LogIns = z.infer<typeof logIns>;

const cast: { username: string; displayName: string; role: Role }[] = [
  { username: 'guard', displayName: '王师傅', role: 'guard' },
  { username: 'manager', displayName: '李经理', role: 'manager' },
  { username: 'admin', displayName: '管理员', role: 'admin' },
];

/**
 * People with passwords of their own, a guard on duty at the gate, a policy that ends, a box. Passwords are written to
 * `path` before anyone is made with them, so that a start cut short at any point is completed by the next.
 */
export async function provision(hub: Hub, path: string): Promise<{ people: LogIns; token: string }> {
  const people = existsSync(path) ? logIns.parse(JSON.parse(readFileSync(path, 'utf8'))) : newLogIns();
  writeFileSync(path, JSON.stringify(people, null, 2), { mode: 0o600 });

  const known = new Set((await hub.accounts.listPeople()).map(({ username }) => username));
  for (const person of cast.filter(({ username }) => !known.has(username))) {
    const { password } = people.find(({ username }) => username === person.username)!;
    const added = await hub.accounts.addPerson({ ...person, password });
    if (person.role === 'guard') await hub.duty.clockIn(added, 'east-gate');
  }
  const { version } = await hub.policy.current('demo');
  if (version === 0) await hub.policy.change('demo', demoPolicy(Date.now()), 'npm start');
  return { people, token: await hub.admitBox({ site: 'demo', box: 'east-box' }) };
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

import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Role } from '../contract/api.ts';
import type { PolicyEdit } from '../policy/policy-desk.ts';
import type { Hub } from '../server.ts';

const demoFile = z.strictObject({
  token: z.string(),
  people: z.array(z.strictObject({ username: z.string(), password: z.string(), role: z.string() })),
});
export type Demo = z.infer<typeof demoFile>;

const cast: { username: string; displayName: string; role: Role }[] = [
  { username: 'guard', displayName: '王师傅', role: 'guard' },
  { username: 'manager', displayName: '李经理', role: 'manager' },
  { username: 'admin', displayName: '管理员', role: 'admin' },
];

/** On the first start: people with passwords of their own, a guard on duty at the gate, a box, a policy that ends. */
export async function provision(hub: Hub, path: string): Promise<Demo> {
  if (existsSync(path)) return demoFile.parse(JSON.parse(readFileSync(path, 'utf8')));

  const people: Demo['people'] = [];
  for (const person of cast) {
    const password = readablePassword();
    const added = await hub.accounts.addPerson({ ...person, password });
    people.push({ username: person.username, password, role: person.role });
    if (person.role === 'guard') await hub.duty.clockIn(added, 'east-gate');
  }
  await hub.policy.change('demo', demoPolicy(Date.now()), 'npm start');
  const demo = { token: await hub.admitBox({ site: 'demo', box: 'east-box' }), people };
  writeFileSync(path, JSON.stringify(demo, null, 2), { mode: 0o600 });
  return demo;
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
    watchedProvinces: { ...campaign('按社区通知关注来自湖北的车辆'), provinces: ['鄂'] },
    strangerRetentionDays: 14,
  };
}

/** Twelve letters and digits in groups of four, without those that look alike: 60 bits. */
function readablePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return [group(), group(), group()].join('-');
}

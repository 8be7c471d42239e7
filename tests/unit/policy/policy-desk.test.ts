import { expect, onTestFinished, test } from 'vitest';
import { type Policy, policy as policySchema } from '../../../hub/contract/policy.ts';
import { PolicyDesk, type PolicyEdit } from '../../../hub/policy/policy-desk.ts';
import { defaultPolicy } from '../../../hub/policy/policy-rules.ts';
import { openStore } from '../../../hub/store/open-store.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

const edit: PolicyEdit = {
  homeProvince: '苏',
  strangerRetentionDays: 14,
  mask: {
    enabled: true,
    reason: '流感季',
    owner: '物业经理',
    startsAt: '2026-03-01T00:00:00.000Z',
    endsAt: '2026-04-01T00:00:00.000Z',
  },
};

async function openDesk() {
  const folder = await temporaryFolder();
  const store = await openStore({ database: ':memory:', evidence: folder.path });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const published: Policy[] = [];
  const publish = async (policy: Policy) => void published.push(policy);
  const desk = new PolicyDesk(store.policies, publish, { now: () => Date.parse('2026-03-01T08:00:00.000Z') });
  return { desk, published };
}

test('the default policy flags nothing and follows the contract', () => {
  expect(policySchema.parse(defaultPolicy('demo'))).toEqual(defaultPolicy('demo'));
  expect(Object.keys(defaultPolicy('demo'))).not.toContain('mask');
});

test('a change is the next version, current from then on, and told to the boxes', async () => {
  const { desk, published } = await openDesk();
  expect((await desk.change('demo', edit, '物业经理')).version).toBe(1);
  expect((await desk.change('demo', { ...edit, homeProvince: '浙' }, '物业经理', 1)).version).toBe(2);
  expect(await desk.current('demo')).toMatchObject({ version: 2, homeProvince: '浙', mask: edit.mask });
  expect(published.map(({ version }) => version)).toEqual([1, 2]);
});

test('sites have their own', async () => {
  const { desk } = await openDesk();
  await desk.change('demo', edit, '物业经理');
  expect((await desk.current('other')).version).toBe(0);
});

test('a change based on an older version is refused and changes nothing', async () => {
  const { desk, published } = await openDesk();
  await desk.change('demo', edit, '物业经理');
  await expect(desk.change('demo', edit, '物业经理', 0)).rejects.toMatchObject({ code: 'POLICY_CONFLICT' });
  expect(published).toHaveLength(1);
});

test('of two changes at once one is refused', async () => {
  const { desk } = await openDesk();
  const outcomes = await Promise.allSettled([desk.change('demo', edit, 'a'), desk.change('demo', edit, 'b')]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a rule that ends before it starts is refused by name', async () => {
  const { desk } = await openDesk();
  const mask = { ...(edit.mask as NonNullable<Policy['mask']>), endsAt: '2026-02-01T00:00:00.000Z' };
  await expect(desk.change('demo', { ...edit, mask }, 'a')).rejects.toMatchObject({
    code: 'POLICY_INVALID',
    details: { rules: ['mask'] },
  });
});

import { describe, expect, onTestFinished, test } from 'vitest';
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

async function openDesk(others = 1) {
  const folder = await temporaryFolder();
  const store = await openStore({ database: ':memory:', evidence: folder.path });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const published: Policy[] = [];
  const publish = async (policy: Policy) => void published.push(policy);
  const clock = { at: Date.parse('2026-03-01T08:00:00.000Z'), now: () => clock.at };
  const desk = new PolicyDesk(store.policies, publish, clock, async () => others);
  return { desk, published, clock };
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

describe('four eyes', () => {
  const [li, wang] = ['1', '2'].map((each) => ({
    id: `0195500c-0000-7000-8000-00000000000${each}`,
    displayName: each,
  }));
  const mask = edit.mask as NonNullable<Policy['mask']>;
  const calm: PolicyEdit = { homeProvince: '苏', strangerRetentionDays: 14 };

  async function propose(desk: PolicyDesk, wish: PolicyEdit, by = li) {
    const outcome = await desk.request('demo', wish, by);
    if (outcome.kind !== 'proposed') throw new Error('it holds already');
    return outcome.proposal;
  }

  test('what is proposed holds only once somebody else has confirmed it', async () => {
    const { desk, published } = await openDesk();
    const { id } = await propose(desk, edit);
    expect(published).toEqual([]);
    await expect(desk.confirm('demo', id, li)).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    expect(await desk.confirm('demo', id, wang)).toMatchObject({ version: 1, mask: edit.mask });
    expect(published).toHaveLength(1);
    await expect(desk.confirm('demo', id, wang)).rejects.toMatchObject({ code: 'PROPOSAL_OVER' });
    await expect(desk.confirm('other', id, wang)).rejects.toMatchObject({ code: 'PROPOSAL_UNKNOWN' });
  });

  test('of two who confirm at once one is first', async () => {
    const { desk, published } = await openDesk();
    const { id } = await propose(desk, edit);
    const outcomes = await Promise.allSettled([
      desk.confirm('demo', id, wang),
      desk.confirm('demo', id, wang),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(published).toHaveLength(1);
  });

  test('a proposal is void after seven days', async () => {
    const { desk, clock } = await openDesk();
    const { id } = await propose(desk, edit);
    clock.at += 7 * 86_400_000;
    expect(await desk.proposals('demo')).toMatchObject([{ id, state: 'expired' }]);
    await expect(desk.confirm('demo', id, wang)).rejects.toMatchObject({
      code: 'PROPOSAL_OVER',
      details: { state: 'expired' },
    });
  });

  test('what was switched off meanwhile is not switched on again by an older proposal about something else', async () => {
    const { desk } = await openDesk();
    await desk.change('demo', edit, 'setup');
    const { id } = await propose(desk, { ...edit, firstTime: mask });
    expect((await desk.request('demo', calm, wang)).kind).toBe('changed');
    expect(await desk.confirm('demo', id, wang)).toMatchObject({ version: 3, firstTime: mask });
    expect((await desk.current('demo')).mask).toBeUndefined();
  });

  test('a proposal about a rule that was changed meanwhile is outdated', async () => {
    const { desk } = await openDesk();
    const { id } = await propose(desk, edit);
    await desk.change('demo', { ...edit, mask: { ...mask, owner: '别人' } }, 'setup');
    await expect(desk.confirm('demo', id, wang)).rejects.toMatchObject({ code: 'PROPOSAL_OUTDATED' });
  });

  test('where nobody else may confirm, that is said instead of waiting for ever', async () => {
    const { desk } = await openDesk(0);
    await expect(desk.request('demo', edit, li)).rejects.toMatchObject({ code: 'SECOND_PERSON_MISSING' });
    expect(await desk.proposals('demo')).toEqual([]);
    await desk.change('demo', edit, 'setup');
    expect((await desk.request('demo', calm, li)).kind).toBe('changed');
  });

  test('the history says what differs, version by version, in pages', async () => {
    const { desk } = await openDesk();
    await desk.change('demo', edit, 'setup');
    await desk.change('demo', { ...edit, homeProvince: '浙' }, 'setup');
    const newest = await desk.history('demo', undefined, 1);
    expect(newest).toMatchObject({
      items: [{ version: 2, by: 'setup', changes: [{ field: 'homeProvince', before: '苏', after: '浙' }] }],
      nextCursor: '2',
    });
    const older = await desk.history('demo', newest.nextCursor, 1);
    expect(older).toMatchObject({ items: [{ version: 1, changes: [{ field: 'mask', after: edit.mask }] }] });
    expect(older.items[0].changes[0].before).toBeUndefined();
    expect(older.nextCursor).toBeUndefined();
  });
});

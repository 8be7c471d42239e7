import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  acknowledge,
  applyRevision,
  expire,
  foldIn,
  foldOut,
  openAlert,
  resolve,
} from '../../../hub/alerts/alert.ts';
import { type Alert, alert as alertSchema } from '../../../hub/contract/api.ts';
import { buildSighting } from '../../builders/sighting.ts';

const at = (minute: number) => `2026-03-01T08:${String(minute).padStart(2, '0')}:00.000Z`;
const first = { id: randomUUID(), displayName: '王师傅' };
const second = { id: randomUUID(), displayName: '李师傅' };
const sighting = buildSighting();
const open = () => openAlert(randomUUID(), sighting, 'on_duty', at(1));
const withdrawn = () => applyRevision(open(), { ...sighting, flags: [] }, at(2));

describe('an alert is dealt with once', () => {
  test('it opens with what the sighting says, and follows the contract', () => {
    const alert = open();
    expect(alert).toMatchObject({
      state: 'open',
      sighting: sighting.id,
      flags: ['mask_not_worn'],
      repeats: 0,
    });
    expect(alertSchema.parse(alert)).toEqual(alert);
  });

  test('a second acknowledgement is refused and names the first guard', () => {
    const acknowledged = acknowledge(open(), first, at(2));
    expect(() => acknowledge(acknowledged, second, at(3))).toThrowError(
      expect.objectContaining({
        code: 'ALERT_ALREADY_ACKNOWLEDGED',
        details: { acknowledged: { ...first, at: at(2) } },
      }),
    );
  });

  test('it is acknowledged before it is resolved', () => {
    expect(() => resolve(open(), first, { disposition: 'let_in' }, at(2))).toThrowError(
      expect.objectContaining({ code: 'ALERT_NOT_ACKNOWLEDGED' }),
    );
  });

  test('another guard may resolve it, and both stay named', () => {
    const acknowledged = acknowledge(open(), first, at(2));
    const resolved = resolve(acknowledged, second, { disposition: 'other', note: '访客' }, at(3));
    expect(resolved).toMatchObject({
      state: 'resolved',
      acknowledged: { ...first, at: at(2) },
      resolved: { ...second, at: at(3), disposition: 'other', note: '访客' },
    });
    expect(alertSchema.parse(resolved)).toEqual(resolved);
  });

  test('resolving twice is refused and says how it was resolved', () => {
    const resolved = resolve(acknowledge(open(), first, at(2)), first, { disposition: 'turned_away' }, at(3));
    expect(() => resolve(resolved, second, { disposition: 'let_in' }, at(4))).toThrowError(
      expect.objectContaining({ code: 'ALERT_ALREADY_RESOLVED', details: { resolved: resolved.resolved } }),
    );
  });

  test.each([
    ['expired', () => expire(open(), at(40))],
    ['withdrawn', withdrawn],
  ])('nobody acknowledges what is %s', (state, build) => {
    expect(() => acknowledge(build(), first, at(50))).toThrowError(
      expect.objectContaining({ code: 'ALERT_OVER', details: { state } }),
    );
  });
});

describe('an alert expires only when nobody touched it', () => {
  test('open becomes expired', () => expect(expire(open(), at(40)).state).toBe('expired'));
  test('acknowledged stays', () => {
    const acknowledged = acknowledge(open(), first, at(2));
    expect(expire(acknowledged, at(40))).toBe(acknowledged);
  });
});

describe('an alert follows its sighting', () => {
  test('better facts replace the old ones', () => {
    const better = applyRevision(open(), { ...sighting, direction: 'entry', flags: ['first_time'] }, at(2));
    expect(better).toMatchObject({
      state: 'open',
      direction: 'entry',
      flags: ['first_time'],
      updatedAt: at(2),
    });
  });

  test('flags taken back withdraw it, and it says which they were', () => {
    expect(withdrawn()).toMatchObject({
      state: 'withdrawn',
      flags: ['mask_not_worn'],
      withdrawnReason: 'corrected_by_box',
    });
  });

  test('flags raised again open it again, without a reason for its withdrawal', () => {
    const again = applyRevision(withdrawn(), sighting, at(3));
    expect(again.state).toBe('open');
    expect(again).not.toHaveProperty('withdrawnReason');
  });

  test('an acknowledged one is not taken from its guard', () => {
    const followed = applyRevision(acknowledge(open(), first, at(2)), { ...sighting, flags: [] }, at(3));
    expect(followed).toMatchObject({ state: 'acknowledged', withdrawnReason: 'corrected_by_box' });
  });

  test('one that stands for other sightings too stays open', () => {
    expect(applyRevision(foldIn(open(), at(2)), { ...sighting, flags: [] }, at(3)).state).toBe('open');
  });

  test('what was resolved stays as it was', () => {
    const resolved = resolve(acknowledge(open(), first, at(2)), first, { disposition: 'let_in' }, at(3));
    expect(applyRevision(resolved, { ...sighting, flags: [] }, at(4))).toBe(resolved);
  });
});

test('folding in and out again leaves the count', () => {
  expect(foldOut(foldIn(open(), at(2)), at(3)).repeats).toBe(0);
  expect(foldOut(open(), at(2)).repeats).toBe(0);
});

test('whatever is done in whatever order, who acknowledged and how it was resolved is never rewritten', () => {
  const step = fc.constantFrom<(alert: Alert) => Alert>(
    (alert) => acknowledge(alert, first, at(2)),
    (alert) => acknowledge(alert, second, at(3)),
    (alert) => resolve(alert, first, { disposition: 'let_in' }, at(4)),
    (alert) => resolve(alert, second, { disposition: 'false_alarm' }, at(5)),
    (alert) => expire(alert, at(6)),
    (alert) => applyRevision(alert, { ...sighting, flags: [] }, at(7)),
    (alert) => applyRevision(alert, sighting, at(8)),
    (alert) => foldIn(alert, at(9)),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let alert: Alert = open();
      for (const apply of steps) {
        const before = alert;
        try {
          alert = apply(alert);
        } catch {
          continue;
        }
        if (before.acknowledged) expect(alert.acknowledged).toEqual(before.acknowledged);
        if (before.resolved) expect(alert.resolved).toEqual(before.resolved);
        expect(alert.state === 'acknowledged' || alert.state === 'resolved').toBe(
          alert.acknowledged !== undefined,
        );
        expect(alert.state === 'resolved').toBe(alert.resolved !== undefined);
      }
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogInThrottle } from '../../../hub/accounts/log-in-throttle.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-03-01T08:00:00.000Z');

function failures(throttle: LogInThrottle, count: number, { username = 'guard', address = '10.0.0.1' } = {}) {
  for (let failure = 0; failure < count; failure++) throttle.admit(username, address, start);
}

describe('guessing', () => {
  test('is free five times for an account, then waits 15 s, doubling to 15 min', () => {
    const throttle = new LogInThrottle();
    let now = start;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 14; attempt++) {
      const wait = throttle.admit('guard', `10.0.0.${attempt}`, now);
      waits.push(wait);
      now += wait * 1000;
      if (wait > 0) expect(throttle.admit('guard', `10.0.0.${attempt}`, now)).toBe(0);
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  test('is slowed down for an address that tries many accounts', () => {
    const throttle = new LogInThrottle();
    for (let account = 0; account < 25; account++) {
      expect(throttle.admit(`person-${account}`, '10.0.0.1', start)).toBe(0);
    }
    expect(throttle.admit('person-25', '10.0.0.1', start)).toBe(15);
    expect(throttle.admit('person-25', '10.0.0.2', start)).toBe(0);
  });

  test('in parallel gains nothing: an attempt counts from its admission', () => {
    const throttle = new LogInThrottle();
    const admitted = Array.from({ length: 100 }, () => throttle.admit('guard', '10.0.0.1', start));
    expect(admitted.filter((wait) => wait === 0)).toHaveLength(5);
  });

  test('is forgotten an hour after the last failure, and not before', () => {
    const throttle = new LogInThrottle();
    failures(throttle, 5);
    throttle.admit('guard', '10.0.0.1', start + 16 * minuteMs);
    expect(throttle.admit('guard', '10.0.0.1', start + 16 * minuteMs)).toBe(30);
    expect(throttle.admit('guard', '10.0.0.1', start + 77 * minuteMs)).toBe(0);
    expect(throttle.admit('guard', '10.0.0.1', start + 77 * minuteMs)).toBe(0);
  });

  test('cannot fill the memory, and keeps the newest', () => {
    const throttle = new LogInThrottle();
    for (let guess = 0; guess < 30_000; guess++) throttle.admit(`person-${guess}`, `address-${guess}`, start);
    failures(throttle, 5, { username: 'guard', address: '10.0.0.1' });
    expect(throttle.admit('guard', '10.0.0.1', start)).toBe(15);
  });
});

describe('the right password', () => {
  test('clears the account and gives the address its attempt back', () => {
    const throttle = new LogInThrottle();
    failures(throttle, 4);
    throttle.admit('guard', '10.0.0.1', start);
    throttle.forgive('guard', '10.0.0.1');
    failures(throttle, 4);
    expect(throttle.admit('guard', '10.0.0.1', start)).toBe(0);
    expect(throttle.admit('guard', '10.0.0.1', start)).toBe(15);
  });

  test('of one person does not let an address guess on at another', () => {
    const throttle = new LogInThrottle();
    for (let account = 0; account < 24; account++) throttle.admit(`person-${account}`, '10.0.0.1', start);
    throttle.admit('guard', '10.0.0.1', start);
    throttle.forgive('guard', '10.0.0.1');
    expect(throttle.admit('person-24', '10.0.0.1', start)).toBe(0);
    expect(throttle.admit('person-25', '10.0.0.1', start)).toBe(15);
  });
});

test('whatever is tried, a wait is never longer than 15 minutes and always ends', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 * minuteMs }), { maxLength: 60 }), (gaps) => {
      const throttle = new LogInThrottle();
      let now = start;
      for (const gap of gaps) {
        now += gap;
        const wait = throttle.admit('guard', '10.0.0.1', now);
        expect(wait).toBeLessThanOrEqual(900);
        if (wait > 0) expect(throttle.admit('guard', '10.0.0.1', now + wait * 1000)).toBe(0);
        now += wait * 1000;
      }
    }),
  );
});

import { expect, test } from 'vitest';
import { expose } from '../../../hub/metrics/exposition.ts';
import { Histogram } from '../../../hub/metrics/histogram.ts';

test('a histogram counts what is at or below each bound, and all of it above', () => {
  const histogram = new Histogram([100, 500]);
  for (const value of [0, 100, 101, 500, 501]) histogram.record(value);
  const text = expose([{ name: 'a_seconds', help: 'A.', type: 'histogram', histogram, scale: 0.001 }]);
  expect(text).toBe(`# HELP a_seconds A.
# TYPE a_seconds histogram
a_seconds_bucket{le="0.1"} 2
a_seconds_bucket{le="0.5"} 4
a_seconds_bucket{le="+Inf"} 5
a_seconds_sum 1.202
a_seconds_count 5
`);
});

test('a label cannot break out of its quotes', () => {
  const samples = [{ labels: { reason: 'a"b\\c\nd' }, value: 1 }];
  expect(expose([{ name: 'a_total', help: 'A\nB', type: 'counter', samples }])).toBe(
    '# HELP a_total A\\nB\n# TYPE a_total counter\na_total{reason="a\\"b\\\\c\\nd"} 1\n',
  );
});

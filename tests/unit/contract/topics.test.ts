import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { name } from '../../../hub/contract/ids.ts';
import {
  type BoxChannel,
  boxChannels,
  boxMayPublish,
  boxMaySubscribe,
  boxTopic,
  everyBoxTopic,
  everyGalleryTopic,
  galleryTopic,
  parseTopic,
} from '../../../hub/contract/topics.ts';

const anyName = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/).filter((text) => text !== 'gallery');
const anyBox = fc.record({ site: anyName, box: anyName });
const anyChannel = fc.constantFrom(...(Object.keys(boxChannels) as BoxChannel[]));
const build = (box: { site: string; box: string }, channel: BoxChannel, id: string) =>
  boxTopic(box, channel, channel === 'evidence' ? id : undefined);

/** Topics as an attacker would write them: pieces of real ones, wildcards, empty levels, anything. */
const anyTopic = (site: string, box: string) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'gatehouse',
          'v1',
          site,
          box,
          'gallery',
          '+',
          '#',
          '',
          '..',
          ...Object.keys(boxChannels),
        ),
        anyName,
      ),
      { maxLength: 7 },
    )
    .chain((tail) => fc.constantFrom(tail.join('/'), `gatehouse/v1/${tail.join('/')}`));

describe('topics', () => {
  test('what is built is parsed back', () => {
    fc.assert(
      fc.property(anyBox, anyChannel, fc.uuid(), (box, channel, id) => {
        const expected = { channel, ...box, ...(channel === 'evidence' ? { id } : {}) };
        expect(parseTopic(build(box, channel, id))).toEqual(expected);
        expect(parseTopic(galleryTopic(box.site, id))).toEqual({ channel: 'gallery', site: box.site, id });
      }),
    );
  });

  test('what is parsed is built back, whatever it was', () => {
    fc.assert(
      fc.property(anyTopic('demo', 'east'), (topic) => {
        const parsed = parseTopic(topic);
        if (!parsed) return;
        const built =
          parsed.channel === 'gallery'
            ? galleryTopic(parsed.site, parsed.id)
            : boxTopic(parsed, parsed.channel, parsed.id);
        expect(built).toBe(topic);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '',
    'gatehouse/v2/demo/east/status',
    'gatehouse/v1/demo/east/unknown',
    'gatehouse/v1/demo/east/evidence',
    'gatehouse/v1/demo/east/status/more',
    'gatehouse/v1/demo/gallery/a/b',
    'gatehouse/v1/demo/east/toString',
    'gatehouse/v1//east/status',
    'gatehouse/v1/demo/gallery/+',
    'gatehouse/v1/demo/gallery/#',
    'gatehouse/v1/+/east/status',
  ])('%j is not one of ours', (topic) => expect(parseTopic(topic)).toBeUndefined());
});

describe('a box', () => {
  test('publishes what boxes say below its own prefix, and into its gallery', () => {
    fc.assert(
      fc.property(anyBox, anyChannel, fc.uuid(), (box, channel, id) => {
        expect(boxMayPublish(box, build(box, channel, id))).toBe(boxChannels[channel].from === 'box');
        expect(boxMaySubscribe(box, build(box, channel, id))).toBe(boxChannels[channel].from === 'hub');
        expect(boxMayPublish(box, galleryTopic(box.site, id))).toBe(true);
        expect(boxMaySubscribe(box, everyGalleryTopic(box.site))).toBe(true);
      }),
    );
  });

  test('can never publish below another prefix, nor with a wildcard', () => {
    fc.assert(
      fc.property(
        anyBox.chain((box) => fc.tuple(fc.constant(box), anyTopic(box.site, box.box))),
        ([box, topic]) => {
          if (!boxMayPublish(box, topic)) return;
          expect(topic).toMatch(/^[^+#]*$/);
          const own = `gatehouse/v1/${box.site}/${box.box}/`;
          const gallery = `gatehouse/v1/${box.site}/gallery/`;
          expect(topic.startsWith(own) || topic.startsWith(gallery)).toBe(true);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('can never read what another box is told, nor what any box says', () => {
    const others = fc.tuple(anyBox, anyBox).filter(([a, b]) => a.site !== b.site || a.box !== b.box);
    fc.assert(
      fc.property(others, anyChannel, fc.uuid(), ([box, other], channel, id) => {
        expect(boxMaySubscribe(box, build(other, channel, id))).toBe(false);
        expect(boxMaySubscribe(box, everyBoxTopic(channel))).toBe(false);
        expect(boxMayPublish(box, build(other, channel, id))).toBe(false);
      }),
    );
    for (const pattern of [
      '#',
      '+/#',
      'gatehouse/#',
      'gatehouse/v1/demo/#',
      'gatehouse/v1/demo/east/+',
      '$SYS/#',
    ]) {
      expect(boxMaySubscribe({ site: 'demo', box: 'east' }, pattern), pattern).toBe(false);
    }
  });

  test('may not call itself "gallery": its topics would be the gallery’s', () => {
    expect(name.safeParse('gallery').success).toBe(false);
  });
});

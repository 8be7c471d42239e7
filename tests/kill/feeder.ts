import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { SqliteOutbox } from '../../edge/outbox/sqlite-outbox.ts';
import { openSqlite } from '../../edge/sqlite.ts';
import { MqttUplink } from '../../edge/uplink/mqtt-uplink.ts';
import { buildGallery } from '../builders/gallery.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../builders/sighting.ts';

/**
 * A box without eyes: the real outbox and the real uplink, fed with sightings as fast as the disk takes them. Every
 * revision that `put` has accepted is printed, so that the test knows what the box may never lose.
 */
const [path, url, token, box] = process.argv.slice(2);
const outbox = new SqliteOutbox(openSqlite(path), () => uplink.wake());
const uplink = new MqttUplink(
  { address: { site: 'demo', box }, url, token, version: '0', bootId: randomUUID() },
  {
    outbox,
    gallery: buildGallery(),
    listener: { policyChanged: () => {} },
    log: pino({ level: process.env.SHOW_LOGS ? 'info' : 'silent' }, pino.destination(2)),
    now: Date.now,
  },
);
uplink.start();

let feeding = true;
process.on('SIGUSR2', () => {
  feeding = false;
});
while (feeding) {
  const jpeg = buildJpeg(2_000);
  const evidence = describeEvidence(jpeg);
  const opened = buildSighting({ box, evidence: [evidence], camera: `${box}-lane` });
  accept(opened, [{ id: evidence.id, jpeg }]);
  if (Math.random() < 0.5) accept({ ...opened, revision: 2, phase: 'closed', flags: [] }, []);
  await sleep(15);
}
while (outbox.depth().sightings + outbox.depth().evidence > 0) await sleep(50);
process.stdout.write('drained\n');
await uplink.stop();
outbox.close();

function accept(
  ...[sighting, pictures]: [ReturnType<typeof buildSighting>, { id: string; jpeg: Buffer }[]]
): void {
  outbox.put(sighting, pictures, Date.now());
  process.stdout.write(
    `${JSON.stringify({ id: sighting.id, revision: sighting.revision, evidence: sighting.evidence })}\n`,
  );
}

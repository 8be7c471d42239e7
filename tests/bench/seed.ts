import { parseArgs } from 'node:util';
import { seedLog } from './seed-log.ts';

/** A log to try the hub with: `--data FOLDER` of a new hub, `--sightings N` (default 2000000), `--days N` (60). */
const { values } = parseArgs({
  options: {
    sightings: { type: 'string', default: '2000000' },
    days: { type: 'string', default: '60' },
    data: { type: 'string' },
  },
});
if (!values.data) {
  console.error('Say where: --data FOLDER');
  process.exit(2);
}
await seedLog(values.data, Number(values.sightings), Number(values.days), Date.now());

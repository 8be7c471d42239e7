import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import type { BoxHealth, DeadLetter, SiteHealth } from '../../../hub/contract/api.ts';
import type { Telemetry } from '../../../hub/contract/status.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatAgo, formatDayTime, formatLength } from '../i18n/times.ts';
import { useLive } from '../live/live-context.tsx';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { Ago } from '../ui/ago.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { findProblems, type Problem } from './health-problems.ts';
import { formatBytes, formatMilliseconds } from './measures.ts';
import '../office/office.css';
import './health-page.css';

const refreshMs = 5000;

/** Whether everything works: what does not comes first, in words, with what to do. */
export function HealthPage() {
  const hub = useHub();
  const { language, words } = useSpeech();
  const { live } = useLive();
  const found = useQuery({ queryKey: ['health'], queryFn: hub.siteHealth, refetchInterval: refreshMs });
  const deadLetters = useQuery({
    queryKey: ['dead letters', found.data?.deadLetters],
    queryFn: () => hub.deadLetters({ limit: 50 }),
    enabled: found.data !== undefined,
  });

  const health = useMemo(
    () =>
      found.data && {
        ...found.data,
        boxes: found.data.boxes.map((box) => newerOf(box, live.boxes.get(box.box))),
      },
    [found.data, live.boxes],
  );
  if (found.isPending) return <Loading />;
  if (!health) return <Refused error={found.error} onRetry={() => void found.refetch()} />;

  const problems = findProblems(health, words, (ms) => formatLength(ms, language));
  return (
    <div className="office health">
      <div className="office-head">
        <h1>{words.health.title}</h1>
        <Updated at={health.at} />
      </div>
      <Verdict health={health} problems={problems} />
      <h2 className="health-section">{words.health.boxes}</h2>
      {health.boxes.length === 0 ? (
        <Note icon="box" title={words.health.noBoxes} help={words.health.noBoxesHelp} />
      ) : (
        <div className="boxes">
          {health.boxes.map((box) => (
            <BoxCard key={box.box} box={box} troubled={problems.some((problem) => problem.box === box.box)} />
          ))}
        </div>
      )}
      <h2 className="health-section">{words.health.hub}</h2>
      <HubCard health={health} />
      <h2 className="health-section">{words.health.deadLetters}</h2>
      <DeadLetters items={deadLetters.data?.items ?? []} />
    </div>
  );
}

function Updated({ at }: { at: string }) {
  const { language, words } = useSpeech();
  return <p>{words.health.updated(formatAgo(useNow() - Date.parse(at), language))}</p>;
}

function newerOf(asked: BoxHealth, streamed: BoxHealth | undefined): BoxHealth {
  return streamed && (streamed.telemetryReceivedAt ?? '') > (asked.telemetryReceivedAt ?? '')
    ? streamed
    : asked;
}

function Verdict({ health, problems }: { health: SiteHealth; problems: readonly Problem[] }) {
  const { words } = useSpeech();
  if (health.boxes.length === 0 && problems.length === 0) return null;
  if (problems.length === 0) {
    const cameras = health.boxes.reduce(
      (count, { telemetry }) => count + (telemetry?.cameras.length ?? 0),
      0,
    );
    return (
      <section className="well card">
        <span className="well-icon">
          <Icon name="check" size={34} />
        </span>
        <div>
          <h2>{words.health.allWell}</h2>
          <p className="muted">{words.health.allWellHelp(health.boxes.length, cameras)}</p>
        </div>
      </section>
    );
  }
  return (
    <section className="problems card" aria-label={words.health.problems(problems.length)}>
      <h2>{words.health.problems(problems.length)}</h2>
      <ul>
        {problems.map((problem) => (
          <li key={problem.key} data-grave={problem.grave}>
            <Icon name={problem.grave ? 'stop' : 'warning'} size={24} />
            <div>
              <strong>{problem.title}</strong>
              <p>{problem.remedy}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function BoxCard({ box, troubled }: { box: BoxHealth; troubled: boolean }) {
  const { language, words } = useSpeech();
  const { status, telemetry } = box;
  const online = status?.online ?? false;
  return (
    <article className="box card" data-online={online} data-troubled={troubled}>
      <header>
        <Icon name="box" size={26} />
        <h3>{placeName(box.box, words)}</h3>
        <span className="box-state">
          {online ? words.health.online : status ? words.health.offline : words.health.neverSeen}
        </span>
        {status && (
          <span className="muted small">
            {status.version}
            {telemetry && online && words.dot + words.health.uptime}{' '}
            {telemetry && online && formatLength(telemetry.uptimeSeconds * 1000, language)}
            {!online && box.telemetryReceivedAt && (
              <>
                {words.dot}
                <Ago at={box.telemetryReceivedAt} />
              </>
            )}
          </span>
        )}
      </header>
      {telemetry && online && (
        <>
          <Cameras cameras={telemetry.cameras} />
          <BoxFacts box={box} telemetry={telemetry} />
        </>
      )}
    </article>
  );
}

function Cameras({ cameras }: { cameras: Telemetry['cameras'] }) {
  const { words } = useSpeech();
  return (
    <ul className="cameras">
      {cameras.map((camera) => (
        <li key={camera.camera} data-state={camera.state}>
          <span className="camera-name">
            <Icon name="camera" size={20} />
            <strong>{placeName(camera.camera, words)}</strong>
            {camera.state !== 'running' && (
              <span className="chip" data-severity={camera.state === 'failed' ? 'high' : undefined}>
                {words.health.cameraState[camera.state]}
              </span>
            )}
          </span>
          <Measure
            label={words.health.fps}
            value={camera.framesPerSecond.toFixed(1)}
            low={camera.state === 'running' && camera.framesPerSecond < 3}
          />
          <Measure
            label={`${words.health.perceive} p50 / p95`}
            value={`${Math.round(camera.perceiveMs.p50)} / ${Math.round(camera.perceiveMs.p95)} ms`}
          />
          <Measure label={words.health.resolution} value={`${camera.width}×${camera.height}`} />
          {camera.error && <p className="camera-error">{camera.error}</p>}
        </li>
      ))}
    </ul>
  );
}

function Measure({ label, value, low = false }: { label: string; value: string; low?: boolean }) {
  return (
    <span className="measure" data-low={low}>
      <span>{label}</span>
      <b>{value}</b>
    </span>
  );
}

function BoxFacts({ box, telemetry }: { box: BoxHealth; telemetry: Telemetry }) {
  const { words } = useSpeech();
  const { outbox, drops, processor } = telemetry;
  const waiting = outbox.sightings + outbox.evidence > 0;
  const dropped = Object.entries(drops).filter(([, count]) => count > 0);
  return (
    <dl className="facts">
      <Fact label={words.health.outbox}>
        {waiting ? words.health.outboxWaiting(outbox.sightings, outbox.evidence) : words.health.outboxEmpty}
        {outbox.oldestAt && (
          <span className="muted small">
            <Ago at={outbox.oldestAt} />
          </span>
        )}
        {outbox.refused > 0 && (
          <span className="chip" data-severity="high">
            {words.health.refused(outbox.refused)}
          </span>
        )}
      </Fact>
      <Fact label={words.health.processor}>
        {Math.round(processor.percent)}%
        {telemetry.temperatureCelsius !== undefined && `, ${Math.round(telemetry.temperatureCelsius)}°C`}
      </Fact>
      <Fact label={words.health.memory}>{formatBytes(telemetry.memoryBytes)}</Fact>
      <Fact label={words.health.diskFree}>{formatBytes(telemetry.diskFreeBytes)}</Fact>
      <Fact label={words.health.clockSkew}>
        {box.clockSkewSeconds === undefined ? '–' : words.health.seconds(box.clockSkewSeconds.toFixed(2))}
      </Fact>
      <Fact label={words.health.drops}>
        {dropped.length === 0
          ? words.health.noDrops
          : dropped.map(([reason, count]) => (
              <span key={reason} className="drop">
                {words.health.dropReasons[reason] ?? reason} <b>{count.toLocaleString()}</b>
              </span>
            ))}
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function HubCard({ health }: { health: SiteHealth }) {
  const { language, words } = useSpeech();
  const { hub } = health;
  const { lensToCommitMs } = hub;
  return (
    <section className="card panel hub-card">
      <div className="latency" data-slow={lensToCommitMs.p95 > 1000}>
        <span className="muted">{words.health.lensToCommit}</span>
        <strong>{lensToCommitMs.count > 0 ? formatMilliseconds(lensToCommitMs.p50) : '–'}</strong>
        <span className="muted small">{words.health.half}</span>
        <strong>{lensToCommitMs.count > 0 ? formatMilliseconds(lensToCommitMs.p95) : '–'}</strong>
        <span className="muted small">{words.health.most}</span>
      </div>
      <dl className="facts">
        <Fact label={words.health.broker}>
          {hub.broker === 'embedded' ? words.health.brokerEmbedded : words.health.brokerExternal}
          {words.listComma}
          {hub.brokerConnected ? words.health.connected : words.health.disconnected}
        </Fact>
        <Fact label={words.health.uptime}>{formatLength(hub.uptimeSeconds * 1000, language)}</Fact>
        <Fact label={words.health.database}>{formatBytes(hub.databaseBytes)}</Fact>
        <Fact label={words.keeping.evidence}>
          {words.keeping.evidenceUse(formatBytes(hub.evidence.bytes), formatBytes(hub.evidence.maxBytes))}
        </Fact>
        <Fact label={words.health.diskFree}>{formatBytes(hub.diskFreeBytes)}</Fact>
        <Fact label={words.health.version}>{hub.version}</Fact>
      </dl>
      <details className="counters">
        <summary>{words.health.counters}</summary>
        <dl>
          {Object.entries(hub.counters).map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{count.toLocaleString()}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}

function DeadLetters({ items }: { items: readonly DeadLetter[] }) {
  const { language, words } = useSpeech();
  if (items.length === 0) return <p className="muted">{words.health.noDeadLetters}</p>;
  return (
    <section className="card dead-letters">
      <p className="muted">{words.health.deadLettersHelp}</p>
      <ul>
        {items.map((letter) => (
          <li key={letter.id}>
            <time dateTime={letter.receivedAt}>{formatDayTime(letter.receivedAt, language)}</time>
            <span>
              <b>{letter.code}</b> {letter.reason}
            </span>
            <code>{letter.topic}</code>
            <span className="muted">{formatBytes(letter.bytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

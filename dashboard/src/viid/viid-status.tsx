import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ViidStatus } from '../../../hub/contract/viid.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { formatAgo } from '../i18n/times.ts';
import { Loading, Refused } from '../office/query-note.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';

const refreshMs = 5_000;

const looks: Record<ViidStatus['state'], { icon: IconName; severity?: string; tone?: string }> = {
  off: { icon: 'falseAlarm' },
  unregistered: { icon: 'clock', severity: 'normal' },
  registered: { icon: 'check', tone: 'good' },
};

/** How the export is doing now: registered, waiting, sent, refused, and what is wrong with what to do about it. */
export function ViidStatusCard() {
  const hub = useHub();
  const { language, words } = useSpeech();
  const now = useNow(5_000);
  const found = useQuery({
    queryKey: ['viid', 'status'],
    queryFn: hub.viidStatus,
    refetchInterval: refreshMs,
  });
  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  const status = found.data;
  const { icon, severity, tone } = looks[status.state];
  const ago = (at: string | undefined) => (at ? formatAgo(now - Date.parse(at), language) : words.viid.never);
  const numbers = [
    { name: words.viid.answeredAt, value: ago(status.answeredAt) },
    ...(status.registeredAt ? [{ name: words.viid.registeredAt, value: ago(status.registeredAt) }] : []),
    { name: words.viid.waiting, value: status.waiting },
    { name: words.viid.sent, value: status.sent },
    { name: words.viid.refused, value: status.refused, isFault: status.refused > 0 },
  ];

  return (
    <div className="viid-status">
      <p className="viid-state" role="status">
        <span className="chip" data-severity={severity} data-tone={tone} data-testid="viid-state">
          <Icon name={icon} size={16} />
          {words.viid.states[status.state]}
        </span>
        <span className="muted">{words.viid.stateHelp[status.state]}</span>
      </p>
      {status.facesLeave && (
        <p className="viid-faces" role="alert">
          <Icon name="warning" size={22} />
          {words.viid.facesLeave}
        </p>
      )}
      {status.problem && <Problem problem={status.problem} when={ago(status.problem.at)} />}
      {(status.state !== 'off' || status.sent > 0 || status.waiting > 0) && (
        <dl className="stat-row">
          {numbers.map(({ name, value, isFault }) => (
            <div key={name} className="stat">
              <dt>{name}</dt>
              <dd>
                {value}
                {isFault && (
                  <small>
                    <Link href="/health">{words.viid.refusedHelp}</Link>
                  </small>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function Problem({ problem, when }: { problem: NonNullable<ViidStatus['problem']>; when: string }) {
  const { words } = useSpeech();
  const [what, remedy] = words.viid.problems[problem.code] ?? [problem.code, words.viid.otherProblem];
  return (
    <div className="viid-problem" role="alert">
      <Icon name="warning" size={22} />
      <div>
        <strong>{what}</strong>
        <p>{remedy}</p>
        <p className="small">
          {words.viid.problem(when)}
          {words.dot}
          <code>{problem.reason}</code>
        </p>
      </div>
    </div>
  );
}

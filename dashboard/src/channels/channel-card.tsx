import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Channel, ChannelKind } from '../../../hub/contract/channels.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech, useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Ago } from '../ui/ago.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { reasonWords } from './notice-words.ts';
import { channelsKey } from './use-channels.ts';

const icons: Record<ChannelKind, IconName> = {
  web_push: 'alert',
  wecom: 'chat',
  dingtalk: 'chat',
  feishu: 'chat',
  webhook: 'hook',
  mail: 'mail',
};

/** One channel: what it tells, how it is doing, and a test. */
export function ChannelCard({ channel, onEdit }: { channel: Channel; onEdit: () => void }) {
  const { words } = useSpeech();
  const { kind, name, enabled, host, last, failed, waiting } = channel;
  const isFailing = enabled && last !== undefined && last.outcome !== 'delivered';
  const state = enabled ? (isFailing ? 'failing' : 'on') : 'off';
  const kindName = words.channels.kinds[kind];
  const title = kind === 'web_push' ? kindName : name;
  const subtitle = kind === 'web_push' ? [] : [kindName, host];
  return (
    <article className="channel card" data-state={state} data-testid="channel">
      <header>
        <span className="channel-icon">
          <Icon name={icons[kind]} size={28} />
        </span>
        <div>
          <h2>{title}</h2>
          <p className="muted small">
            {kind === 'web_push'
              ? words.channels.kindHelp.web_push
              : subtitle.filter(Boolean).join(words.dot)}
          </p>
        </div>
        <span className="channel-state">{words.channels.state[state]}</span>
      </header>
      <Scope channel={channel} />
      <p className="channel-last" data-outcome={last?.outcome}>
        {last ? (
          <>
            <span>
              {words.channels.last} <Ago at={last.at} />
              {words.dot}
              {words.channels.outcome[last.outcome]}
            </span>
            {last.reason && <span className="small">{reasonWords(last, words)}</span>}
          </>
        ) : (
          <span className="muted">{words.channels.never}</span>
        )}
        {(waiting > 0 || failed > 0) && (
          <span className="chips">
            {waiting > 0 && <span className="chip">{words.channels.waiting(waiting)}</span>}
            {failed > 0 && (
              <span className="chip" data-severity="high">
                {words.channels.failed(failed)}
              </span>
            )}
          </span>
        )}
      </p>
      <Actions channel={channel} onEdit={onEdit} />
    </article>
  );
}

function Scope({ channel }: { channel: Channel }) {
  const words = useWords();
  const { stages, gaps, gates, flags, quietHours, pictures } = channel;
  const list = (items: readonly string[]) => items.join(words.listComma);
  const told = [
    ...stages.map((stage) => words.channels.stages[stage]),
    ...(gaps ? [words.channels.gaps] : []),
  ];
  const except = quietHours?.except.map((stage) => words.channels.stages[stage]) ?? [];
  return (
    <dl>
      <dt>{words.channels.tells}</dt>
      <dd>{list(told)}</dd>
      <dt>{words.channels.gates}</dt>
      <dd>{gates ? list(gates.map((gate) => placeName(gate, words))) : words.channels.allGates}</dd>
      <dt>{words.channels.flags}</dt>
      <dd>{flags ? list(flags.map((flag) => words.flags[flag])) : words.channels.allFlags}</dd>
      {quietHours && (
        <>
          <dt>{words.channels.quiet}</dt>
          <dd>
            {words.channels.quietValue(quietHours.from, quietHours.until)}
            {except.length > 0 && words.channels.quietExcept(list(except))}
          </dd>
        </>
      )}
      <dt>{words.channels.pictures}</dt>
      <dd>{pictures ? words.channels.picturesYes : words.channels.picturesNo}</dd>
    </dl>
  );
}

function Actions({ channel, onEdit }: { channel: Channel; onEdit: () => void }) {
  const hub = useHub();
  const words = useWords();
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: () => hub.testChannel(channel.id),
    onSettled: () => queries.invalidateQueries({ queryKey: channelsKey }),
  });
  const { data: result, error } = test;
  return (
    <div className="channel-actions">
      <button type="button" className="button" onClick={onEdit}>
        {words.channels.edit}
      </button>
      <button type="button" className="button" disabled={test.isPending} onClick={() => test.mutate()}>
        {test.isPending ? words.channels.testing : words.channels.test}
      </button>
      {result && (
        <p className="channel-tested" role="status" data-outcome={result.outcome} data-testid="test-result">
          {result.outcome === 'delivered'
            ? words.channels.testDelivered(result.durationMs)
            : `${words.channels.testFailed}${words.dot}${reasonWords(result, words)}`}
        </p>
      )}
      {error && (
        <p className="channel-tested" role="alert" data-outcome="refused">
          {refusalWords(error, words)}
        </p>
      )}
    </div>
  );
}

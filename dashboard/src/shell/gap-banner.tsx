import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { DutyGap } from '../../../hub/contract/roster.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatLength } from '../i18n/times.ts';
import { useLive } from '../live/live-context.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';

/** Gates that have nobody now, for managers, until somebody is there; one line for each. */
export function GapBanner() {
  const { live } = useLive();
  return [...live.gaps.values()]
    .sort((a, b) => a.from.localeCompare(b.from))
    .map((gap) => <GapLine key={gap.id} gap={gap} />);
}

function GapLine({ gap }: { gap: DutyGap }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const { dispatch } = useLive();
  const now = useNow(10_000);
  const { gate, from, late, acknowledged } = gap;
  const see = useMutation({
    mutationFn: () => hub.acknowledgeGap(gap.id),
    onSuccess: (seen) => dispatch({ type: 'event', event: { type: 'gap', gap: seen } }),
  });
  const why = late.length > 0 ? words.gaps.late(late.join(words.listComma)) : words.gaps.notPlanned;
  const since = words.gaps.since(formatLength(now - Date.parse(from), language));

  return (
    <div
      className="banner"
      data-tone={acknowledged ? 'seen' : 'gap'}
      data-testid="gap-banner"
      role={acknowledged ? 'status' : 'alert'}
    >
      <Icon name="gate" size={22} />
      <p>
        {words.gaps.nobody(placeName(gate, words))}
        <span>{[since, why].join(words.dot)}</span>
      </p>
      <Link href="/roster" className="banner-link">
        {words.gaps.roster}
      </Link>
      {acknowledged ? (
        <strong>{words.gaps.seenBy(acknowledged.displayName)}</strong>
      ) : (
        <button type="button" className="button" disabled={see.isPending} onClick={() => see.mutate()}>
          {words.gaps.see}
        </button>
      )}
    </div>
  );
}

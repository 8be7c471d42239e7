import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import type { NoticeSettings } from '../../../hub/contract/channels.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { BackLink } from '../office/back-link.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { ChannelCard } from './channel-card.tsx';
import { type ChannelDraft, toChange, toNew } from './channel-draft.ts';
import { ChannelForm } from './channel-form.tsx';
import { FailedNotices } from './failed-notices.tsx';
import { channelRefusalWords } from './notice-words.ts';
import { SharedForm } from './shared-form.tsx';
import { channelsKey, useChannels } from './use-channels.ts';
import './channels-page.css';

const settingsKey = ['notice-settings'] as const;

/** By which channels people are told beyond the tablets, how each is doing, and what did not get through. */
export function ChannelsPage() {
  return (
    <OfficeTheme>
      <ChannelsDesk />
    </OfficeTheme>
  );
}

type Editing = { channel?: string } | 'shared' | undefined;

function ChannelsDesk() {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [editing, setEditing] = useState<Editing>();
  const found = useChannels();
  const shared = useQuery({ queryKey: settingsKey, queryFn: hub.noticeSettings });

  async function done() {
    setEditing(undefined);
    await queries.invalidateQueries({ queryKey: channelsKey });
    void message.success(words.channels.form.saved);
  }
  const save = useMutation({
    mutationFn: ({ id, draft }: { id: string | undefined; draft: ChannelDraft }) =>
      id === undefined ? hub.addChannel(toNew(draft)) : hub.changeChannel(id, toChange(draft)),
    onSuccess: done,
    onError: (error) => void message.error(channelRefusalWords(error, words)),
  });
  const remove = useMutation({
    mutationFn: (id: string) => hub.removeChannel(id),
    onSuccess: done,
    onError: (error) => void message.error(refusalWords(error, words)),
  });
  const saveShared = useMutation({
    mutationFn: (settings: NoticeSettings) => hub.saveNoticeSettings(settings),
    onSuccess: (settings) => {
      queries.setQueryData(settingsKey, settings);
      return done();
    },
    onError: (error) => void message.error(refusalWords(error, words)),
  });

  if (found.isPending || shared.isPending) return <Loading />;
  if (!found.data || !shared.data)
    return <Refused error={found.error ?? shared.error} onRetry={() => void found.refetch()} />;
  const edited =
    typeof editing === 'object' ? found.data.find(({ id }) => id === editing.channel) : undefined;

  return (
    <div className="office channels">
      <BackLink href="/policy">{words.channels.back}</BackLink>
      <div className="office-head">
        <h1>{words.channels.title}</h1>
        <p>{words.channels.intro}</p>
        <span className="office-head-end">
          <button type="button" className="button" onClick={() => setEditing('shared')}>
            {words.channels.share}
          </button>
          <button type="button" className="button button-primary" onClick={() => setEditing({})}>
            {words.channels.add}
          </button>
        </span>
      </div>
      {!shared.data.publicUrl && (
        <p className="channels-note">
          <Icon name="warning" size={20} />
          {words.channels.noAddress}
        </p>
      )}
      <div className="channel-cards">
        {found.data.map((channel) => (
          <ChannelCard
            key={channel.id}
            channel={channel}
            onEdit={() => setEditing({ channel: channel.id })}
          />
        ))}
      </div>
      <FailedNotices />
      {editing === 'shared' && (
        <SharedForm
          settings={shared.data}
          saving={saveShared.isPending}
          onSave={(settings) => saveShared.mutate(settings)}
          onClose={() => setEditing(undefined)}
        />
      )}
      {typeof editing === 'object' && (
        <ChannelForm
          channel={edited}
          saving={save.isPending}
          onSave={(draft) => save.mutate({ id: edited?.id, draft })}
          onRemove={() => edited && remove.mutate(edited.id)}
          onClose={() => setEditing(undefined)}
        />
      )}
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { BackLink } from '../office/back-link.tsx';
import { Loading, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { ReportSheet } from './report-sheet.tsx';
import { useCheckedPictures } from './use-checked-pictures.ts';
import '../office/office.css';
import './report-page.css';

/** One incident as a document: to read, to print, to file. */
export function ReportPage({ id }: { id: string }) {
  const hub = useHub();
  const words = useWords();
  // Every call is recorded in the person's name: once for each time the page is opened, and never by itself.
  const found = useQuery({
    queryKey: ['alerts', id, 'report'],
    queryFn: () => hub.incidentReport(id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const pictures = useCheckedPictures(found.data);
  const changed = pictures?.filter(({ state }) => state === 'changed').length ?? 0;

  return (
    <div className="office report">
      <div className="report-tools">
        <BackLink href="/alerts">{words.report.back}</BackLink>
        <p className="muted">{words.report.intro}</p>
        <button
          type="button"
          className="button button-primary"
          disabled={!pictures}
          onClick={() => window.print()}
        >
          <Icon name="print" size={22} />
          {found.data && !pictures ? words.report.preparing : words.report.print}
        </button>
      </div>
      {changed > 0 && (
        <p className="report-banner" role="alert">
          <Icon name="warning" size={20} />
          {words.report.changedBanner(changed)}
        </p>
      )}
      {found.isPending && <Loading />}
      {found.isError && <Refused error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <ReportSheet report={found.data} pictures={pictures} />}
    </div>
  );
}

import type { NoticeRequest } from '../announce/notice-request.ts';
import type { HubTransaction } from './hub-database.ts';

/** Writes what the channels must tell, inside the unit of work that decided it. */
export async function saveNoticeRequests(
  transaction: HubTransaction,
  requests: NoticeRequest[],
): Promise<void> {
  if (requests.length === 0) return;
  const rows = requests.map((request) => ({ at: request.at, body: JSON.stringify(request) }));
  await transaction.insertInto('notice_request').values(rows).execute();
}

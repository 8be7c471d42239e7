/** Bytes after which the parts so far are handed to the browser, which may keep them on its disk. */
const handedOverBytes = 8 * 1024 * 1024;

/** Reads a file as it comes, in bounded memory, and tells how much has come. Rejects when it breaks off. */
export async function takeDownload(response: Response, onBytes: (bytes: number) => void): Promise<Blob> {
  if (!response.body) return response.blob();
  const type = response.headers.get('content-type') ?? '';
  const handedOver: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let waitingBytes = 0;
  let bytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob([...handedOver, ...waiting], { type });
    waiting.push(value);
    waitingBytes += value.length;
    bytes += value.length;
    onBytes(bytes);
    if (waitingBytes < handedOverBytes) continue;
    handedOver.push(new Blob(waiting));
    waiting = [];
    waitingBytes = 0;
  }
}

/** Hands a file to the person, under a name. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

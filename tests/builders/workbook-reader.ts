import { inflateRawSync } from 'node:zlib';

/** A sheet as an independent reader finds it: formatted dates as ISO text, numbers as numbers, the rest as text. */
export interface ReadSheet {
  name: string;
  /** Read when asked for. */
  readonly rows: (string | number | undefined)[][];
  xml: string;
}

/** Opens a workbook by the standards alone (ZIP APPNOTE 4.3, ECMA-376) and shares no code with what wrote it. */
export function readWorkbook(file: Buffer): ReadSheet[] {
  const parts = unzip(file);
  const text = (path: string) => {
    const part = parts.get(path);
    if (!part) throw new Error(`the package has no ${path}`);
    return part.toString('utf8');
  };
  const types = text('[Content_Types].xml');
  const [, main] = /Target="([^"]+)"/.exec(text('_rels/.rels')) ?? [];
  const targets = new Map(
    [...text('xl/_rels/workbook.xml.rels').matchAll(/Id="(\w+)"[^>]*Target="([^"]+)"/g)].map(
      ([, id, target]) => [id, target],
    ),
  );
  const formats = [...text('xl/styles.xml').matchAll(/<cellXfs[\s\S]*?<\/cellXfs>/g)][0][0];
  const isDate = [...formats.matchAll(/<xf numFmtId="(\d+)"/g)].map(([, format]) => Number(format) >= 14);
  return [...text(main).matchAll(/<sheet name="([^"]*)" sheetId="\d+" r:id="(\w+)"\/>/g)].map(
    ([, name, id]) => {
      const path = `xl/${targets.get(id)}`;
      if (!types.includes(`PartName="/${path}"`)) throw new Error(`${path} has no content type`);
      const xml = text(path);
      return {
        name: unescapeXml(name),
        get rows() {
          return readRows(xml, isDate);
        },
        xml,
      };
    },
  );
}

function readRows(xml: string, isDate: boolean[]): ReadSheet['rows'] {
  return [...xml.matchAll(/<row r="(\d+)">(.*?)<\/row>/gs)].map(([, row, cells], at) => {
    if (Number(row) !== at + 1) throw new Error(`row ${row} stands in the place of ${at + 1}`);
    const read: (string | number | undefined)[] = [];
    for (const [, letters, inRow, style, type, body] of cells.matchAll(
      /<c r="([A-Z]+)(\d+)"(?: s="(\d+)")?(?: t="(\w+)")?>(.*?)<\/c>/gs,
    )) {
      if (inRow !== row) throw new Error(`a cell of row ${inRow} stands in row ${row}`);
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      read[column] = readCell(body, type, isDate[Number(style ?? 0)]);
    }
    return Array.from(read);
  });
}

function readCell(body: string, type: string | undefined, date: boolean): string | number {
  if (type === 'inlineStr') {
    const inner = /^<is><t xml:space="preserve">(.*)<\/t><\/is>$/s.exec(body)?.[1] ?? '';
    return unescapeXml(inner).replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  const value = Number(/^<v>(.*)<\/v>$/.exec(body)?.[1]);
  if (!date) return value;
  return new Date(Math.round((value - 25_569) * 86_400_000)).toISOString().slice(0, 19);
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  if (/[<>]/.test(text)) throw new Error(`not escaped: ${text}`);
  return text.replace(/&(\w+);/g, (_, name) => named[name] ?? `?${name}?`);
}

function unzip(file: Buffer): Map<string, Buffer> {
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error('no end of central directory');
  const entries = new Map<string, Buffer>();
  let at = file.readUInt32LE(end + 16);
  for (let count = file.readUInt16LE(end + 10); count > 0; count--) {
    if (file.readUInt32LE(at) !== 0x02014b50) throw new Error('not a central directory entry');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      file.readUInt16LE(at + offset),
    );
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    const local = file.readUInt32LE(at + 42);
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(from, from + file.readUInt32LE(at + 20));
    const plain = file.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    if (plain.length !== file.readUInt32LE(at + 24)) throw new Error(`${name} has not the length it names`);
    entries.set(name, Buffer.from(plain));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

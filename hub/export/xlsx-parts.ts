import type { Cell } from './table.ts';

/** Characters of a cell; spreadsheets want to repair a file that has more. */
const charactersOfCell = 32_767;

/** Days from the epoch of spreadsheets (1899-12-30, with which days after February 1900 are right) to that of Unix. */
const daysToUnix = 25_569;
const dayMs = 86_400_000;

/** The cell formats of `styles.xml`, by their place in it. */
const looks = { plain: 0, time: 1, heading: 2 };
export type SheetLook = keyof typeof looks;

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelationships = 'http://schemas.openxmlformats.org/package/2006/relationships';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const styles = `${declaration}<styleSheet xmlns="${main}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>`;

/** What a workbook has beside its sheets: path → XML. */
export function partsAround(sheets: string[]): Map<string, string> {
  const ids = sheets.map((_, at) => at + 1);
  return new Map([
    [
      '[Content_Types].xml',
      `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        `<Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/>` +
        ids
          .map(
            (id) =>
              `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="${spreadsheet}.worksheet+xml"/>`,
          )
          .join('') +
        '</Types>',
    ],
    [
      '_rels/.rels',
      `${declaration}<Relationships xmlns="${packageRelationships}">` +
        `<Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${declaration}<workbook xmlns="${main}" xmlns:r="${relationships}"><sheets>` +
        sheets
          .map((name, at) => `<sheet name="${toXmlText(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
          .join('') +
        '</sheets></workbook>',
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${declaration}<Relationships xmlns="${packageRelationships}">` +
        ids
          .map(
            (id) =>
              `<Relationship Id="rId${id}" Type="${relationships}/worksheet" Target="worksheets/sheet${id}.xml"/>`,
          )
          .join('') +
        `<Relationship Id="rId${ids.length + 1}" Type="${relationships}/styles" Target="styles.xml"/></Relationships>`,
    ],
    ['xl/styles.xml', styles],
  ]);
}

/** A cell in its place (`column` from 0, `row` from 1); nothing for an empty one. */
export function toCellXml(cell: Cell, column: number, row: number, look: SheetLook = 'plain'): string {
  const place = `r="${toLetters(column)}${row}"`;
  if (cell === undefined || cell === '') return '';
  if (typeof cell === 'number') return `<c ${place}><v>${cell}</v></c>`;
  if (typeof cell === 'object') return `<c ${place} s="${looks.time}"><v>${toSerial(cell.wallClock)}</v></c>`;
  const style = look === 'plain' ? '' : ` s="${looks[look]}"`;
  const text = toXmlText(escapeLiterals(cell.slice(0, charactersOfCell)));
  return `<c ${place}${style} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

/** `A`, `Z`, `AA`. */
function toLetters(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : toLetters(Math.floor(column / 26) - 1) + letter;
}

/** Days since the epoch of spreadsheets; ten digits are some microseconds. */
function toSerial(wallClock: string): string {
  const at = Date.parse(`${wallClock.replace(' ', 'T')}Z`);
  return (at / dayMs + daysToUnix).toFixed(10);
}

/** Text that looks like the escape of a character (`_x000D_`) would be read as that character (ECMA-376-1, 22.9.2.19). */
function escapeLiterals(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

/** Text as XML 1.0 allows it (2.2): control characters and halves of characters are left out. */
function toXmlText(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd-\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}

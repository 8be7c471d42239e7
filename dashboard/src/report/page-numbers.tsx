import { useWords } from '../i18n/language.tsx';

/** Number of the report and `page x of y` on every sheet of paper (CSS Paged Media Level 3, margin boxes). */
export function PageNumbers({ number }: { number: string }) {
  const words = useWords();
  const [before, between, after] = words.report.page;
  return (
    <style>{`@page report {
      @bottom-left { content: ${quoted(`${words.report.title} ${number}`)}; }
      @bottom-right { content: ${quoted(before)} counter(page) ${quoted(between)} counter(pages) ${quoted(after)}; }
    }`}</style>
  );
}

function quoted(text: string): string {
  return `"${text.replace(/["\\\n<]/g, '')}"`;
}

import { Link } from 'wouter';
import { useWords } from '../i18n/language.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Icon } from '../ui/icons.tsx';
import { settingsSections } from './sections.ts';
import './settings-page.css';

/** What a manager sets for the site, one section at a time. */
export function SettingsPage(props: { section: string | undefined; gates: readonly string[] }) {
  const words = useWords();
  const shown = settingsSections.find(({ key }) => key === props.section) ?? settingsSections[0];
  const { Content } = shown;
  return (
    <OfficeTheme>
      <div className="office settings">
        <div className="office-head">
          <h1>{words.settings.title}</h1>
        </div>
        <nav className="settings-nav" aria-label={words.settings.title}>
          {settingsSections.map(({ key, icon, title }) => (
            <Link
              key={key}
              href={`/settings/${key}`}
              className="menu-item"
              aria-current={key === shown.key ? 'page' : undefined}
            >
              <Icon name={icon} size={22} />
              {title(words)}
            </Link>
          ))}
        </nav>
        <section className="card settings-section" key={shown.key}>
          <header>
            <h2>{shown.title(words)}</h2>
            <p>{shown.help(words)}</p>
          </header>
          <Content gates={props.gates} />
        </section>
      </div>
    </OfficeTheme>
  );
}

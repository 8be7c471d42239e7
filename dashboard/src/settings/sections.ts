import type { ComponentType } from 'react';
import type { Words } from '../i18n/zh.ts';
import type { IconName } from '../ui/icons.tsx';
import { ViidSection } from '../viid/viid-section.tsx';
import { AlertSection } from './alert-section.tsx';
import { DutySection } from './duty-section.tsx';

/** A section of the settings page, under `/settings/{key}`. */
export interface SettingsSection {
  key: string;
  icon: IconName;
  title: (words: Words) => string;
  help: (words: Words) => string;
  /** Gets the gates of the site. */
  Content: ComponentType<{ gates: readonly string[] }>;
}

/** The sections in the order of the page; the first one is shown when none is named. */
export const settingsSections: readonly SettingsSection[] = [
  {
    key: 'alerts',
    icon: 'alert',
    title: ({ settings }) => settings.sections.alerts,
    help: ({ settings }) => settings.sectionHelp.alerts,
    Content: AlertSection,
  },
  {
    key: 'duty',
    icon: 'calendar',
    title: ({ settings }) => settings.sections.duty,
    help: ({ settings }) => settings.sectionHelp.duty,
    Content: DutySection,
  },
  {
    key: 'viid',
    icon: 'hook',
    title: ({ viid }) => viid.title,
    help: ({ viid }) => viid.help,
    Content: ViidSection,
  },
];

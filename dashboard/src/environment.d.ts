/// <reference types="vite/client" />

// antd's locales are ES modules in a package that TypeScript takes for CommonJS.
declare module 'antd/es/locale/zh_CN.js' {
  import type { ConfigProviderProps } from 'antd';

  const locale: NonNullable<ConfigProviderProps['locale']>;
  // biome-ignore lint/style/noDefaultExport: it is antd that exports it so
  export default locale;
}
declare module 'antd/es/locale/en_US.js' {
  import type { ConfigProviderProps } from 'antd';

  const locale: NonNullable<ConfigProviderProps['locale']>;
  // biome-ignore lint/style/noDefaultExport: it is antd that exports it so
  export default locale;
}

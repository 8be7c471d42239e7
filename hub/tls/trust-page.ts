import { createHash } from 'node:crypto';
import type { TrustedAuthority } from './server-identity.ts';

/** Where tablets find it; also over plain HTTP, because they do not trust the hub yet. */
export const trustPaths = {
  page: '/trust',
  certificate: '/trust/gatehouse.crt',
  profile: '/trust/gatehouse.mobileconfig',
} as const;

/** How a tablet is made to trust the hub, in Chinese and English: no script, nothing from elsewhere. */
export function trustPage({ fingerprint }: TrustedAuthority): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>信任本机 Trust this hub · Gatehouse 门岗</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
code { display: block; padding: .75rem; background: #f0f0f0; overflow-wrap: anywhere; }
a.get { display: inline-block; margin: .25rem .5rem .25rem 0; padding: .5rem 1rem; border: 1px solid; border-radius: .5rem; }
</style>
</head>
<body>
${section(chinese, fingerprint)}
<hr>
${section(english, fingerprint)}
</body>
</html>
`;
}

/** The authority as a configuration profile for iPad and iPhone [Apple, Configuration Profile Reference: CertificateRoot]. */
export function trustProfile({ der, fingerprint }: TrustedAuthority): string {
  const payload = [
    ['PayloadCertificateFileName', 'gatehouse.crt'],
    ['PayloadDescription', 'Lets this device trust the Gatehouse hub of the site, and nothing else.'],
    ['PayloadDisplayName', 'Gatehouse 门岗'],
    ['PayloadIdentifier', 'gatehouse.hub.authority'],
    ['PayloadType', 'com.apple.security.root'],
    ['PayloadUUID', uuidOf(`authority ${fingerprint}`)],
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadContent</key><data>${der.toString('base64')}</data>
${payload.map(([key, value]) => `      <key>${key}</key><string>${value}</string>`).join('\n')}
      <key>PayloadVersion</key><integer>1</integer>
    </dict>
  </array>
  <key>PayloadDisplayName</key><string>Gatehouse 门岗</string>
  <key>PayloadIdentifier</key><string>gatehouse.hub</string>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadUUID</key><string>${uuidOf(`profile ${fingerprint}`)}</string>
  <key>PayloadVersion</key><integer>1</integer>
</dict>
</plist>
`;
}

/** The same for the same authority, so that a profile that is installed twice takes the place of itself. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

interface Words {
  title: string;
  why: string;
  compare: string;
  certificate: string;
  profile: string;
  devices: [device: string, steps: string[]][];
}

const chinese: Words = {
  title: '让这台平板信任门岗',
  why: '门岗的网页是加密的，证书由物业办公室的这台主机自己签发，所以每台平板要先信任它一次。它只能为本地网络中的地址作保，不能冒充别的网站。',
  compare: '先核对指纹：下面这一串必须与主机启动时控制台打印的完全一致。不一致就不要安装，并告诉安装人员。',
  certificate: '下载证书（安卓、Windows）',
  profile: '下载描述文件（iPad、iPhone）',
  devices: [
    [
      'iPad、iPhone',
      [
        '用 Safari 打开本页，点“下载描述文件”，再点“允许”。',
        '设置 › 已下载描述文件 › 安装。',
        '设置 › 通用 › 关于本机 › 证书信任设置：打开“Gatehouse”的开关。',
      ],
    ],
    [
      '安卓 Android',
      [
        '点“下载证书”。',
        '设置 › 安全 › 加密与凭据 › 安装证书 › CA 证书，选择 gatehouse.crt。',
        '重新打开浏览器。',
      ],
    ],
    [
      'Windows',
      [
        '点“下载证书”，双击打开 gatehouse.crt › 安装证书。',
        '选择“本地计算机”，再选“将所有的证书都放入下列存储”：受信任的根证书颁发机构。',
        '重新打开浏览器。',
      ],
    ],
  ],
};

const english: Words = {
  title: 'Let this tablet trust Gatehouse',
  why: 'Gatehouse is encrypted with a certificate that the hub in the property office made itself, so every tablet has to be told once to trust it. It can vouch only for addresses of the local network, never for other sites.',
  compare:
    'Compare first: the fingerprint below must be the one that the hub printed on its console. If it is not, install nothing and tell the installer.',
  certificate: 'Certificate (Android, Windows)',
  profile: 'Profile (iPad, iPhone)',
  devices: [
    [
      'iPad, iPhone',
      [
        'Open this page in Safari, tap “Profile”, then “Allow”.',
        'Settings › Profile Downloaded › Install.',
        'Settings › General › About › Certificate Trust Settings: switch on “Gatehouse”.',
      ],
    ],
    [
      'Android',
      [
        'Tap “Certificate”.',
        'Settings › Security › Encryption & credentials › Install a certificate › CA certificate: choose gatehouse.crt.',
        'Open the browser again.',
      ],
    ],
    [
      'Windows',
      [
        'Take “Certificate”, open gatehouse.crt › Install Certificate.',
        'Choose “Local Machine”, then “Place all certificates in the following store”: Trusted Root Certification Authorities.',
        'Open the browser again.',
      ],
    ],
  ],
};

function section({ title, why, compare, certificate, profile, devices }: Words, fingerprint: string): string {
  const steps = devices.map(
    ([device, lines]) =>
      `<h2>${device}</h2>\n<ol>${lines.map((line) => `<li>${line.replaceAll('&', '&amp;')}</li>`).join('')}</ol>`,
  );
  return `<h1>${title}</h1>
<p>${why}</p>
<p>${compare}</p>
<p>SHA-256</p><code>${fingerprint}</code>
<p><a class="get" href="${trustPaths.profile}">${profile}</a><a class="get" href="${trustPaths.certificate}">${certificate}</a></p>
${steps.join('\n')}`;
}

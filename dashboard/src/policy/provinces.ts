/** The 31 province characters of GA 36-2018; the contract holds the same list, and a test compares the two. */
export const provinceCharacters = [...'京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'];

const names: Record<string, [string, string]> = {
  京: ['北京', 'Beijing'],
  津: ['天津', 'Tianjin'],
  沪: ['上海', 'Shanghai'],
  渝: ['重庆', 'Chongqing'],
  冀: ['河北', 'Hebei'],
  豫: ['河南', 'Henan'],
  云: ['云南', 'Yunnan'],
  辽: ['辽宁', 'Liaoning'],
  黑: ['黑龙江', 'Heilongjiang'],
  湘: ['湖南', 'Hunan'],
  皖: ['安徽', 'Anhui'],
  鲁: ['山东', 'Shandong'],
  新: ['新疆', 'Xinjiang'],
  苏: ['江苏', 'Jiangsu'],
  浙: ['浙江', 'Zhejiang'],
  赣: ['江西', 'Jiangxi'],
  鄂: ['湖北', 'Hubei'],
  桂: ['广西', 'Guangxi'],
  甘: ['甘肃', 'Gansu'],
  晋: ['山西', 'Shanxi'],
  蒙: ['内蒙古', 'Inner Mongolia'],
  陕: ['陕西', 'Shaanxi'],
  吉: ['吉林', 'Jilin'],
  闽: ['福建', 'Fujian'],
  贵: ['贵州', 'Guizhou'],
  粤: ['广东', 'Guangdong'],
  青: ['青海', 'Qinghai'],
  藏: ['西藏', 'Tibet'],
  川: ['四川', 'Sichuan'],
  宁: ['宁夏', 'Ningxia'],
  琼: ['海南', 'Hainan'],
};

/** `皖 安徽`, `皖 Anhui`. */
export function provinceName(character: string, language: 'zh-CN' | 'en'): string {
  const [chinese, english] = names[character] ?? ['', ''];
  return `${character} ${language === 'en' ? english : chinese}`.trim();
}

/** `安徽（皖）`, `Anhui (皖)`: in a sentence, for people who may know only one of the two. */
export function provinceInWords(character: string, language: 'zh-CN' | 'en'): string {
  const [chinese, english] = names[character] ?? [character, character];
  return language === 'en' ? `${english} (${character})` : `${chinese}（${character}）`;
}

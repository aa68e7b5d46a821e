/** The language as `Intl` is asked for it: with the digits 0–9, which the server's pages have too. */
export const digitsOf = (language: string): string => (/-u-/.test(language) ? language : `${language}-u-nu-latn`);

/** With the language's grouping and a true minus sign. Spanish puts a thin space between thousands, as French does and
 *  as its academies ask, whatever `Intl` says. */
export const formatNumber = (value: number, language: string): string =>
  new Intl.NumberFormat(digitsOf(language.replace(/^es\b/, "fr"))).format(value).replace("-", "\u2212");

/** The language as `Intl` is asked for it: with the digits 0–9, which the server's pages have too. */
export const digitsOf = (language: string): string => (/-u-/.test(language) ? language : `${language}-u-nu-latn`);

/** With the language's grouping and a true minus sign. */
export const formatNumber = (value: number, language: string): string =>
  new Intl.NumberFormat(digitsOf(language)).format(value).replace("-", "\u2212");

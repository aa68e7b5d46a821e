// The few words that are needed when the server, which has all others, cannot be reached.

/** That the comments are away, the button that asks again, the link to them, and what stands there while they come. */
type Words = readonly [away: string, again: string, link: string, loading: string];

const WORDS: Record<string, Words> = {
  en: ["The comments cannot be reached at the moment.", "Try again", "Open the comments on their own page", "Loading the comments…"],
  fr: [
    "Les commentaires sont inaccessibles pour le moment.",
    "Réessayer",
    "Ouvrir les commentaires sur leur propre page",
    "Chargement des commentaires…",
  ],
  es: [
    "No se puede acceder a los comentarios en este momento.",
    "Reintentar",
    "Abrir los comentarios en su propia página",
    "Cargando los comentarios…",
  ],
  de: [
    "Die Kommentare sind derzeit nicht erreichbar.",
    "Erneut versuchen",
    "Die Kommentare auf eigener Seite öffnen",
    "Kommentare werden geladen …",
  ],
  he: ["אי אפשר להגיע לתגובות כרגע.", "לנסות שוב", "פתיחת התגובות בעמוד משלהן", "התגובות נטענות…"],
  ar: ["تعذّر الوصول إلى التعليقات في الوقت الحالي.", "إعادة المحاولة", "فتح التعليقات في صفحتها", "جارٍ تحميل التعليقات…"],
};

const codeOf = (language: string): string => language.toLowerCase().split(/[-_]/)[0] ?? "";

/** In the first of the languages that is spoken here. */
export function wordsIn(languages: readonly string[]): { language: string; words: Words } {
  const language = languages.map(codeOf).find((code) => code in WORDS) ?? "en";
  return { language, words: WORDS[language] as Words };
}

export const directionOf = (language: string): "rtl" | "ltr" => (/^(he|ar)\b/.test(language) ? "rtl" : "ltr");

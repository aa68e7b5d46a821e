// What this browser keeps: drafts until they are posted, a name only when its owner ticks so, and, from the first deed
// on, by what the server knows the reader again and what was seen last.

const DRAFT = "comity:draft:";
const PERSON = "comity:person:";
const KNOWN = "comity:known:";
const DEVICE = "comity:device:";
const SEEN = "comity:seen:";
const DAY = 24 * 3600 * 1000;

/** Name, e-mail address and website as typed. */
export type Person = Record<string, string>;

interface Kept<Value> {
  value: Value;
  until: number;
}

// Storage may be blocked or full: then it is kept here, as long as the page lives.
const here = new Map<string, string>();

function read<Value>(name: string): Value | null {
  let text = here.get(name);
  try {
    text ??= localStorage.getItem(name) ?? undefined;
    const kept = JSON.parse(text ?? "null") as Kept<Value> | null;
    if (kept !== null && kept.until > Date.now()) return kept.value;
    if (text !== undefined) forget(name);
  } catch {
    // blocked, or not ours
  }
  return null;
}

function write(name: string, value: unknown, life: number): void {
  const text = JSON.stringify({ value, until: Date.now() + life });
  try {
    localStorage.setItem(name, text);
    here.delete(name);
  } catch {
    here.set(name, text);
  }
}

function forget(name: string): void {
  here.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // as above
  }
}

/** Under what a draft is kept: its story, and what it replies to. */
export const placeOf = (thread: { site: string; key: string }, form: string): string => `${thread.site}:${thread.key}:${form}`;
export const draftOf = (place: string): string => read<string>(DRAFT + place) ?? "";
export const keepDraft = (place: string, text: string): void =>
  text.trim() ? write(DRAFT + place, text, 30 * DAY) : forget(DRAFT + place);
export const dropDraft = (place: string): void => forget(DRAFT + place);

export const personOf = (site: string): Person | null => read<Person>(PERSON + site);
export const keepPerson = (site: string, person: Person | null): void =>
  person ? write(PERSON + site, person, 90 * DAY) : forget(PERSON + site);

/** Whether this browser has written or voted on Comity's own pages. */
export const isKnown = (site: string): boolean => read<boolean>(KNOWN + site) === true;
export const becomeKnown = (site: string): void => write(KNOWN + site, true, 400 * DAY);

/** The token by which the server knows this browser again on a publisher's page. */
export const deviceOf = (site: string): string | null => read<string>(DEVICE + site);
export const keepDevice = (site: string, token: string): void => write(DEVICE + site, token, 400 * DAY);

/** The newest comment's time at the last visit, in milliseconds; null on the first. */
export const seenOf = (place: string): number | null => read<number>(SEEN + place);
export const keepSeen = (place: string, moment: number): void => write(SEEN + place, moment, 90 * DAY);

// What this browser keeps: drafts until they are posted, and a name only when its owner ticks so.

const DRAFT = "comity:draft:";
const PERSON = "comity:person:";
const KNOWN = "comity:known:";
const DAYS_90 = 90 * 24 * 3600 * 1000;
const DAYS_30 = 30 * 24 * 3600 * 1000;

/** Name, e-mail address and website as typed. */
export type Person = Record<string, string>;

interface Kept<Value> {
  value: Value;
  until: number;
}

// Storage may be blocked or full: then nothing is kept, and nothing breaks.
function read<Value>(name: string): Value | null {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "null") as Kept<Value> | null;
    if (kept !== null && kept.until > Date.now()) return kept.value;
    localStorage.removeItem(name);
  } catch {
    // as above
  }
  return null;
}

function write(name: string, value: unknown, life: number): void {
  try {
    localStorage.setItem(name, JSON.stringify({ value, until: Date.now() + life }));
  } catch {
    // as above
  }
}

function forget(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    // as above
  }
}

export const draftOf = (place: string): string => read<string>(DRAFT + place) ?? "";
export const keepDraft = (place: string, text: string): void =>
  text.trim() ? write(DRAFT + place, text, DAYS_30) : forget(DRAFT + place);
export const dropDraft = (place: string): void => forget(DRAFT + place);

export const personOf = (site: string): Person | null => read<Person>(PERSON + site);
export const keepPerson = (site: string, person: Person | null): void =>
  person ? write(PERSON + site, person, DAYS_90) : forget(PERSON + site);

/** Whether this browser has written or voted here: only then is what is one's own worth asking for. */
export const isKnown = (site: string): boolean => read<boolean>(KNOWN + site) === true;
export const becomeKnown = (site: string): void => write(KNOWN + site, true, 400 * 24 * 3600 * 1000);

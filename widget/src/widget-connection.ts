import { deviceOf, keepDevice } from "./memory";
import { Connection } from "./requests";
import { parse } from "./server";

const TOKEN_BYTES = 32;

function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** On a publisher's page no cookie is sent or taken; a token that this browser makes itself says who asks. */
export class WidgetConnection extends Connection {
  protected readonly credentials = "omit";

  constructor(private readonly site: string) {
    super();
  }

  get isKnown(): boolean {
    return deviceOf(this.site) !== null;
  }

  // Kept before the request: should its answer be lost, what was posted is still the reader's own.
  becomeKnown(): void {
    if (!this.isKnown) keepDevice(this.site, newToken());
  }

  protected identity(): Record<string, string> {
    const token = deviceOf(this.site);
    return token === null ? {} : { Authorization: `Comity-Device ${token}` };
  }

  protected override parse(text: string): Document {
    return parse(text);
  }
}

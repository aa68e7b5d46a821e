// Builds the browser's files from widget/src into the package, each with its brotli and gzip forms, which the server
// sends as they are.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "src/comity/static/comity/built");
const entries = ["page.ts", "page.css"].map((name) => join(root, "widget/src", name));

rmSync(out, { recursive: true, force: true });
try {
  await build({
    entryPoints: entries,
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome109", "firefox115", "safari16.4"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(1);
}
for (const name of readdirSync(out)) {
  const bytes = readFileSync(join(out, name));
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  writeFileSync(
    join(out, `${name}.br`),
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  );
}

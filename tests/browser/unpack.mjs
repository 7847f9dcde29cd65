// Unpack the Chromium of @sparticuz/chromium into the folder given.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

const [, , source, target] = process.argv;
const read = (name) => brotliDecompressSync(readFileSync(`${source}/${name}.br`));

mkdirSync(target, { recursive: true });
writeFileSync(`${target}/chromium`, read('chromium'), { mode: 0o755 });
for (const name of ['al2023.tar', 'swiftshader.tar', 'fonts.tar']) {
  execFileSync('tar', ['-x', '-C', target], { input: read(name) });
}

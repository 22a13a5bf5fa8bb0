// Puts a brotli and a gzip form beside each text file of the build, and prints what the first page costs. The product serves these bytes as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const folder = here('../dist')
const mostOnFirstLoad = 400 * 1024

// The licences of what is in the scripts travel with them.
const { packages } = JSON.parse(readFileSync(here('../package-lock.json'), 'utf8'))
const licences = Object.entries(packages)
  .filter(([path, entry]) => path !== '' && (entry.dev !== true || path.includes('@fontsource')))
  .map(([path, entry]) => {
    const file = readdirSync(here('../' + path)).find((name) => /^licen[cs]e/i.test(name))
    return `${path.replace(/^.*node_modules\//, '')} ${entry.version} (${entry.license})\n\n${file === undefined ? '' : readFileSync(here(`../${path}/${file}`), 'utf8').trim()}\n`
  })
writeFileSync(join(folder, 'licenses.txt'), licences.join('\n----\n\n'))

let first = 0
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || /\.(br|gz)$/.test(entry.name)) continue
  const path = join(entry.parentPath, entry.name)
  const plain = readFileSync(path)
  let sent = plain.length
  if (/\.(html|js|css|svg|txt)$/.test(entry.name)) {
    const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
    writeFileSync(path + '.br', brotli)
    writeFileSync(path + '.gz', gzipSync(plain, { level: 9 }))
    sent = brotli.length
  }
  // Everything but fonts of other alphabets, which a browser fetches only when a page has such letters.
  if (entry.name !== 'licenses.txt' && (!/\.woff2$/.test(entry.name) || /latin-wght/.test(entry.name))) first += sent
}
const kilo = (bytes) => (bytes / 1024).toFixed(0)
console.log(`first load: ${kilo(first)} kB compressed (at most ${kilo(mostOnFirstLoad)} kB)`)
if (first > mostOnFirstLoad) {
  console.error('error: the first load has become too large')
  process.exit(1)
}

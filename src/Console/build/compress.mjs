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

// What the page asks for at once: what its document names, and what the scripts among it import by name. Pages and charts that are opened later come later.
const atOnce = new Set(['index.html', 'favicon.svg'])
const follow = (name) => {
  if (atOnce.has(name)) return
  atOnce.add(name)
  if (name.endsWith('.js')) for (const [, imported] of readFileSync(join(folder, 'assets', name), 'utf8').matchAll(/(?:^|[;}\n])\s*import\s*(?:[\w*{}\s,$]+from\s*)?["']\.\/([^"']+)["']/g)) follow(imported)
}
for (const [, name] of readFileSync(join(folder, 'index.html'), 'utf8').matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)) follow(name)

let first = 0
let later = 0
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
  // Of fonts only that of the Latin alphabet: a browser fetches others when a page has such letters.
  if (atOnce.has(entry.name) || /latin-wght.*\.woff2$/.test(entry.name)) first += sent
  else if (/\.(js|css)$/.test(entry.name)) later += sent
}
const kilo = (bytes) => (bytes / 1024).toFixed(0)
console.log(`first load: ${kilo(first)} kB compressed (at most ${kilo(mostOnFirstLoad)} kB); what comes with pages and charts: ${kilo(later)} kB`)
if (first > mostOnFirstLoad) {
  console.error('error: the first load has become too large')
  process.exit(1)
}

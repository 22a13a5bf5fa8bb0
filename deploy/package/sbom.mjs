// The software bill of materials (CycloneDX 1.5) and the list of licences, from what a build has really restored: sbom.mjs VERSION ROOT OUTPUT
// Fails when a licence is not among those that may be shipped.
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [version, root, output] = process.argv.slice(2)
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'OFL-1.1', 'PostgreSQL', 'Unlicense', 'BlueOak-1.0.0', 'CC0-1.0', 'Zlib'])
const programs = ['Cli', 'ClusterManager', 'Fleet', 'Observability', 'StateManager']

// Packages that name their licence by an address, from before expressions.
const addresses = new Map([['http://aws.amazon.com/apache2.0/', 'Apache-2.0']])

const hex = (base64) => Buffer.from(base64, 'base64').toString('hex')

function fromNuspec(folder, name) {
    const file = readdirSync(folder).find((one) => one.endsWith('.nuspec'))
    if (!file) throw new Error(`${name}: there is no nuspec in ${folder}`)
    const text = readFileSync(join(folder, file), 'utf8')
    const expression = /<license type="expression">([^<]+)</.exec(text)?.[1]
    return expression ?? addresses.get(/<licenseUrl>([^<]+)</.exec(text)?.[1]) ?? 'unknown'
}

function nuget(components) {
    for (const program of programs) {
        const file = join(root, 'artifacts', 'obj', program, 'project.assets.json')
        if (!existsSync(file)) throw new Error(`${file} is not there: build first (./fleet build)`)
        const assets = JSON.parse(readFileSync(file, 'utf8'))
        // Analyzers and build tools bring nothing into a program.
        const shipped = new Set(Object.values(assets.targets).flatMap((target) => Object.entries(target).filter(([, one]) => one.runtime || one.runtimeTargets || one.native).map(([name]) => name)))
        for (const [key, library] of Object.entries(assets.libraries)) {
            if (library.type !== 'package' || !shipped.has(key)) continue
            const [name, number] = key.split('/')
            const folder = Object.keys(assets.packageFolders).map((one) => join(one, library.path)).find(existsSync)
            if (!folder) throw new Error(`${key} is not in the package folders`)
            components.set(`pkg:nuget/${name}@${number}`, { name, version: number, licence: fromNuspec(folder, key), sha512: hex(library.sha512) })
        }
    }
}

// What the console's build bundles: dependencies, and the font, which is a development dependency because only its files are used.
function npm(components) {
    const lock = JSON.parse(readFileSync(join(root, 'src', 'Console', 'package-lock.json'), 'utf8'))
    for (const [path, one] of Object.entries(lock.packages)) {
        if (!path || (one.dev && !path.includes('@fontsource')) || one.optional) continue
        const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
        components.set(`pkg:npm/${name.replace('@', '%40')}@${one.version}`, { name, version: one.version, licence: one.license ?? 'unknown', sha512: hex(one.integrity.slice('sha512-'.length)) })
    }
}

const components = new Map()
nuget(components)
npm(components)
const sorted = [...components].sort(([a], [b]) => (a < b ? -1 : 1))
const wrong = sorted.filter(([, one]) => !one.licence.split(/ (?:OR|AND) |[()]/).filter(Boolean).some((licence) => allowed.has(licence.trim())))
if (wrong.length > 0) {
    console.error(`licences that may not be shipped, or are not known:\n${wrong.map(([purl, one]) => `  ${purl}: ${one.licence}`).join('\n')}`)
    process.exit(1)
}

const licences = (one) => [/ (OR|AND|WITH) /.test(one.licence) ? { expression: one.licence } : { license: { id: one.licence } }]
const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: {
        timestamp: new Date().toISOString(),
        component: { type: 'application', 'bom-ref': 'fleet', name: 'fleet', version, licenses: [{ license: { id: 'Apache-2.0' } }] },
    },
    components: sorted.map(([purl, one]) => ({
        type: 'library', 'bom-ref': purl, name: one.name, version: one.version, purl, licenses: licences(one), hashes: [{ alg: 'SHA-512', content: one.sha512 }],
    })),
    dependencies: [{ ref: 'fleet', dependsOn: sorted.map(([purl]) => purl) }],
}
const text = `${JSON.stringify(bom, null, 2)}\n`
writeFileSync(join(output, 'sbom.cdx.json'), text)
writeFileSync(join(output, 'licenses.txt'), `Fleet ${version}: Apache-2.0\n\n${sorted.map(([purl, one]) => `${one.licence.padEnd(14)} ${purl}`).join('\n')}\n`)
console.log(`${sorted.length} components, ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`)

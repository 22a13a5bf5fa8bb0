/** `{cpu: {target: 1}}` as lines `cpu.target 1`: evidence is shown as it is told, whatever the kind of advice. */
export function linesOf(value: Readonly<Record<string, unknown>> | undefined, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(value ?? {}).flatMap(([name, each]): (readonly [string, string])[] => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    if (each === null || each === undefined) return []
    if (Array.isArray(each)) return [[path, each.every((item) => typeof item !== 'object') ? each.join(', ') : JSON.stringify(each)]]
    if (typeof each === 'object') return [...linesOf(each as Record<string, unknown>, path)]
    return [[path, String(each)]]
  })
}

/** What is and what should be, side by side. */
export function compared(current: Readonly<Record<string, unknown>> | undefined, recommended: Readonly<Record<string, unknown>> | undefined): readonly { readonly path: string; readonly is: string | undefined; readonly should: string | undefined }[] {
  const [is, should] = [new Map(linesOf(current)), new Map(linesOf(recommended))]
  return [...new Set([...is.keys(), ...should.keys()])].map((path) => ({ path, is: is.get(path), should: should.get(path) }))
}

/** A number that came out of a division has digits that nobody measured. */
export function readable(value: string, language: string): string {
  return /^-?\d+\.\d{3,}(e-?\d+)?$/i.test(value) ? Number(value).toLocaleString(language, { maximumSignificantDigits: 4 }) : value
}

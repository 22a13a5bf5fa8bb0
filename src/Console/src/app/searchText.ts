/** Texts of an address: numbers and the like that somebody typed there become texts, empty ones are left out. */
export function texts<Name extends string>(names: readonly Name[], raw: Readonly<Record<string, unknown>>): { [Key in Name]?: string } {
  const found: { [Key in Name]?: string } = {}
  for (const name of names) {
    const value = raw[name]
    if ((typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean') found[name] = String(value)
  }
  return found
}

/** A change of some of them; undefined takes one away. */
export function changed<Search extends object>(search: Search, change: { [Key in keyof Search]?: Search[Key] | undefined }): Search {
  return Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== '')) as Search
}

/** A text with {places}; where a count decides about the form, one text for each form that the language has. */
export type Message = string | { readonly one: string; readonly other: string; readonly many?: string }

/** The same keys, and a plural where English has one. */
export type Translated<English> = { readonly [Key in keyof English]: English[Key] extends string ? string : { readonly one: string; readonly other: string; readonly many?: string } }

export type Values = Readonly<Record<string, string | number>>

const rules = new Map<string, Intl.PluralRules>()
const numbers = new Map<string, Intl.NumberFormat>()

/** To make a format costs a hundred times what it costs to use one, and rows of tables have several. */
function written(language: string, value: number): string {
  let format = numbers.get(language)
  if (format === undefined) numbers.set(language, (format = new Intl.NumberFormat(language)))
  return format.format(value)
}

/** Numbers among the values are written as the language writes them. */
export function format(language: string, message: Message, values: Values = {}): string {
  let text: string
  if (typeof message === 'string') {
    text = message
  } else {
    let rule = rules.get(language)
    if (rule === undefined) rules.set(language, (rule = new Intl.PluralRules(language)))
    const form = rule.select(Number(values['count'] ?? 0))
    text = form === 'one' ? message.one : form === 'many' ? (message.many ?? message.other) : message.other
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? written(language, value) : value
  })
}

export const places = (message: Message): string[] => {
  const texts = typeof message === 'string' ? [message] : [message.one, message.other, ...(message.many === undefined ? [] : [message.many])]
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')))].sort()
}

const formats = new Map<string, Intl.NumberFormat>()

function formatOf(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options)
  let format = formats.get(key)
  if (format === undefined) formats.set(key, (format = new Intl.NumberFormat(language, options)))
  return format
}

/** Two digits after the point, more for what is small, none for what is large: figures of one column stay comparable. */
const digitsOf = (amount: number): number => (amount === 0 || Math.abs(amount) >= 1 ? (Math.abs(amount) >= 10_000 ? 0 : 2) : Math.abs(amount) >= 0.01 ? 3 : 5)

export function money(language: string, amount: number, currency: string | undefined, exact = false): string {
  const digits = exact ? 5 : digitsOf(amount)
  const options: Intl.NumberFormatOptions = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  // What a price sheet calls a currency may be none that browsers know.
  if (currency === undefined || !/^[A-Za-z]{3}$/.test(currency)) return [formatOf(language, options).format(amount), currency].filter((part) => part !== undefined).join(' ')
  return formatOf(language, { ...options, style: 'currency', currency: currency.toUpperCase(), currencyDisplay: 'narrowSymbol' }).format(amount)
}

/** On an axis there is no room for more. */
export function shortMoney(language: string, amount: number, currency: string | undefined): string {
  const options: Intl.NumberFormatOptions = { notation: 'compact', maximumSignificantDigits: 3 }
  if (currency === undefined || !/^[A-Za-z]{3}$/.test(currency)) return formatOf(language, options).format(amount)
  return formatOf(language, { ...options, style: 'currency', currency: currency.toUpperCase(), currencyDisplay: 'narrowSymbol' }).format(amount)
}

export const percent = (language: string, fraction: number): string => formatOf(language, { style: 'percent', maximumFractionDigits: Math.abs(fraction) < 0.1 ? 1 : 0 }).format(fraction)

/** With its sign, since it is a change. */
export const signedPercent = (language: string, fraction: number): string =>
  formatOf(language, { style: 'percent', maximumFractionDigits: Math.abs(fraction) < 0.1 ? 1 : 0, signDisplay: 'exceptZero' }).format(fraction)

export const quantity = (language: string, value: number): string => formatOf(language, { maximumSignificantDigits: 4 }).format(value)

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

export function bytes(language: string, value: number): string {
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), binary.length - 1)
  return `${formatOf(language, { maximumFractionDigits: 1 }).format(value / 1024 ** power)} ${binary[power]}`
}

export function duration(language: string, milliseconds: number): string {
  if (milliseconds < 1) return `${formatOf(language, { maximumSignificantDigits: 3 }).format(milliseconds * 1000)} µs`
  if (milliseconds < 1000) return `${formatOf(language, { maximumSignificantDigits: 3 }).format(milliseconds)} ms`
  return `${formatOf(language, { maximumSignificantDigits: 3 }).format(milliseconds / 1000)} s`
}

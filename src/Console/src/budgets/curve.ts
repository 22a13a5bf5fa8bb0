import type { ChartModel } from '../charts/model'
import { day } from '../costs/windows'
import type { Texts } from '../i18n/language'
import type { Budget } from './queries'

export interface Curve {
  readonly days: readonly number[]
  /** What was spent up to the end of each day; null for days to come. */
  readonly spent: readonly (number | null)[]
  /** From what is spent to what will be, with the band that opens between; null for days that are over. */
  readonly expected: readonly (number | null)[]
  readonly low: readonly (number | null)[]
  readonly high: readonly (number | null)[]
}

/** The moment at which the period is over: the API names its last day. */
export const endOf = ({ period }: Budget): number => (period.end.length === 10 ? Date.parse(period.end) + day : Date.parse(period.end))

/** Days as amounts of their own become a sum that grows; the forecast goes in a straight line to its end, and its band opens like the root of the days, as chance does. */
export function curveOf(budget: Budget): Curve {
  const start = Date.parse(budget.period.start.slice(0, 10))
  const end = endOf(budget)
  const length = Math.max(1, Math.min(400, Math.ceil((end - start) / day)))
  const days = Array.from({ length }, (_, index) => start + index * day)
  const amounts = new Map((budget.series ?? []).map((each) => [Date.parse(each.date.slice(0, 10)), each.amount]))
  const last = days.findLastIndex((each) => amounts.has(each))
  let sum = 0
  const spent = days.map((each, index) => (index > last ? null : (sum += amounts.get(each) ?? 0)))
  const forecast = budget.forecast
  const none = days.map(() => null)
  if (forecast == null || last < 0 || last === length - 1) return { days, spent, expected: none, low: none, high: none }
  const to = (target: number, power: number) => days.map((_, index) => (index < last ? null : sum + (target - sum) * ((index - last) / (length - 1 - last)) ** power))
  const expected = to(forecast.amount, 1)
  const spread = (target: number) => to(target, 1).map((value, index) => (value === null ? null : (expected[index] ?? 0) + (target - forecast.amount) * Math.sqrt((index - last) / (length - 1 - last))))
  return { days, spent, expected, low: spread(forecast.low), high: spread(forecast.high) }
}

export function curveModel(texts: Texts, budget: Budget): ChartModel {
  const { t, money, shortMoney } = texts
  const curve = curveOf(budget)
  const hasForecast = curve.expected.some((value) => value !== null)
  return {
    kind: 'lines',
    labels: curve.days.map((each) => texts.day(each)),
    series: [
      { name: t('budgets.spent'), values: curve.spent, colour: 'accent' },
      ...(hasForecast ? [{ name: t('budgets.forecast'), values: curve.expected, colour: 'accent' }] : []),
    ],
    ...(hasForecast ? { band: { name: t('budgets.band'), low: curve.low, high: curve.high } } : {}),
    levels: [
      { name: t('budgets.level', { percent: texts.percent(1) }), value: budget.amount, colour: 'bad' },
      ...(budget.thresholds ?? []).filter((each) => each.percent !== 100 && each.kind === 'actual').map((each) => ({ name: texts.percent(each.percent / 100), value: (budget.amount * each.percent) / 100, colour: each.crossed ? 'doubt' : 'muted' })),
    ],
    format: (value) => money(value, budget.currency),
    shortFormat: (value) => shortMoney(value, budget.currency),
  }
}

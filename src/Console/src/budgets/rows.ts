import { and } from '../costs/drill'
import { textOfDay } from '../costs/windows'
import { endOf } from './curve'
import type { Budget } from './queries'

/** Where Fleet itself is: a budget there is of all clusters, one elsewhere of the clusters of its namespace. */
const everywhere = 'kcm-system'

/** The costs that a budget has counted so far; of one that was not evaluated yet, those of the month. */
export function rowsOfBudget(budget: Budget, now: number): { window: string; from?: string; to?: string; filter?: string; idle?: string } {
  const filter = budget.namespace === everywhere ? (budget.filter ?? '') : and(budget.filter ?? '', `cluster<~:"${budget.namespace}/"`)
  return {
    ...(budget.period.start === '' ? { window: 'month' } : { window: 'custom', from: budget.period.start.slice(0, 10), to: textOfDay(Math.min(endOf(budget) - 1, now)) }),
    ...(filter === '' ? {} : { filter }),
    ...(budget.idle === 'Excluded' ? { idle: 'hidden' } : {}),
  }
}

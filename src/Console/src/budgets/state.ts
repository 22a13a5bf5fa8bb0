import type { Tone } from '../app/Status'
import type { Budget } from './queries'

/** Over it, or about to be, or within. */
export type BudgetState = 'over' | 'willBeOver' | 'crossed' | 'within' | 'unknown'

export function stateOf(budget: Budget): BudgetState {
  if (budget.spent == null) return 'unknown'
  if (budget.spent > budget.amount) return 'over'
  if ((budget.forecast?.amount ?? 0) > budget.amount) return 'willBeOver'
  return (budget.thresholds ?? []).some((threshold) => threshold.crossed) ? 'crossed' : 'within'
}

export const stateTones: Readonly<Record<BudgetState, Tone>> = { over: 'bad', willBeOver: 'doubt', crossed: 'doubt', within: 'good', unknown: 'idle' }

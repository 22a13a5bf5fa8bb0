/** Parts of a whole come as 0.27 or as 27; above 1.5 it is the latter. An efficiency may exceed 1, and a share of 1.5 % is nothing to tell apart. */
export const fractionOf = (value: number | null | undefined): number | null => (value == null ? null : value > 1.5 ? value / 100 : value)

/** Over it is bad, about to be over it is doubtful. */
export function budgetTone({ amount, spent }: { readonly amount: number; readonly spent: number }, forecast: number | undefined): string {
  if (spent > amount) return 'bad'
  return (forecast ?? 0) > amount ? 'doubt' : 'good'
}

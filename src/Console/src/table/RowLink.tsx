import type { MouseEvent, ReactNode } from 'react'

/**
 * A link of a row that comes and goes while a table is scrolled: an address, without what a Link of the router watches and works out by each. The table follows its clicks. Nor do cells use hooks: to
 * subscribe and unsubscribe for each cell costs more than to draw it.
 */
export const RowLink = ({ to, className, title, tone, children }: { readonly to: readonly string[]; readonly className: string; readonly title?: string; readonly tone?: string; readonly children: ReactNode }) => (
  <a href={'/' + to.map(encodeURIComponent).join('/')} className={className} title={title} data-tone={tone} data-row-link="">
    {children}
  </a>
)

/** Where a click within a table leads in this window; null: nowhere, or it is the browser's business (another tab or window). */
export function followed(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented) return null
  return (event.target as Element).closest('a[data-row-link]')?.getAttribute('href') ?? null
}

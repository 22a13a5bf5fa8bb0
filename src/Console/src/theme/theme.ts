import { useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const place = 'fleet.theme'
const listeners = new Set<() => void>()
let current: Theme = 'system'

const isTheme = (text: string | null): text is Theme => themes.some((theme) => theme === text)

function show(): void {
  if (current === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = current
}

export const theme = {
  get: (): Theme => current,
  start(): void {
    const kept = localStorage.getItem(place)
    current = isTheme(kept) ? kept : 'system'
    show()
  },
  set(next: Theme): void {
    current = next
    localStorage.setItem(place, next)
    show()
    for (const listener of listeners) listener()
  },
  /** To the one that is not shown now. */
  toggle(): void {
    const isDark = current === 'dark' || (current === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
    theme.set(isDark ? 'light' : 'dark')
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

export const useTheme = (): Theme => useSyncExternalStore(theme.subscribe, theme.get)

import { useSyncExternalStore } from 'react'

export interface Toast {
  readonly id: number
  readonly text: string
}

const shownFor = 6000
let toasts: readonly Toast[] = []
let next = 1
const listeners = new Set<() => void>()

function set(list: readonly Toast[]): void {
  toasts = list
  for (const listener of listeners) listener()
}

/** Says that something was done, also to screen readers. */
export function toast(text: string): void {
  const made = { id: next++, text }
  set([...toasts.slice(-2), made])
  setTimeout(() => set(toasts.filter((each) => each !== made)), shownFor)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useToasts = (): readonly Toast[] => useSyncExternalStore(subscribe, () => toasts)

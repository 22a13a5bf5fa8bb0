import { useSyncExternalStore } from 'react'

const query = matchMedia('(max-width: 760px)')

const subscribe = (listener: () => void): (() => void) => {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether there is no room for columns; the same width as in the styles. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches)

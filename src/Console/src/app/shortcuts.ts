import { useEffect } from 'react'
import type { MessageKey } from '../i18n/language'

export const searchFieldId = 'search'

export interface Shortcut {
  /** Keys one after the other. */
  readonly keys: readonly string[]
  readonly text: MessageKey
  readonly run: () => void
}

/** What the keys that were pressed so far mean: a shortcut, the beginning of one, or nothing. Pure. */
export function match(shortcuts: readonly Shortcut[], pressed: readonly string[]): Shortcut | 'more' | null {
  let found: Shortcut | 'more' | null = null
  for (const shortcut of shortcuts) {
    if (!pressed.every((key, index) => shortcut.keys[index] === key)) continue
    if (shortcut.keys.length === pressed.length) return shortcut
    found = 'more'
  }
  return found
}

const patience = 1200

/** Letters act only where nobody types. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    let pressed: string[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (target.closest('input, select, textarea, [contenteditable], dialog') !== null) return
      pressed.push(event.key)
      let found = match(shortcuts, pressed)
      if (found === null && pressed.length > 1) found = match(shortcuts, (pressed = [event.key]))
      clearTimeout(timer)
      if (found === 'more') {
        timer = setTimeout(() => (pressed = []), patience)
        return
      }
      pressed = []
      if (found === null) return
      event.preventDefault()
      found.run()
    }
    addEventListener('keydown', onKey)
    return () => (removeEventListener('keydown', onKey), clearTimeout(timer))
  }, [shortcuts])
}

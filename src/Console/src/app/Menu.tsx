import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

/** A button that shows a small panel below it; Escape and a click elsewhere close it. */
export function Menu({ label, children, className = 'button' }: { readonly label: ReactNode; readonly children: (close: () => void) => ReactNode; readonly className?: string }) {
  const [open, setOpen] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return
    const onPointer = (event: PointerEvent) => {
      if (frame.current?.contains(event.target as globalThis.Node) !== true) setOpen(false)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    addEventListener('pointerdown', onPointer)
    addEventListener('keydown', onKey)
    return () => (removeEventListener('pointerdown', onPointer), removeEventListener('keydown', onKey))
  }, [open])
  return (
    <div className="menu" ref={frame}>
      <button ref={button} type="button" className={className} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {label}
        <span aria-hidden="true" className="caret" />
      </button>
      <div id={id} className="menu-panel" hidden={!open}>
        {open ? children(() => setOpen(false)) : null}
      </div>
    </div>
  )
}

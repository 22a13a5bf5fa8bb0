/** A part of a whole, and a paler part beyond it; the figures stand beside it as text. */
export function Bar({ part, more = 0, tone }: { readonly part: number; readonly more?: number; readonly tone: string }) {
  const width = (fraction: number) => `${(Math.max(0, Math.min(1, fraction)) * 100).toFixed(1)}%`
  return (
    <div className="bar" data-tone={tone} aria-hidden="true">
      {more > part ? <span className="bar-more" style={{ width: width(more) }} /> : null}
      <span style={{ width: width(part) }} />
    </div>
  )
}

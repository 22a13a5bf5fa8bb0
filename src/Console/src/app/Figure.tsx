import type { ReactNode } from 'react'
import './figure.css'

interface Props {
  readonly label: string
  readonly value: ReactNode
  readonly children?: ReactNode
  readonly tone?: string | undefined
}

/** One figure of a page, with what it means below. The value is a link to the rows behind it wherever there are some. */
export function Figure({ label, value, children, tone }: Props) {
  return (
    <div className="figure" {...(tone === undefined ? {} : { 'data-tone': tone })}>
      <dt>{label}</dt>
      <dd className="figure-value">{value}</dd>
      {children === undefined ? null : <dd className="figure-note">{children}</dd>}
    </div>
  )
}

export const Figures = ({ children }: { readonly children: ReactNode }) => <dl className="figures">{children}</dl>

import { queryOptions } from '@tanstack/react-query'
import { asked, call } from '../api/http'

export interface LogRecord {
  readonly time: string
  readonly cluster?: string
  readonly severity?: string | null
  readonly body: unknown
  readonly traceId?: string | null
  readonly spanId?: string | null
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly resource?: Readonly<Record<string, unknown>>
}

export interface TraceRow {
  readonly traceId: string
  readonly root?: string | null
  readonly service?: string | null
  readonly cluster?: string
  readonly start: string
  /** Seconds. */
  readonly duration: number
  readonly spans: number
  readonly errors: number
}

export interface Span {
  readonly spanId: string
  readonly parentSpanId?: string | null
  readonly name: string
  readonly service?: string | null
  readonly start: string
  /** Seconds. */
  readonly duration: number
  readonly status?: string | null
  readonly kind?: string | null
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly cluster?: string
}

export interface HistoryEvent {
  readonly uid: string
  readonly namespace: string
  readonly kind: string
  readonly name: string
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly firstSeen: string
  readonly lastSeen: string
}

export interface LogQuestion {
  readonly cluster?: string | undefined
  readonly namespace?: string | undefined
  readonly pod?: string | undefined
  readonly q?: string | undefined
  readonly severity?: string | undefined
  readonly traceId?: string | undefined
  readonly from: string
  readonly to: string
}

export const pageOfLogs = 200

export const logsQuery = (question: LogQuestion) =>
  queryOptions({
    queryKey: ['logs', question],
    queryFn: ({ signal }) => call<{ items: readonly LogRecord[]; continue?: string | null }>('/logs' + asked({ ...question, limit: pageOfLogs }), { signal }),
  })

export const tracesQuery = (question: { readonly cluster?: string | undefined; readonly service?: string | undefined; readonly minDuration?: string | undefined; readonly from: string; readonly to: string }) =>
  queryOptions({ queryKey: ['traces', question], queryFn: ({ signal }) => call<{ items: readonly TraceRow[] }>('/traces' + asked({ ...question }), { signal }) })

export const traceQuery = (id: string) => queryOptions({ queryKey: ['trace', id], queryFn: ({ signal }) => call<{ spans: readonly Span[]; truncated?: boolean }>(`/traces/${encodeURIComponent(id)}`, { signal }) })

export const historyQuery = (question: { readonly namespace?: string | undefined; readonly name?: string | undefined; readonly since: string }) =>
  queryOptions({ queryKey: ['history', question], queryFn: async ({ signal }) => (await call<{ items: readonly HistoryEvent[] }>('/events' + asked({ ...question, limit: 500 }), { signal })).items })

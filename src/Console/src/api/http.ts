import { ApiProblem } from './problem'
import { session } from './session'
import type { Page } from './types'

const root = '/api/v1'
/** A managed cluster has ten seconds to answer the product; a helm behind a plan has longer. */
const patience = 60_000

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly body?: unknown
  /** The resourceVersion that the person has seen; whoever comes second gets 412. */
  readonly version?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Instead of the session's, to try one before signing in. */
  readonly token?: string
  /** Where the path begins when it is not below `/api/v1`: OpenCost's addresses are not. */
  readonly base?: string
}

export async function send(path: string, headers: Record<string, string>, init: RequestInit, token = session.get().token, base = root): Promise<Response> {
  let response: Response
  try {
    response = await fetch(base + path, { ...init, cache: 'no-store', credentials: 'omit', redirect: 'error', headers: { ...headers, Authorization: `Bearer ${token ?? ''}` } })
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    throw ApiProblem.of(error)
  }
  // A call of a session that is over already says nothing about the one that has begun since.
  if (response.status === 401 && token === session.get().token) session.end('expired')
  if (!response.ok) throw await ApiProblem.from(response)
  return response
}

export async function call<T>(path: string, { method = 'GET', body, version, signal, token, base }: Call = {}): Promise<T> {
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (version !== undefined) headers['If-Match'] = `"${version}"`
  const limit = AbortSignal.timeout(patience)
  const init: RequestInit = { method, signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) }
  if (body !== undefined) init.body = JSON.stringify(body)
  const response = await send(path, headers, init, token, base)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** All pages of a list, of one snapshot; one that is gone meanwhile is begun again. */
export async function all<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readAll<T>(path, signal)
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 410) || attempt === 3) throw error
    }
  }
}

async function readAll<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
  const items: T[] = []
  let limited = false
  let next: string | undefined
  let page: Page<T>
  do {
    const more: string = next === undefined ? '' : `&continue=${encodeURIComponent(next)}`
    page = await call<Page<T>>(`${path}${path.includes('?') ? '&' : '?'}limit=500${more}`, { signal })
    for (const item of page.items) items.push(item)
    limited ||= page.limitedByAccess === true
    next = page.continue
  } while (next !== undefined)
  return { items, limitedByAccess: limited, ...(page.resourceVersion === undefined ? {} : { resourceVersion: page.resourceVersion }) }
}

export const segments = (...names: string[]): string => names.map((name) => '/' + encodeURIComponent(name)).join('')

/** `?a=1&b=2` of what is given; nothing is a text without any. */
export function asked(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== '' && value !== false) given.set(name, String(value))
  const text = given.toString()
  return text === '' ? '' : '?' + text
}

/** A file of the API under a name: the token goes in a header, so a plain link cannot fetch it. */
export async function download(path: string, name: string): Promise<void> {
  const response = await send(path, {}, { signal: AbortSignal.timeout(patience) })
  save(await response.blob(), name)
}

export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

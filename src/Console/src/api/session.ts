import { useSyncExternalStore } from 'react'

/**
 * Who is signed in. The token lives in this tab only (sessionStorage, so that a reload keeps it) and is sent in a header, never in an address.
 */
export interface Session {
  readonly token: string | null
  /** As the management cluster knows them, where it said so, else as the token says it; null for tokens that cannot be read. */
  readonly user: string | null
  readonly expires: number | null
  readonly ended: 'expired' | 'left' | null
}

const place = 'fleet.token'
const userPlace = 'fleet.user'
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined
let current: Session = signedOut(null)

export function readToken(token: string): Pick<Session, 'user' | 'expires'> {
  try {
    const part = token.split('.')[1] ?? ''
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown; exp?: unknown }
    return { user: typeof claims.sub === 'string' ? claims.sub : null, expires: typeof claims.exp === 'number' ? claims.exp * 1000 : null }
  } catch {
    return { user: null, expires: null }
  }
}

/** `system:serviceaccount:team:operator` is `operator` of `team`. */
export function shortName(user: string): string {
  const parts = user.split(':')
  return parts.length === 4 && parts[0] === 'system' ? `${parts[3]} · ${parts[2]}` : user
}

function signedOut(ended: Session['ended']): Session {
  return { token: null, user: null, expires: null, ended }
}

function set(next: Session): void {
  current = next
  clearTimeout(timer)
  if (next.expires !== null) {
    // setTimeout counts in 32 bits; a token that lives longer is met by the 401 that ends it.
    const left = Math.min(next.expires - Date.now(), 0x7fffffff)
    timer = setTimeout(() => session.end('expired'), Math.max(left, 0))
  }
  for (const listener of listeners) listener()
}

export const session = {
  get: (): Session => current,
  /** @param user Whom the server took the token for: a provider's own id of a person (`sub`) tells people nothing. */
  begin(token: string, user?: string): void {
    sessionStorage.setItem(place, token)
    if (user === undefined) sessionStorage.removeItem(userPlace)
    else sessionStorage.setItem(userPlace, user)
    session.restore()
  },
  end(why: 'expired' | 'left'): void {
    if (current.token === null) return
    sessionStorage.removeItem(place)
    sessionStorage.removeItem(userPlace)
    set(signedOut(why))
  },
  restore(): void {
    const token = sessionStorage.getItem(place)
    if (token === null) return
    const { user, expires } = readToken(token)
    set({ token, user: sessionStorage.getItem(userPlace) ?? user, expires, ended: null })
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

export const useSession = (): Session => useSyncExternalStore(session.subscribe, session.get)

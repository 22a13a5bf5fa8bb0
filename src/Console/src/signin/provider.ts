import { ApiProblem } from '../api/problem'

/** An OpenID provider that people may sign in by, as the REST API tells everybody. */
export interface Provider {
  readonly name: string
  readonly authorizePath: string
}

const place = 'fleet.signin'
const auth = '/api/v1/auth'

async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(auth + path, { ...init, cache: 'no-store', redirect: 'error' })
  } catch (error) {
    throw ApiProblem.of(error)
  }
  if (!response.ok) throw await ApiProblem.from(response)
  return response
}

/** Null where there is none, and where the API is too old to say. */
export async function findProvider(): Promise<Provider | null> {
  try {
    const { oidc } = (await (await ask('/config', { credentials: 'omit' })).json()) as { oidc?: Provider | null }
    return oidc ?? null
  } catch {
    return null
  }
}

/** Leaves for the provider, and comes back to the page that was wanted. */
export function leave(provider: Provider): void {
  sessionStorage.setItem(place, 'begun')
  location.assign(`${provider.authorizePath}?return=${encodeURIComponent(location.pathname + location.search)}`)
}

/** Whoever has just come back, with their token: the server hands it out once. Null when nobody was away. */
export async function comeBack(): Promise<{ token: string; user: string } | null> {
  if (sessionStorage.getItem(place) === null) return null
  sessionStorage.removeItem(place)
  return (await (await ask('/session', { method: 'POST', credentials: 'same-origin' })).json()) as { token: string; user: string }
}

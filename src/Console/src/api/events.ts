import { send } from './http'
import { ApiProblem } from './problem'

export interface ServerEvent {
  readonly name: string
  readonly data: string
}

/** Server-sent events out of pieces of text, as the HTML standard reads them. Keeps the last id. */
export class EventParser {
  id = ''
  private rest = ''
  private name = ''
  private data: string[] = []

  push(text: string): ServerEvent[] {
    const found: ServerEvent[] = []
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (this.data.length > 0) found.push({ name: this.name === '' ? 'message' : this.name, data: this.data.join('\n') })
        this.name = ''
        this.data = []
        continue
      }
      const colon = line.indexOf(':')
      if (colon === 0) continue
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'event') this.name = value
      else if (field === 'data') this.data.push(value)
      else if (field === 'id') this.id = value
    }
    return found
  }
}

export interface Following {
  readonly path: string
  /** Where to go on; empty: from the beginning. */
  readonly from: string
  readonly onOpen: () => void
  readonly onEvent: (event: ServerEvent) => void
  /** The stream broke and is tried again. */
  readonly onBreak: (problem: ApiProblem) => void
  readonly signal: AbortSignal
}

/** The server says something every 15 s; a connection that says nothing for three times that is dead. */
const silence = 45_000
const longestPause = 30_000

/**
 * Follows a stream until it is aborted or refused for good, and comes back with the last id, so that nothing is missed. By fetch, because EventSource
 * cannot send the header with the token. Ends with the problem that cannot be waited out.
 */
export async function follow(what: Following): Promise<ApiProblem | null> {
  const parser = new EventParser()
  parser.id = what.from
  let failures = 0
  while (!what.signal.aborted) {
    try {
      await read(what, parser, () => (failures = 0))
      what.onBreak(new ApiProblem(0, 'closed', ''))
    } catch (error) {
      if (what.signal.aborted) return null
      const problem = ApiProblem.of(error)
      if (problem.status === 401 || problem.status === 403) return problem
      // An id that the server does not take back: from the beginning.
      if (problem.status === 400) parser.id = ''
      what.onBreak(problem)
    }
    const pause = Math.min(1000 * 2 ** failures++, longestPause)
    await wait(pause * (0.5 + Math.random() / 2), what.signal)
  }
  return null
}

async function read(what: Following, parser: EventParser, onLife: () => void): Promise<void> {
  const quiet = new AbortController()
  const stop = AbortSignal.any([what.signal, quiet.signal])
  let timer = setTimeout(() => quiet.abort(), silence)
  try {
    const response = await send(what.path, parser.id === '' ? {} : { 'Last-Event-ID': parser.id }, { signal: stop })
    what.onOpen()
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onLife()
      clearTimeout(timer)
      timer = setTimeout(() => quiet.abort(), silence)
      for (const event of parser.push(value)) what.onEvent(event)
    }
  } finally {
    clearTimeout(timer)
  }
}

const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })

/** An answer that is not a success: RFC 9457, as the REST API writes it. Status 0 is no answer at all. */
export class ApiProblem extends Error {
  readonly status: number
  readonly kind: string
  readonly requestId: string | undefined
  readonly fields: readonly { readonly field: string; readonly message: string }[]

  constructor(status: number, kind: string, detail: string, requestId?: string, fields: ApiProblem['fields'] = []) {
    super(detail)
    this.name = 'ApiProblem'
    this.status = status
    this.kind = kind
    this.requestId = requestId
    this.fields = fields
  }

  static async from(response: Response): Promise<ApiProblem> {
    const id = response.headers.get('X-Request-Id') ?? undefined
    try {
      const body = (await response.json()) as { type?: string; detail?: string; title?: string; errors?: ApiProblem['fields'] }
      const kind = (body.type ?? '').replace('urn:fleet:problem:', '')
      return new ApiProblem(response.status, kind, body.detail ?? body.title ?? response.statusText, id, body.errors)
    } catch {
      // Not from the product: a proxy in between answered.
      return new ApiProblem(response.status, '', response.statusText, id)
    }
  }

  static of(error: unknown): ApiProblem {
    if (error instanceof ApiProblem) return error
    return new ApiProblem(0, 'unreachable', error instanceof Error ? error.message : String(error))
  }
}

import { type FormEvent, useEffect, useState } from 'react'
import { call } from '../api/http'
import { ApiProblem } from '../api/problem'
import { session, useSession } from '../api/session'
import { Settings } from '../app/AccountMenu'
import { Icon } from '../app/Icon'
import { useTexts } from '../i18n/language'
import { type Provider, comeBack, findProvider, leave } from './provider'
import './signin.css'

/** Whether the management cluster knows the token. That it allows nothing is no reason to refuse it here: each page says what is missing. */
async function check(token: string): Promise<void> {
  try {
    await call('/clusters?limit=1', { token })
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 403)) throw error
  }
}

export function SignIn() {
  const { t } = useTexts()
  const { ended } = useSession()
  const [token, setToken] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [provider, setProvider] = useState<Provider | null>(null)
  useEffect(() => {
    let here = true
    void findProvider().then((found) => {
      if (here) setProvider(found)
    })
    comeBack().then(
      (given) => {
        if (given !== null) session.begin(given.token, given.user)
      },
      () => {
        if (here) setProblem(t('signin.notback'))
      },
    )
    return () => {
      here = false
    }
    // Once: the server hands the token out once.
  }, [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const trimmed = token.trim().replace(/^Bearer\s+/i, '')
    if (trimmed === '') return setProblem(t('signin.empty'))
    setBusy(true)
    setProblem(null)
    try {
      await check(trimmed)
      session.begin(trimmed)
    } catch (error) {
      const { status, message } = ApiProblem.of(error)
      setProblem(status === 401 ? t('signin.refused') : status === 0 ? t('error.unreachable') : message)
      setBusy(false)
    }
  }
  return (
    <main className="signin" id="content">
      <form className="signin-card" onSubmit={(event) => void submit(event)} noValidate>
        <p className="brand">
          <Icon name="fleet" />
          Fleet
        </p>
        <h1>{t('signin.title')}</h1>
        {ended === 'expired' ? (
          <p className="signin-note" role="status">
            {t('signin.expired')}
          </p>
        ) : (
          <p className="muted">{t(provider === null ? 'signin.text' : 'signin.text.provider')}</p>
        )}
        {provider === null ? null : (
          <button type="button" className="button primary" onClick={() => leave(provider)}>
            {t('signin.provider', { name: provider.name })}
          </button>
        )}
        <label className="labelled">
          <span>{t('signin.token')}</span>
          <input
            className="field token"
            type={shown ? 'text' : 'password'}
            value={token}
            autoComplete="off"
            spellCheck={false}
            autoFocus
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : 'token-problem'}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <label className="check">
          <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
          {t('signin.show')}
        </label>
        {problem === null ? null : (
          <p className="signin-problem" id="token-problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className={provider === null ? 'button primary' : 'button'} disabled={busy}>
          {busy ? t('signin.busy') : t('signin.button')}
        </button>
        <details>
          <summary>{t('signin.how')}</summary>
          <p>{t('signin.admin')}</p>
          <code>./fleet console --token</code>
          <p>{t('signin.own')}</p>
          <code>kubectl create token NAME -n NAMESPACE</code>
        </details>
        <p className="muted small">{t('signin.kept')}</p>
      </form>
      <div className="signin-settings">
        <Settings />
      </div>
    </main>
  )
}

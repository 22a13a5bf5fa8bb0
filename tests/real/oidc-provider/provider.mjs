// A real OpenID provider for tests: node provider.mjs PORT KEYS.json TLS.key TLS.crt. Whoever types a name is that person; nobody is asked for consent. A token of brief's soon ends.
import { readFileSync } from 'node:fs'
import https from 'node:https'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [port, keys, key, cert, modules] = process.argv.slice(2)
const { Provider } = await import(pathToFileURL(path.join(modules, 'oidc-provider', 'lib', 'index.js')).href)
const issuer = `https://127.0.0.1:${port}`
const groups = { alice: ['platform'], brief: ['platform'], bob: ['team-b'], mallory: ['system:masters'] }

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'fleet', application_type: 'native', token_endpoint_auth_method: 'none', response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      redirect_uris: ['http://127.0.0.1/callback', 'http://127.0.0.1/api/v1/auth/callback'],
    },
    { client_id: 'other', application_type: 'native', token_endpoint_auth_method: 'none', response_types: ['code'], redirect_uris: ['http://127.0.0.1/callback'] },
  ],
  jwks: JSON.parse(readFileSync(keys, 'utf8')),
  cookies: { keys: ['only of the tests'] },
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: id, email: `${id}@example.test`, email_verified: id !== 'mallory', groups: groups[id] ?? [] }) }),
  pkce: { required: () => true },
  ttl: { IdToken: (ctx) => (ctx.oidc.account?.accountId === 'brief' ? 60 : 600), AccessToken: 600 },
  async loadExistingGrant(ctx) {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid profile email offline_access')
    await grant.save()
    return grant
  },
})
provider.proxy = true
https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, provider.callback()).listen(Number(port), '127.0.0.1', () => console.log('ready'))

/** The pages of the menu, and the key after `g` that leads to each. */
export const places = [
  { id: 'overview', to: '/', key: 'o' },
  { id: 'clusters', to: '/clusters', key: 'c' },
  { id: 'services', to: '/services', key: 's' },
  { id: 'costs', to: '/costs', key: 'm' },
  { id: 'budgets', to: '/budgets', key: 'b' },
  { id: 'recommendations', to: '/recommendations', key: 'r' },
  { id: 'alerts', to: '/alerts', key: 'a' },
  { id: 'policies', to: '/policies', key: 'p' },
  { id: 'explore', to: '/explore', key: 'e' },
  { id: 'settings', to: '/settings', key: ',' },
] as const

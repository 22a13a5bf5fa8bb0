const paths = {
  fleet: 'M3 8.5 12 4.5l9 4-9 4zM3 13l9 4 9-4M3 17.5l9 4 9-4',
  clusters: 'M4 4.5h16v6H4zM4 13.5h16v6H4zM7.5 7.5h.01M7.5 16.5h.01M11 7.5h5M11 16.5h5',
  services: 'M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z',
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM14 4v4h6V4zM4 20h6v-4H4z',
  costs: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6M20 16V6',
  budgets: 'M12 3.5a8.500 8.500 0 1 0 8.500 8.500H12zM15.500 4v4.500H20A8.500 8.500 0 0 0 15.500 4z',
  recommendations: 'M9 17.500h6M10 20.500h4M12 3.500a6 6 0 0 0-3.500 10.900c.5.4.8 1 .8 1.600v1.500h5.400V16c0-.6.3-1.200.8-1.600A6 6 0 0 0 12 3.500z',
  alerts: 'M6 16.500V11a6 6 0 1 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4',
  policies: 'M12 3.500 5 6v5.500c0 4.300 2.900 7.600 7 9 4.100-1.400 7-4.700 7-9V6zM9 12l2.200 2.200L15.200 10',
  explore: 'M4 6h16M4 10.500h9M4 15h6M15.500 18.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM18 17.500l2.500 2.500',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.6 3.9-5.5 7.5-5.5s6.700 1.900 7.5 5.5',
  link: 'M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700l1.100-1.100',
  up: 'M12 19V6M6.5 11.5 12 6l5.5 5.5',
  drift: 'M4 8c3-4 5 3 8 0s5-2 8-1M4 16c3-4 5 3 8 0s5-2 8-1',
  hold: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z',
} as const

export type IconName = keyof typeof paths

/** Only beside a text that says the same. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
)

import { describe, expect, it } from 'vitest'
import { bytes, duration, money, percent, shortMoney, signedPercent } from './amounts'

describe('money', () => {
  it.each([
    [0, '€0.00'],
    [1234.5, '€1,234.50'],
    [123456, '€123,456'],
    [0.0123, '€0.012'],
    [0.0000321, '€0.00003'],
    [-5, '-€5.00'],
  ])('%d is %s', (amount, text) => expect(money('en', amount, 'EUR')).toBe(text))
  it('of what is no currency says its name', () => expect(money('en', 3, 'credits')).toBe('3.00 credits'))
  it('without a currency is a number', () => expect(money('en', 3, undefined)).toBe('3.00'))
  it('is written as the language writes it', () => expect(money('fr', 1234.5, 'EUR').replace(/\s/g, ' ')).toBe('1 234,50 €'))
  it('is short on an axis', () => expect([shortMoney('en', 12_345, 'EUR'), shortMoney('en', 5, undefined)]).toEqual(['€12.3K', '5']))
})

it('parts of a hundred', () => expect([percent('en', 0.031), percent('en', 0.5), signedPercent('en', 0.25), signedPercent('en', -0.014), signedPercent('en', 0)]).toEqual(['3.1%', '50%', '+25%', '-1.4%', '0%']))
it('sizes', () => expect([bytes('en', 0), bytes('en', 512), bytes('en', 1536), bytes('en', 3 * 2 ** 30)]).toEqual(['0 B', '512 B', '1.5 KiB', '3 GiB']))
it('times', () => expect([duration('en', 0.25), duration('en', 12.345), duration('en', 2500)]).toEqual(['250 µs', '12.3 ms', '2.5 s']))

import { describe, expect, it } from 'vitest'
import theme from '../theme/tokens.css?raw'
import { patternsInTurn } from './option'

type Triple = readonly [number, number, number]
type Matrix = readonly [Triple, Triple, Triple]

/** What is left of colours in linear RGB for whoever lacks a kind of cone: Machado, Oliveira and Fernandes 2009, severity 1. */
const eyes: Readonly<Record<string, Matrix>> = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}

const times = (matrix: Matrix, [x, y, z]: Triple) => matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Triple

function linear(hex: string): Triple {
  const part = (from: number) => {
    const value = parseInt(hex.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [part(1), part(3), part(5)]
}

/** CIE L*a*b*, whose distances are about those that people see; 2 is just noticed beside one another. */
function lab(rgb: Triple): Triple {
  const within = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const [x, y, z] = times([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], within)
  return [116 * f(y) - 16, 500 * (f(x / 0.95047) - f(y)), 200 * (f(y) - f(z / 1.08883))]
}

const hexes = (name: string) => new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(theme)!
const seen = (name: string, scheme: 1 | 2, eye: Matrix) => lab(times(eye, linear(hexes(name)[scheme]!)))
const numbers = [1, 2, 3, 4, 5, 6, 7, 8]

describe('colours of charts', () => {
  for (const [scheme, schemeName] of [[1, 'light'], [2, 'dark']] as const)
    for (const [name, eye] of Object.entries(eyes)) {
      it(`of the same pattern look different in the ${schemeName} theme with ${name}`, () => {
        for (const a of numbers)
          for (const b of numbers.filter((other) => other > a && (other - a) % patternsInTurn === 0))
            expect(Math.hypot(...seen(`series-${a}`, scheme, eye).map((value, index) => value - seen(`series-${b}`, scheme, eye)[index]!)), `${a} and ${b}`).toBeGreaterThan(20)
      })
      it(`differ from what is idle in the ${schemeName} theme with ${name}`, () => {
        for (const a of numbers) expect(Math.hypot(...seen(`series-${a}`, scheme, eye).map((value, index) => value - seen('series-idle', scheme, eye)[index]!)), String(a)).toBeGreaterThan(20)
      })
    }
})

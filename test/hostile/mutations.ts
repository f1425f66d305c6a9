/** Random damage to tokens, as values that fast-check can generate and shrink. */

import fc from 'fast-check'
import { decode, encode } from './wire.ts'

/** One step; positions are shares of the length, so that a step fits any token. */
export type Step =
  | { readonly do: 'replace' | 'insert'; readonly at: number; readonly text: string }
  | { readonly do: 'cut' | 'double'; readonly at: number; readonly to: number }
  | { readonly do: 'exchange'; readonly at: number; readonly to: number; readonly length: number }
  | { readonly do: 'case' | 'bit'; readonly at: number; readonly bit: number }
  | { readonly do: 'graft'; readonly part: number; readonly from: number }
  | { readonly do: 'refill'; readonly part: number; readonly bytes: Uint8Array }
  | { readonly do: 'kid'; readonly id: string | undefined; readonly hour: number }

const BASE64URL = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
// What a header may carry, except what ends a cookie: a token before a semicolon is a good token.
const LATIN = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
  (character) => !/[\0\n\r;,\s]/.test(character),
)

const at = fc.double({ min: 0, max: 1, noNaN: true })
const part = fc.nat({ max: 4 })
const text = (characters: readonly string[], longest: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: longest })

/** `hour` is the hour of the tokens, `id` the key's. */
export const steps = (tokens: number, id: string, hour: number): fc.Arbitrary<Step[]> => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: fc.constantFrom('replace', 'insert'), at, text: text(BASE64URL, 4) }),
    fc.record({ do: fc.constantFrom('replace', 'insert'), at, text: text(LATIN, 4) }),
    fc.record({
      do: fc.constantFrom('replace', 'insert'),
      at,
      text: text(['.', '=', '"', '%'], 3),
    }),
    fc.record({ do: fc.constantFrom('cut', 'double'), at, to: at }),
    fc.record({ do: fc.constant('exchange'), at, to: at, length: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ do: fc.constantFrom('case', 'bit'), at, bit: fc.nat({ max: 5 }) }),
    fc.record({ do: fc.constant('graft'), part, from: fc.nat({ max: tokens - 1 }) }),
    fc.record({ do: fc.constant('refill'), part, bytes: fc.uint8Array({ maxLength: 24 }) }),
    fc.record({
      do: fc.constant('kid'),
      id: fc.option(fc.constant(id), { nil: undefined }),
      hour: fc.oneof(fc.integer({ min: hour - 800, max: hour + 3 }), fc.nat({ max: 99_999_999 })),
    }),
  )
  return fc.array(step, { minLength: 1, maxLength: 3 })
}

/** A token with the steps applied to it, in order. */
export function mutate(token: string, steps: readonly Step[], tokens: readonly string[]): string {
  return steps.reduce((text, step) => apply(text, step, tokens), token)
}

function apply(text: string, step: Step, tokens: readonly string[]): string {
  const index = (share: number) => Math.min(Math.floor(share * text.length), text.length)
  const parts = text.split('.')
  switch (step.do) {
    case 'replace':
    case 'insert': {
      const start = index(step.at)
      const rest = step.do === 'insert' ? start : start + step.text.length
      return text.slice(0, start) + step.text + text.slice(rest)
    }
    case 'cut':
    case 'double': {
      const [start, end] = ascending(index(step.at), index(step.to))
      return (
        text.slice(0, start) +
        text.slice(start, end).repeat(step.do === 'cut' ? 0 : 2) +
        text.slice(end)
      )
    }
    case 'exchange': {
      const [start, second] = ascending(index(step.at), index(step.to))
      const length = Math.min(step.length, second - start)
      const [one, two] = [text.slice(start, start + length), text.slice(second, second + length)]
      return (
        text.slice(0, start) +
        two +
        text.slice(start + length, second) +
        one +
        text.slice(second + length)
      )
    }
    case 'case': {
      const place = index(step.at)
      const other = text.charAt(place).replace(/[a-z]/i, swapCase)
      return text.slice(0, place) + other + text.slice(place + 1)
    }
    case 'bit': {
      const place = index(step.at)
      const value = BASE64URL.indexOf(text.charAt(place))
      const other = value < 0 ? '' : (BASE64URL[value ^ (1 << step.bit)] ?? '')
      return text.slice(0, place) + other + text.slice(place + 1)
    }
    case 'graft':
      return parts.toSpliced(step.part, 1, tokens[step.from]?.split('.')[step.part] ?? '').join('.')
    case 'refill':
      return parts.toSpliced(step.part, 1, encode(step.bytes)).join('.')
    case 'kid': {
      const id = step.id ?? encode(`${step.hour}`).padEnd(8, 'A').slice(0, 8)
      const header = decode(parts[0] ?? '').replace(/"kid":"[^"]*"/, `"kid":"${id}.${step.hour}"`)
      return parts.toSpliced(0, 1, encode(Buffer.from(header, 'latin1'))).join('.')
    }
  }
}

const swapCase = (letter: string) =>
  letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()

const ascending = (a: number, b: number): [number, number] => (a <= b ? [a, b] : [b, a])

/**
 * Random JSON text: every value in some spelling of it, with white space, escapes and number forms that JSON.parse reads alike.
 */
import * as fc from 'fast-check'

const blank = fc.constantFrom('', '', '', ' ', '\n  ', '\t', '\r\n')
const character = fc.oneof(
  fc.constantFrom(
    'a',
    'Z',
    '"',
    '\\',
    '/',
    '\n',
    '\t',
    '\u0001',
    'é',
    '漢',
    '😀',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    ' ',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)

/** One character as it may stand between quotes. */
const spelled = character.chain((text) => {
  const plain = JSON.stringify(text).slice(1, -1)
  const escaped = [...text]
    .flatMap((one) => Array.from({ length: one.length }, (_, i) => one.charCodeAt(i)))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('')
  return fc.constantFrom(plain, plain, plain, escaped)
})

export const jsonString = fc.array(spelled, { maxLength: 12 }).map((parts) => `"${parts.join('')}"`)

export const jsonNumber = fc.oneof(
  fc.integer().map(String),
  fc.nat(9).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom('0', '-0', '1e3', '1E-2', '12.50', '-7.25e+2', '9007199254740993'),
)

const list = (
  open: string,
  close: string,
  items: fc.Arbitrary<string>,
  maxLength = 4,
): fc.Arbitrary<string> =>
  fc.tuple(fc.array(fc.tuple(blank, items, blank), { maxLength }), blank).map(([all, inside]) => {
    const body = all.map((parts) => parts.join('')).join(',')
    return `${open}${body === '' ? inside : body}${close}`
  })

const member = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(jsonString, blank, blank, value).map(([key, a, b, text]) => `${key}${a}:${b}${text}`)

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    jsonString,
    jsonNumber,
    fc.constantFrom('true', 'false', 'null'),
    list('[', ']', tie('value')),
    list('{', '}', member(tie('value'))),
  ),
}))
/** Any JSON value as text. */
export const jsonValue = value

const field = (name: string, values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(`"${name}"`, `"${name}"`, `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`),
      blank,
      blank,
      values,
    )
    .map(([key, a, b, text]) => `${key}${a}:${b}${text}`)

/** An object that is like an event of a trace: known fields in any order, unknown ones between. */
export const jsonEvent = fc
  .tuple(
    fc.subarray([
      field('ph', fc.constantFrom('"X"', '"i"', '"\\u0058"', '"XX"', '1')),
      field('cat', fc.oneof(jsonString, fc.constant('"kernel"'), jsonNumber)),
      field('name', fc.oneof(jsonString, jsonString, fc.constant('null'))),
      field('pid', fc.oneof(jsonNumber, jsonString)),
      field('tid', fc.oneof(jsonNumber, jsonString)),
      field('id', fc.oneof(jsonNumber, fc.constantFrom('"0x1f"', '"12"'))),
      field('s', fc.constantFrom('"g"', '"t"')),
      field(
        'args',
        fc.oneof(jsonValue, list('{', '}', field('wanted', jsonValue), 2), list('{', '}', member(jsonValue))),
      ),
    ] as const),
    fc.array(member(jsonValue), { maxLength: 2 }),
  )
  .chain(([known, unknown]) =>
    fc.shuffledSubarray([...known, ...unknown.map((text) => fc.constant(text))], {
      minLength: known.length + unknown.length,
    }),
  )
  .chain((fields) => fc.tuple(...fields))
  .map((fields) => `{${fields.join(',')}}`)

export const jsonList = (items: fc.Arbitrary<string>): fc.Arbitrary<string> => list('[', ']', items, 12)

/** A column's name in words: gridX → "grid X", copyKind → "copy kind". */
export const fieldLabel = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replace(/ ([xyz])$/, (_, axis: string) => ` ${axis.toUpperCase()}`)

/** Which kernel PyTorch's attention uses. */
import { chosen } from './variant.ts'

export const sdpa = chosen('sdpa', ['flash', 'efficient', 'cudnn', 'math'], (kernel) => ({
  title: `Attention by the ${kernel} kernel`,
  changes: `scaled dot-product attention may use the ${kernel} kernel only`,
  backends: ['torch'],
  outputs: 'same',
  edit: {},
}))

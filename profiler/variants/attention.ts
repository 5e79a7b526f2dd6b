/** The operator attention is made of. */
import { chosen } from './variant.ts'

const words = {
  mha: "ONNX Runtime's MultiHeadAttention operator, as the baseline does",
  onnx23: 'the Attention operator of ONNX opset 23',
  decomposed: 'MatMul, Softmax and MatMul, which holds every score at once',
}

export const attention = chosen('attention', ['mha', 'onnx23', 'decomposed'], (form) => ({
  title: `Attention as ${form}`,
  changes: `attention is ${words[form]}`,
  backends: ['onnx'],
  outputs: 'same',
  edit: { attention: form },
}))

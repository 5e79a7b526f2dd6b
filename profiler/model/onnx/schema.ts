/**
 * The part of ONNX's protobuf schema this program writes: field numbers and enum values of the public
 * `onnx.proto` (github.com/onnx/onnx). Also used by tests to read a written model back.
 */
import protobuf from 'protobufjs'

type Field = readonly [id: number, type: string, repeated?: 'repeated']

const messages: Record<string, Record<string, Field>> = {
  Attribute: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    floats: [7, 'float', 'repeated'],
    ints: [8, 'int64', 'repeated'],
    type: [20, 'int32'],
  },
  Node: {
    input: [1, 'string', 'repeated'],
    output: [2, 'string', 'repeated'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'Attribute', 'repeated'],
    domain: [7, 'string'],
  },
  StringEntry: { key: [1, 'string'], value: [2, 'string'] },
  Tensor: {
    dims: [1, 'int64', 'repeated'],
    dataType: [2, 'int32'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
    externalData: [13, 'StringEntry', 'repeated'],
    dataLocation: [14, 'int32'],
  },
  Dimension: { dimValue: [1, 'int64'] },
  Shape: { dim: [1, 'Dimension', 'repeated'] },
  TensorType: { elemType: [1, 'int32'], shape: [2, 'Shape'] },
  Type: { tensorType: [1, 'TensorType'] },
  ValueInfo: { name: [1, 'string'], type: [2, 'Type'] },
  Graph: {
    node: [1, 'Node', 'repeated'],
    name: [2, 'string'],
    initializer: [5, 'Tensor', 'repeated'],
    input: [11, 'ValueInfo', 'repeated'],
    output: [12, 'ValueInfo', 'repeated'],
  },
  OperatorSet: { domain: [1, 'string'], version: [2, 'int64'] },
  Model: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    graph: [7, 'Graph'],
    opsetImport: [8, 'OperatorSet', 'repeated'],
  },
}

const root = new protobuf.Root()
for (const [name, fields] of Object.entries(messages)) {
  const type = new protobuf.Type(name)
  for (const [field, [id, fieldType, rule]] of Object.entries(fields)) {
    type.add(new protobuf.Field(field, id, fieldType, rule))
  }
  root.add(type)
}

/** `onnx.ModelProto`: encode and decode. */
export const modelType = root.lookupType('Model')

/** `TensorProto.DataType`. */
export const dataTypeCode = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const

/** `AttributeProto.AttributeType`. */
export const attributeTypeCode = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const

/** `TensorProto.DataLocation.EXTERNAL`. */
export const externalLocation = 1

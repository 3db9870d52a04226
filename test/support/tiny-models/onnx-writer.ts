/**
 * Writes small ONNX models as protobuf bytes, so that tests can run the real loading and inference code on graphs that
 * they define themselves. Field numbers are those of onnx.proto (IR version 8).
 */

export type OnnxType = 'float32' | 'int64' | 'bool'
/** A number fixes a dimension; a name leaves it open; an input's names are shared by all values of the graph. */
export interface OnnxValue {
  name: string
  type: OnnxType
  shape: readonly (number | string)[]
}
/** A constant of the graph. int64 values come as bigint, booleans as 0 and 1. An empty shape is a scalar. */
export type OnnxConstant = { name: string; shape: readonly number[] } & (
  | { type: 'float32'; values: Float32Array | readonly number[] }
  | { type: 'int64'; values: BigInt64Array | readonly (number | bigint)[] }
  | { type: 'bool'; values: Uint8Array | readonly number[] }
)
/** Integers become `i` / `ints`; pass `{ float: 0.5 }` for a float and a string for a string. */
export type OnnxAttribute = number | readonly number[] | string | { float: number }
export interface OnnxNode {
  op: string
  /** '' leaves an optional input out. */
  inputs: readonly string[]
  outputs: readonly string[]
  attributes?: Readonly<Record<string, OnnxAttribute>>
}
export interface OnnxGraph {
  inputs: readonly OnnxValue[]
  outputs: readonly OnnxValue[]
  constants?: readonly OnnxConstant[]
  nodes: readonly OnnxNode[]
  /** Of the default operator set; 17 by default. */
  opset?: number
}

const dataType: Record<OnnxType, number> = { float32: 1, int64: 7, bool: 9 }
const attributeType = { float: 1, int: 2, string: 3, ints: 7 }

/** The bytes of `model.onnx`. */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const opset = concat([bytesField(1, text('')), intField(2, graph.opset ?? 17)])
  return concat([
    intField(1, 8),
    bytesField(2, text('tiny-models')),
    bytesField(7, graphProto(graph)),
    bytesField(8, opset),
  ])
}

function graphProto(graph: OnnxGraph): Uint8Array {
  return concat([
    ...graph.nodes.map(node => bytesField(1, nodeProto(node))),
    bytesField(2, text('tiny')),
    ...(graph.constants ?? []).map(constant => bytesField(5, tensorProto(constant))),
    ...graph.inputs.map(value => bytesField(11, valueProto(value))),
    ...graph.outputs.map(value => bytesField(12, valueProto(value))),
  ])
}

function nodeProto(node: OnnxNode): Uint8Array {
  return concat([
    ...node.inputs.map(name => bytesField(1, text(name))),
    ...node.outputs.map(name => bytesField(2, text(name))),
    bytesField(4, text(node.op)),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => bytesField(5, attributeProto(name, value))),
  ])
}

function attributeProto(name: string, value: OnnxAttribute): Uint8Array {
  const title = bytesField(1, text(name))
  if (typeof value === 'number') return concat([title, intField(3, value), intField(20, attributeType.int)])
  if (typeof value === 'string') return concat([title, bytesField(4, text(value)), intField(20, attributeType.string)])
  if ('float' in value) return concat([title, floatField(2, value.float), intField(20, attributeType.float)])
  return concat([title, ...value.map(item => intField(8, item)), intField(20, attributeType.ints)])
}

function tensorProto(constant: OnnxConstant): Uint8Array {
  return concat([
    ...constant.shape.map(size => intField(1, size)),
    intField(2, dataType[constant.type]),
    bytesField(8, text(constant.name)),
    bytesField(9, rawValues(constant)),
  ])
}

/** Little-endian, as ONNX wants it and as every machine that runs these tests has it. */
function rawValues(constant: OnnxConstant): Uint8Array {
  const typed =
    constant.type === 'float32'
      ? Float32Array.from(constant.values)
      : constant.type === 'int64'
        ? BigInt64Array.from([...constant.values].map(BigInt))
        : Uint8Array.from(constant.values)
  return new Uint8Array(typed.buffer)
}

function valueProto(value: OnnxValue): Uint8Array {
  const dimensions = value.shape.map(size =>
    bytesField(1, typeof size === 'number' ? intField(1, size) : bytesField(2, text(size))),
  )
  const tensor = concat([intField(1, dataType[value.type]), bytesField(2, concat(dimensions))])
  return concat([bytesField(1, text(value.name)), bytesField(2, bytesField(1, tensor))])
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return Uint8Array.from([...bytes, Number(rest)])
}

const intField = (field: number, value: number | bigint): Uint8Array => concat([varint(field << 3), varint(value)])
const bytesField = (field: number, bytes: Uint8Array): Uint8Array =>
  concat([varint((field << 3) | 2), varint(bytes.length), bytes])
const floatField = (field: number, value: number): Uint8Array =>
  concat([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)])

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

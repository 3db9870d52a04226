/** Readers that take nothing but what the formats allow: what they give is what an editor's program gets. */
import assert from 'node:assert/strict'

/** RFC 4180, with the mark in front. Every row must have as many cells as the first. */
export function readCsv(text: string): Record<string, string>[] {
  assert.equal(text.charCodeAt(0), 0xfeff, 'Excel knows UTF-8 by its mark')
  const rows: string[][] = []
  let rest = text.slice(1)
  while (rest !== '') {
    const row: string[] = []
    for (let isRow = true; isRow; ) {
      const [whole, quoted, plain, end] =
        /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? assert.fail(`no cell: ${rest.slice(0, 40)}`)
      row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
      rest = rest.slice(whole.length)
      isRow = end === ','
    }
    rows.push(row)
  }
  const [head = [], ...body] = rows
  for (const row of body) assert.equal(row.length, head.length)
  return body.map(row => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])))
}

const code = String.raw`\d{2}:\d{2}:\d{2}[:;]\d{2}`
const eventLine = new RegExp(String.raw`^(\d{3,})  001      V     C        (${code}) (${code}) (${code}) (${code})  $`)
const resolveLine = /^ \|C:ResolveColor(Blue|Green) \|M:([^|]+) \|D:([1-9]\d*)$/
const locatorLine = new RegExp(String.raw`^\* LOC: (${code}) (BLUE|GREEN) +(\S.*)$`)

export function readEdl(text: string) {
  const [title, mode, ...lines] = text.split('\n')
  assert.match(title ?? '', /^TITLE: .{0,70}$/)
  const [, counting] = /^FCM: (DROP FRAME|NON-DROP FRAME)$/.exec(mode ?? '') ?? assert.fail(mode)
  const remarks = []
  while (lines[0]?.startsWith('* NOTE: ')) remarks.push(lines.shift()?.slice(8))
  const events = []
  assert.equal(lines.shift(), '')
  while (lines.length > 0) {
    const [first = '', second = '', third = '', empty] = lines.splice(0, 4)
    const [, number, start, end, recordStart, recordEnd] = eventLine.exec(first) ?? assert.fail(first)
    const [, , name, frames] = resolveLine.exec(second) ?? assert.fail(second)
    const [, at, , located] = locatorLine.exec(third) ?? assert.fail(third)
    assert.equal(empty, '')
    assert.deepEqual([start, end, start, name], [recordStart, recordEnd, at, located])
    events.push({ number: Number(number), start, end, text: name, frames: Number(frames) })
  }
  return { title: title?.slice(7), isDropFrame: counting === 'DROP FRAME', remarks, events }
}

export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const decoded = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));|[<&]/g, (found, number?: string, name?: string) => {
    if (number !== undefined) return String.fromCodePoint(Number(number))
    return entities[name ?? ''] ?? assert.fail(`${found} in ${text.slice(0, 60)}`)
  })

/** Elements, attributes, text and no more; well formed to the letter (XML 1.0). */
export function readXml(text: string): Element {
  assert.match(text, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE fcpxml>\n/)
  assert.doesNotMatch(text, /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u)
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const token = /<(\/?)([a-z-]+)((?: [A-Za-z]+="[^"<]*")*)(\/?)>|([^<]+)/y
  token.lastIndex = text.indexOf('<fcpxml')
  while (token.lastIndex < text.length) {
    const from = token.lastIndex
    const [, closes, name, given, isEmpty, said] = token.exec(text) ?? assert.fail(text.slice(from, from + 60))
    const parent = open.at(-1) ?? assert.fail('nothing is open')
    if (said !== undefined) parent.text += decoded(said)
    else if (closes) assert.equal(open.pop()?.name, name)
    else {
      const attributes = [...(given ?? '').matchAll(/ ([A-Za-z]+)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        decoded(value ?? ''),
      ])
      const element: Element = { name: name ?? '', attributes: Object.fromEntries(attributes), children: [], text: '' }
      assert.equal(Object.keys(element.attributes).length, attributes.length, 'no attribute twice')
      parent.children.push(element)
      if (!isEmpty) open.push(element)
    }
  }
  assert.deepEqual(open, [root], 'everything is closed')
  assert.equal(root.children.length, 1)
  return root.children[0] ?? assert.fail('empty')
}

/** The part of FCPXML's DTD (1.8 to 1.10 agree on it) that notes need: children in their order, and attributes. */
const dtd: Record<string, { children: RegExp; required: string[]; optional: string[] }> = {
  fcpxml: { children: /^(import-options )?(resources )?library $/, required: ['version'], optional: [] },
  resources: { children: /^(format )*$/, required: [], optional: [] },
  format: { children: /^$/, required: ['id'], optional: ['name', 'frameDuration', 'width', 'height'] },
  library: { children: /^(event )*$/, required: [], optional: ['location'] },
  event: { children: /^(project )*$/, required: [], optional: ['name', 'uid'] },
  project: { children: /^sequence $/, required: [], optional: ['name', 'uid', 'id', 'modDate'] },
  sequence: {
    children: /^(note )?spine (metadata )?$/,
    required: ['format'],
    optional: ['duration', 'tcStart', 'tcFormat'],
  },
  spine: { children: /^(gap )*$/, required: [], optional: ['name', 'format', 'lane', 'offset'] },
  gap: { children: /^(note )?(marker )*$/, required: ['duration'], optional: ['name', 'offset', 'start', 'enabled'] },
  marker: { children: /^$/, required: ['start', 'value'], optional: ['duration', 'completed', 'note'] },
  note: { children: /^$/, required: [], optional: [] },
}

function mustFit(element: Element): void {
  const { name, attributes, children } = element
  const rule = dtd[name] ?? assert.fail(`no element ${name}`)
  assert.match(children.map(child => `${child.name} `).join(''), rule.children, name)
  for (const key of rule.required) assert.ok(key in attributes, `${name} needs ${key}`)
  for (const key of Object.keys(attributes))
    assert.ok([...rule.required, ...rule.optional].includes(key), `${name} ${key}`)
  if (name !== 'note') assert.equal(element.text.trim(), '')
  for (const child of children) mustFit(child)
}

/** Frames of a rational time, which must lie on the grid. */
function framesIn(time: string | undefined, frame: { above: number; below: number }): number {
  if (time === '0s') return 0
  const [, above, below] = /^(\d+)\/(\d+)s$/.exec(time ?? '') ?? assert.fail(time)
  const frames = (Number(above) * frame.below) / (Number(below) * frame.above)
  assert.ok(Number.isInteger(frames), `${time} lies between two frames`)
  return frames
}

export function readFcpxml(text: string) {
  const root = readXml(text)
  mustFit(root)
  assert.equal(root.attributes.version, '1.8')
  const find = (name: string, from = root): Element[] => [
    ...(from.name === name ? [from] : []),
    ...from.children.flatMap(child => find(name, child)),
  ]
  const [format, sequence, gap] = ['format', 'sequence', 'gap'].map(name => find(name)[0] ?? assert.fail(name))
  assert.equal(sequence?.attributes.format, format?.attributes.id)
  const [, above, below] = /^(\d+)\/(\d+)s$/.exec(format?.attributes.frameDuration ?? '') ?? assert.fail('no frames')
  const frames = (time: string | undefined) => framesIn(time, { above: Number(above), below: Number(below) })
  const firstFrame = frames(sequence?.attributes.tcStart)
  assert.deepEqual([frames(gap?.attributes.offset), frames(gap?.attributes.start)], [firstFrame, firstFrame])
  assert.equal(frames(gap?.attributes.duration), frames(sequence?.attributes.duration))
  return {
    ...{ name: find('event')[0]?.attributes.name, frameDuration: format?.attributes.frameDuration, firstFrame },
    ...{ width: format?.attributes.width, tcFormat: sequence?.attributes.tcFormat },
    duration: frames(gap?.attributes.duration),
    remark: find('note')[0]?.text ?? null,
    markers: find('marker').map(({ attributes }) => ({
      ...{ start: frames(attributes.start) - firstFrame, frames: frames(attributes.duration) },
      ...{ value: attributes.value ?? '', note: attributes.note ?? '' },
    })),
  }
}

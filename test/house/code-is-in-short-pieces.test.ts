import assert from 'node:assert/strict'
import { test } from 'node:test'
import ts from 'typescript'
import { filesOf } from './project-files.ts'

const mostLinesOfAFile = 300
const mostLinesOfAFunction = 60
const folders = ['server', 'shared', 'client-sdk/src', 'web/src', 'scripts', 'bench']
const files = filesOf(folders, /\.tsx?$/)

test(`no file of code is longer than ${mostLinesOfAFile} lines`, () => {
  const long = files.filter(({ text }) => text.split('\n').length - 1 > mostLinesOfAFile)
  assert.deepEqual(
    long.map(({ path }) => path),
    [],
  )
})

test(`no function has more than ${mostLinesOfAFunction} lines of its own`, () => {
  const long = files.flatMap(({ path, text }) =>
    functionsIn(path, text)
      .filter(({ lines }) => lines > mostLinesOfAFunction)
      .map(({ name, lines }) => `${path}: ${name} has ${lines}`),
  )
  assert.deepEqual(long, [])
})

/** Each function with a body, and how many lines it has without what has a form of its own. */
function functionsIn(path: string, text: string): { name: string; lines: number }[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line
  const linesOf = (node: ts.Node) => lineOf(node.end) - lineOf(node.getStart(source)) + 1
  /** Of what stands apart its first and its last line are still those of the function. */
  const apartIn = (node: ts.Node): number => {
    let sum = 0
    ts.forEachChild(node, child => {
      sum += standsApart(child) ? Math.max(0, linesOf(child) - 2) : apartIn(child)
    })
    return sum
  }
  const found: { name: string; lines: number }[] = []
  const visit = (node: ts.Node): void => {
    if (isFunction(node)) found.push({ name: nameOf(node), lines: linesOf(node) - apartIn(node) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  ts.isFunctionLike(node) && 'body' in node && node.body !== undefined

/** Functions within, tables and markup. */
const standsApart = (node: ts.Node): boolean =>
  isFunction(node) ||
  ts.isObjectLiteralExpression(node) ||
  ts.isArrayLiteralExpression(node) ||
  ts.isJsxElement(node) ||
  ts.isJsxSelfClosingElement(node) ||
  ts.isJsxFragment(node)

function nameOf(node: ts.FunctionLikeDeclaration): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined)
  return named?.getText() ?? 'a function without a name'
}

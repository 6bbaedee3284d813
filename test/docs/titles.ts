import ts from 'typescript';

const words = new Set(['describe', 'it', 'test']);

/**
 * The titles of all tests and groups of a file, each with those of the groups around it, outermost first.
 *
 * Read from the syntax, so that a title counts only where a test has it and not where a comment or a value repeats it. Titles
 * that are made of values stand as they are written: `is refused with %s`, `hears each of ${signals} signals once`. What
 * is skipped for good proves nothing and has no title here.
 */
export function titlesIn(source: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const title = ts.isCallExpression(node) ? titleOf(node) : undefined;
    const path = title === undefined ? around : [...around, title];
    if (title !== undefined) found.push([...path]);
    ts.forEachChild(node, (child) => {
      visit(child, path);
    });
  };
  visit(ts.createSourceFile('tests.ts', source, ts.ScriptTarget.Latest), []);
  return found;
}

function titleOf(call: ts.CallExpression): string | undefined {
  const [title] = call.arguments;
  if (!title || !isTestWord(call.expression)) return undefined;
  if (ts.isStringLiteralLike(title)) return title.text;
  if (!ts.isTemplateExpression(title)) return undefined;
  const spans = title.templateSpans.map(({ expression, literal }) => [wordOf(expression), literal.text]);
  return title.head.text + spans.map(([word, text]) => `\${${word}}${text}`).join('');
}

/** The expression in a template as it is mostly written: a name. */
function wordOf(expression: ts.Expression): string {
  return ts.isIdentifier(expression) ? expression.text : '…';
}

/** `it`, `it.concurrent`, `it.each([…])`, `describe.runIf(…)`; not `it.skip`, `it.todo`. */
function isTestWord(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return words.has(callee.text);
  if (ts.isCallExpression(callee)) return isTestWord(callee.expression);
  return (
    ts.isPropertyAccessExpression(callee) &&
    !['skip', 'todo'].includes(callee.name.text) &&
    isTestWord(callee.expression)
  );
}

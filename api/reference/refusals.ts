import { refusalCodes } from '../../domain/refusal.ts';

/** The catalogue of refusals: each code under a heading of its own, so that an answer can be linked to its reason. */
export function refusalsText(): string {
  const entries = Object.entries(refusalCodes).map(([code, sentence]) => `## ${code}\n\n${sentence}\n`);
  return `# Refusals

Why Relance does not record what was asked: the request is right in itself, but makes no sense as things stand. It is
answered with 409 and a problem document (RFC 9457). Its \`type\` is \`urn:relance:problem:\` and the code, its \`code\`
and \`title\` are those below; its \`detail\` says what stood in the way this time and what to do, and \`field\` names the
field where there is one. Nothing has been recorded. Written by \`npm run docs\` from \`domain/refusal.ts\`; the facts that
can be refused stand in [facts.md](facts.md).

${entries.join('\n')}`;
}

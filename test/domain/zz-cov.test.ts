import fc from 'fast-check';
import { it } from 'vitest';
import { live, ourRules, someBeginning, someMoves } from '/work/main/test/domain/lives.ts';
it('cov', () => {
  const tally = new Map<string, number>();
  const lives = fc.sample(fc.tuple(someBeginning, someMoves), 2000);
  for (const [b, m] of lives) {
    const life = live(ourRules, b, m);
    const seen = new Set<string>();
    for (const { decision } of life.moments) { seen.add('state ' + decision.state); for (const r of decision.reasons) seen.add('reason ' + r.code); if (decision.kind==='act') seen.add('do '+decision.action.do + ('task' in decision.action ? decision.action.task : '')); }
    for (const d of life.deeds) { seen.add('fact ' + d.fact.type); if (d.action?.do==='requestStep') seen.add('step '+d.before.scenario.steps.find(s=>s.key===(d.action as any).step)!.level); if (d.fact.type==='taskDone') { const t=d.before.tasks.find(t=>t.taskId===(d.fact as any).taskId); seen.add('answer '+t?.task+' '+d.fact.outcome);} }
    for (const r of life.refusals) seen.add('refusal ' + r.refusal.code);
    for (const s of seen) tally.set(s, (tally.get(s) ?? 0) + 1);
  }
  console.log([...tally].sort().map(([k, v]) => `${k}: ${v}`).join('\n'));
});

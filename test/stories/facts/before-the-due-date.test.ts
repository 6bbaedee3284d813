import { factsAt } from './at-a-level.ts';
import { moments } from './moments.ts';

factsAt(moments.preventive);

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInvoiceFile } from '../../api/import/read-invoice-file.ts';
import { openHouse } from '../../db/house.ts';
import type { House } from '../../db/house.ts';
import { applyImports } from '../../db/imports.ts';
import { previewImport } from '../../db/import-preview.ts';
import { stageImport } from '../../db/import-staging.ts';
import { freshDatabase } from '../setup/database.ts';

describe('speed', () => {
  it('x', async () => {
    const database = await freshDatabase();
    const house = await openHouse(database.url);
    const csv = ['Client;E-mail;Facture;Date facture;Échéance;Montant TTC'];
    for (let i = 0; i < 3000; i++) csv.push(`Client ${i % 700};c${i % 700}@x.example;F${i};01/11/2026;${String(1 + (i % 28)).padStart(2, '0')}/12/2026;${100 + i},50`);
    const t0 = performance.now();
    const file = await readInvoiceFile(new TextEncoder().encode(csv.join('\n')));
    const staged = await house.db.transaction().execute((tx) => stageImport(house, tx, { fingerprint: 'a', name: 'x.csv', creditorId: null, answers: {}, reading: file.reading, release: false, by: 'u' }, file.rows()));
    const t1 = performance.now();
    await applyImports(house);
    const t2 = performance.now();
    const preview = await previewImport(house, staged.importId);
    const t3 = performance.now();
    console.log('stage', t1 - t0, 'apply', t2 - t1, 'preview', t3 - t2);
    console.log(JSON.stringify(await house.db.selectFrom('import').select(['state', 'rows', 'created', 'rejected', 'cursor']).execute()), JSON.stringify(preview).slice(0, 1500));
    console.log(JSON.stringify(await house.db.selectFrom('import_row').selectAll().limit(2).execute()));
    await house.db.destroy(); await database.drop();
  }, 60000);
});

import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readEinvoice } from '../../../../api/import/einvoice/read-einvoice.ts';
import { UnreadableFile } from '../../../../api/import/unreadable-file.ts';
import { ciiOf, codesOf, plain, read, ublOf } from './documents.ts';

const accented = ublOf({ ...plain, buyer: { ...plain.buyer, name: 'Crémerie Œuf & Lait' } });

async function refusalOf(content: string | Uint8Array): Promise<UnreadableFile> {
  const fault = await read(content).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(fault instanceof UnreadableFile)) throw new Error(`it was not refused: ${String(fault)}`);
  expect(fault.remedy).toMatch(/.{10}/);
  return fault;
}

function withDeclared(encoding: string): string {
  return accented.replace('encoding="UTF-8"', `encoding="${encoding}"`);
}

describe('the XML of an e-invoice', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(accented)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${accented}`)],
    ['UTF-8 without a declaration', Buffer.from(accented.replace(/^<\?xml.*\?>\n/, ''))],
    [
      'UTF-16 with its mark, little end first',
      iconv.encode(withDeclared('UTF-16'), 'utf-16le', { addBOM: true }),
    ],
    [
      'UTF-16 with its mark, big end first',
      iconv.encode(withDeclared('UTF-16'), 'utf-16be', { addBOM: true }),
    ],
    ['UTF-16 without a mark', iconv.encode(withDeclared('UTF-16LE'), 'utf-16le')],
    ['ISO-8859-15', iconv.encode(withDeclared('ISO-8859-15'), 'iso-8859-15')],
    ['Windows-1252', iconv.encode(withDeclared('windows-1252'), 'windows-1252')],
    ['UTF-8 that says it is UTF-16', Buffer.from(withDeclared('utf-16'))],
    ['lines that end as on Windows', Buffer.from(accented.replaceAll('\n', '\r\n'))],
  ])('is read in %s', async (_what, bytes) => {
    const { invoices } = await read(bytes);

    expect(invoices[0]?.debtor.name).toBe('Crémerie Œuf & Lait');
  });

  it('is read in ISO-8859-1', async () => {
    const text = ublOf({ ...plain, buyer: { ...plain.buyer, name: 'Crémerie Été' } });
    const bytes = iconv.encode(text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"'), 'iso-8859-1');

    expect((await read(bytes)).invoices[0]?.debtor.name).toBe('Crémerie Été');
  });

  it('says so when the bytes are not what is declared', async () => {
    const { file } = await read(withDeclared('utf-16'));

    expect(codesOf(file.reading.notes)).toContain('encoding-declared-otherwise');
  });

  it('is refused when its bytes are no text in the encoding that it declares', async () => {
    const refusal = await refusalOf(iconv.encode(accented, 'windows-1252'));

    expect(refusal.code).toBe('xml-encoding');
    expect(refusal.message).toMatch(/Line \d+ /);
  });

  it('is refused in an encoding that is not read', async () => {
    expect((await refusalOf(withDeclared('UTF-7'))).code).toBe('xml-encoding');
  });

  // Each of these makes a careless reader open files, call servers or fill its memory.
  it.each([
    [
      'an entity that opens a file of the machine',
      '<!DOCTYPE Invoice [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
      '&secret;',
    ],
    ['an external DTD', '<!DOCTYPE Invoice SYSTEM "http://evil.example/a.dtd">', 'x'],
    [
      'entities that multiply a billion times',
      `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, at) => `<!ENTITY lol${at + 1} "${`&lol${at === 0 ? '' : at};`.repeat(10)}">`).join('')}]>`,
      '&lol9;',
    ],
    ['a parameter entity', '<!doctype Invoice [<!ENTITY % all "x"> %all;]>', 'x'],
    ['a DTD without anything in it', '<!DOCTYPE Invoice>', 'x'],
  ])('is refused with %s', async (_what, dtd, name) => {
    const text = ublOf(plain).replace('?>\n', `?>\n${dtd}\n`).replace('Dupont SARL', name);

    const refusal = await refusalOf(text);

    expect(refusal.code).toBe('xml-has-dtd');
    expect(refusal.message).toContain('Line 2');
    expect(refusal.message).not.toContain('root:');
  });

  it('is refused with a DTD in any encoding', async () => {
    const text = withDeclared('UTF-16').replace('?>\n', '?>\n<!DOCTYPE Invoice [<!ENTITY a "b">]>\n');

    expect((await refusalOf(iconv.encode(text, 'utf-16be', { addBOM: true }))).code).toBe('xml-has-dtd');
  });

  it.each([
    ['cut off', ublOf(plain).slice(0, 900), /Line \d+/],
    ['a tag that is not closed', ublOf(plain).replace('</cac:Country>', ''), /Line \d+/],
    ['an ampersand by itself', ublOf(plain).replace('Dupont SARL', 'Dupont & Fils'), /Line \d+/],
    ['an entity that nobody defines', ublOf(plain).replace('Dupont SARL', 'Dupont&nbsp;SARL'), /&nbsp;/],
    ['a control character', ublOf(plain).replace('Dupont SARL', 'Dupont\u0000SARL'), /U\+0000/],
    ['an escaped control character', ublOf(plain).replace('Dupont SARL', 'Dupont&#0;SARL'), /&#0;/],
    ['two roots', `${ublOf(plain)}<Invoice/>`, /second root|end/],
    ['nothing but a declaration', '<?xml version="1.0"?>', /element|tag/i],
  ])('is refused with its line and a remedy: %s', async (_what, text, message) => {
    const refusal = await refusalOf(text);

    expect(refusal.code).toBe('xml-malformed');
    expect(refusal.message).toMatch(message);
  });

  it('names the line on which it breaks', async () => {
    const text = ublOf(plain).replace('</cac:PartyLegalEntity>', '</cac:PartyLegal>');
    const line = text.slice(0, text.indexOf('</cac:PartyLegal>')).split('\n').length;

    expect((await refusalOf(text)).message).toContain(`Line ${line} `);
  });

  it('is refused when it is nested without end', async () => {
    const text = ublOf(plain).replace('</Invoice>', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}</Invoice>`);

    expect((await refusalOf(text)).code).toBe('xml-too-deep');
  });

  it('is refused when it is made of nothing but tags', async () => {
    const text = ublOf(plain).replace('</Invoice>', `${'<a/>'.repeat(3_000_000)}</Invoice>`);

    expect((await refusalOf(text)).code).toBe('xml-too-large');
  });

  it.each([
    ['an order', '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>', /Order/],
    [
      'an Invoice of somebody else',
      '<Invoice xmlns="http://www.ebinterface.at/schema/6p1/"/>',
      /ebinterface/,
    ],
    [
      'ZUGFeRD 1.0',
      '<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"/>',
      /ZUGFeRD 1/,
    ],
    ['a page', '<!DOCTYPE html><html><body/></html>', /HTML/],
  ])('is refused by what it is: %s', async (_what, text, message) => {
    const refusal = await refusalOf(text);

    expect(refusal.code).toBe('xml-not-an-invoice');
    expect(refusal.message).toMatch(message);
  });

  it('is taken out of the envelope of a network', async () => {
    const inside = ublOf(plain).replace(/^<\?xml.*\?>\n/, '');
    const { file, invoices } = await read(
      `<sh:StandardBusinessDocument xmlns:sh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><sh:StandardBusinessDocumentHeader/>${inside}</sh:StandardBusinessDocument>`,
    );

    expect(invoices[0]).toMatchObject({ number: 'FA-2026-001', amountCents: 120_050 });
    expect(codesOf(file.reading.notes)).toContain('envelope');
  });

  it('keeps a number as it is written, whatever it looks like', async () => {
    for (const number of ['00012345678901234567', '1e5', '0x1F', '+33', ' 7 ', 'A & B < C'])
      for (const text of [ublOf({ ...plain, number }), ciiOf({ ...plain, number })])
        expect((await read(text)).invoices[0]?.number).toBe(number.trim());
  });

  it('is known by its bytes, and a CSV is left to the reader of CSV', async () => {
    expect(await readEinvoice(Buffer.from('Client;Facture;Échéance\nDupont;F1;25/02/2026'))).toBeUndefined();
    expect(await readEinvoice(new Uint8Array())).toBeUndefined();
  });
});

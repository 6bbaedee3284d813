import { AFRelationship, PDFDict, PDFDocument, PDFName } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';
import { UnreadableFile } from '../../../../api/import/unreadable-file.ts';
import { ciiOf, codesOf, plain, read, ublOf } from './documents.ts';

async function blank(): Promise<PDFDocument> {
  const document = await PDFDocument.create();
  document.addPage().drawText('Facture FA-2026-001');
  return document;
}

async function pdfWith(name: string, content: string | Uint8Array, more: Record<string, string> = {}) {
  const document = await blank();
  for (const [other, text] of Object.entries(more)) await document.attach(Buffer.from(text), other);
  await document.attach(Buffer.from(content), name, {
    mimeType: 'text/xml',
    afRelationship: AFRelationship.Alternative,
  });
  return document.save();
}

async function refusalOf(bytes: Uint8Array): Promise<UnreadableFile> {
  const fault = await read(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(fault instanceof UnreadableFile)) throw new Error(`it was not refused: ${String(fault)}`);
  expect(fault.remedy).toMatch(/.{10}/);
  return fault;
}

const profiled = (guideline: string): string =>
  ciiOf(plain).replace('urn:cen.eu:en16931:2017<', `${guideline}<`);

describe('a PDF', () => {
  it.each(['factur-x.xml', 'zugferd-invoice.xml', 'ZUGFeRD-invoice.xml', 'xrechnung.xml'])(
    'with %s inside it is that invoice',
    async (name) => {
      const { file, invoices } = await read(await pdfWith(name, ciiOf(plain), { 'terms.txt': 'text' }));

      expect(invoices).toMatchObject([
        { number: 'FA-2026-001', amountCents: 120_050, dueDate: '2026-02-25' },
      ]);
      expect(file.reading).toMatchObject({ format: 'Factur-X EN 16931', attachment: name });
    },
  );

  it.each([
    ['urn:factur-x.eu:1p0:minimum', 'Factur-X MINIMUM'],
    ['urn:factur-x.eu:1p0:basicwl', 'Factur-X BASIC WL'],
    ['urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic', 'Factur-X BASIC'],
    ['urn:cen.eu:en16931:2017', 'Factur-X EN 16931'],
    ['urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended', 'Factur-X EXTENDED'],
    ['urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0', 'ZUGFeRD XRECHNUNG'],
  ])('says its profile: %s is %s', async (guideline, format) => {
    const { file } = await read(await pdfWith('factur-x.xml', profiled(guideline)));

    expect(file.reading).toMatchObject({ format, guideline });
  });

  it('takes the invoice by its name among several XML', async () => {
    const bytes = await pdfWith('factur-x.xml', ciiOf(plain), {
      'a.xml': ciiOf({ ...plain, number: 'WRONG' }),
      'z.xml': '<x/>',
    });

    expect((await read(bytes)).invoices[0]?.number).toBe('FA-2026-001');
  });

  it('with one XML under another name is read for what it is', async () => {
    const { file, invoices } = await read(await pdfWith('INV-7.xml', ublOf(plain)));

    expect(invoices[0]?.number).toBe('FA-2026-001');
    expect(file.reading).toMatchObject({ format: 'UBL 2.1 invoice', attachment: 'INV-7.xml' });
  });

  // Long lists of attachments hang in branches, and some programs leave out the dictionary of sizes.
  it('is read when its attachments hang in branches and say nothing of themselves', async () => {
    const document = await PDFDocument.load(await pdfWith('factur-x.xml', ciiOf(plain)));
    const names = document.catalog.lookup(PDFName.of('Names'), PDFDict);
    const files = names.lookup(PDFName.of('EmbeddedFiles'), PDFDict);
    names.set(
      PDFName.of('EmbeddedFiles'),
      document.context.obj({ Kids: [document.context.register(files)] }),
    );
    document.catalog.delete(PDFName.of('AF'));

    expect((await read(await document.save())).invoices[0]?.number).toBe('FA-2026-001');
  });

  it('is read when only the document itself says what is associated with it', async () => {
    const document = await PDFDocument.load(await pdfWith('factur-x.xml', ciiOf(plain)));
    document.catalog.delete(PDFName.of('Names'));

    expect((await read(await document.save())).invoices[0]?.number).toBe('FA-2026-001');
  });

  it('without an invoice inside it is refused with what to do', async () => {
    expect(await refusalOf(await (await blank()).save())).toMatchObject({ code: 'pdf-without-invoice' });
    const other = await refusalOf(await pdfWith('photo.png', 'PNG'));
    expect(other.code).toBe('pdf-without-invoice');
    expect(other.message).toContain('photo.png');
  });

  it('that is encrypted is refused with what to do', async () => {
    const document = await PDFDocument.load(await pdfWith('factur-x.xml', ciiOf(plain)));
    document.encrypt({ userPassword: 'secret', ownerPassword: 'owner' });

    expect(await refusalOf(await document.save({ useObjectStreams: false }))).toMatchObject({
      code: 'pdf-encrypted',
    });
  });

  it.each([
    ['nothing but its head', Buffer.from('%PDF-1.7\n1 0 obj')],
    [
      'noise',
      Buffer.concat([
        Buffer.from('%PDF-1.7\n'),
        Buffer.from(Array.from({ length: 500 }, (_, at) => (at * 37) % 256)),
      ]),
    ],
  ])('that is broken is refused with what to do: %s', async (_what, bytes) => {
    expect((await refusalOf(bytes)).code).toMatch(/^pdf-(broken|without-invoice)$/);
  });

  it('that is cut off is refused, or read whole', async () => {
    const bytes = await pdfWith('factur-x.xml', ciiOf(plain));
    for (let share = 1; share < 10; share += 1) {
      const cut = bytes.slice(0, Math.floor((bytes.length * share) / 10));
      const whole = await read(cut).catch((fault: unknown) => fault);
      if (whole instanceof UnreadableFile) expect(whole.code).toMatch(/^(pdf|xml)-/);
      else expect(whole).toMatchObject({ invoices: [{ number: 'FA-2026-001' }] });
    }
  });

  it('whose attachment is no XML is refused', async () => {
    expect(await refusalOf(await pdfWith('factur-x.xml', 'not XML'))).toMatchObject({ code: 'pdf-broken' });
  });

  it('whose XML holds a DTD is refused like any other', async () => {
    const xml = ciiOf(plain).replace('?>\n', '?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n');

    expect(await refusalOf(await pdfWith('factur-x.xml', xml))).toMatchObject({ code: 'xml-has-dtd' });
  });

  // A few kilobytes that unpack to more than the memory.
  it('whose attachment swells without end is refused before it is unpacked', async () => {
    const swollen = Buffer.alloc(80 * 1024 * 1024, 0x20);

    expect(await refusalOf(await pdfWith('factur-x.xml', swollen))).toMatchObject({ code: 'pdf-broken' });
  });

  it('under a name in any writing is found', async () => {
    const document = await PDFDocument.load(await pdfWith('Factur-X.XML', ciiOf(plain)));

    expect((await read(await document.save())).invoices[0]?.number).toBe('FA-2026-001');
  });

  it('is read with the same rules as an XML by itself', async () => {
    const one = { ...plain, prepaidCents: 20_000, payableCents: 90_000 };

    const inside = await read(await pdfWith('factur-x.xml', ciiOf(one)));
    const alone = await read(ciiOf(one));

    expect(inside.invoices).toEqual(alone.invoices);
    expect(codesOf(inside.remarks)).toEqual(['totals-contradict']);
  });
});

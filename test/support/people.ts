import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFirstExtract } from '../../jobs/dummy/extract-file.ts';
import type { AppContext } from '../../server/context.ts';
import type { HostColumns } from '../../server/db/schema.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { importHostExtract } from '../../server/host-import/run.ts';
import { foldAddress } from '../../server/names/address-fold.ts';
import { foldKana } from '../../server/names/kana-fold.ts';
import { foldKanji } from '../../server/names/variants.ts';
import { testActor } from './app.ts';

let next = 1;

/** Puts one person straight into the register; what is not given is an ordinary eligible resident. */
export async function makePerson(
  context: AppContext,
  over: Partial<HostColumns> & Record<string, unknown> = {},
): Promise<number> {
  const name = (over.name as string) ?? '新宿　太郎';
  const kana = (over.kana as string) ?? 'しんじゅく たろう';
  const serial = next++;
  return await inTransaction(context.db, async (trx) => {
    const { id } = await trx
      .insertInto('person')
      .values({
        residentNumber: `09990${String(serial).padStart(9, '0')}0`,
        name,
        kana,
        birthCode: '19580401',
        birthWareki: '3330401',
        birthNote: '',
        birthEarliestOn: '1958-04-01',
        birthLatestOn: '1958-04-01',
        sex: 1,
        postalCode: '1600022',
        address: '新宿一丁目２番３号',
        building: '',
        districtCode: '01',
        isElderly: 1,
        isDisabled: 0,
        isChild: 0,
        childEndsOn: null,
        residentStatus: 1,
        removalCode: '',
        movedOn: null,
        hostDigest: String(serial).padStart(24, '0'),
        kanaFold: foldKana(kana),
        givenKanaFold: foldKana(kana.split(' ')[1] ?? ''),
        nameFold: foldKanji(name),
        givenNameFold: foldKanji(name.split('　')[1] ?? ''),
        addressFold: foldAddress((over.address as string) ?? '新宿一丁目２番３号'),
        updatedAt: context.clock.now().toISOString(),
        ...over,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

/** Runs a dummy extract of so many people through the real import. Returns the file's path. */
export async function importPeople(context: AppContext, people: number, seed = 1): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'fnt-extract-'));
  const { file } = await writeFirstExtract({ people, seed, baseOn: '2026-10-31', directory, number: '01' });
  const outcome = await importHostExtract(context, testActor(context), file);
  if (outcome.outcome !== 'applied') throw new Error(`the import was ${outcome.outcome}: ${outcome.reason}`);
  return file;
}

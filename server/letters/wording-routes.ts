import type { Router } from 'express';
import { businessDay } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { NotFound } from '../errors.ts';
import { actorOf } from '../http/actor.ts';
import { readForm, readId } from '../http/form.ts';
import { requireRight } from '../http/require-right.ts';
import { sendPdf } from '../http/send-pdf.ts';
import { listOffices } from '../offices/queries.ts';
import { readDay, tell } from './forms.ts';
import { readFrame } from './frame.ts';
import { renderPositionTest } from './position-test.ts';
import { getPrinter, listPrinters, offsetOf, savePrinter } from './printers.ts';
import { addSender, listSenders, removeSender } from './senders.ts';
import { PLACEHOLDERS, TEMPLATE_KIND_NAMES, TEMPLATE_KINDS, type TemplateKind } from './template.ts';
import { listVersions, previewTemplate, saveTemplate } from './templates.ts';

/** What the administrator keeps for printing: wordings, senders and printers. */
export function wordingRoutes(context: AppContext, router: Router): void {
  const { db, config, clock } = context;
  const right = requireRight(context, 'letter.template');

  const overview = async () => ({
    title: '文面・差出人・プリンター',
    kindNames: TEMPLATE_KIND_NAMES,
    senders: await listSenders(db),
    printers: await listPrinters(db),
    offices: await listOffices(db),
    today: businessDay(clock.now()),
    typed: { startsOn: '', endsOn: '', lines: '', id: '', name: '', officeCode: '', right: '', down: '' },
    errors: {},
    message: undefined,
  });
  const wordingPage = async (kind: TemplateKind) => {
    const versions = await listVersions(db, kind);
    const { title, body, version } = versions[0]!;
    return {
      title: TEMPLATE_KIND_NAMES[kind],
      kind,
      versions,
      placeholders: Object.entries(PLACEHOLDERS),
      typed: { title, body, seen: String(version) },
      errors: {},
      message: undefined,
    };
  };

  router.get('/letter-templates', right, async (_request, response) => {
    response.render('letters/wordings', await overview());
  });

  router.get('/letter-templates/:kind', right, async (request, response) => {
    response.render('letters/wording', await wordingPage(readKind(request.params.kind)));
  });

  router.post('/letter-templates/:kind', right, async (request, response) => {
    const kind = readKind(request.params.kind);
    const typed = readForm(request, ['title', 'body', 'seen']);
    try {
      const text = { title: typed.title.trim(), body: typed.body.trim() };
      await saveTemplate(db, config, actorOf(request, context), kind, text, readId(typed.seen));
      response.redirect(303, `/letter-templates/${kind}`);
    } catch (error) {
      const told = tell(error);
      response
        .status(told.status)
        .render('letters/wording', { ...(await wordingPage(kind)), ...told, typed });
    }
  });

  router.post('/letter-templates/:kind/preview', right, async (request, response) => {
    const kind = readKind(request.params.kind);
    const typed = readForm(request, ['title', 'body', 'seen']);
    const now = clock.now();
    try {
      sendPdf(
        response,
        await previewTemplate(db, config, now, businessDay(now), kind, typed),
        `${kind}-sample.pdf`,
      );
    } catch (error) {
      const told = tell(error);
      response
        .status(told.status)
        .render('letters/wording', { ...(await wordingPage(kind)), ...told, typed });
    }
  });

  router.post('/sender-titles', right, async (request, response) => {
    const typed = readForm(request, ['startsOn', 'endsOn', 'lines']);
    try {
      await addSender(db, actorOf(request, context), {
        startsOn: readDay(typed.startsOn),
        endsOn: typed.endsOn.trim() === '' ? '' : readDay(typed.endsOn) || typed.endsOn,
        lines: typed.lines,
      });
      response.redirect(303, '/letter-templates');
    } catch (error) {
      const told = tell(error);
      const shown = await overview();
      response
        .status(told.status)
        .render('letters/wordings', { ...shown, ...told, typed: { ...shown.typed, ...typed } });
    }
  });

  router.post('/sender-titles/:id/remove', right, async (request, response) => {
    readForm(request, []);
    try {
      await removeSender(db, actorOf(request, context), readId(request.params.id));
      response.redirect(303, '/letter-templates');
    } catch (error) {
      const told = tell(error);
      response.status(told.status).render('letters/wordings', { ...(await overview()), ...told });
    }
  });

  router.post('/printers', right, async (request, response) => {
    const typed = readForm(request, ['id', 'name', 'officeCode', 'right', 'down']);
    try {
      await savePrinter(db, actorOf(request, context), { ...typed, id: readId(typed.id) });
      response.redirect(303, '/letter-templates');
    } catch (error) {
      const told = tell(error);
      const shown = await overview();
      response
        .status(told.status)
        .render('letters/wordings', { ...shown, ...told, typed: { ...shown.typed, ...typed } });
    }
  });

  router.get('/printers/:id/position-test.pdf', right, async (request, response) => {
    const now = clock.now();
    const printer = await getPrinter(db, readId(request.params.id));
    const frame = await readFrame(db, config, businessDay(now), offsetOf(printer));
    sendPdf(response, await renderPositionTest(frame, printer.name, now), 'position-test.pdf');
  });
}

function readKind(text: string | string[] | undefined): TemplateKind {
  const kind = TEMPLATE_KINDS.find((one) => one === text);
  if (kind === undefined) throw new NotFound('この文面はありません。一覧から選び直してください。');
  return kind;
}

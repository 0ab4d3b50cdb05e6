import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow } from './access.js';
import { Answers } from './answers.js';
import { accessPage as accessPageAnswer } from './answers/access.js';
import { Asks, asPage, moment, page, Parse } from './requests.js';

const logQuery = z.object({
  ...page,
  cursor: z.coerce.number('is not a cursor of this list').int().min(1).optional(),
  patientId: z.string().optional(),
  actor: z.string().optional(),
  from: moment.optional(),
  to: moment.optional(),
});

/** Who looked at whose record: written at every read, kept for ever, shown to whoever has to answer for it. */
@ApiTags('access')
@ApiBearerAuth()
@Controller('v1/access-log')
@Allow('auditor', 'admin')
export class AccessLogController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get()
  @Answers(accessPageAnswer)
  @Asks(logQuery)
  @ApiOperation({ summary: "Reads of patients' records, newest first." })
  async entries(@Query(new Parse(logQuery)) { patientId, actor, from, to, limit, cursor }: z.output<typeof logQuery>) {
    let query = this.afterglow.db
      .selectFrom('access_log')
      .select(['entry', 'at', 'actor', 'action', 'patient_id'])
      .orderBy('entry', 'desc')
      .limit(limit + 1);
    if (patientId !== undefined) query = query.where('patient_id', '=', patientId);
    if (actor !== undefined) query = query.where('actor', '=', actor);
    if (from !== undefined) query = query.where('at', '>=', new Date(from));
    if (to !== undefined) query = query.where('at', '<', new Date(to));
    if (cursor !== undefined) query = query.where('entry', '<', cursor);
    const rows = await query.execute();
    const items = rows.map(({ entry, at, actor: by, action, patient_id }) => ({
      id: String(entry),
      at: at.toISOString(),
      actor: by,
      action,
      patientId: patient_id,
    }));
    return asPage(items, limit, ({ id }) => id);
  }
}

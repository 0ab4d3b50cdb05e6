import { Controller, Get, Header, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow } from './access.js';
import { Answers } from './answers.js';
import { insight as insightAnswer } from './answers/insight.js';
import { insightCsv } from './insight-csv.js';
import { type Insight, insightOf } from './insight.js';
import { Asks, Parse } from './requests.js';

const periodQuery = z.object({
  from: z.iso.date().describe('The first day, in the zone of the clinic.'),
  to: z.iso.date().describe('The last day; it is included.'),
});
type PeriodQuery = z.output<typeof periodQuery>;

/** What a period was like: for those who answer for the clinic. No figure names a patient. */
@ApiTags('insight')
@ApiBearerAuth()
@Controller('v1')
@Allow('provider', 'medical_director', 'admin', 'auditor')
export class InsightController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get('insight')
  @Answers(insightAnswer)
  @Asks(periodQuery)
  @ApiOperation({ summary: 'Figures of a period: visits, confirmations, courses, check-ins, waits for a person, satisfaction, messages.' })
  async insight(@Query(new Parse(periodQuery)) asked: PeriodQuery): Promise<Insight> {
    const { locations } = await this.afterglow.clinic();
    return insightOf(this.afterglow.db, { ...asked, timeZone: locations[0]?.timeZone ?? 'UTC' });
  }

  @Get('insight.csv')
  @Asks(periodQuery)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The same figures as one long table, one number a row (RFC 4180).' })
  @ApiOkResponse({
    description: 'from, to, time_zone, figure, protocol, day, channel, part, value, unit',
    content: { 'text/csv': { schema: { type: 'string' } } },
  })
  async csv(@Query(new Parse(periodQuery)) asked: PeriodQuery): Promise<StreamableFile> {
    const table = insightCsv(await this.insight(asked));
    return new StreamableFile(Buffer.from(table), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: `attachment; filename="insight-${asked.from}-${asked.to}.csv"`,
    });
  }
}

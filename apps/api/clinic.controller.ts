import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { clinicSettings, reviseClinic, settingsVersion } from '#clinic';
import { inTransaction } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, managers, readers } from './access.js';
import { Answers } from './answers.js';
import { found, Parse, Takes } from './requests.js';
import {
  clinic as clinicAnswer,
  settings as settingsAnswer,
  settingsDocument as settingsDocumentAnswer,
  settingsSaved as settingsSavedAnswer,
} from './answers/clinic.js';

const revision = z.object({ version: z.string(), document: z.record(z.string(), z.unknown()) });

@ApiTags('clinic')
@ApiBearerAuth()
@Controller('v1')
export class ClinicController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get('clinic')
  @Answers(clinicAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'The names behind the ids, and what time it is for the clinic.' })
  async clinic() {
    const { name, phone, locations, staff, rooms } = await this.afterglow.clinic();
    return {
      name,
      phone,
      now: this.afterglow.clock.now().toISOString(),
      locations: locations.map(({ id, name: place, timeZone }) => ({ id, name: place, timeZone })),
      staff: staff.map(({ id, name: person, roles }) => ({ id, name: person, roles })),
      rooms: rooms.map(({ id, location }) => ({ id, location })),
    };
  }

  @Get('clinic/settings')
  @Answers(settingsAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'The settings in force: places, people with their licences, rooms, devices, hours, rules of contact and the escalation ladder.' })
  async settings() {
    return this.afterglow.clinic();
  }

  @Get('clinic/document')
  @Answers(settingsDocumentAnswer)
  @Allow(...managers)
  @ApiOperation({ summary: 'The settings to be changed, without the exceptions that are recorded beside them, and the version that a change must name.' })
  async document() {
    const document = found(await clinicSettings(this.afterglow.db), 'clinic');
    return { version: settingsVersion(document), document };
  }

  @Put('clinic/document')
  @Answers(settingsSavedAnswer)
  @Allow(...managers)
  @Takes(revision)
  @ApiOperation({
    summary: 'Puts settings in force in place of those of `version`; 409 when somebody else saved meanwhile, 422 with `path` for a faulty field.',
  })
  async revise(@Body(new Parse(revision)) { version, document }: z.output<typeof revision>, @CallerOf() { name: by, roles }: Caller) {
    const saved = await inTransaction(this.afterglow.db, (trx) => reviseClinic(trx, this.afterglow, { version, document, by, roles }));
    this.afterglow.wake();
    return { version: saved };
  }
}

import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, readers } from './access.js';
import { Answers } from './answers.js';
import { clinic as clinicAnswer, settings as settingsAnswer } from './answers/clinic.js';

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
}

import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { readPhoto } from '#conversation';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { found, Parse } from './requests.js';

const id = z.uuid();

@ApiTags('messages, conversations and tasks')
@ApiBearerAuth()
@Controller('v1/photos')
export class PhotosController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get(':id')
  @Allow(...readers)
  @ApiOperation({ summary: 'A photo that a patient left on their own page. Messages name it under `media`; every look is logged.' })
  async photo(@Param('id', new Parse(id)) photoId: string, @CallerOf() { name: actor }: Caller, @Res() response: Response): Promise<void> {
    const { db, store, clock } = this.afterglow;
    const { patientId, type, bytes } = found(await readPhoto(db, store, photoId), 'photo');
    await db.insertInto('access_log').values({ at: clock.now(), actor, action: 'looked at photo', patient_id: patientId }).execute();
    // Taken from a stranger: it may be shown, and do nothing else.
    response.set({ 'Cache-Control': 'no-store', 'Content-Security-Policy': "default-src 'none'; sandbox", 'X-Content-Type-Options': 'nosniff' });
    response.type(type).send(Buffer.from(bytes));
  }
}

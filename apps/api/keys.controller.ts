import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { staffOf } from '#clinic';
import { Rejected } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, managers } from './access.js';
import { Answers } from './answers.js';
import { keyPage as keyPageAnswer, newKey as newKeyAnswer } from './answers/machines.js';
import { Secret } from './idempotency.js';
import { listKeys, machineRoles, makeKey, revokeKey } from './keys.js';
import { Parse, Takes } from './requests.js';

const wanted = z.object({
  name: z
    .string()
    .trim()
    .regex(/^(?!patient )[\w .-]{2,60}$/i, 'has 2 to 60 letters, digits, spaces, dots or dashes, and does not begin with "patient "'),
  roles: z
    .array(z.enum(machineRoles))
    .min(1, 'choose at least one')
    .transform((roles) => [...new Set(roles)]),
});
const keyId = z.uuid('is not the id of a key');

@ApiTags('API keys')
@ApiBearerAuth()
@Controller('v1/api-keys')
@Allow(...managers)
export class KeysController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get()
  @Answers(keyPageAnswer)
  @ApiOperation({ summary: 'The keys of machines: who made each, what it may do, when it was used last. The keys themselves are not kept.' })
  async list() {
    return { items: await listKeys(this.afterglow.db), next: null };
  }

  @Post()
  @Answers(newKeyAnswer, 201)
  @Secret()
  @Takes(wanted)
  @ApiOperation({ summary: 'Makes a key and shows it, this once.' })
  async make(@Body(new Parse(wanted)) { name, roles }: z.output<typeof wanted>, @CallerOf() { name: by }: Caller) {
    // The log names who did what: a machine may not pass for a member of staff.
    if (staffOf(await this.afterglow.clinic(), name) !== undefined)
      throw new Rejected('name_taken', `${name} is a member of staff: choose another name.`, { path: 'name', status: 409 });
    return { name, roles, ...(await makeKey(this.afterglow, { name, roles, by })) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes a key: from now on it opens nothing.' })
  async revoke(@Param('id', new Parse(keyId)) id: string, @CallerOf() { name: by }: Caller): Promise<void> {
    await revokeKey(this.afterglow, id, by);
  }
}

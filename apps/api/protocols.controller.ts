import { isDeepStrictEqual } from 'node:util';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type ActivatedProtocol, activateNext, activations } from '#clinic';
import { inTransaction } from '#platform';
import { activate, type ActiveProtocol, type ClinicFigures, entry, isProtocol, openSafetyFields, protocolIds, reviewOf, sourcesOf } from '#protocols';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import {
  activated as activatedAnswer,
  protocol as protocolAnswer,
  protocolPage as protocolPageAnswer,
  protocolPreview as protocolPreviewAnswer,
} from './answers/clinic.js';
import { found, Parse, Takes } from './requests.js';

const amount = z.number().min(0).max(3_650);
const value = z.union([amount, z.object({ min: amount, max: amount }).refine(({ min, max }) => min <= max, 'begins after it ends')]);
const figures = z.record(z.string().max(80), z.object({ value, grounds: z.string().trim().min(1).max(500) })).default({});
const proposal = z.object({ figures });
const decision = z.object({ figures, version: z.int().min(1).optional() });

const signed = (given: ActivatedProtocol | undefined) =>
  given === undefined ? null : { version: given.active.version, activatedBy: given.activatedBy, activatedAt: given.activatedAt };

/** Clinical protocols: the drafts of the catalogue, and what the medical director put in force. */
@ApiTags('protocols')
@ApiBearerAuth()
@Controller('v1/protocols')
export class ProtocolsController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get()
  @Answers(protocolPageAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'Every protocol: which version is in force, and which figures the clinic must set before one can be.' })
  async list() {
    const inForce = await activations(this.afterglow.db);
    const items = protocolIds.map((id) => ({
      id,
      label: entry(id).label,
      inForce: signed(inForce.find(({ active }) => active.id === id)),
      mustSet: openSafetyFields(id),
    }));
    return { items, next: null };
  }

  @Get(':id')
  @Answers(protocolAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'One protocol: each figure with its source, and what is in force.' })
  async one(@Param('id') id: string) {
    const protocolId = found(isProtocol(id) ? id : null, 'protocol');
    const draft = entry(protocolId);
    const reviewed = reviewOf(protocolId);
    const current = await this.inForce(protocolId);
    const symptoms = [...draft.expected_symptoms, ...draft.red_flags].flatMap(({ source_ids: ids }) => ids);
    return {
      id: protocolId,
      label: draft.label,
      inForce: signed(current),
      set: current?.active.figures ?? {},
      figures: reviewed,
      expected: draft.expected_symptoms.map(({ code, from_day: from, to_day: to, source_ids: sourceIds }) => ({ code, from, to, sourceIds })),
      redFlags: draft.red_flags.map(({ code, from_day: from, to_day: to, urgency, source_ids: sourceIds }) => ({ code, from, to, urgency, sourceIds })),
      sources: sourcesOf([...reviewed.flatMap(({ sourceIds }) => sourceIds), ...symptoms]),
    };
  }

  @Post(':id/preview')
  @Answers(protocolPreviewAnswer)
  @HttpCode(200)
  @Allow(...readers)
  @Takes(proposal)
  @ApiOperation({ summary: 'What would be in force with these figures, and what that changes.' })
  async preview(@Param('id') id: string, @Body(new Parse(proposal)) { figures: given }: z.output<typeof proposal>) {
    const protocolId = found(isProtocol(id) ? id : null, 'protocol');
    const current = (await this.inForce(protocolId))?.active;
    const missing = openSafetyFields(protocolId).filter((field) => given[field] === undefined);
    const version = (current?.version ?? 0) + 1;
    return { version, missing, changes: missing.length > 0 ? [] : changesTo(current, activate(protocolId, given, version)) };
  }

  @Post(':id/activate')
  @Answers(activatedAnswer)
  @HttpCode(200)
  @Allow('medical_director')
  @Takes(decision)
  @ApiOperation({ summary: 'The medical director puts the next version in force. Sessions that are booked keep theirs.' })
  async activate(@Param('id') id: string, @Body(new Parse(decision)) body: z.output<typeof decision>, @CallerOf() { name: by }: Caller) {
    const protocolId = found(isProtocol(id) ? id : null, 'protocol');
    const version = await inTransaction(this.afterglow.db, (trx) => activateNext(trx, this.afterglow, { protocolId, by, ...body }));
    return { protocolId, version, activatedBy: by };
  }

  private async inForce(protocolId: string): Promise<ActivatedProtocol | undefined> {
    return (await activations(this.afterglow.db)).find(({ active }) => active.id === protocolId);
  }
}

/** What is in force, figure by figure, with the clinic's own grounds left out: they change no booking. */
function factsOf({ washouts, id: _id, version: _version, figures: given, ...facts }: ActiveProtocol): Readonly<Record<string, unknown>> {
  const days = Object.fromEntries(washouts.map(({ key, days: length }) => [`washouts.${key}`, length]));
  return { ...facts, ...days, ...courseLength(given) };
}
/** The number of sessions is only in the clinic's own figures where the catalogue leaves it open. */
const courseLength = ({ sessions }: ClinicFigures) => (sessions === undefined ? {} : { sessions: sessions.value });

function changesTo(from: ActiveProtocol | undefined, to: ActiveProtocol) {
  const [before, after] = [from === undefined ? {} : factsOf(from), factsOf(to)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }));
}

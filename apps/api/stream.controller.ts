import { Controller, Inject, type MessageEvent, Query, Sse } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { interval, map, merge, type Observable } from 'rxjs';
import { Allow, readers } from './access.js';
import { ChangeStream } from './stream.js';

/** Proxies close a silent connection; a comment-like event keeps it open. */
const heartbeatMillis = 20_000;

@ApiTags('messages, conversations and tasks')
@ApiBearerAuth()
@Controller('v1')
export class StreamController {
  constructor(@Inject(ChangeStream) private readonly changes: ChangeStream) {}

  @Sse('stream')
  @Allow(...readers)
  @ApiOperation({ summary: 'Server-sent events: what changed (sessions, outreach, conversations, tasks), as ids.' })
  follow(@Query('kinds') kinds?: string): Observable<MessageEvent> {
    const wanted = (kinds ?? '').split(',').filter((kind) => kind !== '');
    return merge(this.changes.follow(wanted), interval(heartbeatMillis).pipe(map(() => ({ type: 'heartbeat', data: {} }))));
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { projectRoot } from '#platform';
import { Open } from '../access.js';

const script = readFileSync(join(projectRoot, 'apps', 'api', 'patient-pages', 'keep.js'), 'utf8');

/** The one script of the patients' pages: it keeps what is written until it is sent. The pages work without it. */
@Controller('patient-pages')
@ApiExcludeController()
@Open()
export class KeepController {
  @Get('keep.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Header('Cache-Control', 'public, max-age=600')
  script(): string {
    return script;
  }
}

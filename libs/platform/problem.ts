import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Conflict, Rejected } from './errors.js';
import type { Logger } from './logging.js';

/** RFC 9457. `code` is stable for machines, `detail` is for people, `path` names the faulty field. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly [extension: string]: unknown;
}

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'A key or a sign-in is needed',
  403: 'Not allowed',
  404: 'Not found',
  409: 'In conflict with what is recorded',
  413: 'Too large',
  415: 'This content type is not taken',
  422: 'Refused',
  429: 'Too many requests',
  500: 'Something went wrong here',
  503: 'Not ready',
};

export function problem(status: number, code: string, detail: string, extensions: Readonly<Record<string, unknown>> = {}): Problem {
  return { type: `urn:afterglow:problem:${code}`, title: titles[status] ?? 'Error', status, code, detail, ...extensions };
}

/** Writes a problem as the whole answer. */
export function sendProblem(response: Response, answer: Problem): void {
  if (response.headersSent) return void response.end();
  response.status(answer.status).type('application/problem+json').send(JSON.stringify(answer));
}

interface HttpFault {
  readonly status: number;
  readonly type?: string;
  readonly message: string;
}

/** body-parser and its like throw plain errors that carry a status. */
function isHttpFault(error: unknown): error is HttpFault {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}

/** The three kinds of error (errors.ts) and those of the framework, as problems. A fault tells the outside nothing. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Rejected) {
    const { status = 422, ...details } = error.details;
    return problem(status, error.code, error.message, details);
  }
  if (error instanceof Conflict) return problem(409, 'conflict', error.message);
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return problem(status, status === 404 ? 'not_found' : `http_${status}`, error.message);
  }
  if (isHttpFault(error)) return problem(error.status, (error.type ?? `http_${error.status}`).replace(/\W+/g, '_'), error.message);
  return problem(500, 'fault', 'The fault was recorded. What you sent before is kept; try again in a moment.');
}

/** Nest's door for every error that a controller throws. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const answer = asProblem(error);
    if (answer.status >= 500) this.log.error({ err: error }, 'a request failed');
    sendProblem(host.switchToHttp().getResponse<Response>(), answer);
  }
}

/** Express's door, for what fails before Nest sees the request (bodies, the sandbox's routes). */
export function problemHandler(log: Logger) {
  return (error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const answer = asProblem(error);
    if (answer.status >= 500) log.error({ err: error }, 'a request failed');
    sendProblem(response, answer);
  };
}

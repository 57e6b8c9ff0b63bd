import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { PosthornError } from '../core/errors.js';
import { internalProblem, PROBLEM_TYPE, problemOf, retryAfterOf } from '../http/problem.js';

/** What the responses of Express and of Fastify have in common. */
interface HttpResponse {
  status(code: number): HttpResponse;
  header(name: string, value: string): HttpResponse;
  send(body: string): unknown;
}

/**
 * Answers Posthorn's errors as the server does: a problem document (RFC 9457) with the error's status, its stable
 * `code` and, for invalid input, an issue for each field; `Retry-After` in seconds where waiting helps. Other errors
 * stay the application's, and so do those outside of HTTP. It works on Express and on Fastify.
 *
 * @example
 * app.useGlobalFilters(new PosthornExceptionFilter());
 */
@Catch(PosthornError)
export class PosthornExceptionFilter implements ExceptionFilter<PosthornError> {
  catch(error: PosthornError, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const problem = problemOf(error) ?? internalProblem();
    const response = host.switchToHttp().getResponse<HttpResponse>();
    const wait = retryAfterOf(error);
    if (wait !== undefined) response.header('retry-after', String(Math.max(1, Math.ceil(wait))));
    response.status(problem.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(problem));
  }
}

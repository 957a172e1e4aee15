/** A request that is answered with an error, in the words and shape of vLLM (`ErrorResponse`). */
export class Refusal extends Error {
  readonly status: number;
  readonly type: string;
  readonly param: string | null;

  constructor(
    status: number,
    message: string,
    options: { readonly type?: string; readonly param?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.type = options.type ?? typeOf(status);
    this.param = options.param ?? null;
  }

  get body(): object {
    const { message, type, param, status: code } = this;
    return { error: { message, type, param, code } };
  }
}

export const badRequest = (message: string): Refusal => new Refusal(400, message);

/** vLLM's `VLLMValidationError`: the field stands in the message too. */
export const badParameter = (message: string, param: string, value?: unknown): Refusal =>
  new Refusal(
    400,
    `${message} (parameter=${param}${value === undefined ? "" : `, value=${JSON.stringify(value)}`})`,
    { param },
  );

function typeOf(status: number): string {
  if (status === 404) return "NotFoundError";
  if (status === 413) return "RequestEntityTooLargeError";
  return status >= 500 ? "InternalServerError" : "BadRequestError";
}

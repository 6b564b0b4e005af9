import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import { TransportError } from "./problems.ts";

/** Lets only requests with the bearer token through; without a token every request, which is for loopback alone. */
export function authenticate(token: string | undefined): RequestHandler {
  if (token === undefined) return (_request, _response, next) => next();

  const expected = digest(token);
  return (request, response, next) => {
    const [, given] = /^Bearer ([\x21-\x7e]+)$/i.exec(request.get("authorization") ?? "") ?? [];
    // Digests have one length, so the comparison takes the same time whatever was sent.
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return next();

    response.set("WWW-Authenticate", "Bearer");
    throw new TransportError("unauthorized", "A valid bearer token is required.");
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

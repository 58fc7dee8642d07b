import { DomainError, unauthenticated } from '#kernel/errors.ts';

/** The same for an unknown name, a wrong password and a user who may not log in: which it was is nobody's business. */
export const wrongCredentials = () => unauthenticated('The user name or the password is wrong.');

/** Also for a token that was used before, that was logged out, or whose user is gone. */
export const deadRefreshToken = () => unauthenticated('The refresh token is no longer good: log in again.');

export const tooManyLogins = (retryAfterSeconds: number) => new DomainError('RATE_LIMITED', `Too many failed logins under this name: try again in ${retryAfterSeconds} seconds.`);

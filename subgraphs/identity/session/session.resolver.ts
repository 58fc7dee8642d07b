import { Arg, Mutation, Resolver } from 'type-graphql';
import type { Login, Sessions } from './session.ts';
import { LoginInput, LoginPayload, LogoutInput, LogoutPayload, RefreshInput } from './session.type.ts';

@Resolver()
export class SessionResolver {
  constructor(private readonly domain: Sessions) {}

  @Mutation(() => LoginPayload, { description: 'Logs in. UNAUTHENTICATED when name or password is wrong, RATE_LIMITED after ten failures in five minutes, VALIDATION_ERROR on `tenant` when it must be named.' })
  async login(@Arg('input', () => LoginInput, { description: 'Who.' }) input: LoginInput): Promise<Login> {
    return this.domain.login(input);
  }

  @Mutation(() => LoginPayload, { description: 'Exchanges a refresh token for new tokens, with the rights of now. UNAUTHENTICATED when it is no longer good; one that was used before ends the login.' })
  async refresh(@Arg('input', () => RefreshInput, { description: 'The token.' }) { refreshToken }: RefreshInput): Promise<Login> {
    return this.domain.refresh(refreshToken);
  }

  @Mutation(() => LogoutPayload, { description: 'Ends a login: none of its refresh tokens is good any more; its access token ends within 15 minutes.' })
  async logout(@Arg('input', () => LogoutInput, { description: 'The token.' }) { refreshToken }: LogoutInput): Promise<LogoutPayload> {
    await this.domain.logout(refreshToken);
    return { success: true };
  }
}

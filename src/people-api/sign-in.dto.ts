/** The identity provider. */
export class ProviderView {
  /** What the sign-in page calls it. */
  name: string;
}

/** How people sign in here. Keys always work. */
export class SignInWays {
  /** Null: there is no identity provider. */
  oidc: ProviderView | null;
  /** Whether links are sent by mail. */
  link: boolean;
  /** Whether the browser that asks has a session already, in a cookie that its pages cannot read. */
  signedIn: boolean;
}

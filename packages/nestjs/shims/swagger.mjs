// Stands for @nestjs/swagger in this package, which describes no API: every decorator does nothing.
const nothing = () => () => undefined;

export const ApiBody = nothing;

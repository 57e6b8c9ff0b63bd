// The application's own events, next to the built-in ones: from here on the compiler knows their names and data.
declare module 'posthorn' {
  interface CustomEvents {
    'invoice.paid': { id: string; lead_id: string; cents: number };
  }
}

export {};

// What the client says in Welsh.

export const words = {};

// What the client says in English. Each file of this folder has the same keys.

export const words = {
  app: "Daybook",
};
